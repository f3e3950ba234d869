//! Names that stand in two places are the same in both: lists in code, in documents and in rules.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use tablica::config::model::SERVICE_LEVELS;
use tablica::kpi::{self, service_level};
use tablica::telemetry::names;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files below a folder with one of these endings, or the file itself.
fn files(path: &str, endings: &[&str]) -> Vec<PathBuf> {
    let mut open = vec![root().join(path)];
    let mut found = Vec::new();
    while let Some(path) = open.pop() {
        if path.ends_with("node_modules") {
            continue; // other people's
        }
        if path.is_dir() {
            let entries = fs::read_dir(&path).expect("readable folder");
            open.extend(entries.map(|entry| entry.expect("readable entry").path()));
        } else if endings.iter().any(|ending| path.to_string_lossy().ends_with(ending)) {
            found.push(path);
        }
    }
    assert!(!found.is_empty(), "nothing in {path}");
    found
}

/// The words of a text, of the letters that names are made of. Recorded series have colons in theirs.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || "_:".contains(c)));
    words.map(|word| word.trim_matches(':'))
}

#[test]
fn a_config_takes_the_formulas_that_there_are() {
    assert_eq!(service_level::FORMULAS.each_ref().map(|formula| formula.id), SERVICE_LEVELS);
}

/// A board, a report or a rule that asks for a number of another name shows nothing, silently.
#[test]
fn kpis_that_code_names_exist() {
    let lists =
        ["HEADLINE:", "OF_CHANNELS:", "OF_QUEUES:", "OF_AGENTS:", "OF_TOPICS:", "COLUMNS_DEFAULT:"];
    let calls = ["kpi::find(\"", "read(\"", "today(\"", "moment.number(\"", " number(\""];
    let mut named = BTreeSet::new();
    for file in files("src", &[".rs"]) {
        let text = fs::read_to_string(&file).expect("UTF-8 source");
        let text = text.split("mod tests {").next().unwrap_or_default();
        for list in lists {
            for (_, rest) in text.match_indices(list).map(|(at, _)| text.split_at(at)) {
                let value = rest.split_once('=').map_or("", |(_, value)| value);
                let body = value.split_once('[').map_or("", |(_, body)| body);
                let body = body.split("];").next().unwrap_or_default();
                named.extend(body.split('"').skip(1).step_by(2).map(str::to_owned));
            }
        }
        for call in calls {
            let ids = text.split(call).skip(1).filter_map(|rest| rest.split('"').next());
            // A path of a file, or what another function of that name is asked for, is no id.
            let ids = ids.filter(|id| id.chars().all(|c| c.is_ascii_lowercase() || c == '_'));
            named.extend(ids.map(str::to_owned));
        }
    }
    assert!(named.contains("service_level") && named.len() > 20, "{named:?}");
    let unknown: Vec<_> = named.iter().filter(|id| kpi::find(id).is_none()).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn metrics_that_documents_and_rules_name_exist() {
    let known: BTreeSet<&str> = names::ALL.iter().map(|metric| metric.name).collect();
    let files = ["README.md", "grafana", "demo"]
        .map(|path| files(path, &[".md", ".yml", ".json", ".toml"]));
    let mut named = 0;
    for file in files.iter().flatten() {
        let text = fs::read_to_string(file).expect("UTF-8");
        // Names that end in an underscore stand for several.
        for word in words(&text).filter(|word| word.starts_with("tablica_") && !word.ends_with('_'))
        {
            let metric =
                ["_bucket", "_sum", "_count"].iter().find_map(|part| word.strip_suffix(part));
            assert!(known.contains(metric.unwrap_or(word)), "{}: {word}", file.display());
            named += 1;
        }
    }
    assert!(named > 20, "only {named} metrics are named");
}

#[test]
fn the_readme_lists_every_plugin() {
    let readme = fs::read_to_string(root().join("README.md")).expect("a README");
    for manifest in files("plugins", &["plugin.toml"]) {
        let folder = manifest.parent().expect("a folder");
        let Ok(name) = folder.strip_prefix(root().join("plugins")) else { continue };
        // Only what ships stands directly below.
        if name.components().count() == 1 {
            let link = format!("(plugins/{}/README.md)", name.display());
            assert!(readme.contains(&link), "the README does not name {link}");
        }
    }
}
