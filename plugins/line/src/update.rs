//! The parts of LINE's webhook objects that decoding reads. Everything else is skipped unread.

use serde::Deserialize;
use serde_json::value::RawValue;
use tablica_plugin::Id;

/// One call. The console's Verify button sends one without events.
#[derive(Debug, Deserialize)]
pub(crate) struct Call<'a> {
    /// One by one, so that a broken event does not take its neighbours with it.
    #[serde(borrow)]
    pub(crate) events: Option<Vec<&'a RawValue>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct LineEvent {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// `standby`: another module owns the chat.
    pub(crate) mode: Option<String>,
    pub(crate) timestamp: u64,
    pub(crate) source: Option<Source>,
    /// The same when the event is sent again. Absent in calls of the first years.
    #[serde(rename = "webhookEventId")]
    pub(crate) event_id: Option<Id>,
    pub(crate) message: Option<Message>,
    pub(crate) unsend: Option<Unsend>,
    pub(crate) postback: Option<Postback>,
}

/// What is left of a broken event, to know it again by.
#[derive(Debug, Deserialize)]
pub(crate) struct EventId {
    #[serde(rename = "webhookEventId")]
    pub(crate) event_id: String,
}

/// One user, a group or a room. In groups and rooms the user may be missing.
#[derive(Debug, Deserialize)]
pub(crate) struct Source {
    #[serde(rename = "userId")]
    pub(crate) user: Option<String>,
    #[serde(rename = "groupId")]
    pub(crate) group: Option<String>,
    #[serde(rename = "roomId")]
    pub(crate) room: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Message {
    pub(crate) id: Id,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// Of a sticker too: there it is LINE's word for the picture, not the customer's.
    pub(crate) text: Option<String>,
    #[serde(rename = "imageSet")]
    pub(crate) album: Option<Album>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Album {
    pub(crate) id: Id,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Unsend {
    #[serde(rename = "messageId")]
    pub(crate) message: Id,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Postback {
    pub(crate) data: String,
}
