//! Who waits for us in a slice, the longest waiting first.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::engine::ids::Class;
use crate::event::UnixMs;

/// Since when a contact waits, and its key.
pub(in crate::engine) type Waiter = (UnixMs, u64);

/// Callers in line and customers without a reply, each kind in a line of its own: who of one kind has
/// waited longest must not be looked for among thousands of the other.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in crate::engine) struct Waiters {
    calls: BTreeSet<Waiter>,
    written: BTreeSet<Waiter>,
}

impl Waiters {
    pub(in crate::engine) fn start(&mut self, class: Class, waiter: Waiter) {
        self.line_mut(class).insert(waiter);
    }

    pub(in crate::engine) fn stop(&mut self, class: Class, waiter: Waiter) {
        self.line_mut(class).remove(&waiter);
    }

    /// Those of a kind, the longest waiting first.
    pub(in crate::engine) fn of(&self, class: Class) -> &BTreeSet<Waiter> {
        match class {
            Class::Voice => &self.calls,
            Class::Written => &self.written,
        }
    }

    /// Since when the longest waiting of a kind has waited.
    pub(in crate::engine) fn first_ms(&self, class: Class) -> Option<UnixMs> {
        self.of(class).first().map(|(since_ms, _)| *since_ms)
    }

    /// How many of a kind have waited since before then.
    pub(in crate::engine) fn since_before(&self, class: Class, before_ms: UnixMs) -> usize {
        self.of(class).range(..(before_ms, 0)).count()
    }

    fn line_mut(&mut self, class: Class) -> &mut BTreeSet<Waiter> {
        match class {
            Class::Voice => &mut self.calls,
            Class::Written => &mut self.written,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_waiting_of_each_kind_comes_first_and_the_other_kind_does_not_matter() {
        let mut waiters = Waiters::default();
        for (class, waiter) in [
            (Class::Written, (5, 1)),
            (Class::Voice, (7, 2)),
            (Class::Written, (3, 3)),
            (Class::Voice, (9, 4)),
            (Class::Written, (3, 3)),
        ] {
            waiters.start(class, waiter);
        }
        assert_eq!(waiters.first_ms(Class::Written), Some(3));
        assert_eq!(waiters.first_ms(Class::Voice), Some(7));
        assert_eq!(waiters.of(Class::Written).len(), 2);
        assert_eq!(waiters.since_before(Class::Written, 5), 1);
        assert_eq!(waiters.since_before(Class::Written, 6), 2);
        waiters.stop(Class::Written, (3, 3));
        assert_eq!(waiters.first_ms(Class::Written), Some(5));
        // Of the other kind there is no such contact.
        waiters.stop(Class::Written, (7, 2));
        assert_eq!(waiters.first_ms(Class::Voice), Some(7));
    }
}
