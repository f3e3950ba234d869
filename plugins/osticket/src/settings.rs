//! What the operator can set in `[channel.NAME.settings]`.

use std::collections::BTreeMap;

use serde::Deserialize;
use tablica_plugin::{Failure, Setup, identity, setting_error, settings};

/// Shortest time between two questions, in seconds.
const INTERVAL_S_MIN: u32 = 5;
/// Longest.
const INTERVAL_S_MAX: u32 = 3_600;

/// The settings; all have defaults.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    /// Where the export script answers, when it is asked.
    pub(crate) url: String,
    /// How often it is asked.
    pub(crate) interval_s: u32,
    /// Names of agents who are machines.
    pub(crate) bots: Vec<String>,
    /// What further open states mean, by name.
    pub(crate) statuses: BTreeMap<String, Status>,
    /// Country of telephone numbers without `+`.
    pub(crate) country_code: Option<String>,
}

/// What an open state of a ticket means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Status {
    Open,
    /// Waits for the customer.
    Customer,
    /// Waits for somebody outside.
    ThirdParty,
    /// Waits for somebody of the company who is no agent.
    Colleague,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            url: String::new(),
            interval_s: 15,
            bots: Vec::new(),
            statuses: BTreeMap::new(),
            country_code: None,
        }
    }
}

impl Settings {
    pub(crate) fn parse(setup: &Setup) -> Result<Self, Failure> {
        let mut settings: Self = settings(&setup.settings)?;
        if setup.source == "poll" && settings.url.is_empty() {
            let why = "is missing: the export script's, such as \"https://help.example.org/tablica-export.php\"";
            return Err(setting_error("/url", why));
        }
        let is_http = ["https://", "http://"].iter().any(|it| settings.url.starts_with(it));
        if !settings.url.is_empty() && (!is_http || settings.url.contains(['?', '#'])) {
            let why = "must be an http or https address without ? and #";
            return Err(setting_error("/url", why));
        }
        if !(INTERVAL_S_MIN..=INTERVAL_S_MAX).contains(&settings.interval_s) {
            let found = settings.interval_s;
            let why = format!("found {found}; {INTERVAL_S_MIN} to {INTERVAL_S_MAX} seconds");
            return Err(setting_error("/interval_s", why));
        }
        settings.country_code =
            identity::country_code(settings.country_code, setup.country_code.as_deref())?;
        Ok(settings)
    }
}
