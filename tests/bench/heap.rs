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

/// So much more than a new page may the old one need to show the same.
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
    minute: f64,
    /// Of a page that was opened at the end.
    is_new: bool,
    heap_bytes: f64,
    /// Of the page's own: without what its functions were compiled to.
    kept_bytes: f64,
    /// Elements that have left the page and are kept all the same.
    detached: u64,
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
    println!(
        "| minute | heap, MiB | kept, MiB | nodes | detached | listeners | wall |\n|---|---|---|---|---|---|---|"
    );
    let mut browser = page::script(&["--part", "heap", "--minutes", &minutes.to_string()])
        .args(["--base", &format!("http://{}", replay.address)])
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start node")?;
    let lines = BufReader::new(browser.stdout.take().context("no output")?).lines();
    let (mut old, mut new) = (Vec::new(), Vec::new());
    for line in lines {
        let line = line?;
        let minute: Minute = serde_json::from_str(&line).with_context(|| line.clone())?;
        let Minute { minute, is_new, heap_bytes, kept_bytes, detached, nodes, listeners, phase } =
            minute;
        let [heap, kept] = [heap_bytes, kept_bytes].map(|bytes| bytes / 1024.0 / 1024.0);
        let phase = phase.unwrap_or_default();
        let which = if is_new { ", a new page" } else { "" };
        println!(
            "| {minute:.0}{which} | {heap:.2} | {kept:.2} | {nodes} | {detached} | {listeners} | {phase} |"
        );
        if is_new { &mut new } else { &mut old }.push(kept);
    }
    ensure!(browser.wait()?.success(), "the browser ended badly");
    judge(&old, &new)
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

/// The old page against a new one that shows the same: what the board shows takes memory in both, and what
/// the browser compiled in neither.
fn judge(old: &[f64], new: &[f64]) -> anyhow::Result<()> {
    let (Some(old), Some(new)) = (old.last(), new.last()) else { bail!("too few minutes") };
    let growth = old / new;
    println!("\nold page {old:.2} MiB, new page {new:.2} MiB: {growth:.3}×");
    ensure!(growth <= GROWTH_MAX, "the page's memory grows");
    Ok(())
}
