//! Whose contacts a number is of.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::event::{Medium, Priority};

/// Which contacts are counted. `None` means all.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
#[serde(default, deny_unknown_fields)]
pub struct Selector {
    /// One channel only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// One queue only; "" for contacts of which the network names no queue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    /// One agent only, by the name that the network gives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// Contacts of one kind only: calls, chats, mails.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Medium>,
    /// Contacts of one priority only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// Public contacts only, or private ones only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public: Option<bool>,
    /// Contacts about one topic only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// What one policy promises.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// Ratings of one dimension only: clear, easy, correct, fast.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dimension: Option<String>,
}

/// A selector's key or value that makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SelectorError {
    /// There is no such key.
    #[error("contacts cannot be selected by \"{0}\": by {keys}", keys = Selector::KEYS.join(", "))]
    UnknownKey(String),
    /// The key takes one of a few words.
    #[error("\"{value}\" is no {key}: one of {}", words.join(", "))]
    UnknownWord {
        /// The key.
        key: &'static str,
        /// What was given.
        value: String,
        /// What can be given.
        words: Vec<&'static str>,
    },
}

impl Selector {
    /// What contacts can be selected by, in API, board files and scripts alike.
    pub const KEYS: [&'static str; 9] =
        ["channel", "queue", "agent", "kind", "priority", "public", "topic", "policy", "dimension"];

    /// Selects by one key, in words.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), SelectorError> {
        let name = Some(value.to_owned());
        match key {
            "channel" => self.channel = name,
            "queue" => self.queue = name,
            "agent" => self.agent = name,
            "topic" => self.topic = name,
            "policy" => self.policy = name,
            "dimension" => self.dimension = name,
            "kind" => {
                let words = || Medium::ALL.map(Medium::word).to_vec();
                let kind = Medium::from_word(value);
                self.kind = Some(kind.ok_or_else(|| unknown("kind", value, words()))?);
            }
            "priority" => {
                let words = || Priority::ALL.map(Priority::word).to_vec();
                let priority = Priority::from_word(value);
                self.priority = Some(priority.ok_or_else(|| unknown("priority", value, words()))?);
            }
            "public" => {
                self.public = match value {
                    "true" => Some(true),
                    "false" => Some(false),
                    _ => return Err(unknown("public", value, vec!["true", "false"])),
                }
            }
            _ => return Err(SelectorError::UnknownKey(key.to_owned())),
        }
        Ok(())
    }

    /// Something is selected by that key.
    pub fn names(&self, key: &str) -> bool {
        match key {
            "channel" => self.channel.is_some(),
            "queue" => self.queue.is_some(),
            "agent" => self.agent.is_some(),
            "kind" => self.kind.is_some(),
            "priority" => self.priority.is_some(),
            "public" => self.public.is_some(),
            "topic" => self.topic.is_some(),
            "policy" => self.policy.is_some(),
            "dimension" => self.dimension.is_some(),
            _ => false,
        }
    }

    /// What is selected, key by key, in words.
    pub fn words(&self) -> Vec<(&'static str, String)> {
        let values = [
            self.channel.clone(),
            self.queue.clone(),
            self.agent.clone(),
            self.kind.map(|kind| kind.word().to_owned()),
            self.priority.map(|priority| priority.word().to_owned()),
            self.public.map(|public| public.to_string()),
            self.topic.clone(),
            self.policy.clone(),
            self.dimension.clone(),
        ];
        let named = Self::KEYS.into_iter().zip(values);
        named.filter_map(|(key, value)| Some((key, value?))).collect()
    }

    /// One queue, on all channels.
    pub fn queue(name: impl Into<String>) -> Self {
        Selector { queue: Some(name.into()), ..Selector::default() }
    }

    /// One channel, all its queues.
    pub fn channel(name: impl Into<String>) -> Self {
        Selector { channel: Some(name.into()), ..Selector::default() }
    }
}

fn unknown(key: &'static str, value: &str, words: Vec<&'static str>) -> SelectorError {
    SelectorError::UnknownWord { key, value: value.to_owned(), words }
}
