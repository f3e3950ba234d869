//! What a board's tiles looked like last: so that no colour flickers at the border of a limit.
//!
//! Tiles keep no state, so it is kept here, beside the board's last picture. Getting worse shows at
//! once. Getting better shows when the number has been better for a few seconds: by a margin, or, as
//! some numbers never can be, without it for a minute.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::tile::Tone;
use crate::event::{Millis, UnixMs};

/// A number that is better by the margin must be so for this long.
pub(super) const BETTER_FOR_MS: Millis = 5_000;
/// One that is better, but not by the margin.
pub(super) const AT_BORDER_FOR_MS: Millis = 60_000;

/// The tones of a board that ask for action, by what they are of. The others need no memory.
#[derive(Default)]
pub struct Held(RefCell<BTreeMap<u64, Shown>>);

#[derive(Clone, Copy)]
struct Shown {
    tone: Tone,
    /// Since when the number is better than what is shown.
    better_ms: Option<UnixMs>,
}

impl Held {
    /// The tone to show at a moment: `tone` is that of the number, `careful` that of a number worse by
    /// the margin.
    pub(super) fn settle(
        &self,
        what: impl Hash,
        tone: Tone,
        careful: Tone,
        now_ms: UnixMs,
    ) -> Tone {
        let mut hash = DefaultHasher::new();
        what.hash(&mut hash);
        let what = hash.finish();
        let mut held = self.0.borrow_mut();
        let before = held.get(&what).copied();
        let mut shown = Shown { tone, better_ms: None };
        if let Some(before) = before.filter(|before| before.tone > tone) {
            // The clock may have been set back.
            let since_ms = before.better_ms.map_or(now_ms, |since_ms| since_ms.min(now_ms));
            shown = Shown { tone: before.tone, better_ms: Some(since_ms) };
            match now_ms - since_ms {
                AT_BORDER_FOR_MS.. => shown.tone = tone,
                BETTER_FOR_MS.. => shown.tone = before.tone.min(careful).max(tone),
                _ => {}
            }
        }
        match shown.tone {
            Tone::Warn | Tone::Bad => held.insert(what, shown),
            Tone::Plain | Tone::Good => held.remove(&what),
        };
        shown.tone
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is shown of numbers at seconds, each with the tone of the number and that of one worse by
    /// the margin.
    fn shown(steps: &[(i64, Tone, Tone)]) -> Vec<Tone> {
        let held = Held::default();
        let at =
            |&(s, tone, careful): &(i64, Tone, Tone)| held.settle("a", tone, careful, s * 1000);
        steps.iter().map(at).collect()
    }

    use Tone::{Bad, Good, Warn};

    #[test]
    fn worse_is_shown_at_once_and_never_worse_than_it_is() {
        assert_eq!(shown(&[(0, Good, Warn), (1, Warn, Warn), (2, Bad, Bad)]), [Good, Warn, Bad]);
    }

    #[test]
    fn better_is_shown_when_it_has_been_so_for_some_seconds() {
        let steps = [(0, Bad, Bad), (1, Good, Good), (5, Good, Good), (6, Good, Good)];
        assert_eq!(shown(&steps), [Bad, Bad, Bad, Good]);
        // Between, it was bad again: the seconds begin anew.
        let steps =
            [(0, Bad, Bad), (1, Good, Good), (4, Bad, Bad), (6, Good, Good), (11, Good, Good)];
        assert_eq!(shown(&steps), [Bad, Bad, Bad, Bad, Good]);
    }

    #[test]
    fn at_the_border_it_stays_for_a_minute_and_no_longer() {
        let steps = [(0, Warn, Warn), (1, Good, Warn), (60, Good, Warn), (61, Good, Warn)];
        assert_eq!(shown(&steps), [Warn, Warn, Warn, Good]);
        let steps = [(0, Bad, Bad), (1, Good, Warn), (6, Good, Warn), (61, Good, Warn)];
        assert_eq!(shown(&steps), [Bad, Bad, Warn, Good], "no longer bad, and not good yet");
    }

    #[test]
    fn each_number_has_its_own_memory_and_a_clock_that_is_set_back_ends_none() {
        let held = Held::default();
        assert_eq!(held.settle("a", Bad, Bad, 100_000), Bad);
        assert_eq!(held.settle("b", Good, Warn, 100_000), Good);
        assert_eq!(held.settle("a", Good, Good, 101_000), Bad);
        assert_eq!(held.settle("a", Good, Good, 1_000), Bad);
        assert_eq!(held.settle("a", Good, Good, 6_000), Good);
    }
}
