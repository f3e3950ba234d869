//! `cargo xtask torture --part documents`: the scenario of a folder with many files, by the hundred thousand.

use anyhow::{Context, bail};

use crate::place::Place;
use crate::step::Steps;
use crate::{server, setup};

/// The scenario, which is left out of `cargo xtask test`.
const SCENARIO: &str = "documents::many::as_many_as_one_likes";

/// How many files.
#[derive(clap::Args)]
pub(crate) struct DocumentsArgs {
    /// Documents: how many files; a tenth of them is what they are compared with
    #[arg(long, default_value_t = 100_000)]
    files: u64,
}

/// Prints what each file took straight to the terminal.
pub(crate) fn run(args: &DocumentsArgs, place: &Place, steps: &mut Steps) -> anyhow::Result<()> {
    setup::test_programs(steps, place)?;
    server::parts(place, steps)?;
    let scenarios = ["test", "--test", "scenarios"];
    steps.run("build scenarios", place.cargo(&scenarios).arg("--no-run"))?;
    let mut command = place.cargo(&scenarios);
    command
        .args(["--quiet", "--", "--exact", SCENARIO, "--ignored", "--nocapture"])
        .env("TABLICA_TORTURE_FILES", args.files.to_string());
    let status = command.status().context("cannot start cargo")?;
    if !status.success() {
        bail!("a file was lost, given twice, or dearer than others ({status})");
    }
    Ok(())
}
