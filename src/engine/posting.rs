//! What one stay in a queue puts into the books, and exactly that it later takes out again.
//!
//! A posting remembers the times and verdicts by which it was counted. When a contact's course
//! is derived anew, the old posting is reversed and the new one made: no figure is ever adjusted
//! in any other way, so the books always balance.

use serde::{Deserialize, Serialize};

use super::entry::{Entry, Fields, Item};
use super::fact::QueueId;
use super::field::{Field, Length, Sum};
use super::machine::{Class, Outcome, Segment};
use super::rules::Promises;
use super::slice::PersonId;
use crate::event::{Millis, UnixMs};

/// See the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Posting {
    pub(super) queue: QueueId,
    /// Who answered.
    pub(super) agent: PersonId,
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
    /// The first public human reply: when, how long after the opening, and how much of that in
    /// business hours.
    pub(super) response: Option<(UnixMs, Millis, Millis)>,
    pub(super) bot_response: Option<(UnixMs, Millis)>,
}

impl Posting {
    /// What is to be counted for a segment, as things stand at `now_ms`.
    pub(super) fn of(
        segment: &Segment,
        agent: PersonId,
        class: Class,
        promises: &Promises,
        now_ms: UnixMs,
    ) -> Self {
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
            agent,
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
            response: segment.response.map(|(at_ms, length_ms)| {
                let business_ms = promises.hours.open_ms_between(at_ms - length_ms, at_ms);
                (past(at_ms), length_ms, business_ms)
            }),
            bot_response: segment.bot_response.map(|(at_ms, length)| (past(at_ms), length)),
        }
    }

    pub(super) fn is_waiting(&self) -> bool {
        self.offered && self.outcome == Outcome::Waiting
    }

    /// Everything that it counts as, in so many parts. The same part of two postings is about the
    /// same thing.
    pub(super) const PARTS: usize = 5;

    /// One of them, if there is anything to it.
    pub(super) fn entry(&self, part: usize) -> Option<Entry> {
        match part {
            0 if self.offered => Some(self.course()),
            0 => Some(Entry::other(self.offered_at_ms, Item::Stay(self.class), 1)),
            _ if !self.offered => None,
            1 => self.service_level(),
            2 => self.longest(),
            3 => self.first_response(),
            4 => self.first_bot_response(),
            _ => None,
        }
    }

    fn course(&self) -> Entry {
        let mut fields = Fields::of(Field::Offered);
        if self.first {
            fields.add(Field::Contacts);
        }
        if self.class == Class::Voice {
            fields.add(Field::OfferedCalls);
        }
        match self.outcome {
            Outcome::Waiting => fields.add(Field::Waiting),
            Outcome::Answered => fields.add(Field::Answered),
            Outcome::Abandoned => {
                fields.add(Field::Abandoned);
                if self.within_short {
                    fields.add(Field::AbandonedShort);
                }
            }
            Outcome::FlowedOut(flow) => {
                fields.add(Field::FlowedOut);
                fields.add(flow.field());
            }
        }
        let answered = self.outcome == Outcome::Answered;
        Entry {
            sums: [answered.then_some((Sum::WaitAnswered, self.wait_ms)), None],
            lengths: [answered.then_some((Length::Wait, self.wait_ms)), None],
            others: [Some((Item::Stay(self.class), 1)), None],
            ..Entry::new(self.offered_at_ms, fields)
        }
    }

    fn service_level(&self) -> Option<Entry> {
        let at_ms = self.decided_at_ms?;
        let mut fields = Fields::of(Field::Decided);
        match self.outcome {
            Outcome::Waiting => {}
            Outcome::Answered => {
                fields.add(Field::DecidedAnswered);
                if self.within_threshold {
                    fields.add(Field::DecidedInTime);
                }
            }
            Outcome::Abandoned => {
                fields.add(Field::DecidedAbandoned);
                if self.within_threshold {
                    fields.add(Field::DecidedAbandonedInTime);
                }
                if self.within_short {
                    fields.add(Field::DecidedAbandonedShort);
                }
            }
            Outcome::FlowedOut(_) => fields.add(Field::DecidedFlowedOut),
        }
        let longest = (at_ms == self.outcome_at_ms).then_some((Item::Longest, self.wait_ms));
        let longest = longest.filter(|_| !self.is_waiting());
        Some(Entry { others: [longest, None], ..Entry::new(at_ms, fields) })
    }

    /// The wait, where it is not told together with how service level was decided.
    fn longest(&self) -> Option<Entry> {
        let is_told = self.decided_at_ms == Some(self.outcome_at_ms);
        let longest = || Entry::other(self.outcome_at_ms, Item::Longest, self.wait_ms);
        (!self.is_waiting() && !is_told).then(longest)
    }

    fn first_response(&self) -> Option<Entry> {
        let (at_ms, length_ms, business_ms) = self.response?;
        Some(Entry {
            sums: [Some((Sum::Response, length_ms)), Some((Sum::ResponseBusiness, business_ms))],
            lengths: [
                Some((Length::Response, length_ms)),
                Some((Length::ResponseBusiness, business_ms)),
            ],
            ..Entry::new(at_ms, Fields::of(Field::Responses))
        })
    }

    fn first_bot_response(&self) -> Option<Entry> {
        let (at_ms, length_ms) = self.bot_response?;
        Some(Entry {
            sums: [Some((Sum::BotResponse, length_ms)), None],
            ..Entry::new(at_ms, Fields::of(Field::BotResponses))
        })
    }
}
