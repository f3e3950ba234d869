//! The state folder: made for one server at a time, readable by its user alone.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::recovery::OpenError;

const FOLDER_RIGHTS: u32 = 0o700;
const FILE_RIGHTS: u32 = 0o600;

/// Held as long as the journal is open; the lock goes with the process, however it ends.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    file: File,
}

impl Lock {
    /// Whether the next server would meet it: its folder may have been swept.
    pub(super) fn is_in_place(&self) -> bool {
        let same = |found: &Metadata, ours: &Metadata| {
            (found.dev(), found.ino()) == (ours.dev(), ours.ino())
        };
        let found = fs::metadata(&self.path).and_then(|found| Ok((found, self.file.metadata()?)));
        found.is_ok_and(|(found, ours)| same(&found, &ours))
    }
}

/// Makes a folder that only its owner can look into.
pub(super) fn create(dir: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(FOLDER_RIGHTS).create(dir)?;
    if fs::metadata(dir)?.permissions().mode() & 0o777 != FOLDER_RIGHTS {
        fs::set_permissions(dir, fs::Permissions::from_mode(FOLDER_RIGHTS))?;
    }
    Ok(())
}

/// Options for a file that only its owner can read.
pub(super) fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true).mode(FILE_RIGHTS);
    options
}

/// Makes names that were created, renamed or removed in a folder survive a power cut.
pub(super) fn sync(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

/// Takes the state folder for this process, or says who has it.
pub(super) fn lock(journal_dir: &Path) -> Result<Lock, OpenError> {
    let path: PathBuf = journal_dir.join("lock");
    let failed = |source| OpenError::Folder { path: path.clone(), source };
    let file = private_file().truncate(false).open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(Lock { path, file }),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse { path: journal_dir.to_path_buf() }),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}
