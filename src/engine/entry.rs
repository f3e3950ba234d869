//! One line in the books: what is counted, how long it took, and when.

use super::field::{Field, Length, Sum};
use super::tally::Counts;
use crate::event::{Millis, UnixMs};

/// See the module.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'a> {
    pub(super) at_ms: UnixMs,
    /// Each counts one.
    pub(super) fields: &'a [Field],
    pub(super) sums: &'a [(Sum, Millis)],
    pub(super) lengths: &'a [(Length, Millis)],
}

impl Entry<'_> {
    /// Counts its fields and sums; `delta` −1 takes them back.
    pub(super) fn count_in(&self, counts: &mut impl Counts, delta: i32) {
        for field in self.fields {
            counts.count(*field, delta);
        }
        for (sum, length_ms) in self.sums {
            counts.lengthen(*sum, length_ms * i64::from(delta));
        }
    }
}

/// A few fields, gathered without the heap.
pub(super) struct Fields {
    held: [Field; Fields::MAX],
    count: usize,
}

impl Fields {
    /// The most that one entry has.
    const MAX: usize = 5;

    pub(super) fn of(first: Field) -> Self {
        Fields { held: [first; Fields::MAX], count: 1 }
    }

    pub(super) fn add(&mut self, field: Field) {
        if let Some(place) = self.held.get_mut(self.count) {
            *place = field;
            self.count += 1;
        }
    }

    pub(super) fn as_slice(&self) -> &[Field] {
        &self.held[..self.count]
    }
}
