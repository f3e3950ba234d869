//! What was counted in each quarter of an hour but the one under way, for five weeks.
//!
//! The last two days, and whatever changed of late, are kept apart from what only a late event
//! can change. A quarter that changed waits to be handed to the store of roll-ups
//! ([`Quarters::take_changed`]), always whole, so that writing it twice does no harm.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::quarter_counts::{Lengths, QuarterCounts};
use super::rows::{self, Key, Row};
use super::totals::RunningTotals;
use crate::engine::counting::{Field, Fields, Histogram, Length, Sparse, Tally};
use crate::engine::moment::WEEKS;

/// Quarters held open without having changed: two days and the longest day's 25th hour.
const OPEN: i64 = 4 * 49;
/// Quarters held at all: five weeks and a day.
const HELD: i64 = 4 * 24 * (7 * WEEKS + 1);
/// A quarter that was opened for a late event is put away again after an hour.
const REOPENED: i64 = 4;

/// Which fields the roll-ups of a cell count: which KPIs make sense there although the contacts
/// themselves are forgotten.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::engine) struct RecalledFields {
    fields: Fields,
    written: bool,
}

impl RecalledFields {
    pub(in crate::engine) fn note(&mut self, counts: &Sparse) {
        let of = |field: Field| {
            let held = counts.counts.iter().find(|(number, _)| *number == field as u8);
            held.map_or(0, |(_, count)| *count)
        };
        let fields = counts.counts.iter().filter_map(|(it, _)| Field::ALL.get(usize::from(*it)));
        fields.for_each(|field| self.fields.add(*field));
        self.written |= of(Field::Offered) > of(Field::OfferedCalls);
    }

    pub(in crate::engine) fn has(self, field: Field) -> bool {
        self.fields.has(field)
    }

    /// Anything at all.
    pub(in crate::engine) fn is_empty(self) -> bool {
        self.fields.is_empty()
    }

    /// Contacts in writing.
    pub(in crate::engine) fn has_written(self) -> bool {
        self.written
    }
}

pub(in crate::engine) fn unproven() -> bool {
    true
}

/// A quarter held open.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Open {
    quarter: i64,
    /// The quarter in which it was last changed.
    touched: i64,
    /// Since it was last handed to the store. After a restart everything has, until the store
    /// is found to hold the same.
    #[serde(skip, default = "unproven")]
    changed: bool,
    /// Its first row.
    first: usize,
}

/// What was counted in each quarter of an hour of five weeks.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in crate::engine) struct Quarters {
    /// Oldest first.
    open: Vec<Open>,
    /// What was counted in those that are open, sorted, without zeros.
    rows: Vec<Row>,
    /// Not part of a snapshot: roll-ups have a store of their own.
    #[serde(skip)]
    put_away: BTreeMap<i64, QuarterCounts>,
}

impl Quarters {
    /// Counts something in a quarter, in the quarter `now`.
    pub(in crate::engine) fn count(&mut self, quarter: i64, now: i64, rows: &[Row]) {
        // It is hardly ever long past.
        let later = self.open.iter().rev().take_while(|open| open.quarter >= quarter).count();
        let place = self.open.len() - later;
        match self.open.get_mut(place).filter(|open| open.quarter == quarter) {
            Some(open) => (open.changed, open.touched) = (true, now),
            None => {
                let first = self.open.get(place).map_or(self.rows.len(), |open| open.first);
                self.open.insert(place, Open { quarter, touched: now, changed: true, first });
                if let Some(sheet) = self.put_away.remove(&quarter) {
                    rows::rows_of(quarter, &sheet).for_each(|row| self.add(place, row));
                }
            }
        }
        for (key, amount) in rows {
            self.add(place, (key.at(quarter), *amount));
        }
    }

    /// Changes a row of an open quarter.
    fn add(&mut self, quarter: usize, (key, amount): Row) {
        let rows = self.range_of(quarter);
        let place = rows.start + self.rows[rows].partition_point(|(held, _)| *held < key);
        let moved: isize = match self.rows.get_mut(place).filter(|(held, _)| *held == key) {
            Some((_, held)) if *held + amount == 0 => {
                self.rows.remove(place);
                -1
            }
            Some((_, held)) => {
                *held += amount;
                0
            }
            None => {
                self.rows.insert(place, (key, amount));
                1
            }
        };
        for later in &mut self.open[quarter + 1..] {
            later.first = later.first.saturating_add_signed(moved);
        }
    }

    /// Where the rows of an open quarter stand.
    fn range_of(&self, quarter: usize) -> Range<usize> {
        let end = self.open.get(quarter + 1).map_or(self.rows.len(), |open| open.first);
        self.open.get(quarter).map_or(end, |open| open.first)..end
    }

    /// Takes the quarter that has just ended.
    pub(in crate::engine) fn put(
        &mut self,
        quarter: i64,
        numbers: &RunningTotals,
        lengths: &Lengths,
        changed: bool,
    ) {
        let first = self.rows.len();
        rows::make_room(&mut self.rows, numbers.len() + lengths.rows().len());
        rows::make_room(&mut self.open, 1);
        self.open.push(Open { quarter, touched: quarter, changed, first });
        self.rows.extend(numbers.moved().map(|(what, amount)| (Key::moved(quarter, what), amount)));
        self.rows[first..].sort_unstable_by_key(|(key, _)| *key);
        self.rows.extend(rows::lengths_of(quarter, lengths));
    }

    /// A quarter that is under way, if anything is known of it already.
    pub(in crate::engine) fn take(&mut self, quarter: i64) -> Option<QuarterCounts> {
        self.put_away.remove(&quarter)
    }

    /// A later one than that is known, from the store.
    pub(in crate::engine) fn has_after(&self, quarter: i64) -> bool {
        self.put_away.last_key_value().is_some_and(|(last, _)| *last > quarter)
    }

    /// Puts away what has not changed for long, and forgets what is older than five weeks.
    pub(in crate::engine) fn advance(&mut self, now: i64) {
        let is_old = |open: &Open| {
            open.quarter < now - OPEN && open.touched < now - REOPENED && !open.changed
        };
        if self.open.first().is_some_and(is_old) {
            let mut kept = Quarters::default();
            for (place, open) in self.open.iter().enumerate() {
                let rows = &self.rows[self.range_of(place)];
                if is_old(open) {
                    self.put_away.insert(open.quarter, rows::sheet_of(rows.iter()));
                } else {
                    kept.open.push(Open { first: kept.rows.len(), ..*open });
                    kept.rows.extend_from_slice(rows);
                }
            }
            (self.open, self.rows) = (kept.open, kept.rows);
        }
        while self.put_away.first_key_value().is_some_and(|(quarter, _)| *quarter < now - HELD) {
            self.put_away.pop_first();
        }
    }

    /// One that is open.
    fn sheet(&self, quarter: usize) -> QuarterCounts {
        rows::sheet_of(self.rows[self.range_of(quarter)].iter())
    }

    /// What was counted in the quarters from `from` up to but not including `to`.
    pub(in crate::engine) fn counts(&self, from: i64, to: i64) -> Tally {
        let mut sum = Tally::default();
        let put_away = self.put_away.range(from..to.max(from));
        put_away.for_each(|(_, sheet)| sum.add(&sheet.counts));
        rows::add_counts(rows::between(&self.rows, from..to).iter(), &mut sum);
        sum
    }

    /// How a length was distributed in them.
    pub(in crate::engine) fn lengths(&self, length: Length, from: i64, to: i64) -> Histogram {
        let mut sum = rows::lengths(rows::between(&self.rows, from..to).iter(), length);
        let put_away = self.put_away.range(from..to.max(from));
        put_away.for_each(|(_, sheet)| sum.merge(&sheet.lengths.of(length)));
        sum
    }

    /// The first quarter in which anything was counted, and not taken back.
    pub(in crate::engine) fn first(&self) -> Option<i64> {
        let put_away = self.put_away.iter().find(|(_, sheet)| !sheet.counts.is_empty());
        let open = self.rows.first().map(|(key, _)| key.span());
        put_away.map(|(quarter, _)| *quarter).into_iter().chain(open).min()
    }

    /// Quarters that changed since the last call.
    pub(in crate::engine) fn take_changed(&mut self) -> Vec<(i64, QuarterCounts)> {
        let mut sheets = Vec::new();
        for place in 0..self.open.len() {
            if std::mem::take(&mut self.open[place].changed) {
                sheets.push((self.open[place].quarter, self.sheet(place)));
            }
        }
        sheets
    }

    /// Takes a quarter from the store, unless it is known better.
    pub(in crate::engine) fn recall(&mut self, quarter: i64, sheet: QuarterCounts) {
        match self.open.binary_search_by_key(&quarter, |open| open.quarter) {
            Ok(place) => self.open[place].changed = self.sheet(place) != sheet,
            Err(_) => drop(self.put_away.insert(quarter, sheet)),
        }
    }
}
