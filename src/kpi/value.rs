//! A number as it leaves the engine: never without its receipt and its coverage.

use serde::Serialize;
use utoipa::ToSchema;

use super::KpiId;
use crate::event::UnixMs;
use crate::scope::{Coverage, Selector, Window};

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
    /// Whom it is about, where it is one's of many: the queue of who waits longest.
    #[serde(skip)]
    pub about: Option<Of>,
    /// Those it is of, each beside what was promised of it alone. A pooled number is judged by
    /// them: 85 % of all promises hide a policy that keeps none.
    #[serde(skip)]
    pub parts: Vec<Part>,
}

/// Of whom a part is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Of {
    /// A queue, by name; "" for contacts of which the network names none.
    Queue(String),
    /// A policy, by name.
    Policy(String),
}

/// One queue's or policy's part of a number.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Whose.
    pub of: Of,
    /// What is compared.
    pub yardstick: Yardstick,
    /// What there is.
    pub number: f64,
    /// What was promised, in the same unit.
    pub promised: f64,
    /// How many contacts stand behind it, where few of them say little.
    pub volume: Option<i64>,
}

/// What a part's number is, and by which measure it is late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Yardstick {
    /// A share of promises kept, against its goal.
    Share,
    /// How long it took in the middle, in seconds, against the threshold.
    Average,
    /// How long a caller has waited by now, in seconds of open time, against `answer_threshold`.
    Caller,
    /// How long somebody who wrote has, against `reply_threshold`.
    Message,
    /// How long a promise may still wait, in seconds, against where its policy begins to warn.
    Left,
    /// How many agents are ready, against `agents_required`.
    Ready,
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
    /// Where the definition can be read, with its origin: "docs/kpis.md#sl_offered".
    pub source: String,
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
    /// The first moment that was counted.
    #[schema(value_type = i64)]
    pub from_ms: UnixMs,
    /// The last one: the moment of computing, or the end of what is over by then.
    #[schema(value_type = i64)]
    pub to_ms: UnixMs,
    /// The zone in which the day is counted.
    pub time_zone: String,
}
