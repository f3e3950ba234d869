//! Any text as a config, and as a file of topic rules.
//!
//! Holds for every text: it is read without a panic. If it is refused, every problem names the file
//! and what is wrong, a line that is named is one that the text has, and no message shows a secret
//! of the environment. If it is taken, it is taken again to the same settings, no secret
//! stands in what can be printed of them, and it can stand below a wall script.

use std::path::PathBuf;

use crate::config::{Environment, Layer, Problems, load_layers, load_text, topics};

const FILE: &str = "tablica.toml";
/// The names and values of secrets that a config may ask for; no text that is fuzzed has them by
/// chance.
const SECRETS: [(&str, &str); 2] =
    [("A_SECRET", "Kq7-zW2vRt0_9sYb"), ("ANOTHER_SECRET", "pX4mN8uLc1Jd6fGh")];

/// See the file.
pub fn config_toml(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if SECRETS.iter().any(|(_, value)| text.contains(value)) {
        return;
    }
    let variables = SECRETS.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let environment = Environment { variables: variables.into(), ..Environment::default() };
    let load = || load_text(text, FILE, PathBuf::from("/nowhere"), &environment);
    match load() {
        Err(problems) => are_clear(text, &problems),
        Ok(config) => {
            let shown = format!("{config:?}");
            shows_no_secret(&shown);
            let again = load().expect("a config that was taken is taken again");
            assert_eq!(shown, format!("{again:?}"), "read twice");
            let base = Layer { text, file: FILE, folder: PathBuf::from("/nowhere") };
            if let Err(problems) = load_layers(Some(&base), "", "a.wall", None) {
                panic!("a good config cannot stand below a script: {problems}");
            }
        }
    }
    let (_, problems) = topics::read(text, FILE);
    if let Err(problems) = topics::problems(problems) {
        are_clear(text, &problems);
    }
}

fn are_clear(text: &str, problems: &Problems) {
    assert!(!problems.is_empty(), "refused for no reason");
    let lines = text.matches('\n').count() + 1;
    for problem in problems.iter() {
        let said = problem.to_string();
        shows_no_secret(&said);
        assert_eq!(problem.file.as_deref(), Some(FILE), "{said}");
        assert!(!problem.found.is_empty(), "{said}");
        if let Some(line) = problem.line {
            assert!((1..=lines).contains(&line), "{said}: the text has {lines} lines");
        }
    }
}

fn shows_no_secret(text: &str) {
    for (name, value) in SECRETS {
        assert!(!text.contains(value), "{name} is shown: {text}");
    }
}
