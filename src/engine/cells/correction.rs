//! How cells change that counted one thing and are to count another.
//!
//! One happening counts in many cells. What is the same for all of them is worked out once.

use super::rows::{Key, Row};
use super::totals::{Number, When};
use crate::engine::counting::{Entry, Field, Fields, Histogram, Item, Length};
use crate::engine::moment::{Moment, quarter_of};
use crate::event::UnixMs;

/// What changes in every cell that counts something, at one time.
#[derive(Clone, Debug, Default)]
pub(super) struct Correction {
    pub(super) at_ms: UnixMs,
    /// The quarter of an hour of that time.
    pub(super) quarter: i64,
    pub(super) when: When,
    /// What belongs to a time: counted in the hour, the day and the quarters that cover it. Of no
    /// span yet.
    pub(super) rows: Vec<Row>,
    /// The counts and sums among the rows, and the lengths: with their bins.
    pub(super) numbers: Vec<(Number, i64)>,
    pub(super) lengths: Vec<(Length, u16, i64)>,
    /// What belongs to none.
    pub(super) others: Vec<Other>,
    /// How many wait is among the rows.
    pub(super) waits: bool,
}

/// One number that belongs to no quarter of an hour, put in or taken out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Other {
    pub(super) item: Item,
    /// 1, or −1 to take it out again.
    pub(super) sign: i8,
    pub(super) amount: i64,
}

impl Other {
    /// What it adds to a count.
    pub(super) fn delta(&self) -> i64 {
        i64::from(self.sign) * self.amount
    }
}

impl Correction {
    /// From what is counted now to what is to be counted: if there are both, of the same time.
    /// False when they are alike.
    pub(super) fn find(
        &mut self,
        moment: &Moment,
        old: Option<&Entry>,
        new: Option<&Entry>,
    ) -> bool {
        self.rows.clear();
        self.numbers.clear();
        self.lengths.clear();
        self.others.clear();
        let fields = |entry: Option<&Entry>| entry.map_or(Fields::default(), |entry| entry.fields);
        let (gone, come) = (fields(old).without(fields(new)), fields(new).without(fields(old)));
        for (fields, more) in [(gone, -1), (come, 1)] {
            for number in fields.numbers() {
                self.rows.push((Key::field(number), more));
                self.numbers.push((Number::of_field(number), more));
            }
        }
        self.waits = gone.has(Field::Waiting) || come.has(Field::Waiting);
        let both = old.zip(new);
        let measures_same =
            both.is_some_and(|(old, new)| old.sums == new.sums && old.lengths == new.lengths);
        let others_same = both.is_some_and(|(old, new)| old.others == new.others);
        for (entry, sign) in [(old, -1_i8), (new, 1)] {
            let Some(entry) = entry else { continue };
            self.at_ms = entry.at_ms;
            if !measures_same {
                let more = i64::from(sign);
                for (sum, amount) in entry.sums.iter().flatten().filter(|(_, it)| *it != 0) {
                    self.rows.push((Key::sum(*sum), more * amount));
                    self.numbers.push((Number::from(*sum), more * amount));
                }
                for (length, amount) in entry.lengths.iter().flatten() {
                    let bin = Histogram::bin(*amount);
                    self.rows.push((Key::length(*length, bin), more));
                    self.lengths.push((*length, bin, more));
                }
            }
            if !others_same {
                let others = entry.others.iter().flatten();
                self.others.extend(others.map(|&(item, amount)| Other { item, sign, amount }));
            }
        }
        self.quarter = quarter_of(self.at_ms);
        self.when = When {
            is_now: self.quarter >= moment.quarter(),
            is_today: moment.is_today(self.at_ms),
        };
        !self.rows.is_empty() || !self.others.is_empty()
    }
}
