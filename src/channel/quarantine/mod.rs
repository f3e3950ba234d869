//! Where input goes that could not be decoded: kept for a while, readable by the operator
//! alone, decoded again on request.
//!
//! Channel actors hand a [`NewEntry`] to the [`Quarantine`] handle and wait until it is on disk
//! (only then may a network be told "200, do not retry"). One thread owns the SQLite file in
//! the state folder. The `tablica quarantine` command opens the same file; it asks for a retry
//! by a flag in it, which [`run_retries`] finds each second and hands to a [`Redeliver`].
//!
//! Raw input holds customers' words: it never gets into a log line, a metric or an error. With
//! `quarantine.keep = "0"` it is not kept at all.

mod input;
mod scrub;
mod store;
mod writer;

use serde::{Deserialize, Serialize};
use std::future::Future;

pub use self::store::{Filter, Store};
pub use self::writer::{Counts, Quarantine, QuarantineThread, run_retries, start};
use crate::channel::host::FailureClass;
use crate::event::UnixMs;
use crate::journal::SideFileError;

/// What a plugin says, as a log may have it: one short line without quotations and numbers, because
/// it may quote what a customer wrote.
pub(super) fn fit_for_the_log(text: &str) -> String {
    scrub::reason(&scrub::reason_of(FailureClass::BadInput, text))
}

/// Names an entry; grows with time, never reused.
pub type EntryId = i64;

/// Which of the plugin's inputs it was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RawKind {
    /// A webhook call.
    Webhook,
    /// The answer to a `fetch`.
    Response,
    /// A line of a file.
    Line,
    /// A document, of which its beginning is kept.
    Document,
    /// A timer; nothing to keep but its tag.
    Timer,
    /// Anything else.
    #[default]
    Other,
}

/// An input, complete enough to be given to the plugin again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Raw {
    /// Which input.
    pub kind: RawKind,
    /// Of a webhook.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub method: String,
    /// Of a webhook; values of secret-looking names are dropped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// Of a webhook or response; those that hold secrets are dropped.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    /// Of a response.
    pub status: u16,
    /// Of a response or timer.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub tag: String,
    /// Of a line; of a document its name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub file: String,
    /// Of a line.
    pub offset: u64,
    /// Of a document: its media type.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub media_type: String,
    /// Of a document: when its box received it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document_ms: Option<UnixMs>,
    /// Of a document: what is kept is not all of it.
    pub is_cut: bool,
    /// The bytes themselves; beside the rest, not in it.
    #[serde(skip)]
    pub body: Vec<u8>,
}

/// What a channel hands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEntry {
    /// The channel's name.
    pub channel: String,
    /// The plugin's name and version.
    pub plugin: String,
    /// When the input arrived.
    pub received_ms: UnixMs,
    /// Why, as counted.
    pub class: FailureClass,
    /// Why, in a sentence, perhaps the plugin's; shortened before it is kept.
    pub reason: String,
    /// The input.
    pub raw: Raw,
}

/// How far an entry has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Waits for somebody to look.
    Held,
    /// The operator asked for a retry.
    Requested,
    /// The server is retrying.
    Running,
    /// Decoded at last; its input is gone.
    Decoded {
        /// How many events it gave.
        events: u64,
    },
}

/// What is kept.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entry {
    /// Its name.
    pub id: EntryId,
    /// The channel's name.
    pub channel: String,
    /// The plugin's name and version when it failed.
    pub plugin: String,
    /// When the input arrived.
    pub received_ms: UnixMs,
    /// Why, as counted.
    pub class: FailureClass,
    /// Why, in a sentence.
    pub reason: String,
    /// Retries so far.
    pub attempts: u32,
    /// How far it has come.
    pub state: State,
    /// Size of the input.
    pub bytes: u64,
    /// The input, unless only the reason was kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw: Option<Raw>,
}

impl Entry {
    /// Whether a retry has decoded it.
    pub fn is_decoded(&self) -> bool {
        matches!(self.state, State::Decoded { .. })
    }
}

/// What became of a retry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Redelivery {
    /// Decoded, and its events are on disk.
    Decoded {
        /// How many.
        events: u64,
    },
    /// Failed again, or cannot be tried (the channel is gone).
    Failed {
        /// Why, as counted.
        class: FailureClass,
        /// Why, in a sentence.
        reason: String,
    },
}

/// Gives an input to its channel's plugin again, past verification (it was verified when it
/// arrived), and does not put it into quarantine a second time.
pub trait Redeliver: Send + Sync + 'static {
    /// Resolves when the plugin has decoded it and its events are on disk, or when it failed.
    fn redeliver(&self, entry: Entry) -> impl Future<Output = Redelivery> + Send;
}

/// Why the quarantine does not take or give an entry.
#[derive(Debug, thiserror::Error)]
pub enum QuarantineError {
    /// The file cannot be read or written.
    #[error(transparent)]
    File(#[from] SideFileError),
    /// The thread cannot be started.
    #[error("cannot start the thread of the quarantine: {0}")]
    Thread(std::io::Error),
    /// The server is stopping.
    #[error("the quarantine is closed: the server is stopping")]
    Closed,
    /// An earlier commit failed; the reason has been given to whoever was first in it.
    #[error("the quarantine could not be written: {0}")]
    Unwritable(String),
}
