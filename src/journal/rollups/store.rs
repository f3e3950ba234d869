//! The roll-ups' SQLite file. One process writes it; others may read it meanwhile.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior, params};

use super::{RollupError, Row};
use crate::event::{Millis, UnixMs};
use crate::journal::folder;
use crate::journal::sqlite::{is_damage, open_read_only, set_aside};

const FILE: &str = "rollups.sqlite";
const VERSION: i64 = 1;
/// Somebody else's `sqlite3` may hold the file for a moment.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

const SCHEMA: &str = "
-- One row: what a quarter hour counted for a slice, as a JSON object of absolute values.
CREATE TABLE IF NOT EXISTS rollup (
    quarter_ms INTEGER NOT NULL,
    slice TEXT NOT NULL,
    counts TEXT NOT NULL,
    PRIMARY KEY (quarter_ms, slice)
) STRICT, WITHOUT ROWID;
";

/// Rows by what they replace, so that only the newest of each is written.
pub(super) type Rows = BTreeMap<(UnixMs, String), String>;

/// The file, opened by the one who writes it. [`start`](Store::start) gives it to its thread.
pub struct Store {
    pub(super) path: PathBuf,
    pub(super) connection: Connection,
    pub(super) keep_ms: Millis,
}

/// The file, opened by one who only reads; a server may be writing it.
pub struct Reader {
    path: PathBuf,
    connection: Connection,
}

/// Opens the roll-ups of a state folder for writing, readable by their owner alone; makes the
/// file when there is none. A damaged one is renamed to `rollups.sqlite.damaged`.
pub fn open(state_dir: &Path, keep: Duration) -> Result<Store, RollupError> {
    let path = state_dir.join(FILE);
    fs::create_dir_all(state_dir)
        .map_err(|source| RollupError::Unopenable { path: path.clone(), source })?;
    let connection = match connect(&path) {
        Err(RollupError::Database { source, .. }) if is_damage(&source) => {
            begin_anew(&path, &source)?
        }
        opened => opened?,
    };
    let keep_ms = Millis::try_from(keep.as_millis()).unwrap_or(Millis::MAX);
    Ok(Store { path, connection, keep_ms })
}

impl Store {
    /// The rows of the quarters from `from_ms` on and before `to_ms`, by quarter and slice.
    /// Blocks.
    pub fn load(&self, from_ms: UnixMs, to_ms: UnixMs) -> Result<Vec<Row>, RollupError> {
        load(&self.connection, from_ms, to_ms).map_err(|source| self.error(source))
    }

    /// Writes rows, all or none, over those that are there.
    pub(super) fn write(&mut self, rows: &Rows) -> Result<(), RollupError> {
        match write(&mut self.connection, rows) {
            // Better a new file now than none until the next start.
            Err(source) if is_damage(&source) => {
                self.connection = begin_anew(&self.path, &source)?;
                write(&mut self.connection, rows)
            }
            written => written,
        }
        .map_err(|source| self.error(source))
    }

    /// Forgets what is older than it is to be kept, and says how many rows that were.
    pub(super) fn prune(&mut self, now_ms: UnixMs) -> Result<usize, RollupError> {
        let sql = "DELETE FROM rollup WHERE quarter_ms < ?1";
        self.connection
            .execute(sql, [now_ms.saturating_sub(self.keep_ms)])
            .map_err(|source| self.error(source))
    }

    /// Forgets the quarters from that time on, and says how many rows that were.
    pub(super) fn forget_from(&mut self, from_ms: UnixMs) -> Result<usize, RollupError> {
        let sql = "DELETE FROM rollup WHERE quarter_ms >= ?1";
        self.connection.execute(sql, [from_ms]).map_err(|source| self.error(source))
    }

    fn error(&self, source: rusqlite::Error) -> RollupError {
        RollupError::Database { path: self.path.clone(), source }
    }
}

impl Reader {
    /// Opens the roll-ups of a state folder without touching them; none when there are none.
    pub fn open(state_dir: &Path) -> Result<Option<Reader>, RollupError> {
        let path = state_dir.join(FILE);
        if !path.exists() {
            return Ok(None);
        }
        let failed = |source| RollupError::Database { path: path.clone(), source };
        let (connection, _) = open_read_only(&path).map_err(failed)?;
        match version(&connection).map_err(failed)? {
            // Its maker has not come to the table yet.
            0 => Ok(None),
            VERSION => Ok(Some(Reader { path, connection })),
            found => Err(RollupError::Newer { path, found, known: VERSION }),
        }
    }

    /// The first and the last quarter of which anything is stored.
    pub fn held(&self) -> Result<Option<(UnixMs, UnixMs)>, RollupError> {
        let sql = "SELECT min(quarter_ms), max(quarter_ms) FROM rollup";
        let held = self.connection.query_row(sql, [], |row| {
            let (first, last): (Option<UnixMs>, Option<UnixMs>) = (row.get(0)?, row.get(1)?);
            Ok(first.zip(last))
        });
        held.map_err(|source| RollupError::Database { path: self.path.clone(), source })
    }

    /// As [`Store::load`].
    pub fn load(&self, from_ms: UnixMs, to_ms: UnixMs) -> Result<Vec<Row>, RollupError> {
        load(&self.connection, from_ms, to_ms)
            .map_err(|source| RollupError::Database { path: self.path.clone(), source })
    }
}

/// Renames a damaged file, says so, and makes a new one in its place.
fn begin_anew(path: &Path, damage: &rusqlite::Error) -> Result<Connection, RollupError> {
    let unopenable = |source| RollupError::Unopenable { path: path.to_owned(), source };
    let aside = set_aside(path).map_err(unopenable)?;
    let aside = aside.display();
    tracing::warn!(%aside, %damage, "the roll-ups are damaged: set aside, and begun anew");
    connect(path)
}

fn connect(path: &Path) -> Result<Connection, RollupError> {
    // SQLite would make it readable for everybody.
    folder::private_file()
        .truncate(false)
        .open(path)
        .map_err(|source| RollupError::Unopenable { path: path.to_owned(), source })?;
    let failed = |source| RollupError::Database { path: path.to_owned(), source };
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
    connection.busy_timeout(BUSY_TIMEOUT).map_err(failed)?;
    let found = version(&connection).map_err(failed)?;
    if found > VERSION {
        return Err(RollupError::Newer { path: path.to_owned(), found, known: VERSION });
    }
    check(&connection).map_err(failed)?;
    connection
        .execute_batch(&format!(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
             BEGIN IMMEDIATE; {SCHEMA} PRAGMA user_version = {VERSION}; COMMIT;"
        ))
        .map_err(failed)?;
    Ok(connection)
}

fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Reads every page once: damage is found now, and not in the middle of a report.
fn check(connection: &Connection) -> rusqlite::Result<()> {
    let found: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if found == "ok" {
        return Ok(());
    }
    let corrupt = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
    Err(rusqlite::Error::SqliteFailure(corrupt, Some(found)))
}

fn load(connection: &Connection, from_ms: UnixMs, to_ms: UnixMs) -> rusqlite::Result<Vec<Row>> {
    connection
        .prepare_cached(
            "SELECT quarter_ms, slice, counts FROM rollup \
             WHERE quarter_ms >= ?1 AND quarter_ms < ?2 ORDER BY quarter_ms, slice",
        )?
        .query_map([from_ms, to_ms], |row| {
            Ok(Row { quarter_ms: row.get(0)?, slice: row.get(1)?, counts: row.get(2)? })
        })?
        .collect()
}

fn write(connection: &mut Connection, rows: &Rows) -> rusqlite::Result<()> {
    let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    {
        let mut put = change.prepare_cached(
            "INSERT INTO rollup (quarter_ms, slice, counts) VALUES (?1, ?2, ?3) \
             ON CONFLICT (quarter_ms, slice) DO UPDATE SET counts = excluded.counts",
        )?;
        for ((quarter_ms, slice), counts) in rows {
            put.execute(params![quarter_ms, slice, counts])?;
        }
    }
    change.commit()
}

#[cfg(test)]
mod tests;
