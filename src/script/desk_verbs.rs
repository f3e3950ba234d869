//! What help desks and messengers tell of a contact beside messages, in the words of a script.

use super::details::one_of;
use super::mistake::Fault;
use super::verbs::{Sentence, Told, message_of};
use crate::event::{
    Author, Awaits, CallbackPromised, Delivery, DeliveryState, Kind, Merged, Pending, UnixMs,
};

const AWAITS: [(&str, Awaits); 4] = [
    ("customer", Awaits::Customer),
    ("third_party", Awaits::ThirdParty),
    ("colleague", Awaits::Colleague),
    ("time", Awaits::ATime),
];

/// `assigned to anna`
pub(super) fn assigned(said: &mut Sentence<'_>) -> Result<Told, Fault> {
    let agent = said.details.agent("to");
    if agent.is_none() {
        return Err(said.verb.fault("assigned to whom?", "to an agent; else write `unassigned`"));
    }
    Ok(Told { agent, ..Kind::Assigned.into() })
}

/// `pending customer`, `pending third party for 2h`
pub(super) fn pending(said: &mut Sentence<'_>) -> Result<Told, Fault> {
    let Some(mut awaits) = said.argument() else {
        let hint = "such as `pending customer` or `pending time for 2h`";
        return Err(said.verb.fault("for whom, or what, does it wait?", hint));
    };
    if let Some(more) = said.argument() {
        (awaits.text, awaits.to) = (format!("{}_{}", awaits.text, more.text), more.to);
    }
    let awaits = one_of(&awaits, &AWAITS)?;
    let until_ms = later(said)?;
    Ok(Kind::Pending(Pending { awaits, until_ms }).into())
}

/// `merged into ticket 7`
pub(super) fn merged(said: &mut Sentence<'_>) -> Result<Told, Fault> {
    said.must_go_on("into")?;
    let names = std::mem::take(&mut said.arguments);
    let names: Vec<_> = names.iter().map(|word| word.text.as_str()).collect();
    if names.is_empty() {
        return Err(said.verb.fault("merged into what?", "such as `merged into ticket 7`"));
    }
    Ok(Kind::Merged(Merged { into: names.join(" ") }).into())
}

/// `callback promised`, `callback promised for 2h`
pub(super) fn callback(said: &mut Sentence<'_>) -> Result<Told, Fault> {
    said.must_go_on("promised")?;
    let due_ms = later(said)?;
    Ok(Kind::CallbackPromised(CallbackPromised { due_ms }).into())
}

/// `edited complaint topic billing`
pub(super) fn edited(said: &mut Sentence<'_>) -> Result<Told, Fault> {
    let (message, agent) = message_of(said, Author::Customer)?;
    Ok(Told { agent, ..Kind::Edited(message).into() })
}

pub(super) fn delivery(state: DeliveryState) -> Result<Told, Fault> {
    Ok(Kind::Delivery(Delivery { state }).into())
}

/// So long from now, as `for` says.
fn later(said: &mut Sentence<'_>) -> Result<Option<UnixMs>, Fault> {
    let length_ms = said.details.length("for")?;
    Ok(length_ms.map(|length_ms| said.at_ms.saturating_add(length_ms)))
}
