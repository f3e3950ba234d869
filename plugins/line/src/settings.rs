//! What the operator can set in `[channel.NAME.settings]`.

use serde::Deserialize;
use tablica_plugin::{Failure, check_rating_scale, setting_error, settings};

/// The settings; all have defaults.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    /// User ids of our people in groups, where customers and agents write side by side.
    pub(crate) agents: Vec<String>,
    /// Postbacks whose data begins so are ratings: `rate:4/5`.
    pub(crate) rating_prefix: String,
    /// Best rating where the data does not say: `rate:4`.
    pub(crate) rating_scale: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { agents: Vec::new(), rating_prefix: "rate:".into(), rating_scale: 5.0 }
    }
}

impl Settings {
    pub(crate) fn parse(config: &str) -> Result<Self, Failure> {
        let settings: Self = settings(config)?;
        if let Some(at) = settings.agents.iter().position(|id| !id.starts_with('U')) {
            let why = "a user's id begins with U and is not the name that people search for";
            return Err(setting_error(&format!("/agents/{at}"), why));
        }
        if settings.rating_prefix.is_empty() {
            let why = "is empty: every postback would be a rating";
            return Err(setting_error("/rating_prefix", why));
        }
        check_rating_scale(settings.rating_scale)?;
        Ok(settings)
    }
}
