//! How bytes from a file are to be read: on the command line, and in samples.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How bytes from a file are to be read: `--as`, and `as` in a manifest's samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InputKind {
    /// One webhook body per file.
    Webhook,
    /// One response body per file.
    Response,
    /// One input per line.
    Line,
    /// One document per file, in parts.
    Document,
}

impl InputKind {
    /// All of them.
    pub const ALL: [InputKind; 4] =
        [InputKind::Webhook, InputKind::Response, InputKind::Line, InputKind::Document];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            InputKind::Webhook => "webhook",
            InputKind::Response => "response",
            InputKind::Line => "line",
            InputKind::Document => "document",
        }
    }
}

impl fmt::Display for InputKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for InputKind {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = InputKind::ALL.into_iter().find(|kind| kind.name() == name);
        found.ok_or_else(|| format!("`{name}` is none of webhook, response, line, document"))
    }
}
