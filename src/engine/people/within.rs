//! W: the time within which a customer who comes again has come again.

use jiff::tz::TimeZone;

use crate::engine::moment::days_before;
use crate::event::{Millis, UnixMs};

const DAY_MS: Millis = 86_400_000;
/// A day of the calendar differs from 24 hours by less, wherever the clock is put forward or back.
const DAYS_DIFFER_MS: Millis = 26 * 3_600_000;

/// How soon a customer has to come to have come again. Whole days are days of the site's calendar, of which some have 23 or 25 hours.
#[derive(Clone, Debug)]
pub(in crate::engine) struct Within {
    length_ms: Millis,
    /// None when it is not a number of whole days.
    days: Option<i64>,
    zone: TimeZone,
}

impl Default for Within {
    fn default() -> Self {
        Within::new(0, TimeZone::UTC)
    }
}

impl Within {
    pub(in crate::engine) fn new(length_ms: Millis, zone: TimeZone) -> Self {
        let days = (length_ms % DAY_MS == 0).then_some(length_ms / DAY_MS);
        Within { length_ms, days, zone }
    }

    /// W before that.
    pub(in crate::engine) fn before_ms(&self, at_ms: UnixMs) -> UnixMs {
        match self.days {
            Some(days) => days_before(at_ms, days, &self.zone),
            None => at_ms.saturating_sub(self.length_ms),
        }
    }

    /// The later one came within W of the earlier one.
    pub(in crate::engine) fn reaches(&self, earlier_ms: UnixMs, later_ms: UnixMs) -> bool {
        let more_ms = later_ms.saturating_sub(earlier_ms).saturating_sub(self.length_ms);
        match self.days {
            Some(_) if more_ms.abs() < DAYS_DIFFER_MS => earlier_ms >= self.before_ms(later_ms),
            _ => more_ms <= 0,
        }
    }
}
