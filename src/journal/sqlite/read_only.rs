//! Opening a file for reading, without a trace.
//!
//! A file that is being written has a write-ahead log beside it and is opened as one reader among
//! others (SQLite notes readers in the `-shm` file; the file itself stays as it is). One without
//! is at rest and is opened as immutable, so that not even those companions appear.

use std::fs;
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::aside::{companions, is_damage};
use crate::files;

/// A writer that recovers a log after a crash holds readers up for a moment.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Opens a file; says whether it was taken to be at rest.
pub(crate) fn open(path: &Path) -> rusqlite::Result<(Connection, bool)> {
    must_be_regular(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let at_rest = !is_being_written(path);
    let file = if at_rest {
        Connection::open_with_flags(immutable(path), flags | OpenFlags::SQLITE_OPEN_URI)?
    } else {
        Connection::open_with_flags(path, flags)?
    };
    file.busy_timeout(BUSY_TIMEOUT)?;
    Ok((file, at_rest))
}

/// Opens a file for reading on a disk without room, where SQLite cannot make what it keeps beside
/// a file in use: alone, with that in memory. For the one who holds the state folder.
pub(in crate::journal) fn open_as_it_is(path: &Path) -> rusqlite::Result<Connection> {
    let opened = open(path).and_then(|(file, _)| {
        // Only a read shows whether it can be read.
        file.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0))?;
        Ok(file)
    });
    match opened {
        Err(error) if !is_damage(&error) => alone(path),
        opened => opened,
    }
}

fn alone(path: &Path) -> rusqlite::Result<Connection> {
    must_be_regular(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let file = Connection::open_with_flags(path, flags)?;
    file.busy_timeout(BUSY_TIMEOUT)?;
    file.execute_batch("PRAGMA locking_mode = EXCLUSIVE")?;
    file.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    Ok(file)
}

/// Opening anything else may wait for ever.
fn must_be_regular(path: &Path) -> rusqlite::Result<()> {
    let found = fs::metadata(path).and_then(|metadata| files::must_be_regular(&metadata));
    found.map_err(|error| {
        let unopenable = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CANTOPEN);
        rusqlite::Error::SqliteFailure(unopenable, Some(error.to_string()))
    })
}

/// The last writer removes its log when it closes the file.
pub(super) fn is_being_written(path: &Path) -> bool {
    companions(path).any(|companion| companion.exists())
}

/// The path as a URI that promises that nobody writes.
fn immutable(path: &Path) -> String {
    let mut uri = String::from("file:");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => {
                uri.push(char::from(*byte));
            }
            other => uri.push_str(&format!("%{other:02x}")),
        }
    }
    uri.push_str("?immutable=1");
    uri
}
