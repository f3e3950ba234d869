//! What the journal's files hold, read by SQLite alone from a copy of them: neither the journal's own
//! code nor the simulated disk is asked, and nothing is changed.

use std::fs;
use std::path::Path;

use rusqlite::Connection;

use super::real_files::walk;
use crate::event::Event;
use crate::journal::Sequence;

/// All events in the files of a state folder, in order; an error for numbers that are missing or
/// twice, and for what cannot be read.
pub(super) fn read(state: &Path, scratch: &Path) -> Result<Vec<Event>, String> {
    let said = |error: &dyn std::fmt::Display| error.to_string();
    if scratch.exists() {
        fs::remove_dir_all(scratch).map_err(|error| said(&error))?;
    }
    fs::create_dir(scratch).map_err(|error| said(&error))?;
    let journal = state.join("journal");
    let mut days = Vec::new();
    if journal.exists() {
        walk(&journal, &mut |path| {
            let Some(name) = path.file_name() else { return Ok(()) };
            let copy = scratch.join(name);
            fs::copy(path, &copy)?;
            days.extend(copy.extension().is_some_and(|it| it == "sqlite").then_some(copy));
            Ok(())
        })
        .map_err(|error| said(&error))?;
    }
    let mut rows = Vec::new();
    for day in days {
        let found = rows_of(&day).map_err(|error| format!("{}: {error}", day.display()))?;
        rows.extend(found);
    }
    rows.sort_by_key(|(first, _)| *first);
    let mut events: Vec<Event> = Vec::new();
    for (first, row) in rows {
        if first != events.len() as Sequence + 1 {
            let end = events.len();
            return Err(format!("numbers: events up to {end} are followed by {first}"));
        }
        events.extend(events_of(&row)?);
    }
    Ok(events)
}

/// What stands in a row: a byte, and then each event behind its length.
fn events_of(row: &[u8]) -> Result<Vec<Event>, String> {
    let (form, mut rest) = row.split_first().ok_or("a row of nothing")?;
    if *form != 1 {
        return Err(format!("a row of form {form}"));
    }
    let mut events = Vec::new();
    while let Some((length, behind)) = rest.split_first_chunk() {
        let (event, behind) = behind
            .split_at_checked(u32::from_le_bytes(*length) as usize)
            .ok_or_else(|| format!("a row that is cut behind {} events", events.len()))?;
        events.push(minicbor::decode(event).map_err(|error| error.to_string())?);
        rest = behind;
    }
    if rest.is_empty() { Ok(events) } else { Err("a row that is cut".to_owned()) }
}

type Row = (Sequence, Vec<u8>);

fn rows_of(day: &Path) -> rusqlite::Result<Vec<Row>> {
    let file = Connection::open(day)?;
    file.execute_batch("PRAGMA synchronous = OFF")?;
    let version: i64 = file.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version == 0 {
        return Ok(Vec::new());
    }
    let mut rows = file.prepare("SELECT first, json_bytes, lines FROM batches ORDER BY first")?;
    let unpacked = rows.query_map([], |row| {
        let (first, bytes): (i64, i64) = (row.get(0)?, row.get(1)?);
        let packed: Vec<u8> = row.get(2)?;
        let unfit = |error| rusqlite::Error::ToSqlConversionFailure(Box::new(error));
        let unpacked = lz4_flex::block::decompress(&packed, bytes.unsigned_abs() as usize);
        Ok((first.unsigned_abs(), unpacked.map_err(unfit)?))
    })?;
    unpacked.collect()
}
