//! When people work: calendars and shifts.

use std::collections::BTreeMap;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

/// When a contact center, or a part of it, is open.
///
/// Open means that the clock on the wall there stands within the hours: an hour that the clock
/// repeats in autumn counts twice, one that it skips in spring not at all.
#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    /// Whose clock. Default the site's.
    pub time_zone: TimeZone,
    /// Hours of each weekday, Monday first. Default all around the clock.
    pub hours: [Vec<Span>; 7],
    /// Dates whose hours are not those of their weekday: holidays (none at all) and special days.
    pub exceptions: BTreeMap<Date, Vec<Span>>,
}

impl Calendar {
    /// Around the clock, every day.
    pub fn always(time_zone: TimeZone) -> Self {
        Self {
            time_zone,
            hours: std::array::from_fn(|_| vec![Span::WHOLE_DAY]),
            exceptions: BTreeMap::new(),
        }
    }
}

/// Hours without a break. They belong to the day on which they begin: a holiday does not send
/// home the night that began before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// Minutes from the day's midnight, 0 to 1439.
    pub opens_min: u16,
    /// Minutes from the same midnight, later than `opens_min` by at most 24 hours: beyond 1440
    /// it is on the next day.
    pub closes_min: u16,
}

impl Span {
    /// 00:00–24:00
    pub const WHOLE_DAY: Span = Span { opens_min: 0, closes_min: MINUTES_PER_DAY };
}

/// Minutes of a day on the clock, whatever the day's real length.
pub const MINUTES_PER_DAY: u16 = 24 * 60;

/// A named part of the day for which figures are counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    /// Shown on walls instead of the name.
    pub title: Option<String>,
    /// When it begins, on a quarter of an hour.
    pub start: Time,
    /// When it ends, on a quarter of an hour: on the next day when not later than `start`.
    pub end: Time,
}
