//! SQLite's write-ahead log beside a file.
//!
//! A commit is in the log before it is in the file. When the disk refuses to sync the log, what was
//! to be synced can be read all the same, and may never come to the disk, also when the next sync
//! succeeds: the system takes it to be done. Whatever is committed behind it would be lost with it,
//! since a log is read up to its first hole. So whoever opens a file writes its log again before
//! anything is committed behind it.

use std::io;
use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, Transaction, TransactionBehavior, ffi};

use super::aside::named;
use crate::files;

/// Added to the file's name.
pub(super) const LOG: &str = "-wal";

/// Writes what the log holds to its place once more, and puts it on the disk. Nobody else can write
/// meanwhile.
pub(in crate::journal) fn make_log_last(file: &Connection, path: &Path) -> rusqlite::Result<()> {
    let log = named(path, LOG);
    if !log.metadata().is_ok_and(|it| it.len() > 0) {
        return Ok(());
    }
    let held = Transaction::new_unchecked(file, TransactionBehavior::Immediate)?;
    files::write_again(&log).map_err(refused)?;
    held.rollback()
}

/// Lets the last connection that is closed fold the log into the file, or leave it where it is: one
/// that may have a hole must not be folded.
pub(in crate::journal) fn fold_on_close(file: &Connection, folds: bool) -> rusqlite::Result<()> {
    file.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, !folds).map(drop)
}

/// Folds a deleted log into the file that it belongs to. Its writer must open the file anew.
pub(in crate::journal) fn fold_log(file: &Connection) -> rusqlite::Result<()> {
    let busy: bool = file.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy {
        let busy = ffi::Error::new(ffi::SQLITE_BUSY);
        return Err(rusqlite::Error::SqliteFailure(busy, None));
    }
    Ok(())
}

fn refused(error: io::Error) -> rusqlite::Error {
    let code = ffi::Error::new(ffi::SQLITE_IOERR);
    rusqlite::Error::SqliteFailure(code, Some(error.to_string()))
}
