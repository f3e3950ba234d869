//! Postmark: mails of an inbound stream, and records of mails that were sent.

use serde::Deserialize;
use tablica_plugin::{Delivery, Failure, Moment, Output, bad_input, mail, time};

use crate::decode;
use crate::intake::{Context, fault};
use crate::letter::{self, Arrived};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Inbound {
    from_full: Person,
    #[serde(default)]
    to_full: Vec<Person>,
    #[serde(default)]
    cc_full: Vec<Person>,
    #[serde(default)]
    original_recipient: String,
    #[serde(default)]
    mailbox_hash: String,
    reply_to: Option<String>,
    subject: Option<String>,
    #[serde(rename = "MessageID", default)]
    message_id: String,
    date: Option<String>,
    text_body: Option<String>,
    html_body: Option<String>,
    stripped_text_reply: Option<String>,
    raw_email: Option<String>,
    #[serde(default)]
    headers: Vec<Header>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Person {
    email: String,
    mailbox_hash: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Header {
    name: String,
    value: String,
}

/// A mail. Its `Date` is the sender's, its `MessageID` Postmark's own: the mail's stands among the headers.
pub(crate) fn inbound(body: &[u8], context: &mut Context<'_>) -> Result<Output, Failure> {
    let told: Inbound = serde_json::from_slice(body).map_err(|error| fault(&error))?;
    let of_ours = told.to_full.iter().chain(&told.cc_full);
    let hashes = std::iter::once(&told.mailbox_hash).chain(of_ours.map(|it| &it.mailbox_hash));
    let text = [told.stripped_text_reply, told.text_body].into_iter().flatten();
    let text = text.into_iter().find(|it| !it.trim().is_empty());
    let text = text.or_else(|| {
        told.html_body.as_deref().map(|html| mail::html_text(mail::unquoted_html(html)))
    });
    let arrived = Arrived {
        recipients: vec![told.original_recipient],
        sender: None,
        token: hashes.into_iter().find(|it| !it.is_empty()).cloned(),
        at: None,
        text: Some(text.unwrap_or_default()),
    };
    if let Some(raw) = told.raw_email.filter(|it| !it.is_empty()) {
        return context.raw(raw.as_bytes(), arrived);
    }
    let has = |name: &str| told.headers.iter().any(|it| it.name.eq_ignore_ascii_case(name));
    let list = |people: &[Person]| {
        people.iter().map(|it| it.email.as_str()).collect::<Vec<_>>().join(", ")
    };
    let mut named = vec![("From", told.from_full.email.clone()), ("To", list(&told.to_full))];
    named.push(("Cc", list(&told.cc_full)));
    named.extend(told.reply_to.map(|it| ("Reply-To", it)));
    named.extend(told.subject.map(|it| ("Subject", it)));
    named.extend(told.date.map(|it| ("Date", it)));
    // A mail without an id of its own keeps Postmark's, which is the same when it is sent again.
    named.push(("Message-ID", format!("<{}@postmark>", told.message_id)));
    named.retain(|(name, value)| !value.is_empty() && !has(name));
    let of_mail = told.headers.iter().map(|it| (it.name.as_str(), it.value.as_str()));
    let named = named.iter().map(|(name, value)| (*name, value.as_str()));
    let letter = letter::of_headers(of_mail.chain(named), arrived, context.now_ms);
    context.letter(letter.ok_or_else(|| bad_input("/Headers has no headers of a mail"))?)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Record {
    record_type: String,
    #[serde(rename = "MessageID")]
    message_id: Option<String>,
    #[serde(rename = "Type")]
    kind: Option<String>,
    recipient: Option<String>,
    email: Option<String>,
    delivered_at: Option<String>,
    bounced_at: Option<String>,
    received_at: Option<String>,
}

/// Types of bounces after which a mail still gets there, or which are none.
const NO_FAILURES: [&str; 10] = [
    "Transient",
    "AutoResponder",
    "AddressChange",
    "Subscribe",
    "Unsubscribe",
    "ChallengeVerification",
    "Unconfirmed",
    "OpenRelayTest",
    "SpamComplaint",
    "InboundError",
];

/// What became of a mail of ours.
pub(crate) fn record(body: &[u8], context: &mut Context<'_>) -> Result<Output, Failure> {
    let record: Record = serde_json::from_slice(body).map_err(|error| fault(&error))?;
    let kind = record.kind.unwrap_or_default();
    let (state, at) = match record.record_type.as_str() {
        "Delivery" => (Delivery::Delivered, record.delivered_at),
        "Open" => (Delivery::Read, record.received_at),
        "Bounce" if !NO_FAILURES.contains(&kind.as_str()) => (Delivery::Failed, record.bounced_at),
        _ => return Ok(Output::default()),
    };
    let Some(message_id) = record.message_id else { return Ok(Output::default()) };
    // So Postmark makes the Message-ID of what it sends.
    let original = format!("{message_id}@mtasv.net");
    let at = at.and_then(|it| time::moment(&it)).unwrap_or(Moment::None);
    let whom = record.recipient.or(record.email).unwrap_or_default();
    let id = [message_id.as_str(), record.record_type.as_str(), whom.as_str()].join("\n");
    Ok(decode::delivery(&id, at, &original, state, context.threads).into())
}
