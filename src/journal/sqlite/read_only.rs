//! Opening a file for reading, without a trace.
//!
//! A file that is being written has a write-ahead log beside it and is opened as one reader among
//! others (SQLite notes readers in the `-shm` file; the file itself stays as it is). One without
//! is at rest and is opened as immutable, so that not even those companions appear.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::day_file;

/// A writer that recovers a log after a crash holds readers up for a moment.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Opens a file; says whether it was taken to be at rest.
pub(crate) fn open(path: &Path) -> rusqlite::Result<(Connection, bool)> {
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

/// The last writer removes its log when it closes the file.
pub(super) fn is_being_written(path: &Path) -> bool {
    day_file::companions(path).any(|companion| companion.exists())
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
