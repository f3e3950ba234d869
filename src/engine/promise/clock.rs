//! A clock: something that a customer waits for, since when, and when it was not ours to act.

use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use crate::config::model::Clock as PolicyClock;
use crate::engine::ids::{AgentId, QueueId};
use crate::engine::timers::NEVER;
use crate::event::{Millis, UnixMs};

/// Something that a customer waits for, as the contact's course shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Clock {
    pub(in crate::engine) kind: PolicyClock,
    pub(in crate::engine) queue: QueueId,
    pub(in crate::engine) agent: AgentId,
    pub(in crate::engine) start_ms: UnixMs,
    /// The contact had complained before it stopped.
    pub(in crate::engine) complains: bool,
    /// Times in which it was not ours to act, oldest first.
    pub(in crate::engine) pauses: Vec<(UnixMs, UnixMs)>,
    /// It is not ours to act since then.
    pub(in crate::engine) paused_ms: Option<UnixMs>,
    pub(in crate::engine) end: Option<End>,
}

/// Pauses of one clock; it runs through further ones.
const PAUSES_MAX: usize = 256;

/// How a clock stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) enum End {
    /// What was waited for came.
    Done(UnixMs),
    /// It need not come any more.
    Dropped(UnixMs),
}

impl Clock {
    pub(in crate::engine) fn new(kind: PolicyClock, queue: QueueId, start_ms: UnixMs) -> Self {
        let agent = crate::engine::ids::NO_AGENT;
        Clock {
            kind,
            queue,
            agent,
            start_ms,
            complains: false,
            pauses: Vec::new(),
            paused_ms: None,
            end: None,
        }
    }

    /// It is ours to act again: the pause, if there is one, is over.
    pub(in crate::engine) fn resume(&mut self, at_ms: UnixMs) {
        let pause = self.paused_ms.take().map(|paused_ms| (paused_ms, at_ms));
        if self.pauses.len() < PAUSES_MAX {
            self.pauses.extend(pause);
        }
    }

    /// When it will have run for `length_ms` of business time; none while it is paused.
    pub(super) fn runs_out_ms(&self, calendar: &Calendar, length_ms: Millis) -> Option<UnixMs> {
        if self.pauses.is_empty() && self.paused_ms.is_none() {
            return calendar.add_open_ms(self.start_ms, length_ms);
        }
        let (mut from_ms, mut left_ms) = (self.start_ms, length_ms);
        let open_end = self.paused_ms.map(|paused_ms| (paused_ms, NEVER));
        for (pause_ms, resume_ms) in self.pauses.iter().copied().chain(open_end) {
            let ran_ms = calendar.open_ms_between(from_ms, pause_ms);
            if ran_ms >= left_ms {
                break;
            }
            if resume_ms == NEVER {
                return None;
            }
            (from_ms, left_ms) = (resume_ms, left_ms - ran_ms);
        }
        calendar.add_open_ms(from_ms, left_ms)
    }
}
