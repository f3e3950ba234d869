//! One webhook into events, by its action. Actions that count for nothing are accepted, those that LiveChat adds
//! later, too. Names of versions before 3.2 are read as those that took their place.

use serde::de::DeserializeOwned;
use tablica_plugin::{AgentState, AgentStatus, Event, Failure, Kind, bad_input, unsupported};

use crate::payload::{Head, IncomingChat, IncomingEvent, OfThread, RoutingStatus, Webhook};
use crate::state::State;
use crate::thread;

/// The events of a webhook.
pub(crate) fn webhook(body: &[u8], state: &mut State, now_ms: u64) -> Result<Vec<Event>, Failure> {
    let head: Head = serde_json::from_slice(body).map_err(|error| {
        if error.is_data() {
            return unsupported("no webhook of LiveChat's: it has no action");
        }
        bad_input(format!("not JSON: {error}"))
    })?;
    match head.action.as_str() {
        "incoming_chat" | "incoming_chat_thread" => {
            let incoming: IncomingChat = read(body)?;
            Ok(thread::began(&incoming.chat, state))
        }
        "incoming_event" => {
            let IncomingEvent { thread_id, event } = read(body)?;
            Ok(thread::written(&thread_id, None, &event, state).into_iter().collect())
        }
        "routing_status_set" => Ok(routing_status(&read(body)?, now_ms).into_iter().collect()),
        action => {
            let what: fn(&str, &OfThread, &mut State) -> Vec<Event> = match action {
                "chat_deactivated" | "thread_closed" => thread::closed,
                "chat_transferred" => thread::transferred,
                "user_added_to_chat" | "chat_user_added" => thread::user_added,
                "thread_properties_updated"
                | "chat_thread_properties_updated"
                | "event_properties_updated" => thread::rated,
                "thread_tagged" | "chat_thread_tagged" => thread::tagged,
                _ => return Ok(Vec::new()),
            };
            let payload: OfThread = read(body)?;
            // Without a thread it is about a chat that nobody has: it is no contact.
            let thread = payload.thread_id.as_deref();
            Ok(thread.map(|thread| what(thread, &payload, state)).unwrap_or_default())
        }
    }
}

/// What is wrong is told without what stands there.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    let webhook: Webhook<T> = serde_json::from_slice(body).map_err(|error| {
        let place = format!("line {} column {}", error.line(), error.column());
        bad_input(format!("a webhook of another shape, {place}"))
    })?;
    Ok(webhook.payload)
}

/// LiveChat gives neither a time nor an id: it is the second in which it came.
fn routing_status(set: &RoutingStatus, now_ms: u64) -> Option<Event> {
    let status = match set.status.as_str() {
        "accepting_chats" | "accepting chats" => AgentStatus::Available,
        "not_accepting_chats" | "not accepting chats" => AgentStatus::Paused,
        "offline" => AgentStatus::Offline,
        _ => return None,
    };
    let RoutingStatus { agent_id, status: word } = set;
    let id = format!("agent:{agent_id}:{word}:{}", now_ms / 1000);
    let state = Kind::AgentState(AgentState { status, reason: None });
    Some(Event::new(id, now_ms, state).agent(agent_id.clone()))
}
