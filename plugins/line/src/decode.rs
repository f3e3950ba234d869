//! A call of LINE into what it counts for.
//!
//! Counted: messages, edits, messages taken back, ratings by postback, who blocks the account.
//! Accepted and not counted: following, joining and leaving, beacons, linked accounts, receipts,
//! and every kind that LINE adds later.

use serde_json::value::RawValue;
use tablica_plugin::{
    Author, Event, Failure, Kind, LeftReason, Medium, Message as Written, Pair, Rating, Removal,
    bad_input, fingerprint, unsupported,
};

use crate::settings::Settings;
use crate::state::State;
use crate::update::{Call, EventId, LineEvent, Message, Source};

pub(crate) fn call(
    body: &[u8],
    settings: &Settings,
    state: &mut State,
) -> Result<Vec<Event>, Failure> {
    let call: Call<'_> = serde_json::from_slice(body).map_err(|error| {
        if error.is_data() {
            unsupported("not a call of LINE: its events are no list")
        } else {
            bad_input(format!("not JSON: {error}"))
        }
    })?;
    let raw = call.events.ok_or_else(|| unsupported("not a call of LINE: it has no events"))?;
    let mut read: Vec<_> = raw.iter().map(|raw| (*raw, serde_json::from_str(raw.get()))).collect();
    // Events that are sent again come out of order; within a call they can be put right.
    read.sort_by_key(|(_, event): &(_, Result<LineEvent, _>)| {
        event.as_ref().map_or(u64::MAX, |event| event.timestamp)
    });
    let mut events = Vec::with_capacity(read.len());
    for (raw, event) in read {
        let decoded = match event {
            Ok(event) => self::event(event, settings, state),
            Err(error) => Err(bad_input(error.to_string())),
        };
        match decoded {
            Ok(event) => events.extend(event),
            Err(_) => events.push(undecodable(raw)),
        }
    }
    Ok(events)
}

/// Counted, so that it is not lost without a word; the others of its call stay.
fn undecodable(raw: &RawValue) -> Event {
    let body = raw.get().as_bytes();
    let id = serde_json::from_slice(body)
        .map_or_else(|_| format!("{:016x}", fingerprint(body)), |EventId { event_id }| event_id);
    let what = Pair { name: "undecodable_update".into(), value: String::new() };
    Event::new(format!("event:{id}"), 0, Kind::Other(what))
}

fn event(
    mut event: LineEvent,
    settings: &Settings,
    state: &mut State,
) -> Result<Option<Event>, Failure> {
    if event.mode.as_deref() == Some("standby") {
        return Ok(None);
    }
    let at = event.timestamp;
    let content = event.message.take().filter(|_| event.kind.starts_with("message"));
    let happened = match (event.kind.as_str(), content) {
        ("message", Some(message)) => {
            // The pictures of an album come one by one: with one id they are one message.
            let id = match &message.album {
                Some(album) => {
                    state.pictured(&message.id.0);
                    album.id.to_string()
                }
                None => message.id.to_string(),
            };
            Event::new(id, at, Kind::Message(written(message, &event, settings)))
        }
        ("messageEdited", Some(message)) => {
            let (id, refers) = (id(&event, "edit")?, message.id.to_string());
            Event::new(id, at, Kind::Edited(written(message, &event, settings))).refers(refers)
        }
        ("unsend", _) => {
            let unsent = event.unsend.as_ref().ok_or_else(|| bad_input("/unsend is missing"))?;
            if state.is_of_album(&unsent.message.0) {
                return Ok(None);
            }
            let by =
                if agent(&event, settings).is_some() { Author::Agent } else { Author::Customer };
            let taken_back = Kind::Removed(Removal { by });
            Event::new(id(&event, "unsend")?, at, taken_back).refers(unsent.message.to_string())
        }
        ("unfollow", _) => Event::new(id(&event, "unfollow")?, at, Kind::Left(LeftReason::Blocked)),
        ("postback", _) => {
            let (prefix, scale) = (&settings.rating_prefix, settings.rating_scale);
            let data = event.postback.as_ref().map(|postback| postback.data.as_str());
            let rating = data.and_then(|data| Rating::by_button(data, prefix, scale));
            let Some(rating) = rating else {
                return Ok(None);
            };
            Event::new(id(&event, "postback")?, at, Kind::Rated(rating))
        }
        ("message" | "messageEdited", None) => return Err(bad_input("/message is missing")),
        _ => return Ok(None),
    };
    let source = event.source.as_ref();
    let thread = source.and_then(thread).ok_or_else(|| bad_input("/source is missing"))?;
    let mut happened = happened.on(thread);
    match agent(&event, settings) {
        Some(agent) => happened.agent = Some(agent.to_owned()),
        None => {
            let user = source.and_then(|source| source.user.as_ref());
            happened.customer.extend(user.map(|user| format!("line:{user}")));
        }
    }
    Ok(Some(happened))
}

fn written(message: Message, event: &LineEvent, settings: &Settings) -> Written {
    let is_ours = agent(event, settings).is_some();
    let author = if is_ours { Author::Agent } else { Author::Customer };
    let written = Written::new(Medium::Message, author);
    match message.text.filter(|text| message.kind == "text" && !text.is_empty()) {
        Some(text) => written.text(text),
        None => written,
    }
}

/// One of our people, in a group or room. In a chat with the account everybody is a customer.
fn agent<'a>(event: &'a LineEvent, settings: &Settings) -> Option<&'a str> {
    let source = event.source.as_ref()?;
    let user = source.user.as_deref()?;
    let is_group = source.group.is_some() || source.room.is_some();
    (is_group && settings.agents.iter().any(|agent| agent == user)).then_some(user)
}

fn thread(source: &Source) -> Option<&str> {
    let of = source.group.as_ref().or(source.room.as_ref()).or(source.user.as_ref());
    of.map(String::as_str).filter(|thread| !thread.is_empty())
}

/// LINE's own id, or what comes nearest where there is none.
fn id(event: &LineEvent, what: &str) -> Result<String, Failure> {
    match (&event.event_id, event.source.as_ref().and_then(thread)) {
        (Some(id), _) => Ok(id.to_string()),
        (None, Some(thread)) => Ok(format!("{what}:{thread}:{}", event.timestamp)),
        (None, None) => Err(bad_input("/webhookEventId and /source are missing")),
    }
}
