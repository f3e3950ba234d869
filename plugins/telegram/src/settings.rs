//! What the operator can set in `[channel.NAME.settings]`.

use serde::Deserialize;
use tablica_plugin::{Failure, check_rating_scale, setting_error, settings};

/// How updates arrive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Mode {
    /// Telegram calls us.
    #[default]
    Webhook,
    /// We ask Telegram.
    Poll,
}

/// The settings; all have defaults.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) mode: Mode,
    /// User ids of our people in groups, where customers and agents write side by side, and ids of
    /// channels in whose name they write.
    pub(crate) agents: Vec<i64>,
    /// Buttons whose callback data begins so are ratings: `rate:4/5`.
    pub(crate) rating_prefix: String,
    /// Best rating where the data does not say: `rate:4`.
    pub(crate) rating_scale: f64,
    /// How long one `getUpdates` may wait, in seconds.
    pub(crate) poll_timeout_s: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            mode: Mode::Webhook,
            agents: Vec::new(),
            rating_prefix: "rate:".into(),
            rating_scale: 5.0,
            poll_timeout_s: 25,
        }
    }
}

/// Telegram's own limit.
const POLL_TIMEOUT_S_MAX: u32 = 50;

impl Settings {
    pub(crate) fn parse(config: &str) -> Result<Self, Failure> {
        let settings: Self = settings(config)?;
        if settings.rating_prefix.is_empty() {
            let why = "is empty: every button would be a rating";
            return Err(setting_error("/rating_prefix", why));
        }
        check_rating_scale(settings.rating_scale)?;
        if !(1..=POLL_TIMEOUT_S_MAX).contains(&settings.poll_timeout_s) {
            let found = settings.poll_timeout_s;
            let why = format!("found {found}; Telegram takes 1 to {POLL_TIMEOUT_S_MAX}");
            return Err(setting_error("/poll_timeout_s", why));
        }
        Ok(settings)
    }
}
