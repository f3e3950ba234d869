//! How a length of time is written on a wall: "45 s", "9 min 05 s", "18 min", "2 h 10 min", "1 d 7 h".
//!
//! Never to be read as a time of day, and the longer it is, the more seldom it changes.

use crate::event::Millis;
use crate::language::Language;

/// From here on a length is told in minutes: its seconds would change faster than anybody acts.
const SECONDS_BELOW_S: i64 = 600;

/// A number never breaks across two lines.
const SPACE: char = '\u{a0}';

/// A length of time; what is negative is none.
pub(super) fn written(ms: Millis, language: Language) -> String {
    let seconds = ms.max(0) / 1000;
    let [s, min, h, d] = language.short_units();
    let one = |number: i64, unit: &str| format!("{number}{SPACE}{unit}");
    let two = |large: String, number: i64, unit: &str| match number {
        0 => large,
        _ => format!("{large}{SPACE}{number}{SPACE}{unit}"),
    };
    match seconds {
        0..60 => one(seconds, &s),
        // Both digits of the seconds, so that a length that runs keeps its width.
        60..SECONDS_BELOW_S => {
            format!("{}{SPACE}{:02}{SPACE}{s}", one(seconds / 60, &min), seconds % 60)
        }
        SECONDS_BELOW_S..3600 => one(seconds / 60, &min),
        3600..86_400 => two(one(seconds / 3600, &h), seconds / 60 % 60, &min),
        _ => two(one(seconds / 86_400, &d), seconds / 3600 % 24, &h),
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
}
