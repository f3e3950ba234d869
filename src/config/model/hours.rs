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

    /// "Mon–Fri 09:00–18:00, Sat 10:00–14:00, Europe/Warsaw"
    pub fn in_words(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        let mut day = 0;
        while day < DAYS.len() {
            let alike = self.hours[day..].iter().take_while(|hours| **hours == self.hours[day]);
            let last = day + alike.count() - 1;
            if !self.hours[day].is_empty() {
                let spans: Vec<_> = self.hours[day].iter().map(Span::in_words).collect();
                let days = match (day, last) {
                    (0, 6) => "daily".to_owned(),
                    _ if day == last => DAYS[day].to_owned(),
                    _ => format!("{}–{}", DAYS[day], DAYS[last]),
                };
                parts.push(format!("{days} {}", spans.join(" and ")));
            }
            day = last + 1;
        }
        if parts.is_empty() {
            parts.push("on special days only".to_owned());
        }
        parts.extend(self.time_zone.iana_name().map(str::to_owned));
        parts.join(", ")
    }
}

/// Monday first.
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

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

    /// Whether a time of day lies in it, on this day or as the end of the night before.
    pub fn covers(&self, hour: i8, minute: i8) -> bool {
        let now = u16::try_from(i32::from(hour) * 60 + i32::from(minute)).unwrap_or_default();
        let within = |minute| (self.opens_min..self.closes_min).contains(&minute);
        within(now) || within(now + MINUTES_PER_DAY)
    }

    /// "21:00–02:00"
    fn in_words(&self) -> String {
        let clock = |minutes: u16| match minutes {
            MINUTES_PER_DAY => "24:00".to_owned(),
            _ => format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60),
        };
        format!("{}–{}", clock(self.opens_min), clock(self.closes_min))
    }
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

/// When a channel is expected to deliver.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ChannelCalendar {
    /// While one of the queues is open that it feeds.
    #[default]
    OfQueues,
    /// Around the clock.
    Always,
    /// By this `[calendar.NAME]`.
    Named(String),
}
