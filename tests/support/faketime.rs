//! A clock of one's own for a process: `libfaketime` tells it another time of day. The time that
//! passes is the right one.

use std::path::PathBuf;
use std::process::Command;

/// Puts a command under a clock that is set by the variables of `libfaketime`.
pub(crate) fn fake(command: &mut Command) -> &mut Command {
    command.env("LD_PRELOAD", library()).env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
}

/// Debian's package keeps it in a folder of the architecture.
fn library() -> PathBuf {
    let folders = std::fs::read_dir("/usr/lib").expect("/usr/lib");
    let files = folders.flatten().map(|folder| folder.path().join("faketime/libfaketime.so.1"));
    files.into_iter().find(|file| file.is_file()).expect("libfaketime (package faketime)")
}

/// Removes what the library leaves in memory of a process that was killed: the next one with its
/// number would find it.
pub(crate) fn forget(process: u32) {
    for name in [format!("faketime_shm_{process}"), format!("sem.faketime_sem_{process}")] {
        // A process that ended by itself has removed it.
        let _ = std::fs::remove_file(PathBuf::from("/dev/shm").join(name));
    }
}
