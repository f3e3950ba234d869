//! A reply that closes the contact, told after the settlement.

use tablica::event::{Author, Event, Kind, UnixMs};

use super::Thread;
use crate::oracle::world::ONE_ACT;

impl Thread<'_> {
    /// "Send and close" is one act: who waits is replied to by an agent's message within five seconds after
    /// the settlement, unless the customer has written or it was opened again before that.
    pub(super) fn closing_reply(&mut self, index: usize, settled_ms: UnixMs) {
        let waits = self.contacts.last().is_some_and(|it| it.unanswered_since_ms().is_some());
        if !self.is_open || !waits {
            return;
        }
        for (place, later) in self.facts.iter().enumerate().skip(index + 1) {
            if later.at_ms > settled_ms + ONE_ACT {
                return;
            }
            match &later.kind {
                Kind::Message(message) if message.author == Author::Customer => return,
                Kind::Opened(_) | Kind::Reopened => return,
                Kind::Message(message) if message.author == Author::Agent && !message.note => {
                    let told_now = Event { at_ms: settled_ms, ..(*later).clone() };
                    self.message(place, &told_now, message);
                    return;
                }
                _ => {}
            }
        }
    }
}
