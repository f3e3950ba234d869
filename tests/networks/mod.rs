//! The networks that ship: what the README says of them, their samples, and the pitfalls that each of
//! them is known for.

mod live;
mod pitfalls;
mod table;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tablica::channel::manifest::Manifest;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A plugin that ships: its folder and its manifest.
struct Shipped {
    folder: PathBuf,
    manifest: Manifest,
}

/// All that ship, by name.
fn shipped() -> Vec<Shipped> {
    let folders = fs::read_dir(root().join("plugins")).unwrap().map(|entry| entry.unwrap().path());
    let folders =
        folders.filter(|it| it.join("plugin.toml").is_file() && it.join("Cargo.toml").is_file());
    let mut all: Vec<Shipped> = folders
        .map(|folder| {
            let text = fs::read_to_string(folder.join("plugin.toml")).unwrap();
            let manifest =
                Manifest::parse(&text).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
            Shipped { folder, manifest }
        })
        .collect();
    all.sort_by(|a, b| a.manifest.name.cmp(&b.manifest.name));
    all
}

#[test]
fn every_plugin_that_ships_decodes_its_samples_as_expected() {
    for plugin in shipped() {
        let output = Command::new(env!("CARGO_BIN_EXE_tablica"))
            .args(["plugin", "test"])
            .arg(&plugin.folder)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success() && said.contains("samples as expected"),
            "{}: {said}{}",
            plugin.manifest.name,
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

#[test]
fn every_plugin_that_ships_is_named_by_its_folder_and_has_a_page() {
    for Shipped { folder, manifest } in shipped() {
        assert!(folder.ends_with(&manifest.name), "{folder:?} is {}", manifest.name);
        // The operator says what their rows and forms mean; what Twilio tells depends on what is bought.
        let is_mapped = ["csv", "webform"].contains(&manifest.name.as_str());
        let page = fs::read_to_string(folder.join("README.md")).unwrap_or_default();
        let counts = if is_mapped { "## Settings" } else { "## What it counts" };
        for heading in ["## Five minutes", counts, "## Pitfalls"] {
            assert!(page.contains(heading), "{}: no {heading:?} in its README.md", manifest.name);
        }
        let knows = manifest.tells.is_some() || is_mapped || manifest.name == "twilio";
        assert!(knows, "{}: what does its network tell?", manifest.name);
        assert!(!manifest.summary.is_empty(), "{}: no summary", manifest.name);
    }
}

#[test]
fn what_comes_on_a_link_is_read_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let (settings, bytes) = (folder.path().join("pbx.toml"), folder.path().join("manager.raw"));
    fs::write(&settings, "address = '127.0.0.1'\nusername = 'wall'\n").unwrap();
    let join = "Event: QueueCallerJoin\r\nUniqueid: 1796000000.1\r\nLinkedid: 1796000000.1\r\n\
        Channel: PJSIP/trunk-00000001\r\nCallerIDNum: 48600100200\r\nQueue: sales\r\nPosition: 1\r\n\r\n";
    fs::write(&bytes, format!("Asterisk Call Manager/7.0.3\r\n{join}Event: Half")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_tablica"))
        .args(["plugin", "run", "asterisk-ami", "--settings"])
        .arg(&settings)
        .arg("--input")
        .arg(&bytes)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let told = String::from_utf8_lossy(&output.stderr);
    let queued =
        said.lines().any(|line| line.contains(r#""kind":"queued""#) && line.contains("sales"));
    assert!(queued && output.status.success(), "{said}{told}");
    assert!(told.contains("the last 11 bytes are no whole frame"), "{told}");
}
