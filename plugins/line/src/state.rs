//! What must outlive a restart: which messages were pictures of an album. An album is one message,
//! so taking back one of its pictures does not take it back.

use serde::{Deserialize, Serialize};
use tablica_plugin::{Recent, fingerprint, recent};

/// Pictures of albums remembered, the last ones.
const PICTURES_MAX: usize = 500;

/// The snapshot.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct State {
    /// Fingerprints of their ids.
    #[serde(with = "recent::keys")]
    pictures: Recent<u64, (), PICTURES_MAX>,
}

impl State {
    pub(crate) fn pictured(&mut self, message: &str) {
        self.pictures.put(fingerprint(message), ());
    }

    pub(crate) fn is_of_album(&self, message: &str) -> bool {
        self.pictures.contains(&fingerprint(message))
    }
}
