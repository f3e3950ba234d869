//! The parts of MAX's objects that decoding reads. Everything else is skipped unread, so that new
//! fields cannot break anything.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use tablica_plugin::Id;

/// One update: which members it has depends on its type.
#[derive(Debug, Deserialize)]
pub(crate) struct Update {
    #[serde(rename = "update_type")]
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) timestamp: u64,
    pub(crate) message: Option<Message>,
    /// BCP 47, in dialogues only.
    pub(crate) user_locale: Option<String>,
    pub(crate) callback: Option<Callback>,
    pub(crate) chat_id: Option<i64>,
    pub(crate) user: Option<User>,
    /// Of what was removed: which, by whom, and under which post a comment stood.
    pub(crate) message_id: Option<Id>,
    pub(crate) user_id: Option<i64>,
    pub(crate) post_id: Option<Id>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Message {
    /// Nobody when a channel wrote.
    pub(crate) sender: Option<User>,
    pub(crate) recipient: Recipient,
    #[serde(default)]
    pub(crate) timestamp: u64,
    pub(crate) body: Option<Body>,
    /// The message that it answers or forwards.
    pub(crate) link: Option<Link>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Link {
    /// `reply` or `forward`.
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
    /// Nobody when a channel wrote.
    pub(crate) sender: Option<User>,
    pub(crate) message: Option<Linked>,
}

/// Only which one: its words are not the customer's.
#[derive(Debug, Deserialize)]
pub(crate) struct Linked {
    pub(crate) mid: Option<Id>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct User {
    pub(crate) user_id: i64,
    #[serde(default)]
    pub(crate) is_bot: bool,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Recipient {
    pub(crate) chat_id: Option<i64>,
    /// `dialog`, `chat` or `channel`.
    pub(crate) chat_type: Option<String>,
    /// The post that a comment stands under.
    pub(crate) post_id: Option<Id>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Body {
    pub(crate) mid: Option<Id>,
    /// Above 2^53.
    pub(crate) seq: Option<Id>,
    pub(crate) text: Option<String>,
    /// Of many kinds, to which MAX adds: only contacts are looked at.
    pub(crate) attachments: Option<Value>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Callback {
    #[serde(default)]
    pub(crate) timestamp: u64,
    pub(crate) callback_id: Id,
    pub(crate) payload: Option<String>,
    pub(crate) user: User,
}

/// What is left of a broken update, to know it again by.
#[derive(Debug, Deserialize)]
pub(crate) struct Known {
    pub(crate) message: KnownMessage,
}

#[derive(Debug, Deserialize)]
pub(crate) struct KnownMessage {
    pub(crate) body: KnownBody,
}

#[derive(Debug, Deserialize)]
pub(crate) struct KnownBody {
    pub(crate) mid: String,
}

/// What `GET /updates` answers: a list, or why not.
#[derive(Debug, Deserialize)]
pub(crate) struct Answer<'a> {
    /// One by one, so that a broken update does not take its neighbours with it.
    #[serde(borrow)]
    pub(crate) updates: Option<Vec<&'a RawValue>>,
    pub(crate) marker: Option<i64>,
}
