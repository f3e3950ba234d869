//! Counts by quarter hour, kept for five weeks: what "the same span last week", arrival
//! profiles and reports are made of.
//!
//! The hub's side hands [`Row`]s to a [`Rollups`] handle, which never waits; one thread writes
//! them to `rollups.sqlite` in the state folder. A row holds absolute values and replaces the one
//! of the same quarter and slice, so it may be written again after any kill. What a slice or a
//! count means is the writer's and the reader's business; nothing in here looks into them.
//! `tablica report` and `tablica replay` read the file beside a running server.
//!
//! | file | what is in it |
//! |---|---|
//! | `store` | the SQLite file: opening, reading, writing, forgetting |
//! | `writer` | its thread, and the handle that everybody else has |
//!
//! Everything in the file can be counted again from the journal. So a damaged file is set aside
//! and a new one begun, instead of keeping the server from starting.

mod store;
mod writer;

pub use store::{Reader, Store, open, open_with};
#[cfg(test)]
pub(crate) use writer::RollupsByHand;
pub use writer::{Counts, Refused, Rollups, RollupsThread};

use super::SideFileError;
use crate::event::{Millis, UnixMs};

/// Length of a quarter hour.
pub const QUARTER_MS: Millis = 15 * 60 * 1000;

/// What one quarter hour counted for one slice.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    /// When the quarter hour began.
    pub quarter_ms: UnixMs,
    /// Which contacts or agents, as canonical text: `channel=pbx,queue=sales`.
    pub slice: String,
    /// Absolute values by name, as a JSON object: `sqlite3` can take it apart.
    pub counts: String,
}

/// Why roll-ups cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum RollupError {
    /// The file cannot be read or written.
    #[error(transparent)]
    File(#[from] SideFileError),
    /// The thread cannot be started.
    #[error("cannot start the thread of the roll-ups: {0}")]
    Thread(std::io::Error),
    /// They were handed in and are not on disk yet; the thread goes on trying.
    #[error("{rows} roll-ups could not be written yet: see the log, and the disk's free space")]
    Unwritten {
        /// How many.
        rows: usize,
    },
    /// The thread has ended.
    #[error("the roll-ups are closed: the server is stopping")]
    Closed,
}
