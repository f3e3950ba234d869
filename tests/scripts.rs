//! Every promise that is written down in `tests/scripts/*.wall` holds.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use tablica::command::test::{self, Arguments};

#[test]
fn every_script_keeps_its_promise() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts");
    let mut said = Vec::new();
    let arguments = Arguments { files: vec![folder], config: None };
    let code = test::run(&arguments, &mut said).expect("the scripts are run");
    let said = String::from_utf8(said).expect("UTF-8");
    assert_eq!(code, ExitCode::SUCCESS, "\n{said}");
}

/// What the page about the language shows is no invention.
#[test]
fn the_pages_examples_hold() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/wall-scripts.md");
    let page = std::fs::read_to_string(page).expect("the page");
    let blocks = page.split("```wall\n").skip(1);
    let examples: Vec<_> = blocks.filter_map(|block| block.split_once("```")).collect();
    assert!(examples.len() >= 3, "{} examples", examples.len());
    let folder = tempfile::tempdir().expect("a folder");
    for (number, (example, _)) in examples.iter().enumerate() {
        let file = folder.path().join(format!("example-{}.wall", number + 1));
        std::fs::write(file, example).expect("write");
    }
    let arguments = Arguments { files: vec![PathBuf::from(folder.path())], config: None };
    let mut said = Vec::new();
    let code = test::run(&arguments, &mut said).expect("the examples are run");
    assert_eq!(code, ExitCode::SUCCESS, "\n{}", String::from_utf8_lossy(&said));
}
