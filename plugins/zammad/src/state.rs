//! What is known of tickets, to tell what has changed. Numbers only.

use serde::{Deserialize, Serialize};
use tablica_plugin::Recent;

use crate::settings::Meaning;

/// Tickets remembered; the one that was not heard of for the longest time goes. Of one that is not remembered
/// a change may be told that is none.
const TICKETS_MAX: usize = 2_000;

/// The snapshot.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct State {
    /// By the ticket's number in the database.
    tickets: Recent<u64, Known, TICKETS_MAX>,
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
        self.tickets.get(&ticket).copied()
    }

    pub(crate) fn learn(&mut self, ticket: u64, known: Known) {
        self.tickets.renew(ticket, known);
    }
}
