//! The plugins that ship, and the examples in other languages, before the compliance suite.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tablica::channel::host::elsewhere::{self, Bounds};
use tablica::config::model::Compile;

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
    let plugin = only_wasm(&copy);
    let most = most_memory_to_compile(&plugin);
    println!("\nto compile the example in {}: {} MiB", language.word(), most >> 20);
    assert!((1..=COMPILE_BYTES_MAX).contains(&most), "{}: {most} bytes", language.word());
    let said = well(&copy, "tablica plugin test");
    assert!(said.contains("3 of 3 samples as expected"), "{said}");
    let said = well(&copy, "tablica plugin check");
    assert!(said.contains("11 of 11 checks passed"), "{said}");
}

/// So much may compiling a plugin of another language take: half of what it may take by default.
const COMPILE_BYTES_MAX: u64 = 1 << 30;

fn only_wasm(folder: &Path) -> PathBuf {
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let mut plugins: Vec<_> =
        files.filter(|path| path.extension().is_some_and(|it| it == "wasm")).collect();
    assert_eq!(plugins.len(), 1, "{plugins:?}");
    plugins.remove(0)
}

/// The most memory that the process held which compiles it, within the default bounds.
fn most_memory_to_compile(plugin: &Path) -> u64 {
    let bounds = Bounds::from(&Compile::default());
    let output = elsewhere::process(env!("CARGO_BIN_EXE_tablica"), &bounds)
        .stdin(fs::File::open(plugin).unwrap())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{:?} {said}", output.status);
    let told = output.stdout.strip_prefix(elsewhere::GREETING).expect("it is Tablica");
    u64::from_le_bytes(told[..8].try_into().unwrap())
}

#[test]
fn the_example_in_javascript_builds_and_passes() {
    example(Language::JavaScript);
}

#[test]
fn the_example_in_python_builds_and_passes() {
    example(Language::Python);
}
