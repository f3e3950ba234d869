//! From what the last run left to a running writer.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc::sync_channel};
use std::thread;

use tokio::sync::mpsc;

use super::folder::{self, Lock};
use super::handle::Shared;
use super::snapshots::{self, Snapshots};
use super::sqlite::{Contents, DayFiles, Retention, RightTimes, SqliteStore};
use super::writer::Writer;
use super::{
    BadRow, Committed, JournalHandle, JournalThread, Observer, Sequence, Silent, Snapshot, Tail,
};
use crate::clock;
use crate::config::model;
use crate::event::UnixMs;

/// What [`open_with`] takes beside the operator's settings.
pub struct Options {
    /// Told of everything worth counting.
    pub observer: Arc<dyn Observer>,
    /// The host's clock; decides in which day's file a commit lands.
    pub now: fn() -> UnixMs,
    /// Whether that clock is sure enough to delete by it what is past its time.
    pub may_delete: fn() -> bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { observer: Arc::new(Silent), now: clock::now_ms, may_delete: || true }
    }
}

/// Why the journal cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it.
    #[error(
        "another tablica is using {path}: stop it, or give this one its own server.state_dir",
        path = path.display()
    )]
    InUse {
        /// The journal's folder.
        path: PathBuf,
    },
    /// The folder cannot be made, read or locked.
    #[error("cannot use {path}: {source}", path = path.display())]
    Folder {
        /// What was tried.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A day file cannot be opened, for a reason that is not its content.
    #[error("cannot open the journal's file {path}: {reason}", path = path.display())]
    File {
        /// The day file.
        path: PathBuf,
        /// What SQLite said.
        reason: String,
    },
    /// The writer thread cannot be started.
    #[error("cannot start the journal's writer thread: {0}")]
    Thread(io::Error),
}

/// Opens the journal in `state_dir` and finds out what it holds.
pub fn open(settings: &model::Journal, state_dir: &Path) -> Result<Opened, OpenError> {
    open_with(settings, state_dir, Options::default())
}

/// As [`open`], with an observer and a clock.
pub fn open_with(
    settings: &model::Journal,
    state_dir: &Path,
    options: Options,
) -> Result<Opened, OpenError> {
    let dir = state_dir.join("journal");
    let snapshots_dir = state_dir.join(snapshots::FOLDER);
    for dir in [&dir, &snapshots_dir] {
        folder::create(dir).map_err(in_folder(dir))?;
    }
    let lock = folder::lock(&dir)?;
    Snapshots::at(&snapshots_dir).tidy().map_err(in_folder(&snapshots_dir))?;
    let files = DayFiles::at(&dir);
    let contents = files
        .contents()
        .map_err(|error| OpenError::File { path: error.path, reason: error.reason })?;
    for (path, reason) in &contents.set_aside {
        options.observer.bad_row(&BadRow {
            file: path.display().to_string(),
            first: contents.last.saturating_add(1),
            count: 0,
            reason: format!("not a journal file, set aside: {reason}"),
        });
    }
    let right_times = files.right_times().map_err(in_folder(&dir))?;
    Ok(Opened {
        settings: settings.clone(),
        options,
        files,
        contents,
        right_times,
        snapshots_dir,
        lock,
    })
}

/// The journal as the last run left it, not yet taking appends. Restore the newest snapshot that
/// the engine accepts, fold the tail after it, give the channels their cursors, then start.
pub struct Opened {
    settings: model::Journal,
    options: Options,
    files: DayFiles,
    contents: Contents,
    right_times: RightTimes,
    snapshots_dir: PathBuf,
    lock: Lock,
}

impl Opened {
    /// The last sequence that was given out; 0 when none was.
    pub fn last_sequence(&self) -> Sequence {
        self.contents.last
    }

    /// When the last events were received; nothing of an empty journal.
    pub fn last_received_ms(&self) -> Option<UnixMs> {
        self.contents.last_received_ms
    }

    /// What is to be known of the clock by which events were received.
    pub fn right_times(&self) -> &RightTimes {
        &self.right_times
    }

    /// The engine's snapshots that can be believed, newest first, each read when asked for.
    pub fn snapshots(&self) -> Result<impl Iterator<Item = Snapshot> + use<>, OpenError> {
        let observer = Arc::clone(&self.options.observer);
        Snapshots::at(&self.snapshots_dir)
            .newest_first(move |path, error| observer.bad_snapshot(path, error))
            .map_err(in_folder(&self.snapshots_dir))
    }

    /// The events after a sequence, in order; 0 gives all.
    pub fn tail(&self, after: Sequence) -> Result<Tail, OpenError> {
        Tail::after(
            after,
            &self.files,
            self.right_times.clone(),
            Arc::clone(&self.options.observer),
        )
        .map_err(in_folder(self.files.dir()))
    }

    /// Where a channel's source (`source`) or plugin (`plugin`) stood.
    pub fn cursor(&self, channel: &str, part: &str) -> Result<Option<Vec<u8>>, OpenError> {
        self.files
            .cursor(self.contents.newest, channel, part)
            .map_err(|error| OpenError::File { path: error.path, reason: error.reason })
    }

    /// Starts the writer; committed events go to `to_engine` in journal order.
    pub fn start(
        self,
        to_engine: mpsc::Sender<Committed>,
    ) -> Result<(JournalHandle, JournalThread), OpenError> {
        let Opened { settings, options, files, contents, snapshots_dir, lock, .. } = self;
        // A journal that was deleted must not number its events like those in the snapshots.
        let in_snapshots =
            Snapshots::at(&snapshots_dir).newest_sequence().map_err(in_folder(&snapshots_dir))?;
        let next = contents.last.max(in_snapshots) + 1;
        let store = SqliteStore::new(
            files,
            Retention { keep: settings.keep, may_delete: options.may_delete },
            contents.newest,
            next,
            Arc::clone(&options.observer),
            lock,
        );
        let (queue, jobs) = sync_channel(settings.pending_max);
        let shared = Arc::new(Shared::default());
        let writer = Writer {
            store,
            next,
            queue: jobs,
            shared: Arc::clone(&shared),
            to_engine,
            observer: options.observer,
            now: options.now,
            commit_events_max: settings.commit_events_max,
        };
        let thread = thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || writer.run())
            .map_err(OpenError::Thread)?;
        let handle = JournalHandle {
            queue: queue.clone(),
            shared: Arc::clone(&shared),
            pending_max: settings.pending_max,
            snapshots_dir: Arc::new(snapshots_dir),
        };
        Ok((handle, JournalThread { thread, queue, shared }))
    }
}

fn in_folder(path: &Path) -> impl FnOnce(io::Error) -> OpenError + use<> {
    let path = path.to_path_buf();
    move |source| OpenError::Folder { path, source }
}
