//! The script's day and its times: `on 2026-03-02 Europe/Warsaw`, `09:00:30`, `1m30s`.

use jiff::civil::{Date, Time};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use jiff::{Timestamp, ToSpan};

use super::mistake::Fault;
use super::words::Word;
use crate::config::units;
use crate::event::{Millis, UnixMs};

/// Where in time the reading of a script is.
pub(super) struct Calendar {
    zone: TimeZone,
    day: Option<Date>,
    /// The time of the line before: a line without one happens then.
    last: Option<UnixMs>,
}

impl Calendar {
    pub(super) fn new(zone: TimeZone) -> Self {
        Calendar { zone, day: None, last: None }
    }

    pub(super) fn has_day(&self) -> bool {
        self.day.is_some()
    }

    /// The time of the line before.
    pub(super) fn last(&self) -> Option<UnixMs> {
        self.last
    }

    /// `on DATE`
    pub(super) fn set_day(&mut self, word: &Word) -> Result<(), Fault> {
        let day = date(word)?;
        if self.day.is_some_and(|before| day <= before) {
            return Err(word.fault("this day is not later than the one before", ""));
        }
        (self.day, self.last) = (Some(day), None);
        Ok(())
    }

    /// `next day`
    pub(super) fn next_day(&mut self, word: &Word) -> Result<(), Fault> {
        let Some(day) = self.day else { return Err(no_day(word)) };
        let next = day.checked_add(1.day());
        self.day = Some(next.map_err(|_| word.fault("there is no day after this one", ""))?);
        self.last = None;
        Ok(())
    }

    /// The time at the beginning of these words, which are used up by it; that of the line
    /// before where there is none.
    pub(super) fn time(&mut self, words: &mut &[Word]) -> Result<UnixMs, Fault> {
        let Some(first) = words.first() else { return Ok(self.last.unwrap_or_default()) };
        if !begins_with_digit(first) {
            let missing = || {
                first.fault(
                    "when was that?",
                    "begin the line with a time, such as 09:00 or 09:00:30",
                )
            };
            return self.last.ok_or_else(missing);
        }
        let at_ms = self.moment(words)?;
        self.last = Some(at_ms);
        Ok(at_ms)
    }

    /// `[DATE] TIME`
    pub(super) fn moment(&self, words: &mut &[Word]) -> Result<UnixMs, Fault> {
        let Some((first, rest)) = words.split_first() else { return Ok(0) };
        *words = rest;
        if !first.text.contains(':') && first.text.contains('-') {
            let day = date(first)?;
            let Some((time, rest)) = words.split_first() else {
                return Err(first.fault("a day without a time", "such as 2026-03-03 09:00"));
            };
            *words = rest;
            return self.at(day, time);
        }
        self.at(self.day.ok_or_else(|| no_day(first))?, first)
    }

    fn at(&self, day: Date, word: &Word) -> Result<UnixMs, Fault> {
        let bad = || word.fault(format!("`{}` is no time", word.text), "such as 09:00 or 09:00:30");
        let offset_at = word.text.find(['+', '-', 'Z']).unwrap_or(word.text.len());
        let (clock, offset) = word.text.split_at(offset_at);
        let local = day.to_datetime(time_of_day(clock).ok_or_else(bad)?);
        let moment = if offset.is_empty() {
            let ambiguous = self.zone.to_ambiguous_timestamp(local);
            match ambiguous.offset() {
                AmbiguousOffset::Unambiguous { .. } => {}
                AmbiguousOffset::Gap { .. } => {
                    let what = format!("on {day} clocks go forward: there is no {clock}");
                    return Err(word.fault(what, ""));
                }
                AmbiguousOffset::Fold { before, after } => {
                    let what = format!("on {day} clocks go back: {clock} comes twice");
                    let written = |offset: Offset| {
                        let text = offset.to_string();
                        if text.contains(':') { text } else { text + ":00" }
                    };
                    let (before, after) = (written(before), written(after));
                    let hint = format!("write {clock}{before} or {clock}{after}");
                    return Err(word.fault(what, hint));
                }
            }
            ambiguous.compatible()
        } else {
            offset_of(offset).ok_or_else(bad)?.to_timestamp(local)
        };
        moment.map(Timestamp::as_millisecond).map_err(|_| bad())
    }
}

fn no_day(word: &Word) -> Fault {
    word.fault("of which day?", "write `on 2026-03-02` above the first time")
}

fn date(word: &Word) -> Result<Date, Fault> {
    let bad = || word.fault(format!("`{}` is no day", word.text), "such as 2026-03-02");
    let plain = word.text.len() == 10 && word.text.chars().all(|c| c.is_ascii_digit() || c == '-');
    if plain { word.text.parse().map_err(|_| bad()) } else { Err(bad()) }
}

/// `09:00`, `9:00:30`, `09:00:30.250`
fn time_of_day(text: &str) -> Option<Time> {
    let mut parts = text.split(':');
    let number = |part: &str| {
        let digits = !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
        if digits { part.parse::<i8>().ok() } else { None }
    };
    let (hour, minute) = (number(parts.next()?)?, number(parts.next()?)?);
    let (second, fraction) = match parts.next() {
        None => (0, ""),
        Some(part) => {
            let (whole, fraction) = part.split_once('.').unwrap_or((part, ""));
            (number(whole)?, fraction)
        }
    };
    if parts.next().is_some() || fraction.len() > 3 || !fraction.chars().all(|c| c.is_ascii_digit())
    {
        return None;
    }
    let millis: i32 = format!("{fraction:0<3}").parse().ok()?;
    Time::new(hour, minute, second, millis * 1_000_000).ok()
}

/// `Z`, `+02:00`
fn offset_of(text: &str) -> Option<Offset> {
    if text == "Z" {
        return Some(Offset::UTC);
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let time = time_of_day(text.get(1..)?)?;
    let seconds = i32::from(time.hour()) * 3600 + i32::from(time.minute()) * 60;
    Offset::from_seconds(sign * seconds).ok()
}

/// The zone of an `on` line.
pub(super) fn zone(word: &Word) -> Result<TimeZone, Fault> {
    TimeZone::get(&word.text).map_err(|_| {
        word.fault(format!("there is no zone `{}`", word.text), "such as Europe/Warsaw")
    })
}

/// `20s`, `1m30s`
pub(super) fn length(word: &Word) -> Result<Millis, Fault> {
    let bad =
        || word.fault(format!("`{}` is no length of time", word.text), "such as 20s, 1m30s or 2h");
    let length = units::parse_duration(&word.text).ok_or_else(bad)?;
    Millis::try_from(length.as_millis()).map_err(|_| bad())
}

pub(super) fn begins_with_digit(word: &Word) -> bool {
    !word.quoted && word.text.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::super::words::Cursor;
    use super::*;

    fn moment(zone: &str, day: &str, text: &str) -> Result<String, String> {
        let mut calendar = Calendar::new(TimeZone::get(zone).expect("zone"));
        let words = Cursor::new(&format!("{day} {text}")).words().expect("words");
        calendar.set_day(&words[0]).expect("day");
        let at_ms =
            calendar.moment(&mut &words[1..]).map_err(|fault| fault.what + "; " + &fault.hint)?;
        Ok(Timestamp::from_millisecond(at_ms).expect("moment").to_string())
    }

    #[test]
    fn times_are_the_zones() {
        let warsaw = |text| moment("Europe/Warsaw", "2026-03-02", text);
        assert_eq!(warsaw("9:00"), Ok("2026-03-02T08:00:00Z".to_owned()));
        assert_eq!(warsaw("09:00:30.25"), Ok("2026-03-02T08:00:30.25Z".to_owned()));
        assert_eq!(warsaw("2026-07-01 09:00"), Ok("2026-07-01T07:00:00Z".to_owned()));
        for bad in ["24:00", "9", "9:60", "09:00:00.1234", "09:00+2", "-1:00"] {
            assert!(warsaw(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn hours_that_come_twice_or_never_are_mistakes() {
        let autumn = |text| moment("Europe/Warsaw", "2026-10-25", text);
        assert_eq!(
            autumn("02:30"),
            Err(
                "on 2026-10-25 clocks go back: 02:30 comes twice; write 02:30+02:00 or 02:30+01:00"
                    .to_owned()
            )
        );
        assert_eq!(autumn("02:30+01:00"), Ok("2026-10-25T01:30:00Z".to_owned()));
        let spring = moment("Europe/Warsaw", "2026-03-29", "02:30");
        assert_eq!(spring, Err("on 2026-03-29 clocks go forward: there is no 02:30; ".to_owned()));
    }
}
