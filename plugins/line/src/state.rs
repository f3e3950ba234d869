//! What must outlive a restart: which messages were pictures of an album. An album is one message,
//! so taking back one of its pictures does not take it back.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use tablica_plugin::fingerprint;

/// Pictures of albums remembered, the last ones.
const PICTURES_MAX: usize = 500;

/// The snapshot.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct State {
    /// Fingerprints of their ids, oldest first.
    pictures: VecDeque<u64>,
}

impl State {
    pub(crate) fn pictured(&mut self, message: &str) {
        let key = fingerprint(message);
        if self.pictures.contains(&key) {
            return;
        }
        if self.pictures.len() >= PICTURES_MAX {
            self.pictures.pop_front();
        }
        self.pictures.push_back(key);
    }

    pub(crate) fn is_of_album(&self, message: &str) -> bool {
        self.pictures.contains(&fingerprint(message))
    }
}
