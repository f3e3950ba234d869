//! The engine's own sense of time: the moment, the ring's newest bucket, the site's day.

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use crate::config::model::Shift;
use crate::event::{Millis, UnixMs};
use crate::scope::Window;

/// Length of a bucket. A sliding window is exact to this: "the last 15 minutes" are the 59
/// buckets before this one and what has passed of this one.
pub(crate) const BUCKET_MS: Millis = 15_000;
/// Buckets in the ring: 60 minutes, the longest sliding window.
pub(crate) const BUCKETS: usize = 240;

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

/// How many buckets a sliding window has.
pub(in crate::engine) fn buckets_of(window: Window) -> Option<usize> {
    match window {
        Window::Min5 => Some(20),
        Window::Min15 => Some(60),
        Window::Min30 => Some(120),
        Window::Min60 => Some(BUCKETS),
        _ => None,
    }
}

/// The last moment that the engine can think of, the year 9999. Later ones are this one.
const NOW_MS_MAX: UnixMs = 253_370_764_800_000;

/// Where we are in time. Never goes backwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Moment {
    pub(in crate::engine) now_ms: UnixMs,
    /// Number of the newest bucket since 1970.
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

    /// How many buckets ago `at_ms` was: 0 for the newest one.
    pub(in crate::engine) fn age(&self, at_ms: UnixMs) -> Option<usize> {
        let age = self.head - at_ms.div_euclid(BUCKET_MS);
        usize::try_from(age).ok().filter(|age| *age < BUCKETS)
    }

    pub(in crate::engine) fn quarter(&self) -> i64 {
        quarter_of(self.now_ms)
    }

    pub(in crate::engine) fn is_today(&self, at_ms: UnixMs) -> bool {
        at_ms >= self.day_start_ms
    }
}

/// When a bucket that many buckets ago began.
pub(in crate::engine) fn bucket_start_ms(moment: &Moment, age: usize) -> UnixMs {
    (moment.head - age as i64) * BUCKET_MS
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
    fn time_never_goes_back() {
        let zone = TimeZone::UTC;
        let later = Moment::START.advanced(90_000_000, &zone, Time::midnight());
        assert_eq!(later.advanced(5, &zone, Time::midnight()), later);
    }
}
