//! What other languages' packages are for: componentize-js by npm and componentize-py by pip make plugins,
//! Socket.IO and ws are what the benchmark compares with. All go into the cache. Where they cannot be
//! got, what needs them is not tried.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;

use crate::place::Place;
use crate::step::Steps;
use crate::tools::which;

/// By which tests find the folders.
const NODE_MODULES: &str = "TABLICA_NODE_MODULES";
const COMPONENTIZE_PY: &str = "TABLICA_COMPONENTIZE_PY";
const BENCH_NODE_MODULES: &str = "TABLICA_BENCH_NODE_MODULES";
/// In a folder of tools: of which list they are. Written when all are there, so that what broke off
/// half-way is not taken for whole.
const MARK: &str = ".installed";

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

/// Installs the servers that the benchmark compares with, and tells it where they are.
pub(crate) fn per_event(
    place: &Place,
    steps: &mut Steps,
    bench: &mut Command,
) -> anyhow::Result<()> {
    let list = place.root.join("tests/bench/per_event/package.json");
    if let Some(folder) = node(place, steps, "bench-per-event", &list, "Socket.IO and ws")? {
        bench.env(BENCH_NODE_MODULES, folder);
    }
    Ok(())
}

fn java_script(place: &Place, steps: &mut Steps) -> anyhow::Result<Option<PathBuf>> {
    let list = place.root.join("plugins/examples/js/package.json");
    node(place, steps, "kit-js", &list, "componentize-js")
}

/// The packages of a list, by npm, in a folder of the cache.
fn node(
    place: &Place,
    steps: &mut Steps,
    folder: &str,
    list: &Path,
    what: &str,
) -> anyhow::Result<Option<PathBuf>> {
    let tools = Tools { folder: place.cache.join(folder), list: read(list)? };
    let step = format!("npm install {what}");
    let modules = tools.folder.join("node_modules");
    if tools.are_there() && modules.is_dir() {
        return Ok(Some(modules));
    }
    if which("npm").is_none() {
        steps.skip(&step, "npm is not installed");
        return Ok(None);
    }
    let mut npm = place.command("npm".as_ref());
    npm.args(["install", "--no-audit", "--no-fund"]).current_dir(&tools.folder);
    let files = [("package.json", &tools.list[..])];
    let done = tools.install(steps, &files, &mut [(&step, npm)])?;
    Ok(done.then_some(modules))
}

fn python(place: &Place, steps: &mut Steps) -> anyhow::Result<Option<PathBuf>> {
    let list = place.root.join("plugins/examples/python/requirements.txt");
    let tools = Tools { folder: place.cache.join("kit-python"), list: read(&list)? };
    let programs = tools.folder.join("bin");
    if tools.are_there() && programs.join("componentize-py").is_file() {
        return Ok(Some(programs));
    }
    if which("python3").is_none() {
        steps.skip("pip install componentize-py", "python3 is not installed");
        return Ok(None);
    }
    let mut venv = place.command("python3".as_ref());
    venv.args(["-m", "venv"]).arg(&tools.folder);
    let mut pip = place.command(programs.join("pip").as_ref());
    pip.args(["install", "--quiet", "--requirement"]).arg(&list);
    let commands = &mut [("python3 -m venv", venv), ("pip install componentize-py", pip)];
    let done = tools.install(steps, &[], commands)?;
    Ok(done.then_some(programs))
}

fn read(list: &Path) -> anyhow::Result<Vec<u8>> {
    fs::read(list).with_context(|| format!("cannot read {}", list.display()))
}

/// Tools of one language in a folder of the cache.
struct Tools {
    folder: PathBuf,
    /// What says which they are.
    list: Vec<u8>,
}

impl Tools {
    /// All of this list.
    fn are_there(&self) -> bool {
        fs::read(self.folder.join(MARK)).is_ok_and(|there| there == self.list)
    }

    /// Runs the commands that get them, in a folder with these files. Without a network there are none,
    /// and that is no failure.
    fn install(
        &self,
        steps: &mut Steps,
        files: &[(&str, &[u8])],
        commands: &mut [(&str, Command)],
    ) -> anyhow::Result<bool> {
        // From nothing: what is there may be half of them, or of another list, and npm takes too much
        // away when it makes one of the other.
        match fs::remove_dir_all(&self.folder) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => fs::create_dir_all(&self.folder)?,
        }
        for (name, content) in files {
            fs::write(self.folder.join(name), content)?;
        }
        for (name, command) in commands {
            if !steps.attempt(name, command)?.status.success() {
                let why = "failed: what needs it is not tried; the next run tries again";
                steps.skip(name, why);
                return Ok(false);
            }
        }
        fs::write(self.folder.join(MARK), &self.list)?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn what_broke_off_half_way_is_installed_again() {
        let folder = std::env::temp_dir().join(format!("tablica-kit-{}", std::process::id()));
        let place = Place { root: folder.join("root"), cache: folder.join("cache") };
        let mut steps = Steps::new(&place, false).unwrap();
        let tools = Tools { folder: folder.join("kit"), list: b"one tool\n".to_vec() };
        fs::create_dir_all(&tools.folder).unwrap();
        assert!(!tools.are_there(), "of an empty folder");

        // The first of two goes well, as when a network goes away between them.
        let half = &mut [("get one", sh("true")), ("get two", sh("exit 1"))];
        assert!(!tools.install(&mut steps, &[], half).unwrap());
        assert!(!tools.are_there(), "after half of it");
        assert!(tools.install(&mut steps, &[], &mut [("get one", sh("true"))]).unwrap());
        assert!(tools.are_there(), "after a retry");

        let newer = Tools { folder: tools.folder.clone(), list: b"another tool\n".to_vec() };
        assert!(!newer.are_there(), "of another list");
        assert!(!newer.install(&mut steps, &[], &mut [("get another", sh("exit 1"))]).unwrap());
        assert!(!tools.are_there(), "nobody knows what a broken installation has left");
        fs::remove_dir_all(folder).unwrap();
    }
}
