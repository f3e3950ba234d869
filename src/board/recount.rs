//! Counting everything anew, after the machine's clock was set or the rules were changed: what was
//! counted by the wrong time stands at the wrong places, and what was counted by other rules may
//! have to be another number.
//!
//! It is counted on a thread that may block, while the hub goes on with what it has; events that
//! come in meanwhile are kept for the new engine, too.

use std::sync::Arc;

use tokio::task::JoinHandle;

use super::notice::Notice;
use crate::engine::Engine;
use crate::event::Event;
use crate::journal::{Committed, Sequence};

/// Counts everything that the journal holds by now, by the right times and the rules of now. Blocks.
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
    why: Why,
    /// The last one failed.
    has_failed: bool,
}

/// Why everything is counted anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    ClockSet,
    NewRules,
}

impl Recounts {
    pub(super) fn new(recount: Option<Recount>, set: u64) -> Self {
        Self { recount, set, job: None, kept: Vec::new(), why: Why::ClockSet, has_failed: false }
    }

    /// Starts when the clock has been set since.
    pub(super) fn look(&mut self, set: u64) {
        if set != self.set {
            self.set = set;
            self.why = Why::ClockSet;
            self.begin();
        }
    }

    /// Starts, because the engine's rules are others.
    pub(super) fn begin_by_new_rules(&mut self) {
        // That the clock was set is the worse news, until it is done.
        if self.job.is_none() {
            self.why = Why::NewRules;
        }
        self.begin();
    }

    fn begin(&mut self) {
        let Some(recount) = self.recount.clone() else { return };
        // One that is under way began before: its outcome is dropped.
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
        let (runs, has_failed) = match self.why {
            Why::ClockSet => (Notice::CountedAnew, Notice::NotCountedAnew),
            Why::NewRules => (Notice::CountedByNewRules, Notice::NotCountedByNewRules),
        };
        self.job.as_ref().map(|_| runs).or(self.has_failed.then_some(has_failed))
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
                    why = ?self.why,
                    "what was counted cannot be counted anew: figures may be wrong until a restart"
                );
                None
            }
            // The thread panicked, which its hook has reported.
            Err(_) => None,
        }
    }
}
