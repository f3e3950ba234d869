//! The only place that reads a clock, or holds a thread until one has moved on. Everything else
//! gets the time as an argument.

use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::event::UnixMs;

/// The wall clock now.
pub fn now_ms() -> UnixMs {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// A point to measure a length of time from; never goes backwards.
pub fn monotonic() -> Instant {
    Instant::now()
}

/// Holds this thread for a while. Not for tasks: these have Tokio's timers.
pub fn pause(length: Duration) {
    thread::sleep(length);
}
