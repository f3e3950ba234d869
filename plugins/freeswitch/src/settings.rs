//! What the operator can set in `[channel.NAME.settings]`.

use serde::Deserialize;
use tablica_plugin::{Failure, Setup, identity, setting_error, settings};

/// How events are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    /// Headers, URL-encoded.
    #[default]
    Plain,
    Json,
}

/// The settings; all have defaults.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    /// Where the event socket listens.
    pub(crate) address: String,
    /// A user with rights of its own, `1000@example.com`; without one the password is the socket's.
    pub(crate) user: Option<String>,
    pub(crate) format: Format,
    /// Of numbers without a `+`.
    pub(crate) country_code: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            address: "tcp://127.0.0.1:8021".into(),
            user: None,
            format: Format::Plain,
            country_code: None,
        }
    }
}

impl Settings {
    pub(crate) fn parse(setup: &Setup) -> Result<Self, Failure> {
        let mut settings: Self = settings(&setup.settings)?;
        let place = ["tcp://", "tls://"].iter().find_map(|it| settings.address.strip_prefix(it));
        let is_port = |port: &str| port.parse::<u16>().is_ok_and(|port| port > 0);
        let is_place = |place: &str| {
            let parts = place.rsplit_once(':');
            parts.is_some_and(|(host, port)| !host.is_empty() && is_port(port))
        };
        if !place.is_some_and(is_place) {
            let why = "must be such as \"tcp://127.0.0.1:8021\" or \"tls://pbx.example.com:8022\"";
            return Err(setting_error("/address", why));
        }
        let is_user = |user: &String| {
            !user.is_empty() && !user.contains(|c: char| c.is_whitespace() || c == ':')
        };
        if !settings.user.as_ref().is_none_or(is_user) {
            let why = "must be such as \"wall@example.com\", without spaces and colons";
            return Err(setting_error("/user", why));
        }
        settings.country_code =
            identity::country_code(settings.country_code, setup.country_code.as_deref())?;
        Ok(settings)
    }
}
