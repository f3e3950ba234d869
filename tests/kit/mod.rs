//! The authoring kit as an author meets it: by the `tablica` program, from an empty folder.

mod dev;
mod inspect;
mod page;
mod shipped;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A shell command in a folder, as somebody types it who has `tablica` on the PATH. Crates are
/// those of the project: nothing is fetched.
fn shell(folder: &Path, command: &str) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_tablica")).parent().unwrap();
    let path = std::env::var("PATH").unwrap();
    Command::new("sh")
        .args(["-c", command])
        .current_dir(folder)
        .env("PATH", format!("{}:{path}", program.display()))
        .env("TABLICA_SDK", root().join("plugins/sdk"))
        .env("CARGO_TARGET_DIR", PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("kit"))
        .env("CARGO_NET_OFFLINE", "true")
        .env_remove("TABLICA_BLESS")
        .output()
        .unwrap()
}

/// What it printed, when it went well.
fn well(folder: &Path, command: &str) -> String {
    let output = shell(folder, command);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command}\n{said}\n{errors}");
    said
}

/// What it said when it failed.
fn badly(folder: &Path, command: &str) -> String {
    let output = shell(folder, command);
    assert!(!output.status.success(), "{command} went well");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The project's own versions of crates, which are on this machine already.
fn pin(folder: &Path) {
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
}

#[test]
fn a_new_rust_plugin_passes_its_tests_whatever_its_source() {
    let folder = tempfile::tempdir().unwrap();
    for source in ["webhook", "poll", "socket", "tcp", "file", "document"] {
        let name = format!("desk-{source}");
        well(folder.path(), &format!("tablica plugin new {name} --source {source}"));
        let plugin = folder.path().join(&name);
        pin(&plugin);
        well(&plugin, "tablica plugin build");
        let said = well(&plugin, "tablica plugin test");
        assert!(said.contains("1 of 1 samples as expected"), "{source}: {said}");
        let said = well(&plugin, "tablica plugin check");
        assert!(said.contains("11 of 11 checks passed"), "{source}: {said}");
    }
}

#[test]
fn new_says_what_is_wrong_with_a_name_and_overwrites_nothing() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("bell")).unwrap();
    for (command, expected) in [
        ("tablica plugin new bell", "bell is there already"),
        ("tablica plugin new Front_Desk", "`Front_Desk` is no name of a plugin"),
        ("tablica plugin new desk --source fax", "known are webhook, poll, socket, tcp, file"),
        ("tablica plugin new desk --lang cobol", "[possible values: rust, js, python]"),
        ("tablica plugin new desk --sdk /no/such", "there is no SDK at /no/such"),
    ] {
        let said = badly(folder.path(), command);
        assert!(said.contains(expected), "{command}: {said}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left half-made");
}

#[test]
fn build_says_which_tool_is_missing_and_what_installs_it() {
    let folder = tempfile::tempdir().unwrap();
    well(folder.path(), "tablica plugin new one --lang js");
    well(folder.path(), "tablica plugin new two --lang python");
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    let bare = "PATH=$(dirname $(which tablica)) tablica plugin build";
    let said = badly(&one, bare);
    assert!(said.contains("`node` is not on the PATH: install Node.js 20"), "{said}");
    let said = badly(&one, "NODE_PATH= tablica plugin build");
    assert!(said.contains("componentize-js is not here; `npm install` in"), "{said}");
    let said = badly(&two, bare);
    assert!(said.contains(".venv/bin/pip install"), "{said}");
    fs::remove_file(two.join("requirements.txt")).unwrap();
    let said = badly(&two, bare);
    assert!(said.contains("has none of Cargo.toml, package.json, pyproject.toml"), "{said}");
    let said = badly(folder.path(), "tablica plugin build");
    assert!(said.contains("plugin.toml: expected a plugin's folder"), "{said}");
}

#[test]
fn what_is_not_there_is_said_with_where_it_was_sought() {
    let folder = tempfile::tempdir().unwrap();
    let said = badly(folder.path(), "tablica plugin test bell");
    assert!(said.contains("there is no `bell`"), "{said}");
    assert!(said.contains(folder.path().canonicalize().unwrap().to_str().unwrap()), "{said}");
    let said = badly(folder.path(), "tablica plugin inspect bell");
    assert!(said.contains("sought in"), "{said}");
}
