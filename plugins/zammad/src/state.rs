//! What is known of tickets, to tell what has changed. Numbers only.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::settings::Meaning;

/// Tickets remembered; the one that was not heard of for the longest time goes. Of one that is not remembered
/// a change may be told that is none.
const TICKETS_MAX: usize = 2_000;

/// The snapshot.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct State {
    /// By the ticket's number in the database, with when it was heard of.
    tickets: BTreeMap<u64, (u64, Known)>,
    heard: u64,
}

/// A ticket as it was last seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Known {
    pub(crate) updated_ms: u64,
    pub(crate) meaning: Option<Meaning>,
    pub(crate) owner: Option<u64>,
    pub(crate) group: Option<u64>,
    /// As `ticket` counts them.
    pub(crate) priority: Option<u8>,
}

impl State {
    /// What was known; none when the ticket is new here.
    pub(crate) fn known(&self, ticket: u64) -> Option<Known> {
        self.tickets.get(&ticket).map(|(_, known)| *known)
    }

    pub(crate) fn learn(&mut self, ticket: u64, known: Known) {
        self.heard = self.heard.saturating_add(1);
        self.tickets.insert(ticket, (self.heard, known));
        if self.tickets.len() > TICKETS_MAX {
            let oldest = self.tickets.iter().min_by_key(|(_, (heard, _))| *heard);
            let oldest = oldest.map(|(ticket, _)| *ticket);
            oldest.map(|ticket| self.tickets.remove(&ticket));
        }
    }
}
