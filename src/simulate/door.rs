//! The doors of the center: each network has one, known by its name.

use std::fmt;

/// Where a message goes in. Its name is what `--only`, the news and the files of a dry run call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Door(&'static str);

impl Door {
    /// Updates posted by Telegram.
    pub const TELEGRAM: Self = Self("telegram");
    /// Bodies posted by the company's own site.
    pub const WEBFORM: Self = Self("webform");
    /// Lines of Asterisk's queue_log, line ends included.
    pub const QUEUE_LOG: Self = Self("queue_log");

    /// The door of a network with this name.
    pub const fn named(name: &'static str) -> Self {
        Self(name)
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
