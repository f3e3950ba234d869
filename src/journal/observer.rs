//! What the journal has to say to the outside: one call per happening.
//!
//! The journal knows no metrics and no log format; the composition root gives it an observer
//! that turns these calls into both. Calls come from the writer thread (and, for bad rows, from
//! whoever reads the tail), so an implementation must be quick and may not block.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{JournalError, Sequence, StoreError};

/// Told of everything worth counting or logging. Every method does nothing by default.
pub trait Observer: Send + Sync + 'static {
    /// A batch is on disk: how many events, their compressed bytes, how long the commit took.
    fn committed(&self, events: usize, bytes: usize, elapsed: Duration) {
        let _ = (events, bytes, elapsed);
    }

    /// The disk began to refuse. Called once per outage, not per append.
    fn unwritable(&self, error: &JournalError) {
        let _ = error;
    }

    /// The disk accepts again.
    fn writable_again(&self) {}

    /// Something that was journaled cannot be read back; it was set aside.
    fn bad_row(&self, row: &BadRow) {
        let _ = row;
    }

    /// A file beside the journal is damaged and was renamed; the server goes on without it.
    fn set_aside(&self, file: &SetAside) {
        let _ = file;
    }

    /// The positions of channels in a file cannot be read; an older file's are used.
    fn lost_cursors(&self, path: &Path, reason: &str) {
        let _ = (path, reason);
    }

    /// A file was deleted or replaced under the running server; what it held was written again.
    fn written_again(&self, path: &Path, reason: &str) {
        let _ = (path, reason);
    }

    /// A day file is past `journal.keep` and gone.
    fn day_deleted(&self, file: &str) {
        let _ = file;
    }

    /// Housekeeping failed; the journal itself goes on.
    fn housekeeping_failed(&self, error: &StoreError) {
        let _ = error;
    }
}

/// A damaged file that was renamed; nothing of it is deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// What it was: one of [`SetAside::ALL`].
    pub what: &'static str,
    /// Where it was.
    pub path: PathBuf,
    /// Where it is now.
    pub aside: PathBuf,
    /// What is wrong with it.
    pub reason: String,
    /// What the server does without.
    pub lost: String,
}

impl SetAside {
    /// Everything that it can have been.
    pub const ALL: [&'static str; 13] = [
        "quarantine",
        "annotations",
        "roll-ups",
        "ids of events",
        "snapshot",
        "journal",
        "mark",
        "screens",
        "access",
        "pairings",
        "mails",
        "board versions",
        "alerts",
    ];
}

/// An observer that keeps silent.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Observer for Silent {}

/// A row, or one event of a row, that cannot be read back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {}{reason}", range(*first, *count))]
pub struct BadRow {
    /// The day file.
    pub file: String,
    /// Sequence of the first event that is lost to the engine.
    pub first: Sequence,
    /// How many events; 0 when no number is known to be lost.
    pub count: u32,
    /// Checksum, compression, form, or what SQLite said.
    pub reason: String,
}

/// The numbers that are lost, both ends among them.
fn range(first: Sequence, count: u32) -> String {
    match u64::from(count) {
        0 => String::new(),
        count => format!("events {first}..{}: ", first.saturating_add(count - 1)),
    }
}
