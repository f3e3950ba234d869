//! What the operator can set in `[channel.NAME.settings]`.

use std::collections::BTreeMap;

use serde::Deserialize;
use tablica_plugin::{Author, Failure, Rating, check_rating_scale, setting_error, settings};

/// What it is when somebody names us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Mentions {
    /// They address us: a contact.
    Contact,
    /// They speak of us.
    Mention,
}

/// The settings; all have defaults.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    /// Ids of our accounts; those for which X sends something are known without it.
    pub(crate) accounts: Vec<String>,
    /// Apps that are machines: by their id in direct messages, by their name at posts.
    pub(crate) bots: Vec<String>,
    /// Account (by its id) → queue.
    pub(crate) queues: BTreeMap<String, String>,
    /// What it is when somebody names us.
    pub(crate) mentions: Mentions,
    /// Quick replies whose metadata begins so are ratings: `rate:4/5`.
    pub(crate) rating_prefix: String,
    /// Best rating where the metadata does not say: `rate:4`.
    pub(crate) rating_scale: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            accounts: Vec::new(),
            bots: Vec::new(),
            queues: BTreeMap::new(),
            mentions: Mentions::Contact,
            rating_prefix: "rate:".into(),
            rating_scale: 5.0,
        }
    }
}

impl Settings {
    pub(crate) fn parse(config: &str) -> Result<Self, Failure> {
        let settings: Self = settings(config)?;
        if settings.rating_prefix.is_empty() {
            return Err(setting_error("/rating_prefix", "a word, such as \"rate:\""));
        }
        check_rating_scale(settings.rating_scale)?;
        if let Some(at) = settings.accounts.iter().position(|id| id.parse::<u64>().is_err()) {
            let why = "an account's number, such as \"2244994945\", not its name";
            return Err(setting_error(&format!("/accounts/{at}"), why));
        }
        Ok(settings)
    }

    /// Who writes for us through the app.
    pub(crate) fn author_of(&self, app: Option<&str>) -> Author {
        match app {
            Some(app) if self.bots.iter().any(|bot| bot == app) => Author::Bot,
            _ => Author::Agent,
        }
    }

    /// A rating in a quick reply's metadata.
    pub(crate) fn rating(&self, data: &str) -> Option<Rating> {
        Rating::by_button(data, &self.rating_prefix, self.rating_scale)
    }
}
