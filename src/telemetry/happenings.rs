//! One struct per thing worth knowing. `emit` writes its log line and counts it, so that the two
//! never disagree; whoever notices it fills in what they know and calls that.
//!
//! What channels, doors and screens count themselves they publish themselves.

use std::io;
use std::path::Path;

use super::names;
use crate::journal::{BadRow, JournalError, StoreError};

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
        tracing::error!(row = %self.row, "journal: cannot be read back, set aside");
        names::JOURNAL_BAD_ROWS.counter(&[]).increment(1);
    }
}

/// A snapshot cannot be believed.
#[derive(Debug)]
pub struct JournalBadSnapshot<'a> {
    /// Its file.
    pub path: &'a Path,
    /// Why.
    pub error: &'a io::Error,
}

impl JournalBadSnapshot<'_> {
    /// Logs and counts it.
    pub fn emit(self) {
        let path = self.path.display();
        tracing::error!(%path, error = %self.error, "snapshot passed over for an older one");
        names::JOURNAL_BAD_ROWS.counter(&[]).increment(1);
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
        tracing::warn!(error = %self.error, "an old journal file cannot be deleted");
    }
}
