//! A message that is taken away.

use tablica::event::{Author, Event};

use super::Thread;
use crate::oracle::contact::{Moment, Outcome, WaitEnd};
use crate::oracle::reading::Point;

impl Thread<'_> {
    /// Of several questions one is left to answer; whose only one is taken away waits no longer. One that
    /// was replied to before is nobody's wait.
    pub(super) fn remove(&mut self, event: &Event, by: Author) {
        let reading = self.reading;
        let Some(contact) = self.contacts.last_mut() else { return };
        let removed: Moment = contact.moment(event);
        contact.removed.push((removed, by));
        if by != Author::Customer || !self.is_open {
            return;
        }
        match &event.refers {
            Some(id) => {
                let Some(place) = self.asked.iter().position(|it| it == id) else { return };
                self.asked.remove(place);
            }
            None => drop(self.asked.pop()),
        }
        if !self.asked.is_empty() || contact.unanswered_since_ms().is_none() {
            return;
        }
        if contact.waiting().is_none() {
            contact.end_wait(event.at_ms, WaitEnd::TookAway);
            return;
        }
        if let Some(stay) = contact.waiting() {
            stay.outcome = if reading.has(Point::RemovedIsAbandoned) {
                Outcome::Abandoned(event.at_ms)
            } else {
                Outcome::FlowedOut(event.at_ms)
            };
        }
        contact.end_wait(event.at_ms, WaitEnd::TookAway);
        contact.over = Some((event.at_ms, event.at_ms));
        self.is_open = false;
    }
}
