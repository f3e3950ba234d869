//! The plugins that ship, and the examples in other languages, before the compliance suite.

use std::path::Path;
use std::process::Command;

use super::{root, shell, well};

#[test]
fn every_shipped_plugin_passes_every_check() {
    for entry in std::fs::read_dir(root().join("plugins/dist")).unwrap() {
        let file = entry.unwrap().path();
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let command = format!("tablica plugin check {name} --plugin {}", file.display());
        let output = shell(root(), &command);
        let said = String::from_utf8_lossy(&output.stdout);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{name}:\n{said}{errors}");
    }
}

/// Builds and tries an example, where `cargo xtask test` has installed its language's tools.
fn example(language: &str, variable: &str) {
    if std::env::var_os(variable).is_none() {
        // `cargo test` alone installs nothing.
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let from = root().join("plugins/examples").join(language);
    let copy = folder.path().join(language);
    let copied = Command::new("cp").args(["-rL"]).arg(&from).arg(&copy).status().unwrap();
    assert!(copied.success());
    well(&copy, &on_path(variable, "tablica plugin build"));
    let said = well(&copy, "tablica plugin test");
    assert!(said.contains("3 of 3 samples as expected"), "{said}");
    let said = well(&copy, "tablica plugin check");
    assert!(said.contains("11 of 11 checks passed"), "{said}");
    for source in ["poll", "socket", "tcp", "file", "document"] {
        let name = format!("{language}-{source}");
        well(
            folder.path(),
            &format!("tablica plugin new {name} --lang {language} --source {source}"),
        );
        let plugin = folder.path().join(&name);
        well(&plugin, &on_path(variable, "tablica plugin build"));
        well(&plugin, "tablica plugin test");
    }
}

/// The command with the folder of tools where its language looks.
fn on_path(variable: &str, command: &str) -> String {
    let folder = std::env::var(variable).unwrap();
    match Path::new(&folder).ends_with("node_modules") {
        true => format!("NODE_PATH={folder} {command}"),
        false => format!("PATH={folder}:$PATH {command}"),
    }
}

#[test]
fn the_example_in_javascript_builds_and_passes() {
    example("js", "TABLICA_NODE_MODULES");
}

#[test]
fn the_example_in_python_builds_and_passes() {
    example("python", "TABLICA_COMPONENTIZE_PY");
}
