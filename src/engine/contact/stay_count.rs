//! What one stay in a queue counts as.
//!
//! It remembers the times and verdicts by which it was counted: when the contact's state is derived
//! anew, exactly that is taken out again and the new count put in. No figure is ever adjusted in
//! any other way, so `offered = answered + abandoned + flowed out + waiting` always holds.

use serde::{Deserialize, Serialize};

use super::stay::{Outcome, Reply, Stay};
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
    pub(in crate::engine) episode: u16,
    pub(in crate::engine) queue: QueueId,
    /// Who answered.
    pub(in crate::engine) agent: PersonId,
    pub(in crate::engine) class: Class,
    pub(in crate::engine) offered: bool,
    pub(in crate::engine) first: bool,
    pub(in crate::engine) asks: bool,
    pub(in crate::engine) offered_at_ms: UnixMs,
    pub(in crate::engine) outcome: Outcome,
    pub(in crate::engine) outcome_at_ms: UnixMs,
    pub(in crate::engine) wait_ms: Millis,
    /// When service level was decided: at the first of an outcome and T passed.
    pub(in crate::engine) decided_at_ms: Option<UnixMs>,
    /// The outcome came within T, and within s.
    pub(in crate::engine) within_threshold: bool,
    pub(in crate::engine) within_short: bool,
    /// The first public human reply, and how much of the time until then was in business hours.
    pub(in crate::engine) response: Option<(Reply, Millis)>,
    pub(in crate::engine) bot_response: Option<Reply>,
}

impl StayCount {
    /// What is to be counted for a stay, as things stand at `now_ms`.
    pub(in crate::engine) fn of(
        stay: &Stay,
        agent: PersonId,
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
        // A network's clock may run ahead of ours a little: nothing is counted in the future.
        let past = |at_ms: UnixMs| at_ms.min(now_ms);
        StayCount {
            episode: stay.episode,
            queue: stay.queue,
            agent,
            class,
            offered: stay.offered,
            first: stay.first,
            asks: stay.asks,
            offered_at_ms: past(stay.offered_at_ms),
            outcome: stay.outcome,
            outcome_at_ms: past(stay.outcome_at_ms),
            wait_ms: stay.wait_ms,
            decided_at_ms: decided_at_ms.map(past),
            within_threshold: stay.wait_ms <= threshold_ms,
            within_short: stay.wait_ms <= thresholds.short_abandon_ms,
            response: stay.response.map(|Reply { at_ms, took_ms }| {
                let business_ms = thresholds.hours.open_ms_between(at_ms - took_ms, at_ms);
                (Reply { at_ms: past(at_ms), took_ms }, business_ms)
            }),
            bot_response: stay.bot_response.map(|it| Reply { at_ms: past(it.at_ms), ..it }),
        }
    }

    pub(in crate::engine) fn is_waiting(&self) -> bool {
        self.offered && self.outcome == Outcome::Waiting
    }

    /// Everything that it counts as. The same place in the lists of two stays is about the same
    /// thing.
    pub(in crate::engine) fn entries(&self) -> [Option<Entry>; 6] {
        if !self.offered {
            let stay = Entry::other(self.offered_at_ms, Item::Stay(self.class), 1);
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
        if !self.offered {
            return;
        }
        let answered = |stay: &StayCount| stay.outcome == Outcome::Answered;
        if answered(self) && !before.is_some_and(answered) {
            observations.push(Observed::AnswerWait, channel, self.queue, self.wait_ms);
        }
        if let Some((Reply { took_ms, .. }, _)) = self.response
            && before.is_none_or(|before| before.response.is_none())
        {
            observations.push(Observed::FirstResponse, channel, self.queue, took_ms);
        }
    }

    fn course(&self) -> Entry {
        let mut fields = Fields::of(Field::Offered);
        if self.first {
            fields.add(Field::Contacts);
        }
        if self.asks {
            fields.add(Field::Asking);
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
        Entry {
            others: [Some((Item::Stay(self.class), 1)), None],
            ..Entry::new(self.offered_at_ms, fields)
        }
    }

    /// The wait of an answered contact counts when it was answered, not when it was offered.
    fn answer(&self) -> Option<Entry> {
        (self.outcome == Outcome::Answered).then(|| Entry {
            sums: [Some((Sum::WaitAnswered, self.wait_ms)), None, None],
            lengths: [Some((Length::Wait, self.wait_ms)), None],
            ..Entry::new(self.outcome_at_ms, Fields::of(Field::Answers))
        })
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
        let (Reply { at_ms, took_ms }, business_ms) = self.response?;
        Some(Entry {
            sums: [
                Some((Sum::Response, took_ms)),
                Some((Sum::ResponseBusiness, business_ms)),
                None,
            ],
            lengths: [
                Some((Length::Response, took_ms)),
                Some((Length::ResponseBusiness, business_ms)),
            ],
            ..Entry::new(at_ms, Fields::of(Field::Responses))
        })
    }

    fn first_bot_response(&self) -> Option<Entry> {
        let Reply { at_ms, took_ms } = self.bot_response?;
        Some(Entry {
            sums: [Some((Sum::BotResponse, took_ms)), None, None],
            ..Entry::new(at_ms, Fields::of(Field::BotResponses))
        })
    }
}
