//! `cargo xtask torture --part heap`: a day on a wall in Chromium, many times as fast as it was.

use anyhow::{Context, bail};

use crate::place::Place;
use crate::step::Steps;
use crate::{server, setup};

/// How much of a day, and how fast.
#[derive(clap::Args)]
pub(crate) struct HeapArgs {
    /// Heap: hours of the day that are shown
    #[arg(long, value_name = "N", default_value_t = 24.0)]
    day_hours: f64,
    /// Heap: so many times as fast as they were
    #[arg(long, value_name = "X", default_value_t = 60.0)]
    speed: f64,
}

/// Prints a line a minute straight to the terminal; fails where the page's memory grew. The server is
/// not optimised: it is the page that is looked at.
pub(crate) fn run(args: &HeapArgs, place: &Place, steps: &mut Steps) -> anyhow::Result<()> {
    setup::test_programs(steps, place)?;
    server::parts(place, steps)?;
    let bench = ["test", "--bench", "tablica"];
    steps.run("build benchmarks", place.cargo(&bench).arg("--no-run"))?;
    let mut command = place.cargo(&bench);
    command.args(["--quiet", "--", "--heap", "--day-hours", &args.day_hours.to_string()]);
    command.args(["--speed", &args.speed.to_string()]);
    let status = command.status().context("cannot start cargo")?;
    if !status.success() {
        bail!("the page's memory did not stay flat ({status})");
    }
    Ok(())
}
