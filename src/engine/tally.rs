//! Counts by what they count: the same set for a bucket, a window, a day and all time.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::field::{FIELD_COUNT, Field, SUM_COUNT, Sum};
use super::timeline::Summable;

/// A set of counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    counts: [i32; FIELD_COUNT],
    sums: [i64; SUM_COUNT],
}

impl Default for Tally {
    fn default() -> Self {
        Tally { counts: [0; FIELD_COUNT], sums: [0; SUM_COUNT] }
    }
}

/// A tally without its zeros.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sparse {
    pub(super) counts: Vec<(u8, i32)>,
    pub(super) sums: Vec<(u8, i64)>,
}

impl From<&Tally> for Sparse {
    fn from(tally: &Tally) -> Self {
        fn without_zeros<T: Copy + Default + PartialEq>(all: &[T]) -> Vec<(u8, T)> {
            let numbered = (0u8..).zip(all.iter().copied());
            numbered.filter(|(_, value)| *value != T::default()).collect()
        }
        Sparse { counts: without_zeros(&tally.counts), sums: without_zeros(&tally.sums) }
    }
}

impl From<Sparse> for Tally {
    fn from(sparse: Sparse) -> Self {
        let mut tally = Tally::default();
        for (field, count) in sparse.counts {
            if let Some(held) = tally.counts.get_mut(usize::from(field)) {
                *held = count;
            }
        }
        for (sum, value) in sparse.sums {
            if let Some(held) = tally.sums.get_mut(usize::from(sum)) {
                *held = value;
            }
        }
        tally
    }
}

impl Sparse {
    pub(super) fn is_empty(&self) -> bool {
        self.counts.is_empty() && self.sums.is_empty()
    }
}

/// What can be counted in.
pub(super) trait Counts {
    fn count(&mut self, field: Field, delta: i32);
    fn lengthen(&mut self, sum: Sum, delta_ms: i64);
}

impl Counts for Sparse {
    fn count(&mut self, field: Field, delta: i32) {
        change(&mut self.counts, field as u8, |count| *count = count.saturating_add(delta));
    }

    fn lengthen(&mut self, sum: Sum, delta_ms: i64) {
        change(&mut self.sums, sum as u8, |held| *held = held.saturating_add(delta_ms));
    }
}

/// Changes one value of a row sorted by number; zeros are left out.
fn change<T: Copy + Default + PartialEq>(
    row: &mut Vec<(u8, T)>,
    number: u8,
    change: impl FnOnce(&mut T),
) {
    let mut value = T::default();
    match row.binary_search_by_key(&number, |(held, _)| *held) {
        Ok(place) => {
            change(&mut row[place].1);
            if row[place].1 == value {
                row.remove(place);
            }
        }
        Err(place) => {
            change(&mut value);
            if value != T::default() {
                row.insert(place, (number, value));
            }
        }
    }
}

impl Serialize for Tally {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Sparse::from(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Tally {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Sparse::deserialize(deserializer).map(Tally::from)
    }
}

impl Tally {
    /// How many.
    pub fn get(&self, field: Field) -> i64 {
        i64::from(self.counts[field as usize])
    }

    /// Nothing is counted in it.
    pub fn is_empty(&self) -> bool {
        *self == Tally::default()
    }

    /// How long in all, in milliseconds.
    pub fn sum_ms(&self, sum: Sum) -> i64 {
        self.sums[sum as usize]
    }

    /// Together with another.
    pub(crate) fn add_up(&mut self, other: &Tally) {
        for (count, other) in self.counts.iter_mut().zip(&other.counts) {
            *count = count.saturating_add(*other);
        }
        for (sum, other) in self.sums.iter_mut().zip(&other.sums) {
            *sum = sum.saturating_add(*other);
        }
    }
}

impl Counts for Tally {
    fn count(&mut self, field: Field, delta: i32) {
        let count = &mut self.counts[field as usize];
        *count = count.saturating_add(delta);
    }

    fn lengthen(&mut self, sum: Sum, delta_ms: i64) {
        let sum = &mut self.sums[sum as usize];
        *sum = sum.saturating_add(delta_ms);
    }
}

impl Summable for Tally {
    type Part = Sparse;

    fn add(&mut self, part: &Sparse) {
        for (field, count) in &part.counts {
            if let Some(held) = self.counts.get_mut(usize::from(*field)) {
                *held = held.saturating_add(*count);
            }
        }
        for (sum, value) in &part.sums {
            if let Some(held) = self.sums.get_mut(usize::from(*sum)) {
                *held = held.saturating_add(*value);
            }
        }
    }

    fn subtract(&mut self, part: &Sparse) {
        for (field, count) in &part.counts {
            if let Some(held) = self.counts.get_mut(usize::from(*field)) {
                *held = held.saturating_sub(*count);
            }
        }
        for (sum, value) in &part.sums {
            if let Some(held) = self.sums.get_mut(usize::from(*sum)) {
                *held = held.saturating_sub(*value);
            }
        }
    }
}

/// Counts since the beginning, for counters that may never go down: a correction (a call turns
/// out to belong to another queue) lowers what is true, and what is shown waits until the truth
/// has caught up.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Totals {
    counts: Vec<(i64, i64)>,
}

impl Default for Totals {
    fn default() -> Self {
        Totals { counts: vec![(0, 0); FIELD_COUNT] }
    }
}

impl Totals {
    pub(super) fn count(&mut self, field: Field, delta: i32) {
        if let Some((actual, shown)) = self.counts.get_mut(field as usize) {
            *actual += i64::from(delta);
            *shown = (*shown).max(*actual);
        }
    }

    pub(super) fn shown(&self, field: Field) -> u64 {
        let (_, shown) = self.counts.get(field as usize).copied().unwrap_or_default();
        u64::try_from(shown).unwrap_or_default()
    }

    /// Nothing was ever counted.
    pub(super) fn is_empty(&self) -> bool {
        self.counts.iter().all(|(actual, _)| *actual == 0)
    }

    pub(super) fn actual(&self, field: Field) -> i64 {
        self.counts.get(field as usize).map_or(0, |(actual, _)| *actual)
    }
}
