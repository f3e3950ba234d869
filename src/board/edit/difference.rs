//! Two texts of one board, line by line: what was taken out, what was put in, and some lines around.

use std::time::Duration;

use serde::Serialize;
use similar::{ChangeTag, TextDiff};

/// Lines that are shown around each change.
const AROUND: usize = 3;
/// Lines at most; more help nobody.
pub const LINES_MAX: usize = 400;
/// Two texts that have nothing in common are compared no longer.
const WITHIN: Duration = Duration::from_millis(500);

/// One line of a difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// What became of it.
    pub is: Became,
    /// Without its end.
    pub text: String,
}

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Became {
    /// It stands in both.
    Same,
    /// It is gone.
    Gone,
    /// It is new.
    New,
    /// Lines that are the same in both are left out here.
    Gap,
}

/// From one text to another; empty where they are the same.
pub fn between(before: &str, after: &str) -> Vec<Line> {
    let mut config = TextDiff::configure();
    let difference = config.timeout(WITHIN).diff_lines(before, after);
    let mut lines = Vec::new();
    for group in difference.grouped_ops(AROUND) {
        if !lines.is_empty() {
            lines.push(Line { is: Became::Gap, text: String::new() });
        }
        for change in group.iter().flat_map(|op| difference.iter_changes(op)) {
            let is = match change.tag() {
                ChangeTag::Equal => Became::Same,
                ChangeTag::Delete => Became::Gone,
                ChangeTag::Insert => Became::New,
            };
            if lines.len() >= LINES_MAX {
                lines.push(Line { is: Became::Gap, text: String::new() });
                return lines;
            }
            lines.push(Line { is, text: change.value().trim_end_matches(['\r', '\n']).to_owned() });
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_is_shown_with_some_lines_around_it() {
        let before: String = (0..20).map(|line| format!("line {line}\n")).collect();
        let after = before.replace("line 9\n", "line nine\n").replace("line 19\n", "");
        let told: Vec<String> = between(&before, &after)
            .into_iter()
            .map(|line| match line.is {
                Became::Same => format!("  {}", line.text),
                Became::Gone => format!("- {}", line.text),
                Became::New => format!("+ {}", line.text),
                Became::Gap => "…".to_owned(),
            })
            .collect();
        let wanted = [
            "  line 6",
            "  line 7",
            "  line 8",
            "- line 9",
            "+ line nine",
            "  line 10",
            "  line 11",
            "  line 12",
            "…",
            "  line 16",
            "  line 17",
            "  line 18",
            "- line 19",
        ];
        assert_eq!(told, wanted);
        assert_eq!(between(&before, &before), []);
    }
}
