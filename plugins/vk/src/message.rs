//! Private messages and group chats.
//!
//! A message is known by its number in its conversation, so that an edit can name it. An own
//! message says which administrator wrote it, unless a program sent it.

use serde_json::value::RawValue;
use tablica_plugin::{
    Author, Event, Failure, Kind, LeftReason, Medium, Message as Written, bad_input,
};

use crate::decode::{Told, at_ms, customer, read};
use crate::rating;
use crate::settings::{ApiReplies, Settings};
use crate::update::{ClientInfo, Denied, Message, Press, Wrapped};

/// Peers from here on are group chats.
const GROUP_CHATS: i64 = 2_000_000_000;

/// `message_new`, `message_reply`, `message_edit`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    New,
    Reply,
    Edit,
}

enum Writer {
    Customer(i64),
    Agent(Option<i64>),
    Bot,
}

pub(crate) fn message(
    told: &Told<'_>,
    object: &RawValue,
    what: What,
    settings: &Settings,
) -> Result<Option<Event>, Failure> {
    let (message, client) = unwrap(object)?;
    if message.action.is_some() {
        return Ok(None);
    }
    let peer = peer(&message).ok_or_else(|| bad_input("/object: no peer_id"))?;
    let writer = writer(told.group, peer, &message, what, settings)?;
    let id = id(told, peer, &message);
    let (author, agent, user) = match writer {
        Writer::Customer(user) => (Author::Customer, None, Some(user)),
        Writer::Agent(agent) => (Author::Agent, agent, None),
        Writer::Bot => (Author::Bot, None, None),
    };
    let mut written = Written::new(Medium::Message, author);
    if let Some(text) = message.text.or(message.body).filter(|text| !text.is_empty()) {
        written = written.text(text);
    }
    if user.is_some() {
        written.language = client.and_then(|it| language(it.lang_id?)).map(str::to_owned);
    }
    let pressed = message.payload.as_deref().filter(|_| what == What::New);
    let mut event = if what == What::Edit {
        // An edit's own time; that of the message is when it was first written.
        let at = message.update_time.map_or(0, at_ms);
        Event::new(told.id(&format!("{id}:edit:{at}")), at, Kind::Edited(written)).refers(id)
    } else if let Some(rating) = pressed.and_then(|payload| rating::in_text(payload, settings)) {
        Event::new(id, at_ms(message.date), Kind::Rated(rating))
    } else {
        Event::new(id, at_ms(message.date), Kind::Message(written))
    };
    event.interaction = interaction(told.group, peer);
    event.agent = agent.map(|agent| agent.to_string());
    let dialogue = (1..GROUP_CHATS).contains(&peer).then_some(peer);
    event.customer.extend(user.or(dialogue).map(customer));
    Ok(Some(event))
}

/// Since 5.103 the message of `message_new` stands beside what the customer's app can do.
fn unwrap(object: &RawValue) -> Result<(Message, Option<ClientInfo>), Failure> {
    let wrapped: Wrapped<'_> = read(object)?;
    Ok((read(wrapped.message.unwrap_or(object))?, wrapped.client_info))
}

fn peer(message: &Message) -> Option<i64> {
    let chat = message.chat_id.map(|chat| chat.saturating_add(GROUP_CHATS));
    message.peer_id.or(chat).or(message.user_id).or(message.from_id)
}

fn writer(
    group: i64,
    peer: i64,
    message: &Message,
    what: What,
    settings: &Settings,
) -> Result<Writer, Failure> {
    let from = message.from_id.or(message.user_id);
    let is_ours = what == What::Reply
        || message.out == 1
        || from.is_some_and(|from| from < 0 && (from == group.saturating_neg() || group == 0));
    if is_ours {
        let admin = message.admin_author_id.filter(|admin| *admin > 0);
        return Ok(match (admin, settings.api_replies) {
            (None, ApiReplies::Bot) => Writer::Bot,
            (admin, _) => Writer::Agent(admin),
        });
    }
    let from = from.ok_or_else(|| bad_input("/object: no from_id"))?;
    let is_chat = peer >= GROUP_CHATS;
    Ok(match from {
        // Another community's bot in a group chat.
        from if from < 0 => Writer::Bot,
        // In a dialogue an administrator who asks is a customer like any other.
        from if is_chat && settings.is_admin(from) => Writer::Agent(Some(from)),
        from => Writer::Customer(from),
    })
}

/// The number in the conversation; before 5.80 there was only the message's own.
fn id(told: &Told<'_>, peer: i64, message: &Message) -> String {
    let group = told.group;
    match message.conversation_message_id {
        Some(number) => format!("{group}:{peer}:{number}"),
        None if message.id != 0 => format!("{group}:message:{}", message.id),
        None => told.id(&format!("{group}:{peer}:at:{}", message.date)),
    }
}

/// `message_event`: a rating, or nothing. Its time is the host's: VK gives none.
pub(crate) fn press(
    told: &Told<'_>,
    object: &RawValue,
    settings: &Settings,
) -> Result<Option<Event>, Failure> {
    let press: Press = read(object)?;
    let payload = press.payload.as_ref();
    let Some(rating) = payload.and_then(|payload| rating::in_payload(payload, settings)) else {
        return Ok(None);
    };
    let user = press.user_id;
    let peer = press.peer_id.unwrap_or(user);
    let id = told.id(&format!("{}:{peer}:press:{user}", told.group));
    let event = Event::new(id, 0, Kind::Rated(rating)).on(interaction(told.group, peer));
    Ok(Some(event.customer(customer(user))))
}

/// `message_deny`: the customer wants no more messages from us.
pub(crate) fn denied(told: &Told<'_>, object: &RawValue) -> Result<Option<Event>, Failure> {
    let user = read::<Denied>(object)?.user_id;
    let id = told.id(&format!("{}:deny:{user}", told.group));
    let event = Event::new(id, 0, Kind::Left(LeftReason::Blocked));
    Ok(Some(event.on(interaction(told.group, user)).customer(customer(user))))
}

/// One user may write to several communities of one channel: these are several conversations.
fn interaction(group: i64, peer: i64) -> String {
    format!("{group}:{peer}")
}

/// In which the customer reads VK: its own numbers of languages.
fn language(lang_id: i64) -> Option<&'static str> {
    const LANGUAGES: [&str; 8] = ["ru", "uk", "be", "en", "es", "fi", "de", "it"];
    LANGUAGES.get(usize::try_from(lang_id).ok()?).copied()
}
