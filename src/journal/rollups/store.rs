//! The roll-ups' SQLite file. One process writes it; others may read it meanwhile.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior, params};

use super::{RollupError, Row};
use crate::event::{Millis, UnixMs};
use crate::journal::side_file::{Kind, SideFile, version};
use crate::journal::sqlite::open_read_only;
use crate::journal::{Observer, SideFileError, Silent};

static KIND: Kind = Kind {
    name: "roll-ups",
    file: "rollups.sqlite",
    version: 1,
    schema: "
-- One row: what a quarter hour counted for a slice, as a JSON object of absolute values.
CREATE TABLE IF NOT EXISTS rollup (
    quarter_ms INTEGER NOT NULL,
    slice TEXT NOT NULL,
    counts TEXT NOT NULL,
    PRIMARY KEY (quarter_ms, slice)
) STRICT, WITHOUT ROWID;
",
    pragmas: "",
    lost: "weeks before the journal's first day in comparisons, forecasts and reports",
};

/// Rows by what they replace, so that only the newest of each is written.
pub(super) type Rows = BTreeMap<(UnixMs, String), String>;

/// The file, opened by the one who writes it. [`start`](Store::start) gives it to its thread.
pub struct Store {
    file: SideFile,
    keep_ms: Millis,
}

/// The file, opened by one who only reads; a server may be writing it.
pub struct Reader {
    path: PathBuf,
    connection: Connection,
}

/// As [`open_with`], without anybody who is told.
pub fn open(state_dir: &Path, keep: Duration) -> Result<Store, RollupError> {
    open_with(state_dir, keep, Arc::new(Silent))
}

/// Opens the roll-ups of a state folder for writing, readable by their owner alone; makes the
/// file when there is none. A damaged one is set aside.
pub fn open_with(
    state_dir: &Path,
    keep: Duration,
    observer: Arc<dyn Observer>,
) -> Result<Store, RollupError> {
    let file = SideFile::open(&KIND, state_dir, observer)?;
    let keep_ms = Millis::try_from(keep.as_millis()).unwrap_or(Millis::MAX);
    Ok(Store { file, keep_ms })
}

impl Store {
    /// The rows of the quarters from `from_ms` on and before `to_ms`, by quarter and slice.
    /// Blocks.
    pub fn load(&self, from_ms: UnixMs, to_ms: UnixMs) -> Result<Vec<Row>, RollupError> {
        let rows = self.file.ask(|file| load(file, from_ms, to_ms))?;
        Ok(rows.unwrap_or_default())
    }

    /// Writes rows, all or none, over those that are there.
    pub(super) fn write(&mut self, rows: &Rows) -> Result<(), RollupError> {
        Ok(self.file.change(|file| write(file, rows))?)
    }

    /// Forgets what is older than it is to be kept, and says how many rows that were.
    pub(super) fn prune(&mut self, now_ms: UnixMs) -> Result<usize, RollupError> {
        let before_ms = now_ms.saturating_sub(self.keep_ms);
        let sql = "DELETE FROM rollup WHERE quarter_ms < ?1";
        Ok(self.file.change(|file| file.execute(sql, [before_ms]))?)
    }

    /// Forgets the quarters from that time on, and says how many rows that were.
    pub(super) fn forget_from(&mut self, from_ms: UnixMs) -> Result<usize, RollupError> {
        let sql = "DELETE FROM rollup WHERE quarter_ms >= ?1";
        Ok(self.file.change(|file| file.execute(sql, [from_ms]))?)
    }
}

impl Reader {
    /// Opens the roll-ups of a state folder without touching them; none when there are none.
    pub fn open(state_dir: &Path) -> Result<Option<Reader>, RollupError> {
        let path = state_dir.join(KIND.file);
        if !path.exists() {
            return Ok(None);
        }
        let failed = database(&path);
        let (connection, _) = open_read_only(&path).map_err(&failed)?;
        match version(&connection).map_err(&failed)? {
            // Its maker has not come to the table yet.
            0 => Ok(None),
            found if found == KIND.version => Ok(Some(Reader { path, connection })),
            found => {
                let (name, known) = (KIND.name, KIND.version);
                Err(SideFileError::Newer { name, path, found, known }.into())
            }
        }
    }

    /// The first and the last quarter of which anything is stored.
    pub fn held(&self) -> Result<Option<(UnixMs, UnixMs)>, RollupError> {
        let sql = "SELECT min(quarter_ms), max(quarter_ms) FROM rollup";
        let held = self.connection.query_row(sql, [], |row| {
            let (first, last): (Option<UnixMs>, Option<UnixMs>) = (row.get(0)?, row.get(1)?);
            Ok(first.zip(last))
        });
        held.map_err(database(&self.path))
    }

    /// As [`Store::load`].
    pub fn load(&self, from_ms: UnixMs, to_ms: UnixMs) -> Result<Vec<Row>, RollupError> {
        load(&self.connection, from_ms, to_ms).map_err(database(&self.path))
    }
}

fn database(path: &Path) -> impl Fn(rusqlite::Error) -> RollupError + use<> {
    let path = path.to_owned();
    move |source| {
        RollupError::File(SideFileError::Database { name: KIND.name, path: path.clone(), source })
    }
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
