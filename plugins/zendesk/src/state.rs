//! Tickets as triggers last told them. A trigger says how a ticket is, not what changed: that is the difference to
//! what was known. Ids of agents and tickets only: nothing of customers, no texts.

use serde::{Deserialize, Serialize};
use tablica_plugin::Recent;

/// Tickets remembered; of more the one goes that has been quiet for the longest.
const TICKETS_MAX: usize = 2_000;
/// Longest text that is remembered of a ticket. Longer ones are no ids.
const TEXT_BYTES_MAX: usize = 64;

/// The snapshot.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct State {
    tickets: Recent<String, Known, TICKETS_MAX>,
}

/// One ticket.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Known {
    /// Changes told so far: part of their ids.
    #[serde(rename = "n", skip_serializing_if = "is_zero")]
    pub(crate) changes: u64,
    /// Time of the last change, in milliseconds.
    #[serde(rename = "u", skip_serializing_if = "is_zero")]
    pub(crate) updated_ms: u64,
    #[serde(rename = "s", skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<char>,
    #[serde(rename = "a", skip_serializing_if = "Option::is_none")]
    pub(crate) assignee: Option<String>,
    #[serde(rename = "g", skip_serializing_if = "Option::is_none")]
    pub(crate) group: Option<String>,
    #[serde(rename = "c", skip_serializing_if = "Option::is_none")]
    pub(crate) comment: Option<String>,
    #[serde(rename = "p", skip_serializing_if = "Option::is_none")]
    pub(crate) priority: Option<char>,
    #[serde(rename = "r", skip_serializing_if = "Option::is_none")]
    pub(crate) rating: Option<char>,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl State {
    pub(crate) fn is_empty(&self) -> bool {
        self.tickets.is_empty()
    }

    pub(crate) fn known(&self, ticket: &str) -> Option<&Known> {
        self.tickets.get(ticket)
    }

    /// Remembers how a ticket is now.
    pub(crate) fn keep(&mut self, ticket: &str, mut known: Known) {
        if ticket.len() > TEXT_BYTES_MAX {
            return;
        }
        for text in [&mut known.assignee, &mut known.group, &mut known.comment] {
            *text = text.take().filter(|text| text.len() <= TEXT_BYTES_MAX);
        }
        self.tickets.renew(ticket.to_owned(), known);
    }
}
