//! What the operator can set in `[channel.NAME.settings]`.

use serde::Deserialize;
use tablica_plugin::{Awaits, Failure, Id, settings};

/// What counts as a contact's queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Queue {
    /// The conversation's team, by its name.
    #[default]
    Team,
    /// The inbox, by its number.
    Inbox,
}

/// For whom a conversation waits that is `pending`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PendingAwaits {
    /// Nobody: a bot has it, as Chatwoot means it.
    #[default]
    Bot,
    /// The customer.
    Customer,
    /// Somebody outside.
    ThirdParty,
    /// Somebody of ours who is not an agent.
    Colleague,
}

impl PendingAwaits {
    pub(crate) fn awaits(self) -> Option<Awaits> {
        match self {
            Self::Bot => None,
            Self::Customer => Some(Awaits::Customer),
            Self::ThirdParty => Some(Awaits::ThirdParty),
            Self::Colleague => Some(Awaits::Colleague),
        }
    }
}

/// The settings; all have defaults.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) queue: Queue,
    /// Only this account's calls count.
    pub(crate) account: Option<Id>,
    pub(crate) pending_awaits: PendingAwaits,
}

impl Settings {
    pub(crate) fn parse(config: &str) -> Result<Self, Failure> {
        settings(config)
    }
}
