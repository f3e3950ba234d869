//! An event as a contact remembers it: 40 bytes, ordered, comparable.

use serde::{Deserialize, Serialize};

use super::machine::Class;
use super::rules::LENGTH_MS_MAX;
use crate::event::{Author, Direction, Kind, LeftReason, Medium, Millis, UnixMs};

/// Number of a queue's name; [`NO_QUEUE`] where the network names none.
pub(super) type QueueId = u16;
/// The queue without a name.
pub(super) const NO_QUEUE: QueueId = 0;

/// Number of an agent of one channel; [`NO_AGENT`] where the network names none.
pub(super) type AgentId = u32;
/// Nobody.
pub(super) const NO_AGENT: AgentId = 0;

/// What happened, as far as a contact's course depends on it. In the order in which things that
/// carry the same time are taken, unless the contact's state says better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum What {
    Opened { outbound: bool },
    Queued,
    Ringing,
    RingMissed,
    Customer { public: bool },
    Bot,
    Answered,
    Held,
    Resumed,
    Agent { public: bool },
    Transferred { to: QueueId },
    TalkEnded,
    Abandoned,
    Left(Flow),
    Resolved,
    WrappedUp,
    Reopened,
}

/// How a contact left its queue without an answer and without being abandoned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum Flow {
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

/// See the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Fact {
    pub(super) at_ms: UnixMs,
    pub(super) what: What,
    /// Hash of the event's id: decides between equals, so that no order of arrival does.
    pub(super) id: u64,
    /// The wait, or the talk, by the network's own measure.
    pub(super) length_ms: Option<Millis>,
    pub(super) agent: AgentId,
    pub(super) queue: QueueId,
    /// What the contact is made of, where this event tells.
    pub(super) class: Option<Class>,
}

/// What a contact has to remember of an event; nothing of those that only counters see.
pub(super) fn what_of(kind: &Kind, to: QueueId) -> Option<What> {
    Some(match kind {
        Kind::Opened(opened) => What::Opened { outbound: opened.direction == Direction::Outbound },
        Kind::Message(message) => match message.author {
            Author::Customer => What::Customer { public: message.public },
            Author::Agent => What::Agent { public: message.public },
            Author::Bot => What::Bot,
            Author::Peer | Author::System => return None,
        },
        Kind::Queued => What::Queued,
        Kind::OfferedToAgent => What::Ringing,
        Kind::RingMissed(_) => What::RingMissed,
        Kind::Answered(_) => What::Answered,
        Kind::Held => What::Held,
        Kind::Resumed => What::Resumed,
        Kind::Transferred(_) => What::Transferred { to },
        Kind::TalkEnded(_) => What::TalkEnded,
        Kind::WrappedUp => What::WrappedUp,
        Kind::Resolved(_) => What::Resolved,
        Kind::Reopened => What::Reopened,
        Kind::Abandoned(_) => What::Abandoned,
        Kind::Left(left) => What::Left(left.reason.into()),
        Kind::Prioritized(_)
        | Kind::RatingRequested
        | Kind::Rated(_)
        | Kind::Tagged(_)
        | Kind::Mention(_)
        | Kind::Removed(_)
        | Kind::AgentState(_)
        | Kind::Feed(_)
        | Kind::Other(_) => return None,
    })
}

/// The length that a network measured itself.
pub(super) fn length_of(kind: &Kind) -> Option<Millis> {
    let length = match kind {
        Kind::Answered(answered) => answered.wait_ms?,
        Kind::Abandoned(abandoned) => abandoned.wait_ms?,
        Kind::TalkEnded(ended) => {
            ended.talk_ms?.saturating_add(ended.hold_ms.unwrap_or_default().max(0))
        }
        _ => return None,
    };
    Some(length.clamp(0, LENGTH_MS_MAX))
}

/// Voice or written, where the event says.
pub(super) fn class_of(kind: &Kind) -> Option<Class> {
    let medium = match kind {
        Kind::Opened(opened) => opened.medium,
        Kind::Message(message) => message.medium,
        _ => return None,
    };
    match medium {
        Medium::Call => Some(Class::Voice),
        Medium::Unknown => None,
        _ => Some(Class::Written),
    }
}
