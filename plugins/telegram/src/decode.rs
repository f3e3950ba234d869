//! One update into events.
//!
//! Counted: what customers, agents and bots write, ratings by button, a customer who blocks the
//! bot. Accepted and not counted: edits, service messages, posts in channels, reactions,
//! business connections, and every kind that Telegram adds later.

use tablica_plugin::{
    Event, Failure, Kind, LeftReason, Medium, Message as Written, Rating, Visibility, bad_input,
    identity, unsupported,
};

use crate::author::{self, Writer};
use crate::settings::Settings;
use crate::state::State;
use crate::update::{CallbackQuery, ChatMemberUpdated, Message, Update, UpdateId};

/// Decodes an update; its id comes back for polling.
pub(crate) fn update(
    body: &[u8],
    settings: &Settings,
    state: &mut State,
    events: &mut Vec<Event>,
) -> Result<u64, Failure> {
    let update: Update<'_> = serde_json::from_slice(body).map_err(|error| fault(body, &error))?;
    let id = update.update_id;
    if let Some(message) = &update.message {
        events.extend(self::message(id, message, settings, state));
    } else if let Some(message) = &update.business_message {
        events.extend(business_message(id, message));
    } else if let Some(query) = &update.callback_query {
        events.extend(rating(id, query, settings, state));
    } else if let Some(member) = &update.my_chat_member {
        events.extend(blocked(id, member));
    }
    Ok(id)
}

/// A broken update is bad input; something else than an update is not supported.
fn fault(body: &[u8], error: &serde_json::Error) -> Failure {
    match serde_json::from_slice::<UpdateId>(body) {
        Ok(UpdateId { update_id }) => bad_input(format!("update {update_id}: {error}")),
        Err(_) if error.is_data() => unsupported("not a Telegram Update: it has no update_id"),
        Err(error) => bad_input(format!("not JSON: {error}")),
    }
}

fn message(
    id: u64,
    message: &Message<'_>,
    settings: &Settings,
    state: &mut State,
) -> Option<Event> {
    let chat = message.chat.id;
    if let Some(supergroup) = message.migrate_to_chat_id {
        state.migrate(chat, supergroup);
    }
    if let Some(group) = message.migrate_from_chat_id {
        state.migrate(group, chat);
    }
    if message.is_automatic_forward {
        let channel = message.sender_chat.as_ref().map(|channel| channel.id);
        state.posted(chat, message.message_id, channel);
    }
    let writer = author::of_message(message, settings, state);
    let (thread, is_comment) = thread(message, state);
    let mut interaction = numbered("", state.identity(chat));
    if let Some(thread) = thread {
        interaction = format!("{interaction}:{thread}");
    }
    let mut event =
        written(id, message, &writer, if is_comment { Medium::Comment } else { Medium::Message })?;
    event.interaction = interaction;
    Some(event)
}

fn business_message(id: u64, message: &Message<'_>) -> Option<Event> {
    let writer = author::of_business_message(message);
    let mut event = written(id, message, &writer, Medium::Message)?;
    event.interaction = business_interaction(message);
    if event.customer.is_empty() {
        event.customer.push(customer(message.chat.id));
    }
    Some(event)
}

/// The thread inside the chat, and whether it is the comments under a channel post.
///
/// In an ordinary group each reply carries the thread id of the message it answers, while that
/// message has none: such a thread would part question and answer, so it does not count.
fn thread(message: &Message<'_>, state: &State) -> (Option<i64>, bool) {
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

fn business_interaction(message: &Message<'_>) -> String {
    let connection = message.business_connection_id.as_ref().map_or("", |id| &id.0);
    format!("{connection}:{}", message.chat.id)
}

/// The event of a message that somebody wrote, still without its interaction.
fn written(id: u64, message: &Message<'_>, writer: &Writer, medium: Medium) -> Option<Event> {
    if *writer == Writer::Nobody || !message.is_content() {
        return None;
    }
    let mut written = Written::new(medium, writer.author());
    if let Some(text) = message.text.as_ref().or(message.caption.as_ref()) {
        written = written.text(text.0.as_ref());
    }
    if medium == Medium::Comment || message.chat.is_public() {
        written.visibility = Visibility::Public;
    }
    let mut event = Event::new("", at_ms(message.date), Kind::Queued);
    // Photos sent together come as one update each: with one id they are one message.
    event.id = match &message.media_group_id {
        Some(album) => format!("album:{}", album.0),
        None => event_id(id),
    };
    match writer {
        Writer::Customer(user) => {
            event.customer.push(customer(*user));
            event.customer.extend(own_phone(message, *user));
            let language = message.from.as_ref().and_then(|user| user.language_code.as_ref());
            written.language = language.map(|code| code.0.to_string());
        }
        Writer::Agent(agent) => event.agent = Some(agent.clone()),
        Writer::Bot | Writer::Nobody => {}
    }
    event.kind = Kind::Message(written);
    Some(event)
}

/// The number in a contact that somebody shared of themselves; other people's contacts say
/// nothing of who writes. Telegram's numbers are international, with or without `+`.
fn own_phone(message: &Message<'_>, user: i64) -> Option<String> {
    let contact = message.contact.as_ref().filter(|contact| contact.user_id == Some(user))?;
    identity::phone(&format!("+{}", contact.phone_number.0.trim_start_matches('+')), None)
}

/// A pressed button. Its time is the host's: Telegram gives only that of the message under which
/// the button is.
fn rating(id: u64, query: &CallbackQuery<'_>, settings: &Settings, state: &State) -> Option<Event> {
    let data = query.data.as_ref()?.0.strip_prefix(settings.rating_prefix.as_str())?;
    let rating = read_rating(data, settings.rating_scale)?;
    let event = Event::new(event_id(id), 0, Kind::Rated(rating)).customer(customer(query.from.id));
    let Some(message) = &query.message else { return Some(event) };
    if message.business_connection_id.is_some() {
        return Some(event.on(business_interaction(message)));
    }
    let chat = state.identity(message.chat.id);
    Some(match thread(message, state).0 {
        Some(thread) => event.on(format!("{chat}:{thread}")),
        None => event.on(chat.to_string()),
    })
}

/// `[DIMENSION:]SCORE[/SCALE]`
fn read_rating(data: &str, scale: f64) -> Option<Rating> {
    let (dimension, figures) = data.rsplit_once(':').unwrap_or(("overall", data));
    let (score, scale) = match figures.split_once('/') {
        Some((score, scale)) => (score.parse().ok()?, scale.parse().ok()?),
        None => (figures.parse().ok()?, scale),
    };
    let sound = scale > 0.0 && f64::is_finite(scale) && (0.0..=scale).contains(&score);
    sound.then(|| Rating { dimension: dimension.into(), score, scale })
}

/// The bot's own membership: in a private chat `kicked` means that the customer blocked it.
fn blocked(id: u64, member: &ChatMemberUpdated<'_>) -> Option<Event> {
    if !member.chat.is_private() || member.new_chat_member.status.0 != "kicked" {
        return None;
    }
    let left = Kind::Left(LeftReason::Blocked);
    let chat = member.chat.id;
    let event = Event::new(event_id(id), at_ms(member.date), left);
    Some(event.on(chat.to_string()).customer(customer(chat)))
}

fn event_id(update_id: u64) -> String {
    numbered("u", update_id)
}

fn customer(user: i64) -> String {
    numbered("telegram:", user)
}

/// `format!` without its machinery, which costs a sandbox more than it costs a processor.
fn numbered(prefix: &str, number: impl itoa::Integer) -> String {
    [prefix, itoa::Buffer::new().format(number)].concat()
}

/// Telegram counts in seconds.
fn at_ms(seconds: u64) -> u64 {
    seconds.saturating_mul(1000)
}
