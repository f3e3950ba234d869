//! The parts of a trigger's default payload that count. What stands in them beside that is not read.

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use tablica_plugin::{Moment, time};

#[derive(Deserialize)]
pub(crate) struct Call {
    pub(crate) ticket: Ticket,
    /// An empty object, null or nothing when no article made the trigger fire.
    #[serde(default)]
    pub(crate) article: Option<Article>,
}

#[derive(Deserialize)]
pub(crate) struct Ticket {
    pub(crate) id: Option<u64>,
    #[serde(default)]
    pub(crate) article_ids: Option<Vec<u64>>,
    pub(crate) create_article_sender: Option<String>,
    pub(crate) create_article_type: Option<String>,
    #[serde(default)]
    pub(crate) created_at: When,
    #[serde(default)]
    pub(crate) updated_at: When,
    /// Its name; an object where the payload is customized.
    #[serde(default)]
    pub(crate) state: Value,
    #[serde(default)]
    pub(crate) pending_time: When,
    /// Its name, or an object with it.
    #[serde(default)]
    pub(crate) priority: Value,
    pub(crate) priority_id: Option<u64>,
    pub(crate) owner_id: Option<u64>,
    #[serde(default)]
    pub(crate) owner: Value,
    pub(crate) group_id: Option<u64>,
    #[serde(default)]
    pub(crate) group: Value,
    pub(crate) customer_id: Option<u64>,
    #[serde(default)]
    pub(crate) customer: Value,
    pub(crate) updated_by_id: Option<u64>,
    #[serde(default)]
    pub(crate) updated_by: Value,
}

#[derive(Deserialize)]
pub(crate) struct Article {
    pub(crate) id: Option<u64>,
    /// `Customer`, `Agent`, `System`: whose words they are, whoever typed them.
    pub(crate) sender: Option<String>,
    /// `email`, `phone`, `web`, `note`, `sms`, …
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
    pub(crate) internal: Option<bool>,
    pub(crate) body: Option<String>,
    pub(crate) content_type: Option<String>,
    #[serde(default)]
    pub(crate) created_at: When,
    pub(crate) created_by_id: Option<u64>,
}

/// A text in an object, or the value itself when it is a text.
pub(crate) fn text<'a>(value: &'a Value, field: &str) -> Option<&'a str> {
    let found = value.as_str().or_else(|| value.get(field)?.as_str());
    found.filter(|it| !it.trim().is_empty())
}

/// A time, RFC 3339.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct When(pub(crate) Moment);

impl When {
    /// Milliseconds; 0 when there is none.
    pub(crate) fn ms(&self) -> u64 {
        self.0.ms()
    }
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(from)?;
        let at = value.as_str().and_then(time::moment);
        Ok(Self(at.unwrap_or(Moment::None)))
    }
}
