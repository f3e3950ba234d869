//! How a length of time is written on a wall: "45 s", "9 min 05 s", "18 min", "2 h 10 min", "1 d 7 h".
//!
//! Never to be read as a time of day, and the longer it is, the more seldom it changes.

use crate::event::Millis;
use crate::language::Language;

const SECOND_MS: Millis = 1000;
const MINUTE_MS: Millis = 60 * SECOND_MS;
const HOUR_MS: Millis = 60 * MINUTE_MS;
const DAY_MS: Millis = 24 * HOUR_MS;
/// From here on a length is told in minutes: its seconds would change faster than anybody acts.
const SECONDS_BELOW_MS: Millis = 10 * MINUTE_MS;
/// In lists from here on.
const SECONDS_OF_LIST_BELOW_MS: Millis = 2 * MINUTE_MS;
/// What is shown in lists changes at most this often: one in which every row counts is not calm.
pub(super) const LIST_STEP_MS: Millis = 10 * SECOND_MS;

/// A number never breaks across two lines.
const SPACE: char = '\u{a0}';

/// A length of time; what is negative is none.
pub(super) fn written(ms: Millis, language: Language) -> String {
    let ms = ms.max(0);
    let [s, min, ..] = language.short_units();
    match ms {
        ..MINUTE_MS => one(ms / SECOND_MS, s),
        // Both digits of the seconds, so that a length that runs keeps its width.
        MINUTE_MS..SECONDS_BELOW_MS => {
            let seconds = ms % MINUTE_MS / SECOND_MS;
            format!("{}{SPACE}{seconds:02}{SPACE}{s}", one(ms / MINUTE_MS, min))
        }
        _ => without_seconds(ms, language),
    }
}

/// A length of time in a list: "40 s", "18 min", "3 h 5 min".
pub(super) fn in_list(ms: Millis, language: Language) -> String {
    let ms = ms.max(0);
    let [s, ..] = language.short_units();
    match ms {
        ..SECONDS_OF_LIST_BELOW_MS => one(ms / LIST_STEP_MS * LIST_STEP_MS / SECOND_MS, s),
        _ => without_seconds(ms, language),
    }
}

fn one(number: Millis, unit: &str) -> String {
    format!("{number}{SPACE}{unit}")
}

/// The two largest units, down to minutes.
pub(super) fn without_seconds(ms: Millis, language: Language) -> String {
    let [_, min, h, d] = language.short_units();
    let two = |large: String, number: Millis, unit: &str| match number {
        0 => large,
        _ => format!("{large}{SPACE}{}", one(number, unit)),
    };
    match ms {
        ..HOUR_MS => one(ms / MINUTE_MS, min),
        HOUR_MS..DAY_MS => two(one(ms / HOUR_MS, h), ms % HOUR_MS / MINUTE_MS, min),
        _ => two(one(ms / DAY_MS, d), ms % DAY_MS / HOUR_MS, h),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_no_times_of_day_and_calm_down_as_they_grow() {
        let of = |seconds: i64, language| written(seconds * 1000, language).replace(SPACE, " ");
        let english = |seconds| of(seconds, Language::English);
        assert_eq!([-5, 7, 59].map(english), ["0 s", "7 s", "59 s"]);
        assert_eq!([60, 545, 599].map(english), ["1 min 00 s", "9 min 05 s", "9 min 59 s"]);
        assert_eq!([600, 1137, 3599].map(english), ["10 min", "18 min", "59 min"]);
        assert_eq!([3600, 7800, 86_399].map(english), ["1 h", "2 h 10 min", "23 h 59 min"]);
        assert_eq!([86_400, 111_600].map(english), ["1 d", "1 d 7 h"]);
        assert_eq!(of(7800, Language::Polish), "2 h 10 min");
        assert_eq!(of(7800, Language::Russian), "2 ч 10 мин");
        assert_eq!(of(545, Language::Ukrainian), "9 хв 05 с");
        assert_eq!(of(111_600, Language::Ukrainian), "1 д 7 год");
    }

    #[test]
    fn lengths_in_lists_change_seldom_and_are_no_time_of_day() {
        let of = |ms| in_list(ms, Language::English).replace(SPACE, " ");
        assert_eq!([of(-5), of(9_999), of(47_000), of(119_999)], ["0 s", "0 s", "40 s", "110 s"]);
        assert_eq!([of(120_000), of(18 * MINUTE_MS)], ["2 min", "18 min"]);
        assert_eq!([of(HOUR_MS), of(3 * HOUR_MS + 5 * MINUTE_MS)], ["1 h", "3 h 5 min"]);
        assert_eq!([of(DAY_MS), of(31 * HOUR_MS)], ["1 d", "1 d 7 h"]);
        assert_eq!(in_list(61 * MINUTE_MS, Language::Ukrainian), "1\u{a0}год\u{a0}1\u{a0}хв");
    }
}
