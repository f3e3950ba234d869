//! What must outlive a restart: which messages were pictures of an album. An album is one message,
//! so taking back one of its pictures does not take it back.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

/// Pictures of albums remembered, the last ones.
const PICTURES_MAX: usize = 500;

/// The snapshot.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct State {
    /// Hashes of their ids, oldest first.
    pictures: VecDeque<u64>,
}

impl State {
    pub(crate) fn pictured(&mut self, message: &str) {
        let key = fingerprint(message.as_bytes());
        if self.pictures.contains(&key) {
            return;
        }
        if self.pictures.len() >= PICTURES_MAX {
            self.pictures.pop_front();
        }
        self.pictures.push_back(key);
    }

    pub(crate) fn is_of_album(&self, message: &str) -> bool {
        self.pictures.contains(&fingerprint(message.as_bytes()))
    }
}

/// FNV-1a.
pub(crate) fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
