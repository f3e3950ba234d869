//! The days of a report: one, or the seven of a week.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::engine::{QUARTER_MS, Quarters, Rules};
use crate::event::UnixMs;

pub use crate::config::model::ReportKind as Kind;

impl Kind {
    /// Within a sentence: "that day".
    pub(super) fn when(self) -> &'static str {
        match self {
            Kind::Daily => "that day",
            Kind::Weekly => "that week",
        }
    }

    fn days(self) -> i64 {
        match self {
            Kind::Daily => 1,
            Kind::Weekly => 7,
        }
    }
}

/// The days of a report, by the site's clock and start of the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// What it is.
    pub kind: Kind,
    /// Its first day.
    pub first: Date,
    /// Its last day.
    pub last: Date,
    /// Its first moment, and the first after it.
    pub from_ms: UnixMs,
    /// See `from_ms`.
    pub to_ms: UnixMs,
}

impl Span {
    /// The day, or the week (Monday to Sunday), that holds a date.
    pub fn holding(kind: Kind, date: Date, rules: &Rules) -> Option<Span> {
        let first = match kind {
            Kind::Daily => date,
            Kind::Weekly => {
                let since_monday = i64::from(date.weekday().to_monday_zero_offset());
                date.checked_sub(since_monday.days()).ok()?
            }
        };
        Span::from(kind, first, rules)
    }

    /// The newest one that was over at `now_ms`.
    pub fn last_whole(kind: Kind, now_ms: UnixMs, rules: &Rules) -> Option<Span> {
        let now = Timestamp::from_millisecond(now_ms).ok()?;
        let mut date = rules.time_zone.to_datetime(now).date();
        // A night that counts to the day before may put the date one too late, hence two.
        for _ in 0..3 * kind.days() {
            let span = Span::holding(kind, date, rules)?;
            if span.to_ms <= now_ms {
                return Some(span);
            }
            date = date.yesterday().ok()?;
        }
        None
    }

    /// The one before, or so many before.
    pub fn earlier(&self, rules: &Rules) -> Option<Span> {
        let first = self.first.checked_sub(self.kind.days().days()).ok()?;
        Span::from(self.kind, first, rules)
    }

    fn from(kind: Kind, first: Date, rules: &Rules) -> Option<Span> {
        let next = first.checked_add(kind.days().days()).ok()?;
        let starts_ms = |date: Date| starts_ms(date, rules);
        Some(Span {
            kind,
            first,
            last: next.yesterday().ok()?,
            from_ms: starts_ms(first)?,
            to_ms: starts_ms(next)?,
        })
    }

    /// Its quarters of an hour.
    pub fn quarters(&self) -> Quarters {
        Quarters::between(self.from_ms, self.to_ms)
    }

    /// "2026-03-02", or "2026-03-02 to 2026-03-08".
    pub fn dates(&self) -> String {
        match self.kind {
            Kind::Daily => self.first.to_string(),
            Kind::Weekly => format!("{} to {}", self.first, self.last),
        }
    }
}

fn starts_ms(date: Date, rules: &Rules) -> Option<UnixMs> {
    let zoned = date.to_datetime(rules.day_start).to_zoned(rules.time_zone.clone()).ok()?;
    Some(zoned.timestamp().as_millisecond())
}

/// "Mon 09:15", by the site's clock.
pub(super) fn moment(at_ms: UnixMs, zone: &TimeZone) -> String {
    let Ok(at) = Timestamp::from_millisecond(at_ms) else { return String::new() };
    zone.to_datetime(at).strftime("%a %H:%M").to_string()
}

/// "Tue 2026-03-03 08:00", by the site's clock.
pub(super) fn minute(at_ms: UnixMs, zone: &TimeZone) -> String {
    let Ok(at) = Timestamp::from_millisecond(at_ms) else { return String::new() };
    zone.to_datetime(at).strftime("%a %Y-%m-%d %H:%M").to_string()
}

/// "09:15", by the site's clock.
pub(super) fn clock(at_ms: UnixMs, zone: &TimeZone) -> String {
    let at = Timestamp::from_millisecond(at_ms).unwrap_or_default();
    zone.to_datetime(at).strftime("%H:%M").to_string()
}

/// "Mon 09:15–09:30"
pub(super) fn quarter(at_ms: UnixMs, zone: &TimeZone) -> String {
    format!("{}–{}", moment(at_ms, zone), clock(at_ms + QUARTER_MS, zone))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(zone: &str) -> Rules {
        let time_zone = TimeZone::get(zone).expect("a zone of the bundled database");
        Rules { time_zone, ..Rules::default() }
    }

    fn ms(text: &str) -> UnixMs {
        text.parse::<Timestamp>().expect("a time").as_millisecond()
    }

    #[test]
    fn a_week_begins_on_monday_and_a_day_can_have_23_hours() {
        let rules = rules("Europe/Warsaw");
        let date = "2026-03-29".parse().expect("a date");
        let day = Span::holding(Kind::Daily, date, &rules).expect("in range");
        assert_eq!((day.to_ms - day.from_ms) / 3_600_000, 23);
        let week = Span::holding(Kind::Weekly, date, &rules).expect("in range");
        assert_eq!(week.dates(), "2026-03-23 to 2026-03-29");
        assert_eq!(week.earlier(&rules).expect("in range").dates(), "2026-03-16 to 2026-03-22");
    }

    #[test]
    fn the_last_whole_day_is_over() {
        let rules = rules("Europe/Warsaw");
        let last = |now| Span::last_whole(Kind::Daily, ms(now), &rules).expect("in range").dates();
        assert_eq!(last("2026-03-02T22:59:59Z"), "2026-03-01");
        assert_eq!(last("2026-03-02T23:00:00Z"), "2026-03-02");
        let week = |now| Span::last_whole(Kind::Weekly, ms(now), &rules).expect("in range").dates();
        assert_eq!(week("2026-03-08T22:59:59Z"), "2026-02-23 to 2026-03-01");
        assert_eq!(week("2026-03-08T23:00:00Z"), "2026-03-02 to 2026-03-08");
    }
}
