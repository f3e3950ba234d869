//! Choices made by drawn bytes: the same bytes make the same scenario.

use tablica::event::Millis;

/// Drawn bytes, taken one after the other; after the last one only zeros come.
pub(super) struct Dice {
    bytes: std::vec::IntoIter<u8>,
}

impl Dice {
    pub(super) fn new(bytes: Vec<u8>) -> Self {
        Dice { bytes: bytes.into_iter() }
    }

    fn byte(&mut self) -> usize {
        usize::from(self.bytes.next().unwrap_or(0))
    }

    /// One of so many, at most 256.
    pub(super) fn below(&mut self, count: usize) -> usize {
        self.byte() % count.max(1)
    }

    /// One of these.
    pub(super) fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// True in so many cases of a hundred; zeros say no.
    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.byte() * 100 / 256 >= 100 - percent
    }

    /// A length between two, in steps of the 65,536th part of their distance.
    pub(super) fn length(&mut self, from: Millis, to: Millis) -> Millis {
        let share = (self.byte() * 256 + self.byte()) as Millis;
        from + (to - from) * share / 65_536
    }
}
