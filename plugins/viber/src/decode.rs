//! One call of Viber into what it counts for.
//!
//! Counted: what customers write, ratings by button, a customer who leaves. Accepted and not
//! counted: receipts of our messages, a chat that was only opened, the trial of a new webhook, and
//! every kind that Viber adds later.

use serde::Deserialize;
use tablica_plugin::{
    Author, Event, Failure, Id, Kind, LeftReason, Medium, Message as Written, Rating, bad_input,
    unsupported,
};

use crate::settings::Settings;

/// Only what tells the kind: the rest of a call that counts nothing is not looked at, because in
/// the trial of a webhook time and token seem to have changed places.
#[derive(Deserialize)]
struct Call {
    event: String,
}

#[derive(Deserialize)]
struct MessageCall {
    timestamp: u64,
    /// 64 bits: as a float the last digits would be others, and two messages one.
    message_token: Id,
    sender: Sender,
    message: Message,
}

#[derive(Deserialize)]
struct Sender {
    id: String,
    language: Option<String>,
}

/// A contact card is not read: it may be somebody else's, and does not say whose the chat is.
#[derive(Deserialize)]
struct Message {
    text: Option<String>,
}

#[derive(Deserialize)]
struct LeftCall {
    timestamp: u64,
    message_token: Id,
    user_id: String,
}

pub(crate) fn call(body: &[u8], settings: &Settings) -> Result<Option<Event>, Failure> {
    let call: Call = serde_json::from_slice(body).map_err(|error| {
        if error.is_data() {
            unsupported("not a call of Viber: it has no event")
        } else {
            bad_input(format!("not JSON: {error}"))
        }
    })?;
    match call.event.as_str() {
        "message" => message(read(body)?, settings).map(Some),
        "unsubscribed" => left(read(body)?).map(Some),
        _ => Ok(None),
    }
}

fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Failure> {
    serde_json::from_slice(body).map_err(|error| bad_input(error.to_string()))
}

fn message(call: MessageCall, settings: &Settings) -> Result<Event, Failure> {
    let text = call.message.text.filter(|text| !text.is_empty());
    // A pressed button comes as a message with the button's text for us.
    let (prefix, scale) = (&settings.rating_prefix, settings.rating_scale);
    let rating = text.as_deref().and_then(|text| Rating::by_button(text, prefix, scale));
    let kind = match rating {
        Some(rating) => Kind::Rated(rating),
        None => {
            let mut written = Written::new(Medium::Message, Author::Customer);
            if let Some(text) = text {
                written = written.text(text);
            }
            written.language = call.sender.language.filter(|code| is_language(code));
            Kind::Message(written)
        }
    };
    event(call.message_token.0, call.timestamp, call.sender.id, kind)
}

fn left(call: LeftCall) -> Result<Event, Failure> {
    let id = format!("{}:left", call.message_token);
    event(id, call.timestamp, call.user_id, Kind::Left(LeftReason::Blocked))
}

/// Each user has one conversation with a bot.
fn event(id: String, at_ms: u64, user: String, kind: Kind) -> Result<Event, Failure> {
    if user.is_empty() {
        return Err(bad_input("the user's id is empty"));
    }
    let customer = format!("viber:{user}");
    Ok(Event::new(id, at_ms, kind).on(user).customer(customer))
}

/// Viber gives the language of the customer's telephone, such as `uk` or `en-US`.
fn is_language(code: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (2..=16).contains(&code.len()) && code.bytes().all(plain)
}
