//! The rows of a day file, in order, also behind a page that cannot be read.
//!
//! Rows are found by their first sequence. Where a page is bad, every number that would be on it
//! fails, and the first number behind it does not: so the numbers behind are tried, one by one and
//! later in larger steps, until one can be read.

use rusqlite::{Connection, ErrorCode, OptionalExtension};

use super::aside::is_damage;
use super::day_file::to_sql;
use super::row::Found;
use crate::journal::Sequence;

/// Numbers that are tried before the steps between them double: a page holds fewer rows.
const TRIES_PER_STEP: u32 = 10_000;
/// Numbers behind a bad page that are looked at, where the end of the file is not known.
const BEHIND_MAX: i64 = 1 << 24;

/// What comes next in a file.
pub(super) enum Step {
    /// A row as found; nothing in it has been believed yet.
    Row(Found),
    /// A row whose numbers can be read and whose events cannot.
    Unreadable { first: Sequence, count: u32, reason: String },
    /// Rows of unknown numbers cannot be read; the next step is behind them.
    Skipped { reason: String },
    /// There is nothing more.
    End,
    /// There may be more, and it cannot be read.
    Broken { reason: String },
}

/// Where a file's reader has come to: the next row begins here or later.
pub(super) fn next(file: &Connection, row_from: &mut i64) -> Step {
    next_with_patience(file, row_from, &mut || false)
}

/// As [`next`]; where the disk refuses, `again` is asked whether it is tried again.
pub(super) fn next_with_patience(
    file: &Connection,
    row_from: &mut i64,
    again: &mut dyn FnMut() -> bool,
) -> Step {
    let error = loop {
        match whole(file, *row_from) {
            Ok(Some((first, row))) => {
                *row_from = first.saturating_add(1);
                return Step::Row(row);
            }
            Ok(None) => return Step::End,
            Err(error) if !is_damage(&error) && again() => {}
            Err(error) => break error,
        }
    };
    let reason = error.to_string();
    if !is_of_a_page(&error) {
        return Step::Broken { reason };
    }
    if let Ok(Some((first, count))) = numbers(file, *row_from) {
        *row_from = first.saturating_add(1);
        return Step::Unreadable {
            first: first.try_into().unwrap_or(0),
            count: count.try_into().unwrap_or(1),
            reason,
        };
    }
    match behind(file, *row_from) {
        Some(readable) => {
            *row_from = readable;
            Step::Skipped { reason }
        }
        None => Step::Broken { reason },
    }
}

/// Where the row begins that holds the event after `after`.
pub(super) fn row_after(file: &Connection, after: Sequence) -> rusqlite::Result<i64> {
    let sql = "SELECT coalesce(max(first), 0) FROM batches WHERE first <= ?1";
    match file.query_row(sql, [to_sql(after.saturating_add(1))], |row| row.get(0)) {
        // On a bad page; rows behind it can be found all the same.
        Err(error) if is_of_a_page(&error) => Ok(to_sql(after.saturating_add(1))),
        found => found,
    }
}

/// The page is bad, or the disk does not give it; other pages may be whole.
pub(super) fn is_of_a_page(error: &rusqlite::Error) -> bool {
    is_damage(error) || error.sqlite_error_code() == Some(ErrorCode::SystemIoFailure)
}

/// The first row that begins at `row_from` or later.
fn whole(file: &Connection, row_from: i64) -> rusqlite::Result<Option<(i64, Found)>> {
    file.prepare_cached(
        "SELECT first, count, crc, json_bytes, lines FROM batches
         WHERE first >= ?1 ORDER BY first LIMIT 1",
    )?
    .query_row([row_from], |row| {
        let (first, count): (i64, i64) = (row.get(0)?, row.get(1)?);
        let found = Found {
            first: first.try_into().unwrap_or(0),
            // A count that is no count fails the checksum.
            count: count.try_into().unwrap_or(u32::MAX),
            crc: row.get(2)?,
            row_bytes: row.get(3)?,
            packed: row.get(4)?,
        };
        Ok((first, found))
    })
    .optional()
}

/// The numbers of that row alone; they are on another page than a long row's events.
fn numbers(file: &Connection, row_from: i64) -> rusqlite::Result<Option<(i64, i64)>> {
    file.prepare_cached(
        "SELECT first, count FROM batches WHERE first >= ?1 ORDER BY first LIMIT 1",
    )?
    .query_row([row_from], |row| Ok((row.get(0)?, row.get(1)?)))
    .optional()
}

/// The first number behind `row_from` that is on a page that can be read.
fn behind(file: &Connection, row_from: i64) -> Option<i64> {
    let last = file.query_row("SELECT max(first) FROM batches", [], |row| row.get(0));
    let last: i64 = last.unwrap_or_else(|_| row_from.saturating_add(BEHIND_MAX));
    let (mut at, mut step, mut tries) = (row_from, 1, 0);
    while at < last {
        let bad = at;
        at = at.saturating_add(step).min(last);
        match numbers(file, at) {
            Ok(Some(_)) => return Some(first_readable(file, bad, at)),
            Ok(None) => return None,
            Err(_) => tries += 1,
        }
        if tries % TRIES_PER_STEP == 0 {
            step *= 2;
        }
    }
    None
}

/// The smallest readable number between one that is not and one that is.
fn first_readable(file: &Connection, mut bad: i64, mut good: i64) -> i64 {
    while good - bad > 1 {
        let middle = bad + (good - bad) / 2;
        if numbers(file, middle).is_ok() {
            good = middle;
        } else {
            bad = middle;
        }
    }
    good
}
