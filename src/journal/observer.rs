//! What the journal has to say to the outside: one call per happening.
//!
//! The journal knows no metrics and no log format; the composition root gives it an observer
//! that turns these calls into both. Calls come from the writer thread (and, for bad rows, from
//! whoever reads the tail), so an implementation must be quick and may not block.

use std::io;
use std::path::Path;
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

    /// A snapshot cannot be believed and is passed over.
    fn bad_snapshot(&self, path: &Path, error: &io::Error) {
        let _ = (path, error);
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

/// An observer that keeps silent.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Observer for Silent {}

/// A row, or one event of a row, that cannot be read back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}: events {first}..{}: {reason}", first + u64::from(*count))]
pub struct BadRow {
    /// The day file.
    pub file: String,
    /// Sequence of the first event that is lost to the engine.
    pub first: Sequence,
    /// How many events; 0 when the file itself cannot be read further.
    pub count: u32,
    /// Checksum, compression, JSON, or what SQLite said.
    pub reason: String,
}
