//! One struct per thing worth knowing. `emit` writes its log line and counts it, so that the two
//! never disagree; whoever notices it fills in what they know and calls that.
//!
//! What channels, doors and screens count themselves they publish themselves.

use std::path::Path;
use std::time::Duration;

use super::names;
use crate::journal::{BadRow, JournalError, Sequence, SetAside, StoreError};

/// The disk began to refuse.
#[derive(Debug)]
pub struct JournalUnwritable<'a> {
    /// What it said.
    pub error: &'a JournalError,
}

impl JournalUnwritable<'_> {
    /// Logs and counts it.
    pub fn emit(self) {
        let error = self.error;
        tracing::error!(%error, "nothing is accepted until the journal can write again");
        names::JOURNAL_OUTAGES.counter(&[]).increment(1);
    }
}

/// The disk accepts again.
#[derive(Debug)]
pub struct JournalWritableAgain;

impl JournalWritableAgain {
    /// Logs it.
    pub fn emit(self) {
        tracing::info!("the journal can write again");
    }
}

/// Something journaled cannot be read back.
#[derive(Debug)]
pub struct JournalBadRow<'a> {
    /// What and where.
    pub row: &'a BadRow,
}

impl JournalBadRow<'_> {
    /// Logs and counts it.
    pub fn emit(self) {
        tracing::error!(row = %self.row, "journal: this cannot be used");
        names::JOURNAL_BAD_ROWS.counter(&[]).increment(1);
        names::JOURNAL_MISSING.counter(&[]).increment(u64::from(self.row.count));
    }
}

/// Files came into a folder of documents while nobody looked, with times that say they were given long ago.
#[derive(Debug)]
pub struct DocumentsPassedOver {
    /// How many.
    pub files: u64,
}

impl DocumentsPassedOver {
    /// Logs and counts it.
    pub fn emit(self) {
        let files = self.files;
        tracing::warn!(
            files,
            "files with an old time were put among a channel's documents while it was stopped, and are passed over; touch those that are to be given"
        );
        names::DOCUMENTS_PASSED_OVER.counter(&[]).increment(files);
    }
}

/// A damaged file was renamed.
#[derive(Debug)]
pub struct FileSetAside<'a> {
    /// Which, and what the server does without.
    pub file: &'a SetAside,
}

impl FileSetAside<'_> {
    /// Logs and counts it.
    pub fn emit(self) {
        let SetAside { what, path, aside, reason, lost } = self.file;
        let (path, aside) = (path.display(), aside.display());
        tracing::warn!(%path, %aside, reason, lost, "damaged: set aside, the server goes on");
        names::FILES_SET_ASIDE.counter(&[*what]).increment(1);
    }
}

/// The channels' positions in a day file cannot be read.
#[derive(Debug)]
pub struct JournalLostCursors<'a> {
    /// The day file.
    pub path: &'a Path,
    /// Why.
    pub reason: &'a str,
}

impl JournalLostCursors<'_> {
    /// Logs and counts it.
    pub fn emit(self) {
        let path = self.path.display();
        tracing::warn!(
            %path,
            reason = self.reason,
            "the cursors in it cannot be read: channels go on from older ones, or from the \
             beginning; what comes again counts once"
        );
        names::JOURNAL_BAD_ROWS.counter(&[]).increment(1);
    }
}

/// A file was deleted or replaced while the server runs.
#[derive(Debug)]
pub struct FileWrittenAgain<'a> {
    /// The file.
    pub path: &'a Path,
    /// What became of it.
    pub reason: &'a str,
}

impl FileWrittenAgain<'_> {
    /// Logs and counts it.
    pub fn emit(self) {
        let path = self.path.display();
        tracing::error!(%path, reason = self.reason, "what was in it has been written again");
        names::FILES_WRITTEN_AGAIN.counter(&[]).increment(1);
    }
}

/// The engine's state could not be kept.
#[derive(Debug)]
pub struct SnapshotNotKept<'a> {
    /// The last event in it.
    pub sequence: Sequence,
    /// Why.
    pub error: &'a dyn std::error::Error,
}

impl SnapshotNotKept<'_> {
    /// Logs and counts it.
    pub fn emit(self) {
        let (sequence, error) = (self.sequence, self.error);
        tracing::warn!(sequence, %error, "the engine's snapshot is not kept");
        names::SNAPSHOTS_FAILED.counter(&[]).increment(1);
    }
}

/// A day file is past `journal.keep`.
#[derive(Debug)]
pub struct JournalDayDeleted<'a> {
    /// The file.
    pub file: &'a str,
}

impl JournalDayDeleted<'_> {
    /// Logs it.
    pub fn emit(self) {
        tracing::info!(file = self.file, "older than journal.keep, deleted");
    }
}

/// An old day file could not be deleted.
#[derive(Debug)]
pub struct JournalHousekeepingFailed<'a> {
    /// What and why.
    pub error: &'a StoreError,
}

impl JournalHousekeepingFailed<'_> {
    /// Logs it.
    pub fn emit(self) {
        tracing::warn!(error = %self.error, "the journal's folder cannot be kept tidy");
    }
}

/// A plugin is being made into code, and that takes a while.
#[derive(Clone, Copy, Debug)]
pub struct PluginCompiles<'a> {
    /// Its file's name.
    pub plugin: &'a str,
    /// How long the file is.
    pub bytes: usize,
}

impl PluginCompiles<'_> {
    /// It, in words. Anybody may read them at `/readyz`: without the file's folder.
    pub fn sentence(self) -> String {
        let Self { plugin, bytes } = self;
        let plugin = plugin.rsplit('/').next().unwrap_or(plugin);
        format!("compiling {plugin} ({:.1} MB); this is done once", bytes as f64 / 1e6)
    }

    /// Logs it.
    pub fn emit(self) {
        tracing::info!("{}", self.sentence());
    }
}

/// A plugin became code.
#[derive(Debug)]
pub struct PluginCompiled<'a> {
    /// Its file's name.
    pub plugin: &'a str,
    /// How long it took.
    pub elapsed: Duration,
    /// The most memory that was held for it.
    pub memory_bytes: u64,
}

impl PluginCompiled<'_> {
    /// Logs it.
    pub fn emit(self) {
        let Self { plugin, elapsed, memory_bytes } = self;
        let (seconds, mib) = (elapsed.as_secs_f64(), memory_bytes >> 20);
        tracing::info!("compiled {plugin} in {seconds:.1} s with {mib} MiB");
    }
}

/// A plugin was not compiled.
#[derive(Debug)]
pub struct PluginNotCompiled<'a> {
    /// Its file's name.
    pub plugin: &'a str,
    /// What it is counted as.
    pub class: &'static str,
    /// Why, and what to do.
    pub reason: &'a str,
}

impl PluginNotCompiled<'_> {
    /// Logs and counts it.
    pub fn emit(self) {
        let Self { plugin, class, reason } = self;
        tracing::warn!(plugin, reason, "a plugin is not compiled");
        names::PLUGIN_NOT_COMPILED.counter(&[class]).increment(1);
    }
}
