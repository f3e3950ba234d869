//! Counts by what they count: the same set for a bucket, a window, a day and all time.

use serde::{Deserialize, Serialize};

use super::field::{Field, Sum};

/// A set of counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    counts: [i64; Field::COUNT],
    sums: [i64; Sum::COUNT],
}

impl Default for Tally {
    fn default() -> Self {
        Tally { counts: [0; Field::COUNT], sums: [0; Sum::COUNT] }
    }
}

impl Tally {
    /// How many.
    pub fn get(&self, field: Field) -> i64 {
        self.counts[field as usize]
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

    /// Sets a field, or, numbered after the fields, a sum.
    pub(in crate::engine) fn set(&mut self, number: u8, value: i64) {
        let number = usize::from(number);
        let held = match number.checked_sub(Field::COUNT) {
            None => self.counts.get_mut(number),
            Some(sum) => self.sums.get_mut(sum),
        };
        held.into_iter().for_each(|held| *held = value);
    }

    pub(in crate::engine) fn count(&mut self, field: Field, delta: i64) {
        let count = &mut self.counts[field as usize];
        *count = count.saturating_add(delta);
    }

    pub(in crate::engine) fn lengthen(&mut self, sum: Sum, delta_ms: i64) {
        let sum = &mut self.sums[sum as usize];
        *sum = sum.saturating_add(delta_ms);
    }

    pub(in crate::engine) fn add(&mut self, part: &Sparse) {
        for (field, value) in &part.counts {
            if let Some(held) = self.counts.get_mut(usize::from(*field)) {
                *held = held.saturating_add(i64::from(*value));
            }
        }
        for (number, value) in &part.sums {
            if let Some(held) = self.sums.get_mut(usize::from(*number)) {
                *held = held.saturating_add(*value);
            }
        }
    }
}

/// A tally without its zeros.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Sparse {
    pub(in crate::engine) counts: Vec<(u8, i32)>,
    pub(in crate::engine) sums: Vec<(u8, i64)>,
}

impl Sparse {
    pub(in crate::engine) fn is_empty(&self) -> bool {
        self.counts.is_empty() && self.sums.is_empty()
    }

    pub(in crate::engine) fn count(&mut self, field: Field, delta: i64) {
        let delta = i32::try_from(delta).unwrap_or_default();
        Sparse::change(&mut self.counts, field as u8, |count| *count = count.saturating_add(delta));
    }

    pub(in crate::engine) fn lengthen(&mut self, sum: Sum, delta_ms: i64) {
        Sparse::change(&mut self.sums, sum as u8, |held| *held = held.saturating_add(delta_ms));
    }

    /// Changes one value of a row sorted by number; zeros are left out.
    pub(in crate::engine) fn change<T: Copy + Default + PartialEq>(
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
}
