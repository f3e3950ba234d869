//! What is put into cells: what is counted, how long it took, and when.

use super::field::{Field, Length, Sum};
use crate::engine::ids::{Class, Standing};
use crate::event::{Millis, UnixMs};

/// One number of a cell. What belongs to a time is counted in the hour, the day and the quarters
/// that cover it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) enum Item {
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
    /// A policy's clocks that stand so now.
    Standing(Standing),
    /// QueueThresholds that break then, if nothing happens before.
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
    fn without(self, other: Fields) -> Fields {
        Fields(self.0 & !other.0)
    }

    /// In the order of their numbers.
    fn iter(self) -> impl Iterator<Item = Field> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let field = Field::ALL.get(left.trailing_zeros() as usize)?;
            left &= left - 1;
            Some(*field)
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

/// How one number of a cell changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) struct Line {
    pub(in crate::engine) item: Item,
    /// 1, or −1 to take it out again.
    pub(in crate::engine) sign: i8,
    /// How much it is.
    pub(in crate::engine) amount: i64,
}

impl Line {
    /// What it adds to a count or a sum.
    pub(in crate::engine) fn delta(&self) -> i64 {
        i64::from(self.sign) * self.amount
    }

    /// Writes down what differs between two entries of the same time, or one and none: how a cell
    /// changes that counted the one and is to count the other.
    pub(in crate::engine) fn difference(
        old: Option<&Entry>,
        new: Option<&Entry>,
        lines: &mut Vec<Line>,
    ) {
        lines.clear();
        let fields = |entry: Option<&Entry>| entry.map_or(Fields::default(), |entry| entry.fields);
        let (before, now) = (fields(old), fields(new));
        let line = |sign| move |field| Line { item: Item::Field(field), sign, amount: 1 };
        lines.extend(before.without(now).iter().map(line(-1)));
        lines.extend(now.without(before).iter().map(line(1)));
        let both = old.zip(new);
        let measures_same =
            both.is_some_and(|(old, new)| old.sums == new.sums && old.lengths == new.lengths);
        let others_same = both.is_some_and(|(old, new)| old.others == new.others);
        for (entry, sign) in [(old, -1), (new, 1)] {
            let Some(entry) = entry else { continue };
            if !measures_same {
                for (sum, amount) in entry.sums.iter().flatten().filter(|(_, amount)| *amount != 0)
                {
                    lines.push(Line { item: Item::Sum(*sum), sign, amount: *amount });
                }
                for (length, amount) in entry.lengths.iter().flatten() {
                    lines.push(Line { item: Item::Length(*length), sign, amount: *amount });
                }
            }
            if !others_same {
                for (item, amount) in entry.others.iter().flatten() {
                    lines.push(Line { item: *item, sign, amount: *amount });
                }
            }
        }
    }
}
