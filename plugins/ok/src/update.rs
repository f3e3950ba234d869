//! The parts of OK's objects that decoding reads. Everything else is skipped unread.

use serde::Deserialize;
use serde_json::value::RawValue;
use tablica_plugin::Id;

/// What comes by webhook, in `updates` and in `messages`: the same object each time.
#[derive(Debug, Deserialize)]
pub(crate) struct Update {
    /// `MESSAGE_CREATED`, `MESSAGE_CALLBACK`, `CHAT_SYSTEM`; absent in lists of messages, and in
    /// webhooks of the first years.
    #[serde(rename = "webhookType")]
    pub(crate) kind: Option<String>,
    pub(crate) sender: Option<Sender>,
    pub(crate) recipient: Option<Recipient>,
    pub(crate) message: Option<Message>,
    #[serde(default)]
    pub(crate) timestamp: u64,
    /// Of a pressed button: its press, what stands behind it, the message under which it is.
    #[serde(rename = "callbackId")]
    pub(crate) callback_id: Option<Id>,
    pub(crate) payload: Option<String>,
    pub(crate) mid: Option<Id>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Sender {
    pub(crate) user_id: Option<Id>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Recipient {
    pub(crate) chat_id: Option<Id>,
    pub(crate) user_id: Option<Id>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Message {
    pub(crate) mid: Option<Id>,
    /// Above 2^53; text in some answers.
    pub(crate) seq: Option<Id>,
    pub(crate) text: Option<String>,
}

/// What is left of a broken object, to know it again by.
#[derive(Debug, Deserialize)]
pub(crate) struct Known {
    pub(crate) message: KnownMessage,
}

#[derive(Debug, Deserialize)]
pub(crate) struct KnownMessage {
    pub(crate) mid: String,
}

/// What OK answers. Which list stands in it says what was asked.
#[derive(Debug, Deserialize)]
pub(crate) struct Answer<'a> {
    /// One by one, so that a broken one does not take its neighbours with it.
    #[serde(borrow)]
    pub(crate) updates: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    pub(crate) messages: Option<Vec<&'a RawValue>>,
    pub(crate) chats: Option<Vec<Chat>>,
    pub(crate) marker: Option<Id>,
    /// Of a subscription.
    pub(crate) success: Option<bool>,
    pub(crate) error_code: Option<u64>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Chat {
    pub(crate) chat_id: Option<Id>,
    #[serde(rename = "lastEventTime", default)]
    pub(crate) last_event_time: u64,
}

/// When a message was written, to ask for those before it.
#[derive(Debug, Deserialize)]
pub(crate) struct Stamp {
    #[serde(default)]
    pub(crate) timestamp: u64,
}
