//! Counts by what they count: the same set for a bucket, a window, a day and all time.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::field::{FIELD_COUNT, Field, SUM_COUNT, Sum};

/// A set of counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    counts: [i64; FIELD_COUNT],
    sums: [i64; SUM_COUNT],
}

impl Default for Tally {
    fn default() -> Self {
        Tally { counts: [0; FIELD_COUNT], sums: [0; SUM_COUNT] }
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
        self.change_by(other, i64::saturating_add);
    }

    /// What is in it more than in another.
    pub(super) fn since(&self, other: &Tally) -> Tally {
        let mut more = self.clone();
        more.change_by(other, i64::saturating_sub);
        more
    }

    fn change_by(&mut self, other: &Tally, change: fn(i64, i64) -> i64) {
        for (count, other) in self.counts.iter_mut().zip(&other.counts) {
            *count = change(*count, *other);
        }
        for (sum, other) in self.sums.iter_mut().zip(&other.sums) {
            *sum = change(*sum, *other);
        }
    }

    pub(super) fn count(&mut self, field: Field, delta: i64) {
        let count = &mut self.counts[field as usize];
        *count = count.saturating_add(delta);
    }

    pub(super) fn lengthen(&mut self, sum: Sum, delta_ms: i64) {
        let sum = &mut self.sums[sum as usize];
        *sum = sum.saturating_add(delta_ms);
    }

    pub(super) fn add(&mut self, part: &Sparse) {
        self.change(part, i64::saturating_add);
    }

    pub(super) fn subtract(&mut self, part: &Sparse) {
        self.change(part, i64::saturating_sub);
    }

    fn change(&mut self, by: &Sparse, change: fn(i64, i64) -> i64) {
        for (field, value) in &by.counts {
            if let Some(held) = self.counts.get_mut(usize::from(*field)) {
                *held = change(*held, i64::from(*value));
            }
        }
        for (number, value) in &by.sums {
            if let Some(held) = self.sums.get_mut(usize::from(*number)) {
                *held = change(*held, *value);
            }
        }
    }
}

impl Serialize for Tally {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (without_zeros(&self.counts), without_zeros(&self.sums)).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Tally {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (counts, sums) = <(Vec<(u8, i64)>, Vec<(u8, i64)>)>::deserialize(deserializer)?;
        let mut tally = Tally::default();
        let fill = |row: &mut [i64], values: Vec<(u8, i64)>| {
            for (number, value) in values {
                if let Some(held) = row.get_mut(usize::from(number)) {
                    *held = value;
                }
            }
        };
        fill(&mut tally.counts, counts);
        fill(&mut tally.sums, sums);
        Ok(tally)
    }
}

fn without_zeros(all: &[i64]) -> Vec<(u8, i64)> {
    (0..).zip(all.iter().copied()).filter(|(_, value)| *value != 0).collect()
}

/// A tally without its zeros.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sparse {
    pub(super) counts: Vec<(u8, i32)>,
    pub(super) sums: Vec<(u8, i64)>,
}

impl From<&Tally> for Sparse {
    fn from(tally: &Tally) -> Self {
        let counts = without_zeros(&tally.counts).into_iter();
        // Of a quarter of an hour, which is far below 2^31.
        let counts = counts.map(|(field, count)| (field, i32::try_from(count).unwrap_or(i32::MAX)));
        Sparse { counts: counts.collect(), sums: without_zeros(&tally.sums) }
    }
}

impl Sparse {
    pub(super) fn is_empty(&self) -> bool {
        self.counts.is_empty() && self.sums.is_empty()
    }

    pub(super) fn count(&mut self, field: Field, delta: i64) {
        let delta = i32::try_from(delta).unwrap_or_default();
        change(&mut self.counts, field as u8, |count| *count = count.saturating_add(delta));
    }

    pub(super) fn lengthen(&mut self, sum: Sum, delta_ms: i64) {
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

/// Counts since the beginning, for counters that may never go down: a correction (a call turns
/// out to belong to another queue) lowers what is true, and what is shown waits until the truth
/// has caught up.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Totals {
    pub(super) actual: Tally,
    /// What is shown beyond that; hardly ever anything.
    ahead: Vec<(u8, i64)>,
}

impl Totals {
    pub(super) fn count(&mut self, field: Field, delta: i64) {
        self.actual.count(field, delta);
        if delta < 0 || !self.ahead.is_empty() {
            change(&mut self.ahead, field as u8, |ahead| *ahead = (*ahead - delta).max(0));
        }
    }

    pub(super) fn shown(&self, field: Field) -> u64 {
        let ahead = self.ahead.iter().find(|(number, _)| *number == field as u8);
        let shown = self.actual.get(field) + ahead.map_or(0, |(_, ahead)| *ahead);
        u64::try_from(shown).unwrap_or_default()
    }
}
