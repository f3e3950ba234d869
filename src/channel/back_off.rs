//! How long the next try waits, of a link, a call to a mail server or a signing in: longer each time, until
//! one has lived for a while.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use tokio::time::Instant;

/// What lived so long was good: the next try is made at once.
const LIVED_WELL: Duration = Duration::from_secs(60);

/// Between which waits the back-off moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// The shortest wait.
    pub min: Duration,
    /// The longest.
    pub max: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { min: Duration::from_secs(1), max: Duration::from_secs(120) }
    }
}

impl Pace {
    /// Each wait gets up to as much again by chance, so that many servers do not come back at once.
    fn waits(self) -> ExponentialBackoff {
        let longest = (self.max / 2).max(self.min);
        ExponentialBuilder::default()
            .with_min_delay(self.min)
            .with_max_delay(longest)
            .without_max_times()
            .with_jitter()
            .build()
    }
}

/// The back-off of one link's name, one server, one account.
pub(super) struct BackOff {
    pace: Pace,
    waits: ExponentialBackoff,
    not_before: Option<Instant>,
}

impl BackOff {
    pub(super) fn new(pace: Pace) -> Self {
        Self { pace, waits: pace.waits(), not_before: None }
    }

    /// It went away after so long a life, or did not come to be.
    pub(super) fn ended(&mut self, lived: Option<Duration>, now: Instant) {
        if lived.is_some_and(|lived| lived >= LIVED_WELL) {
            *self = Self::new(self.pace);
            return;
        }
        // They have no end.
        let wait = self.waits.next().unwrap_or(self.pace.max).min(self.pace.max);
        self.not_before = Some(now + wait);
    }

    /// How long a try has to wait yet.
    pub(super) fn wait(&self, now: Instant) -> Duration {
        self.not_before.map_or(Duration::ZERO, |at| at.saturating_duration_since(now))
    }

    /// The failures are so long ago that they say nothing: the name need not be remembered.
    pub(super) fn is_over(&self, now: Instant) -> bool {
        self.not_before.is_none_or(|at| now.saturating_duration_since(at) > self.pace.max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn waits_grow_from_a_second_to_two_minutes_and_end_when_a_link_has_lived() {
        let now = Instant::now();
        let mut back_off = BackOff::new(Pace::default());
        assert_eq!(back_off.wait(now), Duration::ZERO);
        for doublings in 0..12 {
            back_off.ended(None, now);
            let least = (SECOND * 2_u32.pow(doublings)).min(60 * SECOND);
            let wait = back_off.wait(now);
            assert!(wait >= least && wait <= 2 * least, "{wait:?} after {doublings}");
        }
        assert_eq!(back_off.wait(now + 120 * SECOND), Duration::ZERO);

        back_off.ended(Some(59 * SECOND), now);
        assert!(back_off.wait(now) >= 60 * SECOND, "59 s are no life");
        back_off.ended(Some(60 * SECOND), now);
        assert_eq!(back_off.wait(now), Duration::ZERO);
        back_off.ended(Some(SECOND), now);
        assert!(back_off.wait(now) <= 2 * SECOND, "it begins anew");
    }

    #[test]
    fn old_failures_are_forgotten() {
        let now = Instant::now();
        let mut back_off = BackOff::new(Pace::default());
        back_off.ended(None, now);
        assert!(!back_off.is_over(now + 100 * SECOND));
        assert!(back_off.is_over(now + 123 * SECOND));
    }
}
