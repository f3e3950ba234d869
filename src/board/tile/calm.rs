//! Lengths of time that change seldom: a list in which every row counts seconds is not calm.

use super::Tone;
use super::words::Word;
use crate::board::format::Language;
use crate::engine::Deadline;
use crate::event::{Millis, UnixMs};

/// A non-breaking space: a number stays with its unit.
const SPACE: char = '\u{a0}';
const SECOND_MS: Millis = 1000;
const MINUTE_MS: Millis = 60 * SECOND_MS;
const HOUR_MS: Millis = 60 * MINUTE_MS;
const DAY_MS: Millis = 24 * HOUR_MS;
/// Below this, lengths are told in steps of ten seconds.
const SECONDS_BELOW_MS: Millis = 2 * MINUTE_MS;
/// What is shown changes at most this often.
const STEP_MS: Millis = 10 * SECOND_MS;

/// The moment as lists know it: all of their rows change together.
pub(super) fn step(now_ms: UnixMs) -> UnixMs {
    now_ms.div_euclid(STEP_MS) * STEP_MS
}

/// "40 s", "18 min", "3 h 5 min", "1 d 7 h".
pub(super) fn length(ms: Millis, language: Language) -> String {
    let ms = ms.max(0);
    let [s, min, h, d] = language.short_units();
    let one = |number: Millis, unit: &str| format!("{number}{SPACE}{unit}");
    let two = |first: (Millis, &str), second: (Millis, &str)| match second.0 {
        0 => one(first.0, first.1),
        _ => format!("{}{SPACE}{}", one(first.0, first.1), one(second.0, second.1)),
    };
    match ms {
        ..SECONDS_BELOW_MS => one(ms / STEP_MS * STEP_MS / SECOND_MS, &s),
        SECONDS_BELOW_MS..HOUR_MS => one(ms / MINUTE_MS, &min),
        HOUR_MS..DAY_MS => two((ms / HOUR_MS, &h), (ms % HOUR_MS / MINUTE_MS, &min)),
        _ => two((ms / DAY_MS, &d), (ms % DAY_MS / HOUR_MS, &h)),
    }
}

/// "4 min left", "18 min late", and how much that asks for action.
pub(super) fn countdown(deadline: &Deadline, now_ms: UnixMs, language: Language) -> (String, Tone) {
    if deadline.is_late_at(now_ms) {
        let late_ms = -deadline.left_ms;
        let text = match late_ms {
            ..STEP_MS => language.word(Word::Late),
            _ => language.late_by(&length(late_ms, language)),
        };
        return (text, Tone::Bad);
    }
    let tone = if deadline.is_at_risk { Tone::Warn } else { Tone::Plain };
    if deadline.is_paused {
        return (language.word(Word::Paused), Tone::Plain);
    }
    match deadline.left_ms {
        ..STEP_MS => (language.word(Word::DueNow), tone),
        left_ms => (language.left(&length(left_ms, language)), tone),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_change_seldom_and_are_no_time_of_day() {
        let of = |ms| length(ms, Language::English).replace(SPACE, " ");
        assert_eq!([of(-5), of(9_999), of(47_000), of(119_999)], ["0 s", "0 s", "40 s", "110 s"]);
        assert_eq!([of(120_000), of(18 * MINUTE_MS)], ["2 min", "18 min"]);
        assert_eq!([of(HOUR_MS), of(3 * HOUR_MS + 5 * MINUTE_MS)], ["1 h", "3 h 5 min"]);
        assert_eq!([of(DAY_MS), of(31 * HOUR_MS)], ["1 d", "1 d 7 h"]);
        assert_eq!(length(61 * MINUTE_MS, Language::Ukrainian), "1\u{a0}год\u{a0}1\u{a0}хв");
    }

    #[test]
    fn late_is_not_at_risk() {
        let deadline = |due_ms, left_ms, is_at_risk, is_paused| Deadline {
            due_ms,
            left_ms,
            is_at_risk,
            is_paused,
        };
        let told = |deadline| {
            let (text, tone) = countdown(&deadline, 1_000_000, Language::English);
            (text.replace(SPACE, " "), tone)
        };
        assert_eq!(
            told(deadline(1_240_000, 240_000, false, false)),
            ("4 min left".into(), Tone::Plain)
        );
        assert_eq!(
            told(deadline(1_240_000, 240_000, true, false)),
            ("4 min left".into(), Tone::Warn)
        );
        assert_eq!(told(deadline(1_000_000, 0, true, false)), ("now".into(), Tone::Warn));
        assert_eq!(told(deadline(995_000, -5_000, true, false)), ("late".into(), Tone::Bad));
        assert_eq!(
            told(deadline(1, -18 * MINUTE_MS, true, true)),
            ("18 min late".into(), Tone::Bad)
        );
        assert_eq!(
            told(deadline(2_000_000, 9_000, true, true)),
            ("outside hours".into(), Tone::Plain)
        );
    }
}
