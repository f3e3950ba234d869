//! The plugins that ship, and the examples in other languages, before the compliance suite.

use std::process::Command;

use super::{Language, root, shell, well};

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

/// Builds and tries an example, where its language's tools are.
fn example(language: Language) {
    if language.tools().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let from = root().join("plugins/examples").join(language.word());
    let copy = folder.path().join("example");
    let copied = Command::new("cp").args(["-rL"]).arg(&from).arg(&copy).status().unwrap();
    assert!(copied.success());
    language.equip(&copy);
    well(&copy, "tablica plugin build");
    let said = well(&copy, "tablica plugin test");
    assert!(said.contains("3 of 3 samples as expected"), "{said}");
    let said = well(&copy, "tablica plugin check");
    assert!(said.contains("11 of 11 checks passed"), "{said}");
}

#[test]
fn the_example_in_javascript_builds_and_passes() {
    example(Language::JavaScript);
}

#[test]
fn the_example_in_python_builds_and_passes() {
    example(Language::Python);
}
