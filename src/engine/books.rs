//! All cells, and the way from a place to those that count what happens there.

use serde::{Deserialize, Serialize};

use super::cell::Cell;
use super::day::Moment;
use super::entry::Entry;
use super::fact::{NO_QUEUE, QueueId};
use super::intern::Map;
use super::posting::Posting;
use super::rules::Promises;
use super::slice::{Axes, Place, Slice, WordId};

/// Cells of channel with queue; further queues of a channel are counted with its contacts without
/// a queue.
const BASE_CELLS_MAX: usize = 2048;
/// Cells of all other slices; what belongs to a further one is counted by channel and queue only,
/// and as [`Books::refused`].
const SLICE_CELLS_MAX: usize = 20_000;
/// Combinations of axes that are counted at once; each costs every event something.
pub(super) const AXES_MAX: usize = 16;

/// See the module.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Books {
    pub(super) moment: Moment,
    cells: Vec<Cell>,
    /// By queue number: its thresholds. Part of the rules, not of a snapshot.
    #[serde(skip)]
    promises: Vec<Promises>,
    /// What is counted beside channel with queue.
    watched: Vec<Axes>,
    /// Countings that found no room in a cell of their own.
    pub(super) refused: u64,
    base_cells: usize,
    #[serde(skip)]
    index: Map<Slice, usize>,
    /// Places of the cells that move with every bucket.
    #[serde(skip)]
    running: Vec<usize>,
    /// Memory that one posting after another uses.
    #[serde(skip)]
    targets: Vec<usize>,
}

impl Books {
    pub(super) fn new() -> Self {
        Books {
            moment: Moment::START,
            cells: Vec::new(),
            promises: Vec::new(),
            // Policies and rated dimensions; what reports ask for.
            watched: vec![
                Axes::LABEL | Axes::BASE,
                Axes::AGENT | Axes::BASE,
                Axes::TOPIC | Axes::BASE,
            ],
            refused: 0,
            base_cells: 0,
            index: Map::default(),
            running: Vec::new(),
            targets: Vec::new(),
        }
    }

    /// After a restore: the index is not part of a snapshot.
    pub(super) fn rebuild_index(&mut self) {
        self.index = self.cells.iter().map(|cell| cell.slice).zip(0..).collect();
        let running = (0..).zip(&self.cells).filter(|(_, cell)| cell.is_running());
        self.running = running.map(|(place, _)| place).collect();
    }

    /// Thresholds of the queues, in the order of their numbers.
    pub(super) fn add_queue(&mut self, promises: Promises) {
        self.promises.push(promises);
    }

    pub(super) fn promises(&self, queue: QueueId) -> &Promises {
        &self.promises[usize::from(queue)]
    }

    /// Cells by these axes are counted from now on; false when there is no room. What is known of
    /// the past has to be posted by the caller, within `only`.
    pub(super) fn watch(&mut self, axes: Axes) -> bool {
        let has_room = self.watched.len() < AXES_MAX;
        if has_room {
            self.watched.push(axes);
        }
        has_room
    }

    /// The axes to sum over for an answer about those, if they are counted.
    pub(super) fn answering(&self, asked: Axes) -> Option<Axes> {
        if Axes::BASE.answers(asked) {
            return Some(Axes::BASE);
        }
        let able = self.watched.iter().copied().filter(|axes| axes.answers(asked));
        able.min_by_key(|axes| axes.count())
    }

    /// The cell of a slice, which is there from now on.
    pub(super) fn place(&mut self, slice: Slice) -> Option<usize> {
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
        let (place, cell) = (self.cells.len(), Cell::new(slice));
        if cell.is_running() {
            self.running.push(place);
        }
        self.cells.push(cell);
        self.index.insert(slice, place);
        Some(place)
    }

    /// Every cell in which something at that place counts. Topics can be several.
    fn find_targets(&mut self, place: &Place, topics: &[WordId], only: Option<Axes>) -> Vec<usize> {
        let mut targets = std::mem::take(&mut self.targets);
        targets.clear();
        if place.label.is_none() && only.is_none() {
            targets.extend(self.place(Slice::base(place.channel, place.queue)));
        }
        for index in 0..self.watched.len() {
            let axes = self.watched[index];
            if axes.has(Axes::LABEL) != place.label.is_some() || only.is_some_and(|o| o != axes) {
                continue;
            }
            if axes.has(Axes::TOPIC) {
                for topic in topics {
                    let slice = Slice::at(axes, place, Some(*topic));
                    targets.extend(slice.and_then(|slice| self.place(slice)));
                }
            } else if let Some(slice) = Slice::at(axes, place, None) {
                targets.extend(self.place(slice));
            }
        }
        targets
    }

    /// Every cell in which something there counts.
    pub(super) fn each(&mut self, at: &At<'_>, mut change: impl FnMut(&Moment, &mut Cell)) {
        let targets = self.find_targets(&at.place, at.topics, at.only);
        for target in &targets {
            change(&self.moment, &mut self.cells[*target]);
        }
        self.targets = targets;
    }

    pub(super) fn post(&mut self, at: &At<'_>, posting: &Posting, delta: i32) {
        self.each(at, |moment, cell| cell.post(moment, posting, delta));
    }

    pub(super) fn count(&mut self, at: &At<'_>, entry: &Entry<'_>, delta: i32) {
        self.each(at, |moment, cell| cell.count(moment, entry, delta));
    }

    /// The cell of a slice, if anything was counted in it.
    pub(super) fn find(&self, slice: &Slice) -> Option<&Cell> {
        self.index.get(slice).and_then(|place| self.cells.get(*place))
    }

    pub(super) fn cells(&self) -> &[Cell] {
        &self.cells
    }

    pub(super) fn cells_mut(&mut self) -> &mut [Cell] {
        &mut self.cells
    }

    /// Moves all cells to a later moment.
    pub(super) fn advance(&mut self, to: Moment) {
        let from = std::mem::replace(&mut self.moment, to);
        if (from.head, from.day_start_ms) == (to.head, to.day_start_ms) {
            return;
        }
        if (from.quarter(), from.day_start_ms) != (to.quarter(), to.day_start_ms) {
            self.cells.iter_mut().for_each(|cell| cell.advance(&from, &to));
        } else {
            self.running.iter().for_each(|place| self.cells[*place].advance(&from, &to));
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
