//! All cells, and the way from a place to those that count what happens there.
//!
//! What one look at a contact changes is gathered net in [`Corrections`] and counted when that
//! look is over ([`Books::close`]).

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::cell::Cell;
use super::corrections::{Corrections, Line};
use super::day::Moment;
use super::entry::{Entry, Item};
use super::fact::{NO_QUEUE, QueueId};
use super::intern::Map;
use super::posting::Posting;
use super::rules::Promises;
use super::slice::{Axes, Place, Slice, WordId};
use crate::event::UnixMs;

/// Cells of channel with queue; further queues of a channel are counted with its contacts without
/// a queue.
const BASE_CELLS_MAX: usize = 2048;
/// Cells of all other slices; what belongs to a further one is counted by channel and queue only,
/// and as [`Books::refused`].
const SLICE_CELLS_MAX: usize = 20_000;
/// Combinations of axes that are counted at once; each costs every event something.
pub(super) const AXES_MAX: usize = 16;

/// Combinations that are always counted: policies and rated dimensions, and what reports ask for,
/// which is by quarters of an hour.
const REPORTED: [Axes; 3] =
    [Axes::LABEL.with(Axes::BASE), Axes::AGENT.with(Axes::BASE), Axes::TOPIC.with(Axes::BASE)];

/// See the module.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Books {
    pub(super) moment: Moment,
    cells: Vec<Cell>,
    /// By queue number: its thresholds. Part of the rules, not of a snapshot.
    #[serde(skip)]
    promises: Vec<Promises>,
    /// What is counted beside channel with queue.
    watched: Vec<Watched>,
    /// Countings that found no room in a cell of their own.
    pub(super) refused: u64,
    base_cells: usize,
    #[serde(skip)]
    index: Map<Slice, u32>,
    #[serde(skip)]
    corrections: Corrections,
    #[serde(skip)]
    found: Found,
}

/// Axes by which cells are counted.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Watched {
    axes: Axes,
    /// With the last hour; otherwise only today and by quarters.
    live: bool,
}

/// The cells of the places that were asked for since the books were closed.
#[derive(Clone, Debug, Default)]
struct Found {
    topics: Vec<WordId>,
    places: Vec<(Place, Option<Axes>, Range<usize>)>,
    cells: Vec<u32>,
}

impl Found {
    fn get(&self, at: &At<'_>) -> Option<Range<usize>> {
        if self.topics != at.topics {
            return None;
        }
        let known =
            self.places.iter().find(|(place, only, _)| (place, only) == (&at.place, &at.only));
        known.map(|(_, _, cells)| cells.clone())
    }

    fn clear(&mut self) {
        self.topics.clear();
        self.places.clear();
        self.cells.clear();
    }
}

/// What a wish to count by some axes comes to.
pub(super) enum Wish {
    /// They are counted already.
    Granted,
    /// Their cells are new: everything that is known has to be counted in them.
    New,
    /// Their cells keep the last hour from now on: that has to be counted in them.
    Recent,
    /// There is no room.
    Refused,
}

impl Books {
    pub(super) fn new() -> Self {
        Books {
            moment: Moment::START,
            cells: Vec::new(),
            promises: Vec::new(),
            watched: REPORTED.map(|axes| Watched { axes, live: axes.has(Axes::LABEL) }).to_vec(),
            refused: 0,
            base_cells: 0,
            index: Map::default(),
            corrections: Corrections::default(),
            found: Found::default(),
        }
    }

    /// After a restore: the index is not part of a snapshot.
    pub(super) fn rebuild_index(&mut self) {
        self.index = self.cells.iter().map(|cell| cell.slice).zip(0..).collect();
    }

    /// Thresholds of the queues, in the order of their numbers.
    pub(super) fn add_queue(&mut self, promises: Promises) {
        self.promises.push(promises);
    }

    pub(super) fn promises(&self, queue: QueueId) -> &Promises {
        &self.promises[usize::from(queue)]
    }

    /// Cells by these axes are counted, with the last hour, from now on. What is known of the past
    /// has to be posted by the caller, within `only`.
    pub(super) fn watch(&mut self, axes: Axes) -> Wish {
        if let Some(counted) = self.answering(axes) {
            let Some(watched) = self.watched.iter_mut().find(|it| it.axes == counted) else {
                return Wish::Granted;
            };
            if std::mem::replace(&mut watched.live, true) {
                return Wish::Granted;
            }
            self.keep_recent(counted);
            return Wish::Recent;
        }
        if self.watched.len() >= AXES_MAX {
            return Wish::Refused;
        }
        self.watched.push(Watched { axes, live: true });
        // Some may be there already, recalled from the store.
        self.keep_recent(axes);
        Wish::New
    }

    fn keep_recent(&mut self, axes: Axes) {
        let cells = self.cells.iter_mut().filter(|cell| cell.slice.axes() == axes);
        cells.for_each(Cell::keep_recent);
    }

    /// Questions about these axes can be answered for the last hour, too.
    pub(super) fn is_live(&self, asked: Axes) -> bool {
        self.answering(asked).is_some_and(|axes| axes == Axes::BASE || self.keeps_recent(axes))
    }

    fn keeps_recent(&self, axes: Axes) -> bool {
        self.watched.iter().any(|it| it.axes == axes && it.live)
    }

    /// The axes to sum over for an answer about those, if they are counted.
    pub(super) fn answering(&self, asked: Axes) -> Option<Axes> {
        if Axes::BASE.answers(asked) {
            return Some(Axes::BASE);
        }
        let able = self.watched.iter().map(|it| it.axes).filter(|axes| axes.answers(asked));
        able.min_by_key(|axes| axes.count())
    }

    /// The cell of a slice, which is there from now on.
    pub(super) fn place(&mut self, slice: Slice) -> Option<u32> {
        if let Some(place) = self.index.get(&slice) {
            return Some(*place);
        }
        let is_base = slice.axes() == Axes::BASE;
        if is_base && slice.queue() != Some(NO_QUEUE) && self.base_cells >= BASE_CELLS_MAX {
            return self.place(Slice::base(slice.channel, NO_QUEUE));
        }
        if !is_base && self.cells.len() - self.base_cells >= SLICE_CELLS_MAX {
            self.refused += 1;
            return None;
        }
        self.base_cells += usize::from(is_base);
        let place = u32::try_from(self.cells.len()).ok()?;
        let live = is_base || self.keeps_recent(slice.axes());
        self.cells.push(Cell::new(slice, live, &self.moment));
        self.index.insert(slice, place);
        Some(place)
    }

    /// Every cell in which something there counts. Topics can be several.
    fn find_cells(&mut self, at: &At<'_>) -> Range<usize> {
        if let Some(cells) = self.found.get(at) {
            return cells;
        }
        let mut found = std::mem::take(&mut self.found);
        if found.topics != at.topics {
            found.clear();
            found.topics.extend_from_slice(at.topics);
        }
        let (place, start) = (&at.place, found.cells.len());
        if place.label.is_none() && at.only.is_none() {
            found.cells.extend(self.place(Slice::base(place.channel, place.queue)));
        }
        for index in 0..self.watched.len() {
            let axes = self.watched[index].axes;
            if axes.has(Axes::LABEL) != place.label.is_some() || at.only.is_some_and(|o| o != axes)
            {
                continue;
            }
            if axes.has(Axes::TOPIC) {
                for topic in at.topics {
                    let slice = Slice::at(axes, place, Some(*topic));
                    found.cells.extend(slice.and_then(|slice| self.place(slice)));
                }
            } else if let Some(slice) = Slice::at(axes, place, None) {
                found.cells.extend(self.place(slice));
            }
        }
        let cells = start..found.cells.len();
        found.places.push((*place, at.only, cells.clone()));
        self.found = found;
        cells
    }

    /// Every cell in which something there counts.
    pub(super) fn each(&mut self, at: &At<'_>, mut change: impl FnMut(&mut Cell)) {
        for cell in self.find_cells(at) {
            if let Some(cell) = self.cells.get_mut(self.found.cells[cell] as usize) {
                change(cell);
            }
        }
    }

    /// Puts a number in (+1) or takes it out (−1), at `at_ms` or without a time.
    pub(super) fn note(&mut self, at: &At<'_>, item: Item, amount: i64, at_ms: UnixMs, delta: i32) {
        for cell in self.find_cells(at) {
            let line = Line { cell: self.found.cells[cell], item, at_ms, amount };
            self.corrections.note(line, delta);
        }
    }

    pub(super) fn post(&mut self, at: &At<'_>, posting: &Posting, delta: i32) {
        posting.entries(&mut |entry| self.count(at, entry, delta));
        posting.states(&mut |item, amount, at_ms| self.note(at, item, amount, at_ms, delta));
    }

    pub(super) fn count(&mut self, at: &At<'_>, entry: &Entry<'_>, delta: i32) {
        for cell in self.find_cells(at) {
            let (cell, at_ms) = (self.found.cells[cell], entry.at_ms);
            for (item, amount) in entry.items() {
                self.corrections.note(Line { cell, item, at_ms, amount }, delta);
            }
        }
    }

    /// Counts what was noted since the last time.
    pub(super) fn close(&mut self) {
        self.close_with(Cell::count);
    }

    /// Counts it in the last hour only: the rest knows it.
    pub(super) fn close_recent(&mut self) {
        self.close_with(Cell::count_recent);
    }

    fn close_with(&mut self, count: impl Fn(&mut Cell, &Moment, &[Line], i64)) {
        for (lines, sign) in self.corrections.each() {
            let cell = lines.first().and_then(|line| self.cells.get_mut(line.cell as usize));
            if let Some(cell) = cell {
                count(cell, &self.moment, lines, sign);
            }
        }
        self.corrections.clear();
        self.found.clear();
    }

    /// The cell of a slice, if anything was counted in it.
    pub(super) fn find(&self, slice: &Slice) -> Option<&Cell> {
        self.index.get(slice).and_then(|place| self.cells.get(*place as usize))
    }

    pub(super) fn cells(&self) -> &[Cell] {
        &self.cells
    }

    pub(super) fn cells_mut(&mut self) -> &mut [Cell] {
        &mut self.cells
    }

    /// Moves on to a later moment. Cells learn of it only when a quarter of an hour or a day
    /// begins.
    pub(super) fn advance(&mut self, to: Moment) {
        let from = std::mem::replace(&mut self.moment, to);
        if (from.quarter(), from.day_start_ms) != (to.quarter(), to.day_start_ms) {
            self.cells.iter_mut().for_each(|cell| cell.turn(&from, &to));
        }
    }
}

/// Where something counts.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    pub(super) place: Place,
    pub(super) topics: &'a [WordId],
    /// Only in the cells by these axes: they are new, the others know it.
    pub(super) only: Option<Axes>,
}
