//! Spans of time that can be read: windows, shifts, quarters of an hour, steps of the last hour.

use crate::engine::Engine;
use crate::engine::moment::buckets_of;
use crate::engine::moment::{self, BUCKET_MS, BUCKETS, bucket_start_ms};
use crate::engine::moment::{QUARTER_MS, quarter_of};
use crate::event::{Millis, UnixMs};
use crate::scope::Window;

/// Part of the last 60 minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Buckets ago that it begins.
    pub(in crate::engine) oldest: usize,
    /// Buckets ago that its last one begins.
    pub(in crate::engine) newest: usize,
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
    /// The span from `from_ms` to now, so many days earlier by the site's clock: a day of 23 or
    /// 25 hours in between moves neither end.
    pub fn days_before(&self, from_ms: UnixMs, days: i64) -> (UnixMs, UnixMs) {
        let zone = &self.rules.time_zone;
        let moved = |at_ms: UnixMs| moment::days_before(at_ms, days, zone);
        (moved(from_ms), moved(self.now_ms()))
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
    /// and today; none while there is no such span.
    pub fn quarters_of(&self, window: Window) -> Option<Quarters> {
        let now_ms = self.now_ms();
        let from_ms = match window {
            Window::Shift => self.shift()?.1,
            Window::Hours24 => now_ms - 24 * 3_600_000,
            Window::Yesterday => {
                let today_ms = self.state.cells.moment.day_start_ms;
                let before =
                    moment::day_around(today_ms - 1, &self.rules.time_zone, self.rules.day_start);
                return Some(Quarters::between(before.0, before.1));
            }
            _ => return None,
        };
        Some(Quarters::between(from_ms, now_ms))
    }

    /// When a window begins.
    pub fn window_from_ms(&self, window: Window) -> UnixMs {
        let moment = &self.state.cells.moment;
        match (window, buckets_of(window)) {
            (Window::Now, _) => moment.now_ms,
            (_, Some(buckets)) => bucket_start_ms(moment, buckets - 1),
            (_, None) => {
                let quarters = self.quarters_of(window);
                quarters.map_or(moment.day_start_ms, |quarters| quarters.from_ms())
            }
        }
    }

    /// When a step of the last hour begins and ends.
    pub fn stretch_ms(&self, stretch: Stretch) -> (UnixMs, UnixMs) {
        let moment = &self.state.cells.moment;
        let end_ms = bucket_start_ms(moment, stretch.newest) + BUCKET_MS;
        (bucket_start_ms(moment, stretch.oldest), end_ms.min(moment.now_ms))
    }

    /// The last hour in steps, oldest first, the one under way last. The first moment of the
    /// first, and all of them. Steps are whole buckets (15 s).
    pub fn last_hour(&self, step_ms: Millis) -> (UnixMs, Millis, Vec<Stretch>) {
        let moment = &self.state.cells.moment;
        let per_step = usize::try_from(step_ms / BUCKET_MS).unwrap_or(1).clamp(1, BUCKETS);
        // Steps begin at multiples of their length: a minute is a minute of the clock.
        let under_way = moment.head.rem_euclid(per_step as i64) as usize + 1;
        let steps = (BUCKETS - under_way) / per_step;
        let mut stretches: Vec<_> = (0..steps)
            .map(|step| {
                let newest = under_way + step * per_step;
                Stretch { oldest: newest + per_step - 1, newest }
            })
            .rev()
            .collect();
        stretches.push(Stretch { oldest: under_way - 1, newest: 0 });
        let from_ms = bucket_start_ms(moment, under_way + steps * per_step - 1);
        (from_ms, per_step as i64 * BUCKET_MS, stretches)
    }
}
