//! `tablica plugin test`: a plugin's samples as tests, run in the sandbox.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use serde_json::Value;
use similar::{ChangeTag, TextDiff};

use super::find::Shipped;
use super::play::{self, Script};
use super::subject::{Loaded, Subject};
use super::workbench;
use crate::channel::host::Package;
use crate::channel::manifest::{Manifest, Sample};

/// Rewrites expectations instead of comparing, as `--accept` does.
const BLESS: &str = "TABLICA_BLESS";
/// Lines around a difference that are shown.
const CONTEXT_LINES: usize = 2;

/// The arguments of `tablica plugin test`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    of: Subject,
    /// Write what comes out as what is expected; read the difference before you commit it
    #[arg(long)]
    accept: bool,
}

impl Arguments {
    /// A plugin's folder, with a packed plugin that lies anywhere.
    pub(super) fn of(folder: &Path, plugin: &Path) -> Self {
        Self { of: Subject::of(folder, plugin), accept: false }
    }
}

/// Runs every sample; exit code 1 when one differs.
pub(super) fn run(
    arguments: &Arguments,
    shipped: &Shipped<'_>,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let Loaded { folder, manifest, name, plugin } = arguments.of.load(shipped)?;
    if *plugin.manifest() != manifest {
        writeln!(out, "note    {name} was packed with another plugin.toml: build it again")?;
    }
    let accept = arguments.accept || std::env::var_os(BLESS).is_some();
    let mut failed = 0;
    for sample in &manifest.samples {
        let name = &sample.expect;
        match check(&folder, &manifest, &plugin, sample, accept) {
            Ok(Checked { events, written }) => {
                let written = if written { ", written" } else { "" };
                let noun = if events == 1 { "event" } else { "events" };
                writeln!(out, "ok      {name} ({events} {noun}{written})")?;
            }
            Err(error) => {
                failed += 1;
                writeln!(out, "FAILED  {name}: {error:#}")?;
            }
        }
    }
    let total = manifest.samples.len();
    writeln!(out, "{}: {} of {total} samples as expected", manifest.name, total - failed)?;
    if failed > 0 {
        writeln!(out, "(--accept rewrites expectations)")?;
    }
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

struct Checked {
    events: usize,
    /// The expectation is new.
    written: bool,
}

fn check(
    folder: &Path,
    manifest: &Manifest,
    plugin: &Arc<Package>,
    sample: &Sample,
    accept: bool,
) -> anyhow::Result<Checked> {
    let script = Script::read(folder, manifest, sample)?;
    let played = play::strictly(plugin, &script, workbench::limits())?;
    let events: Vec<Value> =
        played.events.iter().map(serde_json::to_value).collect::<Result<_, _>>()?;
    let texts: String = played
        .events
        .iter()
        .map(|event| serde_json::to_string(event).map(|line| line + "\n"))
        .collect::<Result<_, _>>()?;
    let mut written = settle(&folder.join(&sample.expect), &events, &texts, accept)?;
    if let Some(file) = &sample.expect_commands {
        let texts: String = played.others.iter().map(|line| format!("{line}\n")).collect();
        written |= settle(&folder.join(file), &played.others, &texts, accept)?;
    }
    Ok(Checked { events: events.len(), written })
}

/// Compares with a file, as JSON; or writes it, and says whether it had to.
fn settle(path: &Path, values: &[Value], lines: &str, accept: bool) -> anyhow::Result<bool> {
    let expected = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if accept && error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => {
            return Err(error).with_context(|| {
                format!("cannot read {}; --accept writes it of\n{lines}", path.display())
            });
        }
    };
    let parsed: Option<Vec<Value>> =
        expected.lines().map(|line| serde_json::from_str(line).ok()).collect();
    if path.exists() && parsed.as_deref() == Some(values) {
        return Ok(false);
    }
    if accept {
        fs::write(path, lines).with_context(|| format!("cannot write {}", path.display()))?;
        return Ok(true);
    }
    anyhow::bail!("- {} expects, + came\n{}", path.display(), difference(&expected, lines))
}

/// Lines that are missing and that are too many. Both sides are written alike, so that the order of
/// keys is no difference.
fn difference(expected: &str, got: &str) -> String {
    let alike = |text: &str| -> String {
        let line = |line: &str| match serde_json::from_str::<Value>(line) {
            Ok(value) => format!("{value}\n"),
            Err(_) => format!("{line}\n"),
        };
        text.lines().map(line).collect()
    };
    let (expected, got) = (alike(expected), alike(got));
    let difference = TextDiff::from_lines(&expected, &got);
    let mut text = String::new();
    for group in difference.grouped_ops(CONTEXT_LINES) {
        for change in group.iter().flat_map(|part| difference.iter_changes(part)) {
            let mark = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => ' ',
            };
            text.push_str(&format!("        {mark} {}", change.value()));
        }
    }
    text.trim_end().to_owned()
}
