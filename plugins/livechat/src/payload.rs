//! The parts of LiveChat's webhooks that count. What stands in them beside that, their secret among it, is not
//! read.

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use tablica_plugin::{Id, Moment, time};

/// What every webhook has, or it is none.
#[derive(Deserialize)]
pub(crate) struct Head {
    pub(crate) action: String,
}

#[derive(Deserialize)]
pub(crate) struct Webhook<T> {
    pub(crate) payload: T,
}

#[derive(Deserialize)]
pub(crate) struct IncomingChat {
    pub(crate) chat: Chat,
}

#[derive(Deserialize)]
pub(crate) struct Chat {
    #[serde(default)]
    pub(crate) users: Vec<User>,
    pub(crate) thread: Thread,
    pub(crate) access: Option<Access>,
}

#[derive(Deserialize)]
pub(crate) struct User {
    pub(crate) id: String,
    /// `customer` or `agent`; bots are agents, too.
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) present: Option<bool>,
    /// `agents` of somebody who only watches: the customer does not see them.
    visibility: Option<String>,
}

impl User {
    pub(crate) fn is_supervisor(&self) -> bool {
        self.visibility.as_deref() == Some("agents")
    }
}

#[derive(Deserialize)]
pub(crate) struct Thread {
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) created_at: When,
    #[serde(default)]
    pub(crate) events: Vec<ChatEvent>,
    pub(crate) access: Option<Access>,
    pub(crate) queue: Option<InQueue>,
}

#[derive(Deserialize)]
pub(crate) struct Access {
    #[serde(default)]
    pub(crate) group_ids: Vec<Id>,
}

#[derive(Deserialize)]
pub(crate) struct InQueue {
    #[serde(default)]
    pub(crate) queued_at: When,
}

/// A message, a file, a form, or what LiveChat itself writes.
#[derive(Deserialize)]
pub(crate) struct ChatEvent {
    pub(crate) id: Option<String>,
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
    pub(crate) text: Option<String>,
    #[serde(default)]
    pub(crate) created_at: When,
    pub(crate) author_id: Option<String>,
    /// `all` or `agents`; the name depends on the version.
    #[serde(alias = "visibility")]
    pub(crate) recipients: Option<String>,
    #[serde(default)]
    pub(crate) properties: Value,
    #[serde(default)]
    pub(crate) fields: Vec<Field>,
    pub(crate) system_message_type: Option<String>,
    #[serde(default)]
    pub(crate) text_vars: Value,
}

impl ChatEvent {
    /// The customer does not see it.
    pub(crate) fn is_note(&self) -> bool {
        self.recipients.as_deref() == Some("agents")
    }
}

/// Of a form that was filled in.
#[derive(Deserialize)]
pub(crate) struct Field {
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
    #[serde(default, alias = "value")]
    pub(crate) answer: Value,
}

/// `incoming_event`
#[derive(Deserialize)]
pub(crate) struct IncomingEvent {
    pub(crate) thread_id: String,
    pub(crate) event: ChatEvent,
}

/// What happened to a thread; which fields are there depends on the action.
#[derive(Deserialize)]
pub(crate) struct OfThread {
    pub(crate) thread_id: Option<String>,
    /// Who closed it. None when nobody did.
    pub(crate) user_id: Option<String>,
    pub(crate) user: Option<User>,
    pub(crate) user_type: Option<String>,
    pub(crate) requester_id: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) transferred_to: Option<Target>,
    pub(crate) queue: Option<InQueue>,
    pub(crate) tag: Option<String>,
    #[serde(default)]
    pub(crate) properties: Value,
}

#[derive(Deserialize)]
pub(crate) struct Target {
    #[serde(default)]
    pub(crate) agent_ids: Vec<String>,
    #[serde(default)]
    pub(crate) group_ids: Vec<Id>,
}

/// `routing_status_set`
#[derive(Deserialize)]
pub(crate) struct RoutingStatus {
    pub(crate) agent_id: String,
    pub(crate) status: String,
}

/// A time, RFC 3339 with microseconds.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct When(pub(crate) Moment);

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(from)?;
        let at = value.as_str().and_then(time::moment);
        Ok(Self(at.unwrap_or(Moment::None)))
    }
}
