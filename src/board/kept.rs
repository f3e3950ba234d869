//! The engine's state on its way from the hub to the disk.

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::mpsc;

use crate::engine::{NewIds, RollUp};
use crate::journal::Sequence;

/// The engine's state at one moment, to be kept.
pub struct Kept {
    /// The last event that it knows.
    pub sequence: Sequence,
    /// Everything, but for the ids.
    pub snapshot: Vec<u8>,
    /// Ids of events since the last state. Store them before the snapshot: it needs them.
    pub new_ids: NewIds,
    /// What has changed of the quarters of an hour. Store them once the snapshot is on disk.
    pub roll_ups: Vec<RollUp>,
}

/// Takes the engine's state. Runs on a blocking thread.
pub type Keep = Box<dyn FnMut(Kept) -> Keeping + Send>;

/// What became of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeping {
    /// It is stored, or a later one will be.
    GoesOn,
    /// Ids of events that were stored earlier are lost: the next state must bring all ids.
    NeedsAllIds,
}

/// Keeps states one by one, on a thread that may block.
pub(super) fn keep_all(
    mut keep: Keep,
    mut states: mpsc::Receiver<Kept>,
    needs_all_ids: &AtomicBool,
) {
    while let Some(state) = states.blocking_recv() {
        if keep(state) == Keeping::NeedsAllIds {
            needs_all_ids.store(true, Ordering::Relaxed);
        }
    }
}
