//! The journal's happenings as metrics and log lines.

use std::io;
use std::path::Path;
use std::time::Duration;

use metrics::{Counter, Histogram};

use super::happenings::{
    JournalBadRow, JournalBadSnapshot, JournalDayDeleted, JournalHousekeepingFailed,
    JournalUnwritable, JournalWritableAgain,
};
use super::names;
use crate::journal::{BadRow, JournalError, Observer, StoreError};

/// Counts what the journal does. Make it after the exporter.
#[derive(Debug)]
pub struct JournalMeters {
    events: Counter,
    bytes: Counter,
    commit: Histogram,
}

impl Default for JournalMeters {
    fn default() -> Self {
        Self {
            events: names::JOURNAL_EVENTS.counter(&[]),
            bytes: names::JOURNAL_BYTES.counter(&[]),
            commit: names::JOURNAL_COMMIT.histogram(&[]),
        }
    }
}

impl Observer for JournalMeters {
    fn committed(&self, events: usize, bytes: usize, elapsed: Duration) {
        self.events.increment(events as u64);
        self.bytes.increment(bytes as u64);
        self.commit.record(elapsed);
    }

    fn unwritable(&self, error: &JournalError) {
        JournalUnwritable { error }.emit();
    }

    fn writable_again(&self) {
        JournalWritableAgain.emit();
    }

    fn bad_row(&self, row: &BadRow) {
        JournalBadRow { row }.emit();
    }

    fn bad_snapshot(&self, path: &Path, error: &io::Error) {
        JournalBadSnapshot { path, error }.emit();
    }

    fn day_deleted(&self, file: &str) {
        JournalDayDeleted { file }.emit();
    }

    fn housekeeping_failed(&self, error: &StoreError) {
        JournalHousekeepingFailed { error }.emit();
    }
}
