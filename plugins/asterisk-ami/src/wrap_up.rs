//! After-work, which Asterisk gives its agents and does not tell.
//!
//! It ends by a timer, or when the agent takes the next call.

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
    pub(crate) queue: String,
    pub(crate) agent: Option<String>,
    pub(crate) ends_ms: u64,
}

impl WrapUps {
    /// Begins one. What no longer fits comes back as ended.
    pub(crate) fn begin(&mut self, wrap_up: WrapUp) -> Option<Event> {
        self.0.push(wrap_up);
        (self.0.len() > PENDING_MAX).then(|| self.0.remove(0).end(u64::MAX))
    }

    /// Those whose time is over.
    pub(crate) fn due(&mut self, now_ms: u64) -> Vec<Event> {
        let over = |wrap_up: &mut WrapUp| wrap_up.ends_ms <= now_ms;
        self.0.extract_if(.., over).map(|wrap_up| wrap_up.end(u64::MAX)).collect()
    }

    /// The agent takes a call: after-work is over, whatever was left of it.
    pub(crate) fn cut_short(&mut self, agent: &str, at_ms: u64) -> Vec<Event> {
        let theirs = |wrap_up: &mut WrapUp| wrap_up.agent.as_deref() == Some(agent);
        self.0.extract_if(.., theirs).map(|wrap_up| wrap_up.end(at_ms)).collect()
    }

    /// When the next one is over.
    pub(crate) fn due_ms(&self) -> Option<u64> {
        self.0.iter().map(|wrap_up| wrap_up.ends_ms).min()
    }
}

impl WrapUp {
    fn end(self, at_ms: u64) -> Event {
        let event = Event::new(self.id, self.ends_ms.min(at_ms), Kind::WrappedUp);
        let event = event.on(self.call).queue(self.queue);
        match self.agent {
            Some(agent) => event.agent(agent),
            None => event,
        }
    }
}
