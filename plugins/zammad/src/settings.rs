//! What the operator can set in `[channel.NAME.settings]`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tablica_plugin::{Failure, settings};

/// What a state means; Zammad's state types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Meaning {
    /// New and open: somebody has to do something.
    Open,
    /// Waits until a time.
    PendingReminder,
    /// Waits for the customer, and closes itself at a time.
    PendingAction,
    /// Settled.
    Closed,
    /// Goes on in another ticket.
    Merged,
    /// Deleted.
    Removed,
}

/// The settings; all have defaults.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    /// States with names of the site's own, and what they mean.
    pub(crate) states: BTreeMap<String, Meaning>,
}

impl Settings {
    pub(crate) fn parse(config: &str) -> Result<Self, Failure> {
        settings(config)
    }

    /// By a state's name, or its type's.
    pub(crate) fn meaning(&self, name: &str) -> Option<Meaning> {
        if let Some(meaning) = self.states.get(name) {
            return Some(*meaning);
        }
        Some(match name {
            "new" | "open" => Meaning::Open,
            "pending reminder" => Meaning::PendingReminder,
            "pending close" | "pending action" => Meaning::PendingAction,
            "closed" => Meaning::Closed,
            "merged" => Meaning::Merged,
            "removed" => Meaning::Removed,
            _ => return None,
        })
    }
}
