//! The parts of Discourse's webhooks that are read. Everything else is passed over, so that new fields cannot
//! break anything.

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Map, Value};
use tablica_plugin::{Failure, bad_input, unsupported};

/// Post types.
pub(crate) const REGULAR: u64 = 1;
pub(crate) const WHISPER: u64 = 4;

/// One thing, under the name of its type.
#[derive(Deserialize)]
pub(crate) struct Body {
    /// Sent when somebody tries the webhook.
    pub(crate) ping: Option<IgnoredAny>,
    #[serde(flatten)]
    things: Map<String, Value>,
}

impl Body {
    /// The thing of that type.
    pub(crate) fn need<T: DeserializeOwned>(&self, name: &str) -> Result<T, Failure> {
        let Some(thing) = self.things.get(name) else {
            return Err(unsupported(format!("there is no {name} in it, as its header says")));
        };
        T::deserialize(thing).map_err(|error| bad_input(format!("/{name}: {error}")))
    }
}

#[derive(Deserialize)]
pub(crate) struct Post {
    pub(crate) id: u64,
    pub(crate) topic_id: u64,
    /// 1 begins the topic.
    pub(crate) post_number: u64,
    pub(crate) post_type: u64,
    /// Below 0: the forum's own machines. None when the account was deleted.
    pub(crate) user_id: Option<i64>,
    pub(crate) username: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) primary_group_name: Option<String>,
    pub(crate) staff: Option<bool>,
    pub(crate) moderator: Option<bool>,
    pub(crate) admin: Option<bool>,
    pub(crate) created_at: Option<String>,
    pub(crate) updated_at: Option<String>,
    /// As it was written.
    pub(crate) raw: Option<String>,
    /// None of a message.
    pub(crate) category_id: Option<u64>,
    pub(crate) category_slug: Option<String>,
    /// `regular`, or `private_message`.
    pub(crate) topic_archetype: Option<String>,
    /// Its author took it back.
    pub(crate) user_deleted: Option<bool>,
    pub(crate) deleted_at: Option<String>,
    pub(crate) deleted_by: Option<Person>,
}

impl Post {
    pub(crate) fn is_private(&self) -> bool {
        self.topic_archetype.as_deref() == Some("private_message")
    }
}

#[derive(Deserialize)]
pub(crate) struct Person {
    pub(crate) id: i64,
}

#[derive(Deserialize)]
pub(crate) struct Topic {
    pub(crate) id: u64,
    pub(crate) category_id: Option<u64>,
    pub(crate) archetype: Option<String>,
    pub(crate) closed: Option<bool>,
    pub(crate) archived: Option<bool>,
    pub(crate) created_by: Option<Person>,
}

/// Of the plugin Assign.
#[derive(Deserialize)]
pub(crate) struct Assignment {
    pub(crate) topic_id: u64,
    pub(crate) assigned_to_username: Option<String>,
    pub(crate) assigned_to_group_name: Option<String>,
}
