//! When a contact has to be looked at again although nothing happens: T passes, memory ends.
//!
//! A heap of (when, contact). A contact that moves its time leaves the old entry behind, which
//! does nothing when it comes up: cheaper than finding it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::event::UnixMs;

/// No time.
pub(super) const NEVER: UnixMs = UnixMs::MAX;

/// See the module.
#[derive(Clone, Debug, Default)]
pub(super) struct Timers(BinaryHeap<Reverse<(UnixMs, u64)>>);

impl Timers {
    pub(super) fn set(&mut self, due_ms: UnixMs, contact: u64) {
        self.0.push(Reverse((due_ms, contact)));
    }

    /// The next that is due, soonest first.
    pub(super) fn pop_due(&mut self, now_ms: UnixMs) -> Option<(UnixMs, u64)> {
        let Reverse((due_ms, _)) = self.0.peek()?;
        if *due_ms > now_ms {
            return None;
        }
        self.0.pop().map(|Reverse(timer)| timer)
    }
}
