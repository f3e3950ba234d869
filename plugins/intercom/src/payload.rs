//! The parts of Intercom's notifications that count, of all versions of its API. What stands in them beside
//! that is not read.

use serde::Deserialize;
use serde_json::Value;
use tablica_plugin::Id;

/// What every notification has, or it is none.
#[derive(Deserialize)]
pub(crate) struct Head {
    pub(crate) topic: String,
}

#[derive(Deserialize)]
pub(crate) struct Notification<T> {
    pub(crate) id: Option<Id>,
    /// Seconds.
    pub(crate) created_at: Option<u64>,
    pub(crate) data: Data<T>,
}

#[derive(Deserialize)]
pub(crate) struct Data<T> {
    pub(crate) item: T,
}

/// A conversation; version 1 has `user`, `assignee` and `conversation_message`, version 2 `contacts`,
/// `team_assignee_id` and `source`.
#[derive(Deserialize)]
pub(crate) struct Conversation {
    pub(crate) id: Option<Id>,
    /// Seconds.
    pub(crate) created_at: Option<u64>,
    pub(crate) updated_at: Option<u64>,
    pub(crate) user: Option<Person>,
    pub(crate) contacts: Option<Contacts>,
    pub(crate) assignee: Option<Person>,
    pub(crate) team_assignee_id: Option<Id>,
    #[serde(alias = "conversation_message")]
    pub(crate) source: Option<Source>,
    pub(crate) conversation_parts: Option<Parts>,
    /// A word in version 2.
    #[serde(default)]
    pub(crate) priority: Value,
    pub(crate) snoozed_until: Option<u64>,
    pub(crate) conversation_rating: Option<Rating>,
    pub(crate) statistics: Option<Statistics>,
    pub(crate) tags_added: Option<Tags>,
    /// Of a tag in its first form, beside the conversation.
    pub(crate) tag: Option<Tag>,
    pub(crate) conversation: Option<Box<Conversation>>,
}

#[derive(Deserialize)]
pub(crate) struct Contacts {
    #[serde(default)]
    pub(crate) contacts: Vec<Person>,
}

/// A customer (`user`, `lead`, `contact`, `visitor`), a teammate (`admin`), a `team`, a `bot`, or
/// `nobody_admin`, whose id is null.
#[derive(Deserialize)]
pub(crate) struct Person {
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
    pub(crate) id: Option<Id>,
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) from_ai_agent: Option<bool>,
}

/// The message with which the conversation began.
#[derive(Deserialize)]
pub(crate) struct Source {
    pub(crate) id: Option<Id>,
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
    pub(crate) body: Option<String>,
    /// `customer_initiated`, `admin_initiated`, `automated`, …
    pub(crate) delivered_as: Option<String>,
    pub(crate) author: Option<Person>,
}

#[derive(Deserialize)]
pub(crate) struct Parts {
    #[serde(default)]
    pub(crate) conversation_parts: Vec<Part>,
}

#[derive(Deserialize)]
pub(crate) struct Part {
    pub(crate) id: Option<Id>,
    pub(crate) part_type: Option<String>,
    pub(crate) body: Option<String>,
    pub(crate) created_at: Option<u64>,
    pub(crate) assigned_to: Option<Person>,
    pub(crate) author: Option<Person>,
}

#[derive(Deserialize)]
pub(crate) struct Rating {
    pub(crate) rating: Option<f64>,
    pub(crate) created_at: Option<u64>,
}

#[derive(Deserialize)]
pub(crate) struct Statistics {
    pub(crate) first_admin_reply_at: Option<u64>,
}

#[derive(Deserialize)]
pub(crate) struct Tags {
    #[serde(default)]
    pub(crate) tags: Vec<Tag>,
}

#[derive(Deserialize)]
pub(crate) struct Tag {
    pub(crate) id: Option<Id>,
    pub(crate) name: Option<String>,
}

/// A teammate, of `admin.…`.
#[derive(Deserialize)]
pub(crate) struct Admin {
    pub(crate) id: Option<Id>,
    pub(crate) name: Option<String>,
    pub(crate) away_mode_enabled: Option<bool>,
}
