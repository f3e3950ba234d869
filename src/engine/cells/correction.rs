//! How cells change that counted one thing and are to count another.
//!
//! One happening counts in many cells. What is the same for all of them is worked out once.

use super::rows::{Key, Row};
use crate::engine::counting::{Entry, Field, Fields, Histogram, Item};
use crate::event::UnixMs;

/// What changes in every cell that counts something, at one time.
#[derive(Clone, Debug, Default)]
pub(super) struct Correction {
    pub(super) at_ms: UnixMs,
    /// What belongs to a time: counted in the hour, the day and the quarters that cover it. Of no
    /// span yet.
    pub(super) rows: Vec<Row>,
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
    pub(super) fn find(&mut self, old: Option<&Entry>, new: Option<&Entry>) -> bool {
        self.rows.clear();
        self.others.clear();
        let fields = |entry: Option<&Entry>| entry.map_or(Fields::default(), |entry| entry.fields);
        let (gone, come) = (fields(old).without(fields(new)), fields(new).without(fields(old)));
        self.rows.extend(gone.numbers().map(|number| (Key::field(number), -1)));
        self.rows.extend(come.numbers().map(|number| (Key::field(number), 1)));
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
                let sums = entry.sums.iter().flatten().filter(|(_, amount)| *amount != 0);
                self.rows.extend(sums.map(|(sum, amount)| (Key::sum(*sum), more * amount)));
                for (length, amount) in entry.lengths.iter().flatten() {
                    self.rows.push((Key::length(*length, Histogram::bin(*amount)), more));
                }
            }
            if !others_same {
                let others = entry.others.iter().flatten();
                self.others.extend(others.map(|&(item, amount)| Other { item, sign, amount }));
            }
        }
        !self.rows.is_empty() || !self.others.is_empty()
    }
}
