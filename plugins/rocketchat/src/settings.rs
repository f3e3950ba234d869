//! What the operator can set in `[channel.NAME.settings]`.

use serde::Deserialize;
use tablica_plugin::{Failure, setting_error, settings};

/// The settings; all have defaults.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    /// Usernames that are machines: Rocket.Chat shows them as agents.
    pub(crate) bots: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        // Every workspace has it; it closes abandoned chats, for example.
        Self { bots: vec!["rocket.cat".into()] }
    }
}

impl Settings {
    pub(crate) fn parse(config: &str) -> Result<Self, Failure> {
        let settings: Self = settings(config)?;
        match settings.bots.iter().position(|name| name.trim().is_empty()) {
            Some(place) => Err(setting_error(&format!("/bots/{place}"), "is empty; a username")),
            None => Ok(settings),
        }
    }

    pub(crate) fn is_bot(&self, username: &str) -> bool {
        self.bots.iter().any(|name| name == username)
    }
}
