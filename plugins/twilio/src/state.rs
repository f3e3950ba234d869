//! What survives a restart: how far calls and tasks are. No number, name or text of a customer is in it.

use serde::{Deserialize, Serialize};
use tablica_plugin::Recent;

/// The oldest one is forgotten for a further one.
const CONTACTS_MAX: usize = 1_000;

/// How far a call or task is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stage {
    #[default]
    Waiting,
    Talking,
    /// The talk is over, after-work may follow.
    Talked,
    Over,
}

/// One of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Contact {
    pub(crate) stage: Stage,
    /// Its beginning was told.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) is_opened: bool,
    /// An agent's telephone rang.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) rang: bool,
    /// Our own people called.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) is_outbound: bool,
    /// TaskRouter tells of it, and better than the telephone does.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) is_task: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) queue: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) agent: Option<String>,
    /// The reservation by which the agent has it, or their leg.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) by: Option<String>,
}

/// The snapshot.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct State {
    contacts: Recent<String, Contact, CONTACTS_MAX>,
}

impl State {
    /// The contact, a new one where it was not known.
    pub(crate) fn contact(&mut self, interaction: &str) -> &mut Contact {
        self.contacts.get_or_put_with(interaction.to_owned(), Contact::default)
    }
}
