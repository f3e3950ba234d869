//! Figures in receipts and in plain output, in English.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::value::{Figure, Unit};
use crate::event::{Millis, UnixMs};
use crate::scope::Window;

/// A count with its thousands apart: 1,017.
pub fn count(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if number < 0 { format!("-{text}") } else { text }
}

/// A count with what is counted: "1 call", "1,017 calls".
pub fn counted(number: i64, plural: &str) -> String {
    let noun = if number == 1 { plural.strip_suffix('s').unwrap_or(plural) } else { plural };
    format!("{} {noun}", count(number))
}

/// A goal: "80 %", "99.5 %".
pub fn percent(share: f64) -> String {
    format!("{} %", (share * 10_000.0).round() / 100.0)
}

/// A length as it is promised: "20 s", "15 min", "2 h".
pub fn length(length_ms: Millis) -> String {
    match length_ms {
        ms if ms >= 3_600_000 && ms % 3_600_000 == 0 => format!("{} h", ms / 3_600_000),
        ms if ms >= 120_000 && ms % 60_000 == 0 => format!("{} min", ms / 60_000),
        ms if ms % 1000 == 0 => format!("{} s", ms / 1000),
        ms => format!("{} s", ms as f64 / 1000.0),
    }
}

/// A length as it is measured: 0:07, 12:34, 1:02:03.
pub fn clock(seconds: f64) -> String {
    let seconds = seconds.max(0.0).round() as u64;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// From when to when: "2026-03-02 09:00 to 17:00".
pub fn span((from_ms, to_ms): (UnixMs, UnixMs), zone: &TimeZone) -> String {
    let local = |at_ms| Timestamp::from_millisecond(at_ms).map(|at| zone.to_datetime(at));
    // Times of the engine are within what can be written.
    let (Ok(from), Ok(to)) = (local(from_ms), local(to_ms)) else { return String::new() };
    let format = if from.date() == to.date() { "%H:%M" } else { "%Y-%m-%d %H:%M" };
    format!("{} to {}", from.strftime("%Y-%m-%d %H:%M"), to.strftime(format))
}

/// A figure: "81.13 %", "1:05", "1,017", "no data", "not applicable".
pub fn figure(figure: Figure, unit: Unit) -> String {
    match (figure, unit) {
        (Figure::NoData, _) => "no data".to_owned(),
        (Figure::NotApplicable, _) => "not applicable".to_owned(),
        (Figure::Concealed, _) => "concealed".to_owned(),
        (Figure::Number(share), Unit::Ratio) => format!("{:.2} %", share * 100.0),
        (Figure::Number(seconds), Unit::Seconds) => clock(seconds),
        (Figure::Number(number), Unit::Count) => count(number.round() as i64),
        (Figure::Number(number), Unit::Number | Unit::Money) => format!("{number:.2}"),
        (Figure::Number(number), Unit::Points) => format!("{number:.1}"),
    }
}

/// What an agent is called where names are concealed: the same for the same name, and nothing
/// that the name could be guessed from without a list of all names.
pub fn alias(name: &str) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    // FNV-1a: an alias must stay the same in every version.
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    // Names that differ in their last letter only differ in every bit after this.
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    let letter = |place: u32| char::from(LETTERS[(hash >> (place * 5 + 40)) as usize % 32]);
    format!("Agent {}", (0..4).map(letter).collect::<String>())
}

/// A window within a sentence: "in the last 15 minutes", "today".
pub fn window(window: Window) -> &'static str {
    match window {
        Window::Now => "now",
        Window::Min5 => "in the last 5 minutes",
        Window::Min15 => "in the last 15 minutes",
        Window::Min30 => "in the last 30 minutes",
        Window::Min60 => "in the last 60 minutes",
        Window::Today => "today",
        Window::Shift => "in this shift",
        Window::Hours24 => "in the last 24 hours",
        Window::Hours48 => "in the last 48 hours",
        Window::Yesterday => "yesterday",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_have_aliases_of_their_own() {
        let aliases: std::collections::BTreeSet<_> =
            (100..200).map(|extension| alias(&format!("SIP/{extension}"))).collect();
        assert_eq!(aliases.len(), 100);
    }

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!([count(7), count(1017), count(-1_234_567)], ["7", "1,017", "-1,234,567"]);
        assert_eq!([length(20_000), length(900_000), length(7_200_000)], ["20 s", "15 min", "2 h"]);
        assert_eq!([length(90_000), length(2_500)], ["90 s", "2.5 s"]);
        assert_eq!([clock(7.4), clock(754.0), clock(3723.0)], ["0:07", "12:34", "1:02:03"]);
        assert_eq!(figure(Figure::Number(860.0 / 1060.0), Unit::Ratio), "81.13 %");
        assert_eq!(figure(Figure::NoData, Unit::Ratio), "no data");
        assert_eq!(span((0, 5_400_000), &TimeZone::UTC), "1970-01-01 00:00 to 01:30");
        let long = span((-60_000, 60_000), &TimeZone::UTC);
        assert_eq!(long, "1969-12-31 23:59 to 1970-01-01 00:01");
    }
}
