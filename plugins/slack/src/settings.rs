//! What the operator can set in `[channel.NAME.settings]`.

use std::collections::BTreeSet;

use serde::Deserialize;
use tablica_plugin::{Failure, setting_error, settings};

/// The settings; all have defaults.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    /// Channels that belong to the desk; empty: all that the app is in.
    pub(crate) channels: BTreeSet<String>,
    /// Channels in which all is one conversation, such as those that are shared with one customer.
    pub(crate) whole_channels: BTreeSet<String>,
    pub(crate) direct_messages: bool,
    /// Users, bots and apps whose messages are a human answer of ours.
    pub(crate) agents: BTreeSet<String>,
    /// Workspaces whose people are ours.
    pub(crate) agent_teams: BTreeSet<String>,
    /// Users who are customers though their workspace is ours, and bots that post what customers wrote.
    pub(crate) customers: BTreeSet<String>,
    /// In channels that are shared with another organization, its people are customers and ours are agents.
    pub(crate) external: bool,
    /// Strangers can read the public channels: a workspace that anybody may join.
    pub(crate) public: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            channels: BTreeSet::new(),
            whole_channels: BTreeSet::new(),
            direct_messages: true,
            agents: BTreeSet::new(),
            agent_teams: BTreeSet::new(),
            customers: BTreeSet::new(),
            external: true,
            public: false,
        }
    }
}

impl Settings {
    pub(crate) fn parse(config: &str) -> Result<Self, Failure> {
        let settings: Self = settings(config)?;
        let channel = "a channel's id begins with C or G and stands at the bottom of its details";
        let person =
            "a member's id begins with U or W (Copy member ID), a bot's with B, an app's with A";
        let team = "a workspace's id begins with T, an organization's with E";
        ids("channels", &settings.channels, "CG", channel)?;
        ids("whole_channels", &settings.whole_channels, "CG", channel)?;
        ids("agents", &settings.agents, "UWBA", person)?;
        ids("customers", &settings.customers, "UWBA", person)?;
        ids("agent_teams", &settings.agent_teams, "TE", team)?;
        Ok(settings)
    }
}

fn ids(key: &str, written: &BTreeSet<String>, begins: &str, why: &str) -> Result<(), Failure> {
    let is_id = |id: &&String| {
        let plain = id.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        plain && id.len() > 1 && id.starts_with(|first| begins.contains(first))
    };
    match written.iter().find(|id| !is_id(id)) {
        Some(id) => Err(setting_error(&format!("/{key}"), format!("{id:?} is no id: {why}"))),
        None => Ok(()),
    }
}
