//! What one stay in a queue counts as.
//!
//! It remembers the times and verdicts by which it was counted: when the contact's state is derived
//! anew, exactly that is taken out again and the new count put in. No figure is ever adjusted in
//! any other way, so `offered = answered + abandoned + flowed out + waiting` always holds.

use serde::{Deserialize, Serialize};

use super::stay::{Outcome, Reply, Stay};
use crate::engine::counting::{Entry, Field, Fields, Item, Length, Sum};
use crate::engine::ids::{Class, Flow, PersonId};
use crate::engine::observations::{Observations, Observed};
use crate::engine::rules::QueueThresholds;
use crate::event::{Millis, UnixMs};

/// A stay in a queue as it was counted, so that exactly that can be taken out again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct StayCount {
    /// The stay as it is counted: nothing of it is in the future.
    pub(in crate::engine) stay: Stay,
    pub(in crate::engine) class: Class,
    /// Who answered.
    pub(in crate::engine) person: PersonId,
    /// When service level was decided: at the first of an outcome and T passed.
    pub(in crate::engine) decided_at_ms: Option<UnixMs>,
    /// The outcome came within T, and within s.
    within_threshold: bool,
    within_short: bool,
    /// How much of the time until the first public human reply was in business hours.
    business_ms: Millis,
}

impl StayCount {
    /// What is to be counted for a stay, as things stand at `now_ms`.
    pub(in crate::engine) fn of(
        stay: &Stay,
        person: PersonId,
        class: Class,
        thresholds: &QueueThresholds,
        now_ms: UnixMs,
    ) -> Self {
        let threshold_ms = thresholds.threshold_ms(class);
        let passes_ms = stay.offered_at_ms.saturating_add(threshold_ms);
        let decided_at_ms = match stay.outcome {
            Outcome::Waiting => (now_ms > passes_ms).then_some(passes_ms),
            _ => Some(stay.outcome_at_ms.min(passes_ms)),
        };
        let business_ms = stay.response.map_or(0, |Reply { at_ms, took_ms }| {
            thresholds.hours.open_ms_between(at_ms - took_ms, at_ms)
        });
        StayCount {
            stay: stay.by(now_ms),
            class,
            person,
            decided_at_ms: decided_at_ms.map(|at_ms| at_ms.min(now_ms)),
            within_threshold: stay.wait_ms <= threshold_ms,
            within_short: stay.wait_ms <= thresholds.short_abandon_ms,
            business_ms,
        }
    }

    /// What it counts as when who waits is given up then.
    pub(super) fn lost(&self, now_ms: UnixMs) -> Self {
        let stay = Stay {
            outcome: Outcome::FlowedOut(Flow::Lost),
            outcome_at_ms: now_ms,
            wait_ms: now_ms.saturating_sub(self.stay.offered_at_ms),
            ..self.stay
        };
        StayCount { stay, decided_at_ms: self.decided_at_ms.or(Some(now_ms)), ..*self }
    }

    /// Everything that it counts as. The same place in the lists of two stays is about the same
    /// thing.
    pub(in crate::engine) fn entries(&self) -> [Option<Entry>; 6] {
        if !self.stay.offered {
            let stay = Entry::other(self.stay.offered_at_ms, Item::Stay(self.class), 1);
            return [Some(stay), None, None, None, None, None];
        }
        [
            Some(self.course()),
            self.answer(),
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
        if !self.stay.offered {
            return;
        }
        let answered = |it: &StayCount| it.stay.outcome == Outcome::Answered;
        if answered(self) && !before.is_some_and(answered) {
            observations.push(Observed::AnswerWait, channel, self.stay.queue, self.stay.wait_ms);
        }
        if let Some(Reply { took_ms, .. }) = self.stay.response
            && before.is_none_or(|before| before.stay.response.is_none())
        {
            observations.push(Observed::FirstResponse, channel, self.stay.queue, took_ms);
        }
    }

    fn course(&self) -> Entry {
        let mut fields = Fields::of(Field::Offered);
        if self.stay.first {
            fields.add(Field::Contacts);
        }
        if self.stay.asks {
            fields.add(Field::Asking);
        }
        if self.class == Class::Voice {
            fields.add(Field::OfferedCalls);
        }
        match self.stay.outcome {
            Outcome::Waiting => fields.add(Field::Waiting),
            Outcome::Answered => {
                fields.add(Field::Answered);
                if self.stay.again {
                    fields.add(Field::AnsweredAgain);
                }
            }
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
        Entry {
            others: [Some((Item::Stay(self.class), 1)), None],
            ..Entry::new(self.stay.offered_at_ms, fields)
        }
    }

    /// The wait of an answered contact counts when it was answered, not when it was offered.
    fn answer(&self) -> Option<Entry> {
        let mut fields = Fields::of(Field::Answers);
        if self.stay.again {
            fields.add(Field::AnswersAgain);
        }
        (self.stay.outcome == Outcome::Answered).then(|| Entry {
            sums: [Some((Sum::WaitAnswered, self.stay.wait_ms)), None, None],
            lengths: [Some((Length::Wait, self.stay.wait_ms)), None],
            ..Entry::new(self.stay.outcome_at_ms, fields)
        })
    }

    fn service_level(&self) -> Option<Entry> {
        let at_ms = self.decided_at_ms?;
        let mut fields = Fields::of(Field::Decided);
        match self.stay.outcome {
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
        let longest =
            (at_ms == self.stay.outcome_at_ms).then_some((Item::Longest, self.stay.wait_ms));
        let longest = longest.filter(|_| !self.stay.is_waiting());
        Some(Entry { others: [longest, None], ..Entry::new(at_ms, fields) })
    }

    /// The wait, where it is not told together with how service level was decided.
    fn longest(&self) -> Option<Entry> {
        let is_told = self.decided_at_ms == Some(self.stay.outcome_at_ms);
        let longest = || Entry::other(self.stay.outcome_at_ms, Item::Longest, self.stay.wait_ms);
        (!self.stay.is_waiting() && !is_told).then(longest)
    }

    fn first_response(&self) -> Option<Entry> {
        let Reply { at_ms, took_ms } = self.stay.response?;
        Some(Entry {
            sums: [
                Some((Sum::Response, took_ms)),
                Some((Sum::ResponseBusiness, self.business_ms)),
                None,
            ],
            lengths: [
                Some((Length::Response, took_ms)),
                Some((Length::ResponseBusiness, self.business_ms)),
            ],
            ..Entry::new(at_ms, Fields::of(Field::Responses))
        })
    }

    fn first_bot_response(&self) -> Option<Entry> {
        let Reply { at_ms, took_ms } = self.stay.bot_response?;
        Some(Entry {
            sums: [Some((Sum::BotResponse, took_ms)), None, None],
            ..Entry::new(at_ms, Fields::of(Field::BotResponses))
        })
    }
}
