//! What one stay in a queue puts into the books, and exactly that it later takes out again.
//!
//! A posting remembers the times and verdicts by which it was counted. When a contact's course
//! is derived anew, the old posting is reversed and the new one made: no figure is ever adjusted
//! in any other way, so the books always balance.

use serde::{Deserialize, Serialize};

use super::state::{Outcome, Stay};
use crate::engine::counting::{Entry, Fields, Item};
use crate::engine::counting::{Field, Length, Sum};
use crate::engine::ids::Class;
use crate::engine::ids::PersonId;
use crate::engine::ids::QueueId;
use crate::engine::observations::{Observations, Observed};
use crate::engine::rules::QueueThresholds;
use crate::event::{Millis, UnixMs};

/// See the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct StayCount {
    pub(in crate::engine) queue: QueueId,
    /// Who answered.
    pub(in crate::engine) agent: PersonId,
    pub(in crate::engine) class: Class,
    pub(in crate::engine) offered: bool,
    pub(in crate::engine) first: bool,
    pub(in crate::engine) offered_at_ms: UnixMs,
    pub(in crate::engine) outcome: Outcome,
    pub(in crate::engine) outcome_at_ms: UnixMs,
    pub(in crate::engine) wait_ms: Millis,
    /// When service level was decided: at the first of an outcome and T passed.
    pub(in crate::engine) decided_at_ms: Option<UnixMs>,
    /// The outcome came within T, and within s.
    pub(in crate::engine) within_threshold: bool,
    pub(in crate::engine) within_short: bool,
    /// The first public human reply: when, how long after the opening, and how much of that in
    /// business hours.
    pub(in crate::engine) response: Option<(UnixMs, Millis, Millis)>,
    pub(in crate::engine) bot_response: Option<(UnixMs, Millis)>,
}

impl StayCount {
    /// What is to be counted for a segment, as things stand at `now_ms`.
    pub(in crate::engine) fn of(
        segment: &Stay,
        agent: PersonId,
        class: Class,
        thresholds: &QueueThresholds,
        now_ms: UnixMs,
    ) -> Self {
        let threshold_ms = thresholds.threshold_ms(class);
        let passes_ms = segment.offered_at_ms.saturating_add(threshold_ms);
        let decided_at_ms = match segment.outcome {
            Outcome::Waiting => (now_ms > passes_ms).then_some(passes_ms),
            _ => Some(segment.outcome_at_ms.min(passes_ms)),
        };
        // A network's clock may run ahead of ours a little: nothing is counted in the future.
        let past = |at_ms: UnixMs| at_ms.min(now_ms);
        StayCount {
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
            within_short: segment.wait_ms <= thresholds.short_abandon_ms,
            response: segment.response.map(|(at_ms, length_ms)| {
                let business_ms = thresholds.hours.open_ms_between(at_ms - length_ms, at_ms);
                (past(at_ms), length_ms, business_ms)
            }),
            bot_response: segment.bot_response.map(|(at_ms, length)| (past(at_ms), length)),
        }
    }

    pub(in crate::engine) fn is_waiting(&self) -> bool {
        self.offered && self.outcome == Outcome::Waiting
    }

    /// Everything that it counts as. The same place in the lists of two stays is about the same
    /// thing.
    pub(in crate::engine) fn entries(&self) -> [Option<Entry>; 5] {
        if !self.offered {
            let stay = Entry::other(self.offered_at_ms, Item::Stay(self.class), 1);
            return [Some(stay), None, None, None, None];
        }
        [
            Some(self.course()),
            self.service_level(),
            self.longest(),
            self.first_response(),
            self.first_bot_response(),
        ]
    }

    /// Single lengths that are new since the count that this one replaces, for histograms.
    pub(super) fn observe(
        &self,
        channel: u16,
        before: Option<&StayCount>,
        observations: &mut Observations,
    ) {
        if !self.offered {
            return;
        }
        let answered = |stay: &StayCount| stay.outcome == Outcome::Answered;
        if answered(self) && !before.is_some_and(answered) {
            observations.push(Observed::AnswerWait, channel, self.queue, self.wait_ms);
        }
        if let Some((_, length_ms, _)) = self.response
            && before.is_none_or(|before| before.response.is_none())
        {
            observations.push(Observed::FirstResponse, channel, self.queue, length_ms);
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
