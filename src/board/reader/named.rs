//! Things of the site that a board file names: the file alone does not show whether they are there.

use super::{At, Section, Shape};

/// A queue, channel, policy or calendar that a board file names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// `queue`, `channel`, `policy` or `calendar`.
    pub key: &'static str,
    /// Its name.
    pub value: String,
    /// Where it stands, from 1.
    pub line: usize,
    /// "tile `sl`", for messages.
    pub what: String,
}

/// Keys by which files name such things, alone and as a list.
const NAMING: [(&str, &str); 6] = [
    ("queue", "queue"),
    ("queues", "queue"),
    ("channel", "channel"),
    ("channels", "channel"),
    ("policy", "policy"),
    ("policies", "policy"),
];

/// Which of these things a key names.
pub(super) fn named_by(key: &str) -> Option<&'static str> {
    NAMING.iter().find(|(naming, _)| *naming == key).map(|(_, thing)| *thing)
}

impl<'a> Section<'a> {
    /// A table of names of the file's own, each with one of the known words.
    pub(in crate::board) fn words_by_name(
        &self,
        key: &'static str,
        known: &[&str],
    ) -> Vec<(At<&'a str>, &'a str)> {
        let shape = Shape::WordByName(known.iter().map(|&word| word.to_owned()).collect());
        let Some(value) = self.get(key, shape) else { return Vec::new() };
        let Some(table) = value.get_ref().as_table() else {
            self.wrong_type(key, value, "a table such as { queue = \"queue\" }");
            return Vec::new();
        };
        let mut found = Vec::new();
        for (name, word) in table {
            let at = At { value: &**name.get_ref(), offset: name.span().start };
            match word.get_ref().as_str() {
                Some(word) if known.contains(&word) => found.push((at, word)),
                Some(word) => self.problem_at(
                    at.offset,
                    format_args!(
                        "`{}` of `{key}` is no \"{word}\": one of {}",
                        at.value,
                        known.join(", ")
                    ),
                ),
                None => self.wrong_type(key, word, "a table of texts in quotes"),
            }
        }
        // In the order of the file.
        found.sort_by_key(|(at, _)| at.offset);
        found
    }
}
