//! How far the engine is behind the journal: what is committed and not folded yet.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::Sequence;
use crate::clock;

/// Commits on their way to the engine. The journal's writer puts them in, whoever folds them takes
/// them out; there are never more than fit into the channel between the two.
#[derive(Debug, Default)]
pub struct Progress(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    waiting: VecDeque<Waiting>,
    stale: Stale,
}

/// Within which a commit is to be in the figures.
const FRESH: Duration = Duration::from_secs(1);

/// How long the figures lacked something that was committed longer than [`FRESH`] ago. Commits wait
/// side by side: each moment is counted once.
#[derive(Clone, Copy, Debug, Default)]
struct Stale {
    total: Duration,
    counted_until: Option<Instant>,
}

impl Stale {
    /// A commit of `since` was not in the figures until now.
    fn waited(&mut self, since: Instant, now: Instant) {
        let from = since + FRESH;
        let from = self.counted_until.map_or(from, |until| from.max(until));
        if from < now {
            self.total += now - from;
            self.counted_until = Some(now);
        }
    }
}

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
        let since = clock::monotonic();
        self.kept().waiting.push_back(Waiting { last, events, since });
    }

    /// All events up to this one are in the figures.
    pub fn folded(&self, sequence: Sequence) {
        let mut kept = self.kept();
        let now = clock::monotonic();
        while let Some(oldest) = kept.waiting.pop_front_if(|it| it.last <= sequence) {
            kept.stale.waited(oldest.since, now);
        }
    }

    /// For how long, since the start, the figures lacked an event that was committed more than a
    /// second before: also while they do.
    pub fn stale(&self) -> Duration {
        let mut kept = self.kept();
        if let Some(since) = kept.waiting.front().map(|oldest| oldest.since) {
            kept.stale.waited(since, clock::monotonic());
        }
        kept.stale.total
    }

    /// How far the engine is behind now.
    pub fn behind(&self) -> Behind {
        let waiting = &self.kept().waiting;
        Behind {
            events: waiting.iter().map(|commit| commit.events).sum(),
            oldest: waiting.front().map(|oldest| oldest.since.elapsed()).unwrap_or_default(),
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
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

    #[test]
    fn each_moment_in_which_something_is_late_is_counted_once() {
        let begun = clock::monotonic();
        let at = |ms| begun + Duration::from_millis(ms);
        let mut stale = Stale::default();
        let mut total_ms = |since_ms, now_ms| {
            stale.waited(at(since_ms), at(now_ms));
            stale.total.as_millis()
        };
        assert_eq!(total_ms(0, 900), 0, "in time");
        assert_eq!(total_ms(0, 3000), 2000);
        assert_eq!(total_ms(1500, 3000), 2000, "the same moments");
        assert_eq!(total_ms(1500, 3500), 2500, "and half a second more");
        assert_eq!(total_ms(10_000, 12_000), 3500);
    }
}
