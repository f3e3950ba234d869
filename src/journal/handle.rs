//! The callers' end of the journal's queue.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError};

use tokio::sync::{oneshot, watch};

use super::snapshots::Snapshots;
use super::{Append, Cursor, JournalError, Progress, Sequence};
use crate::event::Event;

/// What goes through the queue.
pub(super) enum Job {
    Append(Append),
    /// Commit what is waiting, then end.
    Stop,
}

/// What handle and writer both see.
#[derive(Default)]
pub(super) struct Shared {
    /// The last commit or probe failed.
    pub(super) unwritable: AtomicBool,
    /// The writer is at a commit.
    pub(super) committing: watch::Sender<bool>,
    /// The server is stopping: nothing new is taken.
    pub(super) closing: AtomicBool,
    /// How far the engine is behind.
    pub(super) progress: Arc<Progress>,
}

/// Hands appends to the writer thread. Cheap to clone.
#[derive(Clone)]
pub struct JournalHandle {
    pub(super) queue: SyncSender<Job>,
    pub(super) shared: Arc<Shared>,
    pub(super) pending_max: usize,
    pub(super) snapshots_dir: Arc<PathBuf>,
}

impl JournalHandle {
    /// Appends, and returns when the events are on disk. Never waits for a place in the queue:
    /// a full one is [`JournalError::Busy`] at once.
    pub async fn append(
        &self,
        events: Vec<Event>,
        cursor: Option<Cursor>,
    ) -> Result<(), JournalError> {
        let (done, outcome) = oneshot::channel();
        self.try_append(Append { events, cursors: cursor.into_iter().collect(), done: vec![done] })
            .map_err(|(_, error)| error)?;
        // A writer that ended without an answer has not committed it.
        outcome.await.unwrap_or(Err(JournalError::Closed))
    }

    /// Puts an append in the queue and returns; its `done` is told when it is on disk. A `done`
    /// that is dropped untold means [`JournalError::Closed`]. An append that was not taken comes
    /// back with the reason.
    // The error carries the append back on purpose: the caller wants to retry it.
    #[allow(clippy::result_large_err, reason = "the append itself comes back")]
    pub fn try_append(&self, append: Append) -> Result<(), (Append, JournalError)> {
        if self.shared.closing.load(Ordering::Acquire) {
            return Err((append, JournalError::Closed));
        }
        self.queue.try_send(Job::Append(append)).map_err(|error| match error {
            TrySendError::Full(job) => {
                (job.into_append(), JournalError::Busy { pending: self.pending_max })
            }
            TrySendError::Disconnected(job) => (job.into_append(), JournalError::Closed),
        })
    }

    /// Whether the last write succeeded: readiness follows it. Turns true again by itself.
    pub fn is_writable(&self) -> bool {
        !self.shared.unwritable.load(Ordering::Acquire)
    }

    /// Resolves when the commit that is under way is done; none when there is none. What is appended
    /// before that waits for the next one.
    pub fn commit_under_way(&self) -> Option<impl Future<Output = ()> + Send + use<>> {
        let committing = &self.shared.committing;
        committing.borrow().then(|| {
            let mut committing = committing.subscribe();
            // A writer that ends says that it does not commit.
            async move { drop(committing.wait_for(|committing| !committing).await) }
        })
    }

    /// What is committed and not folded yet. Whoever folds says so there.
    pub fn progress(&self) -> &Arc<Progress> {
        &self.shared.progress
    }

    /// Keeps the engine's state as it is after `sequence`; the newest two are kept. Off the
    /// runtime's threads, and independent of the writer.
    pub async fn save_snapshot(
        &self,
        sequence: Sequence,
        bytes: Vec<u8>,
    ) -> Result<(), JournalError> {
        let dir = Arc::clone(&self.snapshots_dir);
        tokio::task::spawn_blocking(move || Snapshots::at(&dir).save(sequence, &bytes))
            .await
            .unwrap_or(Err(JournalError::Closed))
    }
}

impl Job {
    /// What try_append put in it.
    fn into_append(self) -> Append {
        match self {
            Job::Append(append) => append,
            Job::Stop => Append { events: Vec::new(), cursors: Vec::new(), done: Vec::new() },
        }
    }
}
