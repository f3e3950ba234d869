//! The state folder: made for one server at a time, readable by its user alone.

use std::fs::{self, File, Metadata, TryLockError};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::recovery::OpenError;
use crate::files::{self, FOLDER_RIGHTS};

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

/// Makes a folder that only its owner can look into, also of one that is there.
pub(super) fn create(dir: &Path) -> io::Result<()> {
    files::create_private_folder(dir)?;
    if fs::metadata(dir)?.permissions().mode() & 0o777 != FOLDER_RIGHTS {
        fs::set_permissions(dir, fs::Permissions::from_mode(FOLDER_RIGHTS))?;
    }
    Ok(())
}

/// Takes the state folder for this process, or says who has it.
pub(super) fn lock(journal_dir: &Path) -> Result<Lock, OpenError> {
    let path: PathBuf = journal_dir.join("lock");
    let failed = |source| OpenError::Folder { path: path.clone(), source };
    let file = files::make(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(Lock { path, file }),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse { path: journal_dir.to_path_buf() }),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}
