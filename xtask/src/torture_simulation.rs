//! `cargo xtask torture --part simulation`: runs of `src/torture`, one after another.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, bail};

use crate::place::Place;
use crate::server;
use crate::step::Steps;

/// The test that goes on as long as it is told to.
const TEST: &str = "torture::without_end";

/// Prints progress and a table straight to the terminal.
pub(crate) fn run(
    hours: Option<f64>,
    seed: Option<u64>,
    place: &Place,
    steps: &mut Steps,
) -> anyhow::Result<()> {
    server::parts(place, steps)?;
    let library = ["test", "--package", "tablica", "--lib"];
    steps.run("build the library's tests", place.cargo(&library).arg("--no-run"))?;
    let anywhere = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |now| now.as_secs());
    let seed = seed.unwrap_or_else(anywhere);
    let hours = hours.unwrap_or(1.0);
    println!("{hours} hours from seed {seed} on");
    let mut command = place.cargo(&library);
    command
        .args(["--quiet", "--", "--exact", TEST, "--ignored", "--nocapture"])
        .env("TABLICA_TORTURE_HOURS", hours.to_string())
        .env("TABLICA_TORTURE_SEED", seed.to_string());
    let status = command.status().context("cannot start cargo")?;
    if !status.success() {
        bail!("something was lost, or counted twice ({status})");
    }
    Ok(())
}
