//! What is put into the books: what is counted, how long it took, and when.

use super::field::{Field, Length, Sum};
use super::machine::Class;
use super::promise::Standing;
use crate::event::{Millis, UnixMs};

/// One number of a cell. What belongs to a time is counted in the hour, the day and the quarters
/// that cover it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item {
    Field(Field),
    Sum(Sum),
    Length(Length),
    /// The longest waits of a day.
    Longest,
    /// Contacts of customers who can be recognised, and those after which they came again.
    Visit,
    Revisited,
    /// Stays of a class, all time.
    Stay(Class),
    /// Stays that wait now.
    Waiting,
    /// A policy's clocks that stand so now.
    Standing(Standing),
    /// Promises that break then, if nothing happens before.
    Deadline,
}

/// Things that happened at one time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'a> {
    pub(super) at_ms: UnixMs,
    /// Each counts one.
    pub(super) fields: &'a [Field],
    pub(super) sums: &'a [(Sum, Millis)],
    pub(super) lengths: &'a [(Length, Millis)],
}

impl Entry<'_> {
    /// Each of its numbers, with how much it is.
    pub(super) fn items(&self) -> impl Iterator<Item = (Item, i64)> {
        let fields = self.fields.iter().map(|field| (Item::Field(*field), 1));
        let sums = self.sums.iter().filter(|(_, length_ms)| *length_ms != 0);
        let sums = sums.map(|(sum, length_ms)| (Item::Sum(*sum), *length_ms));
        let lengths = self.lengths.iter();
        let lengths = lengths.map(|(length, length_ms)| (Item::Length(*length), *length_ms));
        fields.chain(sums).chain(lengths)
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
