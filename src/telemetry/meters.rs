//! Handles that are found once and then used: for what happens thousands of times a second.

use std::collections::HashMap;
use std::time::Duration;

use metrics::{Counter, Histogram};

use super::names::{self, Metric};

/// A channel's hot counters; its actor owns one.
#[derive(Clone, Debug)]
pub struct ChannelMeters {
    events: Counter,
    plugin_call: Histogram,
}

impl ChannelMeters {
    /// For the channel of that name.
    pub fn new(channel: &str) -> Self {
        Self {
            events: names::EVENTS.counter(&[channel]),
            plugin_call: names::PLUGIN_CALL.histogram(&[channel]),
        }
    }

    /// So many events were taken in.
    pub fn events(&self, count: usize) {
        self.events.increment(count as u64);
    }

    /// The plugin was called.
    pub fn plugin_call(&self, elapsed: Duration) {
        self.plugin_call.record(elapsed);
    }
}

/// A board's hot counters; its screens share one.
#[derive(Clone, Debug)]
pub struct ScreenMeters {
    painted: Counter,
    lagged: Counter,
    paint: Histogram,
}

impl ScreenMeters {
    /// For the board of that name.
    pub fn new(board: &str) -> Self {
        Self {
            painted: names::SCREEN_PAINTED.counter(&[board]),
            lagged: names::SCREEN_LAGGED.counter(&[board]),
            paint: names::SCREEN_PAINT.histogram(&[board]),
        }
    }

    /// A screen says that it has painted a picture that was made so long ago.
    pub fn painted(&self, since_made: Duration) {
        self.painted.increment(1);
        self.paint.record(since_made);
    }

    /// A screen was too slow for a delta and gets the newest state.
    pub fn lagged(&self) {
        self.lagged.increment(1);
    }
}

/// Waits by queue; whoever folds the events owns one. Not to be fed while replaying.
#[derive(Debug, Default)]
pub struct WaitMeters {
    answer: HashMap<String, Histogram>,
    first_response: HashMap<String, Histogram>,
}

impl WaitMeters {
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
