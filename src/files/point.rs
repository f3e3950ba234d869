//! The points at which what is on disk changes, each of which may fail and may be the last thing
//! that a machine does before its power is cut. All changes that the journal makes beside SQLite go
//! through [`at`]; a tidy test holds it. In the product it is nothing; in the library's own tests a
//! simulated disk can stand behind a folder.

#[cfg(not(test))]
use std::io;
use std::path::Path;

/// What is about to be done.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(test), expect(dead_code, reason = "only a simulated disk looks at them"))]
pub(crate) enum Point<'a> {
    /// A folder is made in one that is there.
    MakeFolder(&'a Path),
    /// A file is opened to be read.
    Read(&'a Path),
    /// A file is opened to be written to, and made if it is not there; emptied, if that is said.
    Make { path: &'a Path, emptied: bool },
    /// Bytes are written to it.
    Write(&'a Path),
    /// What was written to it is put on the disk.
    Sync(&'a Path),
    /// It gets another name.
    Rename { from: &'a Path, to: &'a Path },
    /// It is removed.
    Remove(&'a Path),
    /// The names in a folder are put on the disk.
    SyncFolder(&'a Path),
}

/// Does it.
#[cfg(not(test))]
pub(super) fn at<T>(_: Point<'_>, act: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    act()
}

/// Does what puts something on the disk; a simulated one has nothing to do for it.
#[cfg(not(test))]
pub(super) fn sync_at(_: Point<'_>, act: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
    act()
}

#[cfg(test)]
pub(crate) use simulated::{Disk, Inserted, insert};
#[cfg(test)]
pub(super) use simulated::{at, sync_at};

#[cfg(test)]
mod simulated {
    //! Which folders have a simulated disk behind them.

    use std::io;
    use std::path::{Path, PathBuf};
    use std::sync::{Arc, PoisonError, RwLock};

    use super::Point;

    /// A disk that fails when it wants to, and knows what would be left after a power cut.
    pub(crate) trait Disk: Send + Sync {
        /// What is about to be done; `act` does it to the real files.
        fn at(&self, point: Point<'_>, act: &mut dyn FnMut() -> io::Result<()>) -> io::Result<()>;
    }

    /// Each simulation has its own.
    static DISKS: RwLock<Vec<(PathBuf, Arc<dyn Disk>)>> = RwLock::new(Vec::new());

    /// As long as it is there, so is the disk.
    pub(crate) struct Inserted(PathBuf);

    impl Drop for Inserted {
        fn drop(&mut self) {
            let mut disks = DISKS.write().unwrap_or_else(PoisonError::into_inner);
            disks.retain(|(folder, _)| *folder != self.0);
        }
    }

    /// Puts a disk behind a folder.
    pub(crate) fn insert(folder: &Path, disk: Arc<dyn Disk>) -> Inserted {
        let mut disks = DISKS.write().unwrap_or_else(PoisonError::into_inner);
        disks.push((folder.to_path_buf(), disk));
        Inserted(folder.to_path_buf())
    }

    /// The disk behind a path, if it is a simulated one.
    fn disk_of(path: &Path) -> Option<Arc<dyn Disk>> {
        let disks = DISKS.read().unwrap_or_else(PoisonError::into_inner);
        let found = disks.iter().find(|(folder, _)| path.starts_with(folder));
        found.map(|(_, disk)| Arc::clone(disk))
    }

    pub(in crate::files) fn at<T>(
        point: Point<'_>,
        act: impl FnOnce() -> io::Result<T>,
    ) -> io::Result<T> {
        let Some(disk) = disk_of(point.path()) else { return act() };
        let (mut act, mut done) = (Some(act), None);
        disk.at(point, &mut || {
            if let Some(act) = act.take() {
                done = Some(act()?);
            }
            Ok(())
        })?;
        done.ok_or_else(|| io::Error::other("the simulated disk has not done it"))
    }

    pub(in crate::files) fn sync_at(
        point: Point<'_>,
        act: impl FnOnce() -> io::Result<()>,
    ) -> io::Result<()> {
        match disk_of(point.path()) {
            Some(disk) => disk.at(point, &mut || Ok(())),
            None => act(),
        }
    }

    impl<'a> Point<'a> {
        fn path(self) -> &'a Path {
            match self {
                Point::MakeFolder(path)
                | Point::Read(path)
                | Point::Make { path, .. }
                | Point::Write(path)
                | Point::Sync(path)
                | Point::Rename { from: path, .. }
                | Point::Remove(path)
                | Point::SyncFolder(path) => path,
            }
        }
    }
}
