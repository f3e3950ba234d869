//! How far the engine is behind the journal: what is committed and not folded yet.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::Sequence;
use crate::clock;

/// Commits on their way to the engine. The journal's writer puts them in, whoever folds them takes
/// them out; there are never more than fit into the channel between the two.
#[derive(Debug, Default)]
pub struct Progress(Mutex<VecDeque<Waiting>>);

#[derive(Debug)]
struct Waiting {
    /// The last event of the commit.
    last: Sequence,
    events: u64,
    since: Instant,
}

/// What is committed and not folded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Behind {
    /// How many events; those of a commit that is being folded are all in it.
    pub events: u64,
    /// How long ago the oldest of them was committed.
    pub oldest: Duration,
}

impl Progress {
    /// These events are on disk.
    pub(super) fn committed(&self, first: Sequence, count: u32) {
        let events = u64::from(count);
        let last = first.saturating_add(events).saturating_sub(1);
        self.waiting().push_back(Waiting { last, events, since: clock::monotonic() });
    }

    /// All events up to this one are in the figures.
    pub fn folded(&self, sequence: Sequence) {
        let mut waiting = self.waiting();
        while waiting.front().is_some_and(|oldest| oldest.last <= sequence) {
            waiting.pop_front();
        }
    }

    /// How far the engine is behind now.
    pub fn behind(&self) -> Behind {
        let waiting = self.waiting();
        Behind {
            events: waiting.iter().map(|commit| commit.events).sum(),
            oldest: waiting.front().map(|oldest| oldest.since.elapsed()).unwrap_or_default(),
        }
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<Waiting>> {
        // A list of numbers is whole at any time.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_committed_is_behind_until_it_is_folded() {
        let progress = Progress::default();
        assert_eq!(progress.behind(), Behind::default());
        progress.committed(1, 10);
        progress.committed(11, 5);
        let behind = progress.behind();
        assert_eq!(behind.events, 15);
        while progress.behind().oldest <= behind.oldest {
            std::thread::yield_now();
        }
        progress.folded(10);
        assert_eq!(progress.behind().events, 5);
        progress.folded(15);
        assert_eq!(progress.behind(), Behind::default());
    }
}
