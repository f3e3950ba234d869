//! What must outlive a restart. Ids only.

use serde::{Deserialize, Serialize};
use tablica_plugin::ratings::Ratings;
use tablica_plugin::{Author, Recent, recent};

/// Threads that wait at the same time; a site has a few dozen.
const WAITING_MAX: usize = 2_000;
/// People whose ids have an unusual shape.
const UNUSUAL_MAX: usize = 500;
/// Threads of which the last rating is known.
const RATED_MAX: usize = 1_000;
/// Such as `345f8235-d60d-433e-63c5-7f813a6ffe25`.
const CUSTOMER_ID_BYTES: usize = 36;

/// The snapshot.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct State {
    /// Threads in which no human of ours has written yet.
    #[serde(with = "recent::keys")]
    waiting: Recent<String, (), WAITING_MAX>,
    /// People who are something else than the shape of their ids says: whether they are customers.
    unusual: Recent<String, bool, UNUSUAL_MAX>,
    /// Ratings of threads.
    pub(crate) ratings: Ratings<RATED_MAX>,
}

impl State {
    /// What a person is. Agents have mail addresses for ids, customers UUIDs, bots something else.
    pub(crate) fn author(&self, id: &str) -> Author {
        match self.unusual.get(id) {
            Some(true) => Author::Customer,
            Some(false) => Author::Agent,
            None => by_shape(id),
        }
    }

    /// A webhook says that this is a customer, or that it is an agent or a bot.
    pub(crate) fn met(&mut self, id: &str, is_customer: bool) {
        if (by_shape(id) == Author::Customer) == is_customer {
            return;
        }
        self.unusual.renew(id.to_owned(), is_customer);
    }

    /// A thread began.
    pub(crate) fn waits(&mut self, thread: &str) {
        self.waiting.put(thread.to_owned(), ());
    }

    /// It waits no longer: it was answered, or it is over. Says whether it did.
    pub(crate) fn waited(&mut self, thread: &str) -> bool {
        self.waiting.remove(thread).is_some()
    }
}

fn by_shape(id: &str) -> Author {
    if id.contains('@') {
        Author::Agent
    } else if id.len() == CUSTOMER_ID_BYTES && id.matches('-').count() == 4 {
        Author::Customer
    } else {
        Author::Bot
    }
}
