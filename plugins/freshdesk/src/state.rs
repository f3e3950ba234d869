//! The last body of each ticket, as a hash. Freshdesk gives its calls neither an id nor a time: the same body again
//! is the same call, and after another one it is a new one.

use serde::{Deserialize, Serialize};
use tablica_plugin::Recent;

/// Tickets remembered; of more the one goes that has been quiet for the longest.
const TICKETS_MAX: usize = 4_000;
/// A longer one is no ticket's number.
const TICKET_BYTES_MAX: usize = 64;

/// The snapshot.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct State {
    /// Ticket → how many different bodies it had, and the last one.
    tickets: Recent<String, (u64, u64), TICKETS_MAX>,
}

impl State {
    pub(crate) fn is_empty(&self) -> bool {
        self.tickets.is_empty()
    }

    /// The number of the call among those of the ticket.
    pub(crate) fn number(&mut self, ticket: &str, body: u64) -> u64 {
        if ticket.len() > TICKET_BYTES_MAX {
            return 0;
        }
        self.tickets.touch(ticket);
        let (number, last) = self.tickets.get_or_put_with(ticket.to_owned(), || (0, body));
        if *last != body {
            *number = number.saturating_add(1);
            *last = body;
        }
        *number
    }
}
