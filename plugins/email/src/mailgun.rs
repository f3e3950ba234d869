//! Mailgun: mails of a route as forms, and events of mails that were sent (`event-data`).

use serde::Deserialize;
use tablica_plugin::{Delivery, Failure, Moment, Output, bad_input, mail};

use crate::decode;
use crate::intake::{Context, Fields, fault};
use crate::letter::{self, Arrived};

/// A mail: taken apart, or whole where the route's address ends with `mime`.
pub(crate) fn inbound(fields: &Fields<'_>, context: &mut Context<'_>) -> Result<Output, Failure> {
    let seconds = fields.text("timestamp").and_then(|it| it.trim().parse::<u64>().ok());
    let arrived = Arrived {
        recipients: fields.text("recipient").into_iter().collect(),
        sender: fields.text("sender"),
        token: None,
        at: seconds.map(|it| Moment::from(it.saturating_mul(1000))),
        text: None,
    };
    if let Some(bytes) = fields.bytes("body-mime") {
        return context.raw(bytes, arrived);
    }
    let texts = ["stripped-text", "body-plain"].into_iter().filter_map(|it| fields.text(it));
    let text = texts.into_iter().find(|it| !it.trim().is_empty());
    let text = text.or_else(|| {
        fields.text("body-html").map(|html| mail::html_text(mail::unquoted_html(&html)))
    });
    let arrived = Arrived { text: Some(text.unwrap_or_default()), ..arrived };
    let listed = fields.bytes("message-headers").unwrap_or(b"[]");
    // A list of pairs; a pair of another shape is passed over.
    let pairs: Vec<serde_json::Value> =
        serde_json::from_slice(listed).map_err(|_| bad_input("message-headers is no list"))?;
    let mut headers: Vec<(&str, &str)> = Vec::new();
    for pair in &pairs {
        if let (Some(name), Some(value)) = (pair.get(0), pair.get(1))
            && let (Some(name), Some(value)) = (name.as_str(), value.as_str())
        {
            headers.push((name, value));
        }
    }
    // Without the list, as the fields have it.
    let (from, subject) = (fields.text("from"), fields.text("subject"));
    if headers.is_empty() {
        headers.extend(from.as_deref().map(|it| ("From", it)));
        headers.extend(subject.as_deref().map(|it| ("Subject", it)));
    }
    let letter = letter::of_headers(headers.into_iter(), arrived, context.now_ms);
    context.letter(letter.ok_or_else(|| bad_input("message-headers has no headers of a mail"))?)
}

#[derive(Deserialize)]
struct Call {
    #[serde(rename = "event-data")]
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    id: Option<String>,
    event: String,
    #[serde(default)]
    timestamp: f64,
    severity: Option<String>,
    message: Option<Sent>,
    #[serde(rename = "client-info")]
    client: Option<Client>,
}

#[derive(Deserialize)]
struct Sent {
    headers: Option<Headers>,
}

#[derive(Deserialize)]
struct Headers {
    #[serde(rename = "message-id")]
    id: Option<String>,
}

#[derive(Deserialize)]
struct Client {
    bot: Option<String>,
}

/// What became of a mail of ours.
pub(crate) fn event(body: &[u8], context: &mut Context<'_>) -> Result<Output, Failure> {
    let Call { data } = serde_json::from_slice(body).map_err(|error| fault(&error))?;
    let is_temporary = data.severity.as_deref() == Some("temporary");
    // Apple loads all pictures at once, whether somebody reads or not.
    let is_machine = data.client.is_some_and(|it| it.bot.as_deref() == Some("apple"));
    let state = match data.event.as_str() {
        "delivered" => Delivery::Delivered,
        "opened" if !is_machine => Delivery::Read,
        "failed" if !is_temporary => Delivery::Failed,
        "rejected" => Delivery::Failed,
        // Accepted, clicked, complained, and what is added over the years.
        _ => return Ok(Output::default()),
    };
    let id = data.message.and_then(|it| it.headers).and_then(|it| it.id);
    let Some(original) = id.as_deref().and_then(letter::message_id) else {
        return Ok(Output::default());
    };
    // Mailgun's numbers have fractions of a second, which a double holds to the microsecond.
    let at = Moment::from((data.timestamp.max(0.0) * 1000.0).round() as u64);
    let id = data.id.unwrap_or_else(|| format!("{original}\n{}", data.event));
    Ok(decode::delivery(&id, at, original, state, context.threads).into())
}
