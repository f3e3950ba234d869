//! What must outlive a restart: where both ways of asking stand. No texts, no customer.

use serde::{Deserialize, Serialize};

/// The snapshot.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct State {
    /// What `updates` is to go on after.
    pub(crate) marker: Option<String>,
    /// Every chat has been read up to here, in OK's milliseconds; none before the first look.
    pub(crate) read_to_ms: Option<u64>,
}
