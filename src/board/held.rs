//! What a board's tiles looked like last: so that no colour flickers at the border of a limit.
//!
//! Tiles keep no state, so it is kept here, beside the board's last picture. Getting worse shows at
//! once; getting better only when the number is better by a margin. The same number twice in a
//! row gives the same colour, so a tile that has not changed is still seen to be unchanged.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::tile::Tone;

/// The tones of a board that ask for action, by what they are of. The others need no memory.
#[derive(Default)]
pub struct Held(RefCell<BTreeMap<u64, Tone>>);

impl Held {
    /// The tone to show: `tone` is that of the number, `careful` that of a number worse by the
    /// margin.
    pub(super) fn settle(&self, what: impl Hash, tone: Tone, careful: Tone) -> Tone {
        let mut hash = DefaultHasher::new();
        what.hash(&mut hash);
        let what = hash.finish();
        let mut held = self.0.borrow_mut();
        let before = held.get(&what).copied().unwrap_or(Tone::Plain);
        let settled = if before > tone { before.min(careful).max(tone) } else { tone };
        match settled {
            Tone::Warn | Tone::Bad => held.insert(what, settled),
            Tone::Plain | Tone::Good => held.remove(&what),
        };
        settled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worse_is_shown_at_once_and_better_when_it_is_so_by_a_margin() {
        let held = Held::default();
        assert_eq!(held.settle("a", Tone::Good, Tone::Warn), Tone::Good, "never worse than it is");
        assert_eq!(held.settle("a", Tone::Warn, Tone::Warn), Tone::Warn);
        assert_eq!(held.settle("a", Tone::Good, Tone::Warn), Tone::Warn, "at the border");
        assert_eq!(held.settle("a", Tone::Good, Tone::Warn), Tone::Warn, "the same again");
        assert_eq!(held.settle("b", Tone::Good, Tone::Warn), Tone::Good, "another number");
        assert_eq!(held.settle("a", Tone::Good, Tone::Good), Tone::Good);
        assert_eq!(held.settle("a", Tone::Good, Tone::Warn), Tone::Good);
        assert_eq!(held.settle("a", Tone::Bad, Tone::Bad), Tone::Bad);
        assert_eq!(held.settle("a", Tone::Good, Tone::Warn), Tone::Warn, "no longer bad");
    }
}
