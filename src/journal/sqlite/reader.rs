//! Reads the journal beside a running server: takes no lock and changes nothing.
//!
//! A file at rest is opened as immutable (see `read_only`). Should a server begin to write to it
//! meanwhile, the reading goes on as one reader among others from the row that it has come to;
//! every row proves itself by its checksum.

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension};

use super::aside::is_damage;
use super::clock_set::RightTimes;
use super::day_file::{self, DayFiles, FileError};
use super::gaps::{self, Span};
use super::read_only::{is_being_written, open};
use super::rows::{self, Step, row_after};
use crate::event::{Event, UnixMs};
use crate::journal::form::Item;
use crate::journal::{BadRow, Sequence};

/// Why a journal cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The folder is not there, or may not be looked into.
    #[error(
        "no journal can be read in {path}: {source}. Is server.state_dir of this config the \
         server's, and may this user read it?",
        path = path.display()
    )]
    Folder {
        /// The journal's folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A day file cannot be opened.
    #[error("cannot read the journal's file {path}: {reason}", path = path.display())]
    File {
        /// The day file.
        path: PathBuf,
        /// What SQLite said.
        reason: String,
    },
}

impl From<FileError> for ReadError {
    fn from(error: FileError) -> Self {
        ReadError::File { path: error.path, reason: error.reason }
    }
}

/// What a journal holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its first event.
    pub first: Sequence,
    /// Its last event.
    pub last: Sequence,
    /// When its first events were received.
    pub from_ms: UnixMs,
    /// When its last events were received.
    pub to_ms: UnixMs,
}

/// A journal that can be read.
#[derive(Debug)]
pub struct Reader {
    files: VecDeque<PathBuf>,
    held: Option<Held>,
    right_times: RightTimes,
}

/// Finds out what the journal in `state_dir` holds.
pub fn read(state_dir: &Path) -> Result<Reader, ReadError> {
    let files = DayFiles::at(&state_dir.join("journal"));
    let in_folder = |source| ReadError::Folder { path: files.dir().to_path_buf(), source };
    let right_times = files.right_times().map_err(in_folder)?;
    let mut reader = Reader { files: VecDeque::new(), held: None, right_times };
    for day in files.list().map_err(in_folder)? {
        let path = files.path(day);
        match look(&path) {
            Ok(Look::Begun(held)) => {
                reader.held = join(reader.held, held);
                reader.files.push_back(path);
            }
            Ok(Look::NotBegun) => {}
            Ok(Look::Newer(format)) => return Err(day_file::newer(&path, format).into()),
            // Past `journal.keep`: the server has just deleted it.
            Err(_) if !path.exists() => {}
            // Told when the reading gets there; the other days can be read all the same.
            Err(error) if is_damage(&error) => reader.files.push_back(path),
            Err(error) => return Err(FileError::new(&path, error).into()),
        }
    }
    Ok(reader)
}

impl Reader {
    /// From where to where it goes; nothing when it holds no event.
    pub fn held(&self) -> Option<Held> {
        self.held
    }

    /// All of it, in order. Files are opened one by one as the reading gets there.
    pub fn events(self) -> Events {
        self.events_after(0)
    }

    /// Those after an event, in order.
    pub fn events_after(self, after: Sequence) -> Events {
        Events {
            files: self.files,
            open: None,
            after,
            unpacked: VecDeque::new(),
            right_times: self.right_times,
            next: after.saturating_add(1),
            is_expected: false,
            skipped: None,
        }
    }

    /// What is to be known of the clock by which events were received.
    pub fn right_times(&self) -> &RightTimes {
        &self.right_times
    }
}

/// The journal's events. What cannot be read back comes as a [`BadRow`], and the reading goes on
/// behind it.
pub struct Events {
    files: VecDeque<PathBuf>,
    open: Option<OpenFile>,
    /// Events up to here are not wanted.
    after: Sequence,
    unpacked: VecDeque<Result<(Sequence, Event), BadRow>>,
    right_times: RightTimes,
    /// The sequence that comes next, if [`is_expected`](Self::is_expected).
    next: Sequence,
    is_expected: bool,
    /// Why rows before the next one could not be read.
    skipped: Option<String>,
}

struct OpenFile {
    path: PathBuf,
    file: Connection,
    row_from: i64,
    /// Numbers that are known to be lost.
    noted: Vec<Span>,
    /// Opened as immutable.
    at_rest: bool,
}

impl Events {
    /// Unpacks the next row, or notes why it cannot; false at the end of the journal.
    fn unpack_next(&mut self) -> bool {
        let Some(open) = &mut self.open else { return self.open_next() };
        let row_from = open.row_from;
        let step = rows::next(&open.file, &mut open.row_from);
        // A server may have begun to write to the file while it was taken to be at rest.
        let is_whole = matches!(&step, Step::Row(row) if row.is_sealed());
        if !is_whole && let Some(again) = open.beside_a_writer(row_from) {
            self.open = Some(again);
            return true;
        }
        let path = open.path.clone();
        match step {
            Step::Row(row) => {
                self.expect(&path, row.first);
                match row.unpack() {
                    Ok(items) => self.take(row.first, items),
                    Err(reason) => self.bad(&path, row.first, row.count, reason),
                }
            }
            Step::Unreadable { first, count, reason } => {
                self.expect(&path, first);
                self.bad(&path, first, count, reason);
            }
            Step::Skipped { reason } => self.skipped = Some(reason),
            Step::Broken { reason } => {
                self.open = None;
                self.bad(&path, self.next, 0, rest_unreadable(&reason));
            }
            Step::End => self.open = None,
        }
        true
    }

    /// A row comes that begins with this number: those between the last one and this are lost.
    /// What the file has noted as lost has been told when it was.
    fn expect(&mut self, path: &Path, first: Sequence) {
        let skipped = self.skipped.take();
        let Some(open) = self.open.as_ref().filter(|_| self.is_expected && self.next < first)
        else {
            return;
        };
        for span in gaps::without((self.next, first - 1), &open.noted) {
            let reason = skipped.as_ref().map_or_else(
                || "they are missing".to_owned(),
                |reason| format!("cannot be read: {reason}"),
            );
            self.unpacked.push_back(Err(BadRow {
                file: path.display().to_string(),
                first: span.0,
                count: gaps::count(span).try_into().unwrap_or(u32::MAX),
                reason,
            }));
        }
    }

    fn bad(&mut self, path: &Path, first: Sequence, count: u32, reason: String) {
        if count > 0 {
            self.next = self.next.max(first.saturating_add(Sequence::from(count)));
        }
        let file = path.display().to_string();
        self.unpacked.push_back(Err(BadRow { file, first, count, reason }));
    }

    fn open_next(&mut self) -> bool {
        let Some(path) = self.files.pop_front() else { return false };
        let opened = open(&path).and_then(|(file, at_rest)| {
            let row_from = if self.after == 0 { 0 } else { row_after(&file, self.after)? };
            Ok((file, at_rest, row_from))
        });
        match opened {
            Ok((file, at_rest, row_from)) => {
                if !self.is_expected
                    && let Ok(begins) = day_file::begins(&file)
                {
                    self.is_expected = true;
                    self.next = self.next.max(begins);
                }
                let noted = gaps::noted(&file).unwrap_or_default();
                let noted = noted.into_iter().map(|(span, _)| span).collect();
                self.open = Some(OpenFile { path, file, row_from, noted, at_rest });
            }
            Err(error) => self.bad(&path, self.next, 0, rest_unreadable(&error.to_string())),
        }
        true
    }

    fn take(&mut self, first: Sequence, items: Vec<Item>) {
        let Some(open) = &self.open else { return };
        self.is_expected = true;
        for (sequence, item) in (first..).zip(items).filter(|(it, _)| *it > self.after) {
            self.next = sequence + 1;
            let item = item.map(|mut event| {
                self.right_times.set_right(sequence, &mut event);
                (sequence, event)
            });
            self.unpacked.push_back(item.map_err(|(_, reason)| BadRow {
                file: open.path.display().to_string(),
                first: sequence,
                count: 1,
                reason,
            }));
        }
    }
}

impl Iterator for Events {
    type Item = Result<(Sequence, Event), BadRow>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.unpacked.is_empty() {
            if !self.unpack_next() {
                return None;
            }
        }
        self.unpacked.pop_front()
    }
}

impl OpenFile {
    /// The same file at the same row, opened as one reader among others; nothing when it was so
    /// already, or is still at rest.
    fn beside_a_writer(&self, row_from: i64) -> Option<OpenFile> {
        if !self.at_rest || !is_being_written(&self.path) {
            return None;
        }
        let (file, at_rest) = open(&self.path).ok()?;
        let (path, noted) = (self.path.clone(), self.noted.clone());
        (!at_rest).then(|| OpenFile { path, file, row_from, noted, at_rest })
    }
}

/// What a look into a day file tells.
enum Look {
    /// No tables yet.
    NotBegun,
    /// What it holds.
    Begun(Option<Held>),
    /// Of a format that this version does not know.
    Newer(i64),
}

fn look(path: &Path) -> rusqlite::Result<Look> {
    let (file, _) = open(path)?;
    match day_file::format(&file)? {
        0 => Ok(Look::NotBegun),
        format if day_file::is_known(format) => held(&file).map(Look::Begun),
        newer => Ok(Look::Newer(newer)),
    }
}

/// From a file's first row to its last.
fn held(file: &Connection) -> rusqlite::Result<Option<Held>> {
    let row = |order| {
        let sql = format!(
            "SELECT first, count, received_from_ms, received_to_ms FROM batches
             ORDER BY first {order} LIMIT 1"
        );
        file.query_row(&sql, [], |row| {
            let first: i64 = row.get(0)?;
            let last = first.saturating_add(row.get::<_, i64>(1)?).saturating_sub(1);
            let sequence = |number: i64| Sequence::try_from(number).unwrap_or(0);
            let (from_ms, to_ms) = (row.get(2)?, row.get(3)?);
            Ok(Held { first: sequence(first), last: sequence(last), from_ms, to_ms })
        })
        .optional()
    };
    Ok(row("ASC")?.zip(row("DESC")?).map(|(first, last)| Held {
        last: last.last,
        to_ms: last.to_ms.max(first.to_ms),
        ..first
    }))
}

fn join(before: Option<Held>, then: Option<Held>) -> Option<Held> {
    match (before, then) {
        (Some(before), Some(then)) => {
            Some(Held { last: then.last, to_ms: then.to_ms.max(before.to_ms), ..before })
        }
        (before, then) => before.or(then),
    }
}

fn rest_unreadable(error: &str) -> String {
    format!("the rest of the file cannot be read: {error}")
}
