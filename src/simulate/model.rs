//! The core of the simulation: an agenda of timed happenings, and what a world is.
//!
//! Discrete events: nothing moves between two happenings, so simulated time jumps from one to
//! the next and costs nothing. Pure: no clock, no IO; randomness comes from the world's own
//! [`Draw`](super::draw::Draw).

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use crate::event::UnixMs;

use super::traffic::Raw;

/// One network's side of the contact center.
pub trait World {
    /// When something happens next. A world never ends: there is always a next arrival.
    fn next_at(&self) -> UnixMs;
    /// Lets that happen; what the network would send about it is added to `out`.
    fn step(&mut self, out: &mut Vec<Raw>);
}

/// Happenings in order of time; those of one moment in the order in which they were planned.
#[derive(Debug)]
pub struct Agenda<H> {
    heap: BinaryHeap<Reverse<Entry<H>>>,
    planned: u64,
    now_ms: UnixMs,
}

#[derive(Debug)]
struct Entry<H> {
    at_ms: UnixMs,
    order: u64,
    happening: H,
}

impl<H> Agenda<H> {
    /// An empty agenda whose clock stands at `start_ms`.
    pub fn new(start_ms: UnixMs) -> Self {
        Self { heap: BinaryHeap::new(), planned: 0, now_ms: start_ms }
    }

    /// The simulated time: that of the happening taken last.
    pub fn now_ms(&self) -> UnixMs {
        self.now_ms
    }

    /// Plans a happening. The past cannot be planned: an earlier time means now.
    pub fn plan(&mut self, at_ms: UnixMs, happening: H) {
        self.planned += 1;
        let at_ms = at_ms.max(self.now_ms);
        self.heap.push(Reverse(Entry { at_ms, order: self.planned, happening }));
    }

    /// Plans a happening so many milliseconds from now.
    pub fn plan_in(&mut self, delay_ms: i64, happening: H) {
        self.plan(self.now_ms.saturating_add(delay_ms), happening);
    }

    /// When the next happening is, if any is planned.
    pub fn next_at(&self) -> Option<UnixMs> {
        self.heap.peek().map(|Reverse(entry)| entry.at_ms)
    }

    /// Takes the next happening and moves the clock to it.
    pub fn take(&mut self) -> Option<H> {
        let Reverse(entry) = self.heap.pop()?;
        self.now_ms = entry.at_ms;
        Some(entry.happening)
    }
}

impl<H> Entry<H> {
    fn key(&self) -> (UnixMs, u64) {
        (self.at_ms, self.order)
    }
}

impl<H> PartialEq for Entry<H> {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl<H> Eq for Entry<H> {}

impl<H> PartialOrd for Entry<H> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<H> Ord for Entry<H> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn happenings_come_in_order_of_time_and_then_of_planning() {
        let mut agenda = Agenda::new(100);
        agenda.plan(300, "second");
        agenda.plan(200, "first");
        agenda.plan(300, "third");
        agenda.plan(50, "at once, for the past is gone");
        let mut seen = Vec::new();
        while let Some(happening) = agenda.take() {
            seen.push((agenda.now_ms(), happening));
        }
        assert_eq!(
            seen,
            [
                (100, "at once, for the past is gone"),
                (200, "first"),
                (300, "second"),
                (300, "third")
            ]
        );
    }
}
