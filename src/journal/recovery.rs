//! From what the last run left to a running writer.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc::sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use super::folder::{self, Lock};
use super::handle::Shared;
use super::mark::{self, Mark};
use super::snapshots::{self, Snapshots};
use super::sqlite::{
    AT_THE_END, BeforeOpening, Contents, DayFiles, Retention, RightTimes, SqliteStore, Start,
    TailClock,
};
use super::writer::Writer;
use super::{
    BadRow, Committed, JournalHandle, JournalThread, Observer, Sequence, SetAside, Silent,
    Snapshot, StoreError, Tail,
};
use crate::clock;
use crate::config::model;
use crate::event::UnixMs;
use crate::files;

/// What [`open_with`] takes beside the operator's settings.
pub struct Options {
    /// Told of everything worth counting.
    pub observer: Arc<dyn Observer>,
    /// The host's clock; decides in which day's file a commit lands.
    pub now: fn() -> UnixMs,
    /// A clock that never jumps: by it the journal notices that the other one was set.
    pub monotonic: fn() -> Instant,
    /// Whether that clock is sure enough to delete by it what is past its time.
    pub may_delete: fn() -> bool,
    /// Waits until a disk that refused to be read may be asked again.
    pub pause: fn(Duration),
    /// What must be on disk before events are; called each time that the writer opens a file.
    pub before_opening: Option<BeforeOpening>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            observer: Arc::new(Silent),
            now: clock::now_ms,
            monotonic: clock::monotonic,
            may_delete: || true,
            pause: clock::pause,
            before_opening: None,
        }
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
    // Should the start that made them have come no further.
    files::sync_folder(state_dir).map_err(in_folder(state_dir))?;
    let lock = folder::lock(&dir)?;
    if let Err(error) = Snapshots::at(&snapshots_dir).tidy() {
        let (path, reason) = (snapshots_dir.display().to_string(), error.to_string());
        options.observer.housekeeping_failed(&StoreError { path, reason });
    }
    let files = DayFiles::at(&dir);
    let contents = files
        .contents()
        .map_err(|error| OpenError::File { path: error.path, reason: error.reason })?;
    tell(&contents, &*options.observer);
    let mark = Mark::at(&dir);
    let written = read_mark(&mark, &*options.observer);
    // A journal that was deleted must not number its events like those in the snapshots.
    let kept =
        Snapshots::at(&snapshots_dir).newest_sequence().map_err(in_folder(&snapshots_dir))?;
    let last = contents.last.max(written).max(kept);
    let notes = lost_at_the_end(&files, &contents, written, kept);
    notes.iter().for_each(|lost| options.observer.bad_row(lost));
    let right_times = files.right_times().map_err(in_folder(&dir))?;
    Ok(Opened {
        settings: settings.clone(),
        options,
        files,
        contents,
        last,
        notes,
        mark,
        right_times,
        snapshots_dir,
        lock,
    })
}

/// Tells what of the files cannot be used.
fn tell(contents: &Contents, observer: &dyn Observer) {
    for (path, aside, reason) in &contents.set_aside {
        observer.set_aside(&SetAside {
            what: "journal",
            path: path.clone(),
            aside: aside.clone(),
            reason: reason.clone(),
            lost: "the events in it; `tablica journal check` says which numbers".to_owned(),
        });
    }
    for (path, reason) in &contents.lost_cursors {
        observer.lost_cursors(path, reason);
    }
}

/// The last sequence that was given out, by what is kept outside the files; 0 without.
fn read_mark(mark: &Mark, observer: &dyn Observer) -> Sequence {
    let reason = match mark.read() {
        mark::Read::Last(last) => return last,
        mark::Read::None => return 0,
        mark::Read::Damaged(reason) => reason,
    };
    observer.set_aside(&SetAside {
        what: "mark",
        path: mark.path().to_path_buf(),
        aside: mark.set_aside().unwrap_or_else(|_| mark.path().to_path_buf()),
        reason,
        lost: "whether the journal's newest events are all there is not known this time".to_owned(),
    });
    0
}

/// Numbers that were given out and are in no file.
fn lost_at_the_end(
    files: &DayFiles,
    contents: &Contents,
    written: Sequence,
    kept: Sequence,
) -> Vec<BadRow> {
    let last = written.max(kept);
    if last <= contents.last {
        return Vec::new();
    }
    let newest = contents.newest.map(|(day, _)| files.path(day));
    let file = newest.as_deref().unwrap_or(files.dir()).display().to_string();
    // Snapshots alone do not say how much of an older journal had been deleted by its age.
    if newest.is_none() && written == 0 {
        let reason = format!("no file is there, and there were events up to {last}");
        return vec![BadRow { file, first: last, count: 0, reason }];
    }
    let first = contents.last.saturating_add(1);
    let count = (last - contents.last).try_into().unwrap_or(u32::MAX);
    vec![BadRow { file, first, count, reason: AT_THE_END.to_owned() }]
}

/// The journal as the last run left it, not yet taking appends. Restore the newest snapshot that
/// the engine accepts, fold the tail after it, give the channels their cursors, then start.
pub struct Opened {
    settings: model::Journal,
    options: Options,
    files: DayFiles,
    contents: Contents,
    /// The last sequence that was given out.
    last: Sequence,
    /// Lost numbers that are to be noted.
    notes: Vec<BadRow>,
    mark: Mark,
    right_times: RightTimes,
    snapshots_dir: PathBuf,
    lock: Lock,
}

impl Opened {
    /// The last sequence that was given out; 0 when none was.
    pub fn last_sequence(&self) -> Sequence {
        self.last
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
        Snapshots::at(&self.snapshots_dir)
            .newest_first(Arc::clone(&self.options.observer))
            .map_err(in_folder(&self.snapshots_dir))
    }

    /// The events after a sequence, in order; 0 gives all.
    pub fn tail(&self, after: Sequence) -> Result<Tail, OpenError> {
        Tail::after(
            after,
            &self.files,
            self.right_times.clone(),
            Arc::clone(&self.options.observer),
            TailClock { monotonic: self.options.monotonic, pause: self.options.pause },
        )
        .map_err(in_folder(self.files.dir()))
    }

    /// Where a channel's source (`source`) or plugin (`plugin`) stood.
    pub fn cursor(&self, channel: &str, part: &str) -> Option<&[u8]> {
        let key = (channel.to_owned(), part.to_owned());
        self.contents.cursors.get(&key).map(Vec::as_slice)
    }

    /// Every cursor that is kept, by channel and part.
    pub fn cursors(&self) -> impl Iterator<Item = (&str, &str, &[u8])> {
        let cursors = self.contents.cursors.iter();
        cursors.map(|((channel, part), bytes)| (channel.as_str(), part.as_str(), bytes.as_slice()))
    }

    /// Starts the writer; committed events go to `to_engine` in journal order.
    pub fn start(
        self,
        to_engine: mpsc::Sender<Committed>,
    ) -> Result<(JournalHandle, JournalThread), OpenError> {
        let (handle, writer) = self.writer(to_engine);
        let (queue, shared) = (handle.queue.clone(), Arc::clone(&handle.shared));
        let thread = thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || writer.run())
            .map_err(OpenError::Thread)?;
        Ok((handle, JournalThread { thread, queue, shared }))
    }

    /// The writer without its thread: it works when whoever has it says so.
    #[cfg(test)]
    pub(crate) fn by_hand(
        self,
        to_engine: mpsc::Sender<Committed>,
    ) -> (JournalHandle, super::WriterByHand) {
        let (handle, writer) = self.writer(to_engine);
        (handle, super::WriterByHand::new(writer))
    }

    fn writer(self, to_engine: mpsc::Sender<Committed>) -> (JournalHandle, Writer<SqliteStore>) {
        let Opened { settings, options, files, contents, snapshots_dir, .. } = self;
        let next = self.last.saturating_add(1);
        let store = SqliteStore::new(Start {
            files,
            retention: Retention { keep: settings.keep, may_delete: options.may_delete },
            newest: contents.newest,
            damage: contents.damage,
            next,
            cursors: contents.cursors,
            last_received_ms: contents.last_received_ms,
            notes: self.notes,
            mark: self.mark,
            observer: Arc::clone(&options.observer),
            monotonic: options.monotonic,
            before_opening: options.before_opening,
            lock: self.lock,
        });
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
        let handle = JournalHandle {
            queue,
            shared,
            pending_max: settings.pending_max,
            snapshots_dir: Arc::new(snapshots_dir),
        };
        (handle, writer)
    }
}

fn in_folder(path: &Path) -> impl FnOnce(io::Error) -> OpenError + use<> {
    let path = path.to_path_buf();
    move |source| OpenError::Folder { path, source }
}
