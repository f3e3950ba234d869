//! Builds the wall's front end: `dashboards/app` → `dashboards/app/dist`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;

use crate::place::Place;
use crate::setup;
use crate::step::{Finished, Steps};
use crate::tools::{files_below, fingerprint};

/// The front end's sources and the stamp that tells what was done to them. It lies in `node_modules`,
/// so that it goes with it.
struct App {
    folder: PathBuf,
    built: PathBuf,
}

impl App {
    fn of(place: &Place) -> Self {
        let folder = place.root.join("dashboards/app");
        Self { built: folder.join("node_modules/.built"), folder }
    }

    fn npm(&self, place: &Place, arguments: &[&str]) -> Command {
        let mut command = place.command("npm".as_ref());
        command.args(arguments).current_dir(&self.folder).env("NO_UPDATE_NOTIFIER", "1");
        command
    }
}

/// Installs what the front end is built with and builds it, unless that was done to the very
/// same sources.
pub(crate) fn build(place: &Place, steps: &mut Steps) -> anyhow::Result<()> {
    let app = App::of(place);
    packages(&app.folder, place, steps)?;
    let sources = fingerprint(&files_below(&app.folder, &["node_modules", "dist"])?)?;
    if is(&app.built, &sources) && app.folder.join("dist/wall.html").is_file() {
        steps.skip("build front end", "up to date");
        return Ok(());
    }
    steps.run("build front end", &mut app.npm(place, &["run", "build"]))?;
    fs::write(&app.built, sources)?;
    Ok(())
}

/// Installs the packages of a folder, unless those of its lock file are there.
pub(crate) fn packages(folder: &Path, place: &Place, steps: &mut Steps) -> anyhow::Result<()> {
    setup::node()?;
    let lock = fs::read_to_string(folder.join("package-lock.json"))
        .with_context(|| format!("{} has no package-lock.json", folder.display()))?;
    let stamp = folder.join("node_modules/.installed");
    if is(&stamp, &lock) {
        return Ok(());
    }
    let mut command = place.command("npm".as_ref());
    command.args(["ci", "--no-audit", "--no-fund"]).current_dir(folder);
    command.env("NO_UPDATE_NOTIFIER", "1");
    steps.run("npm ci", &mut command)?;
    fs::write(stamp, lock)?;
    Ok(())
}

/// Runs the front end's own tests.
pub(crate) fn test(place: &Place, steps: &mut Steps) -> anyhow::Result<Finished> {
    steps.attempt("front end tests", &mut App::of(place).npm(place, &["test"]))
}

fn is(stamp: &Path, wanted: &str) -> bool {
    fs::read_to_string(stamp).is_ok_and(|stamp| stamp == wanted)
}
