//! After-work, which Asterisk gives its agents and does not log.
//!
//! It ends when its time is over, by the log's clock or by a timer when the log is silent, or
//! when the agent takes the next call.

use serde::{Deserialize, Serialize};
use tablica_plugin::{Event, Kind};

/// Agents in after-work at once; over it the oldest is ended early.
const PENDING_MAX: usize = 10_000;

/// Agents in after-work, in the order in which they began.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct WrapUps(Vec<WrapUp>);

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct WrapUp {
    pub(crate) id: String,
    pub(crate) call: String,
    pub(crate) queue: Option<String>,
    pub(crate) agent: Option<String>,
    pub(crate) due_ms: u64,
}

impl WrapUps {
    /// Begins one. What no longer fits comes back as ended.
    pub(crate) fn begin(&mut self, wrap_up: WrapUp) -> Option<Event> {
        self.0.push(wrap_up);
        (self.0.len() > PENDING_MAX).then(|| self.0.remove(0).end(u64::MAX))
    }

    /// Those whose time is over.
    pub(crate) fn due(&mut self, now_ms: u64) -> Vec<Event> {
        if self.0.iter().all(|wrap_up| wrap_up.due_ms > now_ms) {
            return Vec::new();
        }
        self.end(now_ms, |wrap_up| wrap_up.due_ms <= now_ms)
    }

    /// The agent takes a call: after-work is over, whatever was left of it.
    pub(crate) fn cut_short(&mut self, agent: &str, now_ms: u64) -> Vec<Event> {
        self.end(now_ms, |wrap_up| wrap_up.agent.as_deref() == Some(agent))
    }

    fn end(&mut self, now_ms: u64, over: impl Fn(&WrapUp) -> bool) -> Vec<Event> {
        self.0.extract_if(.., |wrap_up| over(wrap_up)).map(|over| over.end(now_ms)).collect()
    }

    /// When the next one is over.
    pub(crate) fn due_ms(&self) -> Option<u64> {
        self.0.iter().map(|wrap_up| wrap_up.due_ms).min()
    }
}

impl WrapUp {
    fn end(self, now_ms: u64) -> Event {
        let mut event = Event::new(self.id, self.due_ms.min(now_ms), Kind::WrappedUp).on(self.call);
        event.queue = self.queue;
        event.agent = self.agent;
        event
    }
}
