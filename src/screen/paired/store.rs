//! The file of paired screens, and of what a command beside the server asks it to do with them.

use std::path::Path;
use std::sync::Arc;

use rusqlite::{Connection, Row, params};

use super::code::Hash;
use super::{Record, Shows};
use crate::journal::side_file::{Kind, SideFile};
use crate::journal::{Observer, SideFileError};

static KIND: Kind = Kind {
    name: "pairings",
    file: "pairings.sqlite",
    version: 1,
    schema: "
CREATE TABLE IF NOT EXISTS screen (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    token_hash BLOB NOT NULL UNIQUE,
    name TEXT NOT NULL,
    place TEXT NOT NULL,
    shows TEXT NOT NULL,
    paired_ms INTEGER NOT NULL
) STRICT;
-- When a screen is to be on, where not always.
CREATE TABLE IF NOT EXISTS hours (screen INTEGER PRIMARY KEY, calendar TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS request (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    wanted TEXT NOT NULL,
    outcome TEXT
) STRICT;
",
    pragmas: "PRAGMA secure_delete = ON;",
    lost: "paired screens; each shows a code and must be paired again",
};

/// The file, opened.
pub(super) struct Store {
    file: SideFile,
}

impl Store {
    pub(super) fn open(
        state_dir: &Path,
        observer: Arc<dyn Observer>,
    ) -> Result<Store, SideFileError> {
        let mut file = SideFile::open(&KIND, state_dir, observer)?;
        // Whoever asked an earlier run has long gone.
        let forget = |file: &mut Connection| file.execute("DELETE FROM request", []);
        if let Err(error) = file.change(forget) {
            tracing::warn!(%error, "no screen can be paired until the file can be written");
        }
        Ok(Store { file })
    }

    /// Opened for a command beside the server; none where there is no file yet.
    pub(super) fn beside(state_dir: &Path) -> Result<Option<Store>, SideFileError> {
        Ok(SideFile::beside(&KIND, state_dir)?.map(|file| Store { file }))
    }

    /// All paired screens.
    pub(super) fn load(&self) -> Result<Vec<(Hash, Record)>, SideFileError> {
        // A file of a version before has no hours, until it is opened for writing.
        let knows = "SELECT count(*) FROM sqlite_schema WHERE name = 'hours'";
        let load = |file: &Connection| {
            let knows_hours = file.query_row(knows, [], |row| row.get::<_, i64>(0))? > 0;
            let sql = if knows_hours {
                "SELECT token_hash, id, name, place, shows, paired_ms, calendar
                 FROM screen LEFT JOIN hours ON hours.screen = screen.id ORDER BY id"
            } else {
                "SELECT token_hash, id, name, place, shows, paired_ms, NULL FROM screen ORDER BY id"
            };
            file.prepare(sql)?.query_map([], read)?.collect()
        };
        Ok(self.file.ask(load)?.unwrap_or_default())
    }

    pub(super) fn insert(&mut self, hash: &Hash, record: &Record) -> Result<i64, SideFileError> {
        let sql = "INSERT INTO screen (token_hash, name, place, shows, paired_ms)
                   VALUES (?1, ?2, ?3, ?4, ?5)";
        let Record { name, place, shows, paired_ms, .. } = record;
        let shows = shows.to_string();
        self.file.change(|file| {
            file.execute(sql, params![hash, name, place, shows, paired_ms])?;
            Ok(file.last_insert_rowid())
        })
    }

    pub(super) fn update(&mut self, record: &Record) -> Result<(), SideFileError> {
        let sql = "UPDATE screen SET name = ?2, place = ?3, shows = ?4 WHERE id = ?1";
        let Record { id, name, place, shows, calendar, .. } = record;
        let shows = shows.to_string();
        self.file.change(|file| {
            let change = file.transaction()?;
            change.execute(sql, params![id, name, place, shows])?;
            match calendar {
                Some(calendar) => change.execute(
                    "INSERT OR REPLACE INTO hours VALUES (?1, ?2)",
                    params![id, calendar],
                )?,
                None => change.execute("DELETE FROM hours WHERE screen = ?1", [id])?,
            };
            change.commit()
        })
    }

    pub(super) fn remove(&mut self, id: i64) -> Result<(), SideFileError> {
        self.file.change(|file| {
            let change = file.transaction()?;
            change.execute("DELETE FROM hours WHERE screen = ?1", [id])?;
            change.execute("DELETE FROM screen WHERE id = ?1", [id])?;
            change.commit()
        })
    }

    /// A command asks for something.
    pub(super) fn request(&mut self, wanted: &str) -> Result<i64, SideFileError> {
        self.file.change(|file| {
            file.execute("INSERT INTO request (wanted) VALUES (?1)", [wanted])?;
            Ok(file.last_insert_rowid())
        })
    }

    /// What was asked for and not done yet.
    pub(super) fn requested(&self, at_once: usize) -> Result<Vec<(i64, String)>, SideFileError> {
        let sql = "SELECT id, wanted FROM request WHERE outcome IS NULL ORDER BY id LIMIT ?1";
        let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let load = |file: &Connection| {
            file.prepare(sql)?
                .query_map([i64::try_from(at_once).unwrap_or(i64::MAX)], read)?
                .collect()
        };
        Ok(self.file.ask(load)?.unwrap_or_default())
    }

    /// It is done.
    pub(super) fn answer(&mut self, id: i64, outcome: &str) -> Result<(), SideFileError> {
        let sql = "UPDATE request SET outcome = ?2 WHERE id = ?1";
        self.file.change(|file| file.execute(sql, params![id, outcome])).map(drop)
    }

    /// What came of it; it is forgotten when it is known, or when it is `given_up`. A request that is
    /// given up is not carried out later.
    pub(super) fn take_outcome(
        &mut self,
        id: i64,
        given_up: bool,
    ) -> Result<Option<String>, SideFileError> {
        let ask = "SELECT outcome FROM request WHERE id = ?1 AND outcome IS NOT NULL";
        let outcome = |file: &Connection| -> rusqlite::Result<Option<String>> {
            file.prepare(ask)?.query_map([id], |row| row.get(0))?.next().transpose()
        };
        let found = self.file.ask(outcome)?.flatten();
        if found.is_none() && !given_up {
            return Ok(None);
        }
        self.file.change(|file| {
            let found = outcome(file)?;
            file.execute("DELETE FROM request WHERE id = ?1", [id])?;
            Ok(found)
        })
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<(Hash, Record)> {
    let shows: String = row.get(4)?;
    let record = Record {
        id: row.get(1)?,
        name: row.get(2)?,
        place: row.get(3)?,
        // Written by us alone.
        shows: Shows::parse(&shows).unwrap_or(Shows::Board(shows)),
        paired_ms: row.get(5)?,
        calendar: row.get(6)?,
    };
    Ok((row.get(0)?, record))
}
