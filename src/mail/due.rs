//! When a report is due: once on each of its days, by the site's clock. On a day without that time
//! (spring) it is due as much later as the clock skips; on one that has it twice (autumn) at the first.

use std::collections::BTreeSet;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::config::model::{DayOfWeek, MailedReport};
use crate::event::UnixMs;

/// Days that are looked at: a week, and one more for zones that skip a day.
const DAYS: i32 = 9;

/// When a report is due.
#[derive(Clone, Debug)]
pub struct Schedule {
    at: Time,
    weekdays: BTreeSet<DayOfWeek>,
    zone: TimeZone,
}

/// A day's turn of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// Which day's, by the site's clock: there is one for each.
    pub date: Date,
    /// When.
    pub at_ms: UnixMs,
}

impl Schedule {
    /// That of a report.
    pub fn of(report: &MailedReport, zone: &TimeZone) -> Schedule {
        Schedule { at: report.at, weekdays: report.weekdays.clone(), zone: zone.clone() }
    }

    /// The newest that is due.
    pub fn last(&self, now_ms: UnixMs) -> Option<Occurrence> {
        (0..DAYS).find_map(|back| self.on(now_ms, -back).filter(|it| it.at_ms <= now_ms))
    }

    /// The one that comes next.
    pub fn next(&self, now_ms: UnixMs) -> Option<Occurrence> {
        (0..DAYS).find_map(|ahead| self.on(now_ms, ahead).filter(|it| it.at_ms > now_ms))
    }

    /// As if it were due now.
    pub fn now(&self, now_ms: UnixMs) -> Occurrence {
        let now = Timestamp::from_millisecond(now_ms).unwrap_or_default();
        Occurrence { date: self.zone.to_datetime(now).date(), at_ms: now_ms }
    }

    /// That of the day so many days from now, if the report has one then.
    fn on(&self, now_ms: UnixMs, days: i32) -> Option<Occurrence> {
        let now = Timestamp::from_millisecond(now_ms).ok()?;
        let date = self.zone.to_datetime(now).date().checked_add(days.days()).ok()?;
        if !self.weekdays.contains(&DayOfWeek::from(date.weekday())) {
            return None;
        }
        let at = date.to_datetime(self.at).to_zoned(self.zone.clone()).ok()?;
        Some(Occurrence { date, at_ms: at.timestamp().as_millisecond() })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::Weekday;

    use super::*;

    fn schedule(at: &str, weekdays: &[Weekday]) -> Schedule {
        let chosen: BTreeSet<DayOfWeek> = weekdays.iter().map(|day| (*day).into()).collect();
        Schedule {
            at: at.parse().expect("a time"),
            weekdays: if chosen.is_empty() { DayOfWeek::all() } else { chosen },
            zone: TimeZone::get("Europe/Warsaw").expect("bundled"),
        }
    }

    fn ms(text: &str) -> UnixMs {
        text.parse::<Timestamp>().expect("a time").as_millisecond()
    }

    /// Every turn of some days, looked for each minute.
    fn turns(schedule: &Schedule, from: &str, to: &str) -> Vec<String> {
        let mut found: Vec<Occurrence> = Vec::new();
        for now_ms in (ms(from)..ms(to)).step_by(60_000) {
            let last = schedule.last(now_ms).expect("there is always one");
            if found.last() != Some(&last) {
                found.push(last);
            }
        }
        let told = |it: &Occurrence| {
            let at = Timestamp::from_millisecond(it.at_ms).expect("in range");
            format!("{} {}", it.date, at.strftime("%Y-%m-%dT%H:%MZ"))
        };
        found.iter().skip(1).map(told).collect()
    }

    #[test]
    fn a_day_without_the_time_has_its_turn_once_and_later() {
        // At two the clock goes to three.
        let found = turns(&schedule("02:30", &[]), "2026-03-28T00:00Z", "2026-03-30T23:00Z");
        let expected = [
            "2026-03-28 2026-03-28T01:30Z",
            "2026-03-29 2026-03-29T01:30Z",
            "2026-03-30 2026-03-30T00:30Z",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_day_that_has_the_time_twice_has_its_turn_once() {
        // At three the clock goes back to two.
        let found = turns(&schedule("02:30", &[]), "2026-10-24T22:30Z", "2026-10-27T00:00Z");
        let expected = ["2026-10-25 2026-10-25T00:30Z", "2026-10-26 2026-10-26T01:30Z"];
        assert_eq!(found, expected);
    }

    #[test]
    fn only_its_days_of_the_week_have_a_turn() {
        let schedule = schedule("07:00", &[Weekday::Monday, Weekday::Friday]);
        let found = turns(&schedule, "2026-03-06T07:00Z", "2026-03-14T00:00Z");
        let expected = ["2026-03-09 2026-03-09T06:00Z", "2026-03-13 2026-03-13T06:00Z"];
        assert_eq!(found, expected);
        let next = schedule.next(ms("2026-03-09T06:00Z")).expect("there is one");
        assert_eq!(next.date.to_string(), "2026-03-13");
    }
}
