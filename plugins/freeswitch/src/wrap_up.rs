//! After-work: mod_callcenter gives an agent no call for `wrap_up_time` after a call, and says nothing
//! when that is over. The list of agents tells how long it is.

use serde::{Deserialize, Serialize};
use tablica_plugin::{Event, Kind};

/// More agents in after-work at once than a center has; of further ones it ends at once.
const WRAP_UPS_MAX: usize = 2_000;

/// One agent's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct WrapUp {
    pub(crate) id: String,
    pub(crate) call: String,
    pub(crate) queue: Option<String>,
    pub(crate) agent: Option<String>,
    pub(crate) due_ms: u64,
}

impl WrapUp {
    fn over(self, at_ms: u64) -> Event {
        let mut event = Event::new(self.id, at_ms.min(self.due_ms), Kind::WrappedUp).on(self.call);
        (event.queue, event.agent) = (self.queue, self.agent);
        event
    }
}

/// All that are under way.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct WrapUps(Vec<WrapUp>);

impl WrapUps {
    /// It begins, unless there are too many.
    pub(crate) fn begin(&mut self, wrap_up: WrapUp) -> Option<Event> {
        if self.0.len() < WRAP_UPS_MAX {
            self.0.push(wrap_up);
            return None;
        }
        let due_ms = wrap_up.due_ms;
        Some(wrap_up.over(due_ms))
    }

    /// The agent talks again.
    pub(crate) fn cut_short(&mut self, agent: &str, at: Option<u64>) -> Vec<Event> {
        self.take(|it| it.agent.as_deref() == Some(agent), at.unwrap_or(u64::MAX))
    }

    /// Those that are over by then.
    pub(crate) fn due(&mut self, now_ms: u64) -> Vec<Event> {
        self.take(|it| it.due_ms <= now_ms, u64::MAX)
    }

    /// When the next one is over.
    pub(crate) fn due_ms(&self) -> Option<u64> {
        self.0.iter().map(|it| it.due_ms).min()
    }

    fn take(&mut self, is_it: impl Fn(&WrapUp) -> bool, at_ms: u64) -> Vec<Event> {
        let mut over: Vec<WrapUp> = self.0.extract_if(.., |it| is_it(it)).collect();
        over.sort_by_key(|it| it.due_ms);
        over.into_iter().map(|it| it.over(at_ms)).collect()
    }
}
