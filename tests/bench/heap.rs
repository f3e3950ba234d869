//! `cargo xtask torture --part heap`: a day of a contact center on a wall, many times as fast as it was, in
//! a real Chromium whose memory is read each minute.
//!
//! `tablica replay --serve` shows the day, so that hours change and midnight comes on the wall as they do
//! in a room.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, bail, ensure};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::center::Center;
use crate::process::machine;
use crate::server::Server;
use crate::{day, page};

/// What a browser compiles and keeps at the beginning is no growth.
const WARM_UP_SHARE: f64 = 0.25;
/// The last quarter may need so much more than the one after the warm-up.
const GROWTH_MAX: f64 = 1.10;

/// The first moment of the day that `day` makes up: Monday, 2026-03-02, midnight, UTC.
const MIDNIGHT: &str = "2026-03-02T00:00:00Z";

/// How much of a day, and how fast.
#[derive(clap::Args)]
pub(crate) struct HeapArguments {
    /// Show a day on a wall in Chromium instead of measuring rows.
    #[arg(long, hide = true)]
    pub(crate) heap: bool,
    /// With --heap: hours of the day.
    #[arg(long, hide = true, default_value_t = 24.0)]
    day_hours: f64,
    /// With --heap: times as fast as it was.
    #[arg(long, hide = true, default_value_t = 60.0)]
    speed: f64,
}

/// A minute of the page, as `page.mjs` tells it.
#[derive(Deserialize)]
struct Minute {
    minute: u32,
    heap_bytes: f64,
    nodes: u64,
    listeners: u64,
    phase: Option<String>,
}

/// Prints a line a minute; fails where memory grew.
pub(crate) fn run(arguments: &HeapArguments) -> anyhow::Result<()> {
    let seconds = (arguments.day_hours * 3600.0).round();
    let minutes = seconds / 60.0 / arguments.speed;
    ensure!(minutes >= 4.0, "shorter than four minutes says nothing");
    let from: Timestamp = MIDNIGHT.parse()?;
    let to = from + SignedDuration::from_secs(seconds as i64);
    let folder = tempfile::tempdir()?;
    let events = folder.path().join("day.jsonl");
    write_day(&events)?;
    let replay = Server::replay(&events, from, to, arguments.speed)?;
    println!("{} hours at {}×; {}", arguments.day_hours, arguments.speed, machine());
    println!("| minute | heap, MiB | nodes | listeners | wall |\n|---|---|---|---|---|");
    let mut browser = page::script(&["--part", "heap", "--minutes", &minutes.to_string()])
        .args(["--base", &format!("http://{}", replay.address)])
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start node")?;
    let lines = BufReader::new(browser.stdout.take().context("no output")?).lines();
    let mut heaps = Vec::new();
    for line in lines {
        let line = line?;
        let minute: Minute = serde_json::from_str(&line).with_context(|| line.clone())?;
        let Minute { minute, heap_bytes, nodes, listeners, phase } = minute;
        let (mib, phase) = (heap_bytes / 1024.0 / 1024.0, phase.unwrap_or_default());
        println!("| {minute} | {mib:.2} | {nodes} | {listeners} | {phase} |");
        heaps.push(mib);
    }
    ensure!(browser.wait()?.success(), "the browser ended badly");
    judge(&heaps)
}

/// The events of a day, a line each.
fn write_day(file: &Path) -> anyhow::Result<()> {
    let mut lines = BufWriter::new(File::create(file)?);
    for event in day::events(&Center::USUAL) {
        serde_json::to_writer(&mut lines, &event)?;
        writeln!(lines)?;
    }
    Ok(lines.flush()?)
}

/// The mean of the last quarter against that of the quarter after the warm-up.
fn judge(heaps: &[f64]) -> anyhow::Result<()> {
    let warm = (heaps.len() as f64 * WARM_UP_SHARE).ceil() as usize;
    let (first, last) = (heaps.get(warm..2 * warm), heaps.get(heaps.len().saturating_sub(warm)..));
    let (Some(first), Some(last)) = (first, last) else { bail!("too few minutes: {heaps:?}") };
    let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
    let growth = mean(last) / mean(first);
    println!(
        "\nheap of the second quarter {:.2} MiB, of the last {:.2} MiB: {growth:.3}×",
        mean(first),
        mean(last)
    );
    ensure!(growth <= GROWTH_MAX, "the page's memory grows");
    Ok(())
}
