//! Builds the server, complete with plugins and pages, and runs its benchmarks.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, bail};

use crate::place::Place;
use crate::step::Steps;
use crate::{kit, pages, plugins};

/// What the server embeds. Built first, always.
pub(crate) fn parts(place: &Place, steps: &mut Steps) -> anyhow::Result<()> {
    plugins::build(place, steps)?;
    pages::build(place, steps)
}

/// Leaves a complete server in `target/release/tablica`.
pub(crate) fn build(place: &Place, steps: &mut Steps) -> anyhow::Result<PathBuf> {
    parts(place, steps)?;
    steps.run("build server", &mut place.cargo(&["build", "--release", "--bin", "tablica"]))?;
    let built = place.target().join("release/tablica");
    let wanted = place.root.join("target/release/tablica");
    if same_age_and_size(&built, &wanted) {
        return Ok(wanted);
    }
    fs::create_dir_all(place.root.join("target/release"))?;
    // A server that runs keeps the old file; a copy over it would fail.
    let half = wanted.with_extension("half-written");
    fs::copy(&built, &half).with_context(|| format!("no binary {}", built.display()))?;
    fs::rename(&half, &wanted)?;
    Ok(wanted)
}

/// The copy was made after the build, and nothing is missing from it.
fn same_age_and_size(built: &PathBuf, copy: &PathBuf) -> bool {
    let (Ok(built), Ok(copy)) = (fs::metadata(built), fs::metadata(copy)) else { return false };
    let newer = copy.modified().ok().zip(built.modified().ok()).is_some_and(|(c, b)| c >= b);
    newer && built.len() == copy.len()
}

/// Runs the benchmarks; their table goes straight to the terminal.
pub(crate) fn bench(place: &Place, steps: &mut Steps, rest: &[String]) -> anyhow::Result<()> {
    parts(place, steps)?;
    steps
        .run("build benchmarks", &mut place.cargo(&["bench", "--bench", "tablica", "--no-run"]))?;
    let mut command = place.cargo(&["bench", "--quiet", "--bench", "tablica", "--"]);
    kit::tools(place, steps, &mut command)?;
    kit::per_event(place, steps, &mut command)?;
    let status = command.args(rest).status().context("cannot start cargo")?;
    if !status.success() {
        bail!("the benchmark failed ({status})");
    }
    Ok(())
}
