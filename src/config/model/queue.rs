//! What queues promise.

use std::collections::BTreeMap;
use std::time::Duration;

/// Rules by queue.
#[derive(Clone, Debug, Default)]
pub struct Queues {
    /// For queues without a section of their own.
    pub default: Queue,
    /// By queue name.
    pub named: BTreeMap<String, Queue>,
}

impl Queues {
    /// The rules that hold for a queue.
    pub fn rules(&self, queue: &str) -> &Queue {
        self.named.get(queue).unwrap_or(&self.default)
    }
}

/// Ids of the service-level formulas that a queue can choose.
pub const SERVICE_LEVELS: [&str; 6] = [
    "sl_offered",
    "sl_offered_net",
    "sl_short_positive",
    "sl_ignore",
    "sl_positive",
    "sl_answered",
];

/// One queue's promises.
#[derive(Clone, Debug, PartialEq)]
pub struct Queue {
    /// Shown on walls instead of the network's name.
    pub title: Option<String>,
    /// T for calls: answered within it is in time. Default 20 s.
    pub answer_threshold: Duration,
    /// T for written contacts: first human reply within it is in time. Default 15 min.
    pub reply_threshold: Duration,
    /// s: abandoned within it does not count in the `_net` formulas. Default 5 s.
    pub short_abandon: Duration,
    /// Formula id: `sl_offered`, `sl_offered_net`, … Default `sl_offered_net`.
    pub service_level: String,
    /// Share that must be in time, 0..1. Default 0.8.
    pub goal: f64,
    /// Conversations in writing that one agent leads at once, for staffing. Default 1.
    pub concurrency: u32,
    /// Agents who should be ready for its next contact while it is open; fewer are worth a look
    /// on walls. Default 0: any number will do.
    pub agents_required: u32,
    /// After-work whose end the network does not tell is over after so long. Default 30 min.
    pub wrap_up_max: Duration,
    /// The `[calendar.NAME]` by which it is open. Default none: always open.
    pub calendar: Option<String>,
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            title: None,
            answer_threshold: Duration::from_secs(20),
            reply_threshold: Duration::from_secs(15 * 60),
            short_abandon: Duration::from_secs(5),
            service_level: "sl_offered_net".to_owned(),
            goal: 0.8,
            concurrency: 1,
            agents_required: 0,
            wrap_up_max: Duration::from_secs(30 * 60),
            calendar: None,
        }
    }
}
