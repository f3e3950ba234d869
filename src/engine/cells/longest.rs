//! The longest waits of a day.

use serde::{Deserialize, Serialize};

use crate::event::Millis;

/// Waits kept. Corrections take single ones away again; with fewer than this many corrections
/// among the longest of one day, the longest is exact.
const KEPT: usize = 64;

/// The longest few.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Longest {
    /// Shorter ones don't matter: there are enough.
    least_ms: Millis,
    /// Longest last.
    waits: Vec<Millis>,
}

impl Longest {
    /// One more such wait (+1), or one fewer (−1).
    pub(in crate::engine) fn change(&mut self, wait_ms: Millis, delta: i8) {
        if wait_ms < self.least_ms {
            return;
        }
        let at = self.waits.partition_point(|held| *held < wait_ms);
        if delta < 0 {
            if self.waits.get(at) == Some(&wait_ms) {
                self.waits.remove(at);
            }
        } else if self.waits.len() < KEPT {
            self.waits.insert(at, wait_ms);
        } else if at > 0 {
            self.waits.remove(0);
            self.waits.insert(at - 1, wait_ms);
        }
        let is_full = self.waits.len() == KEPT;
        self.least_ms = self.waits.first().filter(|_| is_full).map_or(0, |least_ms| *least_ms);
    }

    pub(in crate::engine) fn longest_ms(&self) -> Option<Millis> {
        self.waits.last().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_longest_and_takes_corrections() {
        let mut longest = Longest::default();
        assert_eq!(longest.longest_ms(), None);
        for wait_ms in 0..1000 {
            longest.change(wait_ms, 1);
        }
        assert_eq!(longest.longest_ms(), Some(999));
        longest.change(999, -1);
        longest.change(3, -1);
        assert_eq!(longest.longest_ms(), Some(998));
    }
}
