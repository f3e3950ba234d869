//! Dashboards and rules: their own tests, and pictures of the dashboards, which are apart because the
//! packages that draw them are large.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Context;

use crate::pages;
use crate::pictures::shrink;
use crate::place::Place;
use crate::plugins;
use crate::setup;
use crate::step::{Finished, Steps};

/// How pictures are made.
#[derive(clap::Args)]
pub(crate) struct GrafanaPicturesArgs {
    /// So long the made-up contact center is watched; the lines are as long
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u16).range(3..))]
    minutes: u16,
}

/// Runs the tests of dashboards, rules, mixin and configs.
pub(crate) fn test(place: &Place, steps: &mut Steps) -> anyhow::Result<Finished> {
    let folder = place.root.join("grafana");
    pages::packages(&folder, place, steps)?;
    steps.attempt("grafana tests", npm(place, &folder).arg("test"))
}

/// Leaves a picture of each dashboard in `grafana/pictures`.
pub(crate) fn pictures(
    args: &GrafanaPicturesArgs,
    place: &Place,
    steps: &mut Steps,
) -> anyhow::Result<()> {
    setup::test_programs(steps, place)?;
    plugins::build(place, steps)?;
    pages::build(place, steps)?;
    steps.run("build server", &mut place.cargo(&["build", "--bin", "tablica"]))?;
    let draw = place.root.join("grafana/draw");
    pages::packages(&draw, place, steps)?;
    let folder = place.root.join("grafana/pictures");
    let mut command = place.command("node".as_ref());
    command.arg(draw.join("pictures.mjs")).arg(place.target().join("debug/tablica"));
    command.arg(&folder).arg(args.minutes.to_string());
    // What is drawn by something near is in what it says.
    let drawn = steps.run(&format!("watch for {} min, draw", args.minutes), &mut command)?;
    for entry in fs::read_dir(&folder)? {
        let picture = entry?.path();
        shrink(&picture).with_context(|| format!("cannot read {}", picture.display()))?;
    }
    print!("{drawn}");
    println!("{} has them", folder.display());
    Ok(())
}

fn npm(place: &Place, folder: &Path) -> Command {
    let mut command = place.command("npm".as_ref());
    command.current_dir(folder).env("NO_UPDATE_NOTIFIER", "1");
    command
}
