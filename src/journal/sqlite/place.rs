//! Whether an open database is still where it was opened.
//!
//! A file that is deleted under a running process goes on taking writes until it is closed, and
//! then all of them are gone: what is in it is not on disk. So whoever acknowledges looks, before
//! it does, whether the file's path still leads to the file that it has open; the same for
//! SQLite's write-ahead log beside it. That costs two `stat` calls, without any wait for a disk.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::aside::{named, set_aside};
use super::log::{LOG, fold_on_close};
use crate::files;
use crate::journal::folder;

/// Where a file is written before it gets its name.
const DRAFT: &str = ".draft";

/// Which file it is, whatever it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Identity {
    device: u64,
    inode: u64,
}

impl Identity {
    fn of(path: &Path) -> io::Result<Self> {
        let found = fs::metadata(path)?;
        Ok(Self { device: found.dev(), inode: found.ino() })
    }
}

/// The paths of an open database, and which files they led to when it was opened.
#[derive(Debug)]
pub(in crate::journal) struct Place {
    path: PathBuf,
    log_path: PathBuf,
    file: Identity,
    log: Identity,
}

/// What became of the files of an open database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::journal) enum Standing {
    /// They are where they were.
    Same,
    /// The write-ahead log is not: what is in it can still be folded into the file.
    LogGone,
    /// The file is not, for the reason given.
    Gone(&'static str),
}

impl Place {
    /// Of a database in WAL mode that has been read from, so that SQLite has made its log.
    pub(in crate::journal) fn of(path: &Path) -> io::Result<Self> {
        let log_path = named(path, LOG);
        let (file, log) = (Identity::of(path)?, Identity::of(&log_path)?);
        Ok(Self { path: path.to_path_buf(), log_path, file, log })
    }

    /// Looks where the paths lead now.
    pub(in crate::journal) fn look(&self) -> Standing {
        match Identity::of(&self.path) {
            Ok(found) if found != self.file => {
                return Standing::Gone("another file has replaced it while the server runs");
            }
            Err(_) => return Standing::Gone("it was deleted while the server runs"),
            Ok(_) => {}
        }
        match Identity::of(&self.log_path) {
            Ok(found) if found == self.log => Standing::Same,
            _ => Standing::LogGone,
        }
    }

    /// The path of the log, for messages.
    pub(in crate::journal) fn log_path(&self) -> &Path {
        &self.log_path
    }
}

/// Writes what an open database holds, whose file is gone, to its path again. Whatever stands
/// there now is set aside. Its writer must open the file anew.
pub(in crate::journal) fn write_again(connection: &Connection, path: &Path) -> Result<(), String> {
    let said = |error: &dyn std::fmt::Display| error.to_string();
    if let Some(parent) = path.parent() {
        folder::create(parent).map_err(|error| said(&error))?;
    }
    let draft = named(path, DRAFT);
    // Empty: SQLite would make it readable for everybody.
    files::make_empty(&draft).map_err(|error| said(&error))?;
    let text = draft.to_str().ok_or("its name is no UTF-8")?;
    connection.execute("VACUUM INTO ?1", [text]).map_err(|error| said(&error))?;
    let put = || {
        files::sync(&draft)?;
        if fs::symlink_metadata(path).is_ok() {
            set_aside(path)?;
        }
        files::rename(&draft, path)?;
        path.parent().map_or(Ok(()), files::sync_folder)
    };
    put().map_err(|error: io::Error| said(&error))?;
    // Closing it must not touch the log of the file that has its name now.
    fold_on_close(connection, false).map_err(|error| said(&error))
}

#[cfg(test)]
mod tests {
    use super::super::log::fold_log;
    use super::*;

    fn database(path: &Path) -> Connection {
        let connection = Connection::open(path).expect("open");
        connection
            .execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE t (n INTEGER);")
            .expect("made");
        connection.execute("INSERT INTO t VALUES (7)", []).expect("written");
        connection
    }

    fn number(path: &Path) -> i64 {
        let connection = Connection::open(path).expect("open");
        connection.query_row("SELECT sum(n) FROM t", [], |row| row.get(0)).expect("a row")
    }

    #[test]
    fn a_database_that_lost_its_path_is_noticed_and_written_again() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("it.sqlite");
        let connection = database(&path);
        let place = Place::of(&path).expect("its place");
        assert_eq!(place.look(), Standing::Same);
        fs::copy(&path, named(&path, ".copy")).expect("copied");
        fs::rename(named(&path, ".copy"), &path).expect("renamed");
        assert!(matches!(place.look(), Standing::Gone(_)), "another file");
        fs::remove_file(&path).expect("removed");
        assert!(matches!(place.look(), Standing::Gone(_)), "no file");
        write_again(&connection, &path).expect("there is room");
        drop(connection);
        assert_eq!(number(&path), 7);
    }

    #[test]
    fn a_deleted_log_is_folded_into_its_file() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("it.sqlite");
        let connection = database(&path);
        let place = Place::of(&path).expect("its place");
        fs::remove_file(place.log_path()).expect("removed");
        assert_eq!(place.look(), Standing::LogGone);
        fold_log(&connection).expect("folded");
        drop(connection);
        assert_eq!(number(&path), 7);
    }
}
