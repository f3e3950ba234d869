//! `tablica plugin test`: a plugin's samples as tests, run in the sandbox.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use serde_json::Value;

use super::find::{self, Shipped};
use super::workbench::{self, Said, Setting, Workbench};
use crate::channel::host::Package;
use crate::channel::manifest::{Manifest, Sample};
use crate::event::{Event, UnixMs};

/// What the clock says in every sample: 2026-11-22T12:00:00Z.
const NOW_MS: UnixMs = 1_795_348_800_000;
/// Rewrites expectations instead of comparing.
const BLESS: &str = "TABLICA_BLESS";

/// The arguments of `tablica plugin test`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The plugin's folder with plugin.toml and samples, or its name below plugins/
    folder: PathBuf,
    /// The packed plugin, when it lies neither in the folder nor in plugins/dist
    #[arg(long, value_name = "FILE")]
    plugin: Option<String>,
}

/// Runs every sample; exit code 1 when one differs.
pub(super) fn run(
    arguments: &Arguments,
    shipped: &Shipped<'_>,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let folder = if arguments.folder.is_dir() {
        arguments.folder.clone()
    } else {
        Path::new("plugins").join(&arguments.folder)
    };
    let path = folder.join("plugin.toml");
    let text = fs::read_to_string(&path)
        .with_context(|| format!("cannot read {}: expected a plugin's folder", path.display()))?;
    let manifest = Manifest::parse(&text).with_context(|| path.display().to_string())?;
    let word = arguments.plugin.clone().unwrap_or_else(|| folder.display().to_string());
    let plugin = workbench::package(&find::plugin(&word, shipped)?)?;

    let bless = std::env::var_os(BLESS).is_some();
    let mut failed = 0;
    for sample in &manifest.samples {
        match check(&folder, &plugin, sample, bless) {
            Ok(events) => {
                writeln!(out, "ok      {} ({events} events)", sample.expect)?;
            }
            Err(error) => {
                failed += 1;
                writeln!(out, "FAILED  {}: {error:#}", sample.expect)?;
            }
        }
    }
    let total = manifest.samples.len();
    writeln!(out, "{}: {} of {total} samples as expected", manifest.name, total - failed)?;
    if failed > 0 {
        writeln!(out, "({BLESS}=1 rewrites expectations)")?;
    }
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn check(
    folder: &Path,
    plugin: &Arc<Package>,
    sample: &Sample,
    bless: bool,
) -> anyhow::Result<usize> {
    let events = decode(folder, plugin, sample)?;
    let lines: String = events
        .iter()
        .map(|event| serde_json::to_string(event).map(|line| line + "\n"))
        .collect::<Result<_, _>>()?;
    let path = folder.join(&sample.expect);
    let expected = fs::read_to_string(&path);
    if let Ok(expected) = &expected
        && parse(expected).is_some_and(|expected| Some(expected) == parse(&lines))
    {
        return Ok(events.len());
    }
    if bless {
        fs::write(&path, lines).with_context(|| format!("cannot write {}", path.display()))?;
        return Ok(events.len());
    }
    let expected = expected.with_context(|| format!("cannot read {}", path.display()))?;
    anyhow::bail!("expected\n{expected}but got\n{lines}")
}

fn parse(lines: &str) -> Option<Vec<Value>> {
    lines.lines().map(|line| serde_json::from_str(line).ok()).collect()
}

fn decode(folder: &Path, plugin: &Arc<Package>, sample: &Sample) -> anyhow::Result<Vec<Event>> {
    let settings = serde_json::to_string(&sample.settings.clone().unwrap_or_default())?;
    let setting = Setting::without_config(plugin.manifest(), settings);
    let (mut bench, started) = Workbench::start(Arc::clone(plugin), setting, NOW_MS, None)?;
    let mut events = take(started, "init")?;
    for file in &sample.files {
        for mut input in workbench::samples(&folder.join(file), sample.kind, &[])? {
            let place = input.place();
            events.extend(take(bench.handle(&mut input)?, &place)?);
        }
    }
    Ok(events)
}

fn take(said: Said, place: &str) -> anyhow::Result<Vec<Event>> {
    match said.result {
        Ok(output) => Ok(output.events),
        Err(failed) => anyhow::bail!("{place}: {}: {}", failed.class, failed.reason),
    }
}
