//! `cargo xtask torture --part soak`: the benchmark's server under steady load for an hour.

use std::path::PathBuf;

use anyhow::{Context, bail};

use crate::place::Place;
use crate::server;
use crate::step::Steps;

/// How much load, and for how long.
#[derive(clap::Args)]
pub(crate) struct SoakArgs {
    /// Soak: for so many minutes; two are enough for a trial
    #[arg(long, value_name = "N", default_value_t = 60.0)]
    minutes: f64,
    /// Soak: events a second
    #[arg(long, value_name = "N", default_value_t = 2000)]
    rate: u64,
    /// Soak: screens that read and acknowledge
    #[arg(long, value_name = "N", default_value_t = 300)]
    screens: usize,
    /// Soak: the server's state, which stays; a second soak on it begins with a warm last hour
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
    /// Soak: an unoptimised server, for a trial; it is built sooner and takes less load
    #[arg(long)]
    debug: bool,
}

/// Prints a line a minute and a table straight to the terminal.
pub(crate) fn run(args: &SoakArgs, place: &Place, steps: &mut Steps) -> anyhow::Result<()> {
    server::parts(place, steps)?;
    let bench = [if args.debug { "test" } else { "bench" }, "--bench", "tablica"];
    steps.run("build benchmarks", place.cargo(&bench).arg("--no-run"))?;
    let mut command = place.cargo(&bench);
    command.args(["--quiet", "--", "--soak", "--minutes", &args.minutes.to_string()]).args([
        "--rate",
        &args.rate.to_string(),
        "--screens",
        &args.screens.to_string(),
    ]);
    if let Some(state) = &args.state {
        command.arg("--state").arg(std::path::absolute(state)?);
    }
    let status = command.status().context("cannot start cargo")?;
    if !status.success() {
        bail!("the soak found something ({status})");
    }
    Ok(())
}
