//! Counting everything anew, after the machine's clock was set: what was counted by the wrong time
//! stands at the wrong places.
//!
//! It is counted on a thread that may block, while the hub goes on with what it has; events that
//! come in meanwhile are kept for the new engine, too.

use std::sync::Arc;

use tokio::task::JoinHandle;

use super::notice::Notice;
use crate::engine::Engine;
use crate::event::Event;
use crate::journal::{Committed, Sequence};

/// Counts everything that the journal holds by now, by the right times. Blocks.
pub type Recount = Arc<dyn Fn() -> anyhow::Result<(Engine, Sequence)> + Send + Sync>;

/// Events that are kept for the new engine; then the journal waits until it is there.
const EVENTS_KEPT_MAX: usize = 200_000;

/// An engine that was counted anew.
pub(super) struct Recounted {
    pub(super) engine: Engine,
    /// What came in while it was counted.
    pub(super) later: Vec<(Sequence, Event)>,
}

/// Whether everything is being counted anew, and what has come in meanwhile.
pub(super) struct Recounts {
    /// Nobody can, in a replay: its clock is never set.
    recount: Option<Recount>,
    /// How often the clock had been set when it was counted last.
    set: u64,
    job: Option<JoinHandle<anyhow::Result<(Engine, Sequence)>>>,
    kept: Vec<(Sequence, Event)>,
    /// The last one failed: figures stand at the wrong time.
    has_failed: bool,
}

impl Recounts {
    pub(super) fn new(recount: Option<Recount>, set: u64) -> Self {
        Self { recount, set, job: None, kept: Vec::new(), has_failed: false }
    }

    /// Starts when the clock has been set since.
    pub(super) fn look(&mut self, set: u64) {
        let Some(recount) = self.recount.clone().filter(|_| set != self.set) else { return };
        // One that is under way began before: its outcome is dropped.
        self.set = set;
        self.kept.clear();
        self.job = Some(tokio::task::spawn_blocking(move || recount()));
    }

    /// Keeps what comes in meanwhile.
    pub(super) fn keep(&mut self, commits: &[Committed]) {
        if self.job.is_some() {
            for commit in commits {
                let events = commit.events.iter().cloned();
                self.kept.extend((commit.first..).zip(events));
            }
        }
    }

    /// Nothing more can be kept until it is done.
    pub(super) fn is_full(&self) -> bool {
        self.kept.len() >= EVENTS_KEPT_MAX
    }

    pub(super) fn is_under_way(&self) -> bool {
        self.job.is_some()
    }

    /// What whoever reads numbers must know of it.
    pub(super) fn notice(&self) -> Option<Notice> {
        let failed = self.has_failed.then_some(Notice::NotCountedAnew);
        self.job.as_ref().map(|_| Notice::CountedAnew).or(failed)
    }

    /// Waits for the engine that is counted anew; for ever when none is.
    pub(super) async fn done(&mut self) -> Option<Recounted> {
        let Some(job) = &mut self.job else { return std::future::pending().await };
        let counted = job.await;
        self.job = None;
        let kept = std::mem::take(&mut self.kept);
        self.has_failed = !matches!(counted, Ok(Ok(_)));
        match counted {
            Ok(Ok((engine, sequence))) => {
                let later = kept.into_iter().filter(|(at, _)| *at > sequence).collect();
                Some(Recounted { engine, later })
            }
            Ok(Err(error)) => {
                tracing::error!(
                    %error,
                    "the clock was set, and what was counted cannot be counted anew: figures may \
                     be wrong until a restart"
                );
                None
            }
            // The thread panicked, which its hook has reported.
            Err(_) => None,
        }
    }
}
