//! The timers that a plugin set.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

/// The shortest timer: a plugin that asks for less must not keep a processor busy.
pub const TIMER_MIN: Duration = Duration::from_millis(10);

#[derive(Debug, Default)]
pub(super) struct Timers(HashMap<String, Instant>);

impl Timers {
    /// Sets or replaces a timer; false when there are `max` others.
    pub(super) fn set(&mut self, tag: String, after: Duration, now: Instant, max: usize) -> bool {
        if self.0.len() >= max && !self.0.contains_key(&tag) {
            return false;
        }
        self.0.insert(tag, now + after.max(TIMER_MIN));
        true
    }

    /// Takes a timer back, if it is set.
    pub(super) fn cancel(&mut self, tag: &str) {
        self.0.remove(tag);
    }

    /// When the next one is due.
    pub(super) fn next(&self) -> Option<Instant> {
        self.0.values().min().copied()
    }

    /// Takes the earliest of those that are due.
    pub(super) fn take_due(&mut self, now: Instant) -> Option<String> {
        let due = self.0.iter().filter(|(_, at)| **at <= now);
        let tag = due.min_by(|a, b| (a.1, a.0).cmp(&(b.1, b.0)))?.0.clone();
        self.0.remove(&tag);
        Some(tag)
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
        for (tag, after) in [("late", 3), ("b", 2), ("a", 9), ("a", 1)] {
            assert!(timers.set(tag.into(), seconds(after), now, 8));
        }
        assert_eq!(timers.next(), Some(now + seconds(1)));
        assert_eq!(timers.take_due(now + seconds(2)).as_deref(), Some("a"));
        assert_eq!(timers.take_due(now + seconds(2)).as_deref(), Some("b"));
        assert_eq!(timers.take_due(now + seconds(2)), None);
        assert_eq!(timers.next(), Some(now + seconds(3)));
        timers.cancel("late");
        timers.cancel("never set");
        assert_eq!(timers.next(), None);
    }

    #[test]
    fn a_plugin_cannot_hoard_timers_nor_spin() {
        let now = Instant::now();
        let mut timers = Timers::default();
        for tag in 0..8 {
            assert!(timers.set(tag.to_string(), Duration::ZERO, now, 8));
        }
        assert!(!timers.set("one more".into(), Duration::ZERO, now, 8));
        assert!(timers.set("0".into(), Duration::ZERO, now, 8));
        assert_eq!(timers.next(), Some(now + TIMER_MIN));
    }
}
