//! A contact center's day as normalized events, drawn from a seed: what scenarios fold and
//! benchmarks measure. `tablica simulate` speaks as the networks do; this is the journal's side.
//!
//! Each contact is drawn as a whole when it comes in, in order of time, and goes to whoever of
//! its queue is free first: waits, abandonment and occupancy follow from the load. Then all
//! events are sorted by the time at which they become known. The same center and seed give the
//! same events.

use std::collections::BTreeMap;

use tablica::event::{
    Abandoned, AgentState, AgentStatus, Answered, Author, CustomerKey, Event, Feed, FeedState,
    Kind, Left, LeftReason, Medium, Mention, Message, Millis, Opened, Prioritized, Priority, Rated,
    Resolved, RingMissed, Sentiment, TalkEnded, Transferred, UnixMs,
};
use tablica::simulate::day::Day;
use tablica::simulate::draw::Draw;

use super::center::{Center, HOUR, LENGTH_MS, MINUTE, SECOND, START_MS};

/// Most contacts bring at least so many events.
const EVENTS_PER_CONTACT: usize = 5;
/// People who serve one queue, at least.
const AGENTS_PER_QUEUE: usize = 10;
/// Customers; on average each comes a little more than once.
const POPULATION: i64 = 30_000;
const TOPICS: [&str; 8] =
    ["delivery", "invoice", "login", "refund", "order", "tariff", "outage", "praise"];
const WRITTEN: [Medium; 5] =
    [Medium::Message, Medium::Chat, Medium::Mail, Medium::Comment, Medium::Ticket];
const DIMENSIONS: [&str; 4] = ["clear", "easy", "correct", "fast"];

/// All events of the day, in the order in which they become known.
pub(crate) fn events(center: &Center) -> Vec<Event> {
    let mut draw = Draw::new(center.seed, "day");
    let shape = Day::utc(center.seed);
    let mut arrivals: Vec<UnixMs> = Vec::new();
    while arrivals.len() < center.events / EVENTS_PER_CONTACT {
        let at_ms = START_MS + draw.between(0, LENGTH_MS - 1);
        if draw.chance(shape.profile(at_ms)) {
            arrivals.push(at_ms);
        }
    }
    arrivals.sort_unstable();
    let free_at = vec![START_MS; center.agents];
    let mut pen =
        Pen { center: *center, draw, free_at, events: Vec::new(), contact: Here::NOWHERE };
    pen.open_doors();
    for (number, at_ms) in arrivals.into_iter().enumerate() {
        pen.contact(number, at_ms);
    }
    let mut events = pen.events;
    events.sort_by_key(|event| event.received_ms);
    assert!(events.len() >= center.events, "only {} events", events.len());
    events.truncate(center.events);
    events
}

/// The contact that is being written.
#[derive(Clone, Copy)]
struct Here {
    number: usize,
    channel: usize,
    queue: usize,
    customer: i64,
    medium: Medium,
}

impl Here {
    const NOWHERE: Here =
        Here { number: 0, channel: 0, queue: 0, customer: 0, medium: Medium::Unknown };
}

struct Pen {
    center: Center,
    draw: Draw,
    /// When each agent has finished what they do.
    free_at: Vec<UnixMs>,
    events: Vec<Event>,
    contact: Here,
}

impl Pen {
    /// The channels come up, the agents log in, go on breaks and go home.
    fn open_doors(&mut self) {
        for channel in 0..self.center.channels {
            self.contact = Here { channel, ..Here::NOWHERE };
            let up = Kind::Feed(Feed::from(FeedState::Up));
            self.about(START_MS, None, up);
        }
        for agent in 0..self.center.agents {
            let channel = self.channels_of(agent / AGENTS_PER_QUEUE)[0];
            self.contact = Here { channel, ..Here::NOWHERE };
            let mut at_ms = START_MS + self.draw.between(0, 20 * MINUTE);
            self.enters(at_ms, agent, AgentStatus::Available);
            while at_ms < START_MS + LENGTH_MS - 3 * HOUR {
                at_ms += self.draw.between(HOUR, 3 * HOUR);
                self.enters(at_ms, agent, AgentStatus::Paused);
                at_ms += self.draw.between(5 * MINUTE, 30 * MINUTE);
                self.enters(at_ms, agent, AgentStatus::Available);
            }
            self.enters(at_ms + HOUR, agent, AgentStatus::Offline);
        }
    }

    fn enters(&mut self, at_ms: UnixMs, agent: usize, status: AgentStatus) {
        let reason = (status == AgentStatus::Paused).then(|| "break".to_owned());
        self.about(at_ms, Some(agent), Kind::AgentState(AgentState { status, reason }));
    }

    /// A queue is fed by two channels.
    fn channels_of(&self, queue: usize) -> [usize; 2] {
        [queue % self.center.channels, (queue * 3 + 7) % self.center.channels]
    }

    fn contact(&mut self, number: usize, at_ms: UnixMs) {
        let queue = self.draw.between(0, self.center.queues as i64 - 1) as usize;
        let channel = self.channels_of(queue)[self.draw.weighted(&[0.7, 0.3])];
        // Two channels of five are telephones.
        let medium =
            if channel % 5 < 2 { Medium::Call } else { WRITTEN[channel % 7 % WRITTEN.len()] };
        let customer = self.draw.between(0, POPULATION - 1);
        self.contact = Here { number, channel, queue, customer, medium };
        match medium {
            Medium::Call => self.call(at_ms),
            _ if self.draw.chance(0.05) => self.mention(at_ms),
            _ => self.conversation(at_ms),
        }
    }

    /// Whoever of the queue is free first, from when on, and then busy for so long.
    fn take(&mut self, at_ms: UnixMs) -> (usize, UnixMs) {
        let size = AGENTS_PER_QUEUE.max(self.center.agents / self.center.queues);
        let first = self.contact.queue * size;
        let team = (first..first + size).map(|agent| agent % self.center.agents);
        let agent = team.min_by_key(|agent| self.free_at[*agent]).unwrap_or_default();
        (agent, self.free_at[agent].max(at_ms))
    }

    fn call(&mut self, at_ms: UnixMs) {
        let priority = self.draw.chance(0.1).then_some(Priority::High);
        let opened = Opened { medium: Medium::Call, priority, ..Opened::default() };
        self.put(at_ms, None, Kind::Opened(opened));
        let mut at_ms = at_ms + self.draw.lognormal_ms(9_000.0, 0.4);
        self.put(at_ms, None, Kind::Queued);
        loop {
            if self.draw.chance(0.02) {
                let reason = self.draw.pick(&[LeftReason::Callback, LeftReason::ExitKey]);
                let waited = self.draw.exponential_ms(40_000.0);
                return self.put(at_ms + waited, None, Kind::Left(Left { reason }));
            }
            let patience = self.draw.exponential_ms(240_000.0);
            let (agent, from_ms) = self.take(at_ms);
            let ring = self.draw.between(2 * SECOND, 12 * SECOND);
            if from_ms + ring - at_ms > patience {
                let abandoned = Kind::Abandoned(Abandoned { wait_ms: Some(patience) });
                return self.put(at_ms + patience, None, abandoned);
            }
            self.put(from_ms, Some(agent), Kind::OfferedToAgent);
            let answered_ms = self.ring(from_ms, at_ms, agent, ring);
            let end_ms = self.talk(answered_ms, agent);
            if !self.draw.chance(0.06) {
                return self.after_call(end_ms, agent);
            }
            let next = (self.contact.queue + 1) % self.center.queues;
            let to_queue = Some(queue_name(next));
            let handed_on = Transferred { to_queue, ..Transferred::default() };
            self.put(end_ms, Some(agent), Kind::Transferred(handed_on));
            self.contact.queue = next;
            self.free_at[agent] = end_ms;
            at_ms = end_ms + SECOND;
            self.put(at_ms, None, Kind::Queued);
        }
    }

    /// It rings, now and then in vain at first.
    fn ring(&mut self, from_ms: UnixMs, queued_ms: UnixMs, agent: usize, ring: Millis) -> UnixMs {
        let mut answered_ms = from_ms + ring;
        if self.draw.chance(0.05) {
            let missed = RingMissed { ring_ms: Some(ring) };
            self.put(answered_ms, Some(agent), Kind::RingMissed(missed));
            self.put(answered_ms + SECOND, Some(agent), Kind::OfferedToAgent);
            answered_ms += ring;
        }
        let wait_ms = self.draw.chance(0.5).then_some(answered_ms - queued_ms);
        let answered = Answered { wait_ms, ring_ms: Some(ring) };
        self.put(answered_ms, Some(agent), Kind::Answered(answered));
        answered_ms
    }

    fn talk(&mut self, from_ms: UnixMs, agent: usize) -> UnixMs {
        let length = self.draw.lognormal_ms(210_000.0, 0.6);
        if self.draw.chance(0.15) {
            self.put(from_ms + length / 3, Some(agent), Kind::Held);
            self.put(from_ms + length / 2, Some(agent), Kind::Resumed);
        }
        from_ms + length
    }

    fn after_call(&mut self, end_ms: UnixMs, agent: usize) {
        self.put(end_ms, Some(agent), Kind::TalkEnded(TalkEnded::default()));
        if self.draw.chance(0.4) {
            let topic = self.draw.pick(&TOPICS);
            self.put(end_ms + SECOND, Some(agent), Kind::Tagged(vec![topic.to_owned()]));
        }
        let over_ms = end_ms + self.draw.lognormal_ms(35_000.0, 0.5);
        self.put(over_ms, Some(agent), Kind::WrappedUp);
        self.free_at[agent] = over_ms;
        self.rating(over_ms);
    }

    fn conversation(&mut self, at_ms: UnixMs) {
        let mut at_ms = at_ms;
        let spam = self.draw.chance(0.01);
        self.customer_writes(at_ms, spam);
        if spam {
            return;
        }
        if self.draw.chance(0.06) {
            let urgent = Prioritized { priority: Priority::Urgent };
            self.put(at_ms + SECOND, None, Kind::Prioritized(urgent));
        }
        if self.draw.chance(0.3) {
            self.writes(at_ms + 2 * SECOND, Author::Bot, None);
            if self.draw.chance(0.2) {
                let resolved = Resolved { by: Author::Bot };
                return self.put(at_ms + MINUTE, None, Kind::Resolved(resolved));
            }
        }
        if self.is_public() && self.draw.chance(0.2) {
            let peer_ms = at_ms + self.draw.exponential_ms(200_000.0);
            self.writes(peer_ms, Author::Peer, None);
        }
        loop {
            let (agent, from_ms) = self.take(at_ms);
            let replied_ms = from_ms + self.draw.lognormal_ms(90_000.0, 0.6);
            self.free_at[agent] = replied_ms;
            self.writes(replied_ms, Author::Agent, Some(agent));
            at_ms = replied_ms + self.draw.lognormal_ms(150_000.0, 0.8);
            let next = self.draw.weighted(&[0.45, 0.4, 0.04, 0.11]);
            if matches!(next, 1 | 2) {
                self.put(at_ms, Some(agent), Kind::Resolved(Resolved { by: Author::Agent }));
            }
            match next {
                0 => self.customer_writes(at_ms, false),
                1 => return self.rating(at_ms),
                2 => {
                    at_ms += self.draw.exponential_ms(600_000.0);
                    self.put(at_ms, None, Kind::Reopened);
                }
                // Silence.
                _ => return,
            }
        }
    }

    fn is_public(&self) -> bool {
        self.contact.medium == Medium::Comment
    }

    fn mood(&mut self) -> Sentiment {
        let moods = [Sentiment::Positive, Sentiment::Neutral, Sentiment::Negative];
        moods[self.draw.weighted(&[0.2, 0.5, 0.3])]
    }

    fn customer_writes(&mut self, at_ms: UnixMs, spam: bool) {
        let sentiment = self.mood();
        let topics =
            if self.draw.chance(0.5) { vec![self.draw.pick(&TOPICS).to_owned()] } else { vec![] };
        let complaint = sentiment == Sentiment::Negative && self.draw.chance(0.3);
        let message =
            Message { sentiment, topics, complaint, spam, ..self.message(Author::Customer) };
        self.put(at_ms, None, Kind::Message(message));
    }

    fn writes(&mut self, at_ms: UnixMs, author: Author, agent: Option<usize>) {
        let message = self.message(author);
        self.put(at_ms, agent, Kind::Message(message));
    }

    fn message(&mut self, author: Author) -> Message {
        let length = self.draw.between(3, 400) as u32;
        let (medium, public) = (self.contact.medium, self.is_public());
        Message { medium, author, public, length, ..Message::default() }
    }

    fn mention(&mut self, at_ms: UnixMs) {
        let (sentiment, topic) = (self.mood(), self.draw.pick(&TOPICS));
        let topics = vec![topic.to_owned()];
        let mention = Mention { public: true, sentiment, topics, ..Mention::default() };
        self.about(at_ms, None, Kind::Mention(mention));
    }

    fn rating(&mut self, at_ms: UnixMs) {
        if !self.draw.chance(0.2) {
            return;
        }
        self.put(at_ms + SECOND, None, Kind::RatingRequested);
        if self.draw.chance(0.4) {
            let rated_ms = at_ms + self.draw.exponential_ms(120_000.0);
            let score = 1.0 + self.draw.weighted(&[6.0, 4.0, 10.0, 30.0, 50.0]) as f64;
            let rated = |dimension: &str| {
                Kind::Rated(Rated { dimension: dimension.to_owned(), score, scale: 5.0 })
            };
            self.put(rated_ms, None, rated("overall"));
            let dimension = self.draw.pick(&DIMENSIONS);
            self.put(rated_ms, None, rated(dimension));
        }
    }

    /// Something about the contact at hand. The first event of it brings the customer.
    fn put(&mut self, at_ms: UnixMs, agent: Option<usize>, kind: Kind) {
        let Here { number, customer, medium, queue, .. } = self.contact;
        let interaction = format!("contact-{number}");
        let brings = matches!(kind, Kind::Opened(_) | Kind::Message(_));
        let mut identifiers = Vec::new();
        let (own, other) =
            if medium == Medium::Call { ("phone", "network") } else { ("network", "phone") };
        if brings {
            identifiers.push(key(own, customer));
            // Some networks give two: they link what a customer is called elsewhere.
            if self.draw.chance(0.1) {
                identifiers.push(key(other, customer));
            }
        }
        self.about(at_ms, agent, kind);
        if let Some(event) = self.events.last_mut() {
            event.interaction = interaction;
            event.customer = identifiers;
            event.queue = Some(queue_name(queue));
        }
    }

    fn about(&mut self, at_ms: UnixMs, agent: Option<usize>, kind: Kind) {
        self.events.push(Event {
            id: format!("e-{}", self.events.len()),
            channel: format!("channel-{:02}", self.contact.channel),
            at_ms,
            received_ms: at_ms + self.draw.between(5, 400),
            interaction: String::new(),
            queue: None,
            agent: agent.map(|agent| format!("agent-{agent:03}")),
            customer: Vec::new(),
            kind,
            order: None,
            refers: None,
            same_as: None,
            attrs: BTreeMap::new(),
        });
    }
}

fn queue_name(queue: usize) -> String {
    format!("queue-{queue:02}")
}

fn key(by: &str, customer: i64) -> CustomerKey {
    CustomerKey(format!("{by}{customer:032x}"))
}
