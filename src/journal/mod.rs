//! The durable log: a 2xx to a network means that its event is in here, on disk.
//!
//! Callers hand [`Append`]s to a [`JournalHandle`]; one writer thread commits whatever is
//! waiting (group commit with no timer: the next commit starts when the last one ends), answers
//! each append and passes the committed events on to the engine in journal order.
//!
//! | file | what is in it |
//! |---|---|
//! | `handle` | the callers' end of the queue |
//! | `writer` | the one thread that commits, answers, forwards, and waits out a full disk |
//! | `progress` | what is committed and not in the figures yet |
//! | `batch` | what one commit is made of: events, encoded once |
//! | `form` | how events stand in a row |
//! | `store` | the trait a backend implements; `sqlite` is the embedded one |
//! | `snapshots` | the engine's state, so that a start need not fold everything |
//! | `recovery` | [`open`]: what the last run left, and the way from there to a running writer |
//! | `sqlite/reader` | [`read`]: the events of any time, beside a running server, without a lock |
//! | `sqlite/clock_set` | where the clock was set, and the right times of the events before |
//! | `rollups` | counts by quarter hour, beside the log: they can be made of it again |
//! | `seen_ids` | ids of the events that the engine has seen, beside the snapshots |
//! | `mark` | the last sequence, kept outside the files, so that a cut one is noticed |
//! | `sqlite/check`, `sqlite/repair` | which numbers are lost, and a whole file in place of a damaged one |
//! | `side_file` | SQLite files beside the journal, which must not keep a server from starting |
//! | `folder` | the state folder: lock, rights |
//!
//! Files are changed by SQLite and through `crate::files` alone: there `crate::torture` puts a
//! simulated disk, cuts the power and sees whether all of this has kept its word.
//!
//! It may not interpret events, and it depends on nothing but [`crate::event`], its own part of
//! the config, the clock, and the opening of files. What it has to say to telemetry goes through [`Observer`].

mod batch;
mod folder;
mod form;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod handle;
mod mark;
mod observer;
mod progress;
mod recovery;
pub mod rollups;
mod seen_ids;
pub(crate) mod side_file;
mod snapshots;
mod sqlite;
mod store;
mod writer;

pub use handle::JournalHandle;
pub use observer::{BadRow, Observer, SetAside, Silent};
pub use progress::{Behind, Progress};
pub use recovery::{OpenError, Opened, Options, open, open_with};
pub use seen_ids::{IdBatch, SeenIds, Stored, load_beside};
pub use side_file::SideFileError;
pub use snapshots::{Snapshot, snapshots_in};
pub use sqlite::{
    BeforeOpening, Check, CheckedFile, Events, Held, Lost, ReadError, Reader, RepairError,
    Repaired, RepairedFile, RightTimes, Tail, check, read, repair,
};
pub(crate) use sqlite::{open_read_only, set_aside};
pub use store::{Batch, Store, StoreError};
pub use writer::JournalThread;
#[cfg(test)]
pub(crate) use writer::WriterByHand;

use std::collections::BTreeMap;

use tokio::sync::oneshot;

use crate::event::Event;

/// Position of an event in the journal; starts at 1, never reused, no gaps.
pub type Sequence = u64;

/// Events that become durable together, or not at all.
pub struct Append {
    /// The events, in order. May be empty when only cursors move.
    pub events: Vec<Event>,
    /// Where the channel's source and its plugin stand after these events; stored in the same
    /// transaction.
    pub cursors: Vec<Cursor>,
    /// Told once the fate of the append is known; gone receivers are ignored.
    pub done: Vec<oneshot::Sender<Result<(), JournalError>>>,
}

/// Where a channel's source and plugin stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The channel.
    pub channel: String,
    /// `source` (file position) or `plugin` (the plugin's snapshot).
    pub part: &'static str,
    /// Opaque to the journal.
    pub bytes: Vec<u8>,
}

/// Where each channel's source and plugin stand, by channel and part.
pub(crate) type Cursors = BTreeMap<(String, String), Vec<u8>>;

/// Committed events on their way to the engine.
#[derive(Debug)]
pub struct Committed {
    /// Sequence of the first event; the others follow without gaps.
    pub first: Sequence,
    /// The events.
    pub events: Vec<Event>,
}

/// Why an append did not become durable.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    /// `journal.pending_max` appends are waiting already: try again later.
    #[error("the journal is busy: {pending} appends are waiting (journal.pending_max)")]
    Busy {
        /// Appends waiting.
        pending: usize,
    },
    /// The disk refuses: full, read-only, broken.
    #[error("the journal cannot write to {path}: {reason}")]
    Unwritable {
        /// The file.
        path: String,
        /// What the disk said.
        reason: String,
    },
    /// It would not read back as it was written, so it is refused.
    #[error("event {event:?} cannot be journaled: {reason}")]
    Invalid {
        /// The event's id.
        event: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The server is stopping.
    #[error("the journal is closed: the server is stopping")]
    Closed,
}
