//! The engine's own sense of time: the moment, the ring's newest bucket, the site's day.

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use crate::config::model::Shift;
use crate::event::{Millis, UnixMs};
use crate::scope::Window;

/// Length of a bucket: "the last 5 minutes" begin with one.
pub(crate) const BUCKET_MS: Millis = 5_000;
/// Length of a step: longer sliding windows begin with one, and trend lines are made of them.
pub(crate) const STEP_MS: Millis = 15_000;
/// Steps of the last hour.
pub(crate) const STEPS: usize = 240;
/// Buckets of a step.
const PER_STEP: i64 = STEP_MS / BUCKET_MS;

/// A sliding window is never shorter than its name says, and longer by at most one part of so
/// many.
const SLACK: Millis = 50;

/// Length of a quarter.
pub const QUARTER_MS: Millis = 15 * 60_000;
/// Weeks that are looked back.
pub(in crate::engine) const WEEKS: i64 = 5;
/// First-contact resolution is known when W has passed; a day's is kept for a week after that.
pub(in crate::engine) const VISITS_KEPT_MS: Millis = 60 * 24 * 3_600_000;

/// Number of the quarter that holds a time.
pub(crate) fn quarter_of(at_ms: UnixMs) -> i64 {
    at_ms.div_euclid(QUARTER_MS)
}

/// The last moment that the engine can think of, the year 9999. Later ones are this one.
const NOW_MS_MAX: UnixMs = 253_370_764_800_000;

/// Where we are in time. Never goes backwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Moment {
    pub(in crate::engine) now_ms: UnixMs,
    /// Number of the bucket under way since 1970.
    pub(in crate::engine) head: i64,
    /// When today began, and when it will be over.
    pub(in crate::engine) day_start_ms: UnixMs,
    pub(in crate::engine) day_end_ms: UnixMs,
}

impl Moment {
    pub(in crate::engine) const START: Moment =
        Moment { now_ms: 0, head: 0, day_start_ms: 0, day_end_ms: 0 };

    /// The moment at `now_ms`, or this one when that would be earlier.
    pub(in crate::engine) fn advanced(
        self,
        now_ms: UnixMs,
        zone: &TimeZone,
        day_start: Time,
    ) -> Moment {
        let now_ms = now_ms.clamp(self.now_ms, NOW_MS_MAX);
        let mut next = Moment { now_ms, head: now_ms.div_euclid(BUCKET_MS), ..self };
        if now_ms >= self.day_end_ms {
            (next.day_start_ms, next.day_end_ms) = day_around(now_ms, zone, day_start);
        }
        next
    }

    /// Number of the step under way.
    pub(in crate::engine) fn step(&self) -> i64 {
        step_of(self.head)
    }

    /// The bucket with which a sliding window begins: the latest with which it is not shorter than
    /// its name says, of those that are exact enough for its length.
    pub(in crate::engine) fn first_bucket(&self, window: Window) -> Option<i64> {
        let length_ms = window.sliding_ms()?;
        let bucket = (self.now_ms - length_ms).div_euclid(BUCKET_MS);
        let is_long = STEP_MS * SLACK <= length_ms;
        Some(if is_long { step_start(step_of(bucket)) } else { bucket })
    }

    /// The bucket in which the last hour keeps what was at that time. Where only windows that
    /// begin with a step can reach, that is the first one of the step.
    pub(in crate::engine) fn kept_in(&self, at_ms: UnixMs) -> Option<i64> {
        let bucket = at_ms.div_euclid(BUCKET_MS);
        if bucket == self.head {
            // Most of what happens is told at once.
            return Some(bucket);
        }
        let is_kept = bucket >= self.first_bucket(Window::Min60)?;
        is_kept.then(|| self.joined(bucket))
    }

    /// See [`Moment::kept_in`].
    pub(in crate::engine) fn joined(&self, bucket: i64) -> i64 {
        let is_fine = self.first_bucket(Window::Min5).is_none_or(|first| bucket >= first);
        if is_fine { bucket } else { step_start(step_of(bucket)) }
    }

    pub(in crate::engine) fn quarter(&self) -> i64 {
        quarter_of(self.now_ms)
    }

    pub(in crate::engine) fn is_today(&self, at_ms: UnixMs) -> bool {
        at_ms >= self.day_start_ms
    }
}

/// The step of a bucket.
pub(in crate::engine) fn step_of(bucket: i64) -> i64 {
    bucket.div_euclid(PER_STEP)
}

/// The first bucket of a step.
pub(in crate::engine) fn step_start(step: i64) -> i64 {
    step * PER_STEP
}

/// The day that holds `now_ms`: as the zone has it, with its 23 or 25 hours.
pub(in crate::engine) fn day_around(
    now_ms: UnixMs,
    zone: &TimeZone,
    day_start: Time,
) -> (UnixMs, UnixMs) {
    let fixed = now_ms.div_euclid(86_400_000) * 86_400_000;
    let fallback = (fixed, fixed + 86_400_000);
    let Ok(now) = Timestamp::from_millisecond(now_ms) else { return fallback };
    let local = zone.to_datetime(now);
    let starts_ms = |date: jiff::civil::Date| {
        let zoned = date.to_datetime(day_start).to_zoned(zone.clone()).ok()?;
        Some(zoned.timestamp().as_millisecond())
    };
    // Beside a clock change the local time alone can mislead: look at the days around.
    let days = [-2, -1, 0, 1, 2]
        .into_iter()
        .filter_map(|days: i64| local.date().checked_add(days.days()).ok())
        .filter_map(starts_ms);
    let (mut start, mut end) = (None, None);
    for starts in days {
        if starts <= now_ms {
            start = Some(starts);
        } else if end.is_none() {
            end = Some(starts);
        }
    }
    start.zip(end).unwrap_or(fallback)
}

/// The same time by the clock, so many days earlier.
pub(in crate::engine) fn days_before(at_ms: UnixMs, days: i64, zone: &TimeZone) -> UnixMs {
    let moved = || {
        let local = zone.to_datetime(Timestamp::from_millisecond(at_ms).ok()?);
        let earlier = local.checked_sub(days.days()).ok()?.to_zoned(zone.clone()).ok()?;
        Some(earlier.timestamp().as_millisecond())
    };
    moved().unwrap_or(at_ms - days * 86_400_000)
}

/// When a shift that is under way at `now_ms` began.
pub(in crate::engine) fn shift_start_ms(
    shift: &Shift,
    zone: &TimeZone,
    now_ms: UnixMs,
) -> Option<UnixMs> {
    let (start_ms, end_ms) = day_around(now_ms, zone, shift.start);
    // It ends on the day on which it began, or on the next.
    let (before_ms, after_ms) = day_around(now_ms, zone, shift.end);
    let ends_ms = if before_ms > start_ms { before_ms } else { after_ms };
    (start_ms <= now_ms && now_ms < ends_ms && ends_ms <= end_ms).then_some(start_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(zone: &str, start: Time, now: &str) -> (String, i64) {
        let zone = TimeZone::get(zone).expect("a zone of the bundled database");
        let now: Timestamp = now.parse().expect("a time");
        let moment = Moment::START.advanced(now.as_millisecond(), &zone, start);
        let begins = Timestamp::from_millisecond(moment.day_start_ms).expect("in range");
        (begins.to_string(), (moment.day_end_ms - moment.day_start_ms) / 3_600_000)
    }

    #[test]
    fn the_day_is_the_sites_day() {
        let begin = day("Europe/Warsaw", Time::midnight(), "2026-11-22T10:00:00Z");
        assert_eq!(begin, ("2026-11-21T23:00:00Z".to_owned(), 24));
        let early = day("Europe/Warsaw", jiff::civil::time(6, 0, 0, 0), "2026-11-22T04:59:59Z");
        assert_eq!(early, ("2026-11-21T05:00:00Z".to_owned(), 24));
    }

    #[test]
    fn days_of_23_and_25_hours() {
        let spring = day("Europe/Warsaw", Time::midnight(), "2026-03-29T12:00:00Z");
        assert_eq!(spring, ("2026-03-28T23:00:00Z".to_owned(), 23));
        let autumn = day("Europe/Warsaw", Time::midnight(), "2026-10-25T12:00:00Z");
        assert_eq!(autumn, ("2026-10-24T22:00:00Z".to_owned(), 25));
        // Chile skips from midnight to one o'clock: the day begins at one.
        let skipped = day("America/Santiago", Time::midnight(), "2026-09-06T12:00:00Z");
        assert_eq!(skipped, ("2026-09-06T04:00:00Z".to_owned(), 23));
    }

    #[test]
    fn sliding_windows_are_never_shorter_than_their_name_and_at_most_two_percent_longer() {
        for now_ms in (0..120_000).step_by(77).map(|more_ms| 1_772_438_400_000 + more_ms) {
            let moment = Moment::START.advanced(now_ms, &TimeZone::UTC, Time::midnight());
            for window in Window::ALL {
                let Some(length_ms) = window.sliding_ms() else { continue };
                let first = moment.first_bucket(window).expect("it slides");
                let longer_ms = now_ms - first * BUCKET_MS - length_ms;
                assert!((0..=length_ms / 50).contains(&longer_ms), "{window:?} {longer_ms}");
            }
        }
    }

    #[test]
    fn what_is_kept_by_steps_is_in_no_window_that_begins_within_one() {
        let now_ms = 1_772_438_400_000;
        let moment = Moment::START.advanced(now_ms, &TimeZone::UTC, Time::midnight());
        for ago_s in 0..3600 {
            let at_ms = now_ms - ago_s * 1000;
            let kept = moment.kept_in(at_ms).expect("within the hour");
            for window in Window::ALL {
                let Some(first) = moment.first_bucket(window) else { continue };
                assert_eq!(kept >= first, at_ms >= first * BUCKET_MS, "{ago_s} {window:?}");
            }
        }
        assert_eq!(moment.kept_in(now_ms - 3_600_001), None);
    }

    #[test]
    fn time_never_goes_back() {
        let zone = TimeZone::UTC;
        let later = Moment::START.advanced(90_000_000, &zone, Time::midnight());
        assert_eq!(later.advanced(5, &zone, Time::midnight()), later);
    }
}
