//! The SQLite file of boards' earlier texts: who saved which, and when. Kept within two limits, of which
//! the oldest texts pay.

use std::path::Path;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use crate::event::UnixMs;
use crate::journal::side_file::{self, SideFile};
use crate::journal::{Observer, SideFileError};
use crate::words::words;

static KIND: side_file::Kind = side_file::Kind {
    name: "board versions",
    file: "board_versions.sqlite",
    version: 1,
    schema: "
CREATE TABLE IF NOT EXISTS version (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    board TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    who TEXT NOT NULL,
    came TEXT NOT NULL,
    tag TEXT NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS version_of_board ON version (board, number);
",
    pragmas: "",
    lost: "earlier texts of boards; the boards themselves are in their folder",
};

words! {
    /// How a text came about.
    pub enum Came {
        /// It was saved by the editor.
        Saved = "saved",
        /// It was found in the folder: somebody had changed the file by other means.
        Found = "found",
        /// It ships with Tablica.
        Shipped = "shipped",
    }
}

/// A text that a board had, or has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Grows with each, over all boards.
    pub number: i64,
    /// When it was saved; of one that was found, when the file was changed.
    pub at_ms: UnixMs,
    /// Who saved it; empty where that is not known.
    pub who: String,
    /// How it came about.
    pub came: Came,
    /// Tells it from other texts.
    pub tag: String,
}

/// A text to be kept.
pub(super) struct New<'a> {
    pub(super) at_ms: UnixMs,
    pub(super) who: &'a str,
    pub(super) came: Came,
    pub(super) tag: &'a str,
    pub(super) text: &'a str,
}

/// What is kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) versions_max: usize,
    pub(super) bytes_max: usize,
}

/// How many texts were dropped for a limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dropped {
    /// `boards.versions_max`.
    pub by_number: u64,
    /// `boards.versions_bytes_max`.
    pub by_bytes: u64,
}

/// The file, opened.
pub(super) struct Versions {
    file: SideFile,
    limits: Limits,
}

impl Versions {
    /// Opens the file of a state folder; makes it, readable by its owner alone.
    pub(super) fn open(
        state_dir: &Path,
        limits: Limits,
        observer: Arc<dyn Observer>,
    ) -> Result<Self, SideFileError> {
        Ok(Self { file: SideFile::open(&KIND, state_dir, observer)?, limits })
    }

    /// Keeps texts of a board, each unless it is the newest already. Answers the newest one's number
    /// and what was dropped for it.
    pub(super) fn keep(
        &mut self,
        board: &str,
        texts: &[New<'_>],
    ) -> Result<(i64, Dropped), SideFileError> {
        let limits = self.limits;
        self.file.change(|file| keep(file, board, texts, limits))
    }

    /// Takes one out again that did not come about.
    pub(super) fn forget(&mut self, number: i64) -> Result<(), SideFileError> {
        let sql = "DELETE FROM version WHERE number = ?1";
        self.file.change(|file| file.execute(sql, [number])).map(drop)
    }

    /// Those of a board, the newest first.
    pub(super) fn list(&self, board: &str) -> Result<Vec<Version>, SideFileError> {
        let sql = "SELECT number, at_ms, who, came, tag FROM version WHERE board = ?1
                   ORDER BY number DESC";
        let list = |file: &Connection| file.prepare(sql)?.query_map([board], read)?.collect();
        Ok(self.file.ask(list)?.unwrap_or_default())
    }

    /// The text of one of a board.
    pub(super) fn text(&self, board: &str, number: i64) -> Result<Option<String>, SideFileError> {
        let sql = "SELECT text FROM version WHERE board = ?1 AND number = ?2";
        let text = |file: &Connection| {
            file.query_row(sql, params![board, number], |row| row.get(0)).optional()
        };
        Ok(self.file.ask(text)?.flatten())
    }
}

fn keep(
    file: &mut Connection,
    board: &str,
    texts: &[New<'_>],
    limits: Limits,
) -> rusqlite::Result<(i64, Dropped)> {
    let change = file.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut newest = 0;
    for new in texts {
        let sql = "SELECT number, tag FROM version WHERE board = ?1 ORDER BY number DESC LIMIT 1";
        let last: Option<(i64, String)> =
            change.query_row(sql, [board], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        if let Some((number, _)) = last.filter(|(_, tag)| tag == new.tag) {
            newest = number;
            continue;
        }
        let New { at_ms, who, came, tag, text } = new;
        change.execute(
            "INSERT INTO version (board, at_ms, who, came, tag, text)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![board, at_ms, who, came.word(), tag, text],
        )?;
        newest = change.last_insert_rowid();
    }
    let dropped = Dropped {
        by_number: drop_beyond(&change, board, limits.versions_max)?,
        by_bytes: drop_over(&change, newest, limits.bytes_max)?,
    };
    change.commit()?;
    Ok((newest, dropped))
}

/// Of a board the oldest beyond so many.
fn drop_beyond(file: &Connection, board: &str, max: usize) -> rusqlite::Result<u64> {
    let max = i64::try_from(max).unwrap_or(i64::MAX);
    let sql = "DELETE FROM version WHERE board = ?1 AND number NOT IN
               (SELECT number FROM version WHERE board = ?1 ORDER BY number DESC LIMIT ?2)";
    Ok(file.execute(sql, params![board, max])? as u64)
}

/// Of all boards the oldest, until the others have room; never the newest.
fn drop_over(file: &Connection, newest: i64, bytes_max: usize) -> rusqlite::Result<u64> {
    let bytes_max = i64::try_from(bytes_max).unwrap_or(i64::MAX);
    // How much each and all newer ones take together.
    let sql = "DELETE FROM version WHERE number <> ?1 AND number IN (
                   SELECT number FROM (
                       SELECT number, sum(length(CAST(text AS BLOB))) OVER (ORDER BY number DESC) AS bytes
                       FROM version)
                   WHERE bytes > ?2)";
    Ok(file.execute(sql, params![newest, bytes_max])? as u64)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Version> {
    let came: String = row.get(3)?;
    Ok(Version {
        number: row.get(0)?,
        at_ms: row.get(1)?,
        who: row.get(2)?,
        // Written by us alone.
        came: Came::from_word(&came).unwrap_or(Came::Found),
        tag: row.get(4)?,
    })
}
