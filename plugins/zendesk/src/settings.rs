//! What the operator can set in `[channel.NAME.settings]`.

use std::collections::BTreeMap;

use serde::Deserialize;
use tablica_plugin::{
    Failure, Setup, check_rating_scale, identity, pointer, setting_error, settings,
};

use crate::words::{Rating, Status};

/// The settings; all have defaults.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    /// Ids of users who are machines: integrations that write under an account of an agent.
    bots: Vec<Text>,
    /// Group id → the queue's name.
    groups: BTreeMap<String, String>,
    /// The webhook is subscribed to messaging events.
    pub(crate) messaging: bool,
    /// Tags that are topics.
    pub(crate) topics: Vec<String>,
    /// Best rating where a survey says only a number.
    pub(crate) rating_scale: f64,
    /// The account's words for states, in triggers: `{ "Otwarte" = "open" }`.
    statuses: BTreeMap<String, String>,
    /// The account's words for ratings, in triggers.
    ratings: BTreeMap<String, String>,
    /// Country of telephone numbers without `+`.
    pub(crate) country_code: Option<String>,
}

/// An id, with or without quotes.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Text {
    Word(String),
    Number(u64),
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            bots: Vec::new(),
            groups: BTreeMap::new(),
            messaging: true,
            topics: Vec::new(),
            rating_scale: 5.0,
            statuses: BTreeMap::new(),
            ratings: BTreeMap::new(),
            country_code: None,
        }
    }
}

impl Settings {
    pub(crate) fn parse(setup: &Setup) -> Result<Self, Failure> {
        let mut settings: Self = settings(&setup.settings)?;
        check_rating_scale(settings.rating_scale)?;
        for (theirs, ours) in &settings.statuses {
            if Status::read(ours).is_none() {
                let why = format!("{ours:?} is none of new, open, pending, hold, solved");
                return Err(setting_error(&pointer(["statuses", theirs]), why));
            }
        }
        for (theirs, ours) in &settings.ratings {
            if Rating::read(ours).is_none() {
                let why = format!("{ours:?} is none of good, bad, offered");
                return Err(setting_error(&pointer(["ratings", theirs]), why));
            }
        }
        settings.country_code =
            identity::country_code(settings.country_code, setup.country_code.as_deref())?;
        Ok(settings)
    }

    pub(crate) fn is_bot(&self, user: &str) -> bool {
        self.bots.iter().any(|bot| match bot {
            Text::Word(id) => id == user,
            Text::Number(id) => id.to_string() == user,
        })
    }

    /// The queue that a group is.
    pub(crate) fn queue(&self, group: String) -> String {
        self.groups.get(&group).cloned().unwrap_or(group)
    }

    pub(crate) fn status(&self, word: &str) -> Option<Status> {
        Status::read(self.statuses.get(word).map_or(word, String::as_str))
    }

    pub(crate) fn rating(&self, word: &str) -> Option<Rating> {
        Rating::read(self.ratings.get(word).map_or(word, String::as_str))
    }
}
