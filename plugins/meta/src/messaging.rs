//! Messages of Messenger and Instagram: an item of `messaging` or `standby`.
//!
//! Counted: what customers write and what is answered, edits, what a customer takes back, what became of our
//! messages, who has the conversation, ratings. Not counted: reactions, opt-ins, referrals, games, payments, a
//! request for the conversation.

use serde::Deserialize;
use tablica_plugin::{
    Author, Delivery, Event, Id, Kind, Medium, Mention, Removal, Sentiment, fingerprint_of,
};

use crate::common::{self, moment, private, queued};
use crate::content::{Message, StoryMention};
use crate::envelope::{Network, Place};
use crate::feedback::{self, Feedback, ResponseFeedback};
use crate::settings::Settings;

#[derive(Deserialize)]
struct Item {
    /// Absent in some opt-ins.
    sender: Option<Party>,
    recipient: Option<Party>,
    timestamp: Option<Id>,
    message: Option<Message>,
    message_edit: Option<Edit>,
    postback: Option<Postback>,
    delivery: Option<Delivered>,
    read: Option<Read>,
    pass_thread_control: Option<Control>,
    take_thread_control: Option<Control>,
    messaging_feedback: Option<Feedback>,
    response_feedback: Option<ResponseFeedback>,
}

#[derive(Deserialize)]
struct Party {
    id: Option<Id>,
}

#[derive(Deserialize)]
struct Edit {
    mid: String,
    text: Option<String>,
    /// Documented as a number and as a text.
    num_edit: Option<Id>,
}

#[derive(Deserialize)]
struct Postback {
    mid: Option<String>,
    title: Option<String>,
    payload: Option<String>,
}

#[derive(Deserialize)]
struct Delivered {
    #[serde(default)]
    mids: Vec<String>,
}

#[derive(Deserialize)]
struct Read {
    /// Instagram says which message; Messenger only up to when.
    mid: Option<String>,
}

#[derive(Deserialize)]
struct Control {
    previous_owner_app_id: Option<Id>,
    /// Absent when nobody has it from now on.
    new_owner_app_id: Option<Id>,
}

/// The conversation in which an item stands.
pub(crate) struct Thread<'a> {
    place: &'a Place<'a>,
    settings: &'a Settings,
    /// The customer's id.
    user: String,
    /// In milliseconds or seconds; 0 when it says none.
    time: u64,
    /// We wrote it, by its direction.
    is_ours: bool,
}

impl Thread<'_> {
    /// An event of this conversation.
    pub(crate) fn event(&self, id: String, kind: Kind) -> Event {
        let account = self.place.account;
        let network =
            if self.place.network == Network::Instagram { "instagram" } else { "facebook" };
        let event = Event::new(id, moment(self.time), kind)
            .on(format!("{account}:{}", self.user))
            .customer(format!("{network}:{}", self.user));
        queued(event, account, self.settings)
    }

    /// A name for what has no id of its own.
    pub(crate) fn unnamed(&self, what: &str) -> String {
        format!("{what}:{}:{}:{}", self.place.account, self.user, self.time)
    }
}

/// The events of an item.
pub(crate) fn decode(
    item: &str,
    place: &Place<'_>,
    settings: &Settings,
) -> Result<Vec<Event>, serde_json::Error> {
    let item: Item = serde_json::from_str(item)?;
    let Some(thread) = thread(&item, place, settings) else { return Ok(Vec::new()) };
    let mut events = Vec::new();
    if let Some(message) = &item.message {
        events.extend(written(message, &thread));
    }
    if let Some(edit) = &item.message_edit {
        events.push(edited(edit, &thread));
    }
    if let Some(postback) = &item.postback {
        events.extend(pressed(postback, &thread));
    }
    for mid in item.delivery.iter().flat_map(|delivery| &delivery.mids) {
        let event = thread.event(format!("delivered:{mid}"), Kind::Delivery(Delivery::Delivered));
        events.push(event.refers(message_id(mid)));
    }
    if let Some(mid) = item.read.as_ref().and_then(|read| read.mid.as_deref()) {
        let event = thread.event(format!("read:{mid}"), Kind::Delivery(Delivery::Read));
        events.push(event.refers(message_id(mid)));
    }
    if let Some(control) = &item.pass_thread_control {
        events.push(assigned("passed", control, &thread));
    }
    if let Some(control) = &item.take_thread_control {
        events.push(assigned("taken", control, &thread));
    }
    if let Some(given) = &item.messaging_feedback {
        events.extend(feedback::given(given, &thread));
    }
    if let Some(given) = &item.response_feedback {
        events.extend(feedback::of_response(given, &thread));
    }
    Ok(events)
}

/// Who talks with us: of sender and recipient the one that is not the page. Echoes in old samples have the customer
/// for a sender.
fn thread<'a>(item: &Item, place: &'a Place<'a>, settings: &'a Settings) -> Option<Thread<'a>> {
    let id = |party: &Option<Party>| party.as_ref().and_then(|party| party.id.clone());
    let (sender, recipient) = (id(&item.sender), id(&item.recipient));
    let is_echo = item.message.as_ref().is_some_and(|message| message.is_echo);
    let (first, second) = if is_echo { (recipient, sender) } else { (sender, recipient) };
    let is_page = |id: &Id| id.0 == place.account;
    let is_ours = is_echo || first.as_ref().is_some_and(is_page);
    let user = match first {
        Some(first) if !is_page(&first) => first,
        _ => second.filter(|second| !is_page(second))?,
    };
    let time = item.timestamp.as_ref().and_then(|time| time.0.parse().ok());
    Some(Thread { place, settings, user: user.0, time: time.unwrap_or(place.time), is_ours })
}

fn message_id(mid: &str) -> String {
    format!("message:{mid}")
}

fn written(message: &Message, thread: &Thread<'_>) -> Option<Event> {
    let id = |what: &str| match &message.mid {
        Some(mid) => format!("{what}:{mid}"),
        None => thread.unnamed(what),
    };
    if message.is_deleted {
        // What we take back ourselves was an answer, and stays one.
        let removal = Kind::Removed(Removal { by: Author::Customer });
        let event = thread.event(id("removed"), removal).refers(id("message"));
        return (!thread.is_ours).then_some(event);
    }
    match message.story_mention() {
        StoryMention::None => {}
        // Their own story in which they name us: nobody is addressed.
        StoryMention::OfUs if thread.is_ours => return None,
        StoryMention::OfUs => {
            let mention =
                Mention { public: true, sentiment: Sentiment::Unknown, text: None, language: None };
            return Some(thread.event(id("mention"), Kind::Mention(mention)));
        }
    }
    if thread.is_ours {
        let app = message.app_id.as_ref().map(|app| app.0.as_str());
        let author = thread.settings.author_of(app);
        let written = private(Medium::Message, author, message.text());
        return Some(thread.event(id("message"), Kind::Message(written)));
    }
    if let Some(rating) = message.payload().and_then(|data| common::rating(data, thread.settings)) {
        return Some(thread.event(id("rating"), Kind::Rated(rating)));
    }
    let written = private(Medium::Message, Author::Customer, message.text());
    Some(thread.event(id("message"), Kind::Message(written)))
}

fn edited(edit: &Edit, thread: &Thread<'_>) -> Event {
    let author = if thread.is_ours { Author::Agent } else { Author::Customer };
    let written = private(Medium::Message, author, edit.text.as_deref());
    let number = edit.num_edit.clone().unwrap_or_default();
    thread
        .event(format!("edited:{}:{number}", edit.mid), Kind::Edited(written))
        .refers(message_id(&edit.mid))
}

/// A button: a rating by its payload, or a message where the operator wants it so.
fn pressed(postback: &Postback, thread: &Thread<'_>) -> Option<Event> {
    let payload = postback.payload.as_deref().unwrap_or_default();
    let id = |what: &str| match &postback.mid {
        Some(mid) => format!("{what}:{mid}"),
        // Two buttons within one time are two.
        None => format!("{}:{:016x}", thread.unnamed(what), fingerprint_of([payload], 0)),
    };
    if let Some(rating) = common::rating(payload, thread.settings) {
        return Some(thread.event(id("rating"), Kind::Rated(rating)));
    }
    let written = private(Medium::Message, Author::Customer, postback.title.as_deref());
    let event = thread.event(id("message"), Kind::Message(written));
    thread.settings.postbacks.then_some(event)
}

/// The conversation changes hands: to a desk, or to a machine, which is to nobody.
fn assigned(what: &str, control: &Control, thread: &Thread<'_>) -> Event {
    let settings = thread.settings;
    let mut event = thread.event(thread.unnamed(what), Kind::Assigned);
    let previous = control.previous_owner_app_id.as_ref();
    event.agent = match &control.new_owner_app_id {
        Some(app) => settings.desk(&app.0),
        // Only the app that answers first can take a conversation; from a machine, a desk does.
        None if what == "taken" => {
            let from_bot =
                previous.is_some_and(|app| settings.author_of(Some(&app.0)) == Author::Bot);
            from_bot.then(|| "inbox".into())
        }
        None => None,
    };
    event
}
