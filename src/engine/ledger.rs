//! A cell's counts: of all time, of today, and by quarters of an hour for five weeks.
//!
//! Almost everything that happens belongs to the quarter under way. That is counted once, in the
//! counts of all time: today and the quarter under way are what is in them more than when the day
//! and the quarter began. Only what belongs to an earlier quarter is looked up.

use serde::{Deserialize, Serialize};

use super::bins::Bins;
use super::corrections::Line;
use super::day::Moment;
use super::entry::Item;
use super::field::Length;
use super::quarters::{Quarters, quarter_of};
use super::sheet::{Lengths, Sheet};
use super::tally::{Sparse, Tally, Totals};
use crate::event::UnixMs;

/// See the module.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Ledger {
    pub(super) totals: Totals,
    /// The quarter under way.
    quarter: i64,
    /// Anything was counted in it.
    touched: bool,
    /// And since it was last handed to the store. After a restart everything has been, until the
    /// store is found to hold the same.
    #[serde(skip, default = "super::quarters::unproven")]
    changed: bool,
    quarter_lengths: Lengths,
    /// Today's quarters that are over, where every contact is counted. Elsewhere they are summed
    /// up when they are read.
    today_lengths: Option<Lengths>,
    before_quarter: Tally,
    before_today: Tally,
    earlier: Quarters,
}

impl Ledger {
    /// `whole`: of a cell where every contact is counted.
    pub(super) fn new(moment: &Moment, whole: bool) -> Self {
        Ledger {
            totals: Totals::default(),
            quarter: moment.quarter(),
            touched: false,
            changed: false,
            quarter_lengths: Lengths::default(),
            today_lengths: whole.then(Lengths::default),
            before_quarter: Tally::default(),
            before_today: Tally::default(),
            earlier: Quarters::default(),
        }
    }

    /// Counts lines of that time; `sign` −1 takes them out.
    pub(super) fn count(&mut self, moment: &Moment, at_ms: UnixMs, lines: &[Line], sign: i64) {
        let quarter = quarter_of(at_ms);
        let (is_now, is_today) = (quarter >= self.quarter, moment.is_today(at_ms));
        for line in lines {
            match line.item {
                Item::Field(field) => self.totals.count(field, sign * line.amount),
                Item::Sum(sum) => self.totals.actual.lengthen(sum, sign * line.amount),
                Item::Length(length) if is_now => {
                    self.quarter_lengths.count(length, line.amount, sign);
                }
                Item::Length(length) => {
                    if let Some(today) = self.today_lengths.as_mut().filter(|_| is_today) {
                        today.count(length, line.amount, sign);
                    }
                }
                _ => {}
            }
        }
        if is_now {
            (self.touched, self.changed) = (true, true);
        } else {
            let sheet = self.earlier.at(quarter, self.quarter);
            for line in lines {
                sheet.count(line, sign);
                line.count_in(&mut self.before_quarter, sign);
            }
        }
        if !is_today {
            lines.iter().for_each(|line| line.count_in(&mut self.before_today, sign));
        }
    }

    /// A quarter of an hour, or a day, has begun.
    pub(super) fn turn(&mut self, from: &Moment, to: &Moment) {
        if self.quarter != to.quarter() {
            if self.touched {
                self.earlier.put(self.quarter, self.under_way(), self.changed);
                self.before_quarter.clone_from(&self.totals.actual);
                let lengths = std::mem::take(&mut self.quarter_lengths);
                if let Some(today) = &mut self.today_lengths {
                    today.merge(&lengths);
                }
            }
            (self.quarter, self.touched, self.changed) = (to.quarter(), false, false);
            if let Some(known) = self.earlier.take(self.quarter) {
                self.begin_with(known);
            }
            self.earlier.advance(self.quarter);
        }
        if from.day_start_ms != to.day_start_ms {
            self.before_today.clone_from(&self.totals.actual);
            self.today_lengths = self.today_lengths.as_ref().map(|_| Lengths::default());
        }
    }

    /// The quarter under way.
    fn under_way(&self) -> Sheet {
        Sheet {
            counts: Sparse::from(&self.counts_under_way()),
            lengths: self.quarter_lengths.clone(),
        }
    }

    fn counts_under_way(&self) -> Tally {
        self.totals.actual.since(&self.before_quarter)
    }

    pub(super) fn today(&self) -> Tally {
        self.totals.actual.since(&self.before_today)
    }

    /// How a length was distributed today.
    pub(super) fn today_lengths(&self, moment: &Moment, length: Length) -> Bins {
        match &self.today_lengths {
            Some(today) => {
                let mut bins = today.of(length).cloned().unwrap_or_default();
                self.quarter_lengths.of(length).into_iter().for_each(|it| bins.merge(it));
                bins
            }
            None => self.lengths(length, quarter_of(moment.day_start_ms), self.quarter + 1),
        }
    }

    /// What was counted in the quarters from `from` up to but not including `to`.
    pub(super) fn counts(&self, from: i64, to: i64) -> Tally {
        let mut sum = self.earlier.counts(from, to);
        if (from..to).contains(&self.quarter) {
            sum.add_up(&self.counts_under_way());
        }
        sum
    }

    /// How a length was distributed in them.
    pub(super) fn lengths(&self, length: Length, from: i64, to: i64) -> Bins {
        let mut sum = self.earlier.lengths(length, from, to);
        if let Some(bins) =
            self.quarter_lengths.of(length).filter(|_| (from..to).contains(&self.quarter))
        {
            sum.merge(bins);
        }
        sum
    }

    /// The first quarter in which anything was counted, and not taken back.
    pub(super) fn first_quarter(&self) -> Option<i64> {
        self.earlier.first().or_else(|| (!self.under_way().is_empty()).then_some(self.quarter))
    }

    /// Quarters that changed since the last call.
    pub(super) fn take_changed(&mut self) -> Vec<(i64, Sheet)> {
        let mut changed = self.earlier.take_changed();
        if std::mem::take(&mut self.changed) && self.touched {
            changed.push((self.quarter, self.under_way()));
        }
        changed
    }

    /// Takes a quarter from the store, unless it is known better.
    pub(super) fn recall(&mut self, quarter: i64, sheet: Sheet) {
        if quarter != self.quarter {
            return self.earlier.recall(quarter, sheet);
        }
        let known = self.under_way();
        if known.is_empty() {
            self.begin_with(sheet);
        } else {
            self.changed = known != sheet;
        }
    }

    /// In the quarter under way, that much had been counted before. A server folds that itself; a
    /// report in the middle of it knows it only from the store.
    fn begin_with(&mut self, sheet: Sheet) {
        self.before_quarter.subtract(&sheet.counts);
        self.quarter_lengths = sheet.lengths;
        self.touched = true;
    }
}
