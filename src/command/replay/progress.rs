//! How far a long fold is: one line on standard error that is written over, and only when a
//! person looks at a terminal.

use std::io::{self, IsTerminal, Write};

/// Events between two lines; a shorter fold says nothing.
const EVENTS_PER_LINE: u64 = 100_000;

/// Says on standard error how far a long fold is.
pub(super) struct Progress {
    total: u64,
    is_seen: bool,
    is_shown: bool,
}

impl Progress {
    pub(super) fn on_terminal(total: u64) -> Self {
        Self { total, is_seen: io::stderr().is_terminal(), is_shown: false }
    }

    /// So many events were read by now.
    pub(super) fn tell(&mut self, read: u64) {
        if self.is_seen && read.is_multiple_of(EVENTS_PER_LINE) {
            let per_cent = (read.saturating_mul(100) / self.total.max(1)).min(100);
            self.is_shown = true;
            // Nobody needs it so much that its loss would be an error.
            let _ = write!(io::stderr(), "\r{read} of {} events, {per_cent} %\x1b[K", self.total);
        }
    }

    /// Takes the line away, for what is printed next.
    pub(super) fn clear(&mut self) {
        if std::mem::take(&mut self.is_shown) {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}
