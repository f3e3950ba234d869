//! One stay of a contact in a queue, and what became of it.

use serde::{Deserialize, Serialize};

use crate::engine::ids::{AgentId, Flow, QueueId};
use crate::event::{Millis, UnixMs};

/// What became of a stay in a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) enum Outcome {
    Waiting,
    Answered,
    Abandoned,
    FlowedOut(Flow),
}

/// A reply: when, and how long after the customer asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Reply {
    pub(in crate::engine) at_ms: UnixMs,
    pub(in crate::engine) took_ms: Millis,
}

/// One stay of a contact in a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Stay {
    pub(in crate::engine) episode: u16,
    pub(in crate::engine) queue: QueueId,
    /// False for contacts that we began: nobody was offered anything.
    pub(in crate::engine) offered: bool,
    /// The contact came in with this stay; the others are later stations of the same contact.
    pub(in crate::engine) first: bool,
    /// The customer asks for a first answer with this stay: the first one, or the one with which a
    /// contact was opened again that no human had answered.
    pub(in crate::engine) asks: bool,
    pub(in crate::engine) offered_at_ms: UnixMs,
    pub(in crate::engine) outcome: Outcome,
    pub(in crate::engine) outcome_at_ms: UnixMs,
    pub(in crate::engine) wait_ms: Millis,
    /// Who answered.
    pub(in crate::engine) agent: AgentId,
    /// They had answered the same contact before.
    pub(in crate::engine) again: bool,
    /// The first public human reply.
    pub(in crate::engine) response: Option<Reply>,
    /// The first answer of a bot.
    pub(in crate::engine) bot_response: Option<Reply>,
}

impl Stay {
    /// When the customer left the queue and did not cease to wait by that: another queue may take them up.
    pub(super) fn left_waiting_ms(&self) -> Option<UnixMs> {
        let waits_on = match self.outcome {
            Outcome::FlowedOut(flow) => match flow {
                Flow::Transferred
                | Flow::Overflow
                | Flow::Timeout
                | Flow::ExitKey
                | Flow::QueueFull
                | Flow::QueueEmpty
                | Flow::Unknown => true,
                Flow::Callback
                | Flow::Lost
                | Flow::Blocked
                | Flow::Resolved
                | Flow::Withdrawn
                | Flow::Merged => false,
            },
            Outcome::Waiting | Outcome::Answered | Outcome::Abandoned => false,
        };
        waits_on.then_some(self.outcome_at_ms)
    }

    pub(in crate::engine) fn is_waiting(&self) -> bool {
        self.offered && self.outcome == Outcome::Waiting
    }

    /// As it is counted at that moment: a network's clock may run ahead of ours a little, and
    /// nothing is counted in the future.
    pub(super) fn by(&self, now_ms: UnixMs) -> Stay {
        let past = |it: Reply| Reply { at_ms: it.at_ms.min(now_ms), ..it };
        Stay {
            offered_at_ms: self.offered_at_ms.min(now_ms),
            outcome_at_ms: self.outcome_at_ms.min(now_ms),
            response: self.response.map(past),
            bot_response: self.bot_response.map(past),
            ..*self
        }
    }

    /// It had ended by then, with everything that belongs to it.
    pub(in crate::engine) fn is_over_by(&self, at_ms: UnixMs) -> bool {
        let replies = [self.response, self.bot_response].into_iter().flatten();
        let latest = replies.map(|reply| reply.at_ms).fold(self.outcome_at_ms, i64::max);
        self.outcome != Outcome::Waiting && latest.max(self.offered_at_ms) <= at_ms
    }
}
