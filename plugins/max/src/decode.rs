//! One update into what it counts for.
//!
//! Counted: messages and comments, their edits and removals, ratings by button, a customer who
//! stops the bot. Accepted and not counted: posts in channels, a bot that was only started,
//! members, titles, muted dialogues, and every kind that MAX adds later.

use tablica_plugin::{
    Author, Event, Failure, Id, Kind, LeftReason, Medium, Message as Written, Rating, Removal,
    Visibility, bad_input, unsupported,
};

use crate::contact;
use crate::place;
use crate::settings::Settings;
use crate::state::{State, Wrote};
use crate::update::{Body, Message, Update};

pub(crate) fn update(
    body: &[u8],
    settings: &Settings,
    state: &mut State,
) -> Result<Option<Event>, Failure> {
    let update: Update = serde_json::from_slice(body).map_err(|error| fault(body, &error))?;
    match update.kind.as_str() {
        "message_created" => created(update, false, settings, state),
        "comment_created" => created(update, true, settings, state),
        "message_edited" => edited(update, false, settings, state),
        "comment_edited" => edited(update, true, settings, state),
        "message_removed" | "comment_removed" => removed(update, settings, state),
        "message_callback" => rating(update, settings),
        // `dialog_removed` comes beside it, for the same dialogue.
        "bot_stopped" => stopped(&update),
        _ => Ok(None),
    }
}

/// A broken update is bad input; something else than an update is not supported.
fn fault(body: &[u8], error: &serde_json::Error) -> Failure {
    #[derive(serde::Deserialize)]
    struct Kind {
        #[serde(rename = "update_type")]
        _kind: String,
    }
    match serde_json::from_slice::<Kind>(body) {
        Ok(_) => bad_input(error.to_string()),
        Err(_) if error.is_data() => unsupported("not an update of MAX: it has no update_type"),
        Err(error) => bad_input(format!("not JSON: {error}")),
    }
}

/// Who wrote, and what they wrote.
struct Said {
    mid: String,
    interaction: String,
    /// In chats and under posts, the message that its thread began with.
    first: Option<String>,
    /// Of a customer.
    user: Option<i64>,
    agent: Option<i64>,
    order: Option<u64>,
    phone: Option<String>,
    written: Written,
}

fn created(
    mut update: Update,
    is_comment: bool,
    settings: &Settings,
    state: &mut State,
) -> Result<Option<Event>, Failure> {
    let locale = update.user_locale.take();
    let message = update.message.take().ok_or_else(|| bad_input("/message is missing"))?;
    let at = if message.timestamp == 0 { update.timestamp } else { message.timestamp };
    let Some(mut said) = said(message, is_comment, settings, state)? else { return Ok(None) };
    state.wrote(&said.mid, said.user);
    if let Some(first) = said.first.as_deref().filter(|first| *first != said.mid) {
        state.answered(&said.mid, first);
    }
    said.written.language = locale.filter(|code| said.user.is_some() && is_language(code));
    let mut event = Event::new(said.mid, at, Kind::Message(said.written)).on(said.interaction);
    event.order = said.order;
    event.agent = said.agent.map(|agent| agent.to_string());
    event.customer.extend(said.user.map(customer));
    event.customer.extend(said.phone);
    Ok(Some(event))
}

fn edited(
    mut update: Update,
    is_comment: bool,
    settings: &Settings,
    state: &State,
) -> Result<Option<Event>, Failure> {
    let message = update.message.take().ok_or_else(|| bad_input("/message is missing"))?;
    let Some(said) = said(message, is_comment, settings, state)? else { return Ok(None) };
    // The message's own time is when it was written.
    let (at, mid) = (update.timestamp, said.mid);
    let mut event = Event::new(format!("{mid}:edit:{at}"), at, Kind::Edited(said.written));
    event.agent = said.agent.map(|agent| agent.to_string());
    event.customer.extend(said.user.map(customer));
    Ok(Some(event.refers(mid).on(said.interaction)))
}

/// None for a post in a channel: that is ours, and nobody's contact.
fn said(
    message: Message,
    is_comment: bool,
    settings: &Settings,
    state: &State,
) -> Result<Option<Said>, Failure> {
    let Message { sender, recipient, body, link, timestamp } = message;
    if !is_comment && recipient.chat_type.as_deref() == Some("channel") {
        return Ok(None);
    }
    let chat =
        recipient.chat_id.ok_or_else(|| bad_input("/message/recipient/chat_id is missing"))?;
    // Who only forwards something has no body, and so no name for the message.
    let forwarded = || place::forwarded(link.as_ref()?);
    let unnamed = || Some(format!("forward:{chat}:{timestamp}:{}", forwarded()?));
    let mid = match &body {
        Some(Body { mid: Some(mid), .. }) => mid.0.clone(),
        Some(_) => return Err(bad_input("/message/body/mid is missing")),
        None => unnamed().ok_or_else(|| bad_input("/message/body is missing"))?,
    };
    let body = body.unwrap_or_default();
    let (mut author, agent) = match &sender {
        Some(sender) if settings.is_agent(sender.user_id) => (Author::Agent, Some(sender.user_id)),
        Some(sender) if sender.is_bot => (Author::Bot, None),
        Some(_) => (Author::Customer, None),
        // In the name of the channel.
        None if is_comment => (Author::Agent, None),
        None => return Ok(None),
    };
    let user = place::customer(sender.as_ref(), settings);
    let is_shared = is_comment || recipient.chat_type.as_deref() == Some("chat");
    let thread =
        is_shared.then(|| place::thread(&mid, user, link.as_ref(), is_comment, settings, state));
    if thread.as_ref().is_some_and(|thread| thread.is_anothers) {
        author = Author::Peer;
    }
    let first = thread.and_then(|thread| thread.first);
    let post = recipient.post_id.filter(|_| is_comment);
    let interaction = interaction(chat, post.as_ref(), first.as_deref());
    let medium = if is_comment { Medium::Comment } else { Medium::Message };
    let mut written = Written::new(medium, author);
    if let Some(text) = body.text.filter(|text| !text.is_empty()) {
        written = written.text(text);
    }
    if is_comment && !settings.closed {
        written.visibility = Visibility::Public;
    }
    let phone = match (&body.attachments, user) {
        (Some(attachments), Some(user)) => contact::own_phone(attachments, user, settings),
        _ => None,
    };
    let order = body.seq.and_then(|seq| seq.0.parse().ok());
    Ok(Some(Said { mid, interaction, first, user, agent, order, phone, written }))
}

/// Who removed it decides: what our side takes away leaves its customer waiting.
fn removed(update: Update, settings: &Settings, state: &State) -> Result<Option<Event>, Failure> {
    let mid = update.message_id.ok_or_else(|| bad_input("/message_id is missing"))?.0;
    let chat = update.chat_id.ok_or_else(|| bad_input("/chat_id is missing"))?;
    let by = match update.user_id.map(|user| (user, state.author(&mid, user))) {
        Some((_, Wrote::We)) => return Ok(None),
        Some((user, _)) if settings.is_agent(user) => Author::Agent,
        Some((_, Wrote::They)) => Author::Customer,
        // Beside the author only administrators can.
        Some((_, Wrote::SomebodyElse)) => Author::Agent,
        _ => Author::System,
    };
    // Another customer takes back their own words, not what was asked.
    let first = state.first(&mid).unwrap_or(&mid);
    let by = match update.user_id.filter(|_| by == Author::Customer && first != mid) {
        Some(user) if state.author(first, user) == Wrote::SomebodyElse => Author::Peer,
        _ => by,
    };
    let interaction = interaction(chat, update.post_id.as_ref(), Some(first));
    let id = format!("{mid}:removed");
    let event = Event::new(id, update.timestamp, Kind::Removed(Removal { by }));
    let mut event = event.refers(mid).on(interaction);
    let is_own = matches!(by, Author::Customer | Author::Peer);
    event.customer.extend(update.user_id.filter(|_| is_own).map(customer));
    Ok(Some(event))
}

/// A chat; under a post, the comment that its thread began with.
fn interaction(chat: i64, post: Option<&Id>, first: Option<&str>) -> String {
    match (post, first) {
        (Some(post), Some(first)) => format!("{chat}:{post}:{first}"),
        (Some(post), None) => format!("{chat}:{post}"),
        (None, _) => chat.to_string(),
    }
}

/// A pressed button.
fn rating(update: Update, settings: &Settings) -> Result<Option<Event>, Failure> {
    let press = update.callback.ok_or_else(|| bad_input("/callback is missing"))?;
    let data = press.payload.as_deref();
    let (prefix, scale) = (&settings.rating_prefix, settings.rating_scale);
    let Some(rating) = data.and_then(|data| Rating::by_button(data, prefix, scale)) else {
        return Ok(None);
    };
    // The callback's id names the keyboard: the same one can be pressed again.
    let (at, user) = (press.timestamp, press.user.user_id);
    let id = format!("callback:{}:{user}:{at}", press.callback_id);
    let event = Event::new(id, at, Kind::Rated(rating)).customer(customer(user));
    // The message under which the button was may be gone.
    Ok(Some(match update.message.and_then(|message| message.recipient.chat_id) {
        Some(chat) => event.on(chat.to_string()),
        None => event,
    }))
}

/// The customer wants no more of the bot.
fn stopped(update: &Update) -> Result<Option<Event>, Failure> {
    let chat = update.chat_id.ok_or_else(|| bad_input("/chat_id is missing"))?;
    let at = update.timestamp;
    let event = Event::new(format!("stopped:{chat}:{at}"), at, Kind::Left(LeftReason::Blocked));
    let mut event = event.on(chat.to_string());
    event.customer.extend(update.user.as_ref().map(|user| customer(user.user_id)));
    Ok(Some(event))
}

fn customer(user: i64) -> String {
    format!("max:{user}")
}

fn is_language(code: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (2..=16).contains(&code.len()) && code.bytes().all(plain)
}
