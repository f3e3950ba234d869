//! What must outlive a restart. Ids and a time only: no names, no texts.

use serde::{Deserialize, Serialize};
use tablica_plugin::{Recent, recent};

/// Threads of which is known who began them; of older ones everybody is the customer.
const THREADS_MAX: usize = 1_000;
/// Group messages that are known as such: those that were written in last.
const GROUPS_MAX: usize = 500;

/// The snapshot.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct State {
    /// Threads that customers began: the thread, its author.
    threads: Recent<String, String, THREADS_MAX>,
    /// Direct messages among several people, by the id of their channel.
    #[serde(with = "recent::keys")]
    groups: Recent<String, (), GROUPS_MAX>,
    /// When a connection was last seen alive; 0 before the first one.
    pub(crate) alive_ms: u64,
}

impl State {
    /// A customer began a thread.
    pub(crate) fn began(&mut self, thread: &str, user: &str) {
        self.threads.get_or_put_with(thread.to_owned(), || user.to_owned());
    }

    /// The customer who began the thread.
    pub(crate) fn author(&self, thread: &str) -> Option<&str> {
        self.threads.get(thread).map(String::as_str)
    }

    /// Somebody wrote in a direct message among several people.
    pub(crate) fn met_group(&mut self, channel: &str) {
        self.groups.renew(channel.to_owned(), ());
    }

    /// The channel is a direct message among several people.
    pub(crate) fn is_group(&self, channel: &str) -> bool {
        self.groups.contains(channel)
    }
}
