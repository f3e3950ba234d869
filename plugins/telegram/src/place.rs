//! Where in a chat a message stands, and who asks there.
//!
//! In a group customers write side by side. A message and all that answers it is a thread: whoever
//! began it asks us, the others in it help them. Under a channel post each such thread is a contact
//! of its own; elsewhere in a group all of them are one contact, the chat's or its topic's.

use crate::author;
use crate::settings::Settings;
use crate::state::{State, Thread};
use crate::update::{Message, Reply};

/// Where a message stands.
pub(crate) struct Place {
    /// The contact.
    pub(crate) interaction: String,
    /// It is a comment under a channel post.
    pub(crate) is_comment: bool,
    /// The topic or post inside the chat.
    pub(crate) topic: Option<i64>,
    /// In groups.
    thread: Option<Thread>,
}

impl Place {
    /// The customer writes in a thread that another one began.
    pub(crate) fn is_anothers(&self, chat: i64, customer: i64) -> bool {
        self.thread.is_some_and(|thread| !thread.is_of(chat, customer))
    }

    /// Remembers it, for what answers the message.
    pub(crate) fn remember(&self, message: &Message<'_>, state: &mut State) {
        let Some(thread) = self.thread else { return };
        if message.message_id > 0 {
            state.stands(&name(message.chat.id, message.message_id), thread);
        }
        if let Some(album) = &message.media_group_id {
            state.stands(&album_name(&album.0), thread);
        }
    }
}

/// Of a message by this customer, or by one of us.
pub(crate) fn of(
    message: &Message<'_>,
    customer: Option<i64>,
    settings: &Settings,
    state: &State,
) -> Place {
    let (topic, is_comment) = topic(message, state);
    let is_shared = !message.chat.is_private() && message.direct_messages_topic.is_none();
    let thread = is_shared.then(|| thread(message, customer, is_comment, settings, state));
    let mut interaction = state.identity(message.chat.id).to_string();
    if let Some(topic) = topic {
        interaction = format!("{interaction}:{topic}");
    }
    // What we write to nobody stands with the post.
    if let Some(thread) = thread.filter(|it| is_comment && !it.is_ours() && it.first > 0) {
        interaction = format!("{interaction}:{}", thread.first);
    }
    Place { interaction, is_comment, topic, thread }
}

/// The topic or post inside the chat, and whether it is the comments under a channel post.
///
/// In an ordinary group each reply carries the thread id of the message it answers, while that
/// message has none: such a thread would part question and answer, so it does not count.
fn topic(message: &Message<'_>, state: &State) -> (Option<i64>, bool) {
    if let Some(topic) = &message.direct_messages_topic {
        return (Some(topic.topic_id), false);
    }
    let Some(thread) = message.message_thread_id else { return (None, false) };
    let to_post = message.reply_to_message.as_ref().is_some_and(|to| to.is_automatic_forward);
    if to_post || state.is_post(message.chat.id, thread) {
        return (Some(thread), true);
    }
    (message.is_topic_message.then_some(thread), false)
}

fn thread(
    message: &Message<'_>,
    customer: Option<i64>,
    is_comment: bool,
    settings: &Settings,
    state: &State,
) -> Thread {
    let chat = message.chat.id;
    // An edit, a further photo of an album.
    let album = message.media_group_id.as_ref().map(|album| album_name(&album.0));
    let known = state.thread(&name(chat, message.message_id));
    if let Some(known) = known.or_else(|| state.thread(&album?)) {
        return known;
    }
    let own = Thread::begin(chat, message.message_id, customer);
    let Some(to) = answered(message, is_comment) else { return own };
    let asker = author::of_answered(chat, to, settings, state);
    let thread = state.thread(&name(chat, to.message_id));
    let thread = thread.unwrap_or_else(|| Thread::begin(chat, to.message_id, asker));
    match customer {
        // Below our own words everybody asks for themself.
        Some(_) if thread.is_ours() => own,
        // In a group, who answers us asks us, also where we spoke to somebody else.
        Some(user) if !is_comment && asker.is_none() && !thread.is_of(chat, user) => own,
        _ => thread,
    }
}

/// The message that this one answers. In topics and under posts each message answers at least the
/// one that the topic began with, or the post.
fn answered<'a, 'b>(message: &'a Message<'b>, is_comment: bool) -> Option<&'a Reply<'b>> {
    let has_head = is_comment || message.is_topic_message;
    let head = message.message_thread_id.filter(|_| has_head);
    let to = message.reply_to_message.as_ref()?;
    (!to.is_automatic_forward && to.message_id > 0 && Some(to.message_id) != head).then_some(to)
}

fn name(chat: i64, message: i64) -> String {
    format!("{chat}:{message}")
}

fn album_name(album: &str) -> String {
    format!("album:{album}")
}
