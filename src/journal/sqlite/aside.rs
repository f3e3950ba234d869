//! Files that cannot be used: what is wrong with them, and renaming them out of the way. Nothing
//! is ever deleted: somebody may still get something out of it.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use super::log::LOG;
use crate::files;

/// What SQLite keeps beside a file in use.
const COMPANIONS: [&str; 2] = [LOG, "-shm"];
/// SQLite's first page: a file with tables has more.
const FIRST_PAGE_BYTES: u64 = 4096;
/// Added to the name of what is set aside; the second of a name gets `.damaged.2`.
const DAMAGED: &str = ".damaged";

/// The file's content is wrong, as opposed to the disk or the rights.
pub(in crate::journal) fn is_damage(error: &rusqlite::Error) -> bool {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => true,
        // A table or row that must be there is not.
        Some(ErrorCode::Unknown) => true,
        _ => matches!(
            error,
            rusqlite::Error::QueryReturnedNoRows | rusqlite::Error::InvalidColumnType(..)
        ),
    }
}

/// A file's path with something added to its name.
pub(in crate::journal) fn named(path: &Path, suffix: &str) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// What SQLite keeps beside a file, there or not.
pub(in crate::journal) fn companions(path: &Path) -> impl Iterator<Item = PathBuf> + use<'_> {
    COMPANIONS.iter().map(|suffix| named(path, suffix))
}

/// Removes what SQLite began to keep beside a file on a disk without room, and could not fill.
pub(in crate::journal) fn remove_empty_companions(path: &Path) {
    let there = companions(path).filter_map(|it| Some((fs::metadata(&it).ok()?.len(), it)));
    let there: Vec<(u64, PathBuf)> = there.collect();
    if there.iter().all(|(bytes, _)| *bytes == 0) {
        for (_, companion) in there {
            // One that is gone meanwhile is as good.
            let _ = files::remove(&companion);
        }
    }
}

/// Makes a file empty again that holds nothing but zeros: a power cut leaves that of a file that
/// was made, and not begun.
pub(in crate::journal) fn empty_if_never_begun(path: &Path) {
    let is_alone = || named(path, LOG).metadata().map_or(true, |log| log.len() == 0);
    let is_zeros = |bytes: Vec<u8>| !bytes.is_empty() && bytes.iter().all(|byte| *byte == 0);
    if files::read(path, FIRST_PAGE_BYTES).is_ok_and(is_zeros) && is_alone() {
        // One that cannot be emptied is set aside later.
        let _ = files::make_empty(path);
    }
}

/// Renames a file, or whatever else stands there, and what belongs to it, to a name that is free.
pub(crate) fn set_aside(path: &Path) -> io::Result<PathBuf> {
    let aside = free_name(path);
    files::rename(path, &aside)?;
    for suffix in COMPANIONS {
        // Not there after a clean stop.
        let _ = files::rename(&named(path, suffix), &named(&aside, suffix));
    }
    Ok(aside)
}

fn free_name(path: &Path) -> PathBuf {
    let first = named(path, DAMAGED);
    let others = (2u32..).map(|number| named(&first, &format!(".{number}")));
    let mut names = std::iter::once(first.clone()).chain(others);
    names.find(|name| fs::symlink_metadata(name).is_err()).unwrap_or(first)
}
