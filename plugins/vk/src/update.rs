//! The parts of VK's objects that decoding reads. Everything else is skipped unread, so that new
//! fields cannot break anything.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

/// One event, the same by Callback API and by long poll.
#[derive(Debug, Deserialize)]
pub(crate) struct Update<'a> {
    #[serde(borrow, rename = "type")]
    pub(crate) kind: Cow<'a, str>,
    /// The same when the event is sent again. Absent before version 5.103.
    pub(crate) event_id: Option<String>,
    #[serde(default)]
    pub(crate) group_id: i64,
    #[serde(borrow)]
    pub(crate) object: Option<&'a RawValue>,
}

/// What is left of a broken event, to know it again by.
#[derive(Debug, Deserialize)]
pub(crate) struct EventId {
    pub(crate) event_id: String,
}

/// `message_new` since 5.103: the message is one of two members.
#[derive(Debug, Deserialize)]
pub(crate) struct Wrapped<'a> {
    #[serde(borrow)]
    pub(crate) message: Option<&'a RawValue>,
    pub(crate) client_info: Option<ClientInfo>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ClientInfo {
    pub(crate) lang_id: Option<i64>,
}

/// A private message, or one in a group chat.
#[derive(Debug, Deserialize)]
pub(crate) struct Message {
    /// 0 in group chats.
    #[serde(default)]
    pub(crate) id: i64,
    /// Its number in the conversation.
    pub(crate) conversation_message_id: Option<i64>,
    #[serde(default)]
    pub(crate) date: u64,
    pub(crate) update_time: Option<u64>,
    pub(crate) from_id: Option<i64>,
    pub(crate) peer_id: Option<i64>,
    /// 1 for what the community sent.
    #[serde(default)]
    pub(crate) out: u8,
    /// The administrator who wrote in the community's name on VK's own pages.
    pub(crate) admin_author_id: Option<i64>,
    pub(crate) text: Option<String>,
    /// Of a pressed button: JSON in a text.
    pub(crate) payload: Option<String>,
    /// A service message: somebody joined, the title changed.
    pub(crate) action: Option<IgnoredAny>,
    /// Before 5.80: the other one of the dialogue, the text, the number of a group chat.
    pub(crate) user_id: Option<i64>,
    pub(crate) body: Option<String>,
    pub(crate) chat_id: Option<i64>,
}

/// `message_event`: a callback button was pressed.
#[derive(Debug, Deserialize)]
pub(crate) struct Press {
    pub(crate) user_id: i64,
    pub(crate) peer_id: Option<i64>,
    pub(crate) payload: Option<serde_json::Value>,
}

/// `message_deny`.
#[derive(Debug, Deserialize)]
pub(crate) struct Denied {
    pub(crate) user_id: i64,
}

/// A comment under a post, a photo, a video or goods, or a message in a discussion; new, edited,
/// restored or deleted. Owner and thread have other names each time.
#[derive(Debug, Deserialize)]
pub(crate) struct Comment {
    pub(crate) id: i64,
    pub(crate) from_id: Option<i64>,
    #[serde(default)]
    pub(crate) date: u64,
    pub(crate) text: Option<String>,
    pub(crate) reply_to_user: Option<i64>,
    pub(crate) reply_to_comment: Option<i64>,
    /// The comments above it, the first of the thread first.
    #[serde(default)]
    pub(crate) parents_stack: Vec<i64>,
    pub(crate) owner_id: Option<i64>,
    pub(crate) post_id: Option<i64>,
    pub(crate) post_owner_id: Option<i64>,
    pub(crate) photo_id: Option<i64>,
    pub(crate) photo_owner_id: Option<i64>,
    pub(crate) video_id: Option<i64>,
    pub(crate) video_owner_id: Option<i64>,
    pub(crate) item_id: Option<i64>,
    pub(crate) market_owner_id: Option<i64>,
    pub(crate) topic_id: Option<i64>,
    pub(crate) topic_owner_id: Option<i64>,
    /// Of a deletion: who deleted it.
    pub(crate) deleter_id: Option<i64>,
    /// Of a deletion: who wrote it; where there is no `deleter_id`, who deleted it.
    pub(crate) user_id: Option<i64>,
}

/// `wall_post_new`, `wall_repost`.
#[derive(Debug, Deserialize)]
pub(crate) struct Post {
    pub(crate) id: i64,
    pub(crate) owner_id: Option<i64>,
    pub(crate) from_id: i64,
    #[serde(default)]
    pub(crate) date: u64,
    pub(crate) text: Option<String>,
    pub(crate) post_type: Option<String>,
}
