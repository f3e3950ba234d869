//! The part of `plugin.toml` that golden tests need.

use std::fs;
use std::path::Path;

use toml::{Table, Value};

/// Who the plugin is and what it must do.
pub(super) struct Manifest {
    pub(super) name: String,
    pub(super) version: String,
    /// Attributes that the host keeps.
    pub(super) keep: Vec<String>,
    pub(super) samples: Vec<Sample>,
    /// Of samples with steps, which only `tablica plugin test` plays.
    pub(super) scenario_files: Vec<String>,
}

/// Files fed one after the other to one instance, and the events they must become.
pub(super) struct Sample {
    pub(super) files: Vec<String>,
    pub(super) kind: String,
    pub(super) expect: String,
    /// Compared by `tablica plugin test`.
    expect_commands: Option<String>,
    /// The operator's settings, as JSON.
    pub(super) settings: String,
}

impl Manifest {
    pub(super) fn read(folder: &Path) -> Result<Self, String> {
        let path = folder.join("plugin.toml");
        let text = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let table: Table = text.parse().map_err(|e| format!("{}: {e}", path.display()))?;
        let samples = table.get("sample").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        if samples.is_empty() {
            return Err(format!("{}: no [[sample]]", path.display()));
        }
        let keep = table.get("attributes").and_then(|attributes| attributes.get("keep"));
        Ok(Self {
            name: string(&table, "name")?,
            version: string(&table, "version")?,
            keep: keep.map(strings).unwrap_or_default(),
            scenario_files: samples.iter().filter(|it| is_scenario(it)).flat_map(files).collect(),
            samples: samples
                .iter()
                .filter(|it| !is_scenario(it))
                .map(Sample::read)
                .collect::<Result<_, _>>()?,
        })
    }

    /// Files in `samples/` that no sample names: forgotten, or misspelt in the manifest.
    pub(super) fn orphans(&self, folder: &Path) -> Vec<String> {
        let Ok(entries) = fs::read_dir(folder.join("samples")) else { return Vec::new() };
        let mut orphans: Vec<String> = entries
            .flatten()
            .map(|entry| format!("samples/{}", entry.file_name().to_string_lossy()))
            .filter(|path| {
                let names = |s: &Sample| {
                    let commands = s.expect_commands.as_ref();
                    s.expect == *path || s.files.contains(path) || commands == Some(path)
                };
                !self.samples.iter().any(names) && !self.scenario_files.contains(path)
            })
            .map(|path| format!("{path}: no [[sample]] names it"))
            .collect();
        orphans.sort();
        orphans
    }
}

impl Sample {
    fn read(value: &Value) -> Result<Self, String> {
        let table = value.as_table().ok_or("[[sample]] is not a table")?;
        let settings = table.get("settings").cloned().unwrap_or_else(|| Table::new().into());
        Ok(Self {
            files: table.get("file").map(strings).ok_or("[[sample]] without file")?,
            kind: string(table, "as")?,
            expect: string(table, "expect")?,
            expect_commands: string(table, "expect_commands").ok(),
            settings: serde_json::to_string(&settings).map_err(|error| error.to_string())?,
        })
    }
}

fn is_scenario(sample: &Value) -> bool {
    sample.get("step").is_some()
}

/// Every text that stands in it: names of files are among them.
fn files(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(list) => list.iter().flat_map(files).collect(),
        Value::Table(table) => table.iter().flat_map(|(_, value)| files(value)).collect(),
        _ => Vec::new(),
    }
}

fn string(table: &Table, key: &str) -> Result<String, String> {
    let value = table.get(key).and_then(Value::as_str);
    value.map(str::to_owned).ok_or_else(|| format!("plugin.toml: {key} is missing"))
}

/// One string or a list of them.
fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::Array(list) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        other => other.as_str().map(str::to_owned).into_iter().collect(),
    }
}
