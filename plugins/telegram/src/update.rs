//! The parts of the Bot API's objects that decoding reads, borrowed from the body. Everything
//! else in an update is skipped unread, so that new fields cannot break anything.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

/// Text that is borrowed unless it has escapes.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct Text<'a>(#[serde(borrow)] pub(crate) Cow<'a, str>);

/// Something whose presence is all we want to know.
type Present = Option<IgnoredAny>;

/// At most one member beside the id; kinds that count for nothing have no field here.
#[derive(Debug, Deserialize)]
pub(crate) struct Update<'a> {
    pub(crate) update_id: u64,
    #[serde(borrow)]
    pub(crate) message: Option<Box<Message<'a>>>,
    #[serde(borrow)]
    pub(crate) edited_message: Option<Box<Message<'a>>>,
    #[serde(borrow)]
    pub(crate) business_message: Option<Box<Message<'a>>>,
    #[serde(borrow)]
    pub(crate) edited_business_message: Option<Box<Message<'a>>>,
    #[serde(borrow)]
    pub(crate) business_connection: Option<BusinessConnection<'a>>,
    #[serde(borrow)]
    pub(crate) callback_query: Option<Box<CallbackQuery<'a>>>,
    #[serde(borrow)]
    pub(crate) my_chat_member: Option<Box<ChatMemberUpdated<'a>>>,
}

/// Only the id, to tell a broken update from what is no update.
#[derive(Debug, Deserialize)]
pub(crate) struct UpdateId {
    pub(crate) update_id: u64,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Message<'a> {
    #[serde(default)]
    pub(crate) message_id: i64,
    pub(crate) message_thread_id: Option<i64>,
    #[serde(default)]
    pub(crate) is_topic_message: bool,
    pub(crate) direct_messages_topic: Option<DirectMessagesTopic>,
    #[serde(borrow)]
    pub(crate) from: Option<User<'a>>,
    #[serde(borrow)]
    pub(crate) sender_chat: Option<Chat<'a>>,
    pub(crate) sender_business_bot: Present,
    #[serde(default)]
    pub(crate) date: u64,
    #[serde(borrow)]
    pub(crate) business_connection_id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) chat: Chat<'a>,
    #[serde(default)]
    pub(crate) is_automatic_forward: bool,
    #[serde(default)]
    pub(crate) is_from_offline: bool,
    #[serde(default)]
    pub(crate) edit_date: u64,
    #[serde(borrow)]
    pub(crate) reply_to_message: Option<Reply<'a>>,
    #[serde(borrow)]
    pub(crate) media_group_id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) author_signature: Option<Text<'a>>,
    pub(crate) migrate_to_chat_id: Option<i64>,
    pub(crate) migrate_from_chat_id: Option<i64>,
    #[serde(borrow)]
    pub(crate) text: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) caption: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) contact: Option<Contact<'a>>,
    /// Blocks of text and media; see `rich`.
    #[serde(borrow)]
    pub(crate) rich_message: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(crate) web_app_data: Option<WebAppData<'a>>,
    animation: Present,
    audio: Present,
    checklist: Present,
    dice: Present,
    document: Present,
    game: Present,
    live_photo: Present,
    location: Present,
    paid_media: Present,
    photo: Present,
    poll: Present,
    sticker: Present,
    story: Present,
    venue: Present,
    video: Present,
    video_note: Present,
    voice: Present,
}

impl Message<'_> {
    /// Somebody said something. Everything else that comes as a message is a service message:
    /// a pin, a new member, a title, a topic created. Telegram adds service kinds every few
    /// months and content kinds hardly ever, so content is what is listed.
    pub(crate) fn is_content(&self) -> bool {
        self.text.is_some()
            || self.caption.is_some()
            || self.contact.is_some()
            || self.rich_message.is_some()
            || self.web_app_data.is_some()
            || [
                &self.animation,
                &self.audio,
                &self.checklist,
                &self.dice,
                &self.document,
                &self.game,
                &self.live_photo,
                &self.location,
                &self.paid_media,
                &self.photo,
                &self.poll,
                &self.sticker,
                &self.story,
                &self.venue,
                &self.video,
                &self.video_note,
                &self.voice,
            ]
            .iter()
            .any(|member| member.is_some())
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct DirectMessagesTopic {
    pub(crate) topic_id: i64,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Reply<'a> {
    #[serde(default)]
    pub(crate) message_id: i64,
    #[serde(borrow)]
    pub(crate) from: Option<User<'a>>,
    #[serde(default)]
    pub(crate) is_automatic_forward: bool,
    #[serde(borrow)]
    pub(crate) sender_chat: Option<Chat<'a>>,
}

/// What a form of ours, opened by a button, sends for the customer. Of the site's own making.
#[derive(Debug, Deserialize)]
pub(crate) struct WebAppData<'a> {
    #[serde(borrow)]
    pub(crate) data: Option<Text<'a>>,
}

/// A business account lets the bot read its chats, or no longer does.
#[derive(Debug, Deserialize)]
pub(crate) struct BusinessConnection<'a> {
    #[serde(borrow)]
    pub(crate) id: Text<'a>,
    #[serde(default)]
    pub(crate) date: u64,
    pub(crate) is_enabled: bool,
}

#[derive(Debug, Deserialize)]
pub(crate) struct User<'a> {
    pub(crate) id: i64,
    /// Absent in updates from before bots could see bots.
    #[serde(default)]
    pub(crate) is_bot: bool,
    #[serde(borrow)]
    pub(crate) language_code: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Chat<'a> {
    pub(crate) id: i64,
    #[serde(borrow, rename = "type")]
    pub(crate) kind: Option<Text<'a>>,
    pub(crate) username: Present,
}

impl Chat<'_> {
    /// One person. Without a type (old updates) the sign of the id tells.
    pub(crate) fn is_private(&self) -> bool {
        self.kind.as_ref().map_or(self.id > 0, |kind| kind.0 == "private")
    }

    pub(crate) fn is_channel(&self) -> bool {
        self.kind.as_ref().is_some_and(|kind| kind.0 == "channel")
    }

    /// Strangers can read it: a group with a public name.
    pub(crate) fn is_public(&self) -> bool {
        !self.is_private() && self.username.is_some()
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Contact<'a> {
    #[serde(borrow)]
    pub(crate) phone_number: Text<'a>,
    pub(crate) user_id: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct CallbackQuery<'a> {
    #[serde(borrow)]
    pub(crate) id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(crate) from: User<'a>,
    /// Also one that is no longer accessible: its chat is there all the same.
    #[serde(borrow)]
    pub(crate) message: Option<Message<'a>>,
    #[serde(borrow)]
    pub(crate) data: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ChatMemberUpdated<'a> {
    #[serde(borrow)]
    pub(crate) chat: Chat<'a>,
    #[serde(default)]
    pub(crate) date: u64,
    #[serde(borrow)]
    pub(crate) new_chat_member: ChatMember<'a>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ChatMember<'a> {
    #[serde(borrow)]
    pub(crate) status: Text<'a>,
}

/// What every method of the Bot API answers.
#[derive(Debug, Deserialize)]
pub(crate) struct Answer<'a> {
    #[serde(default)]
    pub(crate) ok: bool,
    /// One by one, so that a broken update does not take its neighbours with it.
    #[serde(borrow)]
    pub(crate) result: Option<Vec<&'a RawValue>>,
    #[serde(default)]
    pub(crate) error_code: u16,
    #[serde(borrow)]
    pub(crate) description: Option<Text<'a>>,
    pub(crate) parameters: Option<ResponseParameters>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ResponseParameters {
    pub(crate) retry_after: Option<u32>,
}
