//! What was counted in each quarter of an hour but the one under way, for five weeks.
//!
//! The last two days, and whatever changed of late, are kept apart from what only a late event
//! can change. A quarter that changed waits to be handed to the store of roll-ups
//! ([`Quarters::take_changed`]), always whole, so that writing it twice does no harm.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::bins::Bins;
use super::field::{Field, Length};
use super::sheet::Sheet;
use super::tally::{Sparse, Tally};
use crate::event::{Millis, UnixMs};

/// Length of a quarter.
pub const QUARTER_MS: Millis = 15 * 60_000;
/// Quarters held open without having changed: two days and the longest day's 25th hour.
const OPEN: i64 = 4 * 49;
/// Weeks that are looked back.
pub(super) const WEEKS: i64 = 5;
/// Quarters held at all: five weeks and a day.
const HELD: i64 = 4 * 24 * (7 * WEEKS + 1);
/// A quarter that was opened for a late event is put away again after an hour.
const REOPENED: i64 = 4;

/// Number of the quarter that holds a time.
pub(crate) fn quarter_of(at_ms: UnixMs) -> i64 {
    at_ms.div_euclid(QUARTER_MS)
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

pub(super) fn unproven() -> bool {
    true
}

/// See the module.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Quarters {
    /// By number, oldest first.
    open: Vec<(i64, Open)>,
    /// Not part of a snapshot: roll-ups have a store of their own.
    #[serde(skip)]
    put_away: BTreeMap<i64, Sheet>,
}

impl Quarters {
    /// A quarter, to be changed in the quarter `now`.
    pub(super) fn at(&mut self, quarter: i64, now: i64) -> &mut Sheet {
        let earlier = self.open.iter().rev().take_while(|(held, _)| *held > quarter).count();
        let mut place = self.open.len() - earlier;
        if place == 0 || self.open[place - 1].0 != quarter {
            let sheet = self.put_away.remove(&quarter).unwrap_or_default();
            self.open.insert(place, (quarter, Open { sheet, touched: now, changed: true }));
            place += 1;
        }
        let (_, open) = &mut self.open[place - 1];
        (open.changed, open.touched) = (true, now);
        &mut open.sheet
    }

    /// Takes the quarter that has just ended.
    pub(super) fn put(&mut self, quarter: i64, sheet: Sheet, changed: bool) {
        self.open.push((quarter, Open { sheet, touched: quarter, changed }));
    }

    /// A quarter that is under way, if anything is known of it already.
    pub(super) fn take(&mut self, quarter: i64) -> Option<Sheet> {
        self.put_away.remove(&quarter)
    }

    /// Puts away what has not changed for long, and forgets what is older than five weeks.
    pub(super) fn advance(&mut self, now: i64) {
        let is_old = |quarter: i64, open: &Open| {
            quarter < now - OPEN && open.touched < now - REOPENED && !open.changed
        };
        let has_old = self.open.first().is_some_and(|(quarter, open)| is_old(*quarter, open));
        if has_old {
            let put_away = &mut self.put_away;
            self.open.retain_mut(|(quarter, open)| {
                let is_old = is_old(*quarter, open);
                if is_old {
                    put_away.insert(*quarter, std::mem::take(&mut open.sheet));
                }
                !is_old
            });
        }
        while self.put_away.first_key_value().is_some_and(|(quarter, _)| *quarter < now - HELD) {
            self.put_away.pop_first();
        }
    }

    fn between(&self, from: i64, to: i64) -> impl Iterator<Item = &Sheet> {
        let first = self.open.partition_point(|(quarter, _)| *quarter < from);
        let open = self.open[first..].iter().take_while(move |(quarter, _)| *quarter < to);
        let put_away = self.put_away.range(from..to.max(from)).map(|(_, sheet)| sheet);
        put_away.chain(open.map(|(_, open)| &open.sheet))
    }

    /// What was counted in the quarters from `from` up to but not including `to`.
    pub(super) fn counts(&self, from: i64, to: i64) -> Tally {
        let mut sum = Tally::default();
        self.between(from, to).for_each(|sheet| sum.add(&sheet.counts));
        sum
    }

    /// How a length was distributed in them.
    pub(super) fn lengths(&self, length: Length, from: i64, to: i64) -> Bins {
        let mut sum = Bins::default();
        let held = self.between(from, to).filter_map(|sheet| sheet.lengths.of(length));
        held.for_each(|bins| sum.merge(bins));
        sum
    }

    /// The first quarter in which anything was counted, and not taken back.
    pub(super) fn first(&self) -> Option<i64> {
        let put_away = self.put_away.iter().find(|(_, sheet)| !sheet.counts.is_empty());
        let open = self.open.iter().find(|(_, open)| !open.sheet.counts.is_empty());
        let both = [put_away.map(|(quarter, _)| *quarter), open.map(|(quarter, _)| *quarter)];
        both.into_iter().flatten().min()
    }

    /// Quarters that changed since the last call.
    pub(super) fn take_changed(&mut self) -> Vec<(i64, Sheet)> {
        let changed = self.open.iter_mut().filter(|(_, open)| open.changed);
        changed
            .map(|(quarter, open)| {
                open.changed = false;
                (*quarter, open.sheet.clone())
            })
            .collect()
    }

    /// Takes a quarter from the store, unless it is known better.
    pub(super) fn recall(&mut self, quarter: i64, sheet: Sheet) {
        match self.open.binary_search_by_key(&quarter, |(held, _)| *held) {
            Ok(place) => {
                let (_, open) = &mut self.open[place];
                open.changed = open.sheet != sheet;
            }
            Err(_) => drop(self.put_away.insert(quarter, sheet)),
        }
    }
}
