//! Commits batches into the day's file.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode};

use super::aside::is_damage;
use super::clock_set::ClockSet;
use super::commit::commit;
use super::day::Day;
use super::day_file::{self, DayFiles, FileError, to_sql};
use super::gaps;
use super::log::fold_log;
use super::place::{Place, Standing, write_again};
use super::row::Packer;
use crate::clock;
use crate::event::UnixMs;
use crate::journal::folder::{self, Lock};
use crate::journal::mark::Mark;
use crate::journal::{BadRow, Batch, Cursor, Cursors, Observer, Sequence, Store, StoreError};

/// What a probe writes: about as much as a busy commit.
const PROBE_BYTES: i64 = 64 << 10;

/// What must be on disk before events are; called each time that a file is opened to write to it.
pub type BeforeOpening = Box<dyn FnMut() -> Result<(), StoreError> + Send>;

/// From where a store goes on.
pub(in crate::journal) struct Start {
    pub(in crate::journal) files: DayFiles,
    pub(in crate::journal) retention: Retention,
    /// The newest file that was begun, and the sequence at which it begins.
    pub(in crate::journal) newest: Option<(Day, Sequence)>,
    /// What is wrong with it, if it must not be written further.
    pub(in crate::journal) damage: Option<String>,
    /// Sequence of the next event.
    pub(in crate::journal) next: Sequence,
    /// Where channels stand.
    pub(in crate::journal) cursors: Cursors,
    /// When the newest event was received.
    pub(in crate::journal) last_received_ms: Option<UnixMs>,
    /// Lost numbers that are to be noted.
    pub(in crate::journal) notes: Vec<BadRow>,
    pub(in crate::journal) mark: Mark,
    pub(in crate::journal) observer: Arc<dyn Observer>,
    /// A clock that never jumps.
    pub(in crate::journal) monotonic: fn() -> Instant,
    pub(in crate::journal) before_opening: Option<BeforeOpening>,
    pub(in crate::journal) lock: Lock,
}

/// What is kept of the journal.
pub(in crate::journal) struct Retention {
    /// How long.
    pub(in crate::journal) keep: Duration,
    /// Whether the clock is sure enough to delete by it.
    pub(in crate::journal) may_delete: fn() -> bool,
}

/// The SQLite backend, as the writer thread owns it.
pub(in crate::journal) struct SqliteStore {
    at: Start,
    /// The date on which what is past its time was last looked for.
    tidied: Option<Day>,
    /// The time of the last commit, and when that was by a clock that never jumps.
    last: Option<(UnixMs, Instant)>,
    /// The file being written; none before the first commit and after a failed one.
    open: Option<OpenDay>,
    /// A write to this day's file was refused, or may have been before this start, and may be in it
    /// all the same: what could not be synced can be read.
    in_doubt: Option<Day>,
    /// The mark could not be written the last time; said once.
    is_mark_failing: bool,
    packer: Packer,
}

struct OpenDay {
    day: Day,
    path: PathBuf,
    file: Connection,
    place: Place,
    /// It holds a commit that was refused, because its file is gone and could not be written again.
    has_refused: bool,
}

impl SqliteStore {
    pub(in crate::journal) fn new(start: Start) -> Self {
        Self {
            in_doubt: start.newest.map(|(day, _)| day),
            at: start,
            tidied: None,
            last: None,
            open: None,
            is_mark_failing: false,
            packer: Packer::default(),
        }
    }

    /// The day's file, opened, begun or rolled over to as needed.
    fn today(&mut self, now_ms: UnixMs) -> Result<OpenDay, StoreError> {
        let newest = self.at.newest.map(|(day, _)| day);
        let mut today = Day::of(now_ms).max(newest.unwrap_or(Day::of(0)));
        match self.open.take() {
            Some(open) if open.day == today => return Ok(open),
            // Closed here: SQLite folds its write-ahead log into yesterday's file.
            _ => {}
        }
        if let Some(before_opening) = &mut self.at.before_opening {
            before_opening()?;
        }
        self.hold_folder()?;
        self.settle_doubt()?;
        if let Some(newest) = newest.filter(|_| self.at.damage.is_some()) {
            today = today.max(newest.next_part());
        }
        // Until it is open and whole: it may be refused in the middle of its first commit.
        self.in_doubt = Some(today);
        let path = self.at.files.path(today);
        let was_deleted = newest == Some(today) && !path.exists();
        let file = match self.at.files.open_or_begin(today, self.at.next, &self.at.cursors) {
            Err(error) if error.is_damage && newest == Some(today) => {
                self.at.damage = Some(error.reason);
                return self.today(now_ms);
            }
            opened => opened?,
        };
        if let (Some(newest), Some(reason)) = (newest, self.at.damage.take()) {
            let file = self.at.files.path(newest).display().to_string();
            let reason = format!("it is not written further, a new file is begun: {reason}");
            self.at.observer.bad_row(&BadRow { file, first: 0, count: 0, reason });
        }
        if was_deleted {
            self.tell_deleted(&path);
        }
        while let Some(note) = self.at.notes.last() {
            if let Some(more) = note.count.checked_sub(1) {
                let span = (note.first, note.first.saturating_add(u64::from(more)));
                gaps::note(&file, span, &note.reason)
                    .map_err(|error| FileError::new(&path, error))?;
            }
            self.at.notes.pop();
        }
        if was_deleted || newest != Some(today) {
            self.at.newest = Some((today, self.at.next));
        }
        let place = Place::of(&path).map_err(|error| FileError::new(&path, error))?;
        self.in_doubt = None;
        Ok(OpenDay { day: today, path, file, place, has_refused: false })
    }

    /// Makes and locks the folder anew, should somebody have swept it.
    fn hold_folder(&mut self) -> Result<(), StoreError> {
        if self.at.lock.is_in_place() {
            return Ok(());
        }
        let dir = self.at.files.dir();
        folder::create(dir).map_err(|error| FileError::new(dir, error))?;
        self.at.lock = folder::lock(dir).map_err(|error| FileError::new(dir, error))?;
        Ok(())
    }

    /// The newest file is gone, and was not open: what it held is lost.
    fn tell_deleted(&mut self, path: &Path) {
        let begins = self.at.newest.map_or(self.at.next, |(_, begins)| begins);
        let lost = BadRow {
            file: path.display().to_string(),
            first: begins,
            count: self.at.next.saturating_sub(begins).try_into().unwrap_or(u32::MAX),
            reason: "the file was deleted".to_owned(),
        };
        self.at.observer.bad_row(&lost);
        self.at.notes.push(lost);
    }

    /// Sees to it that the open file is the one that its path leads to; an error when it was not,
    /// also when everything in it has been written again.
    fn stand(&mut self) -> Result<(), StoreError> {
        let Some(open) = &self.open else { return Ok(()) };
        let reason = match open.place.look() {
            Standing::Same => return Ok(()),
            Standing::LogGone => {
                fold_log(&open.file).map_err(|error| FileError::new(&open.path, error))?;
                let reason = "it was deleted while the server runs";
                self.at.observer.written_again(open.place.log_path(), reason);
                self.open = None;
                return Ok(());
            }
            Standing::Gone(reason) => reason,
        };
        let path = open.path.clone();
        let rescued = self.rescue().map_err(|error| {
            FileError::new(&path, format!("{reason}, and it cannot be written again: {error}"))
        });
        rescued?;
        self.at.observer.written_again(&path, reason);
        Err(FileError::new(&path, reason).into())
    }

    /// Writes what the open file holds to its path again, and closes it.
    fn rescue(&mut self) -> Result<(), String> {
        let Some(open) = self.open.take() else { return Ok(()) };
        let rescued = self.hold_folder().map_err(|error| error.to_string()).and_then(|()| {
            if open.has_refused {
                self.forget_refused(&open.file).map_err(|error| error.to_string())?;
            }
            write_again(&open.file, &open.path)
        });
        if rescued.is_err() {
            // It is the only copy.
            self.open = Some(open);
        }
        rescued
    }

    /// Takes a refused commit out of the file that it may be in, before its numbers are given out
    /// again.
    fn settle_doubt(&mut self) -> Result<(), StoreError> {
        let Some(path) = self.in_doubt.map(|day| self.at.files.path(day)) else { return Ok(()) };
        // One that is gone has nothing in it.
        if path.exists() {
            let forgotten = day_file::open_existing(&path).and_then(|file| {
                if day_file::is_begun(&file)? { self.forget_refused(&file) } else { Ok(()) }
            });
            match forgotten {
                // It is not written further.
                Err(error) if is_damage(&error) => {}
                forgotten => forgotten.map_err(|error| FileError::new(&path, error))?,
            }
        }
        self.in_doubt = None;
        Ok(())
    }

    /// Takes a commit back that was not acknowledged.
    fn forget_refused(&self, file: &Connection) -> rusqlite::Result<()> {
        let change = file.unchecked_transaction()?;
        change.execute("DELETE FROM batches WHERE first >= ?1", [to_sql(self.at.next)])?;
        ClockSet::forget_from(&change, self.at.next)?;
        change.execute("DELETE FROM cursors", [])?;
        day_file::put_cursors(&change, &self.at.cursors)?;
        change.commit()
    }

    /// Runs a write on the day's file; on a damaged one it is tried once more on a new one.
    fn on_today<T>(
        &mut self,
        now_ms: UnixMs,
        mut write: impl FnMut(&Connection, &mut Packer) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let mut open = self.today(now_ms)?;
        let mut written = write(&open.file, &mut self.packer);
        if let Err(error) = &written
            && is_unfit(error)
        {
            self.at.damage = Some(error.to_string());
            drop(open);
            open = self.today(now_ms)?;
            written = write(&open.file, &mut self.packer);
        }
        let written = written.map_err(|error| {
            self.in_doubt = Some(open.day);
            FileError::new(&open.path, error)
        })?;
        // Only a file that works is kept open; after a failure the next try begins anew.
        self.open = Some(open);
        Ok(written)
    }

    /// Forgets days that are past their time, once a day and only by a clock that is sure. Never
    /// the one in use, nor the last one before it that has events.
    fn delete_expired(&mut self, now_ms: UnixMs) {
        let Some(today) = self.open.as_ref().map(|open| open.day) else { return };
        let (files, observer) = (&self.at.files, &self.at.observer);
        // By the clock: the file in use may be of a time that was none.
        let date = Day::of(now_ms);
        if self.tidied == Some(date) || !(self.at.retention.may_delete)() {
            return;
        }
        self.tidied = Some(date);
        let days = match files.list() {
            Ok(days) => days,
            Err(error) => {
                let (path, reason) = (files.path(today), error.to_string());
                let path = path.display().to_string();
                return observer.housekeeping_failed(&StoreError { path, reason });
            }
        };
        let mut before = days.into_iter().rev().filter(|day| *day < today);
        // What is past the newest day with events.
        let _ = before.find(|day| day_file::has_events(&files.path(*day)));
        for day in before {
            if day.is_over_for(self.at.retention.keep, now_ms) {
                match files.delete(day) {
                    Ok(path) => observer.day_deleted(&path.display().to_string()),
                    Err(error) => observer.housekeeping_failed(&error.into()),
                }
            }
        }
    }

    /// The time has moved otherwise than time has passed since the last commit, or back since the
    /// last process.
    fn clock_set(&self, first: Sequence, now_ms: UnixMs) -> Option<ClockSet> {
        let Some((last_ms, since)) = self.last else {
            // How long the server was away nobody knows, only that time does not go back.
            let before_ms = self.at.last_received_ms?;
            let is_back = before_ms.saturating_sub(now_ms) > clock::JUMP_MS;
            return is_back.then_some(ClockSet { first, before_ms, now_ms });
        };
        let passed = (self.at.monotonic)().saturating_duration_since(since);
        let passed_ms = i64::try_from(passed.as_millis()).unwrap_or(i64::MAX);
        let before_ms = last_ms.saturating_add(passed_ms);
        let is_set = (now_ms - before_ms).abs() > clock::JUMP_MS;
        is_set.then_some(ClockSet { first, before_ms, now_ms })
    }

    /// What was committed is durable and may be acknowledged.
    fn settle(&mut self, batch: &Batch<'_>, now_ms: UnixMs) {
        self.last = Some((now_ms, (self.at.monotonic)()));
        self.at.next = batch.first + Sequence::from(batch.count);
        for Cursor { channel, part, bytes } in batch.cursors {
            self.at.cursors.insert((channel.clone(), (*part).to_owned()), bytes.clone());
        }
        if batch.count > 0 {
            let marked = self.at.mark.write(self.at.next - 1);
            let is_failing = marked.is_err();
            if let Err(error) = marked
                && !self.is_mark_failing
            {
                let path = self.at.mark.path().display().to_string();
                let reason = error.to_string();
                self.at.observer.housekeeping_failed(&StoreError { path, reason });
            }
            self.is_mark_failing = is_failing;
        }
        self.delete_expired(now_ms);
    }
}

impl Store for SqliteStore {
    fn commit(&mut self, batch: &Batch<'_>, now_ms: UnixMs) -> Result<usize, StoreError> {
        self.stand()?;
        let clock_set = self.clock_set(batch.first, now_ms);
        let written =
            self.on_today(now_ms, |file, packer| commit(file, batch, clock_set, packer))?;
        // Before it is acknowledged: into a file that was deleted meanwhile it is on no disk.
        if let Err(error) = self.stand()
            && let Some(open) = &mut self.open
        {
            open.has_refused = true;
            return Err(error);
        }
        self.settle(batch, now_ms);
        Ok(written)
    }

    fn probe(&mut self, now_ms: UnixMs) -> Result<(), StoreError> {
        self.stand()?;
        self.on_today(now_ms, |file, _| {
            let sql = "INSERT OR REPLACE INTO probe (id, bytes) VALUES (1, zeroblob(?1))";
            file.execute(sql, [PROBE_BYTES])?;
            file.execute("DELETE FROM probe", [])
        })
        .map(drop)
    }

    fn look(&mut self) -> Result<(), StoreError> {
        self.stand()
    }
}

/// The file cannot take what another could: its content is wrong.
fn is_unfit(error: &rusqlite::Error) -> bool {
    is_damage(error) || error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation)
}

impl From<FileError> for StoreError {
    fn from(error: FileError) -> Self {
        StoreError { path: error.path.display().to_string(), reason: error.reason }
    }
}
