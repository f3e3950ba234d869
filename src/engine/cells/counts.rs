//! A cell's counts: of all time, of today, and by quarters of an hour for five weeks.
//!
//! Almost everything that happens belongs to the quarter under way. That is counted once, in the
//! counts of all time: today and the quarter under way are what is in them more than when the day
//! and the quarter began. Only what belongs to an earlier quarter is looked up.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::correction::Correction;
use super::quarter_counts::{Lengths, QuarterCounts};
use super::quarters::Quarters;
use super::totals::RunningTotals;
use crate::engine::counting::{Histogram, Length, Tally};
use crate::engine::moment::{Moment, quarter_of};

/// The counts of one cell: all time, today, by quarters. Laid out as written, by how often they
/// are needed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[repr(C)]
pub(in crate::engine) struct CellCounts {
    pub(in crate::engine) totals: RunningTotals,
    /// Anything was counted in the quarter under way.
    touched: bool,
    /// And since it was last handed to the store. After a restart everything has been, until the
    /// store is found to hold the same.
    #[serde(skip, default = "super::quarters::unproven")]
    changed: bool,
    quarter_lengths: Lengths,
    earlier: Quarters,
    /// Today's quarters that are over, where every contact is counted. Elsewhere they are summed
    /// up when they are read.
    today_lengths: Option<Lengths>,
}

impl CellCounts {
    /// `whole`: of a cell where every contact is counted.
    pub(in crate::engine) fn new(whole: bool) -> Self {
        CellCounts {
            totals: RunningTotals::default(),
            touched: false,
            changed: false,
            quarter_lengths: Lengths::default(),
            today_lengths: whole.then(Lengths::default),
            earlier: Quarters::default(),
        }
    }

    /// Counts what changes at one time.
    pub(super) fn count(&mut self, moment: &Moment, correction: &Correction) {
        let when = correction.when;
        for (number, amount) in &correction.numbers {
            self.totals.count(*number, *amount, when);
        }
        for (length, bin, amount) in &correction.lengths {
            if when.is_now {
                self.quarter_lengths.count(*length, *bin, *amount);
            } else if let Some(today) = self.today_lengths.as_mut().filter(|_| when.is_today) {
                today.count(*length, *bin, *amount);
            }
        }
        if when.is_now {
            (self.touched, self.changed) = (true, true);
        } else {
            self.earlier.count(correction.quarter, moment.quarter(), &correction.rows);
        }
    }

    /// Anything was counted in the quarter under way.
    pub(in crate::engine) fn is_touched(&self) -> bool {
        self.touched
    }

    /// Nothing has to be done with it when the quarter is over.
    pub(in crate::engine) fn is_at_rest(&self, moment: &Moment) -> bool {
        !self.touched && !self.earlier.has_after(moment.quarter())
    }

    /// A quarter of an hour, or a day, has begun. Targets at rest learn of quarters only when a
    /// day begins.
    pub(in crate::engine) fn turn(&mut self, from: &Moment, to: &Moment) {
        if from.quarter() != to.quarter() {
            if self.touched {
                let quarter = from.quarter();
                self.earlier.put(quarter, &self.totals, &self.quarter_lengths, self.changed);
                self.totals.begin_quarter();
                if let Some(today) = &mut self.today_lengths {
                    today.merge(&self.quarter_lengths);
                }
                self.quarter_lengths.clear();
            }
            (self.touched, self.changed) = (false, false);
            if let Some(known) = self.earlier.take(to.quarter()) {
                self.begin_with(known);
            }
            self.earlier.advance(to.quarter());
        }
        if from.day_start_ms != to.day_start_ms {
            self.totals.begin_day();
            self.today_lengths = self.today_lengths.as_ref().map(|_| Lengths::default());
        }
    }

    /// The quarter under way.
    fn under_way(&self) -> QuarterCounts {
        QuarterCounts { counts: self.totals.under_way(), lengths: self.quarter_lengths.clone() }
    }

    pub(in crate::engine) fn today(&self) -> Tally {
        self.totals.today()
    }

    /// How a length was distributed today.
    pub(in crate::engine) fn today_lengths(&self, moment: &Moment, length: Length) -> Histogram {
        match &self.today_lengths {
            Some(today) => {
                let mut bins = today.of(length);
                bins.merge(&self.quarter_lengths.of(length));
                bins
            }
            None => {
                let quarters = quarter_of(moment.day_start_ms)..moment.quarter() + 1;
                self.lengths(moment, length, quarters)
            }
        }
    }

    /// What was counted in a row of quarters.
    pub(in crate::engine) fn counts(&self, moment: &Moment, quarters: Range<i64>) -> Tally {
        let mut sum = self.earlier.counts(quarters.start, quarters.end);
        if quarters.contains(&moment.quarter()) {
            sum.add(&self.totals.under_way());
        }
        sum
    }

    /// How a length was distributed in them.
    pub(in crate::engine) fn lengths(
        &self,
        moment: &Moment,
        length: Length,
        quarters: Range<i64>,
    ) -> Histogram {
        let mut sum = self.earlier.lengths(length, quarters.start, quarters.end);
        if quarters.contains(&moment.quarter()) {
            sum.merge(&self.quarter_lengths.of(length));
        }
        sum
    }

    /// The first quarter in which anything was counted, and not taken back.
    pub(in crate::engine) fn first_quarter(&self, moment: &Moment) -> Option<i64> {
        let now = || (!self.under_way().is_empty()).then(|| moment.quarter());
        self.earlier.first().or_else(now)
    }

    /// Quarters that changed since the last call.
    pub(in crate::engine) fn take_changed(&mut self, moment: &Moment) -> Vec<(i64, QuarterCounts)> {
        let mut changed = self.earlier.take_changed();
        if std::mem::take(&mut self.changed) && self.touched {
            changed.push((moment.quarter(), self.under_way()));
        }
        changed
    }

    /// Takes a quarter from the store, unless it is known better.
    pub(in crate::engine) fn recall(
        &mut self,
        moment: &Moment,
        quarter: i64,
        sheet: QuarterCounts,
    ) {
        if quarter != moment.quarter() {
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
    fn begin_with(&mut self, sheet: QuarterCounts) {
        self.totals.begin_with(&sheet.counts);
        self.quarter_lengths = sheet.lengths;
        self.touched = true;
    }
}
