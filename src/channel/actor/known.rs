//! A plugin's event in the house's own words, fit to be kept.

use jiff::tz::TimeZone;

use crate::channel::enrich::{Enricher, LeftOut};
use crate::channel::host::{convert, wit};
use crate::channel::{Normalize, same_as};
use crate::config::model::SameAs;
use crate::event::{Author, Event, Kind, Removed, UnixMs};

/// Whose events a plugin gives.
pub(crate) struct Whose<'a> {
    /// The channel's name.
    pub(crate) channel: &'a str,
    /// The site's time zone.
    pub(crate) zone: &'a TimeZone,
    /// Of which other channels its contacts can be.
    pub(crate) same_as: &'a [SameAs],
}

/// What a plugin's event becomes: in the domain's words, with what its text told in place of the
/// text, and without anything by which a customer could be known.
pub(crate) fn known(
    whose: &Whose<'_>,
    mut event: wit::Event,
    received_ms: UnixMs,
    enricher: &Enricher,
    normalize: &dyn Normalize,
) -> (Event, LeftOut) {
    let text = convert::text(&mut event);
    let mut event = convert::event(whose.channel, whose.zone, event, received_ms);
    if is_by_helper(&event.kind) {
        // Who helps is not who asked: what the helper does is no part of that customer's history.
        event.customer.clear();
    }
    event.same_as = same_as::find(whose.same_as, &event);
    let left_out = enricher.enrich(&mut event, text);
    (normalize.event(event), left_out)
}

/// Another customer did it, who helps the one that asked.
fn is_by_helper(kind: &Kind) -> bool {
    match kind {
        Kind::Message(message) | Kind::Edited(message) => message.author == Author::Peer,
        Kind::Removed(Removed { by }) => *by == Author::Peer,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Message;

    #[test]
    fn helpers_are_told_apart_from_who_asked() {
        let by = |author| Message { author, ..Message::default() };
        assert!(is_by_helper(&Kind::Message(by(Author::Peer))));
        assert!(is_by_helper(&Kind::Edited(by(Author::Peer))));
        assert!(is_by_helper(&Kind::Removed(Removed { by: Author::Peer })));
        assert!(!is_by_helper(&Kind::Message(by(Author::Customer))));
        assert!(!is_by_helper(&Kind::Removed(Removed { by: Author::Customer })));
        assert!(!is_by_helper(&Kind::Queued));
    }
}
