//! The channels' feeds: when each was last heard, and whether it can be trusted now.

use serde::{Deserialize, Serialize};

use crate::engine::rules::{ChannelRules, Tells};
use crate::event::{FeedState, Millis, UnixMs};
use crate::scope::FeedHealth;

/// A gap makes a feed late for the longest sliding window; after that nothing is missing in one.
const GAP_SHOWN_MS: Millis = 60 * 60_000;
/// Restarts of a network's side that are remembered; older calls have ended long ago.
const RESTARTS_MAX: usize = 16;

/// What a channel delivered that could not be counted as it came. All since the beginning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Faults {
    /// Events already known by their id: counted once only.
    pub duplicates: u64,
    /// Events from the future, beyond `contacts.clock_skew_max`: taken as of now.
    pub clamped: u64,
    /// Events too old for the contact they belong to to be known (`contacts.duplicate_window`).
    pub late: u64,
    /// Events of a kind that only a newer plugin knows.
    pub not_understood: u64,
}

/// One channel's feed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in crate::engine) struct FeedLog {
    /// When its last event came in.
    pub(in crate::engine) last_event_ms: Option<UnixMs>,
    /// When the last event happened.
    latest_at_ms: UnixMs,
    /// When it last said that it is up.
    up_ms: Option<UnixMs>,
    down_ms: Option<UnixMs>,
    gap_ms: Option<UnixMs>,
    /// Sorted.
    pub(in crate::engine) restarts_ms: Vec<UnixMs>,
    /// What its network tells of contacts, as far as that is known.
    pub(in crate::engine) tells: Tells,
    pub(in crate::engine) faults: Faults,
}

impl FeedLog {
    pub(in crate::engine) fn new(tells: Tells) -> Self {
        FeedLog { tells, ..FeedLog::default() }
    }

    pub(in crate::engine) fn heard(&mut self, at_ms: UnixMs, now_ms: UnixMs) {
        self.last_event_ms = self.last_event_ms.max(Some(now_ms));
        self.latest_at_ms = self.latest_at_ms.max(at_ms);
    }

    /// The word of the network or the host on the feed. True when its side restarted.
    pub(in crate::engine) fn word(&mut self, state: FeedState, at_ms: UnixMs) -> bool {
        match state {
            FeedState::Up => self.up_ms = self.up_ms.max(Some(at_ms)),
            FeedState::Down => self.down_ms = self.down_ms.max(Some(at_ms)),
            FeedState::Gap => self.gap_ms = self.gap_ms.max(Some(at_ms)),
            FeedState::Restarted => {
                self.up_ms = self.up_ms.max(Some(at_ms));
                let place = self.restarts_ms.partition_point(|held| *held < at_ms);
                self.restarts_ms.insert(place, at_ms);
                if self.restarts_ms.len() > RESTARTS_MAX {
                    self.restarts_ms.remove(0);
                }
                return true;
            }
        }
        false
    }

    pub(in crate::engine) fn health(&self, rules: &ChannelRules, now_ms: UnixMs) -> FeedHealth {
        // Events that happened after it went down prove that it is back.
        let proof_ms = self.up_ms.max(self.last_event_ms.map(|_| self.latest_at_ms));
        if self.down_ms.is_some() && self.down_ms > proof_ms {
            return FeedHealth::Silent;
        }
        let Some(heard_ms) = self.last_event_ms.max(self.up_ms) else {
            return FeedHealth::NoData;
        };
        let quiet_ms = now_ms.saturating_sub(heard_ms);
        let has_gap = self.gap_ms.is_some_and(|gap_ms| {
            self.up_ms < Some(gap_ms) && now_ms.saturating_sub(gap_ms) <= GAP_SHOWN_MS
        });
        if quiet_ms > rules.silent_after_ms {
            FeedHealth::Silent
        } else if quiet_ms > rules.late_after_ms || has_gap {
            FeedHealth::Late
        } else {
            FeedHealth::Live
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Millis = 60_000;

    #[test]
    fn a_feed_grows_late_then_silent_and_lives_again() {
        let rules = ChannelRules::default();
        let mut feed = FeedLog::default();
        assert_eq!(feed.health(&rules, 0), FeedHealth::NoData);
        feed.heard(0, 0);
        assert_eq!(feed.health(&rules, 15 * MINUTE), FeedHealth::Live);
        assert_eq!(feed.health(&rules, 15 * MINUTE + 1), FeedHealth::Late);
        assert_eq!(feed.health(&rules, 61 * MINUTE), FeedHealth::Silent);
        feed.word(FeedState::Up, 62 * MINUTE);
        assert_eq!(feed.health(&rules, 62 * MINUTE), FeedHealth::Live);
    }

    #[test]
    fn down_is_silent_until_it_is_up_or_proves_it() {
        let rules = ChannelRules::default();
        let mut feed = FeedLog::default();
        feed.heard(0, 0);
        feed.word(FeedState::Down, MINUTE);
        assert_eq!(feed.health(&rules, 2 * MINUTE), FeedHealth::Silent);
        // An older event that comes late proves nothing.
        feed.heard(MINUTE / 2, 2 * MINUTE);
        assert_eq!(feed.health(&rules, 2 * MINUTE), FeedHealth::Silent);
        feed.heard(3 * MINUTE, 3 * MINUTE);
        assert_eq!(feed.health(&rules, 3 * MINUTE), FeedHealth::Live);
    }

    #[test]
    fn a_gap_is_late_for_an_hour_or_until_up() {
        let rules = ChannelRules::default();
        let mut feed = FeedLog::default();
        feed.word(FeedState::Gap, MINUTE);
        feed.heard(2 * MINUTE, 2 * MINUTE);
        assert_eq!(feed.health(&rules, 2 * MINUTE), FeedHealth::Late);
        feed.heard(62 * MINUTE, 62 * MINUTE);
        assert_eq!(feed.health(&rules, 62 * MINUTE), FeedHealth::Live);
        feed.word(FeedState::Gap, 63 * MINUTE);
        feed.word(FeedState::Up, 64 * MINUTE);
        assert_eq!(feed.health(&rules, 64 * MINUTE), FeedHealth::Live);
    }
}
