//! The journal's happenings as metrics and log lines.

use std::path::Path;
use std::time::Duration;

use metrics::{Counter, Histogram};

use super::happenings::{
    FileSetAside, FileWrittenAgain, JournalBadRow, JournalDayDeleted, JournalHousekeepingFailed,
    JournalLostCursors, JournalUnwritable, JournalWritableAgain,
};
use super::names;
use crate::journal::{BadRow, JournalError, Observer, SetAside, StoreError};

/// Counts what the journal does. Make it after the exporter.
#[derive(Debug)]
pub struct JournalMeters {
    events: Counter,
    bytes: Counter,
    commit: Histogram,
}

impl Default for JournalMeters {
    fn default() -> Self {
        // Those that should stay at zero are seen from the start, so that an alert sees them grow.
        for counter in [
            &names::JOURNAL_MISSING,
            &names::JOURNAL_BAD_ROWS,
            &names::JOURNAL_OUTAGES,
            &names::DOCUMENTS_PASSED_OVER,
            &names::FILES_WRITTEN_AGAIN,
            &names::SNAPSHOTS_FAILED,
        ] {
            counter.counter(&[]).increment(0);
        }
        for file in SetAside::ALL {
            names::FILES_SET_ASIDE.counter(&[file]).increment(0);
        }
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

    fn set_aside(&self, file: &SetAside) {
        FileSetAside { file }.emit();
    }

    fn lost_cursors(&self, path: &Path, reason: &str) {
        JournalLostCursors { path, reason }.emit();
    }

    fn written_again(&self, path: &Path, reason: &str) {
        FileWrittenAgain { path, reason }.emit();
    }

    fn day_deleted(&self, file: &str) {
        JournalDayDeleted { file }.emit();
    }

    fn housekeeping_failed(&self, error: &StoreError) {
        JournalHousekeepingFailed { error }.emit();
    }
}
