//! Numbers that no earlier run had, and times as networks write them.

use crate::event::UnixMs;

/// Counts messages from the start time on: a later run begins above all of an earlier one, unless that
/// wrote a thousand a second.
#[derive(Debug)]
pub(super) struct Ids {
    last: i64,
}

impl Ids {
    pub(super) fn new(start_ms: UnixMs) -> Self {
        Self { last: start_ms }
    }

    pub(super) fn next(&mut self) -> i64 {
        self.last += 1;
        self.last
    }
}

/// By a pattern of `strftime`, in UTC. A time that no calendar knows becomes the calendar's first.
pub(super) fn time(at_ms: UnixMs, pattern: &str) -> String {
    let at = jiff::Timestamp::from_millisecond(at_ms).unwrap_or(jiff::Timestamp::MIN);
    at.strftime(pattern).to_string()
}

/// `2026-11-22T09:00:00.120Z`
pub(super) fn iso(at_ms: UnixMs) -> String {
    time(at_ms, "%Y-%m-%dT%H:%M:%S.%3fZ")
}
