//! Direct messages, and encrypted chats, of which only the envelope can be read.

use serde::Deserialize;
use tablica_plugin::{Author, Event, Id, Kind, Medium, Message};

use crate::envelope::Desk;
use crate::post::customer;

#[derive(Deserialize)]
struct Direct {
    #[serde(rename = "type")]
    kind: String,
    id: Option<Id>,
    /// Milliseconds, as a text.
    created_timestamp: Option<Id>,
    message_create: Option<Create>,
}

#[derive(Deserialize)]
struct Create {
    sender_id: Id,
    target: Target,
    source_app_id: Option<Id>,
    message_data: Option<Data>,
}

#[derive(Deserialize)]
struct Target {
    recipient_id: Id,
}

#[derive(Deserialize)]
struct Data {
    text: Option<String>,
    quick_reply_response: Option<QuickReply>,
}

#[derive(Deserialize)]
struct QuickReply {
    metadata: Option<String>,
}

#[derive(Deserialize)]
struct Encrypted {
    id: Id,
    created_at_msec: Option<Id>,
    sender_id: Id,
    /// Both people's ids, or a group's.
    conversation_id: Id,
}

fn ms(time: Option<&Id>) -> u64 {
    time.and_then(|time| time.0.parse().ok()).unwrap_or(0)
}

/// The event of a direct message.
pub(crate) fn decode(raw: &str, desk: &Desk<'_>) -> Result<Option<Event>, serde_json::Error> {
    let direct: Direct = serde_json::from_str(raw)?;
    let (Some(create), Some(id)) = (&direct.message_create, &direct.id) else { return Ok(None) };
    if direct.kind != "message_create" {
        return Ok(None);
    }
    let (sender, recipient) = (create.sender_id.0.as_str(), create.target.recipient_id.0.as_str());
    let by = match (desk.is_ours(sender), desk.is_ours(recipient)) {
        // Our accounts among themselves.
        (true, true) => return Ok(None),
        (true, false) => {
            desk.settings.author_of(create.source_app_id.as_ref().map(|app| app.0.as_str()))
        }
        (false, _) => Author::Customer,
    };
    let (account, user) =
        if by == Author::Customer { (recipient, sender) } else { (sender, recipient) };
    let at = ms(direct.created_timestamp.as_ref());
    let data = create.message_data.as_ref();
    let chosen = data.and_then(|data| data.quick_reply_response.as_ref()?.metadata.as_deref());
    let rating = chosen.filter(|_| by == Author::Customer).and_then(|it| desk.settings.rating(it));
    let event = match rating {
        Some(rating) => Event::new(format!("rating:{id}"), at, Kind::Rated(rating)),
        None => {
            let written = Message::new(Medium::Message, by);
            let text = data.and_then(|data| data.text.as_deref());
            let written = text.map_or(written.clone(), |text| written.text(text));
            Event::new(format!("dm:{id}"), at, Kind::Message(written))
        }
    };
    Ok(Some(desk.queued(event.on(conversation(account, user)).customer(customer(user)))))
}

/// The event of an encrypted message: somebody wrote, nobody knows what.
pub(crate) fn encrypted(raw: &str, desk: &Desk<'_>) -> Result<Option<Event>, serde_json::Error> {
    let chat: Encrypted = serde_json::from_str(raw)?;
    let sender = chat.sender_id.0.as_str();
    let others = chat.conversation_id.0.split_once(':').map(|(one, two)| [one, two]);
    let is_between_ours = others.is_some_and(|all| all.iter().all(|it| desk.is_ours(it)));
    if is_between_ours {
        return Ok(None);
    }
    let by = if desk.is_ours(sender) { Author::Agent } else { Author::Customer };
    let user = others.and_then(|all| all.into_iter().find(|it| !desk.is_ours(it)));
    let interaction = match user {
        Some(user) => conversation(desk.account, user),
        None => format!("group:{}", chat.conversation_id),
    };
    let written = Kind::Message(Message::new(Medium::Message, by));
    let event = Event::new(format!("chat:{}", chat.id), ms(chat.created_at_msec.as_ref()), written);
    let mut event = event.on(interaction);
    let user = user.or((by == Author::Customer).then_some(sender));
    event.customer.extend(user.map(customer));
    Ok(Some(desk.queued(event)))
}

fn conversation(account: &str, user: &str) -> String {
    format!("dm:{account}:{user}")
}
