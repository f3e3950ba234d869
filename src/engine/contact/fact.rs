//! An event as a contact remembers it: 40 bytes, in the order of its time and of its place.

use std::cmp::Ordering;
use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use super::measured::Measured;
pub(in crate::engine) use super::measured::Place;
use crate::engine::ids::{AgentId, Class, Flow, NO_AGENT, NO_QUEUE, QueueId, WordId};
use crate::event::{
    Author, Awaits, DeliveryState, Direction, Kind, Medium, Message, Priority, Rated, Sentiment,
    UnixMs,
};

/// What happened, as far as a contact's course depends on it. In the order in which things that
/// carry the same time are taken, unless the contact's state says better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(in crate::engine) enum What {
    Opened {
        outbound: bool,
        public: bool,
        priority: Option<Priority>,
    },
    Prioritized(Priority),
    Queued,
    Ringing,
    RingMissed,
    Customer {
        public: bool,
        mood: Sentiment,
        weight: Weight,
        /// See [`Named::id`]. A hash needs all of its four bytes.
        #[serde(with = "postcard::fixint::le")]
        id: u32,
    },
    Peer,
    Bot,
    Answered,
    /// Given to the agent, or taken from whoever had it.
    Assigned {
        taken: bool,
    },
    Held,
    Resumed,
    Agent {
        public: bool,
        /// See [`Named::id`]. A hash needs all of its four bytes.
        #[serde(with = "postcard::fixint::le")]
        id: u32,
    },
    /// That message of ours never got there.
    Undelivered {
        of: u32,
    },
    Transferred {
        to: QueueId,
        to_agent: bool,
    },
    TalkEnded,
    Abandoned,
    Left(Flow),
    CallbackPromised,
    Merged,
    Resolved {
        by: Author,
    },
    /// Waits for somebody who is not us.
    Awaits(Awaits),
    WrappedUp,
    Reopened,
    Removed {
        by: Author,
        /// Which message, where it is said.
        of: Option<NonZeroU32>,
    },
    RatingRequested,
    Rated(Rating),
    /// A customer's message was changed: it complains now.
    EditedToComplain,
    /// The contact is about that topic.
    About(WordId),
}

impl What {
    /// Its place among those of a call that have the same time, whatever it carries.
    pub(super) fn rank(self) -> u8 {
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
            What::Assigned { .. } => 9,
            What::Held => 10,
            What::Resumed => 11,
            What::Agent { .. } => 12,
            What::Undelivered { .. } => 13,
            What::Transferred { .. } => 14,
            What::TalkEnded => 15,
            What::Abandoned => 16,
            What::Left(_) => 17,
            What::CallbackPromised => 18,
            What::Merged => 19,
            What::Resolved { .. } => 20,
            What::Awaits(_) => 21,
            What::WrappedUp => 22,
            What::Reopened => 23,
            What::Removed { .. } => 24,
            What::RatingRequested => 25,
            What::Rated(_) => 26,
            What::EditedToComplain => 27,
            What::About(_) => 28,
        }
    }
}

/// What a customer's message is, beside its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(in crate::engine) enum Weight {
    Usual,
    Complaint,
    /// Whatever else it may be.
    Spam,
}

impl Weight {
    fn of(message: &Message) -> Self {
        match message {
            Message { spam: true, .. } => Weight::Spam,
            Message { complaint: true, .. } => Weight::Complaint,
            _ => Weight::Usual,
        }
    }
}

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

/// What one event says of one contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Fact {
    pub(in crate::engine) at_ms: UnixMs,
    pub(in crate::engine) what: What,
    /// Decides between facts of the same time.
    pub(in crate::engine) place: Place,
    /// The wait, or the talk and the hold, by the network's own measure.
    pub(in crate::engine) measured: Measured,
    pub(in crate::engine) agent: AgentId,
    pub(in crate::engine) queue: QueueId,
    /// What the contact is made of, where this event tells.
    pub(in crate::engine) medium: Medium,
}

impl Ord for Fact {
    /// By time, then by place. An event's topics have the place of the event itself.
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |fact: &Fact| (fact.at_ms, fact.place, fact.what);
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for Fact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
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

    /// It is an agent's message that strangers can read.
    pub(super) fn is_public(&self) -> bool {
        matches!(self.what, What::Agent { public: true, .. })
    }

    fn is_message(&self) -> bool {
        matches!(self.what, What::Customer { .. } | What::Agent { .. } | What::Bot)
    }

    /// Voice or written, as far as the event says or lets suppose: what is a message is written, unless
    /// it says that it belongs to a call.
    pub(super) fn supposed_class(&self) -> Option<Class> {
        self.class().or_else(|| self.is_message().then_some(Class::Written))
    }

    /// It tells voice from written.
    pub(in crate::engine) fn says_class(&self) -> bool {
        self.supposed_class().is_some()
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

/// Names in an event, as numbers.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine) struct Named {
    /// Its place among those of the same time.
    pub(in crate::engine) place: Place,
    /// What it can be recognised by among the contact's events.
    pub(in crate::engine) id: u32,
    /// The same of the event to which it refers.
    pub(in crate::engine) refers: Option<u32>,
    /// It names an agent, whether or not there is room for them.
    pub(in crate::engine) names_agent: bool,
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
    /// It is about a topic, by an event of that time.
    pub(in crate::engine) fn about(topic: WordId, at_ms: UnixMs, named: &Named) -> Fact {
        Fact {
            at_ms,
            what: What::About(topic),
            place: named.place,
            measured: Measured::NOTHING,
            agent: NO_AGENT,
            queue: NO_QUEUE,
            medium: Medium::Unknown,
        }
    }

    /// What a contact has to remember of what happened at that time; nothing of what only counters
    /// see.
    pub(in crate::engine) fn of(kind: &Kind, at_ms: UnixMs, named: &Named) -> Option<Fact> {
        Some(Fact {
            at_ms,
            what: what_of(kind, named)?,
            place: named.place,
            measured: Measured::of(kind),
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
        Kind::Message(message) if message.note => return None,
        Kind::Message(message) => match message.author {
            Author::Customer => What::Customer {
                public: message.public,
                mood: message.sentiment,
                weight: Weight::of(message),
                id: named.id,
            },
            Author::Agent => What::Agent { public: message.public, id: named.id },
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
        Kind::Removed(removed) => {
            What::Removed { by: removed.by, of: named.refers.and_then(NonZeroU32::new) }
        }
        Kind::RatingRequested => What::RatingRequested,
        Kind::Rated(rated) => What::Rated(Rating::new(rated, named.label)?),
        Kind::Assigned => What::Assigned { taken: !named.names_agent },
        Kind::Pending(pending) => What::Awaits(pending.awaits),
        Kind::Merged(_) => What::Merged,
        Kind::CallbackPromised(_) => What::CallbackPromised,
        Kind::Edited(message) => {
            let complains = message.complaint && !message.note && !message.spam;
            if message.author != Author::Customer || !complains {
                return None;
            }
            What::EditedToComplain
        }
        // Of what it does not name, one more has failed.
        Kind::Delivery(delivery) if delivery.state == DeliveryState::Failed => {
            What::Undelivered { of: named.refers.unwrap_or(named.id) }
        }
        Kind::Delivery(_)
        | Kind::Tagged(_)
        | Kind::Mention(_)
        | Kind::Gauge(_)
        | Kind::Member(_)
        | Kind::AgentKnown(_)
        | Kind::AgentState(_)
        | Kind::Feed(_)
        | Kind::Other(_) => return None,
    })
}

/// What the contact is made of, where the event says.
fn medium_of(kind: &Kind) -> Medium {
    match kind {
        Kind::Opened(opened) => opened.medium,
        Kind::Message(message) => message.medium,
        _ => Medium::Unknown,
    }
}
