//! One update into events.
//!
//! Counted: what customers, agents and bots write and change, ratings by button or form, a customer
//! who blocks the bot, a group or a business account that the bot can no longer read. Accepted and
//! not counted: service messages, a bot that was only started, posts in channels, reactions, and
//! every kind that Telegram adds
//! later.
//!
//! A message is named by its chat and its number there: an edit has the same, while the ids of
//! updates begin anew, anywhere, after a quiet week.

use tablica_plugin::{
    Author, Event, Failure, FeedState, Kind, LeftReason, Medium, Message as Written, Rating,
    Visibility, bad_input, identity, unsupported,
};

use crate::author::{self, Writer};
use crate::place;
use crate::rich;
use crate::settings::Settings;
use crate::state::State;
use crate::update::{
    BusinessConnection, CallbackQuery, ChatMemberUpdated, Message, Update, UpdateId,
};
/// What a link to a bot can carry, by Telegram's own limit.
const START_PAYLOAD_MAX: usize = 64;

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
    } else if let Some(message) = &update.edited_message {
        events
            .extend(self::message(id, message, settings, state).and_then(|it| edited(it, message)));
    } else if let Some(message) = &update.business_message {
        events.extend(business_message(id, message));
    } else if let Some(message) = &update.edited_business_message {
        events.extend(business_message(id, message).and_then(|it| edited(it, message)));
    } else if let Some(query) = &update.callback_query {
        events.extend(rating(id, query, settings, state));
    } else if let Some(member) = &update.my_chat_member {
        membership(member, state, events);
    } else if let Some(connection) = &update.business_connection {
        events.extend(disconnected(connection));
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
    // The post itself, when the bot sees it arrive, or a comment that shows it later.
    if let Some(post) = message.reply_to_message.as_ref().filter(|to| to.is_automatic_forward) {
        let channel = post.sender_chat.as_ref().map(|channel| channel.id);
        state.posted(chat, post.message_id, channel);
    }
    if message.is_automatic_forward {
        let channel = message.sender_chat.as_ref().map(|channel| channel.id);
        state.posted(chat, message.message_id, channel);
    }
    let writer = author::of_message(message, settings, state);
    let place = place::of(message, writer.customer(), settings, state);
    if let Some(topic) = place.topic.filter(|_| message.chat.is_private()) {
        state.talked(chat, topic);
    }
    let medium = if place.is_comment { Medium::Comment } else { Medium::Message };
    let mut event = written(id, message, &writer, medium).filter(|_| !is_start(message))?;
    place.remember(message, state);
    if let (Kind::Message(written), Some(user)) = (&mut event.kind, writer.customer())
        && place.is_anothers(chat, user)
    {
        written.author = Author::Peer;
    }
    event.interaction = place.interaction;
    if let Some(rating) = web_app_rating(message, settings) {
        event.kind = Kind::Rated(rating);
    }
    Some(event)
}

/// What the message reads like now. Places that move, votes and what only bots see change a message,
/// too: without words there is nothing new to read.
fn edited(event: Event, message: &Message<'_>) -> Option<Event> {
    let Kind::Message(written) = event.kind else { return None };
    written.text.as_ref()?;
    let at = if message.edit_date == 0 { message.date } else { message.edit_date };
    let id = [event.id.as_str(), &numbered(":edited:", at)].concat();
    let refers = Some(event.id);
    let (at, kind) = (at_ms(at).into(), Kind::Edited(written));
    Some(Event { id, at, refers, kind, ..event })
}

fn business_message(id: u64, message: &Message<'_>) -> Option<Event> {
    let writer = author::of_business_message(message);
    let mut event = written(id, message, &writer, Medium::Message)?;
    // Business chats have the customer's id, as the chat with the bot has, and numbers of their own.
    if let (Some(connection), None) = (&message.business_connection_id, &message.media_group_id) {
        event.id = ["b", connection.0.as_ref(), ":", &event.id].concat();
    }
    event.interaction = business_interaction(message);
    if event.customer.is_empty() {
        event.customer.push(customer(message.chat.id));
    }
    Some(event)
}

/// The button that opens a chat with a bot, or a link to the bot: nobody has written anything. The link's own
/// word follows the command.
fn is_start(message: &Message<'_>) -> bool {
    let Some(rest) = message.text.as_ref().and_then(|text| text.0.strip_prefix("/start")) else {
        return false;
    };
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let (bot, payload) = rest.split_once(' ').unwrap_or((rest, ""));
    let bot = bot.strip_prefix('@').or_else(|| bot.is_empty().then_some(""));
    let is_payload = payload.len() <= START_PAYLOAD_MAX && payload.bytes().all(is_word);
    bot.is_some_and(|bot| bot.bytes().all(is_word)) && is_payload
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
    } else if let Some(text) = message.rich_message.and_then(|rich| rich::text(rich.get())) {
        written = written.text(text);
    }
    if medium == Medium::Comment || message.chat.is_public() {
        written.visibility = Visibility::Public;
    }
    let mut event = Event::new("", at_ms(message.date), Kind::Queued);
    // Photos sent together come as one update each: with one id they are one message.
    event.id = match &message.media_group_id {
        Some(album) => format!("album:{}", album.0),
        None => message_id(id, message),
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
    let rating = prefixed_rating(&query.data.as_ref()?.0, settings)?;
    let id = query.id.as_ref().map_or_else(|| event_id(id), |id| ["q", &*id.0].concat());
    let event = Event::new(id, 0, Kind::Rated(rating)).customer(customer(query.from.id));
    let Some(message) = &query.message else { return Some(event) };
    if message.business_connection_id.is_some() {
        return Some(event.on(business_interaction(message)));
    }
    let writer = author::of_message(message, settings, state);
    Some(event.on(place::of(message, writer.customer(), settings, state).interaction))
}

/// A form of ours that sends what a rating button would.
fn web_app_rating(message: &Message<'_>, settings: &Settings) -> Option<Rating> {
    prefixed_rating(&message.web_app_data.as_ref()?.data.as_ref()?.0, settings)
}

fn prefixed_rating(data: &str, settings: &Settings) -> Option<Rating> {
    Rating::by_button(data, &settings.rating_prefix, settings.rating_scale)
}

/// The bot's own membership: in a private chat `kicked` means that the customer blocked it. Nobody can
/// answer them then, in none of the chat's topics. Out of a group it no longer reads what is written.
fn membership(member: &ChatMemberUpdated<'_>, state: &mut State, events: &mut Vec<Event>) {
    let chat = member.chat.id;
    let status = member.new_chat_member.status.0.as_ref();
    let at = at_ms(member.date);
    let id = ["x", &numbered("", chat), &numbered(":", member.date)].concat();
    if !member.chat.is_private() {
        if matches!(status, "kicked" | "left") && !member.chat.is_channel() {
            events.push(Event::new(id, at, Kind::Feed(FeedState::Gap)));
        }
        return;
    }
    if status != "kicked" {
        return;
    }
    let left = |id: String, interaction: String| {
        let event = Event::new(id, at, Kind::Left(LeftReason::Blocked));
        event.on(interaction).customer(customer(chat))
    };
    events.push(left(id.clone(), numbered("", chat)));
    for topic in state.take_topics(chat) {
        let topic = numbered(":", topic);
        let interaction = [&numbered("", chat), topic.as_str()].concat();
        events.push(left([id.as_str(), &topic].concat(), interaction));
    }
}

/// The bot can no longer read a business account's chats.
fn disconnected(connection: &BusinessConnection<'_>) -> Option<Event> {
    let id = ["x", &*connection.id.0, &numbered(":", connection.date), ":off"].concat();
    let gap = Event::new(id, at_ms(connection.date), Kind::Feed(FeedState::Gap));
    (!connection.is_enabled).then_some(gap)
}

/// A message's number in its chat. Some have none: those that only one member of a group sees.
fn message_id(update_id: u64, message: &Message<'_>) -> String {
    if message.message_id <= 0 {
        return event_id(update_id);
    }
    [numbered("m", message.chat.id), numbered(":", message.message_id)].concat()
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
