//! What the server writes: compiled plugins, the log, raw input, reports, annotations.

use std::path::PathBuf;
use std::time::Duration;

use super::days;

/// What making a plugin's file into code may take, and what is kept of it. Keys of `[server]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compile {
    /// `compile_memory_bytes_max`: memory of the process that compiles one. Default 2 GiB.
    pub memory_bytes_max: usize,
    /// `compile_processor_max`: what it may take of a processor, over all its threads. Default 2 min.
    pub processor_max: Duration,
    /// `compile_wall_timeout`: how long it may take by the clock on the wall. Default 5 min.
    pub wall_timeout: Duration,
    /// `compiled_bytes_max`: compiled plugins in the state folder; those that were not used for
    /// longest go first. Default 2 GiB.
    pub kept_bytes_max: usize,
}

impl Default for Compile {
    fn default() -> Self {
        Self {
            memory_bytes_max: 2 << 30,
            processor_max: Duration::from_secs(2 * 60),
            wall_timeout: Duration::from_secs(5 * 60),
            kept_bytes_max: 2 << 30,
        }
    }
}

/// The durable log.
#[derive(Clone, Debug)]
pub struct Journal {
    /// Day files older than this are deleted. Default 35 days.
    pub keep: Duration,
    /// Appends waiting for the disk; more is 503. Default 4096.
    pub pending_max: usize,
    /// Events in one commit. Default 4096.
    pub commit_events_max: usize,
    /// How often the engine's state is snapshotted. Default 60 s.
    pub snapshot_every: Duration,
    /// Roll-ups by quarter hour older than this are forgotten. Default 35 days.
    pub rollups_keep: Duration,
}

impl Default for Journal {
    fn default() -> Self {
        Self {
            keep: days(35),
            pending_max: 4096,
            commit_events_max: 4096,
            snapshot_every: Duration::from_secs(60),
            rollups_keep: days(35),
        }
    }
}

/// Raw input that could not be decoded.
#[derive(Clone, Debug)]
pub struct Quarantine {
    /// How long raw input is kept; zero keeps only the reason. Default 7 days.
    pub keep: Duration,
    /// Entries kept; the oldest go first, counted. Default 10,000.
    pub entries_max: usize,
    /// Raw bytes kept in all; the oldest entries go first, counted. Default 256 MiB.
    pub bytes_max: usize,
}

impl Default for Quarantine {
    fn default() -> Self {
        Self { keep: days(7), entries_max: 10_000, bytes_max: 256 * 1024 * 1024 }
    }
}

/// Reports that are made by themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reports {
    /// Folder that each day's and each week's report goes to; none are made without it.
    pub dir: Option<PathBuf>,
    /// So long after the end of the day, when late events are in. Default 10 min.
    pub after: Duration,
}

impl Default for Reports {
    fn default() -> Self {
        Self { dir: None, after: Duration::from_secs(10 * 60) }
    }
}

/// Campaigns, releases and outages on the time line.
#[derive(Clone, Debug)]
pub struct Annotations {
    /// File with `[[annotation]]`s; read again when it changes.
    pub file: Option<PathBuf>,
    /// Annotations made through the API that are kept, and those that the file may hold; more
    /// are refused. Default 10,000.
    pub entries_max: usize,
}

impl Default for Annotations {
    fn default() -> Self {
        Self { file: None, entries_max: 10_000 }
    }
}
