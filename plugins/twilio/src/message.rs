//! SMS, WhatsApp and Messenger: what customers write, and what becomes of what we write.
//!
//! A conversation is between one of our addresses and one of the customer's; Twilio has no id for it.

use tablica_plugin::{
    Author, Delivery, Event, Failure, Kind, LeftReason, Medium, Message, bad_input,
};

use crate::address;
use crate::fields::Fields;
use crate::settings::Settings;

/// Words by which Twilio itself unsubscribes who sends one as an SMS.
const STOP: [&str; 8] =
    ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "OPTOUT", "REVOKE"];
/// The error of a message to somebody who is unsubscribed.
const UNSUBSCRIBED: &str = "21610";

fn sid(fields: &Fields) -> Result<&str, Failure> {
    let names = ["MessageSid", "SmsSid", "SmsMessageSid"];
    let sid = names.iter().find_map(|name| fields.get(name));
    sid.ok_or_else(|| bad_input("/MessageSid is missing"))
}

fn event(id: String, fields: &Fields, ours: &str, theirs: &str, kind: Kind) -> Event {
    Event::new(id, fields.at(), kind).on(format!("{ours}>{theirs}"))
}

fn about(
    event: Event,
    fields: &Fields,
    settings: &Settings,
    (ours, theirs): (&str, &str),
) -> Event {
    let mut event = event;
    event.queue = settings.queue([Some(ours), fields.get("MessagingServiceSid")]);
    event.customer.extend(address::customer(theirs, settings.country_code.as_deref()));
    // Of a WhatsApp user without a number in From.
    let number = fields.get("WaId").filter(|id| id.bytes().all(|byte| byte.is_ascii_digit()));
    let number = number.and_then(|id| address::customer(&format!("+{id}"), None));
    event.customer.extend(number.filter(|number| !event.customer.contains(number)));
    event
}

/// A customer wrote.
pub(crate) fn received(
    fields: &Fields,
    settings: &Settings,
    events: &mut Vec<Event>,
) -> Result<(), Failure> {
    let sid = sid(fields)?;
    let theirs = fields.get("From").ok_or_else(|| bad_input("/From is missing"))?;
    let ours = fields.get("To").ok_or_else(|| bad_input("/To is missing"))?;
    if fields.get("MessageType") == Some("reaction") {
        return Ok(());
    }
    let text = fields.get("Body");
    let kind = match (fields.get("OptOutType"), text) {
        (Some("STOP"), _) => Kind::Left(LeftReason::Blocked),
        // Twilio answers these itself.
        (Some(_), _) => return Ok(()),
        (None, Some(text)) if !theirs.contains(':') && is_stop(text) => {
            Kind::Left(LeftReason::Blocked)
        }
        (None, text) => {
            let message = Message::new(Medium::Message, Author::Customer);
            Kind::Message(match text {
                Some(text) => message.text(text),
                None => message,
            })
        }
    };
    let event = event(sid.to_owned(), fields, ours, theirs, kind);
    events.push(about(event, fields, settings, (ours, theirs)));
    Ok(())
}

fn is_stop(text: &str) -> bool {
    let word = text.trim();
    STOP.iter().any(|stop| stop.eq_ignore_ascii_case(word))
}

/// A status of a message of ours. It is not the message: that is counted only where the operator says who writes
/// them, and once.
pub(crate) fn status(
    fields: &Fields,
    settings: &Settings,
    events: &mut Vec<Event>,
) -> Result<(), Failure> {
    let sid = sid(fields)?;
    let status = fields.get("MessageStatus").or(fields.get("SmsStatus")).unwrap_or_default();
    let status = status.to_ascii_lowercase();
    let (Some(ours), Some(theirs)) = (fields.get("From"), fields.get("To")) else { return Ok(()) };
    // Statuses of what customers write: there is nothing to tell.
    if matches!(status.as_str(), "receiving" | "received") {
        return Ok(());
    }
    let mut tell = |id: String, kind: Kind, refers: Option<&str>| {
        let mut event = event(id, fields, ours, theirs, kind);
        event.refers = refers.map(str::to_owned);
        events.push(about(event, fields, settings, (ours, theirs)));
    };
    let is_sent = !matches!(status.as_str(), "scheduled" | "canceled" | "");
    if let Some(author) = settings.writer().filter(|_| is_sent) {
        let message = Message::new(Medium::Message, author);
        let message = fields.get("Body").map_or(message.clone(), |text| message.text(text));
        tell(sid.to_owned(), Kind::Message(message), None);
    }
    let delivery = match status.as_str() {
        "delivered" => Delivery::Delivered,
        "read" => Delivery::Read,
        "failed" | "undelivered" => Delivery::Failed,
        _ => return Ok(()),
    };
    tell(format!("{sid}:{status}"), Kind::Delivery(delivery), Some(sid));
    if fields.get("ErrorCode") == Some(UNSUBSCRIBED) {
        tell(format!("{sid}:blocked"), Kind::Left(LeftReason::Blocked), None);
    }
    Ok(())
}
