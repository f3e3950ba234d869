//! The envelope: `object`, and in each `entry` lists of `messaging`, `standby` or `changes`.
//!
//! One webhook holds many pieces. They are read one by one, so that a broken one does not take its neighbours with
//! it: it is counted as `undecodable_entry`.

use serde::Deserialize;
use serde_json::value::RawValue;
use tablica_plugin::{Event, Failure, Id, Kind, Pair, bad_input, fingerprint_of, unsupported};

use crate::settings::Settings;
use crate::state::State;
use crate::{instagram, messaging, page, whatsapp};

#[derive(Deserialize)]
struct Envelope<'a> {
    object: Option<String>,
    #[serde(borrow)]
    entry: Option<Vec<&'a RawValue>>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(default)]
    id: Id,
    #[serde(default)]
    time: u64,
    #[serde(borrow, default)]
    messaging: Vec<&'a RawValue>,
    /// What another app answers. People wrote it all the same, and each message has one id wherever it stands.
    #[serde(borrow, default)]
    standby: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    changes: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Change<'a> {
    field: String,
    #[serde(borrow)]
    value: Option<&'a RawValue>,
}

/// Which of Meta's networks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Network {
    Page,
    Instagram,
    WhatsApp,
}

/// Where a piece stood.
pub(crate) struct Place<'a> {
    pub(crate) network: Network,
    /// The page, the Instagram account or the WhatsApp business account.
    pub(crate) account: &'a str,
    /// When Meta made the entry, in seconds or milliseconds.
    pub(crate) time: u64,
}

/// Everything that a webhook says.
pub(crate) fn open(
    body: &[u8],
    settings: &Settings,
    state: &mut State,
) -> Result<Vec<Event>, Failure> {
    let envelope: Envelope<'_> = serde_json::from_slice(body).map_err(|error| {
        if error.is_data() {
            unsupported("not a webhook of Meta")
        } else {
            bad_input(error.to_string())
        }
    })?;
    let network = match envelope.object.as_deref() {
        Some("page") => Network::Page,
        Some("instagram") => Network::Instagram,
        Some("whatsapp_business_account") => Network::WhatsApp,
        Some(_) => {
            return Err(unsupported("/object is not page, instagram or whatsapp_business_account"));
        }
        None => return Err(unsupported("not a webhook of Meta: it has no object")),
    };
    let entries = envelope.entry.ok_or_else(|| bad_input("/entry is missing"))?;
    let mut events = Vec::new();
    for raw in entries {
        match serde_json::from_str::<Entry<'_>>(raw.get()) {
            Ok(entry) => pieces(network, &entry, settings, state, &mut events),
            Err(_) => events.push(undecodable(raw)),
        }
    }
    Ok(events)
}

fn pieces(
    network: Network,
    entry: &Entry<'_>,
    settings: &Settings,
    state: &mut State,
    events: &mut Vec<Event>,
) {
    let place = Place { network, account: &entry.id.0, time: entry.time };
    for raw in entry.messaging.iter().chain(&entry.standby) {
        match messaging::decode(raw.get(), &place, settings) {
            Ok(found) => events.extend(found),
            Err(_) => events.push(undecodable(raw)),
        }
    }
    for raw in &entry.changes {
        match change(raw, &place, settings, state) {
            Ok(found) => events.extend(found),
            Err(_) => events.push(undecodable(raw)),
        }
    }
}

fn change(
    raw: &RawValue,
    place: &Place<'_>,
    settings: &Settings,
    state: &mut State,
) -> Result<Vec<Event>, serde_json::Error> {
    let change: Change<'_> = serde_json::from_str(raw.get())?;
    // Fields of a page's settings come without a value.
    let Some(value) = change.value.map(RawValue::get) else { return Ok(Vec::new()) };
    match place.network {
        Network::Page => page::decode(&change.field, value, place, settings, state),
        Network::Instagram => instagram::decode(&change.field, value, place, settings, state),
        Network::WhatsApp => whatsapp::decode(&change.field, value, place, settings, state),
    }
}

/// A piece that is not what Meta promises. It has no id: its bytes are one, the same on redelivery.
pub(crate) fn undecodable(raw: &RawValue) -> Event {
    let what = Pair { name: "undecodable_entry".into(), value: String::new() };
    Event::new(format!("undecodable:{:016x}", fingerprint_of([raw.get()], 0)), 0, Kind::Other(what))
}
