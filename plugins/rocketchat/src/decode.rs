//! One call into events.

use serde::Deserialize;
use tablica_plugin::{
    Abandoned, AgentProfile, Author, Direction, Event, Failure, Kind, LeftReason, Medium,
    Message as Written, Opened, Resolution, Transfer, TransferWay, bad_input, unsupported,
};

use crate::payload::{Call, Message, ServedBy, When};
use crate::settings::Settings;

#[derive(Deserialize)]
struct Head {
    #[serde(rename = "type")]
    kind: String,
}

/// What the calls about rooms share.
struct Room<'a> {
    id: &'a str,
    call: &'a Call,
    settings: &'a Settings,
    customer: Vec<String>,
}

/// The events of a call.
pub(crate) fn call(
    body: &[u8],
    settings: &Settings,
    country_code: Option<&str>,
) -> Result<Vec<Event>, Failure> {
    let head: Head = serde_json::from_slice(body).map_err(|error| {
        if error.is_data() {
            return unsupported("no call of the omnichannel: it has no type");
        }
        bad_input(format!("not JSON: {error}"))
    })?;
    let known = [
        "LivechatSessionStart",
        "LivechatSessionQueued",
        "LivechatSessionTaken",
        "LivechatSessionForwarded",
        "LivechatSession",
        "LivechatOfflineMessage",
        "Message",
    ];
    if !known.contains(&head.kind.as_str()) {
        return Ok(Vec::new());
    }
    // What is wrong is told without what stands there.
    let call: Call = serde_json::from_slice(body).map_err(|error| {
        bad_input(format!(
            "a call of another shape, line {} column {}",
            error.line(),
            error.column()
        ))
    })?;
    let visitor = call.visitor.as_ref();
    let customer = visitor.map(|it| it.identifiers(country_code)).unwrap_or_default();
    if call.kind == "LivechatOfflineMessage" {
        return Ok(offline(&call, customer));
    }
    let Some(id) = call.id.as_deref() else { return Err(bad_input("a call without its room")) };
    let room = Room { id, call: &call, settings, customer };
    Ok(match call.kind.as_str() {
        "LivechatSessionStart" => room.opened(),
        "LivechatSessionQueued" => room.queued(),
        "LivechatSessionTaken" => room.assigned(call.served_by.as_ref()),
        "LivechatSessionForwarded" => room.forwarded(),
        "LivechatSession" => room.closed(),
        _ => room.messages()?,
    })
}

impl Room<'_> {
    fn event(&self, what: &str, at: &When, kind: Kind) -> Event {
        let mut event = Event::new(format!("{}:{what}", self.id), at.0.clone(), kind).on(self.id);
        event.queue = self.call.department_id.clone();
        event.customer = self.customer.clone();
        event
    }

    fn opened(&self) -> Vec<Event> {
        let opened = Opened {
            medium: Medium::Chat,
            direction: Direction::Inbound,
            public: false,
            priority: None,
        };
        let mut event = self.event("start", &self.call.created_at, Kind::Opened(opened));
        let of_visitor = self.call.visitor.as_ref().and_then(|it| it.department.clone());
        event.queue = event.queue.or(of_visitor);
        vec![event]
    }

    /// Rocket.Chat does not say when: this is known by how far the chat had come.
    fn state(&self) -> String {
        let written = self.call.messages.as_ref().map_or(0, Vec::len);
        let department = self.call.department_id.as_deref().unwrap_or_default();
        format!("{department}:{}:{written}", self.call.last_message_at.ms())
    }

    fn queued(&self) -> Vec<Event> {
        let what = format!("queued:{}", self.state());
        vec![self.event(&what, &When::default(), Kind::Queued)]
    }

    /// The same id, whether it was taken or handed on: a hand-over is told as both.
    fn assigned(&self, to: Option<&ServedBy>) -> Vec<Event> {
        let Some((to, username)) = to.and_then(|it| Some((it, it.username.as_deref()?))) else {
            return Vec::new();
        };
        if self.settings.is_bot(username) {
            return Vec::new();
        }
        let what = format!("assigned:{username}:{}", to.ts.ms());
        let mut events = vec![self.event(&what, &to.ts, Kind::Assigned).agent(username)];
        let agent = self.call.agent.as_ref();
        let agent = agent.filter(|it| it.username.as_deref() == Some(username));
        if let Some(title) = agent.and_then(|it| it.name.clone()) {
            let profile = AgentProfile::named(title);
            let id = format!("{}:agent:{username}:{}", self.id, to.ts.ms());
            let known = Event::new(id, to.ts.0.clone(), Kind::AgentKnown(profile));
            events.push(known.agent(username));
        }
        events
    }

    fn forwarded(&self) -> Vec<Event> {
        let call = self.call;
        let name = |it: &Option<ServedBy>| it.as_ref().and_then(|it| it.username.clone());
        let (old, new) = (name(&call.old_served_by), name(&call.served_by));
        let moved =
            call.old_department_id.is_some() && call.old_department_id != call.department_id;
        let to_queue = call.department_id.clone().filter(|_| moved);
        let to_agent = new.clone().filter(|_| old.is_some() && old != new);
        let at = match &call.served_by {
            Some(it) if to_agent.is_some() => it.ts.clone(),
            _ => When::default(),
        };
        let new = new.unwrap_or_default();
        let what = format!("forwarded:{new}:{}", self.state());
        let transfer = Transfer { to_queue, to_agent, way: TransferWay::Unknown };
        let mut event = self.event(&what, &at, Kind::Transferred(transfer));
        event.queue = if moved { call.old_department_id.clone() } else { event.queue };
        event.agent = old;
        let mut events = vec![event];
        events.extend(self.assigned(call.served_by.as_ref()));
        events
    }

    /// Whoever of ours wrote, and was no machine.
    fn is_by_agent(&self, message: &Message) -> bool {
        let is_machine = message.username.as_deref().is_some_and(|it| self.settings.is_bot(it));
        message.agent_id.is_some() && message.closing_message != Some(true) && !is_machine
    }

    fn closed(&self) -> Vec<Event> {
        let call = self.call;
        // What "Send Test" sends is no chat that was closed.
        if call.closed_at.is_none() {
            return Vec::new();
        }
        let at = &call.closed_at;
        let by = call.closed_by.as_ref().and_then(|it| it.username.clone());
        let is_machine = by.as_deref().is_some_and(|it| self.settings.is_bot(it));
        let by_visitor = call.closer.as_deref() == Some("visitor");
        let messages = call.messages.as_deref().unwrap_or_default();
        let was_answered = messages.iter().any(|it| self.is_by_agent(it));
        let resolved = |by| Kind::Resolved(Resolution { by, note: None });
        let kind = match (by_visitor, was_answered) {
            (true, false) => Kind::Abandoned(Abandoned { wait_ms: None }),
            (true, true) => resolved(Author::Customer),
            (false, _) if is_machine => resolved(Author::Bot),
            (false, _) => resolved(Author::Agent),
        };
        let mut events = Vec::new();
        let tags = call.tags.clone().unwrap_or_default();
        if !tags.is_empty() {
            events.push(self.event(&format!("tags:{}", at.ms()), at, Kind::Tagged(tags)));
        }
        let mut event = self.event(&format!("closed:{}", at.ms()), at, kind);
        event.agent = by.filter(|_| !by_visitor && !is_machine);
        events.push(event);
        events
    }

    fn messages(&self) -> Result<Vec<Event>, Failure> {
        let messages = self.call.messages.as_deref().unwrap_or_default();
        let mut events = Vec::new();
        for message in messages {
            if message.closing_message == Some(true) || message.navigation.is_some() {
                continue;
            }
            let Some(id) = &message.id else { return Err(bad_input("a message without its id")) };
            events.push(self.message(id, message));
        }
        Ok(events)
    }

    fn message(&self, id: &str, message: &Message) -> Event {
        let visitor = self.call.visitor.as_ref().and_then(|it| it.username.as_deref());
        let username = message.username.as_deref();
        let author = match &message.agent_id {
            None => Author::Customer,
            Some(_) if username.is_some() && username == visitor => Author::Customer,
            Some(_) if self.is_by_agent(message) => Author::Agent,
            Some(_) => Author::Bot,
        };
        let mut written = Written::new(Medium::Chat, author);
        if let Some(text) = &message.msg {
            written = written.text(text.as_str());
        }
        let own = format!("m{id}");
        let mut event = if message.edited_at.is_none() {
            Event::new(own, message.ts.0.clone(), Kind::Message(written))
        } else {
            let at = &message.edited_at;
            let id = format!("{own}:edited:{}", at.ms());
            Event::new(id, at.0.clone(), Kind::Edited(written)).refers(own)
        };
        event.interaction = self.id.to_owned();
        event.customer = self.customer.clone();
        event.agent = username.filter(|_| author == Author::Agent).map(str::to_owned);
        event
    }
}

/// A form that was filled in while nobody was there. It has no room, and is answered outside of
/// Rocket.Chat: as a contact that found nobody, it does not wait.
fn offline(call: &Call, customer: Vec<String>) -> Vec<Event> {
    let text = call.message.as_deref().unwrap_or_default();
    let written = Written::new(Medium::Ticket, Author::Customer).text(text);
    let id = format!("offline:{}:{}", call.sent_at.ms(), written.length);
    let event = |what: &str, order, kind| {
        let mut event = Event::new(format!("{id}{what}"), call.sent_at.0.clone(), kind);
        event.customer = customer.clone();
        event.on(id.clone()).order(order)
    };
    vec![
        event("", 0, Kind::Message(written)),
        event(":left", 1, Kind::Left(LeftReason::QueueEmpty)),
    ]
}
