//! The last hour of a cell, by buckets of 5 s, and before the last 5 minutes by steps of 15 s: what
//! the sliding windows and the trend lines are read from, together with the quarters of an hour
//! that they cover whole.
//!
//! New rows are put at the end and sorted in now and then; then buckets that have left the last 5
//! minutes are joined, and those older than an hour go. Where nothing new comes, they go when a
//! quarter of an hour is over and they are half of all.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::rows::{self, Key, Row};
use crate::engine::counting::{Histogram, Length, Tally};
use crate::engine::moment::Moment;
use crate::event::UnixMs;
use crate::scope::Window;

/// What was counted in the last hour, by buckets and steps.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in crate::engine) struct LastHour {
    /// The first of them sorted, without zeros; the others as they came.
    rows: Vec<Row>,
    sorted: usize,
}

/// Rows that wait to be sorted in, beside as many as are sorted.
const WAITING_MAX: usize = 64;

/// Rows that wait and are looked through by each question, beside an eighth of those that are sorted.
const LOOKED_THROUGH_MAX: usize = 16;

impl LastHour {
    /// Counts rows of that time, if the last hour covers it.
    pub(in crate::engine) fn count(&mut self, moment: &Moment, at_ms: UnixMs, rows: &[Row]) {
        let Some(bucket) = moment.kept_in(at_ms) else { return };
        self.rows.extend(rows.iter().map(|(key, amount)| (key.at(bucket), *amount)));
        if self.rows.len() > 2 * self.sorted + WAITING_MAX {
            self.sort(moment);
        }
    }

    /// Sorts, unless so little waits that every question can as well look through it.
    pub(in crate::engine) fn put_in_order(&mut self, moment: &Moment) {
        if self.rows.len() - self.sorted > LOOKED_THROUGH_MAX + self.sorted / 8 {
            self.sort(moment);
        }
    }

    fn sort(&mut self, moment: &Moment) {
        self.rows.iter_mut().for_each(|(key, _)| *key = key.at(moment.joined(key.span())));
        // Most of it is in order: this sort makes use of that.
        self.rows.sort_by_key(|(key, _)| *key);
        self.rows.dedup_by(|(key, more), (held, amount)| {
            let is_same = key == held;
            if is_same {
                *amount += *more;
            }
            is_same
        });
        let kept = oldest(moment);
        self.rows.retain(|(key, amount)| *amount != 0 && *key >= kept);
        self.sorted = self.rows.len();
    }

    /// Lets go of what has left the last hour, once that is half of it: the rest has to move.
    pub(in crate::engine) fn let_go(&mut self, moment: &Moment) {
        let kept = oldest(moment);
        let gone = self.rows[..self.sorted].partition_point(|(key, _)| *key < kept);
        if 2 * gone > self.rows.len() {
            self.sorted -= gone;
            self.rows.drain(..gone);
        }
    }

    /// What was counted in those buckets, in no order; a key may occur several times.
    fn between(&self, buckets: Range<i64>) -> impl Iterator<Item = &Row> {
        let (sorted, waiting) = self.rows.split_at(self.sorted);
        let keys = Key::first_of(buckets.start)..Key::first_of(buckets.end);
        let waiting = waiting.iter().filter(move |(key, _)| keys.contains(key));
        rows::between(sorted, buckets).iter().chain(waiting)
    }

    /// Adds up what was counted in them.
    pub(in crate::engine) fn add_counts(&self, buckets: Range<i64>, tally: &mut Tally) {
        rows::add_counts(self.between(buckets), tally);
    }

    /// How a length was distributed in them.
    pub(in crate::engine) fn lengths(&self, buckets: Range<i64>, length: Length) -> Histogram {
        rows::lengths(self.between(buckets), length)
    }
}

/// The least key of the last hour.
fn oldest(moment: &Moment) -> Key {
    moment.first_bucket(Window::Min60).map_or(Key::first_of(0), Key::first_of)
}
