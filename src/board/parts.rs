//! What the hub is made of.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::annotations::Newest;
use super::figures::Site;
use super::kept::Keep;
use super::library::Library;
use super::recount::Recount;
use super::time::Clock;
use crate::engine::{Engine, Rules};
use crate::event::UnixMs;
use crate::journal::{Progress, Sequence};

/// How the hub works.
pub struct Settings {
    /// Frames per second and board at most (`boards.frames_per_second_max`).
    pub frames_per_second_max: u32,
    /// How often the engine's state is handed to [`Parts::keep`] (`journal.snapshot_every`).
    pub snapshot_every: Duration,
    /// How many boards of files with parameters are open, and how long.
    pub instances: InstanceLimits,
    /// How often board files are looked at.
    pub look_for_boards_every: Duration,
    /// Hash of the front end: pages of another build reload themselves.
    pub build: &'static str,
    /// How often heartbeats, timers and observers run: [`super::time::TICK`].
    pub tick_every: Duration,
    /// When this run began, by the wall clock: it names the run.
    pub started_ms: UnixMs,
    /// Tells the time.
    pub clock: Box<dyn Clock>,
}

/// Boards of files with parameters, which are opened when somebody looks.
#[derive(Clone, Copy, Debug)]
pub struct InstanceLimits {
    /// So many at once (`boards.instances_max`).
    pub instances_max: usize,
    /// One that nobody has looked at for so long is closed (`boards.instance_idle`).
    pub idle: Duration,
}

impl Default for InstanceLimits {
    fn default() -> Self {
        InstanceLimits { instances_max: 50, idle: Duration::from_secs(300) }
    }
}

/// What the hub owns.
pub struct Parts {
    /// The engine, already restored and caught up.
    pub engine: Engine,
    /// The last event that it has seen.
    pub sequence: Sequence,
    /// Names, language, zone. Titles may change.
    pub site: watch::Receiver<Arc<Site>>,
    /// The boards.
    pub library: Library,
    /// What trend lines show beside their numbers.
    pub annotations: Newest,
    /// Where snapshots go.
    pub keep: Keep,
    /// The rules that the engine counts by. They may change.
    pub rules: watch::Receiver<Arc<Rules>>,
    /// Counts anew when the clock was set or the rules are others; nothing where neither ever is.
    pub recount: Option<Recount>,
    /// Told what is folded.
    pub progress: Arc<Progress>,
}
