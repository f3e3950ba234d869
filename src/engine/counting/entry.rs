//! What is put into cells: what is counted, how long it took, and when.

use super::field::{Field, Length, Sum};
use crate::engine::ids::{Class, Standing};
use crate::event::{Millis, UnixMs};

/// A number of a cell that belongs to no quarter of an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) enum Item {
    /// The longest waits of a day.
    Longest,
    /// Contacts of customers who can be recognised, and those after which they came again.
    Visit,
    Revisited,
    /// Stays of a class, all time.
    Stay(Class),
    /// A policy's clocks that stand so now.
    Standing(Standing),
    /// Promises that break then, if nothing happens before.
    Deadline,
}

/// A set of fields, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::engine) struct Fields(u128);

const _: () = assert!(Field::COUNT <= 128);

impl Fields {
    pub(in crate::engine) fn of(field: Field) -> Self {
        Fields(1 << field as u8)
    }

    pub(in crate::engine) fn add(&mut self, field: Field) {
        self.0 |= 1 << field as u8;
    }

    pub(in crate::engine) fn has(self, field: Field) -> bool {
        self.0 >> field as u8 & 1 == 1
    }

    pub(in crate::engine) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Those that are not in another set.
    pub(in crate::engine) fn without(self, other: Fields) -> Fields {
        Fields(self.0 & !other.0)
    }

    /// Numbers of the fields, in order.
    pub(in crate::engine) fn numbers(self) -> impl Iterator<Item = u8> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let number = (left != 0).then(|| left.trailing_zeros() as u8);
            left &= left.wrapping_sub(1);
            number
        })
    }
}

/// Things that happened at one time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::engine) struct Entry {
    pub(in crate::engine) at_ms: UnixMs,
    /// Each counts one.
    pub(in crate::engine) fields: Fields,
    pub(in crate::engine) sums: [Option<(Sum, Millis)>; 3],
    pub(in crate::engine) lengths: [Option<(Length, Millis)>; 2],
    /// What else it is, and how much.
    pub(in crate::engine) others: [Option<(Item, i64)>; 2],
}

impl Entry {
    pub(in crate::engine) fn new(at_ms: UnixMs, fields: Fields) -> Self {
        Entry { at_ms, fields, sums: [None; 3], lengths: [None; 2], others: [None; 2] }
    }

    /// One that is of no field.
    pub(in crate::engine) fn other(at_ms: UnixMs, item: Item, amount: i64) -> Self {
        Entry { others: [Some((item, amount)), None], ..Entry::new(at_ms, Fields::default()) }
    }
}
