//! How long a channel is usually silent: of each hour of the week, the longest silence in each of
//! the last five weeks.
//!
//! Made of events alone, never of ticks: the same journal gives the same habits. An hour in which
//! the feed was broken, or began to be known, is left out: its silence says nothing.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::engine::moment::WEEKS;
use crate::event::{Millis, UnixMs};

const HOUR_MS: Millis = 3_600_000;
const MINUTE_MS: Millis = 60_000;
const HOURS_OF_WEEK: i64 = 7 * 24;
/// Weeks that must be known.
const KNOWN: usize = WEEKS as usize;

/// Silences by hour of the week.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(in crate::engine) struct Habit {
    /// By the site's hour of the week, in minutes and at least one, the newest week first; 0 where
    /// it is not known. Empty before the first whole hour.
    hours: Vec<[u16; KNOWN]>,
    /// The hour under way at the last event.
    hour: Option<Hour>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Hour {
    /// Since 1970.
    number: i64,
    /// The feed was known and worked in all of it so far.
    is_whole: bool,
    longest_ms: Millis,
}

impl Habit {
    /// Time has passed since the last event, which came at `heard_ms`; `works` is whether the feed
    /// did since then.
    pub(in crate::engine) fn advance(
        &mut self,
        heard_ms: Option<UnixMs>,
        now_ms: UnixMs,
        works: bool,
        zone: &TimeZone,
    ) {
        let number = now_ms.div_euclid(HOUR_MS);
        let begun = Hour { number, is_whole: false, longest_ms: 0 };
        let (Some(mut hour), Some(heard_ms)) = (self.hour, heard_ms) else {
            self.hour = Some(begun);
            return;
        };
        // After so long nothing of before is a habit.
        if number - hour.number > WEEKS * HOURS_OF_WEEK {
            self.hours.clear();
            hour = begun;
        }
        while hour.number < number {
            let end_ms = (hour.number + 1) * HOUR_MS;
            if hour.is_whole && works {
                self.remember(hour.number, hour.longest_ms.max(end_ms - heard_ms), zone);
            }
            hour = Hour { number: hour.number + 1, is_whole: works, longest_ms: 0 };
        }
        hour.is_whole &= works;
        hour.longest_ms = hour.longest_ms.max(now_ms.saturating_sub(heard_ms));
        self.hour = Some(hour);
    }

    /// The hour under way says nothing: the feed is broken.
    pub(in crate::engine) fn spoil(&mut self) {
        if let Some(hour) = &mut self.hour {
            hour.is_whole = false;
        }
    }

    fn remember(&mut self, number: i64, longest_ms: Millis, zone: &TimeZone) {
        self.hours.resize(HOURS_OF_WEEK as usize, [0; KNOWN]);
        let minutes = longest_ms.div_euclid(MINUTE_MS) + 1;
        if let Some(weeks) = self.hours.get_mut(hour_of_week(number, zone)) {
            weeks.rotate_right(1);
            weeks[0] = u16::try_from(minutes).unwrap_or(u16::MAX);
        }
    }

    /// The longest silence that is usual at that time: of the five weeks the longest is left out,
    /// as it may have been a breakdown that nobody told of. Nothing while fewer weeks are known.
    pub(in crate::engine) fn usual_ms(&self, at_ms: UnixMs, zone: &TimeZone) -> Option<Millis> {
        let number = at_ms.div_euclid(HOUR_MS);
        let mut weeks = *self.hours.get(hour_of_week(number, zone))?;
        weeks.sort_unstable();
        let is_known = weeks.iter().all(|minutes| *minutes > 0);
        is_known.then(|| i64::from(weeks[KNOWN - 2]) * MINUTE_MS)
    }
}

/// By the site's clock: a clock that is set does not move habits.
fn hour_of_week(number: i64, zone: &TimeZone) -> usize {
    let begins = Timestamp::from_millisecond(number.saturating_mul(HOUR_MS)).unwrap_or_default();
    let offset_ms = i64::from(zone.to_offset(begins).seconds()) * 1000;
    let here = number.saturating_mul(HOUR_MS).saturating_add(offset_ms).div_euclid(HOUR_MS);
    here.rem_euclid(HOURS_OF_WEEK) as usize
}
