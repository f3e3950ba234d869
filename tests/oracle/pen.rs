//! Writes events down: of one thread at a time, in the order in which they are told.

use tablica::event::{
    AgentState, AgentStatus, Answered, Author, CustomerKey, Direction, Event, Kind, Medium,
    Message, Millis, Opened, Priority, Rated, Resolved, TalkEnded, Transferred, UnixMs,
};

/// The thread that is written about, and all events so far. A thread's queue is said with each of
/// its events, as networks do.
#[derive(Default)]
pub(super) struct Pen {
    pub(super) events: Vec<Event>,
    /// Ids go on from here.
    pub(super) first_id: usize,
    pub(super) channel: String,
    pub(super) thread: String,
    pub(super) queue: Option<String>,
    pub(super) customer: Vec<CustomerKey>,
}

impl Pen {
    pub(super) fn thread(&mut self, channel: &str, thread: &str, queue: Option<&str>) {
        self.channel = channel.to_owned();
        self.thread = thread.to_owned();
        self.queue = queue.map(str::to_owned);
        self.customer = Vec::new();
    }

    /// What an agent did, or whatever happened to the contact.
    pub(super) fn by(&mut self, at_ms: UnixMs, agent: Option<&str>, kind: Kind) {
        self.events.push(Event {
            id: format!("e{}", self.first_id + self.events.len() + 1),
            channel: self.channel.clone(),
            at_ms,
            received_ms: 0,
            interaction: self.thread.clone(),
            queue: self.queue.clone(),
            agent: agent.map(str::to_owned),
            customer: Vec::new(),
            kind,
            order: None,
            refers: None,
            same_as: None,
            attrs: Default::default(),
        });
    }

    pub(super) fn tell(&mut self, at_ms: UnixMs, kind: Kind) {
        self.by(at_ms, None, kind);
    }

    /// Told with who the customer is.
    pub(super) fn by_customer(&mut self, at_ms: UnixMs, kind: Kind) {
        self.tell(at_ms, kind);
        if let Some(event) = self.events.last_mut() {
            event.customer = self.customer.clone();
        }
    }

    pub(super) fn opened(&mut self, at_ms: UnixMs, opened: Opened, agent: Option<&str>) {
        self.by(at_ms, agent, Kind::Opened(opened));
        if let Some(event) = self.events.last_mut() {
            event.customer = self.customer.clone();
        }
    }

    pub(super) fn wrote(&mut self, at_ms: UnixMs, agent: Option<&str>, message: Message) {
        if message.author == Author::Customer {
            self.by_customer(at_ms, Kind::Message(message));
        } else {
            self.by(at_ms, agent, Kind::Message(message));
        }
    }

    pub(super) fn answered(&mut self, at_ms: UnixMs, agent: &str, wait_ms: Option<Millis>) {
        let answered = Answered { wait_ms, ring_ms: None };
        self.by(at_ms, Some(agent), Kind::Answered(answered));
    }

    pub(super) fn ended(&mut self, at_ms: UnixMs, agent: &str, told: [Option<Millis>; 2]) {
        let [talk_ms, hold_ms] = told;
        let ended = TalkEnded { talk_ms, hold_ms, by: Author::Agent };
        self.by(at_ms, Some(agent), Kind::TalkEnded(ended));
    }

    /// Handed on; the queue that it came from is said with it.
    pub(super) fn transferred(&mut self, at_ms: UnixMs, agent: Option<&str>, to: Option<&str>) {
        let transferred = Transferred { to_queue: to.map(str::to_owned), ..Default::default() };
        self.by(at_ms, agent, Kind::Transferred(transferred));
    }

    pub(super) fn resolved(&mut self, at_ms: UnixMs, agent: Option<&str>, by: Author) {
        self.by(at_ms, agent, Kind::Resolved(Resolved { by }));
    }

    pub(super) fn rated(&mut self, at_ms: UnixMs, dimension: &str, score: u32, scale: u32) {
        let (score, scale) = (f64::from(score), f64::from(scale));
        self.tell(at_ms, Kind::Rated(Rated { dimension: dimension.to_owned(), score, scale }));
    }

    pub(super) fn state(&mut self, at_ms: UnixMs, agent: &str, status: AgentStatus) {
        let state = AgentState { status, reason: None };
        self.by(at_ms, Some(agent), Kind::AgentState(state));
    }
}

/// A contact that begins with that.
pub(super) fn opening(medium: Medium, public: bool, priority: Option<Priority>) -> Opened {
    Opened { medium, direction: Direction::Inbound, public, priority }
}

/// One event in one line, as short as can be read.
pub(super) fn line(event: &Event, zero_ms: UnixMs) -> String {
    let clock = |ms: UnixMs| {
        let length = ms - zero_ms;
        let sign = if length < 0 { "-" } else { "" };
        let seconds = length.abs() / 1000;
        let millis = match length.abs() % 1000 {
            0 => String::new(),
            millis => format!(".{millis:03}"),
        };
        format!("{sign}{:02}:{:02}:{:02}{millis}", seconds / 3600, seconds / 60 % 60, seconds % 60)
    };
    let mut line = format!("{} {}/{}", clock(event.at_ms), event.channel, event.interaction);
    for (word, name) in [("in", &event.queue), ("by", &event.agent)] {
        if let Some(name) = name {
            line.push_str(&format!(" {word} {name}"));
        }
    }
    if !event.customer.is_empty() {
        let keys: Vec<_> = event.customer.iter().map(|key| key.0.as_str()).collect();
        line.push_str(&format!(" from {}", keys.join("+")));
    }
    line.push_str(&format!(" {}", serde_json::to_string(&event.kind).expect("JSON")));
    if event.known_ms() != event.at_ms {
        line.push_str(&format!(" (known {})", clock(event.known_ms())));
    }
    format!("{line} #{}", event.id)
}
