//! An event as a contact remembers it: 40 bytes, ordered, comparable.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::engine::ids::WordId;
use crate::engine::ids::{AgentId, Class, Flow, QueueId};
use crate::engine::rules::LENGTH_MS_MAX;
use crate::event::{
    Author, Direction, Kind, Medium, Millis, Priority, Rated, Sentiment, UnixMs,
};

/// What happened, as far as a contact's course depends on it. In the order in which things that
/// carry the same time are taken, unless the contact's state says better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(in crate::engine) enum What {
    Opened { outbound: bool, public: bool, priority: Option<Priority> },
    Prioritized(Priority),
    Queued,
    Ringing,
    RingMissed,
    Customer { public: bool, mood: Mood, complaint: bool, spam: bool },
    Peer,
    Bot,
    Answered,
    Held,
    Resumed,
    Agent { public: bool },
    Transferred { to: QueueId, to_agent: bool },
    TalkEnded,
    Abandoned,
    Left(Flow),
    Resolved { by: Author },
    WrappedUp,
    Reopened,
    Removed { by: Author },
    RatingRequested,
    Rated(Rating),
}

impl What {
    /// Its place in the order, whatever it carries.
    fn rank(self) -> u8 {
        match self {
            What::Opened { .. } => 0,
            What::Prioritized(_) => 1,
            What::Queued => 2,
            What::Ringing => 3,
            What::RingMissed => 4,
            What::Customer { .. } => 5,
            What::Peer => 6,
            What::Bot => 7,
            What::Answered => 8,
            What::Held => 9,
            What::Resumed => 10,
            What::Agent { .. } => 11,
            What::Transferred { .. } => 12,
            What::TalkEnded => 13,
            What::Abandoned => 14,
            What::Left(_) => 15,
            What::Resolved { .. } => 16,
            What::WrappedUp => 17,
            What::Reopened => 18,
            What::Removed { .. } => 19,
            What::RatingRequested => 20,
            What::Rated(_) => 21,
        }
    }
}

/// How a message sounds.
pub(in crate::engine) type Mood = Sentiment;

/// A rating, as far as figures need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(in crate::engine) struct Rating {
    /// Which dimension.
    pub(in crate::engine) label: WordId,
    /// The rating is of the whole contact, not of one side of it.
    pub(in crate::engine) overall: bool,
    /// Its share of the best rating, in thousandths.
    pub(in crate::engine) thousandths: u16,
    /// The scale goes to ten.
    pub(in crate::engine) of_ten: bool,
}

impl Rating {
    pub(in crate::engine) fn new(rated: &Rated, label: WordId) -> Option<Self> {
        let share = rated.score / rated.scale;
        let overall = rated.dimension.is_empty() || rated.dimension == OVERALL;
        (rated.scale > 0.0 && (0.0..=1.0).contains(&share)).then(|| Rating {
            label,
            overall,
            thousandths: (share * 1000.0).round() as u16,
            of_ten: rated.scale == 10.0,
        })
    }
}

/// The dimension of ratings of the whole contact.
pub(in crate::engine) const OVERALL: &str = "overall";

const _: () = assert!(size_of::<Fact>() == 40);

/// See the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Fact {
    pub(in crate::engine) at_ms: UnixMs,
    pub(in crate::engine) what: What,
    /// Hash of the event's id: decides between equals, so that no order of arrival does.
    pub(in crate::engine) id: u64,
    /// The wait, or the talk, by the network's own measure.
    pub(in crate::engine) length: Measured,
    pub(in crate::engine) agent: AgentId,
    pub(in crate::engine) queue: QueueId,
    /// What the contact is made of, where this event tells.
    pub(in crate::engine) medium: Medium,
}

impl Ord for Fact {
    /// By time, then by what happened, then by the event's id. RunningTotals of queues, agents and
    /// labels come last: they are given in the order of arrival, which must not matter.
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |fact: &Fact| (fact.at_ms, fact.what.rank(), fact.id);
        let rest = |fact: &Fact| (fact.what, fact.length, fact.agent, fact.queue, fact.medium);
        key(self).cmp(&key(other)).then_with(|| rest(self).cmp(&rest(other)))
    }
}

impl PartialOrd for Fact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A length by the network's own measure, if it gave one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(in crate::engine) struct Measured(Millis);

impl Measured {
    pub(in crate::engine) fn new(length_ms: Option<Millis>) -> Self {
        Measured(length_ms.map_or(-1, |length_ms| length_ms.max(0)))
    }

    pub(in crate::engine) fn ms(self) -> Option<Millis> {
        (self.0 >= 0).then_some(self.0)
    }
}

impl Fact {
    /// Voice or written, where the event says.
    pub(in crate::engine) fn class(&self) -> Option<Class> {
        match self.medium {
            Medium::Call => Some(Class::Voice),
            Medium::Unknown => None,
            _ => Some(Class::Written),
        }
    }

    fn is_message(&self) -> bool {
        matches!(self.what, What::Customer { .. } | What::Agent { .. } | What::Bot)
    }

    /// It tells voice from written.
    pub(in crate::engine) fn says_class(&self) -> bool {
        self.class().is_some() || self.is_message()
    }
}

impl Class {
    /// Voice or written: what the facts say together, whatever came first.
    pub(in crate::engine) fn of_all(facts: &[Fact]) -> Class {
        let says = |class| facts.iter().any(|fact| fact.class() == Some(class));
        if says(Class::Voice) {
            Class::Voice
        } else if says(Class::Written) || facts.iter().any(Fact::is_message) {
            Class::Written
        } else {
            Class::Voice
        }
    }
}

/// Names in an event, as numbers, and the hash of its id.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine) struct Named {
    /// Of the event's id.
    pub(in crate::engine) id: u64,
    /// The agent of the event.
    pub(in crate::engine) agent: AgentId,
    /// The queue of the event.
    pub(in crate::engine) queue: QueueId,
    /// The queue to which the contact is handed.
    pub(in crate::engine) to: QueueId,
    /// The dimension of a rating.
    pub(in crate::engine) label: WordId,
}

impl Fact {
    /// What a contact has to remember of what happened at that time; nothing of what only counters
    /// see.
    pub(in crate::engine) fn of(kind: &Kind, at_ms: UnixMs, named: &Named) -> Option<Fact> {
        Some(Fact {
            at_ms,
            what: what_of(kind, named)?,
            id: named.id,
            length: Measured::new(length_of(kind)),
            agent: named.agent,
            queue: named.queue,
            medium: medium_of(kind),
        })
    }
}

fn what_of(kind: &Kind, named: &Named) -> Option<What> {
    Some(match kind {
        Kind::Opened(opened) => What::Opened {
            outbound: opened.direction == Direction::Outbound,
            public: opened.public,
            priority: opened.priority,
        },
        Kind::Prioritized(ranked) => What::Prioritized(ranked.priority),
        Kind::Message(message) => match message.author {
            Author::Customer => What::Customer {
                public: message.public,
                mood: message.sentiment,
                complaint: message.complaint,
                spam: message.spam,
            },
            Author::Agent => What::Agent { public: message.public },
            Author::Bot => What::Bot,
            Author::Peer => What::Peer,
            Author::System => return None,
        },
        Kind::Queued => What::Queued,
        Kind::OfferedToAgent => What::Ringing,
        Kind::RingMissed(_) => What::RingMissed,
        Kind::Answered(_) => What::Answered,
        Kind::Held => What::Held,
        Kind::Resumed => What::Resumed,
        Kind::Transferred(transferred) => {
            What::Transferred { to: named.to, to_agent: transferred.to_agent.is_some() }
        }
        Kind::TalkEnded(_) => What::TalkEnded,
        Kind::WrappedUp => What::WrappedUp,
        Kind::Resolved(resolved) => What::Resolved { by: resolved.by },
        Kind::Reopened => What::Reopened,
        Kind::Abandoned(_) => What::Abandoned,
        Kind::Left(left) => What::Left(left.reason.into()),
        Kind::Removed(removed) => What::Removed { by: removed.by },
        Kind::RatingRequested => What::RatingRequested,
        Kind::Rated(rated) => What::Rated(Rating::new(rated, named.label)?),
        Kind::Tagged(_)
        | Kind::Mention(_)
        | Kind::AgentState(_)
        | Kind::Feed(_)
        | Kind::Other(_) => return None,
    })
}

/// The length that a network measured itself.
fn length_of(kind: &Kind) -> Option<Millis> {
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

/// What the contact is made of, where the event says.
fn medium_of(kind: &Kind) -> Medium {
    match kind {
        Kind::Opened(opened) => opened.medium,
        Kind::Message(message) => message.medium,
        _ => Medium::Unknown,
    }
}
