//! Event subscriptions: one event of Zendesk's in each call, with the ticket as it is now in `detail`.
//!
//! The event's id is the same on each delivery. Comments are known by their own id, so that a ticket's trigger
//! beside the subscription does not count them twice.

use serde_json::Value;
use tablica_plugin::{
    AgentState, AgentStatus, Author, Direction, Event, Failure, Kind, LeftReason, Medium, Message,
    Opened, Rating as Rated, Visibility, bad_input,
};

use crate::change;
use crate::json::{first, id, text, time, truth};
use crate::settings::Settings;
use crate::words::{self, Rating, Status};

/// One event; `kind` is its type without `zen:event-type:`.
pub(crate) fn decode(body: &Value, kind: &str, settings: &Settings) -> Result<Vec<Event>, Failure> {
    match kind.split_once('.') {
        Some(("ticket", what)) => ticket(body, what, settings),
        Some(("messaging_ticket", "message_added")) => {
            let told = Told::read(body, settings)?;
            Ok(told.chat_message().into_iter().collect())
        }
        Some(("agent", "unified_state_changed")) => Ok(agent_state(body)?.into_iter().collect()),
        // Users, organisations, articles, an agent's single channels, and what Zendesk adds later.
        _ => Ok(Vec::new()),
    }
}

fn ticket(body: &Value, what: &str, settings: &Settings) -> Result<Vec<Event>, Failure> {
    let told = Told::read(body, settings)?;
    let one = |kind| Ok(vec![told.event(kind)]);
    let current = || text(body, "/event/current");
    match what {
        "created" => Ok(vec![told.opened()]),
        "comment_added" => Ok(told.comment().into_iter().collect()),
        "comment_made_private" => Ok(told.made_private().into_iter().collect()),
        "status_changed" => Ok(told.status_changed()),
        "agent_assignment_changed" => {
            let mut event = told.event(Kind::Assigned);
            event.agent = id(body, "/event/current");
            Ok(vec![event])
        }
        "group_assignment_changed" => {
            let Some(group) = id(body, "/event/current") else { return Ok(Vec::new()) };
            let before = id(body, "/event/previous");
            let to = settings.queue(group);
            let mut event = told.event(change::group(before.as_deref(), to.clone(), told.status()));
            // A transfer is told of the queue that it leaves.
            event.queue = before.map_or(Some(to), |before| Some(settings.queue(before)));
            Ok(vec![event])
        }
        "priority_changed" => match current().and_then(|word| words::priority(&word)) {
            Some(priority) => one(change::priority(priority)),
            None => Ok(Vec::new()),
        },
        "csat_requested" => one(Kind::RatingRequested),
        "csat_received" => match told.rating() {
            Some(rating) => one(rating),
            None => Ok(Vec::new()),
        },
        "tags_changed" => Ok(told.tagged().into_iter().collect()),
        "merged" => match id(body, "/event/target_ticket_id") {
            Some(into) => one(Kind::Merged(into)),
            None => Err(bad_input("/event/target_ticket_id is missing")),
        },
        "soft_deleted" | "marked_as_spam" => one(Kind::Left(LeftReason::Unknown)),
        "undeleted" => one(Kind::Reopened),
        // Subjects, fields, followers, policies: nothing that counts.
        _ => Ok(Vec::new()),
    }
}

/// What every event about a ticket says.
struct Told<'a> {
    body: &'a Value,
    settings: &'a Settings,
    id: String,
    ticket: String,
    via: String,
    requester: Option<String>,
}

impl<'a> Told<'a> {
    fn read(body: &'a Value, settings: &'a Settings) -> Result<Self, Failure> {
        let missing = |place: &str| bad_input(format!("{place} is missing"));
        Ok(Self {
            body,
            settings,
            id: text(body, "/id").ok_or_else(|| missing("/id"))?,
            ticket: id(body, "/detail/id").ok_or_else(|| missing("/detail/id"))?,
            via: text(body, "/detail/via/channel").unwrap_or_default(),
            requester: id(body, "/detail/requester_id"),
        })
    }

    fn event(&self, kind: Kind) -> Event {
        let mut event = Event::new(self.id.clone(), time(self.body, "/time"), kind);
        event.interaction.clone_from(&self.ticket);
        event.queue = id(self.body, "/detail/group_id").map(|group| self.settings.queue(group));
        event.customer.extend(self.requester.as_deref().map(customer));
        event
    }

    fn medium(&self) -> Medium {
        words::medium(&self.via)
    }

    fn status(&self) -> Option<Status> {
        text(self.body, "/detail/status").and_then(|word| Status::read(&word))
    }

    fn opened(&self) -> Event {
        let submitter = id(self.body, "/detail/submitter_id");
        let by_us = self.via == "web" && submitter.is_some() && submitter != self.requester;
        let priority = text(self.body, "/detail/priority").and_then(|word| words::priority(&word));
        let mut event = self.event(Kind::Opened(Opened {
            medium: self.medium(),
            direction: if by_us { Direction::Outbound } else { Direction::Inbound },
            public: false,
            priority,
        }));
        event.id = [&self.ticket, ":opened"].concat();
        if !self.via.is_empty() {
            event = event.attr("via", self.via.clone());
        }
        event
    }

    /// Somebody wrote. On a ticket of a messenger the same comes as a messaging event.
    fn comment(&self) -> Option<Event> {
        let comment = id(self.body, "/event/comment/id")?;
        let is_public = truth(self.body, "/event/comment/is_public").unwrap_or(true);
        if is_public && self.settings.messaging && words::is_messaging(&self.via) {
            return None;
        }
        let author = id(self.body, "/event/comment/author/id")
            .or_else(|| id(self.body, "/detail/actor_id"))
            .unwrap_or_default();
        // Colleagues who ask are staff, and customers of their own tickets.
        let is_customer = Some(&author) == self.requester.as_ref()
            || truth(self.body, "/event/comment/author/is_staff") == Some(false);
        let who = if is_customer { Author::Customer } else { self.staff(&author) };
        let mut message = Message::new(self.medium(), who);
        if let Some(Value::String(text)) = self.body.pointer("/event/comment/body") {
            message = message.text(text.as_str());
        }
        if !is_public {
            message.visibility = Visibility::Note;
        }
        let mut event = self.event(Kind::Message(message));
        event.id = comment_id(&self.ticket, &comment);
        if who == Author::Agent {
            event.agent = Some(author);
        }
        Some(event)
    }

    /// A comment became a note: it is no message any more, and no new one.
    fn made_private(&self) -> Option<Event> {
        let comment = id(self.body, "/event/comment/id")?;
        let mut message = Message::new(self.medium(), Author::Agent);
        message.visibility = Visibility::Note;
        Some(self.event(Kind::Edited(message)).refers(comment_id(&self.ticket, &comment)))
    }

    fn staff(&self, user: &str) -> Author {
        match user {
            // Triggers and automations are user -1.
            "" | "-1" => Author::System,
            user if self.settings.is_bot(user) => Author::Bot,
            _ => Author::Agent,
        }
    }

    fn status_changed(&self) -> Vec<Event> {
        let read = |pointer| text(self.body, pointer).and_then(|word| Status::read(&word));
        // DELETED, ARCHIVED and SCRUBBED have events of their own, or happen long after the end.
        let Some(now) = read("/event/current") else { return Vec::new() };
        let actor = id(self.body, "/detail/actor_id");
        let by = match &actor {
            Some(actor) if Some(actor) == self.requester.as_ref() => Author::Customer,
            Some(actor) => self.staff(actor),
            None => Author::Agent,
        };
        let kinds = change::status(read("/event/previous"), now, by);
        let several = kinds.len() > 1;
        let event = |(name, kind): (&str, Kind)| {
            let resolved = matches!(kind, Kind::Resolved(_));
            let mut event = self.event(kind);
            if several {
                event.id = [&self.id, ":", name].concat();
            }
            if resolved && by == Author::Agent {
                event.agent.clone_from(&actor);
            }
            event
        };
        kinds.into_iter().map(event).collect()
    }

    /// Good or bad of the older surveys, a number of the newer ones.
    fn rating(&self) -> Option<Kind> {
        const PLACES: [&str; 8] = [
            "/event/satisfaction_score/score",
            "/event/satisfaction_score",
            "/event/satisfaction_rating/score",
            "/event/csat/score",
            "/event/csat/rating",
            "/event/rating",
            "/event/score",
            "/event/current",
        ];
        if let Some(rating) = first(self.body, &PLACES).and_then(|word| Rating::read(&word)) {
            return Some(change::rating(rating));
        }
        let number = |value: &Value| match value {
            Value::String(text) => text.trim().parse().ok(),
            value => value.as_f64(),
        };
        let scale = self.settings.rating_scale;
        let score = PLACES.iter().find_map(|place| number(self.body.pointer(place)?))?;
        let sound = (0.0..=scale).contains(&score);
        sound.then(|| Kind::Rated(Rated { dimension: "overall".into(), score, scale }))
    }

    fn tagged(&self) -> Option<Event> {
        let added = self.body.pointer("/event/tags_added")?.as_array()?;
        let topics: Vec<String> = added
            .iter()
            .filter_map(Value::as_str)
            .filter(|tag| self.settings.topics.iter().any(|topic| topic == tag))
            .map(str::to_owned)
            .collect();
        (!topics.is_empty()).then(|| self.event(Kind::Tagged(topics)))
    }

    /// A message of a messaging conversation.
    fn chat_message(&self) -> Option<Event> {
        let message = text(self.body, "/event/message/id")?;
        let actor = id(self.body, "/event/actor/id");
        let author = match text(self.body, "/event/actor/type").as_deref() {
            Some("end_user") => Author::Customer,
            Some("agent") => match &actor {
                Some(user) if self.settings.is_bot(user) => Author::Bot,
                _ => Author::Agent,
            },
            // `system` is the answer bot, `trigger` a rule.
            _ => Author::Bot,
        };
        let mut written = Message::new(Medium::Message, author);
        if let Some(Value::String(text)) = self.body.pointer("/event/message/body") {
            written = written.text(text.as_str());
        }
        let mut event = self.event(Kind::Message(written));
        event.id = [&self.ticket, ":message:", &message].concat();
        match author {
            Author::Customer => event.customer.extend(actor.as_deref().map(customer)),
            Author::Agent => event.agent = actor,
            _ => {}
        }
        Some(event)
    }
}

/// The state of omnichannel routing that holds for all of an agent's channels.
fn agent_state(body: &Value) -> Result<Option<Event>, Failure> {
    let missing = |place: &str| bad_input(format!("{place} is missing"));
    let event_id = text(body, "/id").ok_or_else(|| missing("/id"))?;
    let agent = id(body, "/detail/agent_id").ok_or_else(|| missing("/detail/agent_id"))?;
    let Some(name) = text(body, "/event/new_unified_state/name") else { return Ok(None) };
    let (status, reason) = match name.to_lowercase().as_str() {
        "online" => (AgentStatus::Available, None),
        "offline" => (AgentStatus::Offline, None),
        // Away, only transfers, and states that the site made itself.
        _ => (AgentStatus::Paused, Some(name)),
    };
    let at = time(body, "/time");
    let mut event = Event::new(event_id, at, Kind::AgentState(AgentState { status, reason }));
    event.agent = Some(agent);
    Ok(Some(event))
}

pub(crate) fn customer(user: &str) -> String {
    ["zendesk:", user].concat()
}

pub(crate) fn comment_id(ticket: &str, comment: &str) -> String {
    [ticket, ":comment:", comment].concat()
}
