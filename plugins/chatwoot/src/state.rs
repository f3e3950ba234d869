//! What must outlive a restart: how often which survey was answered. No names, no texts.

use serde::{Deserialize, Serialize};
use tablica_plugin::ratings::Ratings;

/// Surveys of which the last answer is known.
const RATED_MAX: usize = 1_000;

/// The snapshot.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct State {
    /// Ratings by the messages that asked for them.
    pub(crate) ratings: Ratings<RATED_MAX>,
}
