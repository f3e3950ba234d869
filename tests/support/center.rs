//! The contact center whose day is drawn, and what it promises.

use std::sync::Arc;

use tablica::config::model::{Clock, PolicyFrom};
use tablica::engine::{Calendar, PolicyRules, Rules};
use tablica::event::{Millis, UnixMs};

pub(crate) const SECOND: Millis = 1000;
pub(crate) const MINUTE: Millis = 60 * SECOND;
pub(crate) const HOUR: Millis = 60 * MINUTE;
/// Monday, 2026-03-02, 07:00 UTC.
pub(crate) const START_MS: UnixMs = 1_772_434_800_000;
/// The doors are open so long.
pub(crate) const LENGTH_MS: Millis = 14 * HOUR;

/// What the day is drawn from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Center {
    pub(crate) seed: u64,
    pub(crate) channels: usize,
    pub(crate) queues: usize,
    pub(crate) agents: usize,
    /// How many events the day has, exactly.
    pub(crate) events: usize,
}

impl Center {
    /// The center that promises are made for.
    pub(crate) const USUAL: Center =
        Center { seed: 1, channels: 20, queues: 50, agents: 500, events: 200_000 };
}

/// The center's rules: as by default, with a policy of each clock.
pub(crate) fn rules() -> Rules {
    let policy = |name: &str, clock, target_ms| PolicyRules {
        name: name.to_owned(),
        title: None,
        channels: Vec::new(),
        queues: Vec::new(),
        kinds: Vec::new(),
        priorities: Vec::new(),
        public: None,
        complaints: false,
        clock,
        from: PolicyFrom::Opening,
        target_ms,
        warn_ms: target_ms * 3 / 4,
        goal: 0.8,
        calendar: Arc::new(Calendar::default()),
        hours: String::new(),
    };
    let policies = vec![
        policy("calls", Clock::Answer, 20 * SECOND),
        policy("writers", Clock::FirstResponse, 15 * MINUTE),
        policy("further", Clock::NextResponse, 30 * MINUTE),
        policy("settled", Clock::Resolution, 4 * HOUR),
    ];
    Rules { policies, ..Rules::default() }
}
