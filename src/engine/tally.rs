//! Counts by what they count: the same set for a bucket, a window, a day and all time.

use serde::{Deserialize, Serialize};

use super::fact::Flow;

/// One count. What happens to a contact is counted in the bucket in which it was *offered*;
/// what service level needs, in the bucket in which it was *decided* (`Decided…`); messages and
/// replies, when they were written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Field {
    /// Stays in a queue that began.
    Offered,
    /// Contacts that came in: the first of their stays.
    Contacts,
    /// Of the offered: answered since.
    Answered,
    /// Of the offered: abandoned since.
    Abandoned,
    /// Of the abandoned: within s.
    AbandonedShort,
    /// Of the offered: left the queue otherwise.
    FlowedOut,
    /// Of the offered: still waiting.
    Waiting,
    /// Flowed out by transfer; the ten that follow are the other ways, in [`FLOWS`]' order.
    FlowTransferred,
    /// Moved by rule.
    FlowOverflow,
    /// Waited as long as the queue allows.
    FlowTimeout,
    /// Pressed the exit key.
    FlowExitKey,
    /// Asked to be called back.
    FlowCallback,
    /// The queue was full.
    FlowQueueFull,
    /// Nobody was logged in.
    FlowQueueEmpty,
    /// The end was never seen.
    FlowLost,
    /// The customer blocked us.
    FlowBlocked,
    /// Settled without an answer.
    FlowResolved,
    /// The network does not say.
    FlowUnknown,
    /// Service level: answered, abandoned, left, or T passed.
    Decided,
    /// Of the decided: answered.
    DecidedAnswered,
    /// Of those: within T.
    DecidedInTime,
    /// Of the decided: abandoned.
    DecidedAbandoned,
    /// Of those: within T.
    DecidedAbandonedInTime,
    /// Of those: within s.
    DecidedAbandonedShort,
    /// Of the decided: left the queue otherwise.
    DecidedFlowedOut,
    /// First public human replies given.
    Responses,
    /// First answers of bots.
    BotResponses,
    /// Messages of customers.
    MessagesCustomer,
    /// Messages of agents.
    MessagesAgent,
    /// Messages of bots.
    MessagesBot,
    /// Messages of other customers.
    MessagesPeer,
    /// Messages of the network or help desk itself.
    MessagesSystem,
}

/// How many there are.
pub(super) const FIELD_COUNT: usize = Field::MessagesSystem as usize + 1;

/// Messages by who wrote them.
pub const MESSAGES: [Field; 5] = [
    Field::MessagesCustomer,
    Field::MessagesAgent,
    Field::MessagesBot,
    Field::MessagesPeer,
    Field::MessagesSystem,
];

/// The ways to leave a queue otherwise, with their names in receipts.
pub const FLOWS: [(Field, &str); 11] = [
    (Field::FlowTransferred, "transferred"),
    (Field::FlowOverflow, "overflow"),
    (Field::FlowTimeout, "timeout"),
    (Field::FlowExitKey, "exit_key"),
    (Field::FlowCallback, "callback"),
    (Field::FlowQueueFull, "queue_full"),
    (Field::FlowQueueEmpty, "queue_empty"),
    (Field::FlowLost, "lost"),
    (Field::FlowBlocked, "blocked"),
    (Field::FlowResolved, "resolved"),
    (Field::FlowUnknown, "unknown"),
];

impl Flow {
    pub(super) fn field(self) -> Field {
        match self {
            Flow::Transferred => Field::FlowTransferred,
            Flow::Overflow => Field::FlowOverflow,
            Flow::Timeout => Field::FlowTimeout,
            Flow::ExitKey => Field::FlowExitKey,
            Flow::Callback => Field::FlowCallback,
            Flow::QueueFull => Field::FlowQueueFull,
            Flow::QueueEmpty => Field::FlowQueueEmpty,
            Flow::Lost => Field::FlowLost,
            Flow::Blocked => Field::FlowBlocked,
            Flow::Resolved => Field::FlowResolved,
            Flow::Unknown => Field::FlowUnknown,
        }
    }
}

/// A sum of lengths, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Sum {
    /// Waits of the [`Field::Answered`].
    WaitAnswered,
    /// First response times of the [`Field::Responses`].
    Response,
    /// Likewise of the [`Field::BotResponses`].
    BotResponse,
}

pub(super) const SUM_COUNT: usize = Sum::BotResponse as usize + 1;

/// A set of counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    counts: [i32; FIELD_COUNT],
    sums_ms: [i64; SUM_COUNT],
}

impl Tally {
    /// How many.
    pub fn get(&self, field: Field) -> i64 {
        i64::from(self.counts[field as usize])
    }

    /// How long in all, in milliseconds.
    pub fn sum_ms(&self, sum: Sum) -> i64 {
        self.sums_ms[sum as usize]
    }

    pub(super) fn count(&mut self, field: Field, delta: i32) {
        let count = &mut self.counts[field as usize];
        *count = count.saturating_add(delta);
    }

    pub(super) fn lengthen(&mut self, sum: Sum, delta_ms: i64) {
        let sum = &mut self.sums_ms[sum as usize];
        *sum = sum.saturating_add(delta_ms);
    }

    pub(crate) fn add(&mut self, other: &Tally) {
        for (count, other) in self.counts.iter_mut().zip(&other.counts) {
            *count = count.saturating_add(*other);
        }
        for (sum, other) in self.sums_ms.iter_mut().zip(&other.sums_ms) {
            *sum = sum.saturating_add(*other);
        }
    }

    pub(super) fn subtract(&mut self, other: &Tally) {
        for (count, other) in self.counts.iter_mut().zip(&other.counts) {
            *count = count.saturating_sub(*other);
        }
        for (sum, other) in self.sums_ms.iter_mut().zip(&other.sums_ms) {
            *sum = sum.saturating_sub(*other);
        }
    }
}

/// Counts since the beginning, for counters that may never go down: a correction (a call turns
/// out to belong to another queue) lowers what is true, and what is shown waits until the truth
/// has caught up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Totals {
    counts: [(i64, i64); FIELD_COUNT],
}

impl Totals {
    pub(super) fn count(&mut self, field: Field, delta: i32) {
        let (actual, shown) = &mut self.counts[field as usize];
        *actual += i64::from(delta);
        *shown = (*shown).max(*actual);
    }

    pub(super) fn shown(&self, field: Field) -> u64 {
        u64::try_from(self.counts[field as usize].1).unwrap_or_default()
    }

    pub(super) fn actual(&self, field: Field) -> i64 {
        self.counts[field as usize].0
    }
}
