//! What is counted in each quarter of an hour, for five weeks.
//!
//! The last two days, and whatever changed of late, are held open; older quarters are packed and
//! opened again when a late event belongs to one. A quarter that changed waits to be handed to
//! the store of roll-ups ([`Quarters::take_changed`]), always whole, so that writing it twice
//! does no harm.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::bins::Bins;
use super::field::{Field, Length};
use super::tally::{Sparse, Tally};
use super::timeline::Summable;
use crate::event::{Millis, UnixMs};

/// Length of a quarter.
pub const QUARTER_MS: Millis = 15 * 60_000;
/// Quarters held open without having changed: two days and the longest day's 25th hour.
const OPEN: i64 = 4 * 49;
/// Weeks that are looked back.
pub(super) const WEEKS: i64 = 5;
/// Quarters held at all: five weeks and a day.
const HELD: i64 = 4 * 24 * (7 * WEEKS + 1);
/// A packed quarter that was opened for a late event is packed again after an hour.
const REOPENED: i64 = 4;

/// Number of the quarter that holds a time.
pub(crate) fn quarter_of(at_ms: UnixMs) -> i64 {
    at_ms.div_euclid(QUARTER_MS)
}

/// Counts and lengths of one quarter.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Sheet {
    pub(super) counts: Sparse,
    lengths: Vec<(Length, Bins)>,
}

impl Sheet {
    pub(super) fn lengths_mut(&mut self, length: Length) -> &mut Bins {
        let place = match self.lengths.binary_search_by_key(&length, |(of, _)| *of) {
            Ok(place) => place,
            Err(place) => {
                self.lengths.insert(place, (length, Bins::default()));
                place
            }
        };
        &mut self.lengths[place].1
    }
}

/// A sheet that nobody is about to change: as it is kept in roll-ups.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Packed {
    pub(super) counts: Sparse,
    pub(super) lengths: Vec<(Length, Vec<(u16, u32)>)>,
}

impl From<&Sheet> for Packed {
    fn from(sheet: &Sheet) -> Self {
        let held = sheet.lengths.iter().filter(|(_, bins)| !bins.is_empty());
        Packed {
            counts: sheet.counts.clone(),
            lengths: held.map(|(length, bins)| (*length, bins.packed())).collect(),
        }
    }
}

impl From<&Packed> for Sheet {
    fn from(packed: &Packed) -> Self {
        let lengths = packed.lengths.iter();
        Sheet {
            counts: packed.counts.clone(),
            lengths: lengths.map(|(length, bins)| (*length, Bins::unpacked(bins))).collect(),
        }
    }
}

/// Which fields the roll-ups of a cell count, one bit each: which KPIs make sense there although
/// the contacts themselves are forgotten.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Recalled {
    fields: u128,
    written: bool,
}

impl Recalled {
    pub(super) fn note(&mut self, counts: &Sparse) {
        let of = |field: Field| {
            let held = counts.counts.iter().find(|(number, _)| *number == field as u8);
            held.map_or(0, |(_, count)| *count)
        };
        for (number, _) in &counts.counts {
            self.fields |= 1 << (number % 128);
        }
        self.written |= of(Field::Offered) > of(Field::OfferedCalls);
    }

    pub(super) fn has(self, field: Field) -> bool {
        self.fields >> (field as u8) & 1 == 1
    }

    /// Anything at all.
    pub(super) fn is_empty(self) -> bool {
        self.fields == 0
    }

    /// Contacts in writing.
    pub(super) fn has_written(self) -> bool {
        self.written
    }
}

/// A quarter held open.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Open {
    sheet: Sheet,
    /// The quarter in which it was last changed.
    touched: i64,
    /// Since it was last handed to the store. After a restart everything has, until the store
    /// is found to hold the same.
    #[serde(skip, default = "unproven")]
    changed: bool,
}

fn unproven() -> bool {
    true
}

/// See the module.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Quarters {
    open: BTreeMap<i64, Open>,
    /// Not part of a snapshot: roll-ups have a store of their own.
    #[serde(skip)]
    packed: BTreeMap<i64, Packed>,
}

impl Quarters {
    /// The quarter that holds `at_ms`, to be changed.
    pub(super) fn at(&mut self, at_ms: UnixMs, now_ms: UnixMs) -> &mut Sheet {
        let quarter = quarter_of(at_ms);
        let packed = &mut self.packed;
        let open = self.open.entry(quarter).or_insert_with(|| Open {
            sheet: packed.remove(&quarter).map(|packed| Sheet::from(&packed)).unwrap_or_default(),
            touched: 0,
            changed: true,
        });
        open.changed = true;
        open.touched = quarter_of(now_ms);
        &mut open.sheet
    }

    /// Packs what has not changed for long, and forgets what is older than five weeks.
    pub(super) fn advance(&mut self, now_ms: UnixMs) {
        let now = quarter_of(now_ms);
        let is_old = |quarter: i64, open: &Open| {
            quarter < now - OPEN && open.touched < now - REOPENED && !open.changed
        };
        let old: Vec<i64> = self
            .open
            .range(..now - OPEN)
            .filter(|(quarter, open)| is_old(**quarter, open))
            .map(|(quarter, _)| *quarter)
            .collect();
        for quarter in old {
            if let Some(open) = self.open.remove(&quarter) {
                self.packed.insert(quarter, Packed::from(&open.sheet));
            }
        }
        while self.packed.first_key_value().is_some_and(|(quarter, _)| *quarter < now - HELD) {
            self.packed.pop_first();
        }
    }

    /// What was counted in the quarters from `from` up to but not including `to`.
    pub(super) fn counts(&self, from: i64, to: i64) -> Tally {
        let mut sum = Tally::default();
        if from < to {
            self.packed.range(from..to).for_each(|(_, packed)| sum.add(&packed.counts));
            self.open.range(from..to).for_each(|(_, open)| sum.add(&open.sheet.counts));
        }
        sum
    }

    /// How a length was distributed in them.
    pub(super) fn lengths(&self, length: Length, from: i64, to: i64) -> Bins {
        let mut sum = Bins::default();
        if from >= to {
            return sum;
        }
        for (_, packed) in self.packed.range(from..to) {
            let held = packed.lengths.iter().filter(|(of, _)| *of == length);
            held.for_each(|(_, bins)| sum.merge(&Bins::unpacked(bins)));
        }
        for (_, open) in self.open.range(from..to) {
            let held = open.sheet.lengths.iter().filter(|(of, _)| *of == length);
            held.for_each(|(_, bins)| sum.merge(bins));
        }
        sum
    }

    /// The first quarter in which anything was counted, and not taken back.
    pub(super) fn first(&self) -> Option<i64> {
        let packed = self.packed.iter().find(|(_, packed)| !packed.counts.is_empty());
        let open = self.open.iter().find(|(_, open)| !open.sheet.counts.is_empty());
        [packed.map(|(quarter, _)| *quarter), open.map(|(quarter, _)| *quarter)]
            .into_iter()
            .flatten()
            .min()
    }

    /// Quarters that changed since the last call.
    pub(super) fn take_changed(&mut self) -> Vec<(i64, Packed)> {
        let changed = self.open.iter_mut().filter(|(_, open)| open.changed);
        changed
            .map(|(quarter, open)| {
                open.changed = false;
                (*quarter, Packed::from(&open.sheet))
            })
            .collect()
    }

    /// Takes a quarter from the store, unless it is known better.
    pub(super) fn recall(&mut self, quarter: i64, packed: Packed) {
        match self.open.get_mut(&quarter) {
            Some(open) => open.changed = Packed::from(&open.sheet) != packed,
            None => drop(self.packed.insert(quarter, packed)),
        }
    }
}
