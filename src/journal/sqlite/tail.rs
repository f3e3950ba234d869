//! Reads the journal back, in order, from some event on.

use std::collections::VecDeque;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::aside::is_damage;
use super::clock_set::RightTimes;
use super::day_file::{self, DayFiles, to_sql};
use super::gaps::{self, Span};
use super::read_only::open_as_it_is;
use super::row::Found;
use super::rows::{self, Step, row_after};
use crate::event::Event;
use crate::files;
use crate::journal::form::Item;
use crate::journal::{BadRow, Observer, Sequence};

/// A start waits so long for a disk that refuses to be read before it goes on without what it cannot
/// read: what is left out is in no number until the journal is counted anew.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long between two tries.
const PAUSE: Duration = Duration::from_millis(250);

/// The events after a sequence. What cannot be read back is copied to the file's `bad_rows`
/// with the reason, told to the observer, counted and passed over; a whole row is moved there,
/// so that the next start does not meet it again. Numbers that are missing are noted there, too.
pub struct Tail {
    files: VecDeque<PathBuf>,
    open: Option<OpenFile>,
    /// Events up to here are not wanted, or were given out.
    after: Sequence,
    /// The number that comes next, if it is known.
    expected: Option<Sequence>,
    /// Why rows before the next one could not be read.
    skipped: Option<(PathBuf, String)>,
    unpacked: VecDeque<(Sequence, Event)>,
    right_times: RightTimes,
    bad_rows: u64,
    observer: Arc<dyn Observer>,
    patience: Patience,
}

/// What is left of [`PATIENCE`].
struct Patience {
    clock: Clock,
    tries: u32,
    /// When it began to be needed.
    since: Option<Instant>,
}

/// By what a start waits.
#[derive(Clone, Copy)]
pub(in crate::journal) struct Clock {
    pub(in crate::journal) monotonic: fn() -> Instant,
    pub(in crate::journal) pause: fn(Duration),
}

impl Patience {
    fn full(clock: Clock) -> Self {
        Self { clock, tries: (PATIENCE.as_millis() / PAUSE.as_millis()) as u32, since: None }
    }

    /// Waits for a moment; false when it is at its end. A try may take long by itself.
    fn again(&mut self) -> bool {
        let now = (self.clock.monotonic)();
        let since = *self.since.get_or_insert(now);
        let Some(tries) = self.tries.checked_sub(1) else { return false };
        if now.saturating_duration_since(since) > PATIENCE {
            return false;
        }
        self.tries = tries;
        (self.clock.pause)(PAUSE);
        true
    }
}

struct OpenFile {
    path: PathBuf,
    file: Connection,
    /// The next row begins here or later.
    row_from: i64,
    /// Numbers that are known to be lost.
    noted: Vec<Span>,
}

impl Tail {
    /// Files are found now and opened one by one as the reading gets there.
    pub(in crate::journal) fn after(
        after: Sequence,
        files: &DayFiles,
        right_times: RightTimes,
        observer: Arc<dyn Observer>,
        clock: Clock,
    ) -> io::Result<Self> {
        Ok(Self {
            files: files.list()?.into_iter().map(|day| files.path(day)).collect(),
            open: None,
            after,
            expected: None,
            skipped: None,
            unpacked: VecDeque::new(),
            right_times,
            bad_rows: 0,
            observer,
            patience: Patience::full(clock),
        })
    }

    /// How many rows, single events of rows, or spans of numbers could not be read back so far.
    pub fn bad_rows(&self) -> u64 {
        self.bad_rows
    }

    /// Unpacks the next row; false at the end of the journal.
    fn unpack_next(&mut self) -> bool {
        loop {
            if self.open.is_none() {
                let Some(path) = self.files.pop_front() else {
                    self.tell_unread_end();
                    return false;
                };
                self.open_file(path);
            }
            let Some(open) = &mut self.open else { continue };
            let again = &mut || self.patience.again();
            match rows::next_with_patience(&open.file, &mut open.row_from, again) {
                Step::Row(row) => {
                    self.expect(row.first, row.count);
                    self.unpack(&row);
                    return true;
                }
                Step::Unreadable { first, count, reason } => {
                    self.expect(first, count);
                    self.set_aside(first, count, reason, None);
                    return true;
                }
                Step::Skipped { reason } => self.skipped = Some((open.path.clone(), reason)),
                Step::Broken { reason } => {
                    self.skipped = Some((open.path.clone(), reason));
                    self.open = None;
                }
                Step::End => self.open = None,
            }
        }
    }

    fn open_file(&mut self, path: PathBuf) {
        let opened = loop {
            match open_at(&path, self.after) {
                Err(error) if is_refused(&path, &error) && self.patience.again() => {}
                opened => break opened,
            }
        };
        match opened {
            Ok(None) => {}
            Ok(Some((open, begins))) => {
                // Where the reading starts in the middle, the number after it is the next.
                let from = begins.map(|begins| begins.max(self.after.saturating_add(1)));
                if self.expected.is_none() {
                    self.expected = from;
                }
                self.open = Some(open);
            }
            // Nobody knows which numbers it had: those before it would have said.
            Err(error) if self.expected.is_none() => self.tell(BadRow {
                file: path.display().to_string(),
                first: self.after.saturating_add(1),
                count: 0,
                reason: format!("it cannot be read: {error}"),
            }),
            Err(error) => self.skipped = Some((path, error.to_string())),
        }
    }

    /// A row comes whose numbers are these: those between the last one and this are lost.
    fn expect(&mut self, first: Sequence, count: u32) {
        let expected = self.expected.unwrap_or(first);
        let skipped = self.skipped.take();
        if let Some(open) = &self.open
            && expected < first
        {
            for span in gaps::without((expected, first - 1), &open.noted) {
                let (file, reason) = match &skipped {
                    Some((path, reason)) => (path, format!("cannot be read: {reason}")),
                    None => (&open.path, "they are missing".to_owned()),
                };
                // What cannot be noted is told at the next start again.
                let _ = gaps::note(&open.file, span, &reason);
                self.bad_rows += 1;
                self.observer.bad_row(&BadRow {
                    file: file.display().to_string(),
                    first: span.0,
                    count: gaps::count(span).try_into().unwrap_or(u32::MAX),
                    reason,
                });
            }
        }
        let next = first.saturating_add(Sequence::from(count.max(1)));
        self.expected = Some(next.max(expected));
    }

    /// Rows at the end of the journal could not be read, so nobody knows their numbers.
    fn tell_unread_end(&mut self) {
        if let Some((path, reason)) = self.skipped.take() {
            self.tell(BadRow {
                file: path.display().to_string(),
                first: self.after.saturating_add(1),
                count: 0,
                reason: format!("the rest of the file cannot be read: {reason}"),
            });
        }
    }

    fn unpack(&mut self, row: &Found) {
        match row.unpack() {
            Ok(items) => {
                for (item, sequence) in items.into_iter().zip(row.first..) {
                    self.take_item(sequence, item);
                }
            }
            Err(reason) => {
                self.set_aside(row.first, row.count, reason, Some(&row.packed));
                self.remove(row.first);
            }
        }
    }

    fn take_item(&mut self, sequence: Sequence, item: Item) {
        // The row that holds `after` also holds events before it.
        if sequence <= self.after {
            return;
        }
        self.after = sequence;
        match item {
            Ok(mut event) => {
                self.right_times.set_right(sequence, &mut event);
                self.unpacked.push_back((sequence, event));
            }
            Err((bytes, reason)) => self.set_aside(sequence, 1, reason, Some(&bytes)),
        }
    }

    /// Copies what is bad to where a person can look at it. If even that fails, it is told all
    /// the same. What is known already is not told again.
    fn set_aside(&mut self, first: Sequence, count: u32, reason: String, bytes: Option<&[u8]>) {
        let Some(open) = &self.open else { return };
        let span = (first, first.saturating_add(Sequence::from(count.max(1)) - 1));
        if bytes.is_none() && open.noted.contains(&span) {
            return;
        }
        let kept = open.file.execute(
            "INSERT OR REPLACE INTO bad_rows (first, count, reason, bytes) VALUES (?1, ?2, ?3, ?4)",
            (to_sql(first), count, &reason, bytes),
        );
        let reason = match kept {
            Ok(_) => reason,
            Err(error) => format!("{reason} (and could not be set aside: {error})"),
        };
        let file = open.path.display().to_string();
        self.tell(BadRow { file, first, count, reason });
    }

    fn remove(&self, first: Sequence) {
        let Some(open) = &self.open else { return };
        let kept = "SELECT 1 FROM bad_rows WHERE first = batches.first";
        // Stays when it could not be copied; then the next start meets and skips it again.
        let _ = open.file.execute(
            &format!("DELETE FROM batches WHERE first = ?1 AND EXISTS ({kept})"),
            [to_sql(first)],
        );
    }

    fn tell(&mut self, bad: BadRow) {
        self.bad_rows += 1;
        self.observer.bad_row(&bad);
    }
}

impl Iterator for Tail {
    type Item = (Sequence, Event);

    fn next(&mut self) -> Option<Self::Item> {
        while self.unpacked.is_empty() {
            if !self.unpack_next() {
                return None;
            }
        }
        self.unpacked.pop_front()
    }
}

/// Neither the file's content nor what stands in its place is wrong.
fn is_refused(path: &Path, error: &rusqlite::Error) -> bool {
    let is_regular = fs::metadata(path).is_ok_and(|it| files::must_be_regular(&it).is_ok());
    is_regular && !is_damage(error)
}

/// Opens a file at the row that holds the event after `after`, and says where it begins, if that
/// can be read; `None` for one never begun.
fn open_at(path: &Path, after: Sequence) -> rusqlite::Result<Option<(OpenFile, Option<Sequence>)>> {
    let opened = day_file::open_existing(path).and_then(|file| {
        day_file::format(&file)?;
        Ok(file)
    });
    let file = match opened {
        // Without room on the disk it cannot be opened for writing.
        Err(error) if !is_damage(&error) => open_as_it_is(path)?,
        opened => opened?,
    };
    if !day_file::is_begun(&file)? {
        return Ok(None);
    }
    let row_from = row_after(&file, after)?;
    let begins = day_file::begins(&file).ok();
    let noted = gaps::noted(&file).unwrap_or_default().into_iter().map(|(span, _)| span).collect();
    Ok(Some((OpenFile { path: path.to_path_buf(), file, row_from, noted }, begins)))
}
