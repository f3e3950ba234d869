//! The last body of each ticket, as a hash. Freshdesk gives its calls neither an id nor a time: the same body again
//! is the same call, and after another one it is a new one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Tickets remembered; of more the one goes that has been quiet for the longest.
const TICKETS_MAX: usize = 4_000;
/// A longer one is no ticket's number.
const TICKET_BYTES_MAX: usize = 64;

/// The snapshot.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct State {
    clock: u64,
    /// Ticket → when it was last told, how many different bodies it had, and the last one.
    tickets: BTreeMap<String, (u64, u64, u64)>,
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
        self.clock = self.clock.saturating_add(1);
        let known = self.tickets.entry(ticket.to_owned()).or_insert((0, 0, body));
        if known.2 != body {
            known.1 = known.1.saturating_add(1);
        }
        *known = (self.clock, known.1, body);
        let number = known.1;
        if self.tickets.len() > TICKETS_MAX {
            let quiet = self.tickets.iter().min_by_key(|(_, known)| known.0);
            if let Some(quiet) = quiet.map(|(ticket, _)| ticket.clone()) {
                self.tickets.remove(&quiet);
            }
        }
        number
    }
}
