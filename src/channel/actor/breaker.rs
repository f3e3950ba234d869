//! When to start a failed plugin again, and when to let it rest. Pure: time is an argument.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use crate::channel::status::BreakerState;

/// Instances that may be lost within [`FAILURE_SPAN`] before the breaker opens.
pub const FAILURES_MAX: usize = 10;
/// How far back failures count.
pub const FAILURE_SPAN: Duration = Duration::from_secs(60);
/// How long the first rest is; each one after a failed probe is twice as long.
pub const REST_MIN: Duration = Duration::from_secs(10);
/// The longest rest.
pub const REST_MAX: Duration = Duration::from_secs(300);
/// The first failure in a row costs no wait, the second so much, then twice as much each.
pub const BACK_OFF_MIN: Duration = Duration::from_millis(50);
/// The longest wait between restarts.
pub const BACK_OFF_MAX: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub(super) struct Breaker {
    state: State,
    failures: VecDeque<Instant>,
    failures_in_row: u32,
    rest: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Closed,
    Open { until: Instant },
    HalfOpen,
}

/// What a failure leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Start a new instance after so long.
    Restart(Duration),
    /// Leave the plugin alone until it has rested.
    Rest,
}

impl Breaker {
    pub(super) fn new() -> Self {
        Self { state: State::Closed, failures: VecDeque::new(), failures_in_row: 0, rest: REST_MIN }
    }

    pub(super) fn state(&self) -> BreakerState {
        match self.state {
            State::Closed => BreakerState::Closed,
            State::Open { .. } => BreakerState::Open,
            State::HalfOpen => BreakerState::HalfOpen,
        }
    }

    /// The plugin rests: it is not to be started.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.state, State::Open { .. })
    }

    /// The next input is the plugin's test.
    pub(super) fn is_probing(&self) -> bool {
        self.state == State::HalfOpen
    }

    /// When the rest ends.
    pub(super) fn rests_until(&self) -> Option<Instant> {
        match self.state {
            State::Open { until } => Some(until),
            _ => None,
        }
    }

    /// The plugin has rested: the next input is its test.
    pub(super) fn probe(&mut self) {
        self.state = State::HalfOpen;
    }

    /// An input went through. True when that ended a time of trouble.
    pub(super) fn success(&mut self) -> bool {
        self.failures_in_row = 0;
        let recovered = self.state == State::HalfOpen;
        if recovered {
            self.state = State::Closed;
            self.failures.clear();
            self.rest = REST_MIN;
        }
        recovered
    }

    /// An instance was lost.
    pub(super) fn failure(&mut self, now: Instant) -> Verdict {
        if self.state == State::HalfOpen {
            self.rest = (self.rest * 2).min(REST_MAX);
            return self.open(now);
        }
        self.failures.push_back(now);
        while self.failures.front().is_some_and(|at| now.duration_since(*at) > FAILURE_SPAN) {
            self.failures.pop_front();
        }
        if self.failures.len() >= FAILURES_MAX {
            return self.open(now);
        }
        let doublings = self.failures_in_row;
        self.failures_in_row += 1;
        Verdict::Restart(match doublings {
            0 => Duration::ZERO,
            // Ten doublings are beyond the longest wait.
            n => (BACK_OFF_MIN * 2u32.pow((n - 1).min(10))).min(BACK_OFF_MAX),
        })
    }

    fn open(&mut self, now: Instant) -> Verdict {
        self.state = State::Open { until: now + self.rest };
        self.failures_in_row = 0;
        Verdict::Rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn restart(millis: u64) -> Verdict {
        Verdict::Restart(Duration::from_millis(millis))
    }

    #[test]
    fn failures_in_a_row_are_restarted_ever_later_and_then_rest() {
        let now = Instant::now();
        let mut breaker = Breaker::new();
        let waits = [0, 50, 100, 200, 400, 800, 1_600, 3_200, 5_000];
        for wait in waits {
            assert_eq!(breaker.failure(now), restart(wait));
        }
        assert_eq!(breaker.failure(now), Verdict::Rest);
        assert_eq!(breaker.rests_until(), Some(now + REST_MIN));
    }

    #[test]
    fn a_success_makes_the_next_restart_immediate_but_forgets_no_failure() {
        let now = Instant::now();
        let mut breaker = Breaker::new();
        for _ in 1..FAILURES_MAX {
            assert_eq!(breaker.failure(now), restart(0));
            assert!(!breaker.success());
        }
        assert_eq!(breaker.failure(now), Verdict::Rest);
    }

    #[test]
    fn rare_failures_never_open_it() {
        let mut now = Instant::now();
        let mut breaker = Breaker::new();
        for _ in 0..10 * FAILURES_MAX {
            now += FAILURE_SPAN / (FAILURES_MAX as u32 - 2);
            assert_eq!(breaker.failure(now), restart(0));
            breaker.success();
        }
    }

    #[test]
    fn a_failed_probe_doubles_the_rest_and_a_good_one_ends_it() {
        let now = Instant::now();
        let mut breaker = Breaker::new();
        for _ in 0..FAILURES_MAX {
            breaker.failure(now);
        }
        let mut rest = REST_MIN;
        for _ in 0..8 {
            breaker.probe();
            assert_eq!(breaker.failure(now), Verdict::Rest);
            rest = (rest * 2).min(REST_MAX);
            assert_eq!(breaker.rests_until(), Some(now + rest));
        }
        assert_eq!(rest, REST_MAX);

        breaker.probe();
        assert!(breaker.success());
        assert_eq!(breaker.state(), BreakerState::Closed);
        assert_eq!(breaker.failure(now), restart(0));
    }
}
