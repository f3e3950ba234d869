//! The hub's sense of time: its beat, and who tells it the time.

use std::time::Duration;

use crate::event::{Event, Millis, UnixMs};

/// Heartbeats, timers and observers of a server run this often.
pub const TICK: Duration = Duration::from_secs(1);

/// Tells the hub the time.
pub trait Clock: Send + Sync {
    /// Now. Goes backwards by seconds at most, unless [`Clock::set`] says that it was set.
    fn now_ms(&self) -> UnixMs;

    /// How far the machine's clock is from the time that counts, while a jump is not followed.
    fn held_by_ms(&self) -> Option<Millis> {
        None
    }

    /// How often the clock was set by more than that: what was counted by it is counted anew.
    fn set(&self) -> u64 {
        0
    }

    /// The moment at which an event that was just handed over is counted: now, unless the past
    /// is shown again.
    fn counted_ms(&self, event: &Event, now_ms: UnixMs) -> UnixMs {
        let _ = event;
        now_ms
    }
}

impl Clock for fn() -> UnixMs {
    fn now_ms(&self) -> UnixMs {
        self()
    }
}
