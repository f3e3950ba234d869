//! What a backend must be able to do. SQLite is the embedded one; a replicated log can take its
//! place without the writer, the handle or anybody's code above noticing.

use super::{Cursor, JournalError, Sequence};
use crate::event::UnixMs;

/// Events that become durable together.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// Sequence of the first event.
    pub first: Sequence,
    /// How many events; 0 when only cursors move.
    pub count: u32,
    /// The events in the form of a row (`form`); nothing when there are none.
    pub row: &'a [u8],
    /// Earliest and latest `at_ms`.
    pub at_ms: (UnixMs, UnixMs),
    /// Earliest and latest `received_ms`.
    pub received_ms: (UnixMs, UnixMs),
    /// Cursors that move with the events, in the order of their appends.
    pub cursors: &'a [Cursor],
}

/// A place where batches become durable. Used by one thread.
pub trait Store: Send + 'static {
    /// Makes a batch durable, all of it or nothing, and says how many bytes it took. When it
    /// returns `Ok`, a power cut loses none of it.
    fn commit(&mut self, batch: &Batch<'_>, now_ms: UnixMs) -> Result<usize, StoreError>;

    /// Finds out, by writing for real, whether a commit has a chance. Called now and then while
    /// commits fail.
    fn probe(&mut self, now_ms: UnixMs) -> Result<(), StoreError>;

    /// Looks, without writing, whether what was committed is still there. Called now and then while
    /// there is nothing to commit.
    fn look(&mut self) -> Result<(), StoreError>;
}

/// Why a store could not write.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {reason}")]
pub struct StoreError {
    /// The file or address.
    pub path: String,
    /// What it said.
    pub reason: String,
}

impl From<StoreError> for JournalError {
    fn from(error: StoreError) -> Self {
        JournalError::Unwritable { path: error.path, reason: error.reason }
    }
}
