//! What everybody who reads a number must know of the server itself: its clock is in doubt, or
//! what it counted is being counted anew. Walls, readiness and the channels' health say it.

use crate::event::Millis;
use crate::language::Language;

const HOUR_S: i64 = 3600;
const DAY_S: i64 = 24 * HOUR_S;

/// Something is the matter with the time or the rules by which numbers are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The machine's clock jumped and is not followed yet.
    ClockHeld {
        /// How far: ahead, or back when negative.
        by_ms: Millis,
    },
    /// The clock was set and is followed; what was counted by the time before is counted anew.
    CountedAnew,
    /// That failed: what was counted stands at the wrong time.
    NotCountedAnew,
    /// The config has other rules; what was counted by those before is counted anew.
    CountedByNewRules,
    /// That failed: what was counted was counted by the rules before.
    NotCountedByNewRules,
}

impl Notice {
    /// Says it.
    pub fn sentence(self, language: Language) -> String {
        language.say(match self {
            Self::ClockHeld { by_ms } => return held(by_ms, language),
            Self::CountedAnew => "notice-counted-anew",
            Self::NotCountedAnew => "notice-not-counted-anew",
            Self::CountedByNewRules => "notice-new-rules",
            Self::NotCountedByNewRules => "notice-not-by-new-rules",
        })
    }
}

fn held(by_ms: Millis, language: Language) -> String {
    let length = length(by_ms.saturating_abs(), language);
    let name = if by_ms > 0 { "notice-clock-ahead" } else { "notice-clock-back" };
    language.tell(name, [("length", length.into())])
}

/// "40 days", "3 h", "25 min", "12 s": as precisely as it matters, to the nearest.
fn length(ms: Millis, language: Language) -> String {
    let nearest = |count: i64, of: i64| (count + of / 2) / of;
    let seconds = nearest(ms, 1000);
    let whole = match seconds {
        0..120 => seconds,
        120..7200 => nearest(seconds, 60) * 60,
        _ if seconds < 2 * DAY_S => nearest(seconds, HOUR_S) * HOUR_S,
        _ => return language.days_in_full(nearest(seconds, DAY_S)),
    };
    super::format::span(whole * 1000, language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jump_is_told_in_plain_words_in_every_language() {
        let said =
            |by_ms, language| Notice::ClockHeld { by_ms }.sentence(language).replace('\u{a0}', " ");
        for (by_ms, sentence) in [
            (40 * DAY_S * 1000, "jumped ahead by 40 days:"),
            (-26 * HOUR_S * 1000, "jumped back by 26 h:"),
            (-3 * HOUR_S * 1000 + 400, "jumped back by 3 h:"),
            (-3_750_000, "jumped back by 63 min:"),
            (12_900, "jumped ahead by 13 s:"),
        ] {
            let told = said(by_ms, Language::English);
            assert!(told.contains(sentence), "{told}");
        }
        for (language, sentence) in [
            (Language::Polish, "przeskoczył o 3 dni wstecz:"),
            (Language::Russian, "перескочили на 3 дня назад:"),
            (Language::Ukrainian, "перескочив на 3 дні назад:"),
        ] {
            let told = said(-3 * DAY_S * 1000, language);
            assert!(told.contains(sentence), "{told}");
        }
    }
}
