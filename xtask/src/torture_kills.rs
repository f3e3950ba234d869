//! `cargo xtask torture --part kills`: the scenario of kills, by the thousand.

use anyhow::{Context, bail};

use crate::place::Place;
use crate::step::Steps;
use crate::{server, setup};

/// The scenario, which is left out of `cargo xtask test`.
const SCENARIO: &str = "kills::as_many_as_one_likes";

/// How many kills.
#[derive(clap::Args)]
pub(crate) struct KillsArgs {
    /// Kills: how many
    #[arg(long, default_value_t = 1000)]
    kills: u64,
}

/// Prints progress and a table straight to the terminal.
pub(crate) fn run(
    args: &KillsArgs,
    hours: Option<f64>,
    seed: u64,
    place: &Place,
    steps: &mut Steps,
) -> anyhow::Result<()> {
    setup::test_programs(steps, place)?;
    server::parts(place, steps)?;
    let scenarios = ["test", "--test", "scenarios"];
    steps.run("build scenarios", place.cargo(&scenarios).arg("--no-run"))?;
    let mut command = place.cargo(&scenarios);
    command
        .args(["--quiet", "--", "--exact", SCENARIO, "--ignored", "--nocapture"])
        .env("TABLICA_TORTURE_KILLS", args.kills.to_string())
        .env("TABLICA_TORTURE_SEED", seed.to_string());
    if let Some(hours) = hours {
        command.env("TABLICA_TORTURE_HOURS", hours.to_string());
    }
    let status = command.status().context("cannot start cargo")?;
    if !status.success() {
        bail!("a kill lost something, or counted it twice ({status})");
    }
    Ok(())
}
