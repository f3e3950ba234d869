//! A human's reply: what it ends.

use tablica::event::{Event, UnixMs};

use super::contact::{Contact, Outcome, Reply, WaitEnd};
use super::reading::{Point, Reading};

/// A public word of a human: the answer, and the reply to whatever waits.
pub(super) fn reply(
    contact: &mut Contact,
    event: &Event,
    first_due_ms: Option<UnixMs>,
    reading: Reading,
) {
    let at_ms = event.at_ms;
    let place = contact.place(event);
    if let Some(stay) = contact.waiting() {
        stay.outcome = Outcome::Answered(at_ms);
        stay.place.agent = event.agent.clone();
    }
    contact.is_answered |= contact.counts();
    if contact.first_help.is_none() {
        contact.first_help = Some((contact.moment(event), false));
    }
    if let Some(from_ms) = first_due_ms.filter(|_| contact.counts()) {
        contact.first_replies.push(Reply { place: place.clone(), from_ms, at_ms });
    }
    if let Some(from_ms) = contact.unanswered_since_ms() {
        let is_asked = contact.waits.last().is_some_and(|wait| wait.is_asked);
        if is_asked || !reading.has(Point::SilentReopeningIsNoQuestion) {
            contact.next_replies.push(Reply { place, from_ms, at_ms });
        }
        contact.end_wait(at_ms, WaitEnd::Reply);
    }
}
