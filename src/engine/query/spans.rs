//! Spans of time that can be read: windows, shifts, quarters of an hour, steps of the last hour.

use std::ops::Range;

use crate::engine::Engine;
use crate::engine::moment::{self, BUCKET_MS, QUARTER_MS, STEP_MS, STEPS, quarter_of, step_start};
use crate::event::{Millis, UnixMs};
use crate::scope::Window;

const DAY_MS: Millis = 24 * 3_600_000;

/// Part of the last 60 minutes: buckets, up to but not including the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    from: i64,
    to: i64,
}

impl Stretch {
    pub(in crate::engine) fn buckets(self) -> Range<i64> {
        self.from..self.to
    }
}

/// Whole quarters of an hour, up to but not including the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quarters {
    pub(in crate::engine) from: i64,
    pub(in crate::engine) to: i64,
}

impl Quarters {
    /// Those that begin within the span.
    pub fn between(from_ms: UnixMs, to_ms: UnixMs) -> Self {
        let first = |at_ms: UnixMs| quarter_of(at_ms + QUARTER_MS - 1);
        Quarters { from: first(from_ms), to: first(to_ms) }
    }

    /// When they begin.
    pub fn from_ms(&self) -> UnixMs {
        self.from * QUARTER_MS
    }

    /// When they end.
    pub fn to_ms(&self) -> UnixMs {
        self.to * QUARTER_MS
    }

    /// One by one.
    pub fn each(self) -> impl Iterator<Item = Quarters> {
        (self.from..self.to).map(|from| Quarters { from, to: from + 1 })
    }

    /// As many, so much earlier.
    pub fn earlier(self, by_ms: Millis) -> Self {
        let by = by_ms.div_euclid(QUARTER_MS);
        Quarters { from: self.from - by, to: self.to - by }
    }
}

impl Engine {
    /// The same time by the site's clock, so many days earlier: a day of 23 or 25 hours in between
    /// does not move it.
    pub fn days_before(&self, at_ms: UnixMs, days: i64) -> UnixMs {
        moment::days_before(at_ms, days, &self.rules.time_zone)
    }

    /// `contacts.repeat_within` before that: of who came by then it is known whether they came again.
    pub fn repeat_within_before_ms(&self, at_ms: UnixMs) -> UnixMs {
        self.state.regulars.within_before_ms(at_ms)
    }

    /// The shift under way: its name and when it began.
    pub fn shift(&self) -> Option<(&str, UnixMs)> {
        let now_ms = self.now_ms();
        let shifts = self.rules.shifts.iter().filter_map(|(name, shift)| {
            let from_ms = moment::shift_start_ms(shift, &self.rules.time_zone, now_ms)?;
            Some((name.as_str(), from_ms))
        });
        shifts.max_by_key(|(_, from_ms)| *from_ms)
    }

    /// The whole quarters that a window is made of, for those that reach beyond the last hour
    /// and today; none while there is no such span. What reaches up to now ends with the quarter
    /// under way.
    pub fn quarters_of(&self, window: Window) -> Option<Quarters> {
        let now_ms = self.now_ms();
        let from_ms = match window {
            Window::Shift => self.shift()?.1,
            // Never shorter than its name says.
            Window::Hours24 => now_ms - DAY_MS,
            Window::Hours48 => now_ms - 2 * DAY_MS,
            Window::Yesterday => {
                let today_ms = self.state.cells.moment.day_start_ms;
                let before =
                    moment::day_around(today_ms - 1, &self.rules.time_zone, self.rules.day_start);
                return Some(Quarters::between(before.0, before.1));
            }
            _ => return None,
        };
        Some(Quarters { from: quarter_of(from_ms), to: quarter_of(now_ms) + 1 })
    }

    /// From when to when a window is counted.
    pub fn window_ms(&self, window: Window) -> (UnixMs, UnixMs) {
        let moment = &self.state.cells.moment;
        let now_ms = moment.now_ms;
        if window == Window::Now {
            return (now_ms, now_ms);
        }
        if let Some(bucket) = moment.first_bucket(window) {
            return (bucket * BUCKET_MS, now_ms);
        }
        match self.quarters_of(window) {
            Some(quarters) => (quarters.from_ms(), quarters.to_ms().min(now_ms)),
            None => (moment.day_start_ms, now_ms),
        }
    }

    /// When a step of the last hour begins and ends.
    pub fn stretch_ms(&self, stretch: Stretch) -> (UnixMs, UnixMs) {
        let ends_ms = stretch.to * BUCKET_MS;
        (stretch.from * BUCKET_MS, ends_ms.min(self.now_ms()))
    }

    /// The last hour in steps, oldest first, the one under way last. The first moment of the
    /// first, the length of one, and all of them. Their length is rounded down to a multiple of
    /// 15 s.
    pub fn last_hour(&self, step_ms: Millis) -> (UnixMs, Millis, Vec<Stretch>) {
        let head = self.state.cells.moment.step();
        let per_step = (step_ms / STEP_MS).clamp(1, STEPS as i64);
        // Steps begin at multiples of their length: a minute is a minute of the clock.
        let last = head - head.rem_euclid(per_step);
        let earlier = (STEPS as i64 - (head - last + 1)) / per_step;
        let first = last - earlier * per_step;
        let stretches = (0..=earlier).map(|number| {
            let step = first + number * per_step;
            Stretch { from: step_start(step), to: step_start(step + per_step) }
        });
        (first * STEP_MS, per_step * STEP_MS, stretches.collect())
    }
}
