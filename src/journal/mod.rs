//! The durable log: a 2xx to a network means that its event is in here, on disk.
//!
//! Callers hand [`Append`]s to a [`JournalHandle`]; one writer thread commits whatever is
//! waiting (group commit with no timer: the next commit starts when the last one ends), answers
//! each append and passes the committed events on to the engine in journal order.

use tokio::sync::oneshot;

use crate::event::Event;

/// Position of an event in the journal; starts at 1, never reused, no gaps.
pub type Sequence = u64;

/// Events that become durable together, or not at all.
pub struct Append {
    /// The events, in order. May be empty when only the cursor moves.
    pub events: Vec<Event>,
    /// Where the channel's source stands after these events; stored in the same transaction.
    pub cursor: Option<Cursor>,
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
    /// The server is stopping.
    #[error("the journal is closed: the server is stopping")]
    Closed,
}
