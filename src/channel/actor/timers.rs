//! The timers that a plugin set.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

/// Timers of one plugin; more are refused.
pub const TIMERS_MAX: usize = 256;
/// The shortest timer: a plugin that asks for less must not keep a processor busy.
pub const TIMER_MIN: Duration = Duration::from_millis(10);

#[derive(Debug, Default)]
pub(super) struct Timers(HashMap<String, Instant>);

impl Timers {
    /// Sets or replaces a timer; false when there are too many.
    pub(super) fn set(&mut self, tag: String, after: Duration, now: Instant) -> bool {
        if self.0.len() >= TIMERS_MAX && !self.0.contains_key(&tag) {
            return false;
        }
        self.0.insert(tag, now + after.max(TIMER_MIN));
        true
    }

    /// When the next one is due.
    pub(super) fn next(&self) -> Option<Instant> {
        self.0.values().min().copied()
    }

    /// Takes those that are due, the earliest first.
    pub(super) fn due(&mut self, now: Instant) -> Vec<String> {
        let mut due: Vec<(String, Instant)> = self.0.extract_if(|_, at| *at <= now).collect();
        due.sort_by(|a, b| (a.1, &a.0).cmp(&(b.1, &b.0)));
        due.into_iter().map(|(tag, _)| tag).collect()
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timers_come_in_order_once_and_the_same_tag_replaces() {
        let now = Instant::now();
        let seconds = Duration::from_secs;
        let mut timers = Timers::default();
        assert!(timers.set("late".into(), seconds(3), now));
        assert!(timers.set("b".into(), seconds(2), now));
        assert!(timers.set("a".into(), seconds(9), now));
        assert!(timers.set("a".into(), seconds(1), now));
        assert_eq!(timers.next(), Some(now + seconds(1)));
        assert_eq!(timers.due(now + seconds(2)), ["a", "b"]);
        assert_eq!(timers.due(now + seconds(2)), [""; 0]);
        assert_eq!(timers.next(), Some(now + seconds(3)));
    }

    #[test]
    fn a_plugin_cannot_hoard_timers_nor_spin() {
        let now = Instant::now();
        let mut timers = Timers::default();
        for tag in 0..TIMERS_MAX {
            assert!(timers.set(tag.to_string(), Duration::ZERO, now));
        }
        assert!(!timers.set("one more".into(), Duration::ZERO, now));
        assert!(timers.set("0".into(), Duration::ZERO, now));
        assert_eq!(timers.next(), Some(now + TIMER_MIN));
    }
}
