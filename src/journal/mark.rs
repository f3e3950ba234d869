//! The last sequence that was given out, kept outside SQLite's files: when those are cut or
//! deleted, the numbers that are missing are known all the same.
//!
//! One line in `journal/last`, written over in place after each commit. It is not synced: after a
//! power cut it may be behind, and it is never ahead of what is on disk. The engine's snapshots,
//! which are synced, hold a sequence as well.

use std::io;
use std::path::{Path, PathBuf};

use super::Sequence;
use super::sqlite::set_aside;
use crate::files;

const FILE: &str = "last";
const HEAD: &str = "tablica journal, last event ";
/// A line and more; a larger file is something else.
const BYTES_MAX: u64 = 256;

/// Where it is written.
pub(super) struct Mark {
    path: PathBuf,
}

/// What was read of it.
pub(super) enum Read {
    /// There is none: nothing has been committed yet, or an earlier version did.
    None,
    /// The last sequence.
    Last(Sequence),
    /// Something else is in it.
    Damaged(String),
}

impl Mark {
    pub(super) fn at(journal_dir: &Path) -> Self {
        Self { path: journal_dir.join(FILE) }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn read(&self) -> Read {
        match files::read_to_string(&self.path, BYTES_MAX) {
            Ok(text) => {
                parse(&text).map_or_else(|| Read::Damaged("it is torn".to_owned()), Read::Last)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Read::None,
            Err(error) => Read::Damaged(error.to_string()),
        }
    }

    /// Renames a damaged one out of the way.
    pub(super) fn set_aside(&self) -> io::Result<PathBuf> {
        set_aside(&self.path)
    }

    /// Opened each time: it may have been deleted.
    pub(super) fn write(&self, last: Sequence) -> io::Result<()> {
        files::write_over(&self.path, line(last).as_bytes())
    }
}

/// Always as long, so that it can be written over in place.
pub(super) fn line(last: Sequence) -> String {
    format!("{HEAD}{last:020} {:08x}\n", crc32fast::hash(&last.to_le_bytes()))
}

pub(super) fn parse(text: &str) -> Option<Sequence> {
    let (number, _) = text.strip_prefix(HEAD)?.split_once(' ')?;
    let last = number.parse().ok()?;
    (line(last) == text).then_some(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_number_is_read_back_and_a_torn_one_is_not_believed() {
        let folder = tempfile::tempdir().expect("folder");
        let mark = Mark::at(folder.path());
        assert!(matches!(mark.read(), Read::None));
        for last in [1, 99_999, 3] {
            mark.write(last).expect("written");
            assert!(matches!(mark.read(), Read::Last(read) if read == last));
        }
        let text = std::fs::read_to_string(mark.path()).expect("text");
        std::fs::write(mark.path(), text.replace("03 ", "04 ")).expect("written");
        assert!(matches!(mark.read(), Read::Damaged(_)));
        mark.set_aside().expect("renamed");
        assert!(matches!(mark.read(), Read::None));
    }
}
