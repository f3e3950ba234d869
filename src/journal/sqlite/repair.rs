//! Puts a whole file in place of each damaged one: with every row that can be read, and with what
//! cannot noted as lost. The damaged file stays beside it under another name.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use serde::Serialize;

use super::aside::{named, set_aside};
use super::check::{Check, CheckedFile, Lost, check};
use super::clock_set::ClockSet;
use super::day_file::{self, FileError, begins, cursors, to_sql};
use super::gaps;
use super::read_only::open_as_it_is;
use super::reader::ReadError;
use super::rows::{self, Step};
use crate::files;
use crate::journal::{OpenError, folder};

/// Added to the name of a file that is not finished.
const UNFINISHED: &str = ".repairing";

/// What a repair did.
#[derive(Debug, Serialize)]
pub struct Repaired {
    /// Files that were made anew.
    pub files: Vec<RepairedFile>,
    /// Numbers that are noted as lost from now on.
    pub noted: Vec<Lost>,
}

/// A file that was made anew.
#[derive(Debug, Serialize)]
pub struct RepairedFile {
    /// Its path.
    pub file: PathBuf,
    /// Where the damaged one is now.
    pub aside: PathBuf,
    /// Events that were taken over.
    pub events: u64,
    /// The positions of the channels could not be taken over: the server uses older ones.
    pub lost_cursors: bool,
}

/// Why nothing, or not everything, was repaired.
#[derive(Debug, thiserror::Error)]
pub enum RepairError {
    /// The journal cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A server has the folder, or it cannot be locked.
    #[error("{0}; a repair needs the server stopped")]
    Locked(OpenError),
    /// A file cannot be written or renamed.
    #[error("cannot repair {path}: {reason}", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the disk or SQLite said.
        reason: String,
    },
}

impl From<FileError> for RepairError {
    fn from(error: FileError) -> Self {
        RepairError::File { path: error.path, reason: error.reason }
    }
}

/// Repairs the journal in `state_dir`; what is whole stays as it is.
pub fn repair(state_dir: &Path) -> Result<Repaired, RepairError> {
    let found = check(state_dir)?;
    let _lock = folder::lock(&found.folder).map_err(RepairError::Locked)?;
    // Once more, now that nobody else writes.
    let found = check(state_dir)?;
    let Check { files, lost, .. } = found;
    let noted: Vec<Lost> = lost.into_iter().filter(|lost| !lost.noted).collect();
    let mut repaired = Repaired { files: Vec::new(), noted };
    for file in files.iter().filter(|file| file.damage.is_some()) {
        let made = remake(file).map_err(|reason| FileError::new(&file.file, reason))?;
        repaired.files.push(made);
    }
    for lost in &repaired.noted {
        note(&files, lost)?;
    }
    Ok(repaired)
}

/// Notes numbers in the file in which they are looked for: the first that has later ones, or the
/// last.
fn note(files: &[CheckedFile], lost: &Lost) -> Result<(), FileError> {
    let later = |file: &&CheckedFile| file.last.is_some_and(|last| last > lost.last);
    let Some(file) = files.iter().find(later).or(files.last()) else { return Ok(()) };
    let noted = day_file::open_existing(&file.file)
        .and_then(|open| gaps::note(&open, (lost.first, lost.last), &lost.reason));
    noted.map_err(|error| FileError::new(&file.file, error))
}

fn remake(found: &CheckedFile) -> Result<RepairedFile, String> {
    let path = &found.file;
    let unfinished = named(path, UNFINISHED);
    let said = |error: &dyn std::fmt::Display| error.to_string();
    // What an earlier repair left behind when it was interrupted.
    if let Err(error) = files::remove(&unfinished)
        && error.kind() != std::io::ErrorKind::NotFound
    {
        return Err(said(&error));
    }
    files::make_empty(&unfinished).map_err(|error| said(&error))?;
    let mut new = day_file::open_existing(&unfinished).map_err(|error| said(&error))?;
    let old =
        open_as_it_is(path).ok().filter(|old| day_file::format(old).is_ok_and(day_file::is_known));
    let first = old.as_ref().and_then(|old| begins(old).ok()).or(found.first).unwrap_or(1);
    let of_channels = old.as_ref().and_then(|old| cursors(old).ok());
    let lost_cursors = of_channels.is_none();
    day_file::begin(&mut new, first, &of_channels.unwrap_or_default())
        .map_err(|error| said(&error))?;
    let events = match &old {
        Some(old) => copy(old, &new).map_err(|error| said(&error))?,
        None => 0,
    };
    new.close().map_err(|(_, error)| said(&error))?;
    drop(old);
    let put = || {
        let aside = set_aside(path)?;
        files::rename(&unfinished, path)?;
        path.parent().map_or(Ok(()), files::sync_folder)?;
        Ok(aside)
    };
    let aside = put().map_err(|error: std::io::Error| said(&error))?;
    Ok(RepairedFile { file: path.clone(), aside, events, lost_cursors })
}

/// Takes over every row that is whole, and says how many events that were.
fn copy(old: &Connection, new: &Connection) -> rusqlite::Result<u64> {
    new.execute_batch("BEGIN IMMEDIATE")?;
    let mut row_from = 0;
    let mut events = 0;
    loop {
        match rows::next(old, &mut row_from) {
            Step::Row(row) if row.unpack().is_ok() => {
                events += u64::from(row.count);
                let (at, received) = times(old, row.first);
                new.prepare_cached(
                    "INSERT OR IGNORE INTO batches (first, count, at_from_ms, at_to_ms,
                             received_from_ms, received_to_ms, crc, json_bytes, lines)
                         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                )?
                .execute((
                    to_sql(row.first),
                    row.count,
                    at.0,
                    at.1,
                    received.0,
                    received.1,
                    row.crc,
                    row.row_bytes,
                    row.packed,
                ))?;
            }
            Step::Row(_) | Step::Unreadable { .. } | Step::Skipped { .. } => {}
            Step::End | Step::Broken { .. } => break,
        }
    }
    for (span, reason) in gaps::noted(old).unwrap_or_default() {
        gaps::note(new, span, &reason)?;
    }
    for set in ClockSet::read(old).unwrap_or_default() {
        set.write(new)?;
    }
    new.execute_batch("COMMIT")?;
    Ok(events)
}

/// The times of a row, which stand beside its events.
fn times(old: &Connection, first: u64) -> ((i64, i64), (i64, i64)) {
    let sql = "SELECT at_from_ms, at_to_ms, received_from_ms, received_to_ms FROM batches
               WHERE first = ?1";
    let times = old.query_row(sql, [to_sql(first)], |row| {
        Ok(((row.get(0)?, row.get(1)?), (row.get(2)?, row.get(3)?)))
    });
    times.unwrap_or_default()
}
