//! In which thread a message of a chat or under a post stands, and who asks there.
//!
//! A message and all that answers it is a thread: whoever began it asks us, the others in it help them.
//! Under a post each such thread is a contact of its own; in a chat all of them are the chat's one.

use crate::settings::Settings;
use crate::state::{State, Wrote};
use crate::update::{Link, User};

/// Where a message stands.
pub(crate) struct Thread {
    /// The message that it began with; none where we write to nobody.
    pub(crate) first: Option<String>,
    /// A customer writes in a thread that another one began.
    pub(crate) is_anothers: bool,
}

/// Of a message by this customer, or by one of us.
pub(crate) fn thread(
    mid: &str,
    user: Option<i64>,
    link: Option<&Link>,
    is_comment: bool,
    settings: &Settings,
    state: &State,
) -> Thread {
    let own = || Thread { first: user.map(|_| mid.to_owned()), is_anothers: false };
    // An edit may come without what is answered.
    let above = link.and_then(answered);
    let known = state.first(mid).or_else(|| state.first(above?)).or(above);
    let Some(first) = known.filter(|first| *first != mid) else { return own() };
    let asker = link.and_then(|link| customer(link.sender.as_ref(), settings));
    let to_us = above.is_some() && asker.is_none();
    let began = match state.author(first, user.unwrap_or_default()) {
        // Too old: who wrote what is answered is known all the same.
        Wrote::Unknown if above == Some(first) && to_us => Wrote::We,
        Wrote::Unknown if above == Some(first) && asker == user => Wrote::They,
        Wrote::Unknown if above == Some(first) => Wrote::SomebodyElse,
        began => began,
    };
    match began {
        // Below our own words everybody asks for themself.
        Wrote::We => own(),
        // In a chat, who answers us asks us, also where we spoke to somebody else.
        Wrote::SomebodyElse if !is_comment && to_us && user.is_some() => own(),
        _ => Thread {
            first: Some(first.to_owned()),
            is_anothers: user.is_some() && began == Wrote::SomebodyElse,
        },
    }
}

fn answered(link: &Link) -> Option<&str> {
    linked(link, "reply")
}

/// The message that is forwarded.
pub(crate) fn forwarded(link: &Link) -> Option<&str> {
    linked(link, "forward")
}

fn linked<'a>(link: &'a Link, kind: &str) -> Option<&'a str> {
    let is_it = link.kind.as_deref() == Some(kind);
    link.message.as_ref().filter(|_| is_it)?.mid.as_ref().map(|mid| mid.0.as_str())
}

/// Neither one of us nor a machine, nor a channel, which has no name.
pub(crate) fn customer(sender: Option<&User>, settings: &Settings) -> Option<i64> {
    let sender = sender.filter(|sender| !sender.is_bot && !settings.is_agent(sender.user_id))?;
    Some(sender.user_id)
}
