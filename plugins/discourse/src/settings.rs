//! What the operator can set in `[channel.NAME.settings]`.

use std::collections::BTreeSet;

use serde::Deserialize;
use tablica_plugin::{Failure, setting_error, settings};

/// The settings; all have defaults. People are named as in their profile's address, without case.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    /// Categories that belong to the desk; empty: all.
    pub(crate) categories: BTreeSet<u64>,
    /// Categories that strangers cannot read.
    pub(crate) private_categories: BTreeSet<u64>,
    /// Messages (Discourse's private topics) count.
    pub(crate) messages: bool,
    /// Our people who are not staff of the forum.
    pub(crate) agents: BTreeSet<String>,
    /// Groups whose members are our people: those who have it as their primary group.
    pub(crate) agent_groups: BTreeSet<String>,
    /// Machines with an account like everybody's.
    pub(crate) bots: BTreeSet<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            categories: BTreeSet::new(),
            private_categories: BTreeSet::new(),
            messages: true,
            agents: BTreeSet::new(),
            agent_groups: BTreeSet::new(),
            bots: BTreeSet::new(),
        }
    }
}

impl Settings {
    pub(crate) fn parse(config: &str) -> Result<Self, Failure> {
        let mut settings: Self = settings(config)?;
        for (key, names) in [
            ("agents", &mut settings.agents),
            ("agent_groups", &mut settings.agent_groups),
            ("bots", &mut settings.bots),
        ] {
            let is_odd = |name: &&String| name.is_empty() || name.contains(['@', ' ', '/']);
            if let Some(name) = names.iter().find(is_odd) {
                let why = format!("{name:?} is no name of Discourse: as in /u/NAME or /g/NAME");
                return Err(setting_error(&format!("/{key}"), why));
            }
            *names = names.iter().map(|name| name.to_lowercase()).collect();
        }
        Ok(settings)
    }

    /// A topic of the desk.
    pub(crate) fn counts(&self, category: Option<u64>, is_private: bool) -> bool {
        match is_private {
            true => self.messages,
            false => {
                self.categories.is_empty()
                    || category.is_some_and(|it| self.categories.contains(&it))
            }
        }
    }
}
