//! WhatsApp Cloud API: what customers write, what is answered in the WhatsApp Business app or by the app that holds
//! the conversation, who holds it, what became of our messages, whether Meta has shut the account.
//!
//! Messages that are sent through the API are known by their receipts alone. Whether people or machines write them
//! only the operator knows; templates, which start a conversation, never answer one.

use serde::Deserialize;
use serde_json::value::RawValue;
use tablica_plugin::{Author, Delivery, Event, FeedState, Id, Kind, Medium, Removal, identity};

use self::message::{Message, Said};
use crate::common::{self, moment, private, queued};
use crate::envelope::{Place, undecodable};
use crate::settings::Settings;
use crate::state::{Receipt, State};

mod handover;
mod message;

/// One by one, so that a broken one does not take its neighbours with it.
#[derive(Deserialize)]
struct Value<'a> {
    metadata: Option<Metadata>,
    #[serde(borrow, default)]
    messages: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    statuses: Vec<&'a RawValue>,
    /// What our side sent from the WhatsApp Business app.
    #[serde(borrow, default)]
    message_echoes: Vec<&'a RawValue>,
    /// Who wrote, where the message itself names nobody.
    #[serde(default)]
    contacts: Vec<Contact>,
    /// The same lists, of a conversation that another app holds.
    #[serde(borrow)]
    standby: Option<Box<Value<'a>>>,
}

#[derive(Deserialize)]
struct Contact {
    wa_id: Option<Id>,
    user_id: Option<Id>,
}

#[derive(Deserialize)]
struct Metadata {
    phone_number_id: Option<Id>,
}

#[derive(Deserialize)]
struct Status {
    id: String,
    status: String,
    timestamp: Option<Id>,
    recipient_id: Option<Id>,
    recipient_user_id: Option<Id>,
    pricing: Option<Pricing>,
}

#[derive(Deserialize)]
struct Pricing {
    /// `service` is an answer; `marketing`, `utility`, `authentication` and the like are templates.
    category: Option<String>,
}

#[derive(Deserialize)]
struct AccountUpdate {
    event: Option<String>,
    ban_info: Option<BanInfo>,
}

#[derive(Deserialize)]
struct BanInfo {
    waba_ban_state: Option<String>,
}

/// One of our numbers, or the account where none is named.
struct Number<'a> {
    id: &'a str,
    time: u64,
    settings: &'a Settings,
}

/// The events of a change.
pub(crate) fn decode(
    field: &str,
    value: &str,
    place: &Place<'_>,
    settings: &Settings,
    state: &mut State,
) -> Result<Vec<Event>, serde_json::Error> {
    match field {
        // `history` is what was written before; templates' and numbers' states are nobody's contacts.
        "messages" | "message_echoes" | "smb_message_echoes" | "standby" => {}
        "messaging_handovers" => {
            return Ok(handover::decode(value, place, settings)?.into_iter().collect());
        }
        "account_update" => return Ok(account(&serde_json::from_str(value)?, place)),
        _ => return Ok(Vec::new()),
    }
    let mut value: Value<'_> = serde_json::from_str(value)?;
    let (standby, metadata) = (value.standby.take(), value.metadata.take());
    let id = metadata.as_ref().and_then(|metadata| metadata.phone_number_id.as_ref());
    let id = id.map_or(place.account, |id| &id.0);
    let number = Number { id, time: place.time, settings };
    let mut events = Vec::new();
    number.read(value, Author::Agent, false, state, &mut events);
    if let Some(standby) = standby {
        number.read(*standby, settings.whatsapp_standby.into(), true, state, &mut events);
    }
    Ok(events)
}

impl Number<'_> {
    /// Beside customers `author` writes: people in the WhatsApp Business app, or whoever holds the conversation while
    /// we stand by.
    fn read(
        &self,
        value: Value<'_>,
        author: Author,
        is_standby: bool,
        state: &mut State,
        events: &mut Vec<Event>,
    ) {
        for raw in value.messages {
            match serde_json::from_str::<Message>(raw.get()) {
                Ok(mut message) => {
                    if let [contact, ..] = &value.contacts[..] {
                        message.name(contact.wa_id.as_ref(), contact.user_id.as_ref());
                    }
                    if message.is_nobodys() {
                        events.push(undecodable(raw));
                    }
                    events.extend(self.written(&message));
                }
                Err(_) => events.push(undecodable(raw)),
            }
        }
        for raw in value.message_echoes {
            match Message::echo(raw.get()) {
                Ok(message) => {
                    // Its receipts tell no further message.
                    state.received(&message.id, Receipt::Sent);
                    events.extend(self.answered(&message, author));
                }
                Err(_) => events.push(undecodable(raw)),
            }
        }
        for raw in value.statuses {
            match serde_json::from_str(raw.get()) {
                Ok(status) => self.received(&status, is_standby, state, events),
                Err(_) => events.push(undecodable(raw)),
            }
        }
    }

    /// An event of the conversation with somebody, or in a group.
    fn event(&self, id: String, time: Option<&Id>, kind: Kind, with: &str) -> Event {
        let time = time.and_then(|time| time.0.parse().ok()).unwrap_or(self.time);
        let event = Event::new(id, moment(time), kind).on(format!("{}:{with}", self.id));
        queued(event, self.id, self.settings)
    }

    /// A customer's message. The number may be hidden; then an id of the business's own stands for them.
    fn written(&self, message: &Message) -> Option<Event> {
        let with = message.group_id.as_ref().or(message.from.as_ref());
        let with = &with.or(message.from_user_id.as_ref())?.0;
        let written = |text: Option<&str>| private(Medium::Message, Author::Customer, text);
        let (id, of) = (&message.id, |id: &str| format!("message:{id}"));
        let at = message.timestamp.as_ref();
        let mut event = match message.said() {
            Said::Content { text, payload } => {
                match payload.and_then(|data| common::rating(data, self.settings)) {
                    Some(rating) => {
                        self.event(format!("rating:{id}"), at, Kind::Rated(rating), with)
                    }
                    None => self.event(of(id), at, Kind::Message(written(text)), with),
                }
            }
            Said::Edit { original, text } => {
                let kind = Kind::Edited(written(text));
                self.event(format!("edited:{id}"), at, kind, with).refers(of(original))
            }
            Said::Revoke { original } => {
                let kind = Kind::Removed(Removal { by: Author::Customer });
                self.event(format!("removed:{original}"), at, kind, with).refers(of(original))
            }
            Said::Nothing => return None,
        };
        event.customer =
            customers(message.from.as_ref(), [&message.from_user_id, &message.from_parent_user_id]);
        Some(event)
    }

    /// Somebody answered in the WhatsApp Business app, or by another app.
    fn answered(&self, message: &Message, author: Author) -> Option<Event> {
        let with = message.group_id.as_ref().or(message.to.as_ref());
        let with = &with.or(message.to_user_id.as_ref())?.0;
        let written = |text: Option<&str>| private(Medium::Message, author, text);
        let (id, of) = (&message.id, |id: &str| format!("message:{id}"));
        let at = message.timestamp.as_ref();
        let mut event = match message.said() {
            Said::Content { text, .. } => {
                self.event(of(id), at, Kind::Message(written(text)), with)
            }
            Said::Edit { original, text } => {
                let kind = Kind::Edited(written(text));
                self.event(format!("edited:{id}"), at, kind, with).refers(of(original))
            }
            Said::Revoke { .. } | Said::Nothing => return None,
        };
        event.customer = customers(message.to.as_ref(), [&message.to_user_id, &None]);
        Some(event)
    }

    /// A receipt. They come in any order: one below what is known says nothing. On standby it is that of
    /// another app's message, which comes as an echo.
    fn received(
        &self,
        status: &Status,
        is_standby: bool,
        state: &mut State,
        events: &mut Vec<Event>,
    ) {
        let receipt = match status.status.as_str() {
            "sent" => Receipt::Sent,
            "delivered" => Receipt::Delivered,
            // A voice message was listened to.
            "read" | "played" => Receipt::Read,
            "failed" => Receipt::Failed,
            _ => return,
        };
        let Some(with) = status.recipient_id.as_ref().or(status.recipient_user_id.as_ref()) else {
            return;
        };
        let (is_news, is_first) = state.received(&status.id, receipt);
        let of = format!("message:{}", status.id);
        let at = status.timestamp.as_ref();
        let category = status.pricing.as_ref().and_then(|pricing| pricing.category.as_deref());
        if let Some(who) = self.settings.whatsapp_sent
            && is_first
            && !is_standby
            && receipt != Receipt::Failed
            && category == Some("service")
        {
            let written = private(Medium::Message, who.into(), None);
            events.push(self.event(of.clone(), at, Kind::Message(written), &with.0));
        }
        let delivery = match receipt {
            _ if !is_news => return,
            Receipt::Sent => return,
            Receipt::Delivered => Delivery::Delivered,
            Receipt::Read => Delivery::Read,
            Receipt::Failed => Delivery::Failed,
        };
        let id = format!("{}:{}", status.status, status.id);
        events.push(self.event(id, at, Kind::Delivery(delivery), &with.0).refers(of));
    }
}

/// By the telephone number, which WhatsApp writes without `+`, and by WhatsApp's own ids.
fn customers(number: Option<&Id>, ids: [&Option<Id>; 2]) -> Vec<String> {
    let number = number.and_then(|number| identity::phone(&format!("+{}", number.0), None));
    let ids = ids.into_iter().flatten().map(|id| format!("whatsapp:{id}"));
    number.into_iter().chain(ids).collect()
}

/// Meta shuts an account, or opens it again.
fn account(update: &AccountUpdate, place: &Place<'_>) -> Vec<Event> {
    let ban = update.ban_info.as_ref().and_then(|ban| ban.waba_ban_state.as_deref());
    let (state, word) = match (update.event.as_deref(), ban) {
        (_, Some("DISABLE")) | (Some("ACCOUNT_DELETED" | "PARTNER_REMOVED"), _) => {
            (FeedState::Down, "down")
        }
        (_, Some("REINSTATE")) | (Some("ACCOUNT_RECONNECTED"), _) => (FeedState::Up, "up"),
        // It is going to be shut; numbers are added and named.
        _ => return Vec::new(),
    };
    let id = format!("account:{}:{}:{word}", place.account, place.time);
    vec![Event::new(id, moment(place.time), Kind::Feed(state))]
}
