//! What the operator can set in `[channel.NAME.settings]`.

use std::collections::BTreeMap;

use serde::Deserialize;
use tablica_plugin::{AgentStatus, Author, Failure, Setup, identity, setting_error, settings};

use crate::address;

/// Who writes what goes out through Twilio.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Replies {
    Agent,
    Bot,
}

/// The settings; all have defaults.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    /// Names of addresses and identities: `"client:anna" = "Anna Lis"`.
    pub(crate) agents: BTreeMap<String, String>,
    /// Teams by our numbers, where TaskRouter names none.
    pub(crate) queues: BTreeMap<String, String>,
    /// Our messages are counted by their status callbacks, as written by these.
    pub(crate) replies: Option<Replies>,
    /// Activities of workers, in any case.
    pub(crate) available: Vec<String>,
    pub(crate) after_work: Vec<String>,
    pub(crate) offline: Vec<String>,
    /// Of numbers without a `+`.
    pub(crate) country_code: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Self {
            agents: BTreeMap::new(),
            queues: BTreeMap::new(),
            replies: None,
            available: words(&["Available", "Idle"]),
            after_work: words(&["Wrap Up", "Wrap-up", "WrapUp", "After Call Work"]),
            offline: words(&["Offline", "Logged Out"]),
            country_code: None,
        }
    }
}

/// Activities that TaskRouter itself gives a worker with a task: the contact tells them.
const BY_TASKS: [&str; 2] = ["busy", "reserved"];

impl Settings {
    pub(crate) fn parse(setup: &Setup) -> Result<Self, Failure> {
        let mut settings: Self = settings(&setup.settings)?;
        settings.country_code =
            identity::country_code(settings.country_code, setup.country_code.as_deref())?;
        let activities = [
            ("/available", &settings.available),
            ("/after_work", &settings.after_work),
            ("/offline", &settings.offline),
        ];
        for (place, (key, words)) in activities.iter().enumerate() {
            let earlier = activities.iter().take(place);
            let mut known = earlier.flat_map(|(_, words)| words.iter());
            if let Some(word) = words.iter().find(|word| known.any(|it| is(it, word))) {
                return Err(setting_error(key, format!("{word:?} stands in another list, too")));
            }
        }
        Ok(settings)
    }

    /// What an activity makes of a worker; with the reason of a pause.
    pub(crate) fn activity(&self, name: &str) -> Option<(AgentStatus, Option<String>)> {
        let stands_in = |words: &[String]| words.iter().any(|word| is(word, name));
        if stands_in(&self.available) {
            Some((AgentStatus::Available, None))
        } else if stands_in(&self.after_work) {
            Some((AgentStatus::AfterWork, None))
        } else if stands_in(&self.offline) {
            Some((AgentStatus::Offline, None))
        } else if BY_TASKS.iter().any(|word| is(word, name)) {
            None
        } else {
            Some((AgentStatus::Paused, Some(name.to_owned())))
        }
    }

    /// The team of the first of these numbers that has one.
    pub(crate) fn queue<'a>(
        &self,
        ours: impl IntoIterator<Item = Option<&'a str>>,
    ) -> Option<String> {
        ours.into_iter().flatten().find_map(|number| self.queues.get(number).cloned())
    }

    /// The name of whoever has that address. A telephone number is no name.
    pub(crate) fn agent(&self, address: &str) -> Option<String> {
        let named = self.agents.get(address);
        let name = address::phone_name(address);
        let named = named.or_else(|| self.agents.get(name?));
        named.cloned().or_else(|| name.map(str::to_owned))
    }

    /// Who writes our messages, where that is said.
    pub(crate) fn writer(&self) -> Option<Author> {
        self.replies.map(|replies| match replies {
            Replies::Agent => Author::Agent,
            Replies::Bot => Author::Bot,
        })
    }
}

fn is(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}
