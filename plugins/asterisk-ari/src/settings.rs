//! What the operator can set in `[channel.NAME.settings]`.

use std::collections::BTreeMap;

use serde::Deserialize;
use tablica_plugin::{Failure, Setup, identity, setting_error, settings};

use crate::wire::Channel;

/// How Asterisk is told who asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Auth {
    /// In a header.
    #[default]
    Basic,
    /// As `api_key` in the address.
    Query,
}

/// The settings; all have defaults but `user`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    /// Where Asterisk's web server is.
    pub(crate) url: String,
    pub(crate) user: String,
    pub(crate) auth: Auth,
    /// The name under which Tablica listens. Not the application's own.
    pub(crate) app: String,
    /// Whose calls are counted; all, where none is named.
    pub(crate) apps: Vec<String>,
    /// Arguments of Stasis that only agents' legs have.
    pub(crate) agent_args: Vec<String>,
    /// Agents' endpoints; `PJSIP/1*` are all that begin so.
    pub(crate) agent_endpoints: Vec<String>,
    /// Names of endpoints.
    pub(crate) agents: BTreeMap<String, String>,
    /// Queues by an argument of Stasis, by the extension that was dialled, or by the application.
    pub(crate) queues: BTreeMap<String, String>,
    /// Callers wait in holding bridges, which are the queues.
    pub(crate) queue_bridges: bool,
    /// Of numbers without a `+`.
    pub(crate) country_code: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            url: "http://127.0.0.1:8088".into(),
            user: "tablica".into(),
            auth: Auth::Basic,
            app: "tablica".into(),
            apps: Vec::new(),
            agent_args: Vec::new(),
            agent_endpoints: Vec::new(),
            agents: BTreeMap::new(),
            queues: BTreeMap::new(),
            queue_bridges: false,
            country_code: None,
        }
    }
}

impl Settings {
    pub(crate) fn parse(setup: &Setup) -> Result<Self, Failure> {
        let mut settings: Self = settings(&setup.settings)?;
        let url = settings.url.trim_end_matches('/').to_owned();
        let place = ["http://", "https://"].iter().find_map(|scheme| url.strip_prefix(scheme));
        if !place.is_some_and(|place| !place.is_empty() && !place.contains(['?', '#', ' '])) {
            let why =
                "must be such as \"http://127.0.0.1:8088\" or \"https://pbx.example.com:8089\"";
            return Err(setting_error("/url", why));
        }
        settings.url = url;
        if settings.user.is_empty() || settings.user.contains([':', '&', '#', ' ']) {
            let why = "must be a section of ari.conf, such as \"tablica\"";
            return Err(setting_error("/user", why));
        }
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if settings.app.is_empty() || !settings.app.chars().all(is_plain) {
            let why = "must be letters, digits, - and _, such as \"tablica\"";
            return Err(setting_error("/app", why));
        }
        if settings.apps.contains(&settings.app) {
            let why = "is the application's own name: Asterisk would send its events here instead";
            return Err(setting_error("/app", why));
        }
        settings.country_code =
            identity::country_code(settings.country_code, setup.country_code.as_deref())?;
        Ok(settings)
    }

    /// Calls of that application are counted.
    pub(crate) fn counts(&self, app: &str) -> bool {
        self.apps.is_empty() || self.apps.iter().any(|it| it == app)
    }

    /// What the agent at that endpoint is called, if one is.
    pub(crate) fn agent(&self, channel: &Channel) -> Option<String> {
        let endpoint = channel.endpoint();
        if let Some(name) = self.agents.get(endpoint) {
            return Some(name.clone());
        }
        let is_it = |pattern: &String| match pattern.strip_suffix('*') {
            Some(start) => endpoint.starts_with(start),
            None => pattern == endpoint,
        };
        self.agent_endpoints.iter().any(is_it).then(|| endpoint.to_owned())
    }

    /// Whether the operator says which endpoints are agents'. Else all that are called are.
    pub(crate) fn names_agents(&self) -> bool {
        !self.agents.is_empty() || !self.agent_endpoints.is_empty()
    }

    /// The queue of a call.
    pub(crate) fn queue(&self, app: &str, args: &[String], exten: &str) -> Option<String> {
        let words = args.iter().map(String::as_str).chain([exten, app]);
        words.filter_map(|word| self.queues.get(word)).next().cloned()
    }
}
