//! Days, windows and open hours, by looking at the clock on the wall.

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use tablica::event::{Millis, UnixMs};
use tablica::scope::Window;

use super::world::{DAY, HOUR, MINUTE, OFFICE_HOURS, OFFICE_ZONE, SHIFT_HOURS, World};

/// From its first moment to its last, both included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Span {
    pub(super) from_ms: UnixMs,
    pub(super) to_ms: UnixMs,
}

impl Span {
    pub(super) fn holds(self, at_ms: UnixMs) -> bool {
        self.from_ms <= at_ms && at_ms <= self.to_ms
    }
}

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).expect("a zone of the database")
}

fn date_of(at_ms: UnixMs, zone: &TimeZone) -> Date {
    Timestamp::from_millisecond(at_ms).expect("a time").to_zoned(zone.clone()).date()
}

/// When the clock there shows that hour on that date.
fn moment(date: Date, hour: i8, zone: &TimeZone) -> UnixMs {
    let zoned = date.at(hour, 0, 0, 0).to_zoned(zone.clone()).expect("a time there");
    zoned.timestamp().as_millisecond()
}

/// The last time, up to that moment, at which the clock there showed that hour.
fn last_hour_of(at_ms: UnixMs, hour: i8, zone: &TimeZone) -> (Date, UnixMs) {
    let date = date_of(at_ms, zone);
    let today = moment(date, hour, zone);
    if today <= at_ms {
        return (date, today);
    }
    let before = date.yesterday().expect("a date");
    (before, moment(before, hour, zone))
}

/// The span of a window by its name. `None`: there is no such span now.
pub(super) fn span(world: World, window: Window, now_ms: UnixMs) -> Option<Span> {
    let last = |length: Millis| Some(Span { from_ms: now_ms - length, to_ms: now_ms });
    let zone = zone(world.zone);
    let (day, day_from_ms) = last_hour_of(now_ms, world.day_start_hour, &zone);
    match window {
        Window::Now => None,
        Window::Min5 => last(5 * MINUTE),
        Window::Min15 => last(15 * MINUTE),
        Window::Min30 => last(30 * MINUTE),
        Window::Min60 => last(HOUR),
        Window::Hours24 => last(DAY),
        Window::Hours48 => last(2 * DAY),
        Window::Today => Some(Span { from_ms: day_from_ms, to_ms: now_ms }),
        Window::Shift => {
            let (date, from_ms) = last_hour_of(now_ms, SHIFT_HOURS.0, &zone);
            let is_under_way = now_ms < moment(date, SHIFT_HOURS.1, &zone);
            is_under_way.then_some(Span { from_ms, to_ms: now_ms })
        }
        Window::Yesterday => {
            let before = day.yesterday().expect("a date");
            let from_ms = moment(before, world.day_start_hour, &zone);
            Some(Span { from_ms, to_ms: day_from_ms - 1 })
        }
    }
}

/// The stretches between two moments in which the office is open, or all of it.
pub(super) fn open(office: bool, from_ms: UnixMs, to_ms: UnixMs) -> Vec<(UnixMs, UnixMs)> {
    if !office {
        return vec![(from_ms, to_ms)];
    }
    let zone = zone(OFFICE_ZONE);
    let mut date = date_of(from_ms, &zone);
    let mut stretches = Vec::new();
    while moment(date, 0, &zone) <= to_ms {
        let is_weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        for (opens, closes) in OFFICE_HOURS.into_iter().filter(|_| !is_weekend) {
            let begin = moment(date, opens, &zone).max(from_ms);
            let end = moment(date, closes, &zone).min(to_ms);
            if begin < end {
                stretches.push((begin, end));
            }
        }
        date = date.tomorrow().expect("a date");
    }
    stretches
}

/// How long it was open.
pub(super) fn open_ms(office: bool, from_ms: UnixMs, to_ms: UnixMs) -> Millis {
    open(office, from_ms, to_ms).into_iter().map(|(begin, end)| end - begin).sum()
}

/// Whether it is open at that moment: from the opening on, and not at the closing any more.
pub(super) fn is_open(office: bool, at_ms: UnixMs) -> bool {
    open(office, at_ms, at_ms + 1).into_iter().any(|(begin, end)| begin < end)
}
