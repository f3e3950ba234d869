//! A number as it leaves the engine: never without its receipt and its coverage.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::KpiId;
use crate::event::{Medium, Priority, UnixMs};

/// What a number is counted in. Decides how it is written on the wall and what Prometheus
/// calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// 0..1; shown as per cent.
    Ratio,
    /// Seconds.
    Seconds,
    /// Contacts, agents, messages.
    Count,
    /// A plain number with two decimals: CSI, standard deviations.
    Number,
    /// −100 to 100: NPS.
    Points,
    /// An amount in the currency of `[costs]`.
    Money,
}

impl Unit {
    /// As it is written behind a figure.
    pub fn symbol(self) -> &'static str {
        match self {
            Unit::Ratio => "%",
            Unit::Seconds => "s",
            Unit::Count => "count",
            Unit::Number => "number",
            Unit::Points => "points",
            Unit::Money => "money",
        }
    }
}

/// Whether more is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// Service level.
    Higher,
    /// Waiting time.
    Lower,
    /// Volumes: neither.
    Neither,
}

/// The figure, or why there is none. "No data" is never 0 and never 100.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
#[serde(tag = "state", content = "value", rename_all = "snake_case")]
pub enum Figure {
    /// The figure, in the KPI's unit.
    Number(f64),
    /// Nothing has been counted yet: the denominator is zero.
    NoData,
    /// It makes no sense here (abandonment of e-mails).
    NotApplicable,
    /// It is one person's, of too few contacts to be fair to them.
    Concealed,
}

/// The span a number is over.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    serde::Deserialize,
    ToSchema,
)]
pub enum Window {
    /// The state at this moment.
    #[serde(rename = "now")]
    Now,
    /// The last 5 minutes, sliding.
    #[serde(rename = "5m")]
    Min5,
    /// The last 15 minutes, sliding.
    #[serde(rename = "15m")]
    Min15,
    /// The last 30 minutes, sliding.
    #[serde(rename = "30m")]
    Min30,
    /// The last 60 minutes, sliding.
    #[serde(rename = "60m")]
    Min60,
    /// Since the site's day began.
    #[serde(rename = "today")]
    Today,
    /// Since the shift under way began.
    #[serde(rename = "shift")]
    Shift,
    /// The last 24 hours, in whole quarters of an hour and what has passed of this one.
    #[serde(rename = "24h")]
    Hours24,
    /// The site's last whole day.
    #[serde(rename = "yesterday")]
    Yesterday,
}

impl Window {
    /// All of them, shortest first.
    pub const ALL: [Window; 9] = [
        Window::Now,
        Window::Min5,
        Window::Min15,
        Window::Min30,
        Window::Min60,
        Window::Today,
        Window::Shift,
        Window::Hours24,
        Window::Yesterday,
    ];

    /// The last minutes, whatever the time of day.
    pub fn is_sliding(self) -> bool {
        matches!(self, Window::Min5 | Window::Min15 | Window::Min30 | Window::Min60)
    }

    /// As written in board files, the API and metric labels.
    pub fn id(self) -> &'static str {
        match self {
            Window::Now => "now",
            Window::Min5 => "5m",
            Window::Min15 => "15m",
            Window::Min30 => "30m",
            Window::Min60 => "60m",
            Window::Today => "today",
            Window::Shift => "shift",
            Window::Hours24 => "24h",
            Window::Yesterday => "yesterday",
        }
    }

    /// The window of that id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|window| window.id() == id)
    }
}

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

/// A number with everything needed to believe it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = KpiValue)]
pub struct Value {
    /// The KPI's id in the registry.
    #[schema(value_type = KpiId)]
    pub kpi: &'static str,
    /// What it is counted in.
    pub unit: Unit,
    /// Which contacts.
    pub selector: Selector,
    /// The number.
    pub figure: Figure,
    /// How it was made.
    pub receipt: Receipt,
    /// From which channels, and how fresh each is.
    pub coverage: Coverage,
}

/// How a number was made.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Receipt {
    /// One sentence for a team lead: "833 of 1,017 calls were answered within 20 s …".
    pub sentence: String,
    /// The formula's id (`sl_offered_net`), which is also the KPI's unless a queue chooses.
    pub formula: &'static str,
    /// The formula in words: "answered within T / (offered − abandoned within s)".
    pub expression: &'static str,
    /// Where the definition comes from.
    pub source: &'static str,
    /// The counts that went in, by their names in the formula.
    pub counts: Vec<Count>,
    /// The thresholds that went in, in milliseconds, by name (`answer_threshold`).
    pub thresholds_ms: Vec<Count>,
    /// The span.
    pub window: WindowSpan,
    /// The formula's other variants on the same counts, where it has any: id and figure.
    pub variants: Vec<Variant>,
}

/// A named count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Count {
    /// As in the formula.
    pub name: &'static str,
    /// How many.
    pub value: i64,
}

/// The same counts by another formula.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Variant {
    /// The formula's id.
    pub formula: &'static str,
    /// What it would have said.
    pub figure: Figure,
}

/// From when to when, and by whose clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WindowSpan {
    /// Which window.
    pub window: Window,
    /// Its first moment.
    #[schema(value_type = i64)]
    pub from_ms: UnixMs,
    /// The moment of computing.
    #[schema(value_type = i64)]
    pub to_ms: UnixMs,
    /// The zone in which the day is counted.
    pub time_zone: String,
}

/// Which channels feed a number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Coverage {
    /// One entry for each channel that the selector covers, by name.
    pub channels: Vec<ChannelCoverage>,
}

impl Coverage {
    /// Every feed is live.
    pub fn is_complete(&self) -> bool {
        self.channels.iter().all(|channel| channel.feed == FeedHealth::Live)
    }
}

/// One channel's freshness.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChannelCoverage {
    /// The channel's name in the config.
    pub channel: String,
    /// Its last event, if there was one.
    #[schema(value_type = Option<i64>)]
    pub last_event_ms: Option<UnixMs>,
    /// Whether its feed can be trusted.
    pub feed: FeedHealth,
}

/// Whether a feed can be trusted now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FeedHealth {
    /// Events come.
    Live,
    /// Nothing for longer than `late_after`, or the plugin is restarting, or a gap is known.
    Late,
    /// Nothing for longer than `silent_after`, or the feed is down.
    Silent,
    /// Never an event.
    NoData,
}
