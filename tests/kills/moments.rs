//! When the kill comes: at a random moment, or just after the server has begun something that can
//! be seen from outside.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rand::RngExt;
use rand::rngs::StdRng;

use super::Run;
use crate::support::wait::pass;

/// How often it is looked whether the moment has come.
const LOOK_EVERY: Duration = Duration::from_micros(200);
/// A moment that does not come within it: the kill comes all the same, and is counted so.
const PATIENCE: Duration = Duration::from_secs(6);

/// What the server is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Moment {
    /// It reads its state, and is not ready yet.
    Starting,
    /// It has just said that it is ready.
    Ready,
    /// Any moment of the traffic.
    Traffic,
    /// The journal has just written.
    Append,
    /// A snapshot is being written.
    Snapshot,
    /// A snapshot has just got its name; the roll-ups of its moment are to follow.
    SnapshotDone,
    /// Roll-ups are being written.
    RollUps,
    Quarantine,
    Annotation,
    /// `tablica key rotate` is at work, or has just been.
    Keys,
    /// Updates were given out to a poll and not confirmed yet.
    Given,
    /// A poll has confirmed what it was given.
    Confirmed,
    /// The day has changed: the journal has begun another file.
    DayChange,
}

/// Moments in random order; all of them come before one comes again.
#[derive(Default)]
pub(super) struct Deck(Vec<Moment>);

impl Deck {
    pub(super) fn draw(&mut self, random: &mut StdRng) -> Moment {
        if self.0.is_empty() {
            self.0 = Moment::ALL.to_vec();
        }
        self.0.swap_remove(random.random_range(0..self.0.len()))
    }
}

impl Moment {
    /// What kills are of, the day's change aside: each so often in [`Deck`].
    const ALL: [Moment; 24] = [
        Moment::Starting,
        Moment::Starting,
        Moment::Starting,
        Moment::Ready,
        Moment::Traffic,
        Moment::Traffic,
        Moment::Traffic,
        Moment::Traffic,
        Moment::Traffic,
        Moment::Traffic,
        Moment::Append,
        Moment::Append,
        Moment::Append,
        Moment::Snapshot,
        Moment::Snapshot,
        Moment::SnapshotDone,
        Moment::SnapshotDone,
        Moment::RollUps,
        Moment::RollUps,
        Moment::Quarantine,
        Moment::Annotation,
        Moment::Keys,
        Moment::Given,
        Moment::Confirmed,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Moment::Starting => "while it starts",
            Moment::Ready => "just ready",
            Moment::Traffic => "any moment of the traffic",
            Moment::Append => "the journal writes",
            Moment::Snapshot => "a snapshot is written",
            Moment::SnapshotDone => "a snapshot is in place",
            Moment::RollUps => "roll-ups are written",
            Moment::Quarantine => "input goes to quarantine",
            Moment::Annotation => "an annotation is written",
            Moment::Keys => "keys are rotated",
            Moment::Given => "a poll has got updates",
            Moment::Confirmed => "a poll has confirmed",
            Moment::DayChange => "the day has changed",
        }
    }

    /// Waits for it, and for a random time of no more than a few milliseconds. False when it did
    /// not come.
    pub(super) async fn wait(self, run: &Run, random: &mut StdRng) -> bool {
        let state = run.place.path("state");
        let came = match self {
            Moment::Ready => true,
            // Up to where a start is mostly over.
            Moment::Starting => {
                let longest = run.usual_start().as_millis().max(10);
                pass(Duration::from_millis(random.random_range(0..longest) as u64)).await;
                return true;
            }
            Moment::Traffic => {
                pass(Duration::from_millis(random.random_range(0..1500))).await;
                true
            }
            Moment::Keys => {
                pass(Duration::from_millis(random.random_range(0..2500))).await;
                true
            }
            Moment::Append => {
                // Somewhere in the middle, not the first of them.
                pass(Duration::from_millis(random.random_range(0..800))).await;
                changes(|| latest(&state.join("journal"), "sqlite-wal")).await
            }
            Moment::Snapshot => appears(|| named(&state.join("snapshots"), "unfinished")).await,
            Moment::SnapshotDone => changes(|| named(&state.join("snapshots"), "snapshot")).await,
            Moment::DayChange => changes(|| named(&state.join("journal"), "sqlite")).await,
            Moment::RollUps => changes(|| touched(&state.join("rollups.sqlite-wal"))).await,
            Moment::Quarantine => changes(|| touched(&state.join("quarantine.sqlite-wal"))).await,
            Moment::Annotation => changes(|| touched(&state.join("annotations.sqlite-wal"))).await,
            Moment::Given => changes(|| run.network.turns().0).await,
            Moment::Confirmed => changes(|| run.network.turns().1).await,
        };
        pass(Duration::from_micros(random.random_range(0..4000))).await;
        came
    }
}

/// Waits until it is another than now.
async fn changes<T: PartialEq>(look: impl Fn() -> T) -> bool {
    let before = look();
    until(|| look() != before).await
}

/// Waits until there is something.
async fn appears(look: impl Fn() -> Vec<PathBuf>) -> bool {
    until(|| !look().is_empty()).await
}

async fn until(is_so: impl Fn() -> bool) -> bool {
    let end = tokio::time::Instant::now() + PATIENCE;
    while !is_so() {
        if tokio::time::Instant::now() > end {
            return false;
        }
        pass(LOOK_EVERY).await;
    }
    true
}

/// Length and time of a file, if it is there.
fn touched(path: &Path) -> Option<(u64, SystemTime)> {
    let found = fs::metadata(path).ok()?;
    Some((found.len(), found.modified().ok()?))
}

/// Files of a folder whose name ends so.
fn named(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    let mut named: Vec<_> =
        paths.filter(|path| path.extension().is_some_and(|found| found == extension)).collect();
    named.sort();
    named
}

/// The last time that one of them changed.
fn latest(folder: &Path, extension: &str) -> Option<(u64, SystemTime)> {
    named(folder, extension).iter().filter_map(|path| touched(path)).max_by_key(|(_, at)| *at)
}
