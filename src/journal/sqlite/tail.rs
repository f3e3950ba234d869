//! Reads the journal back, in order, from some event on.

use std::collections::VecDeque;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension};

use super::clock_set::RightTimes;
use super::day_file::{self, DayFiles, to_sql};
use super::row::{Found, Line};
use crate::event::Event;
use crate::journal::{BadRow, Observer, Sequence};

/// The events after a sequence. What cannot be read back is copied to the file's `bad_rows`
/// with the reason, told to the observer, counted and passed over; a whole row is moved there,
/// so that the next start does not meet it again.
pub struct Tail {
    files: VecDeque<PathBuf>,
    open: Option<OpenFile>,
    /// Events up to here are not wanted, or were given out.
    after: Sequence,
    unpacked: VecDeque<(Sequence, Event)>,
    right_times: RightTimes,
    bad_rows: u64,
    observer: Arc<dyn Observer>,
}

struct OpenFile {
    path: PathBuf,
    file: Connection,
    /// The next row begins here or later.
    row_from: i64,
}

impl Tail {
    /// Files are found now and opened one by one as the reading gets there.
    pub(in crate::journal) fn after(
        after: Sequence,
        files: &DayFiles,
        right_times: RightTimes,
        observer: Arc<dyn Observer>,
    ) -> io::Result<Self> {
        Ok(Self {
            files: files.list()?.into_iter().map(|day| files.path(day)).collect(),
            open: None,
            after,
            unpacked: VecDeque::new(),
            right_times,
            bad_rows: 0,
            observer,
        })
    }

    /// How many rows, or single events of rows, could not be read back so far.
    pub fn bad_rows(&self) -> u64 {
        self.bad_rows
    }

    /// Unpacks the next row; false at the end of the journal.
    fn unpack_next(&mut self) -> bool {
        loop {
            if self.open.is_none() {
                let Some(path) = self.files.pop_front() else { return false };
                match open_at(&path, self.after) {
                    Ok(None) => continue,
                    Ok(Some(open)) => self.open = Some(open),
                    Err(error) => {
                        self.tell(bad_file(&path, self.after, &error));
                        continue;
                    }
                }
            }
            let Some(open) = &mut self.open else { continue };
            match next_row(&open.file, &mut open.row_from) {
                Ok(Some(row)) => return self.unpack(&row),
                Ok(None) => self.open = None,
                Err(error) => {
                    let bad = bad_file(&open.path, self.after, &error);
                    self.open = None;
                    self.tell(bad);
                }
            }
        }
    }

    /// Always true: a row was read, whatever was in it.
    fn unpack(&mut self, row: &Found) -> bool {
        match row.unpack() {
            Ok(lines) => {
                for (line, sequence) in lines.into_iter().zip(row.first..) {
                    self.take_line(sequence, line);
                }
            }
            Err(reason) => {
                self.set_aside(row.first, row.count, reason, &row.lines);
                self.remove(row.first);
            }
        }
        true
    }

    fn take_line(&mut self, sequence: Sequence, line: Line) {
        // The row that holds `after` also holds events before it.
        if sequence <= self.after {
            return;
        }
        self.after = sequence;
        match line {
            Ok(mut event) => {
                self.right_times.set_right(sequence, &mut event);
                self.unpacked.push_back((sequence, event));
            }
            Err((bytes, reason)) => self.set_aside(sequence, 1, reason, &bytes),
        }
    }

    /// Copies what is bad to where a person can look at it. If even that fails, it is told all
    /// the same.
    fn set_aside(&mut self, first: Sequence, count: u32, reason: String, bytes: &[u8]) {
        let Some(open) = &self.open else { return };
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

/// Opens a file at the row that holds the event after `after`; `None` for one never begun.
fn open_at(path: &std::path::Path, after: Sequence) -> rusqlite::Result<Option<OpenFile>> {
    let file = day_file::open_existing(path)?;
    if !day_file::is_begun(&file)? {
        return Ok(None);
    }
    let row_from = row_after(&file, after)?;
    Ok(Some(OpenFile { path: path.to_path_buf(), file, row_from }))
}

/// Where the row begins that holds the event after `after`.
pub(super) fn row_after(file: &Connection, after: Sequence) -> rusqlite::Result<i64> {
    let sql = "SELECT coalesce(max(first), 0) FROM batches WHERE first <= ?1";
    file.query_row(sql, [to_sql(after.saturating_add(1))], |row| row.get(0))
}

/// The first row that begins at `row_from` or later; the next one is looked for behind it.
pub(super) fn next_row(file: &Connection, row_from: &mut i64) -> rusqlite::Result<Option<Found>> {
    let row = file
        .prepare_cached(
            "SELECT first, count, crc, json_bytes, lines FROM batches
             WHERE first >= ?1 ORDER BY first LIMIT 1",
        )?
        .query_row([*row_from], |row| {
            Ok((
                row.get::<_, i64>(0)?,
                row.get::<_, i64>(1)?,
                row.get(2)?,
                row.get(3)?,
                row.get::<_, Vec<u8>>(4)?,
            ))
        })
        .optional()?;
    Ok(row.map(|(first, count, crc, json_bytes, lines)| {
        *row_from = first.saturating_add(1);
        Found {
            first: first.try_into().unwrap_or(0),
            // A count that is no count fails the checksum.
            count: count.try_into().unwrap_or(u32::MAX),
            crc,
            json_bytes,
            lines,
        }
    }))
}

fn bad_file(path: &std::path::Path, after: Sequence, error: &rusqlite::Error) -> BadRow {
    BadRow {
        file: path.display().to_string(),
        first: after.saturating_add(1),
        count: 0,
        reason: format!("the rest of the file cannot be read: {error}"),
    }
}
