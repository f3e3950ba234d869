//! Any text as a wall script.
//!
//! Holds for every text: it is read without a panic. If it is refused, it is told why, by the script's
//! name, on lines that it has. If it is taken, it runs to the end, each of its looks is met
//! or not, each failure names a line that it has, and a server that is started anew before
//! each look shows the same numbers.

use crate::script::{Outcome, parse};

const FILE: &str = "fuzz.wall";
/// More events take longer than they find.
const EVENTS_MAX: usize = 400;
/// The same of looks: before each of them the server is started anew.
const LOOKS_MAX: usize = 24;

/// See the file.
pub fn wall_script(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let lines = text.lines().count();
    let script = match parse(text, FILE, None) {
        Ok(script) => script,
        Err(mistakes) => {
            let said = mistakes.to_string();
            let rest = said.strip_prefix(FILE).and_then(|it| it.strip_prefix(':'));
            let rest = rest.unwrap_or_else(|| panic!("names no file: {said}"));
            let line = rest.split(':').next().and_then(|it| it.parse::<usize>().ok());
            // What is about the whole script has no line.
            assert!(line.is_none_or(|it| (1..=lines).contains(&it)), "{lines} lines: {said}");
            return;
        }
    };
    let looks = script.looks();
    if script.events() > EVENTS_MAX || looks > LOOKS_MAX {
        return;
    }
    let outcome = script.run();
    for failure in &outcome.failures {
        assert!((1..=lines).contains(&failure.line), "{failure}");
    }
    assert_eq!(outcome.met + outcome.failures.len(), looks);
    let restarted = script.with_restarts().run();
    assert_eq!(shown(&outcome), shown(&restarted), "after restarts");
}

fn shown(outcome: &Outcome) -> Vec<(usize, &str)> {
    outcome.failures.iter().map(|failure| failure.shown()).collect()
}
