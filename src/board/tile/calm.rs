//! The time as lists tell it: all rows change together, and seldom.

use super::Tone;
use crate::board::format::{self, Language};
use crate::board::length::{LIST_STEP_MS, in_list};
use crate::engine::Deadline;
use crate::event::{Millis, UnixMs};

/// The moment as lists know it: all of their rows change together.
pub(super) fn step(now_ms: UnixMs) -> UnixMs {
    now_ms.div_euclid(LIST_STEP_MS) * LIST_STEP_MS
}

/// How long there is still time, in steps as lists tell it; less than nothing where it is over.
pub(super) fn left_ms(deadline: &Deadline, now_ms: UnixMs) -> Millis {
    // As long as it is not a step late it is told to be due now.
    let late = deadline.is_late_at(now_ms);
    let steps = deadline.left_ms.div_euclid(LIST_STEP_MS) * LIST_STEP_MS;
    if late { steps.min(0) } else { steps.max(0) }
}

/// "4 min left", "18 min late", and how much that asks for action.
pub(super) fn countdown(deadline: &Deadline, now_ms: UnixMs, language: Language) -> (String, Tone) {
    if deadline.is_late_at(now_ms) {
        return (format::late_by(-deadline.left_ms, language), Tone::Bad);
    }
    let tone = if deadline.is_at_risk { Tone::Warn } else { Tone::Plain };
    if deadline.is_paused {
        return (language.say("list-paused"), Tone::Plain);
    }
    match deadline.left_ms {
        ..LIST_STEP_MS => (language.say("just-now"), tone),
        left_ms => (language.left(&in_list(left_ms, language)), tone),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    const MINUTE_MS: Millis = 60_000;

    #[test]
    fn a_list_says_how_late_it_is_as_numbers_do() {
        for s in [1, 9, 59, 60, 100, 76 * 60, 3 * 3600, 31 * 3600] {
            let deadline =
                Deadline { due_ms: 1, left_ms: -s * 1000, is_at_risk: true, is_paused: false };
            let listed = countdown(&deadline, 1_000_000_000, Language::English).0;
            assert_eq!(listed, format::late_by(s * 1000, Language::English));
        }
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
            (text.replace('\u{a0}', " "), tone)
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
