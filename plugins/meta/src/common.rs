//! What all of Meta's networks share: times, ids, written messages.

use tablica_plugin::{Author, Event, Kind, Medium, Message, Moment, Rating, Visibility};

use crate::settings::Settings;

/// Times below are seconds, times from here on milliseconds: the first is in the year 5138, the second in 1973.
/// Pages send seconds, Messenger milliseconds, and now and then the other way round.
const FIRST_MS: u64 = 100_000_000_000;

/// A time in seconds or in milliseconds; 0 is none.
pub(crate) fn moment(time: u64) -> Moment {
    Moment::from(if time < FIRST_MS { time.saturating_mul(1000) } else { time })
}

/// What somebody wrote, for all to read.
pub(crate) fn public(medium: Medium, author: Author, text: Option<&str>) -> Message {
    Message { visibility: Visibility::Public, ..private(medium, author, text) }
}

/// What somebody wrote to us, or we to them.
pub(crate) fn private(medium: Medium, author: Author, text: Option<&str>) -> Message {
    let written = Message::new(medium, author);
    match text {
        Some(text) => written.text(text),
        None => written,
    }
}

/// The event in the queue that the operator gave the page, the account or the number.
pub(crate) fn queued(mut event: Event, account: &str, settings: &Settings) -> Event {
    event.queue = settings.queues.get(account).cloned();
    event
}

/// A rating in a button's payload, when it begins with the prefix.
pub(crate) fn rating(payload: &str, settings: &Settings) -> Option<Rating> {
    Rating::by_button(payload, &settings.rating_prefix, settings.rating_scale)
}

/// A rating of so many of so many.
pub(crate) fn rated(dimension: &str, score: f64, scale: f64) -> Kind {
    Kind::Rated(Rating { dimension: dimension.into(), score, scale })
}
