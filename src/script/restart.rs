//! `server restarted`: the engine goes on from its snapshot, as that of a server which is started
//! anew.

use std::collections::BTreeMap;

use crate::engine::{Engine, RollUp};
use crate::event::UnixMs;
use crate::scope::Selector;

/// A restart, and where it stands.
pub(super) struct Restart {
    pub(super) at_ms: UnixMs,
    /// From 1.
    pub(super) line: usize,
    /// The line as it is written.
    pub(super) text: String,
}

/// What outlives an engine beside its snapshot: quarters of an hour, by their slices.
#[derive(Default)]
pub(super) struct Store(BTreeMap<(UnixMs, Selector), RollUp>);

impl Store {
    /// The engine that a server would have after a restart; why there is none otherwise.
    pub(super) fn restart(&mut self, engine: &mut Engine) -> Result<Engine, String> {
        for roll_up in engine.take_roll_ups() {
            self.0.insert((roll_up.quarter_ms, roll_up.slice.clone()), roll_up);
        }
        let restored = Engine::restore(engine.rules().clone(), &engine.snapshot());
        let mut restored = restored.map_err(|error| error.to_string())?;
        for roll_up in self.0.values() {
            restored.recall(roll_up).map_err(|error| error.to_string())?;
        }
        Ok(restored)
    }
}
