//! Short ways to write events, messages and commands.

use crate::pieces;
use crate::{
    AgentProfile, Author, Command, Event, Header, Kind, LogLevel, LogLine, Medium, Message, Method,
    Moment, Output, Pair, Piece, Request, Response, Sentiment, Setup, Timer, Visibility, Webhook,
};

impl From<u64> for Moment {
    /// Milliseconds of UTC; 0 is no time.
    fn from(ms: u64) -> Self {
        if ms == 0 { Moment::None } else { Moment::Utc(ms) }
    }
}

impl Default for Moment {
    /// No time.
    fn default() -> Self {
        Moment::None
    }
}

impl Moment {
    /// Milliseconds, to tell one time of a network from another or to put them in order; 0 when there is none. Of
    /// a time without an offset they are those of a clock on the wall: no time of UTC.
    ///
    /// ```
    /// # use tablica_plugin::Moment;
    /// assert_eq!((Moment::from(5).ms(), Moment::None.ms()), (5, 0));
    /// ```
    pub fn ms(&self) -> u64 {
        match self {
            Moment::None => 0,
            Moment::Utc(ms) => *ms,
            Moment::Local(local) => local.wall_ms,
        }
    }
}

impl AgentProfile {
    /// An agent who is called so.
    pub fn named(title: impl Into<String>) -> Self {
        Self { title: Some(title.into()), teams: Vec::new() }
    }
}

impl Event {
    /// Something happened. `id` must be the same on redelivery; `at` is a [`Moment`] or milliseconds
    /// of UTC, of which 0 means that the network gave no time.
    pub fn new(id: impl Into<String>, at: impl Into<Moment>, kind: Kind) -> Self {
        Self {
            id: id.into(),
            at: at.into(),
            order: None,
            refers: None,
            interaction: String::new(),
            queue: None,
            agent: None,
            customer: Vec::new(),
            kind,
            attrs: Vec::new(),
        }
    }

    /// Its place among the contact's events of the same time, where the network numbers them.
    #[must_use]
    pub fn order(mut self, order: u64) -> Self {
        self.order = Some(order);
        self
    }

    /// `id` of the earlier event that it is about: of the message that was edited or delivered.
    #[must_use]
    pub fn refers(mut self, id: impl Into<String>) -> Self {
        self.refers = Some(id.into());
        self
    }

    /// The contact it belongs to.
    #[must_use]
    pub fn on(mut self, interaction: impl Into<String>) -> Self {
        self.interaction = interaction.into();
        self
    }

    /// The queue or team.
    #[must_use]
    pub fn queue(mut self, queue: impl Into<String>) -> Self {
        self.queue = Some(queue.into());
        self
    }

    /// The agent, as the network calls them.
    #[must_use]
    pub fn agent(mut self, agent: impl Into<String>) -> Self {
        self.agent = Some(agent.into());
        self
    }

    /// One more identifier of the customer; see [`crate::identity`].
    #[must_use]
    pub fn customer(mut self, identifier: impl Into<String>) -> Self {
        self.customer.push(identifier.into());
        self
    }

    /// A detail. The host keeps those that `plugin.toml` declares.
    #[must_use]
    pub fn attr(mut self, name: &str, value: impl Into<String>) -> Self {
        self.attrs.push(Pair { name: name.into(), value: value.into() });
        self
    }
}

impl Message {
    /// A message of which nothing but its author is known yet.
    pub fn new(medium: Medium, author: Author) -> Self {
        Self {
            medium,
            author,
            visibility: Visibility::Private,
            length: 0,
            text: None,
            language: None,
            sentiment: Sentiment::Unknown,
        }
    }

    /// With its text, which also says how long it is.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        let text = text.into();
        self.length = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        self.text = Some(text);
        self
    }
}

impl Default for Output {
    /// Accepted; nothing to count, nothing to do, 200 to the network.
    fn default() -> Self {
        Self { events: Vec::new(), commands: Vec::new(), reply: None }
    }
}

impl From<Event> for Output {
    fn from(event: Event) -> Self {
        Vec::from([event]).into()
    }
}

impl From<Vec<Event>> for Output {
    fn from(events: Vec<Event>) -> Self {
        Self { events, ..Self::default() }
    }
}

impl Command {
    /// Come back with `Input::Timer(tag)` after `delay_ms`; the same tag again replaces it.
    pub fn timer(tag: impl Into<String>, delay_ms: u32) -> Self {
        Self::Timer(Timer { tag: tag.into(), after_ms: Some(delay_ms) })
    }

    /// The timer of this tag does not come.
    pub fn cancel_timer(tag: impl Into<String>) -> Self {
        Self::Timer(Timer { tag: tag.into(), after_ms: None })
    }

    /// A line for the operator's log.
    pub fn log(level: LogLevel, text: impl Into<String>) -> Self {
        Self::Log(LogLine { level, text: text.into() })
    }
}

impl Request {
    /// A request for [`Command::Fetch`]. `tag` comes back with the response.
    pub fn get(url: impl Into<Vec<Piece>>, tag: &str) -> Self {
        Self {
            method: Method::Get,
            url: url.into(),
            headers: Vec::new(),
            body: Vec::new(),
            tag: tag.into(),
        }
    }

    /// One with a JSON body.
    pub fn post_json(url: impl Into<Vec<Piece>>, body: impl Into<Piece>, tag: &str) -> Self {
        let request = Self { method: Method::Post, body: vec![body.into()], ..Self::get(url, tag) };
        request.header("content-type", pieces!["application/json"])
    }

    /// With one more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<Vec<Piece>>) -> Self {
        self.headers.push(Header { name: name.into(), value: value.into() });
        self
    }
}

impl Setup {
    /// What a test starts a plugin with: settings as JSON, the time 0, a site in UTC.
    pub fn new(settings: impl Into<String>) -> Self {
        Self {
            settings: settings.into(),
            snapshot: None,
            now_ms: 0,
            channel: "test".into(),
            source: String::new(),
            webhook_url: None,
            hosts: Vec::new(),
            secrets: Vec::new(),
            time_zone: "UTC".into(),
            country_code: None,
            language: "en".into(),
            features: Vec::new(),
        }
    }
}

impl Webhook {
    /// A call as a test makes it.
    pub fn post(body: impl Into<Vec<u8>>) -> Self {
        Self { method: Method::Post, query: None, headers: Vec::new(), body: body.into() }
    }
}

impl Response {
    /// An answer as a test gives it.
    pub fn new(status: u16, body: impl Into<Vec<u8>>, tag: &str) -> Self {
        Self { status, headers: Vec::new(), body: body.into(), tag: tag.into() }
    }
}
