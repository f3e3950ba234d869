//! All cells, and the way from a channel and a queue to theirs.

use serde::{Deserialize, Serialize};

use super::cell::Cell;
use super::day::Moment;
use super::fact::{NO_QUEUE, QueueId};
use super::intern::Map;
use super::rules::Promises;

/// Cells kept; further queues of a channel are counted with its contacts without a queue.
/// About 50 kB each.
const CELLS_MAX: usize = 2048;

/// See the module.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Books {
    pub(super) moment: Moment,
    cells: Vec<Cell>,
    /// By queue number: its thresholds.
    promises: Vec<Promises>,
    #[serde(skip)]
    index: Map<u32, usize>,
}

fn index_key(channel: u16, queue: QueueId) -> u32 {
    u32::from(channel) << 16 | u32::from(queue)
}

impl Books {
    pub(super) fn new() -> Self {
        Books {
            moment: Moment::START,
            cells: Vec::new(),
            promises: Vec::new(),
            index: Map::default(),
        }
    }

    /// After a restore: the index is not part of a snapshot.
    pub(super) fn rebuild_index(&mut self) {
        let keys = self.cells.iter().map(|cell| index_key(cell.channel, cell.queue));
        self.index = keys.zip(0..).collect();
    }

    /// Thresholds of the queues, in the order of their numbers.
    pub(super) fn add_queue(&mut self, promises: Promises) {
        self.promises.push(promises);
    }

    /// The cell, which is there from now on.
    pub(super) fn cell(&mut self, channel: u16, queue: QueueId) -> &mut Cell {
        let key = index_key(channel, queue);
        let place = match self.index.get(&key) {
            Some(place) => *place,
            None if queue != NO_QUEUE && self.cells.len() >= CELLS_MAX => {
                return self.cell(channel, NO_QUEUE);
            }
            None => {
                let promises = self.promises[usize::from(queue)];
                self.cells.push(Cell::new(channel, queue, promises));
                self.index.insert(key, self.cells.len() - 1);
                self.cells.len() - 1
            }
        };
        &mut self.cells[place]
    }

    /// The cell and the moment to count at.
    pub(super) fn open(&mut self, channel: u16, queue: QueueId) -> (Moment, &mut Cell) {
        (self.moment, self.cell(channel, queue))
    }

    pub(super) fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// Moves all cells to a later moment.
    pub(super) fn advance(&mut self, to: Moment) {
        let from = std::mem::replace(&mut self.moment, to);
        if (from.head, from.day_start_ms) != (to.head, to.day_start_ms) {
            for cell in &mut self.cells {
                cell.advance(&from, &to);
            }
        }
    }
}
