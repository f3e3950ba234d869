//! `countdown`: how long it is until a moment, or until a time of the day or of the week.

use jiff::civil::{DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::Serialize;

use super::{Face, State, Tile, Tone};
use crate::board::figures::Scene;
use crate::board::format::Language;
use crate::board::reader::{Section, Texts};
use crate::event::UnixMs;

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];
/// A day that has no such time, because clocks are changed, is passed over.
const DAYS_AHEAD: i64 = 15;

struct Countdown {
    to: To,
    done: Option<Texts>,
}

/// Until when.
enum To {
    /// A moment that says how far its clock is from UTC.
    Moment(Timestamp),
    /// By the site's clock.
    Once(DateTime),
    /// Every day, or every week on that day.
    Again(Option<Weekday>, Time),
}

#[derive(Serialize)]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    to_ms: Option<UnixMs>,
    /// Instead of a time below nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    done: Option<&'a str>,
}

pub(super) const EXAMPLE: &str = r#"at = 17:30:00
weekday = "friday"
done = "Closed""#;

pub(super) fn parse(section: &Section<'_>) -> Option<Box<dyn Tile>> {
    let moment = section.moment("to");
    let names = WEEKDAYS.map(|(name, _)| name);
    let weekday = section.one_of("weekday", &names, |word| {
        WEEKDAYS.iter().find(|(name, _)| *name == word).map(|(_, weekday)| *weekday)
    });
    let time = section.moment("at");
    let languages = Language::ALL.map(Language::id);
    let done = section.texts("done", &languages);
    let to = match (moment, time) {
        (Some(moment), None) if weekday.is_none() => {
            let with_offset = moment.value.parse().map(To::Moment);
            match with_offset.or_else(|_| moment.value.parse().map(To::Once)) {
                Ok(to) => to,
                Err(_) => {
                    let must =
                        "`to` is a date with a time by the site's clock: 2026-12-24T18:00:00";
                    section.problem_at(moment.offset, must);
                    return None;
                }
            }
        }
        (None, Some(time)) => match time.value.parse() {
            Ok(time) => To::Again(weekday, time),
            Err(_) => {
                section.problem_at(time.offset, "`at` is a time of the day: 17:30:00");
                return None;
            }
        },
        _ => {
            section.problem("either `to` (a date with a time), or `at` with or without `weekday`");
            return None;
        }
    };
    Some(Box::new(Countdown { to, done }))
}

impl To {
    /// The moment that is counted down to; none where no calendar has one.
    fn ms(&self, zone: &TimeZone, now_ms: UnixMs) -> Option<UnixMs> {
        let at = |moment: DateTime| {
            Some(moment.to_zoned(zone.clone()).ok()?.timestamp().as_millisecond())
        };
        match self {
            To::Moment(moment) => Some(moment.as_millisecond()),
            To::Once(moment) => at(*moment),
            To::Again(weekday, time) => {
                let today = zone.to_datetime(Timestamp::from_millisecond(now_ms).ok()?).date();
                let days = (0..DAYS_AHEAD).filter_map(|days| today.checked_add(days.days()).ok());
                let days = days.filter(|day| weekday.is_none_or(|it| it == day.weekday()));
                days.filter_map(|day| at(day.to_datetime(*time))).find(|at_ms| *at_ms > now_ms)
            }
        }
    }
}

impl Tile for Countdown {
    fn render(&self, scene: &Scene<'_>) -> String {
        let to_ms = self.to.ms(&scene.site.time_zone, scene.now_ms);
        let is_over = to_ms.is_some_and(|to_ms| to_ms <= scene.now_ms);
        let done = self.done.as_ref().map(|done| done.in_language(scene.language.id()));
        let state = if to_ms.is_some() { State::Live } else { State::NoData };
        let body = Body { to_ms, done: done.filter(|_| is_over) };
        Face { state, tone: Tone::Plain, note: None, body }.encode()
    }
}
