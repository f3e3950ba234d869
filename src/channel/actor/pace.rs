//! How fast a channel may go: what it gives by the second, so that its neighbours have their
//! turns at the journal and the engine. Whoever was too fast waits; nothing is refused here.
//!
//! Pure: time is an argument.

use std::time::Duration;

use tokio::time::Instant;

use crate::channel::status::Limit;
use crate::config::model::ChannelLimits;

/// So many seconds' worth may be taken at once after a quiet time.
const BURST_SECONDS: f64 = 2.0;

/// So much in a second. It may be overdrawn: what one call gives is known only after it.
#[derive(Debug)]
struct Bucket {
    per_second: f64,
    level: f64,
    at: Instant,
}

impl Bucket {
    fn new(per_second: f64, now: Instant) -> Self {
        Self { per_second, level: per_second * BURST_SECONDS, at: now }
    }

    /// Takes some out. True when there is a wait from now on and there was none before.
    fn take(&mut self, amount: f64, now: Instant) -> bool {
        let since = now.saturating_duration_since(self.at).as_secs_f64();
        let full = self.per_second * BURST_SECONDS;
        let level = (self.level + since * self.per_second).min(full);
        self.at = now;
        self.level = level - amount;
        self.level < 0.0 && level >= 0.0
    }

    /// When it is no longer overdrawn; none when it is not.
    fn ready_at(&self, now: Instant) -> Option<Instant> {
        let wait = Duration::from_secs_f64((-self.level / self.per_second).max(0.0));
        Some(self.at + wait).filter(|at| *at > now)
    }
}

/// A channel's pace.
#[derive(Debug)]
pub(super) struct Pace {
    events: Bucket,
    bytes: Bucket,
    wakes: Bucket,
    processor: Bucket,
}

impl Pace {
    pub(super) fn new(limits: &ChannelLimits, now: Instant) -> Self {
        Self {
            events: Bucket::new(limits.events_per_second_max as f64, now),
            bytes: Bucket::new(limits.bytes_per_second_max as f64, now),
            wakes: Bucket::new(limits.wakes_per_second_max as f64, now),
            processor: Bucket::new(limits.processor_per_second_max.as_secs_f64(), now),
        }
    }

    /// The plugin gave so much; which limits hold it up from now on.
    pub(super) fn gave(&mut self, events: usize, bytes: usize, now: Instant) -> Vec<Limit> {
        let held = [
            (Limit::Events, self.events.take(events as f64, now)),
            (Limit::Bytes, self.bytes.take(bytes as f64, now)),
        ];
        held.into_iter().filter(|(_, held)| *held).map(|(limit, _)| limit).collect()
    }

    /// The plugin was woken by its own timer or fetch; true when that holds it up from now on.
    pub(super) fn woke(&mut self, now: Instant) -> bool {
        self.wakes.take(1.0, now)
    }

    /// The plugin had a processor for so long; true when that holds it up from now on.
    pub(super) fn worked(&mut self, processor: Duration, now: Instant) -> bool {
        self.processor.take(processor.as_secs_f64(), now)
    }

    /// When the plugin may be given anything again; none when it may be now.
    pub(super) fn input_at(&self, now: Instant) -> Option<Instant> {
        let given = self.events.ready_at(now).max(self.bytes.ready_at(now));
        given.max(self.processor.ready_at(now))
    }

    /// When the plugin may be woken by its own timers and fetches again; none when it may be now.
    pub(super) fn wake_at(&self, now: Instant) -> Option<Instant> {
        self.wakes.ready_at(now).max(self.input_at(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_seconds_worth_at_once_and_then_so_much_a_second() {
        let mut now = Instant::now();
        let mut bucket = Bucket::new(100.0, now);
        assert!(!bucket.take(200.0, now));
        assert_eq!(bucket.ready_at(now), None);
        assert!(bucket.take(50.0, now), "it is overdrawn");
        assert!(!bucket.take(50.0, now), "it was before");
        assert_eq!(bucket.ready_at(now), Some(now + Duration::from_secs(1)));
        now += Duration::from_secs(1);
        assert_eq!(bucket.ready_at(now), None);
        now += Duration::from_secs(3600);
        assert!(!bucket.take(200.0, now) && bucket.take(1.0, now), "no more is saved up");
    }
}
