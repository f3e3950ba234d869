//! Small questions about the machine.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The program's place on the PATH.
pub(crate) fn which(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// What a program prints, when it succeeds.
pub(crate) fn answer<S: AsRef<OsStr>>(program: S, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// All files below a folder, in order of their names.
pub(crate) fn files_below(folder: &Path, skip: &[&str]) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(path) = open.pop() {
        let skipped = path.file_name().is_some_and(|name| skip.iter().any(|skip| name == *skip));
        if skipped {
            continue;
        }
        if path.is_dir() {
            for entry in fs::read_dir(&path)? {
                open.push(entry?.path());
            }
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// A fingerprint of files: their names and contents (FNV-1a). Tells "changed" from "unchanged",
/// nothing more.
pub(crate) fn fingerprint(files: &[PathBuf]) -> std::io::Result<String> {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    for file in files {
        add(file.as_os_str().as_encoded_bytes());
        add(&fs::read(file)?);
        add(&[0]);
    }
    Ok(format!("{hash:016x}"))
}

/// Writes only what differs, so that nothing that watches the file is built again in vain.
/// True when it was written.
pub(crate) fn write_if_changed(path: &Path, bytes: &[u8]) -> std::io::Result<bool> {
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(false);
    }
    // A half-written file never has the final name.
    let half = path.with_extension("half-written");
    fs::write(&half, bytes)?;
    fs::rename(&half, path)?;
    Ok(true)
}
