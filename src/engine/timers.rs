//! When a contact has to be looked at again although nothing happens: T passes, a promise is about
//! to break, memory ends.
//!
//! A hashed hierarchical wheel: how far away a timer is chooses its level, six bits of
//! its time choose the slot, so setting a timer is a push. Slots are found by bitmaps, not by ticking, so years
//! without a timer cost nothing. What comes due within the current tick waits in a small heap,
//! which gives it out in order: soonest first, then by contact, whatever the order of setting.
//!
//! A contact that moves its time leaves the old timer behind, which does nothing when it comes
//! up: cheaper than finding it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::event::UnixMs;

/// No time.
pub(in crate::engine) const NEVER: UnixMs = UnixMs::MAX;

/// A tick is 2^10 ms: finer ones only make timers move more often, the heap orders the rest.
const TICK_BITS: u32 = 10;
/// Each level has 2^6 slots: their bitmap is one word.
const LEVEL_BITS: u32 = 6;
const SLOTS: usize = 1 << LEVEL_BITS;
/// Enough for every tick that there is.
const LEVELS: usize = (UnixMs::BITS - TICK_BITS).div_ceil(LEVEL_BITS) as usize;

/// When, and for which contact.
type Timer = (UnixMs, u64);

/// When each contact has to be looked at again, soonest first.
#[derive(Clone, Debug, Default)]
pub struct Timers {
    /// Ticks up to this one are in `ready`, later ones in `levels`.
    tick: u64,
    ready: BinaryHeap<Reverse<Timer>>,
    levels: [Level; LEVELS],
}

/// Slots of equal length. A timer stands on the level of the highest bits in which its tick differs
/// from the current one: lower levels come first, and on a level the lower slot.
#[derive(Clone, Debug)]
struct Level {
    /// A bit for each slot that holds timers.
    occupied: u64,
    slots: [Vec<Timer>; SLOTS],
}

impl Default for Level {
    fn default() -> Self {
        Level { occupied: 0, slots: std::array::from_fn(|_| Vec::new()) }
    }
}

impl Timers {
    /// Sets a timer; one whose time has passed is due at once.
    pub fn set(&mut self, due_ms: UnixMs, contact: u64) {
        let tick = tick_of(due_ms);
        if tick <= self.tick {
            self.ready.push(Reverse((due_ms, contact)));
            return;
        }
        let level = (tick ^ self.tick).ilog2() / LEVEL_BITS;
        let slot = (tick >> (level * LEVEL_BITS)) as usize % SLOTS;
        let level = &mut self.levels[level as usize];
        level.occupied |= 1 << slot;
        level.slots[slot].push((due_ms, contact));
    }

    /// The next that is due, soonest first, then by contact.
    pub fn pop_due(&mut self, now_ms: UnixMs) -> Option<(UnixMs, u64)> {
        while self.ready.is_empty() {
            if !self.advance(tick_of(now_ms)) {
                return None;
            }
        }
        let Reverse((due_ms, _)) = self.ready.peek()?;
        if *due_ms > now_ms {
            return None;
        }
        self.ready.pop().map(|Reverse(timer)| timer)
    }

    /// Goes to the next slot that holds timers and deals them out; false when it is still to come.
    fn advance(&mut self, now: u64) -> bool {
        let next = self.levels.iter().position(|level| level.occupied != 0);
        let start = next.map(|index| self.slot_start(index)).filter(|start| *start <= now);
        let (Some(index), Some(start)) = (next, start) else {
            // No timer stands between, so none has to move.
            self.tick = self.tick.max(now);
            return false;
        };
        self.tick = start;
        let level = &mut self.levels[index];
        let slot = level.occupied.trailing_zeros() as usize;
        level.occupied &= level.occupied - 1;
        for (due_ms, contact) in std::mem::take(&mut level.slots[slot]) {
            self.set(due_ms, contact);
        }
        true
    }

    /// The first tick of a level's first occupied slot.
    fn slot_start(&self, index: usize) -> u64 {
        let shift = index as u32 * LEVEL_BITS;
        let above = self.tick >> shift >> LEVEL_BITS << LEVEL_BITS;
        (above | u64::from(self.levels[index].occupied.trailing_zeros())) << shift
    }
}

/// Times before 1970 are in the first tick.
fn tick_of(at_ms: UnixMs) -> u64 {
    at_ms.max(0).unsigned_abs() >> TICK_BITS
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    /// Sooner and later, near and far, often the same.
    fn any_time() -> impl Strategy<Value = UnixMs> {
        prop_oneof![
            4 => 0..5_000_i64,
            4 => 1_790_000_000_000..1_790_000_100_000_i64,
            2 => 1_790_000_000_000..1_800_000_000_000_i64,
            1 => Just(NEVER),
            1 => any::<i64>(),
        ]
    }

    #[derive(Clone, Debug)]
    enum Step {
        Set(UnixMs, u64),
        PopAt(UnixMs),
    }

    fn any_step() -> impl Strategy<Value = Step> {
        prop_oneof![
            3 => (any_time(), 0..50_u64).prop_map(|(due_ms, contact)| Step::Set(due_ms, contact)),
            1 => any_time().prop_map(Step::PopAt),
        ]
    }

    proptest! {
        #[test]
        fn timers_come_up_as_from_an_ordered_set(steps in prop::collection::vec(any_step(), 1..200)) {
            let (mut timers, mut ordered) = (Timers::default(), BTreeSet::new());
            for step in steps {
                match step {
                    // Setting it twice would give it twice; a set holds it once.
                    Step::Set(due_ms, contact) => if ordered.insert((due_ms, contact)) {
                        timers.set(due_ms, contact);
                    },
                    // Not all at once: what is set between the two must come up in its place.
                    Step::PopAt(now_ms) => for _ in 0..3 {
                        let due = ordered.first().copied().filter(|timer| timer.0 <= now_ms);
                        prop_assert_eq!(timers.pop_due(now_ms), due);
                        if let Some(timer) = due {
                            ordered.remove(&timer);
                        }
                    },
                }
            }
            while let Some(timer) = ordered.pop_first() {
                prop_assert_eq!(timers.pop_due(NEVER), Some(timer));
            }
            prop_assert_eq!(timers.pop_due(NEVER), None);
        }
    }

    #[test]
    fn a_timer_is_due_at_its_millisecond_and_not_before() {
        let mut timers = Timers::default();
        timers.set(1_790_000_020_000, 2);
        timers.set(1_790_000_020_000, 1);
        assert_eq!(timers.pop_due(1_790_000_019_999), None);
        timers.set(1_790_000_000_500, 3);
        let now_ms = 1_790_000_020_000;
        let due: Vec<u64> =
            std::iter::from_fn(|| timers.pop_due(now_ms)).map(|(_, contact)| contact).collect();
        assert_eq!(due, [3, 1, 2]);
    }

    #[test]
    fn a_hundred_years_are_one_step() {
        let mut timers = Timers::default();
        timers.set(3_155_760_000_000, 1);
        assert_eq!(timers.pop_due(3_155_759_999_999), None);
        assert!(!timers.advance(tick_of(3_155_759_999_999)), "no slot is left before it");
        assert_eq!(timers.pop_due(3_155_760_000_000), Some((3_155_760_000_000, 1)));
    }
}
