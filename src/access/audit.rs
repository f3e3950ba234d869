//! Who has done what, from where, and what came of it.

use serde::Serialize;

use crate::event::UnixMs;

/// Longest of each text.
const CHARS_MAX: usize = 200;

/// Something that was done, or tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// A person, "token NAME", "console", or "nobody" where it is not known.
    pub who: String,
    /// An address, or "console".
    pub origin: String,
    /// What kind of act: `login`, `person_add`, `annotation_put`…
    pub act: &'static str,
    /// What it was done to: a name, an id.
    pub target: String,
    /// `ok`, or why not.
    pub result: String,
}

/// The same as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Recorded {
    /// Grows with time.
    pub id: i64,
    /// When, in Unix milliseconds.
    pub at_ms: UnixMs,
    /// A person, "token NAME", "console", or "nobody" where it is not known.
    pub who: String,
    /// An address, or "console".
    pub origin: String,
    /// What kind of act.
    pub act: String,
    /// What it was done to.
    pub target: String,
    /// `ok`, or why not.
    pub result: String,
}

/// No longer than it may be, on one line.
pub(super) fn fit(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(CHARS_MAX).collect()
}
