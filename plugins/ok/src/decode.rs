//! One object of OK into what it counts for.
//!
//! Counted: messages, and ratings by button. Accepted and not counted: system messages, other
//! buttons, and every kind that OK adds later.

use serde_json::value::RawValue;
use tablica_plugin::{
    Author, Event, Failure, Id, Kind, Medium, Message as Written, Pair, Rating, bad_input,
    fingerprint, unsupported,
};

use crate::settings::{Settings, number};
use crate::update::{Known, Update};

pub(crate) fn update(body: &[u8], settings: &Settings) -> Result<Option<Event>, Failure> {
    let update: Update = serde_json::from_slice(body).map_err(|error| {
        let what = if error.is_data() { "not an object of OK" } else { "not JSON" };
        bad_input(format!("{what}: {error}"))
    })?;
    match update.kind.as_deref() {
        Some("MESSAGE_CREATED") => message(update, settings),
        Some("MESSAGE_CALLBACK") => rating(&update, settings),
        Some(_) => Ok(None),
        None if update.message.is_some() => message(update, settings),
        // A chat got a title, a member: those have a recipient, too.
        None if update.recipient.is_some() => Ok(None),
        None => Err(unsupported("not an object of OK: neither webhookType nor message")),
    }
}

fn message(update: Update, settings: &Settings) -> Result<Option<Event>, Failure> {
    let chat = chat(&update).ok_or_else(|| bad_input("/recipient/chat_id is missing"))?;
    let sender = sender(&update)?.to_owned();
    let message = update.message.ok_or_else(|| bad_input("/message is missing"))?;
    let mid = message.mid.ok_or_else(|| bad_input("/message/mid is missing"))?;
    let author = settings.author(&sender);
    let mut written = Written::new(Medium::Message, author);
    if let Some(text) = message.text.filter(|text| !text.is_empty()) {
        written = written.text(text);
    }
    let mut event = Event::new(mid, update.timestamp, Kind::Message(written)).on(chat);
    event.order = message.seq.and_then(|seq| seq.0.parse().ok());
    match author {
        Author::Customer => event.customer.push(customer(&sender)),
        _ if settings.is_named(&sender) => event.agent = Some(number(&sender).to_owned()),
        _ => {}
    }
    Ok(Some(event))
}

/// A pressed button.
fn rating(update: &Update, settings: &Settings) -> Result<Option<Event>, Failure> {
    let data = update.payload.as_deref();
    let (prefix, scale) = (&settings.rating_prefix, settings.rating_scale);
    let Some(rating) = data.and_then(|data| Rating::by_button(data, prefix, scale)) else {
        return Ok(None);
    };
    let id = match (&update.callback_id, &update.mid) {
        (Some(press), _) => format!("callback:{press}"),
        (None, Some(mid)) => format!("callback:{mid}:{}", update.timestamp),
        (None, None) => return Err(bad_input("/callbackId is missing")),
    };
    let event = Event::new(id, update.timestamp, Kind::Rated(rating));
    let event = event.customer(customer(sender(update)?));
    Ok(Some(match chat(update) {
        Some(chat) => event.on(chat),
        None => event,
    }))
}

/// The conversation; a dialogue may name its user instead.
fn chat(update: &Update) -> Option<String> {
    let recipient = update.recipient.as_ref()?;
    recipient.chat_id.as_ref().or(recipient.user_id.as_ref()).map(Id::to_string)
}

fn sender(update: &Update) -> Result<&str, Failure> {
    let id = update.sender.as_ref().and_then(|sender| sender.user_id.as_ref());
    id.map(Id::as_ref).ok_or_else(|| bad_input("/sender/user_id is missing"))
}

fn customer(sender: &str) -> String {
    format!("ok:{}", number(sender))
}

/// All of a list; what is broken is counted, and the others stay.
pub(crate) fn all(objects: &[&RawValue], settings: &Settings) -> Vec<Event> {
    let mut events = Vec::with_capacity(objects.len());
    for object in objects {
        let body = object.get().as_bytes();
        match update(body, settings) {
            Ok(event) => events.extend(event),
            Err(_) => {
                let id = serde_json::from_slice(body).map_or_else(
                    |_| format!("{:016x}", fingerprint(body)),
                    |it: Known| it.message.mid,
                );
                let what = Pair { name: "undecodable_update".into(), value: String::new() };
                events.push(Event::new(format!("broken:{id}"), 0, Kind::Other(what)));
            }
        }
    }
    events
}
