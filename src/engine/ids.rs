//! What the rooms of the engine call things by: numbers in the place of names, and the few words
//! that all of them use. Uses no other file of the engine.

use serde::{Deserialize, Serialize};

use crate::event::LeftReason;

/// Number of a queue's name; [`NO_QUEUE`] where the network names none.
pub(in crate::engine) type QueueId = u16;
/// The queue without a name.
pub(in crate::engine) const NO_QUEUE: QueueId = 0;

/// Number of an agent of one channel; [`NO_AGENT`] where the network names none.
pub(in crate::engine) type AgentId = u32;
/// Nobody.
pub(in crate::engine) const NO_AGENT: AgentId = 0;

/// Number of a person's name; one person may work on several channels.
pub(in crate::engine) type PersonId = u16;
/// Nobody.
pub(in crate::engine) const NOBODY: PersonId = 0;
/// Number of a topic, or of a label.
pub(in crate::engine) type WordId = u16;

/// Which reading of the facts holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(in crate::engine) enum Class {
    /// A call: waits in line, can be abandoned.
    Voice,
    /// A conversation in writing: waits for a human reply.
    Written,
}

/// How a contact left its queue without an answer and without being abandoned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(in crate::engine) enum Flow {
    Transferred,
    Overflow,
    Timeout,
    ExitKey,
    Callback,
    QueueFull,
    QueueEmpty,
    Lost,
    Blocked,
    Resolved,
    Withdrawn,
    Merged,
    Unknown,
}

impl From<LeftReason> for Flow {
    fn from(reason: LeftReason) -> Self {
        match reason {
            LeftReason::Overflow => Flow::Overflow,
            LeftReason::Timeout => Flow::Timeout,
            LeftReason::ExitKey => Flow::ExitKey,
            LeftReason::Callback => Flow::Callback,
            LeftReason::QueueFull => Flow::QueueFull,
            LeftReason::QueueEmpty => Flow::QueueEmpty,
            LeftReason::Lost => Flow::Lost,
            LeftReason::Blocked => Flow::Blocked,
            LeftReason::Unknown => Flow::Unknown,
        }
    }
}

/// How an open promise stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[repr(u8)]
pub enum Standing {
    /// In time so far.
    Running,
    /// In time so far, but past the share of its target at which the policy warns.
    AtRisk,
    /// The target has passed and the clock still runs.
    Breached,
    /// The clock is stopped: outside business hours, or the customer is to answer.
    Paused,
}

impl Standing {
    /// All of them, the best first.
    pub const ALL: [Standing; 4] =
        [Standing::Running, Standing::Paused, Standing::AtRisk, Standing::Breached];
    pub(in crate::engine) const COUNT: usize = Standing::ALL.len();
}
