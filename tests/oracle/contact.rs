//! What is known of one contact, in the plainest form: lists of what happened, each with its time.

use std::collections::{BTreeMap, BTreeSet};

use tablica::event::{
    Author, CustomerKey, Event, Kind, Medium, Millis, Priority, Sentiment, UnixMs,
};

use super::reading::{Point, Reading};

/// Where something happened: the queue of the contact at that time, and whose it was.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Place {
    pub(super) queue: String,
    pub(super) agent: Option<String>,
}

/// What became of a stay in a queue, and when.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Outcome {
    Waiting,
    Answered(UnixMs),
    Abandoned(UnixMs),
    FlowedOut(UnixMs),
}

/// One stay in a queue: what is `offered`.
#[derive(Clone, Debug)]
pub(super) struct Stay {
    /// The agent is who answered.
    pub(super) place: Place,
    pub(super) offered_ms: UnixMs,
    pub(super) outcome: Outcome,
    /// The network's own measure of the wait.
    pub(super) told_wait_ms: Option<Millis>,
    /// Only handed on into the queue; `queued` has not been told yet.
    pub(super) is_announced: bool,
}

impl Stay {
    pub(super) fn end_ms(&self) -> Option<UnixMs> {
        match self.outcome {
            Outcome::Waiting => None,
            Outcome::Answered(ms) | Outcome::Abandoned(ms) | Outcome::FlowedOut(ms) => Some(ms),
        }
    }

    pub(super) fn is_answered(&self) -> bool {
        matches!(self.outcome, Outcome::Answered(_))
    }

    pub(super) fn is_abandoned(&self) -> bool {
        matches!(self.outcome, Outcome::Abandoned(_))
    }

    /// How long it lasted: by the network's own measure, else by the events.
    pub(super) fn wait_ms(&self) -> Option<Millis> {
        self.told_wait_ms.or_else(|| Some(self.end_ms()? - self.offered_ms))
    }
}

/// A talk of one agent with the customer.
#[derive(Clone, Debug)]
pub(super) struct Leg {
    pub(super) place: Place,
    pub(super) answered_ms: UnixMs,
    /// From, and to if that is told.
    pub(super) holds: Vec<(UnixMs, Option<UnixMs>)>,
    pub(super) ended_ms: Option<UnixMs>,
    /// The end was told as such, not only as a hand-over.
    pub(super) is_end_told: bool,
    pub(super) told_talk_ms: Option<Millis>,
    pub(super) told_hold_ms: Option<Millis>,
    pub(super) wrapped_ms: Option<UnixMs>,
}

/// A human's reply that a customer waited for.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) place: Place,
    /// Since when they had waited.
    pub(super) from_ms: UnixMs,
    pub(super) at_ms: UnixMs,
}

/// How a customer's wait for a human reply ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum WaitEnd {
    Reply,
    /// The contact was settled, by whom.
    Settled(Author),
    GaveUp,
    TookAway,
}

/// A customer's wait for a human reply, from the first message that has none.
#[derive(Clone, Debug)]
pub(super) struct Wait {
    pub(super) since_ms: UnixMs,
    pub(super) end: Option<(UnixMs, WaitEnd)>,
    /// It began with a message, not with the mere word that the contact is open again.
    pub(super) is_asked: bool,
}

/// A message of a customer's.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub(super) at_ms: UnixMs,
    pub(super) place: Place,
    pub(super) public: bool,
    pub(super) sentiment: Sentiment,
    pub(super) topics: Vec<String>,
    pub(super) is_spam: bool,
    pub(super) by_peer: bool,
}

/// A rating: the last one of its dimension.
#[derive(Clone, Debug)]
pub(super) struct Rating {
    pub(super) place: Place,
    pub(super) at_ms: UnixMs,
    pub(super) score: f64,
    pub(super) scale: f64,
}

/// Something that happened at one moment.
#[derive(Clone, Debug)]
pub(super) struct Moment {
    pub(super) at_ms: UnixMs,
    pub(super) place: Place,
}

/// A contact, as far as it is known.
#[derive(Clone, Debug)]
pub(super) struct Contact {
    pub(super) channel: String,
    pub(super) is_voice: bool,
    pub(super) kind: Medium,
    pub(super) priority: Priority,
    /// Each rank it had, from when.
    pub(super) ranks: Vec<(UnixMs, Priority)>,
    pub(super) public: bool,
    pub(super) topics: BTreeSet<String>,
    pub(super) customer: BTreeSet<CustomerKey>,
    pub(super) is_outbound: bool,
    /// It began with spam: it counts as nothing.
    pub(super) is_spam: bool,
    pub(super) came_ms: UnixMs,
    /// Each queue it was in, from when.
    pub(super) queues: Vec<(UnixMs, String)>,
    /// Each agent who had it, in order, and from when.
    pub(super) agents: Vec<String>,
    pub(super) had_from: Vec<(UnixMs, String)>,
    pub(super) stays: Vec<Stay>,
    pub(super) legs: Vec<Leg>,
    /// Who it rang at, from when, until when.
    pub(super) rings: Vec<(String, UnixMs, Option<UnixMs>)>,
    pub(super) rings_missed: Vec<Moment>,
    pub(super) hand_overs: Vec<Moment>,
    /// Moves by rule.
    pub(super) overflows: Vec<Moment>,
    pub(super) waits: Vec<Wait>,
    /// First replies: of the opening, and of a reopening that no human had replied before.
    pub(super) first_replies: Vec<Reply>,
    pub(super) next_replies: Vec<Reply>,
    pub(super) bot: Option<Reply>,
    pub(super) assigned: Option<Reply>,
    /// The first answer of a human of ours or another customer, and whether it was the latter's.
    pub(super) first_help: Option<(Moment, bool)>,
    pub(super) is_answered: bool,
    pub(super) settled: Vec<(UnixMs, Author, Place)>,
    pub(super) reopened: Vec<Moment>,
    /// Reopenings before which no human had replied: it comes in again, in which queue.
    pub(super) came_again: Vec<(UnixMs, String)>,
    pub(super) complaint: Option<Moment>,
    /// How often it had been settled before it complained.
    pub(super) settled_before: usize,
    pub(super) said: Vec<Said>,
    /// By dimension.
    pub(super) ratings: BTreeMap<String, Rating>,
    pub(super) asked: Vec<Moment>,
    pub(super) removed: Vec<(Moment, Author)>,
    pub(super) callback_ms: Option<UnixMs>,
    /// When it was over, and the last word before.
    pub(super) over: Option<(UnixMs, UnixMs)>,
    /// An agent wrote in it.
    pub(super) has_work: bool,
    pub(super) work_ms: Millis,
}

impl Contact {
    /// A contact that begins with this event.
    pub(super) fn begun_by(event: &Event, is_voice: bool) -> Self {
        Contact {
            channel: event.channel.clone(),
            is_voice,
            kind: if is_voice { Medium::Call } else { Medium::Unknown },
            priority: Priority::Normal,
            ranks: vec![(event.at_ms, Priority::Normal)],
            public: false,
            topics: BTreeSet::new(),
            customer: BTreeSet::new(),
            is_outbound: false,
            is_spam: false,
            came_ms: event.at_ms,
            queues: Vec::new(),
            agents: Vec::new(),
            had_from: Vec::new(),
            stays: Vec::new(),
            legs: Vec::new(),
            rings: Vec::new(),
            rings_missed: Vec::new(),
            hand_overs: Vec::new(),
            overflows: Vec::new(),
            waits: Vec::new(),
            first_replies: Vec::new(),
            next_replies: Vec::new(),
            bot: None,
            assigned: None,
            first_help: None,
            is_answered: false,
            settled: Vec::new(),
            reopened: Vec::new(),
            came_again: Vec::new(),
            complaint: None,
            settled_before: 0,
            said: Vec::new(),
            ratings: BTreeMap::new(),
            asked: Vec::new(),
            removed: Vec::new(),
            callback_ms: None,
            over: None,
            has_work: false,
            work_ms: 0,
        }
    }

    /// It is a contact that counts.
    pub(super) fn counts(&self) -> bool {
        !self.is_outbound && !self.is_spam
    }

    pub(super) fn queue(&self) -> &str {
        self.queues.last().map_or("", |(_, queue)| queue)
    }

    pub(super) fn first_queue(&self) -> &str {
        self.queues.first().map_or("", |(_, queue)| queue)
    }

    /// It did not only pass through that queue: somebody came in, said something, or was replied
    /// to there, or waits there now.
    pub(super) fn happened_in(&self, queue: &str) -> bool {
        let mut places = self.stays.iter().map(|it| &it.place);
        let mut said = self.said.iter().map(|it| &it.place);
        let mut replies = self.first_replies.iter().chain(&self.next_replies).map(|it| &it.place);
        let mut legs = self.legs.iter().map(|it| &it.place);
        let mut settled = self.settled.iter().map(|(_, _, place)| place);
        let is_here = |place: &Place| place.queue == queue;
        places.any(is_here)
            || said.any(is_here)
            || replies.any(is_here)
            || legs.any(is_here)
            || settled.any(is_here)
            || self.queue() == queue && self.unanswered_since_ms().is_some()
            || self.first_queue() == queue && self.is_outbound
    }

    /// It is in that queue from then on.
    pub(super) fn enter(&mut self, at_ms: UnixMs, queue: &str) {
        if self.queues.is_empty() || self.queue() != queue {
            self.queues.push((at_ms, queue.to_owned()));
        }
    }

    pub(super) fn had_by(&mut self, event: &Event) {
        if let Some(agent) = &event.agent
            && self.agents.last() != Some(agent)
        {
            self.agents.push(agent.clone());
            self.had_from.push((event.at_ms, agent.clone()));
        }
    }

    /// Who had it by then.
    pub(super) fn agent_by(&self, at_ms: UnixMs) -> Option<&str> {
        let had = self.had_from.iter().rfind(|(from_ms, _)| *from_ms <= at_ms);
        had.map(|(_, agent)| agent.as_str())
    }

    /// Here and now, by whoever the event names.
    pub(super) fn place(&self, event: &Event) -> Place {
        Place { queue: self.queue().to_owned(), agent: event.agent.clone() }
    }

    /// Here, at the event's time, by whoever the event names or has the contact.
    pub(super) fn moment(&self, event: &Event) -> Moment {
        let agent = event.agent.clone().or_else(|| self.agents.last().cloned());
        let place = Place { queue: self.queue().to_owned(), agent };
        Moment { at_ms: event.at_ms, place }
    }

    pub(super) fn waiting(&mut self) -> Option<&mut Stay> {
        self.stays.last_mut().filter(|stay| stay.outcome == Outcome::Waiting)
    }

    pub(super) fn offer(&mut self, at_ms: UnixMs, queue: &str) {
        self.stays.push(Stay {
            place: Place { queue: queue.to_owned(), agent: None },
            offered_ms: at_ms,
            outcome: Outcome::Waiting,
            told_wait_ms: None,
            is_announced: false,
        });
    }

    /// Since when its customer waits for a human reply.
    pub(super) fn unanswered_since_ms(&self) -> Option<UnixMs> {
        self.waits.last().filter(|wait| wait.end.is_none()).map(|wait| wait.since_ms)
    }

    pub(super) fn end_wait(&mut self, at_ms: UnixMs, how: WaitEnd) {
        if let Some(wait) = self.waits.last_mut().filter(|wait| wait.end.is_none()) {
            wait.end = Some((at_ms, how));
        }
    }

    /// What calls and written contacts have in common: who it is, what it is about, how it was
    /// rated. Says whether the event was of that kind.
    pub(super) fn note_aside(&mut self, event: &Event) -> bool {
        match &event.kind {
            Kind::Tagged(topics) => self.topics.extend(topics.iter().cloned()),
            Kind::Prioritized(it) => self.rank(event.at_ms, it.priority),
            Kind::RatingRequested => self.asked.push(self.moment(event)),
            Kind::Rated(rated) => {
                let Moment { at_ms, place } = self.moment(event);
                let (score, scale) = (rated.score, rated.scale);
                let rating = Rating { place, at_ms, score, scale };
                self.ratings.insert(rated.dimension.clone(), rating);
            }
            _ => return false,
        }
        true
    }

    pub(super) fn rank(&mut self, at_ms: UnixMs, priority: Priority) {
        self.priority = priority;
        self.ranks.push((at_ms, priority));
    }

    /// Where something that happened in it counts.
    pub(super) fn queue_of<'a>(&'a self, place: &'a Place, reading: Reading) -> &'a str {
        if reading.has(Point::QueueOfOpening) {
            self.first_queue()
        } else if reading.has(Point::QueueOfNow) {
            self.queue()
        } else {
            &place.queue
        }
    }

    /// Whose it is.
    pub(super) fn agent_of<'a>(&'a self, place: &'a Place, reading: Reading) -> Option<&'a str> {
        if reading.has(Point::AgentOfNow) {
            self.agents.last().map(String::as_str)
        } else if reading.has(Point::AgentOfFirst) {
            self.agents.first().map(String::as_str)
        } else {
            place.agent.as_deref()
        }
    }
}
