//! All cells: which there are, and what is counted beside channel with queue.

use serde::{Deserialize, Serialize};

use super::cell::Cell;
use super::correction::Correction;
use super::place::Only;
use super::quarter_counts::QuarterCounts;
use super::slice::{Axes, Slice};
use super::visitor::{Memory, Visitor};
use crate::engine::ids::{NO_QUEUE, QueueId};
use crate::engine::intern::Map;
use crate::engine::moment::Moment;

/// Cells of channel with queue; further queues of a channel are counted with its contacts without
/// a queue.
const BASE_CELLS_MAX: usize = 2048;
/// Cells of all other slices; what belongs to a further one is counted by channel and queue only,
/// and as [`Cells::refused`].
const SLICE_CELLS_MAX: usize = 20_000;
/// Combinations of axes that are counted at once; each costs every event something.
pub(in crate::engine) const AXES_MAX: usize = 16;

/// Combinations that are always counted: policies and rated dimensions, and what reports ask for,
/// which is by quarters of an hour.
const REPORTED: [Axes; 3] =
    [Axes::LABEL.with(Axes::BASE), Axes::AGENT.with(Axes::BASE), Axes::TOPIC.with(Axes::BASE)];

/// All cells, and which further ones somebody asked for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::engine) struct Cells {
    pub(in crate::engine) moment: Moment,
    cells: Vec<Cell>,
    /// What is counted beside channel with queue.
    watched: Vec<Watched>,
    /// Countings that found no room in a cell of their own.
    pub(in crate::engine) refused: u64,
    base_cells: usize,
    #[serde(skip)]
    index: Map<Slice, u32>,
    /// By queue: the cells of channel with queue, in their order.
    #[serde(skip)]
    of_queue: Map<QueueId, Vec<u32>>,
    /// By axes: the cells that fix them, in their order.
    #[serde(skip)]
    of_axes: Map<Axes, Vec<u32>>,
    /// Cells that have something to do when the quarter of an hour is over.
    #[serde(skip)]
    restless: Vec<u32>,
    /// What the last visitor has left: room, no contents.
    #[serde(skip)]
    pub(super) memory: Memory,
}

/// Axes by which cells are counted.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Watched {
    axes: Axes,
    /// With the last hour; otherwise only today and by quarters.
    live: bool,
}

/// What a wish to count by some axes comes to.
pub(in crate::engine) enum WatchOutcome {
    /// They are counted already.
    Granted,
    /// Their cells are new: everything that is known has to be counted in them.
    New,
    /// Their cells keep the last hour from now on: that has to be counted in them.
    LastHour,
    /// There is no room.
    Refused,
}

/// The queue of a cell of channel with queue.
fn base_queue(slice: &Slice) -> Option<QueueId> {
    slice.queue().filter(|_| slice.axes() == Axes::BASE)
}

impl Cells {
    pub(in crate::engine) fn new() -> Self {
        Cells {
            moment: Moment::START,
            cells: Vec::new(),
            watched: REPORTED.map(|axes| Watched { axes, live: axes.has(Axes::LABEL) }).to_vec(),
            refused: 0,
            base_cells: 0,
            index: Map::default(),
            of_queue: Map::default(),
            of_axes: Map::default(),
            restless: Vec::new(),
            memory: Memory::default(),
        }
    }

    /// After a restore: the index is not part of a snapshot.
    pub(in crate::engine) fn rebuild_index(&mut self) {
        self.index.clear();
        self.of_queue.clear();
        self.of_axes.clear();
        for place in 0..self.cells.len() {
            self.note_place(self.cells[place].slice, place as u32);
        }
        self.note_restless();
    }

    /// The cell of that slice stands there.
    fn note_place(&mut self, slice: Slice, place: u32) {
        self.index.insert(slice, place);
        self.of_axes.entry(slice.axes()).or_default().push(place);
        if let Some(queue) = base_queue(&slice) {
            self.of_queue.entry(queue).or_default().push(place);
        }
    }

    fn note_restless(&mut self) {
        let cells = (0..).zip(&self.cells);
        let restless = cells.filter(|(_, cell)| !cell.is_at_rest(&self.moment));
        self.restless = restless.map(|(place, _)| place).collect();
    }

    /// Cells by these axes are counted, with the last hour, from now on. What is known of the past
    /// has to be posted by the caller, within `only`.
    pub(in crate::engine) fn watch(&mut self, axes: Axes) -> WatchOutcome {
        if let Some(counted) = self.answering(axes) {
            let Some(watched) = self.watched.iter_mut().find(|it| it.axes == counted) else {
                return WatchOutcome::Granted;
            };
            if std::mem::replace(&mut watched.live, true) {
                return WatchOutcome::Granted;
            }
            self.keep_recent(counted);
            return WatchOutcome::LastHour;
        }
        if self.watched.len() >= AXES_MAX {
            return WatchOutcome::Refused;
        }
        self.watched.push(Watched { axes, live: true });
        // Some may be there already, recalled from the store.
        self.keep_recent(axes);
        WatchOutcome::New
    }

    /// Cells by other axes than these and those of reports are counted no longer, and gone. Says
    /// whether there were any.
    pub(in crate::engine) fn watch_only(&mut self, wanted: &[Axes]) -> bool {
        let is_wanted = |axes: Axes| REPORTED.contains(&axes) || wanted.contains(&axes);
        let is_counted = |axes: Axes| axes == Axes::BASE || is_wanted(axes);
        let before = (self.watched.len(), self.cells.len());
        self.watched.retain(|it| is_wanted(it.axes));
        self.cells.retain(|cell| is_counted(cell.slice.axes()));
        let is_changed = before != (self.watched.len(), self.cells.len());
        if is_changed {
            self.rebuild_index();
        }
        is_changed
    }

    fn keep_recent(&mut self, axes: Axes) {
        let cells = self.cells.iter_mut().filter(|cell| cell.slice.axes() == axes);
        cells.for_each(Cell::keep_recent);
    }

    /// Questions about these axes can be answered for the last hour, too.
    pub(in crate::engine) fn is_live(&self, asked: Axes) -> bool {
        self.answering(asked).is_some_and(|axes| axes == Axes::BASE || self.keeps_recent(axes))
    }

    fn keeps_recent(&self, axes: Axes) -> bool {
        self.watched.iter().any(|it| it.axes == axes && it.live)
    }

    /// The axes to sum over for an answer about those, if they are counted.
    pub(in crate::engine) fn answering(&self, asked: Axes) -> Option<Axes> {
        if Axes::BASE.answers(asked) {
            return Some(Axes::BASE);
        }
        let able = self.watched.iter().map(|it| it.axes).filter(|axes| axes.answers(asked));
        able.min_by_key(|axes| axes.count())
    }

    /// The cell of a slice, which is there from now on.
    pub(in crate::engine) fn place(&mut self, slice: Slice) -> Option<u32> {
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
        self.note_place(slice, place);
        Some(place)
    }

    /// A visit, during which one contact is counted anew.
    pub(in crate::engine) fn visitor(&mut self) -> Visitor<'_> {
        Visitor::new(self, None)
    }

    /// A visit that changes nothing but some cells.
    pub(in crate::engine) fn visitor_of(&mut self, only: Only) -> Visitor<'_> {
        Visitor::new(self, Some(only))
    }

    pub(super) fn watched_count(&self) -> usize {
        self.watched.len()
    }

    pub(super) fn watched_axes(&self, index: usize) -> Axes {
        self.watched[index].axes
    }

    pub(super) fn cell_mut(&mut self, number: u32) -> Option<&mut Cell> {
        self.cells.get_mut(number as usize)
    }

    /// Counts in a cell what changes at one time.
    pub(super) fn count(&mut self, number: u32, correction: &Correction) {
        let Some(cell) = self.cells.get_mut(number as usize) else { return };
        let rested = !cell.counts.is_touched();
        cell.count(&self.moment, correction);
        if rested && cell.counts.is_touched() {
            self.restless.push(number);
        }
    }

    /// Takes a quarter of an hour from the store.
    pub(in crate::engine) fn recall(&mut self, place: u32, quarter: i64, sheet: QuarterCounts) {
        let Some(cell) = self.cells.get_mut(place as usize) else { return };
        cell.recalled.note(&sheet.counts);
        cell.counts.recall(&self.moment, quarter, sheet);
        if quarter >= self.moment.quarter() {
            self.restless.push(place);
        }
    }

    /// The cell of a slice, if anything was counted in it.
    pub(in crate::engine) fn find(&self, slice: &Slice) -> Option<&Cell> {
        self.index.get(slice).and_then(|place| self.cells.get(*place as usize))
    }

    /// The cells by these axes that a slice covers. Of one queue among many not all are looked at:
    /// tables and metrics ask for each queue.
    pub(in crate::engine) fn covered(&self, asked: &Slice, axes: Axes) -> Vec<&Cell> {
        let places = match asked.queue().filter(|_| axes == Axes::BASE) {
            Some(queue) => self.of_queue.get(&queue),
            None => self.of_axes.get(&axes),
        };
        let places = places.map(Vec::as_slice).unwrap_or_default();
        let fixed = asked.axes();
        let cells = places.iter().filter_map(|place| self.cells.get(*place as usize));
        cells.filter(|cell| cell.slice.only(fixed) == *asked).collect()
    }

    pub(in crate::engine) fn cells(&self) -> &[Cell] {
        &self.cells
    }

    pub(in crate::engine) fn cells_mut(&mut self) -> &mut [Cell] {
        &mut self.cells
    }

    /// Sorts what was counted lately, before many questions are asked.
    pub(in crate::engine) fn put_in_order(&mut self) {
        let moment = &self.moment;
        self.cells.iter_mut().for_each(|cell| cell.put_in_order(moment));
    }

    /// Moves on to a later moment. Cells learn of it only when a quarter of an hour begins in
    /// which something was counted in them, or a day.
    pub(in crate::engine) fn advance(&mut self, to: Moment) {
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
