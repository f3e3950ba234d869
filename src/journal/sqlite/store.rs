//! Commits batches into the day's file.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::clock_set::ClockSet;
use super::day_file::{self, Day, DayFiles, FileError, to_sql};
use super::row::Packer;
use crate::clock;
use crate::event::UnixMs;
use crate::journal::folder::Lock;
use crate::journal::{Batch, Cursor, Observer, Sequence, Store, StoreError};

/// What a probe writes: about as much as a busy commit.
const PROBE_BYTES: i64 = 64 << 10;

/// The SQLite backend, as the writer thread owns it.
pub(in crate::journal) struct SqliteStore {
    files: DayFiles,
    retention: Retention,
    /// The newest day that was looked at for what is past its time.
    tidied: Option<Day>,
    /// The time of the last commit, and when that was by a clock that never jumps.
    last: Option<(UnixMs, Instant)>,
    observer: Arc<dyn Observer>,
    /// The file being written; none before the first commit and after a failed one.
    open: Option<OpenDay>,
    /// The newest file that was begun, written by this run or an earlier one.
    newest: Option<Day>,
    /// Where a new file begins.
    next: Sequence,
    packer: Packer,
    _lock: Lock,
}

/// What is kept of the journal.
pub(in crate::journal) struct Retention {
    /// How long.
    pub(in crate::journal) keep: Duration,
    /// Whether the clock is sure enough to delete by it.
    pub(in crate::journal) may_delete: fn() -> bool,
}

struct OpenDay {
    day: Day,
    path: PathBuf,
    file: Connection,
}

impl SqliteStore {
    pub(in crate::journal) fn new(
        files: DayFiles,
        retention: Retention,
        newest: Option<Day>,
        next: Sequence,
        observer: Arc<dyn Observer>,
        lock: Lock,
    ) -> Self {
        Self {
            files,
            retention,
            tidied: None,
            last: None,
            observer,
            open: None,
            newest,
            next,
            packer: Packer::default(),
            _lock: lock,
        }
    }

    /// The day's file, opened, begun or rolled over to as needed.
    fn today(&mut self, now_ms: UnixMs) -> Result<OpenDay, FileError> {
        let today = Day::of(now_ms).max(self.newest.unwrap_or(Day::of(0)));
        match self.open.take() {
            Some(open) if open.day == today => return Ok(open),
            // Closed here: SQLite folds its write-ahead log into yesterday's file.
            _ => {}
        }
        let newest = self.newest;
        let files = &self.files;
        let file = files.open_or_begin(today, self.next, || match newest {
            Some(day) if day != today => {
                day_file::cursors(&day_file::open_existing(&files.path(day))?)
            }
            _ => Ok(Vec::new()),
        })?;
        self.newest = Some(today);
        Ok(OpenDay { day: today, path: self.files.path(today), file })
    }

    /// Forgets days that are past their time, once a day and only by a clock that is sure. Never
    /// the one in use, nor the last one before it.
    fn delete_expired(&mut self, today: Day, now_ms: UnixMs) {
        if self.tidied == Some(today) || !(self.retention.may_delete)() {
            return;
        }
        self.tidied = Some(today);
        let days = match self.files.list() {
            Ok(days) => days,
            Err(error) => {
                let (path, reason) = (self.files.path(today), error.to_string());
                let path = path.display().to_string();
                return self.observer.housekeeping_failed(&StoreError { path, reason });
            }
        };
        let before = days.iter().filter(|day| **day < today);
        for &day in before.clone().take(before.count().saturating_sub(1)) {
            if day.is_over_for(self.retention.keep, now_ms) {
                match self.files.delete(day) {
                    Ok(path) => self.observer.day_deleted(&path.display().to_string()),
                    Err(error) => self.observer.housekeeping_failed(&error.into()),
                }
            }
        }
    }
}

impl SqliteStore {
    /// The time has moved otherwise than time has passed since the last commit.
    fn clock_set(&self, first: Sequence, now_ms: UnixMs) -> Option<ClockSet> {
        let (last_ms, since) = self.last?;
        let passed_ms = i64::try_from(since.elapsed().as_millis()).unwrap_or(i64::MAX);
        let before_ms = last_ms.saturating_add(passed_ms);
        let is_set = (now_ms - before_ms).abs() > clock::JUMP_MS;
        is_set.then_some(ClockSet { first, before_ms, now_ms })
    }
}

impl Store for SqliteStore {
    fn commit(&mut self, batch: &Batch<'_>, now_ms: UnixMs) -> Result<usize, StoreError> {
        let clock_set = self.clock_set(batch.first, now_ms);
        let open = self.today(now_ms)?;
        let written = write(&open.file, batch, clock_set, &mut self.packer)
            .map_err(|reason| StoreError { path: open.path.display().to_string(), reason })?;
        self.last = Some((now_ms, clock::monotonic()));
        self.delete_expired(open.day, now_ms);
        // Only a file that works is kept open; after a failure the next try begins anew.
        self.open = Some(open);
        self.next = batch.first + Sequence::from(batch.count);
        Ok(written)
    }

    fn probe(&mut self, now_ms: UnixMs) -> Result<(), StoreError> {
        let open = self.today(now_ms)?;
        open.file
            .execute(
                "INSERT OR REPLACE INTO probe (id, bytes) VALUES (1, zeroblob(?1))",
                [PROBE_BYTES],
            )
            .and_then(|_| open.file.execute("DELETE FROM probe", []))
            .map_err(|error| FileError::new(&open.path, error))?;
        self.open = Some(open);
        Ok(())
    }
}

/// The batch's row and cursors, in one transaction that is on disk when this returns. After an
/// error the caller drops the connection, and the transaction with it.
fn write(
    file: &Connection,
    batch: &Batch<'_>,
    clock_set: Option<ClockSet>,
    packer: &mut Packer,
) -> Result<usize, String> {
    let said = |error: rusqlite::Error| error.to_string();
    let run = |sql| file.prepare_cached(sql).and_then(|mut statement| statement.execute(()));
    run("BEGIN IMMEDIATE").map_err(said)?;
    clock_set.map_or(Ok(()), |set| set.write(file)).map_err(said)?;
    let mut written = 0;
    if batch.count > 0 {
        let packed = packer
            .pack(batch.first, batch.count, batch.lines)
            .map_err(|error| error.to_string())?;
        written = packed.lines.len();
        file.prepare_cached(
            "INSERT INTO batches (first, count, at_from_ms, at_to_ms, received_from_ms,
                     received_to_ms, crc, json_bytes, lines)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )
        .and_then(|mut insert| {
            insert.execute((
                to_sql(batch.first),
                batch.count,
                batch.at_ms.0,
                batch.at_ms.1,
                batch.received_ms.0,
                batch.received_ms.1,
                packed.crc,
                to_sql(batch.lines.len() as u64),
                packed.lines,
            ))
        })
        .map_err(said)?;
    }
    move_cursors(file, batch.cursors).map_err(said)?;
    run("COMMIT").map_err(said)?;
    Ok(written)
}

/// Stores each cursor's last position; the ones before it in the same commit need no write.
fn move_cursors(file: &Connection, cursors: &[Cursor]) -> rusqlite::Result<()> {
    let mut moved: Vec<(&str, &str)> = Vec::new();
    for cursor in cursors.iter().rev() {
        let key = (cursor.channel.as_str(), cursor.part);
        if moved.contains(&key) {
            continue;
        }
        moved.push(key);
        file.prepare_cached(
            "INSERT INTO cursors (channel, part, bytes) VALUES (?1, ?2, ?3)
                 ON CONFLICT (channel, part) DO UPDATE SET bytes = excluded.bytes",
        )?
        .execute((key.0, key.1, &cursor.bytes))?;
    }
    Ok(())
}

impl From<FileError> for StoreError {
    fn from(error: FileError) -> Self {
        StoreError { path: error.path.display().to_string(), reason: error.reason }
    }
}
