//! What the day files hold together, found out at the start. What is damaged costs no more than
//! what is on its page: the rest is used.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension};

use super::aside::{is_damage, set_aside};
use super::day::Day;
use super::day_file::{self, DayFiles, FileError, begins, cursors, format, is_known, newer};
use super::read_only::open_as_it_is;
use super::rows::{self, Step};
use crate::event::UnixMs;
use crate::files;
use crate::journal::{Cursors, Sequence};

/// Commits that are looked at to find out when the last events were received.
const COMMITS_LOOKED_AT: i64 = 1000;
/// No commit has so many events: a count beyond it is damage, not a number.
const COUNT_BELIEVABLE: i64 = 1 << 24;

/// What the day files hold together.
#[derive(Debug, Default)]
pub(in crate::journal) struct Contents {
    /// The newest sequence that was given out; 0 when none was.
    pub(in crate::journal) last: Sequence,
    /// When the newest events were received.
    pub(in crate::journal) last_received_ms: Option<UnixMs>,
    /// The newest usable file, and the sequence at which it begins.
    pub(in crate::journal) newest: Option<(Day, Sequence)>,
    /// Something in the newest file cannot be read: nothing more may be written to it.
    pub(in crate::journal) damage: Option<String>,
    /// Where each channel's source and plugin stood.
    pub(in crate::journal) cursors: Cursors,
    /// Files whose cursors cannot be read, and why; an older file's are used.
    pub(in crate::journal) lost_cursors: Vec<(PathBuf, String)>,
    /// Files that SQLite does not accept, the names that they were given, and its reason.
    pub(in crate::journal) set_aside: Vec<(PathBuf, PathBuf, String)>,
}

impl DayFiles {
    /// Looks into every file, newest first, until last sequence, its time and cursors are found.
    pub(in crate::journal) fn contents(&self) -> Result<Contents, FileError> {
        let mut contents = Contents::default();
        let days = self.list().map_err(|source| FileError::new(self.dir(), source))?;
        let (mut has_last, mut has_cursors) = (false, false);
        for day in days.into_iter().rev() {
            let path = self.path(day);
            let found = match look(&path)? {
                Look::Begun(found) => found,
                // The writer will begin it.
                Look::NotBegun => continue,
                Look::Unusable(reason) => {
                    let aside = set_aside(&path).map_err(|source| FileError::new(&path, source))?;
                    contents.set_aside.push((path, aside, reason));
                    continue;
                }
            };
            if contents.newest.is_none() {
                let begins = found.begins.unwrap_or(0);
                contents.newest = Some((day, begins));
                contents.damage = found.damage;
            }
            if let Some(last) = found.last.filter(|_| !has_last) {
                has_last = true;
                contents.last = last;
            }
            // A file that was just begun has none yet; the one before it has.
            contents.last_received_ms = contents.last_received_ms.or(found.last_received_ms);
            match found.cursors {
                Ok(cursors) if !has_cursors => {
                    has_cursors = true;
                    contents.cursors = cursors;
                }
                Err(reason) if !has_cursors => contents.lost_cursors.push((path, reason)),
                _ => {}
            }
            if has_last && has_cursors && contents.last_received_ms.is_some() {
                break;
            }
        }
        Ok(contents)
    }
}

/// What a look into a day file tells.
enum Look {
    /// Made, but without tables: a kill came in between.
    NotBegun,
    /// No SQLite file at all, or something else in its place.
    Unusable(String),
    /// What was found in it.
    Begun(Found),
}

struct Found {
    begins: Option<Sequence>,
    /// The last sequence given out when it was last written.
    last: Option<Sequence>,
    last_received_ms: Option<UnixMs>,
    cursors: Result<Cursors, String>,
    damage: Option<String>,
}

fn look(path: &Path) -> Result<Look, FileError> {
    let failed = |error: rusqlite::Error| FileError::new(path, error);
    let metadata = fs::metadata(path).map_err(|error| FileError::new(path, error))?;
    if let Err(error) = files::must_be_regular(&metadata) {
        return Ok(Look::Unusable(error.to_string()));
    }
    let opened = day_file::open_existing(path).and_then(|file| Ok((format(&file)?, file)));
    let opened = match opened {
        // Without room on the disk it cannot be opened for writing.
        Err(error) if !is_damage(&error) => {
            open_as_it_is(path).and_then(|file| Ok((format(&file)?, file)))
        }
        opened => opened,
    };
    match opened {
        Ok((0, _)) => Ok(Look::NotBegun),
        Ok((format, file)) if is_known(format) => {
            // The list of tables is all that holds the rest together.
            match file.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(())) {
                Err(error) if is_damage(&error) => Ok(Look::Unusable(error.to_string())),
                Err(error) => Err(failed(error)),
                Ok(()) => look_into(&file).map(Look::Begun).map_err(failed),
            }
        }
        Ok((found, _)) => Err(newer(path, found)),
        Err(error) if is_damage(&error) => Ok(Look::Unusable(error.to_string())),
        Err(error) => Err(failed(error)),
    }
}

fn look_into(file: &Connection) -> rusqlite::Result<Found> {
    let mut damage = None;
    let begins = unless_damaged(begins(file), &mut damage)?;
    let last = last_row(file, "batches");
    let last_batch = match unless_damaged(last, &mut damage)? {
        Some(last) => last,
        // The page of the newest rows is bad: the newest of the others.
        None => last_readable(file),
    };
    let last_noted = unless_damaged(last_row(file, "bad_rows"), &mut damage)?.flatten();
    let before = begins.map(|first| first.saturating_sub(1));
    let last_received_ms = unless_damaged(last_received_ms(file), &mut damage)?.flatten();
    let mut of_cursors = None;
    let cursors = unless_damaged(cursors(file), &mut of_cursors)?;
    let cursors = cursors.ok_or_else(|| of_cursors.clone().unwrap_or_default());
    let found = Found {
        begins,
        last: [before, last_batch, last_noted].into_iter().flatten().max(),
        last_received_ms,
        cursors,
        damage: damage.or(of_cursors),
    };
    Ok(found)
}

/// An answer, or none where a page of it is bad; other errors are the disk's or the rights'.
fn unless_damaged<T>(
    answer: rusqlite::Result<T>,
    damage: &mut Option<String>,
) -> rusqlite::Result<Option<T>> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if rows::is_of_a_page(&error) => {
            damage.get_or_insert(error.to_string());
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// The last number of a table. A row that was set aside keeps its numbers: they are never given
/// out again.
fn last_row(file: &Connection, table: &str) -> rusqlite::Result<Option<Sequence>> {
    let sql = format!("SELECT first, count FROM {table} ORDER BY first DESC LIMIT 1");
    let last = file.query_row(&sql, [], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)));
    Ok(last.optional()?.map(|(first, count)| {
        let last = first.saturating_add(count.clamp(1, COUNT_BELIEVABLE) - 1);
        last.try_into().unwrap_or(0)
    }))
}

fn last_readable(file: &Connection) -> Option<Sequence> {
    let (mut row_from, mut last) = (0, None);
    loop {
        let (first, count) = match rows::next(file, &mut row_from) {
            Step::Row(row) => (row.first, row.count),
            Step::Unreadable { first, count, .. } => (first, count),
            Step::Skipped { .. } => continue,
            Step::End | Step::Broken { .. } => return last,
        };
        let count = i64::from(count).clamp(1, COUNT_BELIEVABLE).unsigned_abs();
        last = last.max(Some(first.saturating_add(count - 1)));
    }
}

/// When the events at the end of a file were received. What is tried again is received long
/// before, so it is the latest of some commits.
fn last_received_ms(file: &Connection) -> rusqlite::Result<Option<UnixMs>> {
    let sql = "SELECT max(received_to_ms) FROM (
                   SELECT received_to_ms FROM batches ORDER BY first DESC LIMIT ?1
               )";
    file.query_row(sql, [COMMITS_LOOKED_AT], |row| row.get(0))
}
