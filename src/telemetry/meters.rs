//! Handles that are found once and then used: for what happens thousands of times a second.

use std::collections::HashMap;

use metrics::Histogram;

use super::names::{self, Metric};

/// Waits by queue; whoever folds the events owns one. Not to be fed while replaying.
#[derive(Debug, Default)]
pub struct WaitMeters {
    answer: HashMap<String, Histogram>,
    first_response: HashMap<String, Histogram>,
}

impl WaitMeters {
    /// With those of queues that are known already, which nobody has waited in yet.
    pub fn of<'a>(queues: impl IntoIterator<Item = &'a str>) -> Self {
        let mut meters = Self::default();
        for queue in queues {
            handle(&mut meters.answer, &names::ANSWER_WAIT, queue);
            handle(&mut meters.first_response, &names::FIRST_RESPONSE, queue);
        }
        meters
    }

    /// A call was answered.
    pub fn answered(&mut self, queue: &str, wait_seconds: f64) {
        handle(&mut self.answer, &names::ANSWER_WAIT, queue).record(wait_seconds);
    }

    /// A written contact got its first human reply.
    pub fn replied(&mut self, queue: &str, seconds: f64) {
        handle(&mut self.first_response, &names::FIRST_RESPONSE, queue).record(seconds);
    }
}

fn handle<'a>(
    known: &'a mut HashMap<String, Histogram>,
    metric: &Metric,
    queue: &str,
) -> &'a Histogram {
    if !known.contains_key(queue) {
        known.insert(queue.to_owned(), metric.histogram(&[queue]));
    }
    &known[queue]
}
