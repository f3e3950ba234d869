//! What must outlive a restart. Ids and a time only: no names, no texts.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

/// Threads of which is known who began them; of older ones everybody is the customer.
const THREADS_MAX: usize = 1_000;

/// The snapshot.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct State {
    /// Threads that customers began, oldest first: the thread, its author.
    threads: VecDeque<(String, String)>,
    /// When a connection was last seen alive; 0 before the first one.
    pub(crate) alive_ms: u64,
}

impl State {
    /// A customer began a thread.
    pub(crate) fn began(&mut self, thread: &str, user: &str) {
        if self.author(thread).is_none() {
            if self.threads.len() >= THREADS_MAX {
                self.threads.pop_front();
            }
            self.threads.push_back((thread.to_owned(), user.to_owned()));
        }
    }

    /// The customer who began the thread.
    pub(crate) fn author(&self, thread: &str) -> Option<&str> {
        let known = self.threads.iter().rev().find(|(known, _)| known == thread);
        known.map(|(_, user)| user.as_str())
    }
}
