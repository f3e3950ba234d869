//! What the operator can set in `[channel.NAME.settings]`.

use serde::Deserialize;
use tablica_plugin::{Failure, Id, settings};

/// The settings; all have defaults.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    /// Ids of teammates that are machines: programs that answer under a teammate's name.
    pub(crate) bots: Vec<Id>,
}

impl Settings {
    pub(crate) fn parse(config: &str) -> Result<Self, Failure> {
        settings(config)
    }
}
