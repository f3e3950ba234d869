//! One life of a server's process: the journal, the engine and its kept states, composed as the
//! server does it, and driven by hand.

use std::cell::Cell;
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot};

use crate::app::{Start, keep, recover};
use crate::board::hub::{Keep, Keeping, Kept};
use crate::clock;
use crate::config::model;
use crate::engine::Engine;
use crate::engine::tests::traffic::rules;
use crate::event::{Event, UnixMs};
use crate::journal::rollups::{self, RollupsByHand};
use crate::journal::{
    Append, BadRow, Committed, Cursor, JournalError, JournalHandle, Observer, Opened, Options,
    SeenIds, Sequence, SetAside, WriterByHand, open_with,
};

/// Nothing is deleted by its age.
const KEEP: Duration = Duration::from_secs(100 * 366 * 86_400);

thread_local! {
    /// The time of the simulation that this thread runs.
    static NOW_MS: Cell<UnixMs> = const { Cell::new(0) };
}

/// Where the simulations' clock that never jumps begins.
static BEGINNING: LazyLock<Instant> = LazyLock::new(clock::monotonic);

pub(super) fn now_ms() -> UnixMs {
    NOW_MS.get()
}

pub(super) fn set_time(now_ms: UnixMs) {
    NOW_MS.set(now_ms);
}

fn monotonic() -> Instant {
    *BEGINNING + Duration::from_millis(NOW_MS.get().unsigned_abs())
}

/// What the journal had to say that an operator would look after.
#[derive(Default)]
struct Complaints(Mutex<Vec<String>>);

impl Complaints {
    fn add(&self, what: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(what);
    }
}

impl Observer for Complaints {
    fn bad_row(&self, row: &BadRow) {
        self.add(row.to_string());
    }

    fn set_aside(&self, file: &SetAside) {
        self.add(format!("set aside {}: {}", file.what, file.reason));
    }

    fn lost_cursors(&self, path: &Path, reason: &str) {
        self.add(format!("lost cursors {}: {reason}", path.display()));
    }

    fn written_again(&self, path: &Path, reason: &str) {
        self.add(format!("written again {}: {reason}", path.display()));
    }
}

/// An answer that is awaited.
pub(super) type Answer = oneshot::Receiver<Result<(), JournalError>>;

pub(super) struct Server {
    pub(super) engine: Engine,
    /// The last event in it.
    pub(super) sequence: Sequence,
    handle: JournalHandle,
    writer: WriterByHand,
    rollups: RollupsByHand,
    keep: Keep,
    committed: mpsc::Receiver<Committed>,
    complaints: Arc<Complaints>,
}

fn settings(commit_events_max: usize) -> model::Journal {
    model::Journal {
        keep: KEEP,
        pending_max: 64,
        commit_events_max,
        snapshot_every: Duration::from_secs(60),
        rollups_keep: KEEP,
    }
}

impl Server {
    /// As `app::disk` does it. Gives each of these channels its file's position, too.
    pub(super) fn start(
        state: &Path,
        commit_events_max: usize,
        channels: &[String],
    ) -> anyhow::Result<(Server, Vec<usize>)> {
        let complaints = Arc::new(Complaints::default());
        let options = Options {
            observer: Arc::<Complaints>::clone(&complaints),
            now: now_ms,
            monotonic,
            may_delete: || true,
            pause: |_| (),
            before_opening: None,
        };
        let opened = open_with(&settings(commit_events_max), state, options)?;
        let stored = rollups::open_with(state, KEEP, Arc::<Complaints>::clone(&complaints))?;
        let ids = SeenIds::open_with(state, Arc::<Complaints>::clone(&complaints))?;
        let (engine, sequence) = recovered(&opened, &stored, &ids)?;
        let position = |channel: &String| opened.cursor(channel, "source").map_or(0, position);
        let positions = channels.iter().map(position).collect();
        let (rollups_handle, rollups) = stored.by_hand();
        let (to_engine, committed) = mpsc::channel(256);
        let (handle, writer) = opened.by_hand(to_engine);
        let keep = keep::states(handle.clone(), rollups_handle, ids);
        let server =
            Server { engine, sequence, handle, writer, rollups, keep, committed, complaints };
        Ok((server, positions))
    }

    /// Hands events and a file's position over; nothing when the queue is full.
    pub(super) fn append(
        &self,
        channel: &str,
        events: Vec<Event>,
        position: Option<usize>,
    ) -> Option<Answer> {
        let (done, answer) = oneshot::channel();
        let cursor = |position: usize| Cursor {
            channel: channel.to_owned(),
            part: "source",
            bytes: (position as u64).to_le_bytes().to_vec(),
        };
        let cursors = position.map(cursor).into_iter().collect();
        self.handle.try_append(Append { events, cursors, done: vec![done] }).ok()?;
        Some(answer)
    }

    /// Lets the writer commit once; false when nothing waited.
    pub(super) fn commit(&mut self) -> bool {
        self.writer.turn()
    }

    /// Nothing came for a second.
    pub(super) fn rest(&mut self) {
        self.writer.rest();
    }

    /// Counts what was committed; an error when it does not follow what was counted before.
    pub(super) fn count(&mut self) -> Result<(), String> {
        while let Ok(Committed { first, events }) = self.committed.try_recv() {
            if first != self.sequence + 1 {
                return Err(format!("the engine had {} and was given {first}", self.sequence));
            }
            for event in &events {
                self.engine.apply(event, event.known_ms());
                self.sequence += 1;
            }
        }
        Ok(())
    }

    /// Keeps the engine's state and its roll-ups.
    pub(super) fn keep(&mut self) {
        let new_ids = self.engine.take_new_ids();
        let snapshot = self.engine.snapshot();
        let roll_ups = self.engine.take_roll_ups();
        let state = Kept { sequence: self.sequence, snapshot, new_ids, roll_ups };
        if (self.keep)(state) == Keeping::NeedsAllIds {
            self.engine.hand_out_ids_anew();
        }
        self.rollups.turn();
    }

    /// Whether the disk takes what is written.
    pub(super) fn is_writable(&self) -> bool {
        self.handle.is_writable()
    }

    /// What an operator would have been told, apart from the mark: it is not synced, and may be torn.
    pub(super) fn complaints(&self) -> Vec<String> {
        let told = self.complaints.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.iter().filter(|it| !it.starts_with("set aside mark")).cloned().collect()
    }
}

fn recovered(
    opened: &Opened,
    stored: &rollups::Store,
    ids: &SeenIds,
) -> anyhow::Result<(Engine, Sequence)> {
    if opened.last_sequence() == 0 {
        // A server would begin with the present; these days are in the past.
        return Ok((Engine::new(rules()), 0));
    }
    recover::engine(rules(), opened, stored, ids, &Start::default())
}

fn position(bytes: &[u8]) -> usize {
    bytes.try_into().map_or(0, |bytes| usize::try_from(u64::from_le_bytes(bytes)).unwrap_or(0))
}
