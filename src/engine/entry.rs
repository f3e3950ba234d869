//! One line in the books: what is counted, how long it took, and when.

use super::field::{Field, Length, Sum};
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

/// A few fields, gathered without the heap.
pub(super) struct Fields {
    held: [Field; Fields::MAX],
    count: usize,
}

impl Fields {
    /// The most that one entry has.
    const MAX: usize = 4;

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
