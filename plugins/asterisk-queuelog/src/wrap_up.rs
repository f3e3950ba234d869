//! After-work, which Asterisk gives its agents and does not log.
//!
//! It ends when its time is over, by the log's clock or by a timer when the log is silent, or
//! when the agent takes the next call.

use serde::{Deserialize, Serialize};
use tablica_plugin::{Command, Event, Kind};

/// The timer that ends after-work while no line comes.
pub(crate) const TIMER: &str = "wrap-up";
/// Agents in after-work at once; over it the oldest is ended early.
const PENDING_MAX: usize = 10_000;
/// Lines that are old when they are read (a first start) would set timers in the past.
const DELAY_MS_MIN: u64 = 1_000;

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
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

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

    /// Wakes us for the next one.
    pub(crate) fn timer(&self, now_ms: u64) -> Vec<Command> {
        let next_ms = self.0.iter().map(|wrap_up| wrap_up.due_ms).min();
        next_ms
            .map(|due_ms| due_ms.saturating_sub(now_ms).max(DELAY_MS_MIN))
            .map(|delay_ms| Command::timer(TIMER, u32::try_from(delay_ms).unwrap_or(u32::MAX)))
            .into_iter()
            .collect()
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
