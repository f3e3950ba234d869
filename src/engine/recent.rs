//! The last hour of a cell, by buckets of 15 s: what the sliding windows and the trend lines are
//! read from, together with the quarters of an hour that they cover whole.
//!
//! Only buckets in which something was counted are held. Those older than an hour stay until the
//! quarter of an hour is over.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::corrections::Line;
use super::day::{BUCKETS, Moment};
use super::sheet::Sheet;
use crate::event::UnixMs;
use crate::kpi::value::Window;

/// How many buckets a sliding window has.
pub(super) fn buckets_of(window: Window) -> Option<usize> {
    match window {
        Window::Min5 => Some(20),
        Window::Min15 => Some(60),
        Window::Min30 => Some(120),
        Window::Min60 => Some(BUCKETS),
        _ => None,
    }
}

/// See the module.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Recent {
    /// By number since 1970, oldest first.
    buckets: VecDeque<(i64, Sheet)>,
}

impl Recent {
    /// Counts lines of that time, if the last hour covers it.
    pub(super) fn count(&mut self, moment: &Moment, at_ms: UnixMs, lines: &[Line], sign: i64) {
        let Some(age) = moment.age(at_ms) else { return };
        let bucket = self.bucket(moment.head - age as i64);
        lines.iter().for_each(|line| bucket.count(line, sign));
    }

    fn bucket(&mut self, number: i64) -> &mut Sheet {
        let newest = self.buckets.len().saturating_sub(1);
        let place = match self.buckets.back() {
            Some((held, _)) if *held == number => newest,
            Some((held, _)) if *held > number => {
                self.buckets.partition_point(|(held, _)| *held < number)
            }
            _ => self.buckets.len(),
        };
        if self.buckets.get(place).is_none_or(|(held, _)| *held != number) {
            self.buckets.insert(place, (number, Sheet::default()));
        }
        &mut self.buckets[place].1
    }

    /// Lets go of what has left the last hour.
    pub(super) fn let_go(&mut self, moment: &Moment) {
        let oldest = moment.head - BUCKETS as i64;
        while self.buckets.front().is_some_and(|(number, _)| *number <= oldest) {
            self.buckets.pop_front();
        }
    }

    /// The buckets from one number up to but not including another.
    pub(super) fn between(&self, from: i64, to: i64) -> impl Iterator<Item = &Sheet> {
        let first = self.buckets.partition_point(|(number, _)| *number < from);
        let buckets = self.buckets.range(first..);
        buckets.take_while(move |(number, _)| *number < to).map(|(_, sheet)| sheet)
    }
}
