//! What one look at a contact changes in the books, net.
//!
//! A contact's course is derived anew again and again, and what it had counted as is taken out
//! and put back in. Most of that is the same as before: it meets here and cancels out, so that
//! only cells are touched in which something is different.

use super::entry::Item;
use super::tally::Tally;
use crate::event::UnixMs;

/// One number of one cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// The cell, by its place in the books.
    pub(super) cell: u32,
    pub(super) item: Item,
    /// When it happened; 0 for what has no time.
    pub(super) at_ms: UnixMs,
    pub(super) amount: i64,
}

impl Line {
    /// Counts it, unless it is a length; `sign` −1 takes it out again.
    pub(super) fn count_in(&self, tally: &mut Tally, sign: i64) {
        match self.item {
            Item::Field(field) => tally.count(field, sign * self.amount),
            Item::Sum(sum) => tally.lengthen(sum, sign * self.amount),
            _ => {}
        }
    }

    /// Lines of the same cell and time are counted together.
    fn meets(&self, other: &Line) -> bool {
        (self.cell, self.at_ms) == (other.cell, other.at_ms)
    }
}

/// Lines among which one is looked for that cancels out. Of a look that changes more, the rest is
/// taken out of cells and put back in: the sums are the same.
const COMPARED_MAX: usize = 256;

/// See the module.
#[derive(Clone, Debug, Default)]
pub(super) struct Corrections {
    taken_out: Vec<Line>,
    put_in: Vec<Line>,
}

impl Corrections {
    /// Puts a line in (+1) or takes it out (−1).
    pub(super) fn note(&mut self, line: Line, delta: i32) {
        let (same, opposite) = if delta < 0 {
            (&mut self.taken_out, &mut self.put_in)
        } else {
            (&mut self.put_in, &mut self.taken_out)
        };
        let compared = opposite.len().saturating_sub(COMPARED_MAX);
        match opposite[compared..].iter().rposition(|held| *held == line) {
            Some(place) => drop(opposite.remove(compared + place)),
            None => same.push(line),
        }
    }

    /// What is left, in lines of the same cell and time, each with its sign.
    pub(super) fn each(&self) -> impl Iterator<Item = (&[Line], i64)> {
        let taken_out = self.taken_out.chunk_by(Line::meets).map(|lines| (lines, -1));
        let put_in = self.put_in.chunk_by(Line::meets).map(|lines| (lines, 1));
        taken_out.chain(put_in)
    }

    pub(super) fn clear(&mut self) {
        self.taken_out.clear();
        self.put_in.clear();
    }
}
