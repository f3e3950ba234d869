//! One event of VK into what it counts for.
//!
//! Counted: messages, comments, posts of others, edits, deletions, ratings by button, reposts with
//! words, a customer who forbids messages. Accepted and not counted: likes, receipts, joining and
//! leaving, our own posts, and every type that VK adds later.

use serde::Deserialize;
use serde_json::value::RawValue;
use tablica_plugin::{Event, Failure, bad_input, unsupported};

use crate::comment::{self, Place};
use crate::message::{self, What};
use crate::settings::Settings;
use crate::state::State;
use crate::update::Update;

/// What the envelope tells.
pub(crate) struct Told<'a> {
    pub(crate) group: i64,
    event_id: Option<&'a str>,
}

impl Told<'_> {
    /// VK's own id of the event, which stays the same when it comes again; or, before 5.103, what
    /// comes nearest.
    pub(crate) fn id(&self, otherwise: &str) -> String {
        match self.event_id {
            Some(id) => format!("event:{id}"),
            None => otherwise.to_owned(),
        }
    }
}

pub(crate) fn update(
    body: &[u8],
    settings: &Settings,
    state: &mut State,
) -> Result<Option<Event>, Failure> {
    let update: Update<'_> = serde_json::from_slice(body).map_err(|error| {
        if error.is_data() {
            unsupported("not an event of VK: it has no type")
        } else {
            bad_input(format!("not JSON: {error}"))
        }
    })?;
    let told = &Told { group: update.group_id, event_id: update.event_id.as_deref() };
    let kind = update.kind.as_ref();
    let object = || update.object.ok_or_else(|| bad_input("/object is missing"));
    match kind {
        "message_new" => return message::message(told, object()?, What::New, settings),
        "message_reply" => return message::message(told, object()?, What::Reply, settings),
        "message_edit" => return message::message(told, object()?, What::Edit, settings),
        "message_event" => return message::press(told, object()?, settings),
        "message_deny" => return message::denied(told, object()?),
        "wall_post_new" => return comment::post(told, object()?, settings, state),
        "wall_repost" => return comment::repost(told, object()?, settings),
        _ => {}
    }
    let Some((place, action)) = comments(kind) else { return Ok(None) };
    match action {
        "new" => comment::written(told, object()?, place, settings, state),
        "edit" => comment::edited(told, object()?, place, settings, state),
        "delete" => comment::deleted(told, object()?, place, settings, state),
        // What is restored was counted when it was written.
        _ => Ok(None),
    }
}

fn comments(kind: &str) -> Option<(Place, &str)> {
    const PLACES: [(&str, Place); 5] = [
        ("wall_reply_", Place::Wall),
        ("photo_comment_", Place::Photo),
        ("video_comment_", Place::Video),
        ("market_comment_", Place::Goods),
        ("board_post_", Place::Topic),
    ];
    PLACES.iter().find_map(|(prefix, place)| Some((*place, kind.strip_prefix(prefix)?)))
}

/// An event's object, or a part of it. What is wrong is told without what stands there.
pub(crate) fn read<'a, T: Deserialize<'a>>(object: &'a RawValue) -> Result<T, Failure> {
    serde_json::from_str(object.get()).map_err(|error| bad_input(format!("/object: {error}")))
}

pub(crate) fn customer(user: i64) -> String {
    format!("vk:{user}")
}

/// VK counts in seconds.
pub(crate) fn at_ms(seconds: u64) -> u64 {
    seconds.saturating_mul(1000)
}
