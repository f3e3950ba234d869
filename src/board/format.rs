//! How numbers, durations and times are written on a wall, in the site's language.
//!
//! The only place that turns figures into text. Knows no tile and no engine.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::length;
use crate::event::{Millis, UnixMs};
use crate::kpi::value::Unit;
pub use crate::language::Language;

const MINUTE_S: i64 = 60;
const HOUR_S: i64 = 60 * MINUTE_S;
/// A delay is told from here on.
const LATE_FROM_MS: Millis = 60_000;

/// What is shown where there is no number.
pub const NOTHING: &str = "–";

/// A number as it stands on a tile: the text, and the unit that is set smaller beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// "81", "4 min 07 s", "1,017".
    pub text: String,
    /// "%" or nothing.
    pub unit: &'static str,
}

/// Writes a figure in its unit.
pub fn figure(value: f64, unit: Unit, language: Language) -> Written {
    match unit {
        Unit::Ratio => Written { text: percent(value, language), unit: "%" },
        Unit::Seconds => {
            Written { text: length::written(seconds_to_ms(value), language), unit: "" }
        }
        Unit::Count => Written { text: count(value, language), unit: "" },
        Unit::Points => Written { text: decimals(value, 0, language), unit: "" },
        Unit::Number | Unit::Money => Written { text: decimals(value, 2, language), unit: "" },
    }
}

/// A figure with its unit in one piece of text: "80 %", "20 s", "5".
pub fn figure_in_line(value: f64, unit: Unit, language: Language) -> String {
    let written = figure(value, unit, language);
    match written.unit {
        "" => written.text,
        unit => language.with_unit(&written.text, unit),
    }
}

/// The same; an amount of money says in which: "4.20 EUR".
pub fn with_currency(value: f64, unit: Unit, language: Language, currency: &str) -> String {
    match unit {
        Unit::Money => format!("{}\u{a0}{currency}", figure(value, unit, language).text),
        _ => figure_in_line(value, unit, language),
    }
}

/// A goal, as people say it: "80%", "5 min".
pub fn goal(value: f64, unit: Unit, language: Language) -> String {
    match unit {
        Unit::Seconds => span(seconds_to_ms(value), language),
        _ => figure_in_line(value, unit, language),
    }
}

/// 0.8113 → "81", 0.0349 → "3.4". Rounded down, so that 79.96 is not shown as the 80 that was
/// promised; below ten per cent with one digit more, where each tenth matters.
fn percent(ratio: f64, language: Language) -> String {
    // Binary fractions such as 0.29 * 100 = 28.999…96 must not lose a whole per cent.
    let percent = ratio * 100.0 + 1e-9;
    let tenths = (percent * 10.0).floor() / 10.0;
    if (0.0..10.0).contains(&percent) && tenths.fract() != 0.0 {
        return format!("{tenths:.1}").replace('.', language.decimal());
    }
    format!("{:.0}", percent.floor())
}

/// A number with that many digits behind the decimal sign.
fn decimals(value: f64, digits: usize, language: Language) -> String {
    format!("{value:.digits$}").replace('.', language.decimal())
}

/// 1017 → "1,017"; fractions keep one digit.
pub fn count(value: f64, language: Language) -> String {
    let whole = value.trunc();
    let mut text = group(&format!("{:.0}", whole.abs()), language);
    let tenths = ((value.abs() - whole.abs()) * 10.0).round();
    if (1.0..=9.0).contains(&tenths) {
        text.push_str(language.decimal());
        text.push_str(&format!("{tenths:.0}"));
    }
    if value < 0.0 { format!("−{text}") } else { text }
}

fn group(digits: &str, language: Language) -> String {
    let (separator, from) = language.grouping();
    if digits.len() < from {
        return digits.to_owned();
    }
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push_str(separator);
        }
        text.push(digit);
    }
    text
}

/// "20 s", "15 min", "1 h": a threshold, as people say it.
pub fn span(ms: Millis, language: Language) -> String {
    match ms.max(0) / 1000 {
        whole if whole >= HOUR_S && whole % HOUR_S == 0 => language.hours(whole / HOUR_S),
        whole if whole >= 2 * MINUTE_S && whole % MINUTE_S == 0 => {
            language.minutes(whole / MINUTE_S)
        }
        seconds => language.seconds(seconds),
    }
}

/// "now", "40 s ago", "3 min ago", "2 h ago". Below a minute in steps of ten seconds: a wall
/// that counts seconds of silence is not calm.
pub fn ago(ms: Millis, language: Language) -> String {
    let length = match ms.max(0) / 1000 {
        0..10 => return language.say("just-now"),
        seconds @ 10..MINUTE_S => language.seconds(seconds / 10 * 10),
        seconds @ MINUTE_S..HOUR_S => language.minutes(seconds / MINUTE_S),
        seconds => language.hours(seconds / HOUR_S),
    };
    language.ago(&length)
}

/// "18 min late", "1 h 16 min late", "1 d 7 h late": by how much a promise is missed, the same on every
/// tile; below a minute just "late".
pub fn late_by(ms: Millis, language: Language) -> String {
    match ms {
        ..LATE_FROM_MS => language.say("verdict-late"),
        _ => language.late_by(&length::without_seconds(ms, language)),
    }
}

/// "14:02" in the site's zone.
pub fn clock_time(at_ms: UnixMs, zone: &TimeZone) -> String {
    match Timestamp::from_millisecond(at_ms) {
        Ok(at) => {
            let local = zone.to_datetime(at);
            format!("{:02}:{:02}", local.hour(), local.minute())
        }
        Err(_) => NOTHING.to_owned(),
    }
}

fn seconds_to_ms(seconds: f64) -> Millis {
    // `as` saturates, and makes 0 of NaN: right for text.
    (seconds * 1000.0) as Millis
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn per_cents_never_promise_more_than_was_reached() {
        let of = |ratio| figure(ratio, Unit::Ratio, Language::English).text;
        assert_eq!(of(0.8113), "81");
        assert_eq!(of(0.7996), "79");
        assert_eq!(of(0.29), "29");
        assert_eq!(of(0.9999), "99");
        assert_eq!(of(1.0), "100");
        assert_eq!(of(0.0), "0");
        assert_eq!(of(0.0349), "3.4");
        assert_eq!(figure(0.0349, Unit::Ratio, Language::Polish).text, "3,4");
        assert_eq!(of(0.03), "3");
    }

    #[test]
    fn counts_are_grouped_as_the_language_does() {
        assert_eq!(count(1017.0, Language::English), "1,017");
        assert_eq!(count(1_234_567.0, Language::English), "1,234,567");
        assert_eq!(count(1017.0, Language::Polish), "1017");
        assert_eq!(count(21_017.0, Language::Russian), "21\u{a0}017");
        assert_eq!(count(2.5, Language::Ukrainian), "2,5");
        assert_eq!(count(-3.0, Language::English), "−3");
    }

    #[test]
    fn thresholds_are_told_as_people_say_them() {
        assert_eq!(span(20_000, Language::English), "20\u{a0}s");
        assert_eq!(span(90_000, Language::English), "90\u{a0}s");
        assert_eq!(span(900_000, Language::Russian), "15\u{a0}мин");
        assert_eq!(span(7_200_000, Language::English), "2\u{a0}h");
    }

    #[test]
    fn silence_is_counted_calmly() {
        assert_eq!(ago(9_999, Language::English), "now");
        assert_eq!(ago(47_000, Language::English), "40\u{a0}s ago");
        assert_eq!(ago(200_000, Language::Polish), "3\u{a0}min temu");
        assert_eq!(ago(7_300_000, Language::English), "2\u{a0}h ago");
    }

    #[test]
    fn a_missed_promise_says_by_how_much() {
        let late = |s: i64, language| late_by(s * 1000, language).replace('\u{a0}', " ");
        assert_eq!(late(59, Language::English), "late");
        assert_eq!(late(18 * 60 + 59, Language::English), "18 min late");
        assert_eq!(late(76 * 60, Language::English), "1 h 16 min late");
        assert_eq!(late(7199, Language::Polish), "1 h 59 min po terminie");
        assert_eq!(late(7200, Language::Russian), "опоздание 2 ч");
        assert_eq!(late(31 * 3600, Language::English), "1 d 7 h late");
        assert_eq!(late(48 * 3600, Language::Ukrainian), "запізнення 2 д");
    }

    #[test]
    fn times_are_the_sites() {
        let warsaw = TimeZone::get("Europe/Warsaw").expect("bundled");
        assert_eq!(clock_time(1_700_000_000_000, &warsaw), "23:13");
        assert_eq!(
            Language::English.without("Telegram", Some("14:02")),
            "without Telegram since 14:02"
        );
    }

    #[test]
    fn a_target_is_written_in_one_piece() {
        assert_eq!(figure_in_line(0.8, Unit::Ratio, Language::English), "80%");
        assert_eq!(figure_in_line(0.8, Unit::Ratio, Language::Polish), "80\u{a0}%");
        assert_eq!(figure_in_line(20.0, Unit::Seconds, Language::English), "20\u{a0}s");
    }
}
