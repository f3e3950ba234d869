//! Counts and distributions of a short span: a bucket, a quarter of an hour. Zeros are left out.

use serde::{Deserialize, Serialize};

use super::bins::Bins;
use super::corrections::Line;
use super::entry::Item;
use super::field::Length;
use super::tally::Sparse;

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Sheet {
    pub(super) counts: Sparse,
    pub(super) lengths: Lengths,
}

impl Sheet {
    /// `sign` is 1, or −1 to take the line out again.
    pub(super) fn count(&mut self, line: &Line, sign: i64) {
        match line.item {
            Item::Field(field) => self.counts.count(field, sign * line.amount),
            Item::Sum(sum) => self.counts.lengthen(sum, sign * line.amount),
            Item::Length(length) => self.lengths.count(length, line.amount, sign),
            _ => {}
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.counts.is_empty() && self.lengths.0.is_empty()
    }
}

/// Distributions of those lengths that occurred, in order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Lengths(pub(super) Vec<(Length, Bins)>);

impl Lengths {
    pub(super) fn of(&self, length: Length) -> Option<&Bins> {
        self.0.iter().find(|(of, _)| *of == length).map(|(_, bins)| bins)
    }

    pub(super) fn merge(&mut self, other: &Lengths) {
        for (length, bins) in &other.0 {
            match self.0.binary_search_by_key(length, |(of, _)| *of) {
                Ok(place) => self.0[place].1.merge(bins),
                Err(place) => self.0.insert(place, (*length, bins.clone())),
            }
        }
    }

    pub(super) fn count(&mut self, length: Length, length_ms: i64, sign: i64) {
        match self.0.binary_search_by_key(&length, |(of, _)| *of) {
            Ok(place) if sign > 0 => self.0[place].1.add(length_ms),
            Ok(place) => {
                let bins = &mut self.0[place].1;
                bins.remove(length_ms);
                if bins.is_empty() {
                    self.0.remove(place);
                }
            }
            Err(place) if sign > 0 => {
                let mut bins = Bins::default();
                bins.add(length_ms);
                self.0.insert(place, (length, bins));
            }
            Err(_) => {}
        }
    }
}
