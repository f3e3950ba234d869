//! The only way to change cells: a visit, during which one contact is counted anew.
//!
//! Several things of one contact count in the same cells, so a visitor remembers which cells
//! belong to which place. That memory is the visitor's own and begins empty: nobody can change a
//! cell by what was found for another contact.

use std::ops::Range;

use smallvec::SmallVec;

use super::all::Cells;
use super::cell::Cell;
use super::correction::Correction;
use super::place::{At, Only};
use super::slice::{Axes, Place};
use crate::engine::counting::Entry;
use crate::engine::ids::WordId;
use crate::engine::moment::Moment;

/// Counts one contact in the cells of its places; knows which cells those are.
pub(in crate::engine) struct Visitor<'a> {
    cells: &'a mut Cells,
    /// Not everywhere.
    only: Option<Only>,
    memory: Memory,
}

/// What a visitor remembers. Kept between visits for its room, never for its contents.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory {
    places: Vec<Known>,
    /// Numbers of the cells of all places, one place after the other.
    cells: Vec<u32>,
    correction: Correction,
}

/// A place, and where in [`Memory::cells`] its cells stand.
#[derive(Clone, Debug)]
struct Known {
    place: Place,
    topics: SmallVec<[WordId; 4]>,
    cells: Range<usize>,
}

/// What counts at one place: up to `N` entries, each compared with the one of the same number
/// before.
pub(in crate::engine) type Entries<const N: usize> = [Option<Entry>; N];

impl Drop for Visitor<'_> {
    fn drop(&mut self) {
        self.cells.memory = std::mem::take(&mut self.memory);
    }
}

impl<'a> Visitor<'a> {
    pub(super) fn new(cells: &'a mut Cells, only: Option<Only>) -> Self {
        let mut memory = std::mem::take(&mut cells.memory);
        memory.places.clear();
        memory.cells.clear();
        Visitor { cells, only, memory }
    }

    pub(in crate::engine) fn moment(&self) -> Moment {
        self.cells.moment
    }

    /// Changes every cell in which something there counts.
    pub(in crate::engine) fn each(&mut self, at: At<'_>, mut change: impl FnMut(&mut Cell)) {
        for place in self.cells_at(at) {
            if let Some(cell) = self.cells.cell_mut(self.memory.cells[place]) {
                change(cell);
            }
        }
    }

    /// Counts an entry.
    pub(in crate::engine) fn put(&mut self, at: At<'_>, entry: &Entry) {
        let cells = self.cells_at(at);
        match self.only {
            Some(Only { recent: true, .. }) => self.put_recent(cells, entry),
            _ => self.count(cells, None, Some(entry)),
        }
    }

    /// Counts an entry no longer.
    pub(in crate::engine) fn take_out(&mut self, at: At<'_>, entry: &Entry) {
        let cells = self.cells_at(at);
        self.count(cells, Some(entry), None);
    }

    /// Counts what is new instead of what is old. Only cells are touched in which something is
    /// different.
    pub(in crate::engine) fn replace<const N: usize>(
        &mut self,
        old: Option<&(At<'_>, Entries<N>)>,
        new: Option<&(At<'_>, Entries<N>)>,
    ) {
        let old_cells = old.map_or(0..0, |(at, _)| self.cells_at(*at));
        let new_cells = new.map_or(0..0, |(at, _)| self.cells_at(*at));
        for index in 0..N {
            let old = old.and_then(|(_, entries)| entries[index].as_ref());
            let new = new.and_then(|(_, entries)| entries[index].as_ref());
            match (old, new) {
                (Some(old), Some(new)) => self.replace_one((&old_cells, old), (&new_cells, new)),
                (Some(_), None) => self.count(old_cells.clone(), old, None),
                (None, Some(_)) => self.count(new_cells.clone(), None, new),
                (None, None) => {}
            }
        }
    }

    fn replace_one(
        &mut self,
        (old_cells, old): (&Range<usize>, &Entry),
        (new_cells, new): (&Range<usize>, &Entry),
    ) {
        if old.at_ms != new.at_ms {
            self.count(old_cells.clone(), Some(old), None);
            self.count(new_cells.clone(), None, Some(new));
            return;
        }
        if old_cells == new_cells {
            return self.count(old_cells.clone(), Some(old), Some(new));
        }
        self.count_where(|is_both| is_both, (old_cells, new_cells), Some(old), Some(new));
        self.count_where(|is_both| !is_both, (old_cells, new_cells), Some(old), None);
        self.count_where(|is_both| !is_both, (new_cells, old_cells), None, Some(new));
    }

    /// In those cells of the first range that fit: by whether they are in the second one, too.
    fn count_where(
        &mut self,
        fits: impl Fn(bool) -> bool,
        (cells, others): (&Range<usize>, &Range<usize>),
        old: Option<&Entry>,
        new: Option<&Entry>,
    ) {
        if !self.memory.correction.find(&self.cells.moment, old, new) {
            return;
        }
        for place in cells.clone() {
            if fits(self.is_among(place, others)) {
                self.cells.count(self.memory.cells[place], &self.memory.correction);
            }
        }
    }

    fn is_among(&self, place: usize, cells: &Range<usize>) -> bool {
        self.memory.cells[cells.clone()].contains(&self.memory.cells[place])
    }

    /// In cells that count the old entry, if there is one, and are to count the new one. If there
    /// are both, they are of the same time.
    fn count(&mut self, cells: Range<usize>, old: Option<&Entry>, new: Option<&Entry>) {
        if !cells.is_empty() && self.memory.correction.find(&self.cells.moment, old, new) {
            for number in &self.memory.cells[cells] {
                self.cells.count(*number, &self.memory.correction);
            }
        }
    }

    fn put_recent(&mut self, cells: Range<usize>, entry: &Entry) {
        self.memory.correction.find(&self.cells.moment, None, Some(entry));
        let moment = self.cells.moment;
        for number in &self.memory.cells[cells] {
            if let Some(cell) = self.cells.cell_mut(*number) {
                cell.count_recent(&moment, &self.memory.correction);
            }
        }
    }

    /// The cells of a place, by where they stand in the memory.
    fn cells_at(&mut self, at: At<'_>) -> Range<usize> {
        // What was found last is asked for again most often.
        let known = self.memory.places.iter().rev();
        let mut known = known.filter(|known| known.place == at.place);
        if let Some(known) = known.find(|known| known.topics[..] == *at.topics) {
            return known.cells.clone();
        }
        let start = self.memory.cells.len();
        let (place, found) = (at.place, &mut self.memory.cells);
        let base = place.slice(Axes::BASE).filter(|_| !place.has_label() && self.only.is_none());
        found.extend(base.and_then(|slice| self.cells.place(slice)));
        for index in 0..self.cells.watched_count() {
            let axes = self.cells.watched_axes(index);
            let is_asked = self.only.is_none_or(|only| only.axes == axes);
            if axes.has(Axes::LABEL) != place.has_label() || !is_asked {
                continue;
            }
            let Some(slice) = place.slice(axes) else { continue };
            if axes.has(Axes::TOPIC) {
                let slices = at.topics.iter().map(|topic| slice.on(*topic));
                found.extend(slices.filter_map(|slice| self.cells.place(slice)));
            } else {
                found.extend(self.cells.place(slice));
            }
        }
        let cells = start..found.len();
        self.memory.places.push(Known {
            place,
            topics: SmallVec::from_slice(at.topics),
            cells: cells.clone(),
        });
        cells
    }
}
