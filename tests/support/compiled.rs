//! Compiled plugins that all sites share: each scenario has a state folder of its own, and to compile the
//! same three plugins in each would be most of what the scenarios cost.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Longer than between two runs of whoever works on it.
const UNUSED_KEPT: Duration = Duration::from_secs(3 * 24 * 3600);

/// Where they are kept, between runs too: a file is named by what it was made of and for.
fn shared() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("compiled-plugins")
}

fn folder_of(state: &Path) -> PathBuf {
    state.join("compiled-plugins")
}

/// Gives a state folder what others have compiled, before its first start.
pub(crate) fn give(state: &Path) {
    let to = folder_of(state);
    if to.exists() {
        return;
    }
    private(&to).expect("a folder of the site");
    private(&shared()).expect("a folder of the build");
    drop_what_nobody_uses().expect("compiled plugins can be dropped");
    link_all(&shared(), &to).expect("compiled plugins are shared");
}

/// Takes for the others what was compiled there.
pub(crate) fn take(state: &Path) {
    // A site whose state is elsewhere shares nothing.
    if folder_of(state).is_dir() {
        link_all(&folder_of(state), &shared()).expect("compiled plugins are shared");
    }
}

/// Those of plugins that have changed since: a server that loads one says that it is in use.
fn drop_what_nobody_uses() -> io::Result<()> {
    for entry in fs::read_dir(shared())? {
        let path = entry?.path();
        let is_old = |age: Duration| age > UNUSED_KEPT;
        if path.extension().is_none_or(|it| it != "cwasm") {
            continue;
        }
        let modified = path.metadata().and_then(|metadata| metadata.modified());
        // Another scenario may have dropped it just now.
        if modified.is_ok_and(|at| at.elapsed().is_ok_and(is_old)) {
            let _ = fs::remove_file(&path);
            let _ = fs::remove_file(path.with_extension("sha256"));
        }
    }
    Ok(())
}

/// Makes a folder for compiled plugins, as the server does.
pub(crate) fn private(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

fn link_all(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let is_checksum = path.extension().is_some_and(|it| it == "sha256");
        let code = path.with_extension("cwasm");
        // Code without a checksum is being written.
        if is_checksum && code.is_file() {
            link(&code, to)?;
            link(&path, to)?;
        }
    }
    Ok(())
}

fn link(file: &Path, to: &Path) -> io::Result<()> {
    let there = to.join(file.file_name().expect("a file has a name"));
    match fs::hard_link(file, &there) {
        // Somebody else was sooner, or the file has just made room.
        Err(error)
            if matches!(error.kind(), io::ErrorKind::AlreadyExists | io::ErrorKind::NotFound) =>
        {
            Ok(())
        }
        // On another disk: without.
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => Ok(()),
        done => done,
    }
}
