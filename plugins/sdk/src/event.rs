//! Short ways to write events, messages and commands.

use crate::{
    Author, Command, Event, Kind, Medium, Message, Method, Output, Pair, Request, Response,
    Sentiment, Webhook,
};

impl Event {
    /// Something happened. `id` must be the same on redelivery; `at_ms` 0 means that the network
    /// gave no time.
    pub fn new(id: impl Into<String>, at_ms: u64, kind: Kind) -> Self {
        Self {
            id: id.into(),
            at_ms,
            interaction: String::new(),
            queue: None,
            agent: None,
            customer: Vec::new(),
            kind,
            attrs: Vec::new(),
        }
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
            public: false,
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
        Self::Timer((tag.into(), delay_ms))
    }
}

impl Request {
    /// A JSON request for [`Command::Fetch`]. `tag` comes back with the response.
    pub fn post_json(url: impl Into<String>, body: impl Into<Vec<u8>>, tag: &str) -> Self {
        Self {
            method: Method::Post,
            url: url.into(),
            headers: vec![Pair { name: "content-type".into(), value: "application/json".into() }],
            body: body.into(),
            tag: tag.into(),
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
