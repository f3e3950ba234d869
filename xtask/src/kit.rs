//! What makes plugins of other languages: componentize-js by npm, componentize-py by pip, both into the
//! cache. Where they cannot be got, the tests of the examples say nothing.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::place::Place;
use crate::step::Steps;
use crate::tools::which;

/// By which tests find the folders.
const NODE_MODULES: &str = "TABLICA_NODE_MODULES";
const COMPONENTIZE_PY: &str = "TABLICA_COMPONENTIZE_PY";

/// Installs both where they are not, and tells a command of tests where they are.
pub(crate) fn tools(place: &Place, steps: &mut Steps, tests: &mut Command) -> anyhow::Result<()> {
    if let Some(folder) = java_script(place, steps)? {
        tests.env(NODE_MODULES, folder);
    }
    if let Some(folder) = python(place, steps)? {
        tests.env(COMPONENTIZE_PY, folder);
    }
    Ok(())
}

fn java_script(place: &Place, steps: &mut Steps) -> anyhow::Result<Option<PathBuf>> {
    let folder = place.cache.join("kit-js");
    fs::create_dir_all(&folder)?;
    let wanted = fs::read(place.root.join("plugins/examples/js/package.json"))?;
    let mark = folder.join("package.json");
    let modules = folder.join("node_modules");
    if modules.is_dir() && fs::read(&mark).is_ok_and(|there| there == wanted) {
        return Ok(Some(modules));
    }
    fs::write(&mark, wanted)?;
    let mut npm = place.command("npm".as_ref());
    npm.args(["install", "--no-audit", "--no-fund"]).current_dir(&folder);
    installed(steps, "npm install componentize-js", &mut npm, modules)
}

fn python(place: &Place, steps: &mut Steps) -> anyhow::Result<Option<PathBuf>> {
    let folder = place.cache.join("kit-python");
    let programs = folder.join("bin");
    let wanted = place.root.join("plugins/examples/python/requirements.txt");
    let mark = folder.join("requirements.txt");
    if programs.join("componentize-py").is_file() && fs::read(&mark).ok() == fs::read(&wanted).ok()
    {
        return Ok(Some(programs));
    }
    if which("python3").is_none() {
        steps.skip("pip install componentize-py", "python3 is not installed");
        return Ok(None);
    }
    let mut venv = place.command("python3".as_ref());
    venv.args(["-m", "venv"]).arg(&folder);
    if installed(steps, "python3 -m venv", &mut venv, folder.clone())?.is_none() {
        return Ok(None);
    }
    let mut pip = place.command(programs.join("pip").as_ref());
    pip.args(["install", "--quiet", "--requirement"]).arg(&wanted);
    let done = installed(steps, "pip install componentize-py", &mut pip, programs)?;
    if done.is_some() {
        fs::copy(&wanted, &mark)?;
    }
    Ok(done)
}

/// Without a network there is no tool, and that is no failure.
fn installed(
    steps: &mut Steps,
    name: &str,
    command: &mut Command,
    folder: PathBuf,
) -> anyhow::Result<Option<PathBuf>> {
    let well = steps.attempt(name, command)?.status.success();
    if !well {
        steps.skip(name, "failed: plugins of that language are not tried");
    }
    Ok(well.then_some(folder))
}
