//! The real files behind a simulated disk.

use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use crate::files::{FILE_RIGHTS, FOLDER_RIGHTS};

pub(super) fn to_index(length: u64) -> usize {
    usize::try_from(length).unwrap_or(usize::MAX)
}

/// Writes into bytes as into a file: what lies between its end and that place is zero.
pub(super) fn put_bytes(file: &mut Vec<u8>, at: u64, bytes: &[u8]) {
    let at = to_index(at);
    if file.len() < at + bytes.len() {
        file.resize(at + bytes.len(), 0);
    }
    file[at..at + bytes.len()].copy_from_slice(bytes);
}

pub(super) fn make_folder(path: &Path) -> io::Result<()> {
    fs::DirBuilder::new().mode(FOLDER_RIGHTS).create(path)
}

pub(super) fn write_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(FILE_RIGHTS).open(path)?;
    io::Write::write_all(&mut file, bytes)
}

/// Each file below a folder, in the order of their names.
pub(super) fn walk(folder: &Path, with: &mut dyn FnMut(&Path) -> io::Result<()>) -> io::Result<()> {
    let entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    let mut paths = entries.collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    for path in paths {
        if path.is_dir() {
            walk(&path, with)?;
        } else {
            with(&path)?;
        }
    }
    Ok(())
}
