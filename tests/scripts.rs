//! Every promise that is written down in `tests/scripts/*.wall` holds, also when the server is
//! started anew in the middle of it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use tablica::command::test::{self, Arguments};
use tablica::script;

use crate::not_yet;

/// Name and text of each.
fn scripts() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts");
    let files = std::fs::read_dir(folder).expect("the scripts").map(|file| file.unwrap().path());
    let mut files: Vec<PathBuf> = files.collect();
    files.sort();
    let named = files.iter().map(|file| {
        let name = file.file_name().expect("a name").to_string_lossy().into_owned();
        (name, std::fs::read_to_string(file).expect("UTF-8"))
    });
    named.collect()
}

/// What is wrong with a script; nothing when it holds.
fn wrong(name: &str, text: &str) -> String {
    match script::parse(text, name, None) {
        Err(mistakes) => mistakes.to_string(),
        Ok(script) => {
            let failures = script.run().failures;
            failures.iter().fold(String::new(), |all, one| all + &one.to_string() + "\n")
        }
    }
}

/// The same script, in which the server is started anew before each look at a number.
fn with_restarts(text: &str) -> String {
    let mut in_config = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        in_config = match words.first() {
            Some(&"config") => true,
            Some(&"end") => false,
            _ => in_config,
        };
        let is_time = |word: &&&str| word.starts_with(|c: char| c.is_ascii_digit());
        let times = words.iter().take_while(is_time).count();
        if !in_config && words.get(times) == Some(&"expect") {
            lines.push(format!("{} server restarted", words[..times].join(" ")));
        }
        lines.push(line.to_owned());
    }
    lines.join("\n")
}

#[test]
fn every_script_keeps_its_promise() {
    let mut said = String::new();
    for (name, text) in scripts() {
        let plain = wrong(&name, &text);
        let restarted = wrong(&name, &with_restarts(&text));
        match not_yet::reason(&name) {
            None if !plain.is_empty() => writeln!(said, "{name}\n{plain}").unwrap(),
            None if !restarted.is_empty() => {
                writeln!(said, "{name}, with restarts\n{restarted}").unwrap();
            }
            Some(_) if plain.is_empty() && restarted.is_empty() => {
                writeln!(said, "{name} holds by now: take it off NOT_YET").unwrap();
            }
            _ => {}
        }
    }
    assert!(said.is_empty(), "\n{said}");
}

#[test]
fn a_look_after_a_restart_is_one() {
    let text = "config\n[site]\nexpect = 1\nend\non 2026-05-04\n09:00 call 1 queued\n\
                09:01 expect waiting 1\n  expect offered 1 # so far\n2026-05-05 09:00 expect waiting 1";
    let expected = "config\n[site]\nexpect = 1\nend\non 2026-05-04\n09:00 call 1 queued\n\
                    09:01 server restarted\n09:01 expect waiting 1\n server restarted\n  expect \
                    offered 1 # so far\n2026-05-05 09:00 server restarted\n2026-05-05 09:00 expect \
                    waiting 1";
    assert_eq!(with_restarts(text), expected);
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
