//! One notification into events, by its topic. Topics that count for nothing are accepted, those that Intercom
//! adds later, too.

use serde::de::DeserializeOwned;
use tablica_plugin::{
    AgentProfile, AgentState, AgentStatus, Event, Failure, Kind, Moment, bad_input, unsupported,
};

use crate::conversation::Site;
use crate::payload::{Admin, Conversation, Head, Notification};
use crate::settings::Settings;

/// The events of a notification.
pub(crate) fn notification(
    body: &[u8],
    settings: &Settings,
    country_code: Option<&str>,
) -> Result<Vec<Event>, Failure> {
    let head: Head = serde_json::from_slice(body).map_err(|error| {
        if error.is_data() {
            return unsupported("no notification of Intercom's: it has no topic");
        }
        bad_input(format!("not JSON: {error}"))
    })?;
    let topic = head.topic.as_str();
    if let Some(what) = topic.strip_prefix("admin.") {
        return match what {
            "away_mode_updated" | "logged_in" | "logged_out" => admin(what, &read(body)?),
            _ => Ok(Vec::new()),
        };
    }
    let known = [
        "conversation.user.created",
        "conversation.admin.single.created",
        "conversation.user.replied",
        "conversation.admin.replied",
        "conversation.admin.noted",
        "conversation.operator.replied",
        "conversation.admin.assigned",
        "conversation.admin.open.assigned",
        "conversation.admin.closed",
        "conversation.admin.opened",
        "conversation.admin.snoozed",
        "conversation.admin.unsnoozed",
        "conversation.priority.updated",
        "conversation.rating.added",
        "conversation.deleted",
        "conversation_part.tag.created",
    ];
    let is_known = known.contains(&topic);
    if !is_known && !topic.starts_with("conversation.") {
        return Ok(Vec::new());
    }
    let notification: Notification<Conversation> = match read(body) {
        Err(_) if !is_known => return Ok(Vec::new()),
        notification => notification?,
    };
    let at = seconds(notification.created_at);
    let mut item = notification.data.item;
    // A tag in its first form stands beside its conversation.
    if let Some(conversation) = item.conversation.take() {
        item = Conversation { tag: item.tag, ..*conversation };
    }
    let Some(id) = &item.id else {
        return if is_known {
            Err(bad_input("a conversation without its id"))
        } else {
            Ok(Vec::new())
        };
    };
    let site = Site { id: &id.0, item: &item, at, settings, country_code };
    // Under which topic a merge is told is not documented: of topics that count for nothing else it counts, too.
    Ok(if is_known { site.events(topic) } else { site.merged() })
}

/// What is wrong is told without what stands there.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(body).map_err(|error| {
        let place = format!("line {} column {}", error.line(), error.column());
        bad_input(format!("a notification of another shape, {place}"))
    })
}

pub(crate) fn seconds(seconds: Option<u64>) -> Moment {
    Moment::from(seconds.unwrap_or_default().saturating_mul(1000))
}

/// A teammate comes, goes, or is away.
fn admin(what: &str, notification: &Notification<Admin>) -> Result<Vec<Event>, Failure> {
    let admin = &notification.data.item;
    let (Some(agent), Some(id)) = (&admin.id, &notification.id) else {
        return Err(bad_input("a teammate or a notification without an id"));
    };
    let status = match (what, admin.away_mode_enabled) {
        ("logged_out", _) => AgentStatus::Offline,
        (_, Some(true)) => AgentStatus::Paused,
        _ => AgentStatus::Available,
    };
    let at = seconds(notification.created_at);
    let state = Kind::AgentState(AgentState { status, reason: None });
    let mut events = vec![Event::new(id.0.clone(), at.clone(), state).agent(agent.0.clone())];
    if let Some(title) = admin.name.clone() {
        let profile = AgentProfile::named(title);
        let known = Event::new(format!("{id}:agent"), at, Kind::AgentKnown(profile));
        events.push(known.agent(agent.0.clone()));
    }
    Ok(events)
}
