//! Which numbers of the journal are lost, found out without changing anything, also beside a
//! running server.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use serde::Serialize;

use super::aside::is_damage;
use super::day_file::{self, DayFiles, FileError, begins, newer};
use super::gaps::{self, Span};
use super::read_only;
use super::reader::ReadError;
use super::rows::{self, Step};
use crate::journal::Sequence;
use crate::journal::mark::{self, Mark};
use crate::journal::snapshots::{self, Snapshots};

/// What a check found.
#[derive(Debug, Serialize)]
pub struct Check {
    /// The journal's folder.
    pub folder: PathBuf,
    /// Its files, oldest first.
    pub files: Vec<CheckedFile>,
    /// Events that can be read.
    pub events: u64,
    /// Lost numbers, in order.
    pub lost: Vec<Lost>,
    /// How many numbers they are together.
    pub lost_events: u64,
    /// Every file is whole, and what is lost has been noted.
    pub ok: bool,
}

/// A day file as found.
#[derive(Debug, Serialize)]
pub struct CheckedFile {
    /// Its path.
    pub file: PathBuf,
    /// Its first and last event that can be read.
    pub first: Option<Sequence>,
    /// As `first`.
    pub last: Option<Sequence>,
    /// Events that can be read.
    pub events: u64,
    /// What is wrong with the file, if anything is.
    pub damage: Option<String>,
}

/// Numbers of events that cannot be read any more, both ends among them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lost {
    /// The first of them.
    pub first: Sequence,
    /// The last of them.
    pub last: Sequence,
    /// How many.
    pub events: u64,
    /// Why.
    pub reason: String,
    /// A start of the server or a repair has noted it: nothing more is to be done.
    pub noted: bool,
}

impl Lost {
    pub(super) fn new(span: Span, reason: String, noted: bool) -> Self {
        Self { first: span.0, last: span.1, events: gaps::count(span), reason, noted }
    }
}

/// Reads every file of the journal in `state_dir`.
pub fn check(state_dir: &Path) -> Result<Check, ReadError> {
    let files = DayFiles::at(&state_dir.join("journal"));
    let in_folder = |source| ReadError::Folder { path: files.dir().to_path_buf(), source };
    // Before the files are read: a server may be writing them.
    let days = files.list().map_err(in_folder)?;
    let written = match Mark::at(files.dir()).read() {
        mark::Read::Last(last) => last,
        mark::Read::None | mark::Read::Damaged(_) => 0,
    };
    let kept = Snapshots::at(&state_dir.join(snapshots::FOLDER)).newest_sequence().unwrap_or(0);
    let mut walk = Walk::default();
    for day in days {
        walk.file(&files.path(day))?;
    }
    let last = if written > 0 || walk.next.is_some() { written.max(kept) } else { 0 };
    if last >= walk.next.unwrap_or(1) {
        let reason = walk.skipped.take().unwrap_or_else(|| AT_THE_END.to_owned());
        walk.lost.push(Lost::new((walk.next.unwrap_or(1), last), reason, false));
    }
    let lost_events = walk.lost.iter().map(|lost| lost.events).sum();
    let is_whole = walk.files.iter().all(|file| file.damage.is_none());
    Ok(Check {
        folder: files.dir().to_path_buf(),
        events: walk.files.iter().map(|file| file.events).sum(),
        ok: is_whole && walk.lost.iter().all(|lost| lost.noted),
        files: walk.files,
        lost: walk.lost,
        lost_events,
    })
}

/// Said of numbers that were given out and are in no file.
pub(in crate::journal) const AT_THE_END: &str =
    "they were written and are not there: a -wal or day file was cut, deleted or put back";

/// Through all files.
#[derive(Default)]
struct Walk {
    files: Vec<CheckedFile>,
    lost: Vec<Lost>,
    /// The number that comes next; none before the first file.
    next: Option<Sequence>,
    /// Why rows before the next one cannot be read.
    skipped: Option<String>,
}

impl Walk {
    fn file(&mut self, path: &Path) -> Result<(), FileError> {
        let mut found = CheckedFile {
            file: path.to_path_buf(),
            first: None,
            last: None,
            events: 0,
            damage: None,
        };
        match read_only::open(path).and_then(|(file, _)| Ok((day_file::format(&file)?, file))) {
            Ok((0, _)) => return Ok(()),
            Ok((format, file)) if day_file::is_known(format) => self.rows(&file, &mut found),
            Ok((format, _)) => return Err(newer(path, format)),
            // Past `journal.keep`: the server has just deleted it.
            Err(_) if !path.exists() => return Ok(()),
            Err(error) => {
                self.skipped = Some(error.to_string());
                found.damage = Some(error.to_string());
            }
        }
        self.files.push(found);
        Ok(())
    }

    fn rows(&mut self, file: &Connection, found: &mut CheckedFile) {
        found.damage = structure(file);
        let noted = gaps::noted(file).unwrap_or_default();
        let spans: Vec<Span> = noted.iter().map(|(span, _)| *span).collect();
        self.lost.extend(noted.into_iter().map(|(span, reason)| Lost::new(span, reason, true)));
        let start = begins(file).ok();
        let mut next = self.next.or(start);
        let mut row_from = 0;
        loop {
            let (first, count, readable) = match rows::next(file, &mut row_from) {
                Step::Row(row) => match row.unpack() {
                    Ok(items) => {
                        let whole = items.iter().filter(|item| item.is_ok()).count();
                        for (sequence, item) in (row.first..).zip(&items) {
                            if let Err((_, reason)) = item {
                                self.lose((sequence, sequence), reason, &spans);
                            }
                        }
                        (row.first, items.len() as u64, whole as u64)
                    }
                    Err(reason) => {
                        let count = u64::from(row.count).max(1);
                        self.lose((row.first, row.first + count - 1), &reason, &spans);
                        found.damage.get_or_insert(reason);
                        (row.first, count, 0)
                    }
                },
                Step::Unreadable { first, count, reason } => {
                    let count = u64::from(count).max(1);
                    self.lose((first, first + count - 1), &reason, &spans);
                    found.damage.get_or_insert(reason);
                    (first, count, 0)
                }
                Step::Skipped { reason } => {
                    found.damage.get_or_insert(reason.clone());
                    self.skipped = Some(reason);
                    continue;
                }
                Step::Broken { reason } => {
                    found.damage.get_or_insert(reason.clone());
                    self.skipped = Some(reason);
                    break;
                }
                Step::End => break,
            };
            if let Some(next) = next.filter(|next| *next < first) {
                let reason = self.skipped.take().unwrap_or_else(|| "they are missing".to_owned());
                self.lose((next, first - 1), &reason, &spans);
            }
            self.skipped = None;
            if readable > 0 {
                found.first = found.first.or(Some(first));
                found.last = Some(first + count - 1);
                found.events += readable;
            }
            next = next.max(Some(first.saturating_add(count)));
        }
        // What is noted at the end of a file has numbers, too.
        let noted_end = spans.iter().map(|(_, last)| last + 1).max();
        self.next = next.max(noted_end).or(self.next);
        self.lost.sort_by_key(|lost| lost.first);
    }

    /// Numbers that are lost, without those that are noted.
    fn lose(&mut self, span: Span, reason: &str, noted: &[Span]) {
        let new = gaps::without(span, noted).into_iter();
        self.lost.extend(new.map(|span| Lost::new(span, reason.to_owned(), false)));
    }
}

/// What SQLite says of pages that hold no rows.
fn structure(file: &Connection) -> Option<String> {
    let found = file.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
    match found {
        Ok(found) if found == "ok" => None,
        Ok(found) => Some(found.lines().last().unwrap_or("damaged").to_owned()),
        Err(error) if is_damage(&error) => Some(error.to_string()),
        Err(error) => Some(format!("it cannot be looked through: {error}")),
    }
}
