//! Freshchat: its webhook, one action in each call.

use serde_json::Value;
use tablica_plugin::{
    Author, Event, Failure, Kind, Medium, Message, Moment, Resolution, Transfer, TransferWay,
    Visibility, bad_input,
};

use crate::settings::Settings;
use tablica_plugin::json::{first, text};

/// One action.
pub(crate) fn decode(
    body: &Value,
    action: &str,
    settings: &Settings,
) -> Result<Vec<Event>, Failure> {
    match action {
        "message_create" => Ok(message(body, settings)?.into_iter().collect()),
        "conversation_assignment" => assignment(body, settings),
        "conversation_resolution" => {
            let told = Told::read(body, settings, "/data/resolve", "resolution")?;
            let by = author(settings, told.by("resolver"), told.user("resolver_id"));
            let mut event = told.event(Kind::Resolved(Resolution { by, note: None }));
            if by == Author::Agent {
                event.agent = told.user("resolver_id");
            }
            Ok(vec![event])
        }
        "conversation_reopen" => {
            let told = Told::read(body, settings, "/data/reopen", "reopen")?;
            Ok(vec![told.event(Kind::Reopened)])
        }
        // What Freshchat adds later.
        _ => Ok(Vec::new()),
    }
}

fn time(body: &Value, places: &[&str]) -> Moment {
    let at = first(body, places).and_then(|at| tablica_plugin::time::moment(&at));
    at.unwrap_or(Moment::None)
}

fn author(settings: &Settings, actor_type: Option<String>, id: Option<String>) -> Author {
    match actor_type.as_deref() {
        Some("user") => Author::Customer,
        Some("agent") if id.is_some_and(|id| settings.is_bot(&id)) => Author::Bot,
        Some("agent") => Author::Agent,
        Some("bot") => Author::Bot,
        // Greetings, being away, what Freshchat itself does.
        _ => Author::System,
    }
}

fn customer(user: &str) -> String {
    ["freshchat:", user].concat()
}

fn message(body: &Value, settings: &Settings) -> Result<Option<Event>, Failure> {
    let missing = |place: &str| bad_input(format!("{place} is missing"));
    let place = |name: &str| text(body, &["/data/message/", name].concat());
    let id = place("id").ok_or_else(|| missing("/data/message/id"))?;
    let conversation = place("conversation_id").or_else(|| place("freshchat_conversation_id"));
    let conversation = conversation.ok_or_else(|| missing("/data/message/conversation_id"))?;
    let kind = place("message_type");
    // Such as "Anna joined": nobody wrote it.
    if kind.as_deref() == Some("system") {
        return Ok(None);
    }
    let actor = place("actor_id").or_else(|| text(body, "/actor/actor_id"));
    let actor_type = place("actor_type").or_else(|| text(body, "/actor/actor_type"));
    let author = author(settings, actor_type, actor.clone());
    let medium = match place("message_source").map(|source| source.to_lowercase()).as_deref() {
        None | Some("web" | "mobile" | "android" | "ios") => Medium::Chat,
        Some("email") => Medium::Mail,
        Some(_) => Medium::Message,
    };
    let mut message = Message::new(medium, author);
    let parts = body.pointer("/data/message/message_parts").and_then(Value::as_array);
    let texts = parts.into_iter().flatten().filter_map(|part| text(part, "/text/content"));
    let texts: Vec<String> = texts.collect();
    if !texts.is_empty() {
        message = message.text(texts.join("\n"));
    }
    if kind.as_deref() == Some("private") {
        message.visibility = Visibility::Note;
    }
    let at = time(body, &["/data/message/created_time", "/action_time"]);
    let mut event = Event::new(["message:", &id].concat(), at, Kind::Message(message));
    event.interaction = conversation;
    let user = if author == Author::Customer { actor.clone() } else { place("user_id") };
    event.customer.extend(user.as_deref().map(customer));
    if author == Author::Agent {
        event.agent = actor;
    }
    Ok(Some(event))
}

/// To a group, to an agent, or to both at once.
fn assignment(body: &Value, settings: &Settings) -> Result<Vec<Event>, Failure> {
    let told = Told::read(body, settings, "/data/assignment", "assignment")?;
    let (from_group, to_group) = (told.user("from_group_id"), told.user("to_group_id"));
    let (from_agent, to_agent) = (told.user("from_agent_id"), told.user("to_agent_id"));
    let mut events = Vec::new();
    if let Some(to) = &to_group
        && to_group != from_group
    {
        let queue = settings.queue(to);
        let kind = match (&from_group, &from_agent, &to_agent) {
            // Nobody had it, and nobody gets it yet: its first queue.
            (None, None, None) => Kind::Queued,
            _ => {
                let (to_agent, way) = (None, TransferWay::Unknown);
                Kind::Transferred(Transfer { to_queue: Some(queue.clone()), to_agent, way })
            }
        };
        let is_first = matches!(kind, Kind::Queued);
        let mut event = told.event(kind);
        event.id.push_str(":group");
        event.queue =
            if is_first { Some(queue) } else { from_group.map(|from| settings.queue(&from)) };
        events.push(event);
    }
    if to_agent != from_agent {
        let mut event = told.event(Kind::Assigned);
        event.agent = to_agent;
        events.push(event);
    }
    Ok(events)
}

/// What actions on a conversation share. They have no id: the conversation and the moment are it.
struct Told<'a> {
    body: &'a Value,
    settings: &'a Settings,
    place: &'static str,
    name: &'static str,
    conversation: String,
}

impl<'a> Told<'a> {
    fn read(
        body: &'a Value,
        settings: &'a Settings,
        place: &'static str,
        name: &'static str,
    ) -> Result<Self, Failure> {
        let of = |name: &str| text(body, &[place, "/conversation/", name].concat());
        let conversation = of("conversation_id")
            .or_else(|| of("id"))
            .ok_or_else(|| bad_input(format!("{place}/conversation/conversation_id is missing")))?;
        Ok(Self { body, settings, place, name, conversation })
    }

    fn event(&self, kind: Kind) -> Event {
        let at = text(self.body, "/action_time").unwrap_or_default();
        let id = [self.name, ":", &self.conversation, ":", &at].concat();
        let mut event = Event::new(id, time(self.body, &["/action_time"]), kind);
        event.interaction.clone_from(&self.conversation);
        let group = [self.place, "/conversation/assigned_group_id"].concat();
        event.queue = text(self.body, &group).map(|group| self.settings.queue(&group));
        event
    }

    fn user(&self, name: &str) -> Option<String> {
        text(self.body, &[self.place, "/", name].concat())
    }

    /// What sort of somebody did it.
    fn by(&self, name: &str) -> Option<String> {
        self.user(name).or_else(|| text(self.body, "/actor/actor_type"))
    }
}
