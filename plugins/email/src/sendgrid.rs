//! SendGrid: mails of Inbound Parse as forms, each field in a charset of its own, and batches of events.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::value::RawValue;
use tablica_plugin::{Delivery, Failure, Moment, Output, bad_input, mail};

use crate::decode;
use crate::intake::{Context, Fields, fault, undecodable};
use crate::letter::{self, Arrived};

#[derive(Default, Deserialize)]
#[serde(default)]
struct Envelope {
    to: Vec<String>,
    from: Option<String>,
}

/// A mail: taken apart, or whole in `email` where "POST the raw, full MIME message" is ticked.
pub(crate) fn inbound(fields: &Fields<'_>, context: &mut Context<'_>) -> Result<Output, Failure> {
    let envelope = fields.bytes("envelope").unwrap_or(b"{}");
    let envelope: Envelope = serde_json::from_slice(envelope).unwrap_or_default();
    let charsets = fields.bytes("charsets").unwrap_or(b"{}");
    let charsets: HashMap<String, String> = serde_json::from_slice(charsets).unwrap_or_default();
    let text = |name: &str| {
        let charset = charsets.get(name).map_or("utf-8", String::as_str);
        fields.bytes(name).map(|bytes| mail::decoded(bytes, charset))
    };
    let arrived = Arrived {
        recipients: envelope.to,
        sender: envelope.from,
        token: None,
        at: None,
        text: None,
    };
    if let Some(bytes) = fields.bytes("email") {
        return context.raw(bytes, arrived);
    }
    let plain = text("text").filter(|it| !it.trim().is_empty());
    let plain =
        plain.or_else(|| text("html").map(|html| mail::html_text(mail::unquoted_html(&html))));
    let arrived = Arrived { text: Some(plain.unwrap_or_default()), ..arrived };
    let letter = match fields.bytes("headers").filter(|it| !it.is_empty()) {
        Some(headers) => {
            // A block of headers, whose texts stand in other fields.
            let block = [headers.trim_ascii_end(), b"\r\n\r\n"].concat();
            letter::read(&block, arrived, context.now_ms)
        }
        None => {
            let named = [("From", text("from")), ("To", text("to")), ("Subject", text("subject"))];
            let named = named.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?)));
            letter::of_headers(named, arrived, context.now_ms)
        }
    };
    context.letter(letter.ok_or_else(|| bad_input("/headers has no headers of a mail"))?)
}

#[derive(Deserialize)]
struct Happened {
    event: String,
    #[serde(default)]
    timestamp: u64,
    sg_event_id: Option<String>,
    sg_message_id: Option<String>,
    #[serde(rename = "smtp-id")]
    smtp_id: Option<String>,
    #[serde(default)]
    sg_machine_open: bool,
}

/// A batch of events.
pub(crate) fn events(body: &[u8], context: &mut Context<'_>) -> Result<Output, Failure> {
    let entries: Vec<&RawValue> = serde_json::from_slice(body).map_err(|error| fault(&error))?;
    let mut output = Output::default();
    for entry in entries {
        let Ok(happened) = serde_json::from_str::<Happened>(entry.get()) else {
            output.events.push(undecodable(entry.get()));
            continue;
        };
        let state = match happened.event.as_str() {
            "delivered" => Delivery::Delivered,
            "open" if !happened.sg_machine_open => Delivery::Read,
            "bounce" | "dropped" => Delivery::Failed,
            _ => continue,
        };
        // Engagement events name the mail by SendGrid's own id alone.
        let sent = happened.smtp_id.as_deref().and_then(letter::message_id);
        let Some(original) = sent.or(happened.sg_message_id.as_deref()) else { continue };
        let at = Moment::from(happened.timestamp.saturating_mul(1000));
        let id = happened.sg_event_id.unwrap_or_else(|| entry.get().to_owned());
        output.events.push(decode::delivery(&id, at, original, state, context.threads));
    }
    Ok(output)
}
