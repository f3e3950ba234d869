//! What is told of the engine every second, beside what walls show.

use crate::engine::Engine;
use crate::event::UnixMs;

/// Looks at the engine once a second: telemetry's gauges.
pub trait Observer: Send {
    /// Called with the engine as it is now. It may take the engine's observations; its figures
    /// are not its to change.
    fn observe(&mut self, engine: &mut Engine, now_ms: UnixMs);
}
