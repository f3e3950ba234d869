//! Asterisk's clock, by which everything here goes.
//!
//! Events may come late, all at once, or from a recording: what they mean follows from their own
//! times alone. The host's clock only says for how long nothing has come.

use serde::{Deserialize, Serialize};

/// Nothing has come for so long beyond the time at which something is decided: it will not come.
const SILENT_MS: u64 = 1_000;
/// Messages of several threads are not quite in order. Over it, the clock was set back.
const SET_BACK_MS: u64 = 60_000;

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Clock {
    /// Events have times of their own.
    stamped: bool,
    /// The latest event's time, and, by the host's clock, when it came.
    event_ms: u64,
    came_ms: u64,
    /// When Asterisk last answered a ping.
    answered_ms: u64,
}

impl Clock {
    /// What it shows when the host's shows that.
    pub(crate) fn now_ms(&self, host_ms: u64) -> u64 {
        match self.stamped {
            true => self.event_ms.saturating_add(host_ms.saturating_sub(self.came_ms)),
            false => host_ms,
        }
    }

    /// An event with a time, or, where none has one, without. What Asterisk lists has none either way,
    /// and says nothing of the clock. Returns the time up to which everything is decided.
    pub(crate) fn event(&mut self, stamp_ms: Option<u64>, host_ms: u64) -> Option<u64> {
        let at_ms = match stamp_ms {
            Some(at_ms) => at_ms,
            None if self.stamped => return None,
            None => host_ms,
        };
        let is_first =
            stamp_ms.is_some() && !std::mem::replace(&mut self.stamped, stamp_ms.is_some());
        let is_set_back = at_ms.saturating_add(SET_BACK_MS) < self.event_ms;
        if is_first || is_set_back {
            self.answered_ms = 0;
        }
        if is_first || is_set_back || at_ms >= self.event_ms {
            (self.event_ms, self.came_ms) = (at_ms, host_ms);
        }
        Some(if is_set_back && !is_first { u64::MAX } else { at_ms })
    }

    /// A ping was answered: until now it ran.
    pub(crate) fn answered(&mut self, host_ms: u64) {
        self.answered_ms = self.now_ms(host_ms);
    }

    /// When it was last heard.
    pub(crate) fn last_ms(&self) -> u64 {
        self.event_ms.max(self.answered_ms)
    }

    /// The latest event's time.
    pub(crate) fn event_ms(&self) -> u64 {
        self.event_ms
    }

    /// The time up to which nothing more comes.
    pub(crate) fn silent_ms(&self, host_ms: u64) -> u64 {
        self.now_ms(host_ms).saturating_sub(SILENT_MS)
    }

    /// How long to wait until that time is silent.
    pub(crate) fn until_ms(&self, due_ms: u64, host_ms: u64) -> u32 {
        let after_ms = due_ms.saturating_sub(self.silent_ms(host_ms));
        u32::try_from(after_ms).unwrap_or(u32::MAX).max(1)
    }
}
