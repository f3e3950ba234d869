//! The parts of Rocket.Chat's calls that count. What stands in them beside that is not read.

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use tablica_plugin::{Moment, identity, time};

/// A call. Which fields are there depends on its type.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Call {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// The room.
    #[serde(rename = "_id")]
    pub(crate) id: Option<String>,
    #[serde(default)]
    pub(crate) created_at: When,
    #[serde(default)]
    pub(crate) last_message_at: When,
    pub(crate) visitor: Option<Visitor>,
    pub(crate) agent: Option<Agent>,
    #[serde(default)]
    pub(crate) tags: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) messages: Option<Vec<Message>>,
    pub(crate) department_id: Option<String>,
    pub(crate) served_by: Option<ServedBy>,
    pub(crate) old_served_by: Option<ServedBy>,
    pub(crate) old_department_id: Option<String>,
    #[serde(default)]
    pub(crate) closed_at: When,
    pub(crate) closed_by: Option<ServedBy>,
    /// `user` or `visitor`.
    pub(crate) closer: Option<String>,
    /// Of an offline message.
    #[serde(default)]
    pub(crate) sent_at: When,
    pub(crate) message: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Visitor {
    #[serde(rename = "_id")]
    pub(crate) id: Option<String>,
    pub(crate) username: Option<String>,
    /// A text, or a list of objects, by version.
    #[serde(default)]
    email: Value,
    #[serde(default)]
    phone: Value,
    pub(crate) department: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Agent {
    pub(crate) username: Option<String>,
    pub(crate) name: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct ServedBy {
    pub(crate) username: Option<String>,
    #[serde(default)]
    pub(crate) ts: When,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Message {
    #[serde(rename = "_id")]
    pub(crate) id: Option<String>,
    pub(crate) username: Option<String>,
    /// Visitors have none.
    pub(crate) agent_id: Option<String>,
    pub(crate) msg: Option<String>,
    #[serde(default)]
    pub(crate) ts: When,
    #[serde(default)]
    pub(crate) edited_at: When,
    /// The comment with which a chat was closed: nobody sees it as a message.
    pub(crate) closing_message: Option<bool>,
    /// A page that the visitor went to.
    pub(crate) navigation: Option<Value>,
}

impl Visitor {
    /// Identifiers, the workspace's own first.
    pub(crate) fn identifiers(&self, country_code: Option<&str>) -> Vec<String> {
        let mut all = Vec::new();
        let id = self.id.as_deref().filter(|it| !it.is_empty());
        all.extend(id.map(|id| format!("rocketchat:{id}")));
        let phones = texts(&self.phone, "phoneNumber").into_iter();
        all.extend(phones.filter_map(|raw| identity::phone(raw, country_code)));
        all.extend(texts(&self.email, "address").into_iter().filter_map(identity::mail));
        all
    }
}

/// A text alone, a list of texts, or a list of objects with it.
fn texts<'a>(value: &'a Value, field: &str) -> Vec<&'a str> {
    let of = |one: &'a Value| one.as_str().or_else(|| one.get(field)?.as_str());
    match value {
        Value::Array(list) => list.iter().filter_map(of).collect(),
        one => of(one).into_iter().collect(),
    }
}

/// A time: RFC 3339, milliseconds, or either of them as MongoDB wraps it, `{"$date": …}`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct When(pub(crate) Moment);

impl When {
    pub(crate) fn of(value: &Value) -> Self {
        let value = value.get("$date").unwrap_or(value);
        Self(match value {
            Value::String(text) => time::moment(text).unwrap_or(Moment::None),
            Value::Number(number) => Moment::from(number.as_u64().unwrap_or_default()),
            _ => Moment::None,
        })
    }

    /// Milliseconds, to tell one thing from another; 0 when there is none.
    pub(crate) fn ms(&self) -> u64 {
        self.0.ms()
    }

    pub(crate) fn is_none(&self) -> bool {
        self.0 == Moment::None
    }
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Value::deserialize(from).map(|value| Self::of(&value))
    }
}
