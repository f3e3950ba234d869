//! The keys' file on its way to disk.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use super::{KeyError, Stored};

const HEAD: &str =
    "# Keys of this site's hashes. Keep a backup; show nobody. Written by Tablica.\n";

/// Makes a folder that only its owner can look into.
pub(super) fn make_folder(folder: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// A server and the command may write at once; held until dropped.
pub(super) fn lock(folder: &Path) -> Result<File, KeyError> {
    let path = folder.join("lock");
    let open = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path);
    let file = open.map_err(unusable(&path, "opened"))?;
    file.lock().map_err(unusable(&path, "locked"))?;
    Ok(file)
}

/// Whole or not at all, on disk when it returns.
pub(super) fn write(path: &Path, stored: &Stored) -> Result<(), KeyError> {
    let text = toml::to_string(stored).map_err(io::Error::other);
    let text = text.map_err(unusable(path, "written"))?;
    let draft = path.with_extension("draft");
    let written = || {
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
        file.write_all(HEAD.as_bytes())?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&draft, path)?;
        path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
    };
    written().map_err(unusable(path, "written"))
}

/// An error that says what was tried.
pub(super) fn unusable(path: &Path, action: &'static str) -> impl Fn(io::Error) -> KeyError {
    move |reason| KeyError::Unusable { path: path.to_owned(), action, reason }
}
