//! What the operator can set in `[channel.NAME.settings]`.

use std::collections::BTreeMap;

use serde::Deserialize;
use tablica_plugin::{Failure, Setup, identity, pointer, setting_error, settings};

/// The settings; all have defaults.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    /// The account's own states, by number or by name, in our words.
    statuses: BTreeMap<String, Status>,
    /// Group id → the queue's name.
    groups: BTreeMap<String, String>,
    /// Mail addresses (Freshdesk) or ids (Freshchat) of agents who are machines.
    bots: Vec<String>,
    /// Country of telephone numbers without `+`.
    pub(crate) country_code: Option<String>,
}

/// What a state of a ticket means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Status {
    Open,
    /// Waits for the customer.
    Pending,
    /// Waits for somebody outside.
    ThirdParty,
    /// Waits for somebody of the company who is no agent.
    Colleague,
    Resolved,
}

impl Settings {
    pub(crate) fn parse(setup: &Setup) -> Result<Self, Failure> {
        let mut settings: Self = settings(&setup.settings)?;
        if let Some((group, _)) = settings.groups.iter().find(|(_, queue)| queue.is_empty()) {
            return Err(setting_error(&pointer(["groups", group]), "is empty: give it a name"));
        }
        settings.country_code =
            identity::country_code(settings.country_code, setup.country_code.as_deref())?;
        Ok(settings)
    }

    /// A state by its number or name. Freshdesk's own have numbers from 2 to 7; those that the account made have
    /// further ones.
    pub(crate) fn status(&self, status: &str) -> Option<Status> {
        if let Some(status) = self.statuses.get(status) {
            return Some(*status);
        }
        Some(match status.to_lowercase().as_str() {
            "2" | "open" => Status::Open,
            "3" | "pending" | "6" | "waiting on customer" => Status::Pending,
            "7" | "waiting on third party" => Status::ThirdParty,
            "4" | "resolved" | "5" | "closed" => Status::Resolved,
            _ => return None,
        })
    }

    /// The queue that a group is.
    pub(crate) fn queue(&self, group: &str) -> String {
        self.groups.get(group).map_or(group, String::as_str).to_owned()
    }

    pub(crate) fn is_bot(&self, user: &str) -> bool {
        self.bots.iter().any(|bot| bot.eq_ignore_ascii_case(user))
    }
}
