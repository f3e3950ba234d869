//! The engine's state on its way to disk: ids of events first, then the snapshot that needs them,
//! then the roll-ups of its moment.

use std::collections::BTreeMap;

use super::roll_ups;
use crate::board::hub::{self, Keeping};
use crate::clock;
use crate::engine::NewIds;
use crate::journal::rollups::Rollups;
use crate::journal::{IdBatch, JournalHandle, SeenIds, Stored};
use crate::telemetry::happenings::SnapshotNotKept;

/// Batches of ids that wait for the disk; beyond it, the engine hands out all ids when the disk
/// is there again.
const BATCHES_WAITING_MAX: usize = 60;

/// Writes the engine's snapshots with what belongs to them; to be called on a thread that may
/// block, made within a runtime.
pub fn states(journal: JournalHandle, rollups: Rollups, ids: SeenIds) -> hub::Keep {
    let runtime = tokio::runtime::Handle::current();
    let mut ids = Ids { file: ids, waiting: Vec::new(), needed_from: 0 };
    // What could not be stored yet, newer over older: at most as many as there are quarters.
    let mut rows = BTreeMap::new();
    Box::new(move |state| {
        let hub::Kept { sequence, snapshot, new_ids, roll_ups } = state;
        for row in roll_ups.into_iter().filter_map(|roll_up| roll_ups::row(roll_up).ok()) {
            rows.insert((row.quarter_ms, row.slice.clone()), row);
        }
        match ids.store(new_ids) {
            Ok(Stored::Whole) => {}
            Ok(Stored::WithGap) => {
                tracing::warn!(sequence, "no snapshot: ids of events were lost; the next has all");
                return Keeping::NeedsAllIds;
            }
            Err(error) => {
                SnapshotNotKept { sequence, error: &error }.emit();
                return ids.after_failure();
            }
        }
        if let Err(error) = runtime.block_on(journal.save_snapshot(sequence, snapshot)) {
            SnapshotNotKept { sequence, error: &error }.emit();
            return Keeping::GoesOn;
        }
        let waiting = std::mem::take(&mut rows).into_values().collect();
        let now_ms = clock::is_sure_enough_to_delete().then(clock::now_ms);
        if let Err(refused) = rollups.save(waiting, now_ms) {
            let back = refused.rows.into_iter();
            rows = back.map(|row| ((row.quarter_ms, row.slice.clone()), row)).collect();
        }
        Keeping::GoesOn
    })
}

/// Ids of events on their way to disk.
struct Ids {
    file: SeenIds,
    /// Not on disk yet, oldest first.
    waiting: Vec<IdBatch>,
    /// The first batch that the last snapshot needs.
    needed_from: u64,
}

impl Ids {
    fn store(&mut self, new_ids: NewIds) -> Result<Stored, crate::journal::SideFileError> {
        let NewIds { batch, needed_from, pieces } = new_ids;
        self.waiting.push(IdBatch { number: batch, needed_from, pieces });
        // The snapshot before this one stays, in case this one is damaged: it needs its ids.
        let forget_before = self.needed_from.min(needed_from);
        let forget_before = clock::is_sure_enough_to_delete().then_some(forget_before);
        let stored = self.file.write(&self.waiting, forget_before)?;
        self.waiting.clear();
        self.needed_from = needed_from;
        Ok(stored)
    }

    fn after_failure(&mut self) -> Keeping {
        if self.waiting.len() < BATCHES_WAITING_MAX {
            return Keeping::GoesOn;
        }
        self.waiting.clear();
        Keeping::NeedsAllIds
    }
}
