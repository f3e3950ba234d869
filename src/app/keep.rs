//! The engine's state on its way to disk: the snapshot first, then the roll-ups of its moment.

use std::collections::BTreeMap;

use super::roll_ups;
use crate::board::hub;
use crate::clock;
use crate::journal::JournalHandle;
use crate::journal::rollups::Rollups;
use crate::telemetry::happenings::SnapshotNotKept;

/// Writes the engine's snapshots and then its roll-ups; to be called on a thread that may block,
/// made within a runtime.
pub fn states(journal: JournalHandle, rollups: Rollups) -> hub::Keep {
    let runtime = tokio::runtime::Handle::current();
    // What could not be stored yet, newer over older: at most as many as there are quarters.
    let mut rows = BTreeMap::new();
    Box::new(move |state| {
        let hub::Kept { sequence, snapshot, roll_ups } = state;
        for row in roll_ups.into_iter().filter_map(|roll_up| roll_ups::row(roll_up).ok()) {
            rows.insert((row.quarter_ms, row.slice.clone()), row);
        }
        if let Err(error) = runtime.block_on(journal.save_snapshot(sequence, snapshot)) {
            SnapshotNotKept { sequence, error: &error }.emit();
            return;
        }
        let waiting = std::mem::take(&mut rows).into_values().collect();
        let now_ms = clock::is_sure_enough_to_delete().then(clock::now_ms);
        if let Err(refused) = rollups.save(waiting, now_ms) {
            let back = refused.rows.into_iter();
            rows = back.map(|row| ((row.quarter_ms, row.slice.clone()), row)).collect();
        }
    })
}
