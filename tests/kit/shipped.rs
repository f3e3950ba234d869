//! The plugins that ship, and the examples in other languages, before the compliance suite.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tablica::channel::host::elsewhere::{self, Bounds};
use tablica::config::model::Compile;

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
    let plugin = only_wasm(&copy);
    let most = most_memory_to_compile(&plugin);
    println!("\nto compile the example in {language}: {} MiB", most >> 20);
    assert!((1..=COMPILE_BYTES_MAX).contains(&most), "{language}: {most} bytes");
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
