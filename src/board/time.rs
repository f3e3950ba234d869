//! The hub's sense of time: its beat, and who tells it the time.

use std::time::Duration;

use crate::event::{Event, UnixMs};

/// Heartbeats, timers and observers of a server run this often.
pub const TICK: Duration = Duration::from_secs(1);

/// Tells the hub the time.
pub trait Clock: Send + Sync {
    /// Now. Never goes backwards.
    fn now_ms(&self) -> UnixMs;

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
