//! What one stay in a queue puts into the books, and exactly that it later takes out again.
//!
//! A posting remembers the times and verdicts by which it was counted. When a contact's course
//! is derived anew, the old posting is reversed and the new one made: no figure is ever adjusted
//! in any other way, so the books always balance.

use serde::{Deserialize, Serialize};

use super::fact::QueueId;
use super::machine::{Class, Outcome, Segment};
use super::rules::Promises;
use crate::event::{Millis, UnixMs};

/// See the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Posting {
    pub(super) queue: QueueId,
    pub(super) class: Class,
    pub(super) offered: bool,
    pub(super) first: bool,
    pub(super) offered_at_ms: UnixMs,
    pub(super) outcome: Outcome,
    pub(super) outcome_at_ms: UnixMs,
    pub(super) wait_ms: Millis,
    /// When service level was decided: at the first of an outcome and T passed.
    pub(super) decided_at_ms: Option<UnixMs>,
    /// The outcome came within T, and within s.
    pub(super) within_threshold: bool,
    pub(super) within_short: bool,
    pub(super) response: Option<(UnixMs, Millis)>,
    pub(super) bot_response: Option<(UnixMs, Millis)>,
}

impl Posting {
    /// What is to be counted for a segment, as things stand at `now_ms`.
    pub(super) fn of(segment: &Segment, class: Class, promises: &Promises, now_ms: UnixMs) -> Self {
        let threshold_ms = promises.threshold_ms(class);
        let passes_ms = segment.offered_at_ms.saturating_add(threshold_ms);
        let decided_at_ms = match segment.outcome {
            Outcome::Waiting => (now_ms > passes_ms).then_some(passes_ms),
            _ => Some(segment.outcome_at_ms.min(passes_ms)),
        };
        // A network's clock may run ahead of ours a little: nothing is counted in the future.
        let past = |at_ms: UnixMs| at_ms.min(now_ms);
        Posting {
            queue: segment.queue,
            class,
            offered: segment.offered,
            first: segment.first,
            offered_at_ms: past(segment.offered_at_ms),
            outcome: segment.outcome,
            outcome_at_ms: past(segment.outcome_at_ms),
            wait_ms: segment.wait_ms,
            decided_at_ms: decided_at_ms.map(past),
            within_threshold: segment.wait_ms <= threshold_ms,
            within_short: segment.wait_ms <= promises.short_abandon_ms,
            response: segment.response.map(|(at_ms, length)| (past(at_ms), length)),
            bot_response: segment.bot_response.map(|(at_ms, length)| (past(at_ms), length)),
        }
    }

    pub(super) fn is_waiting(&self) -> bool {
        self.offered && self.outcome == Outcome::Waiting
    }
}
