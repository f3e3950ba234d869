//! What is counted in each quarter of an hour, for five weeks.
//!
//! The last two days, and whatever changed of late, are held open; older quarters are packed and
//! opened again when a late event belongs to one. A quarter that changed waits to be handed to
//! the store of roll-ups ([`Quarters::take_changed`]), always whole, so that writing it twice
//! does no harm.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::bins::Bins;
use super::field::Length;
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

/// Counts and lengths of one quarter, or of several.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Sheet {
    pub(super) counts: Tally,
    pub(super) lengths: Vec<(Length, Bins)>,
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

    pub(super) fn lengths(&self, length: Length) -> Option<&Bins> {
        self.lengths.iter().find(|(of, _)| *of == length).map(|(_, bins)| bins)
    }

    pub(super) fn add(&mut self, other: &Sheet) {
        self.counts.add(&other.counts);
        for (length, bins) in &other.lengths {
            self.lengths_mut(*length).merge(bins);
        }
    }
}

/// A sheet without its zeros: as it is kept in roll-ups.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Packed {
    pub(super) counts: Sparse,
    pub(super) lengths: Vec<(Length, Vec<(u16, u32)>)>,
}

impl Packed {
    fn is_empty(&self) -> bool {
        self.counts.counts.is_empty() && self.counts.sums.is_empty()
    }
}

impl From<&Sheet> for Packed {
    fn from(sheet: &Sheet) -> Self {
        let held = sheet.lengths.iter().filter(|(_, bins)| !bins.is_empty());
        Packed {
            counts: Sparse::from(&sheet.counts),
            lengths: held.map(|(length, bins)| (*length, bins.packed())).collect(),
        }
    }
}

impl From<&Packed> for Sheet {
    fn from(packed: &Packed) -> Self {
        let lengths = packed.lengths.iter();
        Sheet {
            counts: Tally::from(packed.counts.clone()),
            lengths: lengths.map(|(length, bins)| (*length, Bins::unpacked(bins))).collect(),
        }
    }
}

/// A quarter held open.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Open {
    sheet: Sheet,
    /// The quarter in which it was last changed.
    touched: i64,
    /// Since it was last handed to the store.
    changed: bool,
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

    /// What the quarters from `from` up to but not including `to` hold together.
    pub(super) fn sum(&self, from: i64, to: i64) -> Sheet {
        let mut sum = Sheet::default();
        if from >= to {
            return sum;
        }
        for (_, packed) in self.packed.range(from..to) {
            sum.add(&Sheet::from(packed));
        }
        for (_, open) in self.open.range(from..to) {
            sum.add(&open.sheet);
        }
        sum
    }

    /// Likewise their counts alone, which takes much less time.
    pub(super) fn counts(&self, from: i64, to: i64) -> Tally {
        let mut sum = Tally::default();
        if from >= to {
            return sum;
        }
        for (_, packed) in self.packed.range(from..to) {
            sum.add_sparse(&packed.counts);
        }
        for (_, open) in self.open.range(from..to) {
            sum.add(&open.sheet.counts);
        }
        sum
    }

    /// The first quarter in which anything was counted, and not taken back.
    pub(super) fn first(&self) -> Option<i64> {
        let packed = self.packed.iter().find(|(_, packed)| !packed.is_empty());
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
        if !self.open.contains_key(&quarter) {
            self.packed.insert(quarter, packed);
        }
    }
}
