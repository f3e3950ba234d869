//! The only way to change cells: a visit, during which one contact is counted anew.
//!
//! Several things of one contact count in the same cells, so a visitor remembers which cells
//! belong to which place. That memory is the visitor's own and begins empty: nobody can change a
//! cell by what was found for another contact.

use std::ops::Range;

use smallvec::SmallVec;

use super::all::Cells;
use super::cell::Cell;
use super::place::{At, Only};
use super::slice::{Axes, Place};
use crate::engine::counting::{Entry, Line};
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
    lines: Vec<Line>,
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
        old: Option<(At<'_>, Entries<N>)>,
        new: Option<(At<'_>, Entries<N>)>,
    ) {
        let (old_cells, old) = self.entries_at(old);
        let (new_cells, new) = self.entries_at(new);
        for (old, new) in old.iter().zip(&new) {
            self.replace_one((&old_cells, old.as_ref()), (&new_cells, new.as_ref()));
        }
    }

    fn entries_at<const N: usize>(
        &mut self,
        entries: Option<(At<'_>, Entries<N>)>,
    ) -> (Range<usize>, Entries<N>) {
        match entries {
            Some((at, entries)) => (self.cells_at(at), entries),
            None => (0..0, [const { None }; N]),
        }
    }

    fn replace_one(
        &mut self,
        (old_cells, old): (&Range<usize>, Option<&Entry>),
        (new_cells, new): (&Range<usize>, Option<&Entry>),
    ) {
        let is_same_time = old.zip(new).is_none_or(|(old, new)| old.at_ms == new.at_ms);
        if !is_same_time {
            self.count(old_cells.clone(), old, None);
            self.count(new_cells.clone(), None, new);
            return;
        }
        if old_cells == new_cells {
            return self.count(old_cells.clone(), old, new);
        }
        for place in old_cells.clone() {
            let new = new.filter(|_| self.is_among(place, new_cells));
            self.count(place..place + 1, old, new);
        }
        for place in new_cells.clone() {
            if !self.is_among(place, old_cells) {
                self.count(place..place + 1, None, new);
            }
        }
    }

    fn is_among(&self, place: usize, cells: &Range<usize>) -> bool {
        self.memory.cells[cells.clone()].contains(&self.memory.cells[place])
    }

    /// In cells that count the old entry, if there is one, and are to count the new one. If there
    /// are both, they are of the same time.
    fn count(&mut self, cells: Range<usize>, old: Option<&Entry>, new: Option<&Entry>) {
        let Some(at_ms) = old.or(new).map(|entry| entry.at_ms) else { return };
        Line::difference(old, new, &mut self.memory.lines);
        if self.memory.lines.is_empty() {
            return;
        }
        for number in &self.memory.cells[cells] {
            self.cells.count(*number, at_ms, &self.memory.lines);
        }
    }

    fn put_recent(&mut self, cells: Range<usize>, entry: &Entry) {
        Line::difference(None, Some(entry), &mut self.memory.lines);
        let moment = self.cells.moment;
        for number in &self.memory.cells[cells] {
            if let Some(cell) = self.cells.cell_mut(*number) {
                cell.count_recent(&moment, entry.at_ms, &self.memory.lines);
            }
        }
    }

    /// The cells of a place, by where they stand in the memory.
    fn cells_at(&mut self, at: At<'_>) -> Range<usize> {
        let known = self.memory.places.iter();
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
        self.memory.places.push(Known { place, topics: at.topics.into(), cells: cells.clone() });
        cells
    }
}
