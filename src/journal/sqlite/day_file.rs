//! Day files: their names, their tables, and finding out what they hold.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, TransactionBehavior};

use super::clock_set::{ClockSet, RightTimes};
use super::read_only;
use crate::event::UnixMs;
use crate::journal::{Sequence, folder};

const SUFFIX: &str = ".sqlite";
/// What SQLite keeps beside a file in use.
const COMPANIONS: [&str; 2] = ["-wal", "-shm"];
/// `PRAGMA user_version` of the tables below.
pub(super) const FORMAT: i64 = 1;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Somebody else's `sqlite3` may hold the file for a moment.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Commits that are looked at to find out when the last events were received.
const COMMITS_LOOKED_AT: i64 = 1000;
/// No commit has so many events: a count beyond it is damage, not a number.
const COUNT_BELIEVABLE: i64 = 1 << 24;

const SCHEMA: &str = "
-- One row: the sequence at which this file begins.
CREATE TABLE begins (first INTEGER NOT NULL) STRICT;
-- One row per commit; `lines` is LZ4 of the events as JSON lines, `crc` is of first, count, lines.
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
-- What could not be read back, for a person to look at.
CREATE TABLE bad_rows (
    first INTEGER PRIMARY KEY, count INTEGER NOT NULL, reason TEXT NOT NULL, bytes BLOB
) STRICT;
-- Written while the disk is in doubt, to find out.
CREATE TABLE probe (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
";

/// Days since 1970-01-01, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::journal) struct Day(i64);

impl Day {
    pub(in crate::journal) fn of(ms: UnixMs) -> Self {
        Day(ms.div_euclid(DAY_MS))
    }

    /// Its last moment is longer ago than `keep`.
    pub(super) fn is_over_for(self, keep: Duration, now_ms: UnixMs) -> bool {
        let keep_ms = i64::try_from(keep.as_millis()).unwrap_or(i64::MAX);
        (self.0 + 1).saturating_mul(DAY_MS) <= now_ms.saturating_sub(keep_ms)
    }

    fn file_name(self) -> String {
        let date = Timestamp::from_millisecond(self.0.saturating_mul(DAY_MS))
            .map_or(Date::MAX, |moment| moment.to_zoned(TimeZone::UTC).date());
        format!("{date}{SUFFIX}")
    }

    fn from_file_name(name: &str) -> Option<Self> {
        let date: Date = name.strip_suffix(SUFFIX)?.parse().ok()?;
        let moment = date.to_zoned(TimeZone::UTC).ok()?.timestamp();
        Some(Day::of(moment.as_millisecond()))
    }
}

/// The folder of day files.
#[derive(Clone, Debug)]
pub(in crate::journal) struct DayFiles {
    dir: PathBuf,
}

/// What the day files hold together.
#[derive(Debug, Default)]
pub(in crate::journal) struct Contents {
    /// The newest sequence that was given out; 0 when none was.
    pub(in crate::journal) last: Sequence,
    /// When the events at its end were received.
    pub(in crate::journal) last_received_ms: Option<UnixMs>,
    /// The newest usable file's day.
    pub(in crate::journal) newest: Option<Day>,
    /// Files that SQLite does not accept; they were renamed out of the way, with its reason.
    pub(in crate::journal) set_aside: Vec<(PathBuf, String)>,
}

impl DayFiles {
    pub(in crate::journal) fn at(dir: &Path) -> Self {
        Self { dir: dir.to_path_buf() }
    }

    pub(in crate::journal) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(super) fn path(&self, day: Day) -> PathBuf {
        self.dir.join(day.file_name())
    }

    /// Oldest first.
    pub(super) fn list(&self) -> io::Result<Vec<Day>> {
        let mut days = Vec::new();
        for entry in fs::read_dir(&self.dir)? {
            days.extend(entry?.file_name().to_str().and_then(Day::from_file_name));
        }
        days.sort_unstable();
        Ok(days)
    }

    /// Looks into every file, newest first, until one tells the last sequence.
    pub(in crate::journal) fn contents(&self) -> Result<Contents, FileError> {
        let mut contents = Contents::default();
        let days = self.list().map_err(|source| FileError::new(&self.dir, source))?;
        for day in days.into_iter().rev() {
            let path = self.path(day);
            match look(&path) {
                Ok(Look::Last(last, received_ms)) => {
                    contents.last = last;
                    contents.last_received_ms = received_ms;
                    contents.newest = Some(day);
                    break;
                }
                // The writer will begin it.
                Ok(Look::NotBegun) => {}
                Ok(Look::Newer(format)) => return Err(newer(&path, format)),
                Err(error) if is_damage(&error) => {
                    let aside = set_aside(&path).map_err(|source| FileError::new(&path, source))?;
                    contents.set_aside.push((aside, error.to_string()));
                }
                Err(error) => return Err(FileError::new(&path, error)),
            }
        }
        Ok(contents)
    }

    /// What is to be known of the clock by which events were received. A file that cannot be read
    /// has nothing to say.
    pub(in crate::journal) fn right_times(&self) -> io::Result<RightTimes> {
        let said = |day| {
            let (file, _) = read_only::open(&self.path(day))?;
            ClockSet::read(&file)
        };
        let days = self.list()?.into_iter();
        Ok(RightTimes::of(days.flat_map(|day| said(day).unwrap_or_default())))
    }

    /// Where a channel's source or plugin stood at the end of the newest file.
    pub(in crate::journal) fn cursor(
        &self,
        newest: Option<Day>,
        channel: &str,
        part: &str,
    ) -> Result<Option<Vec<u8>>, FileError> {
        let Some(newest) = newest else { return Ok(None) };
        let path = self.path(newest);
        open_existing(&path)
            .and_then(|file| {
                let sql = "SELECT bytes FROM cursors WHERE channel = ?1 AND part = ?2";
                file.query_row(sql, (channel, part), |row| row.get(0)).optional()
            })
            .map_err(|error| FileError::new(&path, error))
    }

    /// Opens a day's file for writing; a new one begins at `first` with the cursors given.
    pub(super) fn open_or_begin(
        &self,
        day: Day,
        first: Sequence,
        cursors: impl FnOnce() -> rusqlite::Result<Vec<(String, String, Vec<u8>)>>,
    ) -> Result<Connection, FileError> {
        let path = self.path(day);
        let failed = |error: rusqlite::Error| FileError::new(&path, error);
        // SQLite would make it readable for everybody.
        folder::private_file()
            .truncate(false)
            .open(&path)
            .and_then(|_| folder::sync(&self.dir))
            .map_err(|source| FileError::new(&path, source))?;
        let mut file = open_existing(&path).map_err(failed)?;
        if !is_begun(&file).map_err(failed)? {
            begin(&mut file, first, &cursors().map_err(failed)?).map_err(failed)?;
        }
        Ok(file)
    }

    /// Deletes a day.
    pub(super) fn delete(&self, day: Day) -> Result<PathBuf, FileError> {
        let path = self.path(day);
        fs::remove_file(&path).map_err(|source| FileError::new(&path, source))?;
        for companion in companions(&path) {
            // Usually gone with the last connection.
            let _ = fs::remove_file(companion);
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
}

impl FileError {
    pub(super) fn new(path: &Path, reason: impl ToString) -> Self {
        Self { path: path.to_path_buf(), reason: reason.to_string() }
    }
}

/// Opens a file that is there, for reading and writing, durable per commit.
pub(super) fn open_existing(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let file = Connection::open_with_flags(path, flags)?;
    file.busy_timeout(BUSY_TIMEOUT)?;
    file.pragma_update(None, "journal_mode", "WAL")?;
    file.pragma_update(None, "synchronous", "FULL")?;
    Ok(file)
}

/// All tables, or none, so that a kill in the middle leaves a file that is not begun.
fn begin(
    file: &mut Connection,
    first: Sequence,
    cursors: &[(String, String, Vec<u8>)],
) -> rusqlite::Result<()> {
    let change = file.transaction_with_behavior(TransactionBehavior::Immediate)?;
    change.execute_batch(SCHEMA)?;
    change.pragma_update(None, "user_version", FORMAT)?;
    change.execute("INSERT INTO begins (first) VALUES (?1)", [to_sql(first)])?;
    for (channel, part, bytes) in cursors {
        change.execute(
            "INSERT INTO cursors (channel, part, bytes) VALUES (?1, ?2, ?3)",
            (channel, part, bytes),
        )?;
    }
    change.commit()
}

/// What a look into a day file tells.
enum Look {
    /// Made, but without tables: a kill came in between.
    NotBegun,
    /// The last sequence given out when it was last written, and when its last events were
    /// received.
    Last(Sequence, Option<UnixMs>),
    /// Of a format that this version does not know, and may not touch.
    Newer(i64),
}

fn look(path: &Path) -> rusqlite::Result<Look> {
    let file = open_existing(path)?;
    match format(&file)? {
        0 => Ok(Look::NotBegun),
        FORMAT => Ok(Look::Last(last_sequence(&file)?, last_received_ms(&file)?)),
        newer => Ok(Look::Newer(newer)),
    }
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

/// Whether a file has its tables.
pub(super) fn is_begun(file: &Connection) -> rusqlite::Result<bool> {
    Ok(format(file)? != 0)
}

/// The last sequence given out when this file was last written.
fn last_sequence(file: &Connection) -> rusqlite::Result<Sequence> {
    let first: i64 = file.query_row("SELECT first FROM begins", [], |row| row.get(0))?;
    // A row that was set aside keeps its numbers: they are never given out again.
    let last = file
        .query_row(
            "SELECT first, count FROM (
                 SELECT * FROM (SELECT first, count FROM batches ORDER BY first DESC LIMIT 1)
                 UNION ALL
                 SELECT * FROM (SELECT first, count FROM bad_rows ORDER BY first DESC LIMIT 1)
             ) ORDER BY first + count DESC LIMIT 1",
            [],
            |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)),
        )
        .optional()?
        .map(|(first, count)| first.saturating_add(count.clamp(1, COUNT_BELIEVABLE) - 1));
    Ok(last.unwrap_or(first - 1).max(first - 1).try_into().unwrap_or(0))
}

/// When the events at the end of a file were received. What is tried again is received long
/// before, so it is the latest of some commits.
fn last_received_ms(file: &Connection) -> rusqlite::Result<Option<UnixMs>> {
    let sql = "SELECT max(received_to_ms) FROM (
                   SELECT received_to_ms FROM batches ORDER BY first DESC LIMIT ?1
               )";
    file.query_row(sql, [COMMITS_LOOKED_AT], |row| row.get(0))
}

/// Every cursor of a file.
pub(super) fn cursors(file: &Connection) -> rusqlite::Result<Vec<(String, String, Vec<u8>)>> {
    file.prepare("SELECT channel, part, bytes FROM cursors")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect()
}

/// SQLite's numbers have a sign; a journal that needs the last bit will never be.
pub(super) fn to_sql(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The file's content is wrong, as opposed to the disk or the rights.
pub(in crate::journal) fn is_damage(error: &rusqlite::Error) -> bool {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => true,
        // A table or row that must be there is not.
        Some(ErrorCode::Unknown) => true,
        _ => matches!(error, rusqlite::Error::QueryReturnedNoRows),
    }
}

pub(super) fn companions(path: &Path) -> impl Iterator<Item = PathBuf> + use<'_> {
    COMPANIONS.iter().map(move |suffix| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    })
}

/// Renames a damaged file, and what belongs to it, out of the way of the next start.
pub(in crate::journal) fn set_aside(path: &Path) -> io::Result<PathBuf> {
    let named = |path: &Path| {
        let mut name = path.as_os_str().to_owned();
        name.push(".damaged");
        PathBuf::from(name)
    };
    fs::rename(path, named(path))?;
    for companion in companions(path) {
        // Not there after a clean stop.
        let _ = fs::rename(&companion, named(&companion));
    }
    Ok(named(path))
}
