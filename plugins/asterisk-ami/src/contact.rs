//! One call: where it is, who has it, and what is not decided yet.

use serde::{Deserialize, Serialize};
use tablica_plugin::{Author, LeftReason};

/// Announcements to agents are shorter.
const HUNG_UP_MS_MAX: u64 = 30_000;

/// Where a call is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Stage {
    Waiting,
    Talking,
    /// In no queue, before, between or after them.
    #[default]
    Elsewhere,
}

/// Who ended the caller's channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum HungUp {
    /// The other side: the caller.
    Remote,
    /// A time that is over, or Asterisk's operator.
    System,
    /// Asterisk, which ends.
    Shutdown,
}

/// What has happened, of which the next messages say what it means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Doubt {
    /// "Abandoned", which Asterisk also says of those who waited too long or were sent elsewhere.
    GaveUp { at_ms: u64, wait_ms: Option<u64> },
    /// Left the queue, to an agent or by a key.
    Left { at_ms: u64 },
    /// The talk is over, or the call was handed on.
    Ended { at_ms: u64, talk_ms: Option<u64>, by: EndedBy, handed_on: bool },
    /// Waited before the link broke, and no longer.
    Missing { at_ms: u64 },
}

/// [`Author`], as far as it ends talks, in the snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum EndedBy {
    Customer,
    Agent,
    System,
}

impl From<EndedBy> for Author {
    fn from(by: EndedBy) -> Self {
        match by {
            EndedBy::Customer => Author::Customer,
            EndedBy::Agent => Author::Agent,
            EndedBy::System => Author::System,
        }
    }
}

/// A telephone that rings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ring {
    pub(crate) agent: String,
    pub(crate) at_ms: u64,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Contact {
    pub(crate) stage: Stage,
    pub(crate) queue: String,
    /// When the stage began.
    pub(crate) since_ms: u64,
    /// When it entered the queue, from where Asterisk counts.
    pub(crate) entered_ms: u64,
    /// When it was last heard of.
    pub(crate) heard_ms: u64,
    /// `opened` was told.
    pub(crate) told: bool,
    /// An agent's call about that contact, which nobody has answered: it is not told.
    pub(crate) consults_about: Option<String>,
    /// The call by which an agent asks about this one.
    pub(crate) consultation: Option<String>,
    /// The channel that stands in the queue.
    pub(crate) channel: String,
    pub(crate) channels: Vec<String>,
    pub(crate) agent: Option<String>,
    pub(crate) leg: Option<String>,
    pub(crate) rings: Vec<Ring>,
    pub(crate) held: bool,
    /// And when.
    pub(crate) hung_up: Option<(HungUp, u64)>,
    /// Where caller and agent are together.
    pub(crate) bridge: Option<String>,
    /// The agent asked somebody into the talk.
    pub(crate) conference: bool,
    /// The agent's telephone is out of it, others' are not.
    pub(crate) left_to_others: bool,
    /// Who asked in the queue where the caller waits now, and of which queue they had the caller.
    pub(crate) handed_by: Option<(String, String)>,
    /// The channel that the contact is named by is gone.
    pub(crate) gone: bool,
    /// Why it leaves, said before it left.
    pub(crate) hint: Option<Reason>,
    /// With the time at which it is decided at the latest.
    pub(crate) undecided: Option<(u64, Doubt)>,
    /// Not heard of since a link broke, on which Asterisk was heard until then.
    pub(crate) broken_ms: Option<u64>,
    /// Never in a snapshot.
    #[serde(skip)]
    pub(crate) customer: Option<String>,
}

/// [`LeftReason`], as far as QUEUESTATUS says it, in the snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Reason {
    Timeout,
    Empty,
    Full,
    Withdrawn,
}

impl From<Reason> for LeftReason {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::Timeout => LeftReason::Timeout,
            Reason::Empty => LeftReason::QueueEmpty,
            Reason::Full => LeftReason::QueueFull,
            Reason::Withdrawn => LeftReason::Overflow,
        }
    }
}

impl Contact {
    pub(crate) fn doubt(&self) -> Option<&Doubt> {
        self.undecided.as_ref().map(|(_, doubt)| doubt)
    }

    /// When the caller gave up who is said now to have done so: when they hung up, if they did.
    pub(crate) fn gave_up_ms(&self, said_ms: u64) -> u64 {
        let is_recent = |ms: &u64| said_ms.saturating_sub(*ms) <= HUNG_UP_MS_MAX;
        match self.hung_up {
            Some((HungUp::Remote, at_ms)) if is_recent(&at_ms) => {
                at_ms.clamp(self.entered_ms.min(said_ms), said_ms)
            }
            _ => said_ms,
        }
    }

    pub(crate) fn is_in(&self, queue: &str, stage: Stage) -> bool {
        self.stage == stage && self.queue == queue
    }
}
