//! What was counted in each quarter of an hour but the one under way, for five weeks.
//!
//! The last two days, and whatever changed of late, are kept apart from what only a late event
//! can change. A quarter that changed waits to be handed to the store of roll-ups
//! ([`Quarters::take_changed`]), always whole, so that writing it twice does no harm.

use std::collections::BTreeMap;

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
    /// What was counted in it, sorted, without zeros. A list of its own: one for all quarters would
    /// have to move to a larger place each few quarters, with all that is in it.
    rows: Vec<Row>,
}

impl Open {
    /// Changes a row.
    fn add(&mut self, (key, amount): Row) {
        let place = self.rows.partition_point(|(held, _)| *held < key);
        match self.rows.get_mut(place).filter(|(held, _)| *held == key) {
            Some((_, held)) if *held + amount == 0 => drop(self.rows.remove(place)),
            Some((_, held)) => *held += amount,
            None => self.rows.insert(place, (key, amount)),
        }
    }

    fn sheet(&self) -> QuarterCounts {
        rows::sheet_of(self.rows.iter())
    }
}

/// What was counted in each quarter of an hour of five weeks.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in crate::engine) struct Quarters {
    /// Oldest first.
    open: Vec<Open>,
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
        if self.open.get(place).is_none_or(|open| open.quarter != quarter) {
            let sheet = self.put_away.remove(&quarter).unwrap_or_default();
            let rows = rows::rows_of(quarter, &sheet).collect();
            self.open.insert(place, Open { quarter, touched: now, changed: true, rows });
        }
        let open = &mut self.open[place];
        (open.changed, open.touched) = (true, now);
        for (key, amount) in rows {
            open.add((key.at(quarter), *amount));
        }
    }

    /// Takes the quarter that has just ended.
    pub(in crate::engine) fn put(
        &mut self,
        quarter: i64,
        numbers: &RunningTotals,
        lengths: &Lengths,
        changed: bool,
    ) {
        let mut rows = Vec::with_capacity(numbers.moved().count() + lengths.rows().len());
        rows.extend(numbers.moved().map(|(what, amount)| (Key::moved(quarter, what), amount)));
        rows.sort_unstable_by_key(|(key, _)| *key);
        rows.extend(rows::lengths_of(quarter, lengths));
        rows::make_room(&mut self.open, 1);
        self.open.push(Open { quarter, touched: quarter, changed, rows });
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
            let old = self.open.extract_if(.., |open| is_old(open));
            self.put_away.extend(old.map(|open| (open.quarter, open.sheet())));
        }
        while self.put_away.first_key_value().is_some_and(|(quarter, _)| *quarter < now - HELD) {
            self.put_away.pop_first();
        }
    }

    /// Rows of those that are open.
    fn rows_between(&self, from: i64, to: i64) -> impl Iterator<Item = &Row> {
        let first = self.open.partition_point(|open| open.quarter < from);
        let open = self.open[first..].iter().take_while(move |open| open.quarter < to);
        open.flat_map(|open| &open.rows)
    }

    /// What was counted in the quarters from `from` up to but not including `to`.
    pub(in crate::engine) fn counts(&self, from: i64, to: i64) -> Tally {
        let mut sum = Tally::default();
        let put_away = self.put_away.range(from..to.max(from));
        put_away.for_each(|(_, sheet)| sum.add(&sheet.counts));
        rows::add_counts(self.rows_between(from, to), &mut sum);
        sum
    }

    /// How a length was distributed in them.
    pub(in crate::engine) fn lengths(&self, length: Length, from: i64, to: i64) -> Histogram {
        let mut sum = rows::lengths(self.rows_between(from, to), length);
        let put_away = self.put_away.range(from..to.max(from));
        put_away.for_each(|(_, sheet)| sum.merge(&sheet.lengths.of(length)));
        sum
    }

    /// The first quarter in which anything was counted, and not taken back.
    pub(in crate::engine) fn first(&self) -> Option<i64> {
        let put_away = self.put_away.iter().find(|(_, sheet)| !sheet.counts.is_empty());
        let open = self.open.iter().find(|open| !open.rows.is_empty()).map(|open| open.quarter);
        put_away.map(|(quarter, _)| *quarter).into_iter().chain(open).min()
    }

    /// Quarters that changed since the last call.
    pub(in crate::engine) fn take_changed(&mut self) -> Vec<(i64, QuarterCounts)> {
        let changed = self.open.iter_mut().filter_map(|open| {
            std::mem::take(&mut open.changed).then(|| (open.quarter, open.sheet()))
        });
        changed.collect()
    }

    /// Takes a quarter from the store, unless it is known better.
    pub(in crate::engine) fn recall(&mut self, quarter: i64, sheet: QuarterCounts) {
        match self.open.binary_search_by_key(&quarter, |open| open.quarter) {
            Ok(place) => self.open[place].changed = self.open[place].sheet() != sheet,
            Err(_) => drop(self.put_away.insert(quarter, sheet)),
        }
    }
}
