//! What is promised to customers beyond a queue's thresholds, and what contacts cost.

use std::time::Duration;

use crate::event::{Medium, Priority};

/// Policies that a config may have.
pub const POLICIES_MAX: usize = 64;

/// One promise: which contacts it is for, which clock runs and how long it may.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// Shown on walls instead of the name.
    pub title: Option<String>,
    /// Only contacts of these channels. Default (empty) all.
    pub channels: Vec<String>,
    /// Only contacts of these queues. Default (empty) all.
    pub queues: Vec<String>,
    /// Only contacts of these kinds. Default (empty) all.
    pub kinds: Vec<Medium>,
    /// Only contacts so urgent. Default (empty) all.
    pub priorities: Vec<Priority>,
    /// Only contacts that strangers can read, or only others. Default both.
    pub public: Option<bool>,
    /// Only contacts that complain. Default false.
    pub complaints: bool,
    /// What is measured.
    pub clock: Clock,
    /// From where on. Default the opening.
    pub from: PolicyFrom,
    /// How long it may take, in open time of the calendar.
    pub target: Duration,
    /// The `[calendar.NAME]` in whose open time the clock runs. Default none: always open.
    pub calendar: Option<String>,
    /// Share of the target after which a running clock is at risk. Default 0.75.
    pub warn: f64,
    /// Share of the clocks that must be met. Default 0.8.
    pub goal: f64,
}

/// A promise whose policy says nothing else is at risk after this share of its time.
pub const WARN_DEFAULT: f64 = 0.75;

/// What a policy measures.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Clock {
    /// From being queued to being taken by a human.
    Answer,
    /// From the customer's opening to the first public human reply.
    FirstResponse,
    /// From the first unanswered message to the reply.
    NextResponse,
    /// From the opening to the resolution.
    Resolution,
}

/// How the clocks are written.
pub const CLOCKS: [(&str, Clock); 4] = [
    ("answer", Clock::Answer),
    ("first_response", Clock::FirstResponse),
    ("next_response", Clock::NextResponse),
    ("resolution", Clock::Resolution),
];

/// From where on a policy's clock runs.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum PolicyFrom {
    /// From where the clock begins by itself, in whatever queue that was: what others used up of
    /// the target before the contact came is gone.
    #[default]
    Opening,
    /// From when the contact came to one of the policy's queues: the target is theirs alone.
    Arrival,
}

/// As in `from`.
pub const POLICY_FROMS: [(&str, PolicyFrom); 2] =
    [("opening", PolicyFrom::Opening), ("arrival", PolicyFrom::Arrival)];

/// What contacts cost; the amounts stand with the channels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Costs {
    /// In what, as shown beside amounts. Default `EUR`.
    pub currency: String,
}

impl Default for Costs {
    fn default() -> Self {
        Self { currency: "EUR".to_owned() }
    }
}
