//! The channels' feeds: when each was last heard, whether it works, and whether silence means
//! anything.
//!
//! What is known of the feed itself (its file, its connections, its plugin, the network's own word)
//! goes before silence. Silence alone counts only while the channel is open, and only beyond what
//! is usual at this hour of the week.

use std::sync::Arc;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::engine::habit::Habit;
use crate::engine::promise::Calendar;
use crate::engine::rules::{ChannelRules, Tells};
use crate::event::{Feed, FeedPart, FeedState, Millis, UnixMs};
use crate::scope::{FeedHealth, FeedWhy};

/// A gap makes a feed late for the longest sliding window; after that nothing is missing in one.
const GAP_SHOWN_MS: Millis = 60 * 60_000;
/// Restarts of a network's side that are remembered; older calls have ended long ago.
const RESTARTS_MAX: usize = 16;
/// Silence is unusual from so many times the usual one on: chance makes one in a few weeks longer
/// than all that were known, and hardly ever twice as long.
const USUAL_TIMES: Millis = 2;

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

/// When a part of the feed last worked and last failed; the network's own word is of no part.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Part {
    part: Option<FeedPart>,
    up_ms: Option<UnixMs>,
    down_ms: Option<UnixMs>,
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
    /// Sorted; those of which something was said.
    parts: Vec<Part>,
    gap_ms: Option<UnixMs>,
    habit: Habit,
    /// Sorted.
    pub(in crate::engine) restarts_ms: Vec<UnixMs>,
    /// What its network tells of contacts, as far as that is known.
    pub(in crate::engine) tells: Tells,
    pub(in crate::engine) faults: Faults,
}

/// What is to be said of a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) struct Standing {
    pub(in crate::engine) feed: FeedHealth,
    pub(in crate::engine) why: Option<FeedWhy>,
    pub(in crate::engine) since_ms: Option<UnixMs>,
}

impl Standing {
    const LIVE: Standing = Standing { feed: FeedHealth::Live, why: None, since_ms: None };

    fn live(why: FeedWhy) -> Standing {
        Standing { why: Some(why), ..Standing::LIVE }
    }

    fn since(since_ms: UnixMs, feed: FeedHealth, why: FeedWhy) -> Standing {
        Standing { feed, why: Some(why), since_ms: Some(since_ms) }
    }
}

impl FeedLog {
    pub(in crate::engine) fn new(tells: Tells) -> Self {
        FeedLog { tells, ..FeedLog::default() }
    }

    pub(in crate::engine) fn heard(&mut self, at_ms: UnixMs, now_ms: UnixMs, zone: &TimeZone) {
        self.pass(now_ms, zone);
        self.last_event_ms = self.last_event_ms.max(Some(now_ms));
        self.latest_at_ms = self.latest_at_ms.max(at_ms);
    }

    /// The word of the network or the host on the feed. True when its side restarted.
    pub(in crate::engine) fn word(
        &mut self,
        word: Feed,
        at_ms: UnixMs,
        now_ms: UnixMs,
        zone: &TimeZone,
    ) -> bool {
        self.pass(now_ms, zone);
        let at = Some(at_ms);
        match word.state {
            FeedState::Up | FeedState::Restarted => {
                self.up_ms = self.up_ms.max(at);
                let part = self.part(word.part);
                part.up_ms = part.up_ms.max(at);
            }
            FeedState::Down => {
                let part = self.part(word.part);
                part.down_ms = part.down_ms.max(at);
                self.habit.spoil();
            }
            FeedState::Gap => {
                self.gap_ms = self.gap_ms.max(at);
                self.habit.spoil();
            }
        }
        if word.state != FeedState::Restarted {
            return false;
        }
        let place = self.restarts_ms.partition_point(|held| *held < at_ms);
        self.restarts_ms.insert(place, at_ms);
        if self.restarts_ms.len() > RESTARTS_MAX {
            self.restarts_ms.remove(0);
        }
        true
    }

    fn pass(&mut self, now_ms: UnixMs, zone: &TimeZone) {
        let works = self.broken().is_none();
        self.habit.advance(self.last_event_ms, now_ms, works, zone);
    }

    fn part(&mut self, part: Option<FeedPart>) -> &mut Part {
        let place = self.parts.partition_point(|held| held.part < part);
        if self.parts.get(place).is_none_or(|held| held.part != part) {
            self.parts.insert(place, Part { part, up_ms: None, down_ms: None });
        }
        &mut self.parts[place]
    }

    /// The part that has been broken for longest, and since when.
    fn broken(&self) -> Option<(Option<FeedPart>, UnixMs)> {
        // Events that happened after it went down prove that it is back.
        let proof_ms = self.last_event_ms.map(|_| self.latest_at_ms);
        // A network that says that it delivers does so by all parts.
        let told = self.parts.first().filter(|held| held.part.is_none());
        let told_ms = told.and_then(|held| held.up_ms);
        let since = |held: &Part| {
            let up_ms = match held.part {
                // Whatever works, works by the network.
                None => self.up_ms,
                Some(_) => held.up_ms.max(told_ms),
            };
            let down_ms = held.down_ms.filter(|_| held.down_ms > up_ms.max(proof_ms))?;
            Some((held.part, down_ms))
        };
        self.parts.iter().filter_map(since).min_by_key(|(_, since_ms)| *since_ms)
    }

    /// Parts of which the host said last that they don't work.
    pub(in crate::engine) fn broken_parts(&self) -> impl Iterator<Item = FeedPart> {
        let down = self.parts.iter().filter(|held| held.down_ms > held.up_ms);
        down.filter_map(|held| held.part)
    }

    /// Whether it can be trusted now. `hours` gives the channel's calendars: it is open while one
    /// of them is.
    pub(in crate::engine) fn standing(
        &self,
        rules: &ChannelRules,
        now_ms: UnixMs,
        zone: &TimeZone,
        hours: impl FnOnce() -> Vec<Arc<Calendar>>,
    ) -> Standing {
        if let Some((part, since_ms)) = self.broken() {
            return Standing::since(since_ms, FeedHealth::Silent, FeedWhy::of(part));
        }
        let Some(heard_ms) = self.last_event_ms.max(self.up_ms) else {
            return Standing { feed: FeedHealth::NoData, why: None, since_ms: None };
        };
        let silence = match now_ms.saturating_sub(heard_ms) > rules.late_after_ms {
            true => self.silence(heard_ms, rules, now_ms, zone, &hours()),
            false => Standing::LIVE,
        };
        let gap_ms = self.gap_ms.filter(|gap_ms| {
            self.up_ms < Some(*gap_ms) && now_ms.saturating_sub(*gap_ms) <= GAP_SHOWN_MS
        });
        match gap_ms {
            Some(gap_ms) if silence.feed == FeedHealth::Live => {
                Standing::since(gap_ms, FeedHealth::Late, FeedWhy::Gap)
            }
            _ => silence,
        }
    }

    /// What it means that nothing has come for longer than `late_after`.
    fn silence(
        &self,
        heard_ms: UnixMs,
        rules: &ChannelRules,
        now_ms: UnixMs,
        zone: &TimeZone,
        hours: &[Arc<Calendar>],
    ) -> Standing {
        let usual_ms = self.habit.usual_ms(now_ms, zone).unwrap_or_default();
        let late_ms = rules.late_after_ms.max(USUAL_TIMES * usual_ms);
        let beyond_late_ms = rules.silent_after_ms.saturating_sub(rules.late_after_ms).max(0);
        let silent_ms = late_ms.saturating_add(beyond_late_ms);
        // Further back makes no difference.
        let from_ms = heard_ms.max(now_ms.saturating_sub(silent_ms).saturating_sub(1));
        let Some(from_ms) = open_since(hours, from_ms, now_ms) else {
            return Standing::live(FeedWhy::Closed);
        };
        let quiet_ms = now_ms.saturating_sub(from_ms);
        let since = |feed| Standing::since(heard_ms, feed, FeedWhy::Silence);
        match quiet_ms {
            _ if quiet_ms > silent_ms => since(FeedHealth::Silent),
            _ if quiet_ms > late_ms => since(FeedHealth::Late),
            _ if quiet_ms > rules.late_after_ms => Standing::live(FeedWhy::Usual),
            _ => Standing::LIVE,
        }
    }
}

/// Since when the channel has been open without a break, not before `from_ms`; nothing while all
/// calendars are closed. Who opens has not been silent before.
fn open_since(hours: &[Arc<Calendar>], from_ms: UnixMs, now_ms: UnixMs) -> Option<UnixMs> {
    let is_open = |at_ms| hours.iter().any(|hours| hours.is_open(at_ms));
    let mut since_ms = is_open(from_ms).then_some(from_ms);
    let mut at_ms = from_ms;
    loop {
        let changes = hours.iter().filter_map(|hours| hours.next_change_ms(at_ms));
        match changes.filter(|change_ms| *change_ms <= now_ms).min() {
            None => return since_ms,
            Some(change_ms) => at_ms = change_ms,
        }
        since_ms = is_open(at_ms).then(|| since_ms.unwrap_or(at_ms));
    }
}

#[cfg(test)]
mod tests;
