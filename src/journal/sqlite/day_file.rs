//! Day files: their tables, opening and beginning them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::aside::{companions, empty_if_never_begun, is_damage, remove_empty_companions};
use super::clock_set::{ClockSet, RightTimes};
use super::day::Day;
use super::log::{fold_on_close, make_log_last};
use super::read_only;
use crate::files;
use crate::journal::{Cursors, Sequence};

/// `PRAGMA user_version` of the tables below and of what is in their rows. In a file of format 1 all
/// rows are JSON lines; it becomes one of format 2 as soon as it is written further.
pub(super) const FORMAT: i64 = 2;
/// Somebody else's `sqlite3` may hold the file for a moment.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

const SCHEMA: &str = "
-- One row: the sequence at which this file begins.
CREATE TABLE begins (first INTEGER NOT NULL) STRICT;
-- One row per commit; `lines` is LZ4 of the events, as many bytes as `json_bytes` says (they are named
-- for what they were once), `crc` is of first, count, lines.
CREATE TABLE batches (
    first INTEGER PRIMARY KEY, count INTEGER NOT NULL,
    at_from_ms INTEGER NOT NULL, at_to_ms INTEGER NOT NULL,
    received_from_ms INTEGER NOT NULL, received_to_ms INTEGER NOT NULL,
    crc INTEGER NOT NULL, json_bytes INTEGER NOT NULL, lines BLOB NOT NULL
) STRICT;
-- Where each channel's source and plugin stood at the end of this file.
CREATE TABLE cursors (
    channel TEXT NOT NULL, part TEXT NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (channel, part)
) STRICT, WITHOUT ROWID;
-- What could not be read back, for a person to look at; without bytes where there are none.
CREATE TABLE bad_rows (
    first INTEGER PRIMARY KEY, count INTEGER NOT NULL, reason TEXT NOT NULL, bytes BLOB
) STRICT;
-- Written while the disk is in doubt, to find out.
CREATE TABLE probe (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
";

/// The folder of day files.
#[derive(Clone, Debug)]
pub(in crate::journal) struct DayFiles {
    dir: PathBuf,
}

impl DayFiles {
    pub(in crate::journal) fn at(dir: &Path) -> Self {
        Self { dir: dir.to_path_buf() }
    }

    pub(in crate::journal) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(in crate::journal) fn path(&self, day: Day) -> PathBuf {
        self.dir.join(day.file_name())
    }

    /// Oldest first.
    pub(in crate::journal) fn list(&self) -> io::Result<Vec<Day>> {
        let mut days = Vec::new();
        for entry in fs::read_dir(&self.dir)? {
            days.extend(entry?.file_name().to_str().and_then(Day::from_file_name));
        }
        days.sort_unstable();
        Ok(days)
    }

    /// What is to be known of the clock by which events were received. A file that cannot be read
    /// has nothing to say.
    pub(in crate::journal) fn right_times(&self) -> io::Result<RightTimes> {
        let said = |day| ClockSet::read(&read_only::open_as_it_is(&self.path(day))?);
        let days = self.list()?.into_iter();
        Ok(RightTimes::of(days.flat_map(|day| said(day).unwrap_or_default())))
    }

    /// Opens a day's file for writing; a new one begins at `first` with the cursors given.
    pub(super) fn open_or_begin(
        &self,
        day: Day,
        first: Sequence,
        cursors: &Cursors,
    ) -> Result<Connection, FileError> {
        let path = self.path(day);
        let failed = |error: rusqlite::Error| FileError {
            is_damage: is_damage(&error),
            ..FileError::new(&path, error)
        };
        // SQLite would make it readable for everybody.
        files::make(&path)
            .and_then(|_| files::sync_folder(&self.dir))
            .map_err(|source| FileError::new(&path, source))?;
        let mut file = open_existing(&path).map_err(failed)?;
        match format(&file).map_err(failed)? {
            0 => begin(&mut file, first, cursors).map_err(failed)?,
            FORMAT => {}
            // A version of before would not understand the next row.
            older if is_known(older) => {
                file.pragma_update(None, "user_version", FORMAT).map_err(failed)?;
            }
            found => return Err(newer(&path, found)),
        }
        Ok(file)
    }

    /// Deletes a day.
    pub(super) fn delete(&self, day: Day) -> Result<PathBuf, FileError> {
        let path = self.path(day);
        files::remove(&path).map_err(|source| FileError::new(&path, source))?;
        for companion in companions(&path) {
            // Usually gone with the last connection.
            let _ = files::remove(&companion);
        }
        Ok(path)
    }
}

/// A day file, or their folder, cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {reason}", path = path.display())]
pub(in crate::journal) struct FileError {
    pub(in crate::journal) path: PathBuf,
    pub(in crate::journal) reason: String,
    /// Its content is wrong: the day can go on in another file.
    pub(in crate::journal) is_damage: bool,
}

impl FileError {
    pub(in crate::journal) fn new(path: &Path, reason: impl ToString) -> Self {
        Self { path: path.to_path_buf(), reason: reason.to_string(), is_damage: false }
    }
}

/// Opens a file that is there, for reading and writing, durable per commit.
pub(super) fn open_existing(path: &Path) -> rusqlite::Result<Connection> {
    // Without room on the disk it begins what it keeps beside the file, and cannot go on.
    try_open_existing(path).inspect_err(|_| remove_empty_companions(path))
}

fn try_open_existing(path: &Path) -> rusqlite::Result<Connection> {
    empty_if_never_begun(path);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let file = Connection::open_with_flags(path, flags)?;
    fold_on_close(&file, false)?;
    file.busy_timeout(BUSY_TIMEOUT)?;
    file.pragma_update(None, "journal_mode", "WAL")?;
    file.pragma_update(None, "synchronous", "FULL")?;
    make_log_last(&file, path)?;
    fold_on_close(&file, true)?;
    Ok(file)
}

/// All tables, or none, so that a kill in the middle leaves a file that is not begun.
pub(super) fn begin(
    file: &mut Connection,
    first: Sequence,
    cursors: &Cursors,
) -> rusqlite::Result<()> {
    let change = file.transaction_with_behavior(TransactionBehavior::Immediate)?;
    change.execute_batch(SCHEMA)?;
    change.pragma_update(None, "user_version", FORMAT)?;
    change.execute("INSERT INTO begins (first) VALUES (?1)", [to_sql(first)])?;
    put_cursors(&change, cursors)?;
    change.commit()
}

/// Writes cursors over those that are there.
pub(super) fn put_cursors(file: &Connection, cursors: &Cursors) -> rusqlite::Result<()> {
    for ((channel, part), bytes) in cursors {
        put_cursor(file, channel, part, bytes)?;
    }
    Ok(())
}

/// Writes one cursor over the one that is there.
pub(super) fn put_cursor(
    file: &Connection,
    channel: &str,
    part: &str,
    bytes: &[u8],
) -> rusqlite::Result<()> {
    file.prepare_cached(
        "INSERT INTO cursors (channel, part, bytes) VALUES (?1, ?2, ?3)
             ON CONFLICT (channel, part) DO UPDATE SET bytes = excluded.bytes",
    )?
    .execute((channel, part, bytes))?;
    Ok(())
}

/// What is said of a file that this version may not touch.
pub(super) fn newer(path: &Path, format: i64) -> FileError {
    let reason = format!("made by a newer tablica (format {format}, known here: {FORMAT})");
    FileError::new(path, reason)
}

/// The format of a file's tables; 0 while it has none.
pub(super) fn format(file: &Connection) -> rusqlite::Result<i64> {
    file.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Whether what is in a file of this format can be read.
pub(super) fn is_known(format: i64) -> bool {
    (1..=FORMAT).contains(&format)
}

/// Whether a file has its tables.
pub(super) fn is_begun(file: &Connection) -> rusqlite::Result<bool> {
    Ok(format(file)? != 0)
}

/// Whether a file has events, or may have: what cannot be read is no proof.
pub(super) fn has_events(path: &Path) -> bool {
    let asked = read_only::open_as_it_is(path).and_then(|file| {
        file.query_row("SELECT EXISTS (SELECT 1 FROM batches)", [], |row| row.get(0))
    });
    asked.unwrap_or(true)
}

/// Every cursor of a file.
pub(super) fn cursors(file: &Connection) -> rusqlite::Result<Cursors> {
    file.prepare("SELECT channel, part, bytes FROM cursors")?
        .query_map([], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))?
        .collect()
}

/// The sequence at which a file begins.
pub(super) fn begins(file: &Connection) -> rusqlite::Result<Sequence> {
    let first: i64 = file.query_row("SELECT first FROM begins", [], |row| row.get(0))?;
    Ok(first.try_into().unwrap_or(0))
}

/// SQLite's numbers have a sign; a journal that needs the last bit will never be.
pub(super) fn to_sql(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
