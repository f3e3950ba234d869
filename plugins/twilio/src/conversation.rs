//! Twilio Conversations, on which Flex stands: both sides of a conversation, and its end.

use tablica_plugin::{
    Author, Delivery, Event, Failure, Kind, Medium, Message, Resolution, bad_input,
};

use crate::address;
use crate::fields::Fields;
use crate::settings::Settings;

/// Decodes an event by its webhook's name.
pub(crate) fn event(
    name: &str,
    fields: &Fields,
    settings: &Settings,
    events: &mut Vec<Event>,
) -> Result<(), Failure> {
    let conversation = fields.get("ConversationSid");
    let sid = fields.get("MessageSid").or(fields.get("Sid"));
    let needed = |sid: Option<&str>, field: &str| {
        sid.map(str::to_owned).ok_or_else(|| bad_input(format!("/{field} is missing")))
    };
    match name {
        "onMessageAdded" => {
            let conversation = needed(conversation, "ConversationSid")?;
            let sid = needed(sid, "MessageSid")?;
            events.push(message(sid, fields, settings).on(conversation));
        }
        "onDeliveryUpdated" => {
            let delivery = match fields.get("Status") {
                Some("delivered") => Delivery::Delivered,
                Some("read") => Delivery::Read,
                Some("failed" | "undelivered") => Delivery::Failed,
                _ => return Ok(()),
            };
            let (conversation, sid) =
                (needed(conversation, "ConversationSid")?, needed(sid, "MessageSid")?);
            let id = format!("{sid}:{}", fields.get("Status").unwrap_or_default());
            let event = Event::new(id, fields.at(), Kind::Delivery(delivery));
            events.push(event.on(conversation).refers(sid));
        }
        "onConversationStateUpdated" if fields.get("StateTo") == Some("closed") => {
            let conversation = needed(conversation, "ConversationSid")?;
            let at = fields.get("StateUpdated").or(fields.get("DateUpdated")).unwrap_or_default();
            let resolved = Kind::Resolved(Resolution { by: Author::System, note: None });
            let id = format!("{conversation}:closed:{at}");
            let at = tablica_plugin::time::moment(at).unwrap_or(fields.at());
            events.push(Event::new(id, at, resolved).on(conversation));
        }
        _ => {}
    }
    Ok(())
}

/// Addresses are customers. Identities are agents; with `agents` only those that are listed, as a web chat has
/// customers with identities.
fn message(sid: String, fields: &Fields, settings: &Settings) -> Event {
    let author = fields.get("Author").unwrap_or_default();
    let customer = address::customer(author, settings.country_code.as_deref());
    let is_ours = settings.agents.is_empty() || settings.agents.contains_key(author);
    let by = match (author, fields.get("Source")) {
        _ if customer.is_some() => Author::Customer,
        ("system" | "", _) => Author::Bot,
        // Nobody types into the API, unless the operator says that they do.
        (_, Some("API")) if !settings.agents.contains_key(author) => Author::Bot,
        _ if is_ours => Author::Agent,
        _ => Author::Customer,
    };
    let mut message = Message::new(Medium::Message, by);
    if let Some(text) = fields.get("Body") {
        message = message.text(text);
    }
    let mut event = Event::new(sid, fields.at(), Kind::Message(message));
    match by {
        Author::Agent => {
            let name = settings.agents.get(author).map_or(author, String::as_str);
            event.agent = Some(name.to_owned());
        }
        Author::Customer => {
            event.customer.extend(customer.or_else(|| Some(format!("twilio:{author}"))));
        }
        _ => {}
    }
    event
}
