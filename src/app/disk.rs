//! Everything that is kept in the state folder, opened in the order in which it is needed, with
//! the threads that write it.

use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::Context;
use tokio::sync::{mpsc, watch};

use super::channels;
use super::recover::{self, Cursors};
use super::starting::Start;
use crate::access::Access;
use crate::board::annotations::Annotations;
use crate::board::edit::{self, Shelf};
use crate::board::recount::Recount;
use crate::channel::privacy::keys::KeyRing;
use crate::channel::quarantine::{self, Quarantine, QuarantineThread};
use crate::clock;
use crate::config::model::Config;
use crate::engine::{Engine, Rules};
use crate::event::UnixMs;
use crate::files;
use crate::journal::rollups::{self, Rollups, RollupsThread};
use crate::journal::{
    self, Committed, Cursor, JournalHandle, JournalThread, Observer, SeenIds, Sequence, StoreError,
};
use crate::telemetry::JournalMeters;

/// Commits on their way to the engine; more make the journal wait.
const COMMITS_WAITING_MAX: usize = 256;

/// What writes to disk and reads from it while the server runs.
pub(super) struct Disk {
    pub(super) journal: JournalHandle,
    pub(super) rollups: Rollups,
    pub(super) quarantine: Quarantine,
    pub(super) annotations: Annotations,
    pub(super) shelf: Arc<Shelf>,
    /// None without `[access]`.
    pub(super) access: Option<Access>,
    pub(super) keys: KeyRing,
    /// Ends when it is told to: whoever takes its commits ends with it.
    pub(super) journal_thread: JournalThread,
    pub(super) threads: Threads,
}

/// What was found on disk.
pub(super) struct Found {
    /// The fold of everything that was acknowledged.
    pub(super) engine: Engine,
    /// The last event in it.
    pub(super) sequence: Sequence,
    /// Where channels stood.
    pub(super) cursors: Cursors,
    /// Where the ids of events are stored that it has seen.
    pub(super) seen_ids: SeenIds,
    /// What is acknowledged from now on.
    pub(super) committed: mpsc::Receiver<Committed>,
}

/// The threads that end when their last handle is gone.
pub(super) struct Threads {
    rollups: RollupsThread,
    quarantine: QuarantineThread,
}

impl Disk {
    /// Opens, and makes what is missing. The exporter must be there: the journal counts.
    pub(super) fn open(config: &Config, start: &Start) -> anyhow::Result<(Self, Found)> {
        let state_dir = &config.server.state_dir;
        make_state_dir(state_dir)?;
        let observer: Arc<dyn Observer> = Arc::new(JournalMeters::default());
        let held: HeldKeys = Arc::default();
        let options = journal::Options {
            observer: Arc::clone(&observer),
            now: clock::now_ms,
            monotonic: clock::monotonic,
            may_delete: clock::is_sure_enough_to_delete,
            pause: clock::pause,
            before_opening: Some(keep_keys(Arc::clone(&held), state_dir)),
        };
        let opened = journal::open_with(&config.journal, state_dir, options)?;
        let has_events = opened.last_sequence() > 0;
        if let Some(received_ms) = opened.last_received_ms() {
            clock::begin_at(received_ms);
        }
        let keys = KeyRing::open(state_dir, clock::now_ms(), has_events)?;
        held.get_or_init(|| keys.clone());
        let stored =
            rollups::open_with(state_dir, config.journal.rollups_keep, Arc::clone(&observer))?;
        let seen_ids = SeenIds::open_with(state_dir, Arc::clone(&observer))?;
        let (engine, sequence) =
            recover::engine(channels::rules(config), &opened, &stored, &seen_ids, start)?;
        let (rollups, rollups_thread) = stored.start()?;
        let cursors = recover::cursors(&opened);
        let (commits, committed) = mpsc::channel(COMMITS_WAITING_MAX);
        let (journal, journal_thread) = opened.start(commits)?;
        recover::try_feeds_anew(&engine, &journal);
        let (quarantine, quarantine_thread) =
            quarantine::start(&config.quarantine, state_dir, Arc::clone(&observer))?;
        let zone = &config.site.time_zone;
        let watching = Arc::clone(&observer);
        let annotations = Annotations::open_with(&config.annotations, state_dir, zone, watching)?;
        let shelf = edit::Settings {
            dir: config.boards.dir.clone(),
            versions_max: config.boards.versions_max,
            versions_bytes_max: config.boards.versions_bytes_max,
        };
        let shelf = Shelf::open(shelf, state_dir, Arc::clone(&observer), clock::now_ms)?;
        let access = config.access.as_ref();
        let access = access
            .map(|settings| Access::open(settings, state_dir, observer, clock::now_ms))
            .transpose()?;
        let threads = Threads { rollups: rollups_thread, quarantine: quarantine_thread };
        let disk = Self {
            journal,
            rollups,
            quarantine,
            annotations,
            shelf,
            access,
            keys,
            journal_thread,
            threads,
        };
        Ok((disk, Found { engine, sequence, cursors, seen_ids, committed }))
    }

    /// Counts everything anew, after the clock was set or the rules were changed: by those that hold
    /// when it begins. Within a runtime.
    pub(super) fn recount(&self, rules: watch::Receiver<Arc<Rules>>, config: &Config) -> Recount {
        let runtime = tokio::runtime::Handle::current();
        let (journal, rollups) = (self.journal.clone(), self.rollups.clone());
        let state_dir = config.server.state_dir.clone();
        Arc::new(move || {
            let rules = Rules::clone(&rules.borrow());
            // The journal notes with what it commits that the clock was set: before it is read.
            let mark = Cursor { channel: String::new(), part: "clock", bytes: Vec::new() };
            runtime.block_on(journal.append(Vec::new(), Some(mark)))?;
            let journal = journal::read(&state_dir)?;
            // Those of a time that was none yet; and what the journal no longer has is not forgotten.
            let from_ms = journal.held().map_or(UnixMs::MIN, |held| held.from_ms);
            let (engine, sequence) = recover::anew(rules, &state_dir, journal)?;
            rollups.forget_from(clock::now_ms().max(from_ms));
            Ok((engine, sequence))
        })
    }
}

impl Threads {
    /// Waits until they have written everything; says whether they had within the grace time.
    /// Their handles must be gone.
    pub(super) async fn join(self, grace: Duration) -> bool {
        let joined = tokio::task::spawn_blocking(|| {
            self.quarantine.join();
            self.rollups.join();
        });
        tokio::time::timeout(grace, joined).await.is_ok()
    }
}

/// The site's keys, once it is known whether the journal has events.
type HeldKeys = Arc<OnceLock<KeyRing>>;

/// Events are hashed by the site's keys: those must be on disk before the first event is.
fn keep_keys(keys: HeldKeys, state_dir: &Path) -> journal::BeforeOpening {
    let path = state_dir.join("keys").display().to_string();
    Box::new(move || {
        let kept = keys.get().map_or(Ok(()), KeyRing::keep);
        kept.map_err(|error| StoreError { path: path.clone(), reason: error.to_string() })
    })
}

fn make_state_dir(path: &Path) -> anyhow::Result<()> {
    files::create_private_folder(path)
        .with_context(|| format!("cannot make the state folder {}", path.display()))
}
