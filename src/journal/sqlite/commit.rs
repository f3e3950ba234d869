//! What one commit writes.

use rusqlite::Connection;

use super::clock_set::ClockSet;
use super::day_file::{put_cursor, to_sql};
use super::row::Packer;
use crate::journal::{Batch, Cursor};

/// The batch's row and cursors, in one transaction that is on disk when this returns. After an
/// error the caller drops the connection, and the transaction with it.
pub(super) fn commit(
    file: &Connection,
    batch: &Batch<'_>,
    clock_set: Option<ClockSet>,
    packer: &mut Packer,
) -> rusqlite::Result<usize> {
    let run = |sql| file.prepare_cached(sql).and_then(|mut statement| statement.execute(()));
    run("BEGIN IMMEDIATE")?;
    clock_set.map_or(Ok(()), |set| set.write(file))?;
    let mut written = 0;
    if batch.count > 0 {
        let packed = packer
            .pack(batch.first, batch.count, batch.row)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        written = packed.bytes.len();
        file.prepare_cached(
            "INSERT INTO batches (first, count, at_from_ms, at_to_ms, received_from_ms,
                     received_to_ms, crc, json_bytes, lines)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute((
            to_sql(batch.first),
            batch.count,
            batch.at_ms.0,
            batch.at_ms.1,
            batch.received_ms.0,
            batch.received_ms.1,
            packed.crc,
            to_sql(batch.row.len() as u64),
            packed.bytes,
        ))?;
    }
    move_cursors(file, batch.cursors)?;
    run("COMMIT")?;
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
        put_cursor(file, key.0, key.1, &cursor.bytes)?;
    }
    Ok(())
}
