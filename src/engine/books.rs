//! All cells, and the way from a place to those that count what happens there.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::at::{At, Like, Only};
use super::cell::Cell;
use super::day::Moment;
use super::entry::{Entry, Line, differ};
use super::fact::{NO_QUEUE, QueueId};
use super::intern::Map;
use super::rules::Promises;
use super::sheet::Sheet;
use super::slice::{Axes, Place, Slice};
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
    /// Cells that have something to do when the quarter of an hour is over.
    #[serde(skip)]
    restless: Vec<u32>,
    #[serde(skip)]
    found: Found,
    /// Memory that one change after another uses.
    #[serde(skip)]
    lines: Vec<Line>,
}

/// Axes by which cells are counted.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Watched {
    axes: Axes,
    /// With the last hour; otherwise only today and by quarters.
    live: bool,
}

/// The cells of the places that were asked for since the books were opened.
#[derive(Clone, Debug, Default)]
struct Found {
    places: Vec<(Place, Like, Cells)>,
    cells: Vec<u32>,
}

impl Found {
    fn get(&self, at: &At<'_>) -> Option<Cells> {
        let known =
            self.places.iter().find(|(place, like, _)| (place, *like) == (&at.place, at.like));
        known.map(|(.., cells)| cells.clone())
    }

    fn clear(&mut self) {
        self.places.clear();
        self.cells.clear();
    }
}

/// The cells that count what happens at one place.
pub(super) type Cells = Range<usize>;

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
            restless: Vec::new(),
            found: Found::default(),
            lines: Vec::new(),
        }
    }

    /// After a restore: the index is not part of a snapshot.
    pub(super) fn rebuild_index(&mut self) {
        self.index = self.cells.iter().map(|cell| cell.slice).zip(0..).collect();
        self.note_restless();
    }

    fn note_restless(&mut self) {
        let cells = (0..).zip(&self.cells);
        let restless = cells.filter(|(_, cell)| !cell.is_at_rest(&self.moment));
        self.restless = restless.map(|(place, _)| place).collect();
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
            return self.place(Slice::base(slice.channel()?, NO_QUEUE));
        }
        if !is_base && self.cells.len() - self.base_cells >= SLICE_CELLS_MAX {
            self.refused += 1;
            return None;
        }
        self.base_cells += usize::from(is_base);
        let place = u32::try_from(self.cells.len()).ok()?;
        let live = is_base || self.keeps_recent(slice.axes());
        self.cells.push(Cell::new(slice, live));
        self.index.insert(slice, place);
        Some(place)
    }

    /// Every cell in which something there counts; of topics there can be several. Good until
    /// the books are opened again.
    pub(super) fn cells_at(&mut self, at: &At<'_>) -> Cells {
        if let Some(cells) = self.found.get(at) {
            return cells;
        }
        let mut found = std::mem::take(&mut self.found);
        let (place, start) = (&at.place, found.cells.len());
        let base = place.slice(Axes::BASE).filter(|_| !place.has_label() && at.only.is_none());
        found.cells.extend(base.and_then(|slice| self.place(slice)));
        for index in 0..self.watched.len() {
            let axes = self.watched[index].axes;
            let is_asked = at.only.is_none_or(|only| only.axes == axes);
            if axes.has(Axes::LABEL) != place.has_label() || !is_asked {
                continue;
            }
            let Some(slice) = place.slice(axes) else { continue };
            if axes.has(Axes::TOPIC) {
                let slices = at.topics.iter().map(|topic| slice.on(*topic));
                found.cells.extend(slices.filter_map(|slice| self.place(slice)));
            } else {
                found.cells.extend(self.place(slice));
            }
        }
        let cells = start..found.cells.len();
        found.places.push((*place, at.like, cells.clone()));
        self.found = found;
        cells
    }

    /// For another contact: [`Like`] means another.
    pub(super) fn open(&mut self) {
        self.found.clear();
    }

    /// Every cell in which something there counts.
    pub(super) fn each(&mut self, at: &At<'_>, mut change: impl FnMut(&mut Cell)) {
        for cell in self.cells_at(at) {
            if let Some(cell) = self.cells.get_mut(self.found.cells[cell] as usize) {
                change(cell);
            }
        }
    }

    /// Puts an entry in.
    pub(super) fn put(&mut self, at: &At<'_>, entry: &Entry) {
        let cells = self.cells_at(at);
        match at.only {
            Some(Only { recent: true, .. }) => self.put_recent(cells, entry),
            _ => self.count(cells, entry.at_ms, None, Some(entry)),
        }
    }

    /// Puts it into the last hour only: the rest knows it.
    fn put_recent(&mut self, cells: Cells, entry: &Entry) {
        differ(None, Some(entry), &mut self.lines);
        for place in &self.found.cells[cells] {
            if let Some(cell) = self.cells.get_mut(*place as usize) {
                cell.count_recent(&self.moment, entry.at_ms, &self.lines);
            }
        }
    }

    /// Takes an entry out.
    pub(super) fn take_out(&mut self, at: &At<'_>, entry: &Entry) {
        let cells = self.cells_at(at);
        self.count(cells, entry.at_ms, Some(entry), None);
    }

    /// Takes out what was counted in some cells, and puts in what is to be counted in others.
    /// Only cells are touched in which something is different.
    pub(super) fn replace(
        &mut self,
        (old_cells, old): (&Cells, Option<&Entry>),
        (new_cells, new): (&Cells, Option<&Entry>),
    ) {
        let at_ms = match (old, new) {
            (None, None) => return,
            (Some(old), Some(new)) if old.at_ms == new.at_ms => old.at_ms,
            _ => {
                if let Some(entry) = old {
                    self.count(old_cells.clone(), entry.at_ms, old, None);
                }
                if let Some(entry) = new {
                    self.count(new_cells.clone(), entry.at_ms, None, new);
                }
                return;
            }
        };
        if old_cells == new_cells {
            return self.count(old_cells.clone(), at_ms, old, new);
        }
        for place in old_cells.clone() {
            let new = new.filter(|_| self.is_among(place, new_cells));
            self.count(place..place + 1, at_ms, old, new);
        }
        for place in new_cells.clone() {
            if !self.is_among(place, old_cells) {
                self.count(place..place + 1, at_ms, None, new);
            }
        }
    }

    fn is_among(&self, place: usize, cells: &Cells) -> bool {
        self.found.cells[cells.clone()].contains(&self.found.cells[place])
    }

    /// In cells that count the old entry, if there is one, and are to count the new one.
    fn count(&mut self, cells: Cells, at_ms: UnixMs, old: Option<&Entry>, new: Option<&Entry>) {
        differ(old, new, &mut self.lines);
        if self.lines.is_empty() {
            return;
        }
        for place in &self.found.cells[cells] {
            let Some(cell) = self.cells.get_mut(*place as usize) else { continue };
            let rested = !cell.ledger.is_touched();
            cell.count(&self.moment, at_ms, &self.lines);
            if rested && cell.ledger.is_touched() {
                self.restless.push(*place);
            }
        }
    }

    /// Takes a quarter of an hour from the store.
    pub(super) fn recall(&mut self, place: u32, quarter: i64, sheet: Sheet) {
        let Some(cell) = self.cells.get_mut(place as usize) else { return };
        cell.recalled.note(&sheet.counts);
        cell.ledger.recall(&self.moment, quarter, sheet);
        if quarter >= self.moment.quarter() {
            self.restless.push(place);
        }
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

    /// Moves on to a later moment. Cells learn of it only when a quarter of an hour begins in
    /// which something was counted in them, or a day.
    pub(super) fn advance(&mut self, to: Moment) {
        let from = std::mem::replace(&mut self.moment, to);
        if from.day_start_ms != to.day_start_ms {
            self.cells.iter_mut().for_each(|cell| cell.turn(&from, &to));
            self.note_restless();
        } else if from.quarter() != to.quarter() {
            let mut restless = std::mem::take(&mut self.restless);
            restless.sort_unstable();
            restless.dedup();
            restless.retain(|place| {
                let cell = self.cells.get_mut(*place as usize);
                cell.is_some_and(|cell| {
                    cell.turn(&from, &to);
                    !cell.is_at_rest(&to)
                })
            });
            self.restless = restless;
        }
    }
}
