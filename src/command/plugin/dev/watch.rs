//! What an author has saved: looked at now and then, as the server looks at the files that it tails. It
//! works on every disk, and folders that tools fill by the thousand are not entered.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How often; a save counts when nothing has changed for as long.
pub(super) const LOOK_EVERY: Duration = Duration::from_millis(250);
/// Files that are looked at. A plugin has few; a folder with more is somebody's home.
const FILES_MAX: usize = 10_000;
/// What tools make.
const MADE: [&str; 6] =
    ["target", "node_modules", "__pycache__", "Cargo.lock", "package-lock.json", "dist"];

/// The files of a plugin's folder: when each was written, and how long it is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Saved(BTreeMap<PathBuf, (Option<SystemTime>, u64)>);

impl Saved {
    pub(super) fn now(folder: &Path) -> Self {
        let mut files = BTreeMap::new();
        look(folder, Path::new(""), &mut files);
        Self(files)
    }

    /// A file that is other than before, or gone.
    pub(super) fn other_than<'a>(&'a self, before: &'a Saved) -> Option<&'a Path> {
        let changed = self.0.iter().find(|(file, stamp)| before.0.get(*file) != Some(stamp));
        let gone = || before.0.keys().find(|file| !self.0.contains_key(*file));
        changed.map(|(file, _)| file).or_else(gone).map(PathBuf::as_path)
    }
}

fn look(root: &Path, below: &Path, files: &mut BTreeMap<PathBuf, (Option<SystemTime>, u64)>) {
    // A folder that is gone, or may not be read, has nothing in it.
    let Ok(entries) = fs::read_dir(root.join(below)) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let word = name.to_string_lossy();
        if word.starts_with('.') || MADE.contains(&word.as_ref()) || word.ends_with(".wasm") {
            continue;
        }
        // Through links: a helper that several plugins share is one of the plugin's files.
        let Ok(metadata) = fs::metadata(entry.path()) else { continue };
        let path = below.join(&name);
        if metadata.is_dir() {
            // A link may lead back to where it stands.
            if entry.file_type().is_ok_and(|it| it.is_dir()) {
                look(root, &path, files);
            }
        } else if files.len() < FILES_MAX {
            files.insert(path, (metadata.modified().ok(), metadata.len()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saved_file_is_seen_and_what_tools_make_is_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let put = |file: &str, text: &str| {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, text).expect("written");
        };
        put("src/lib.rs", "1");
        let first = Saved::now(folder.path());
        for made in
            ["target/debug/x", "node_modules/a/b.js", ".git/HEAD", "bell.wasm", "Cargo.lock"]
        {
            put(made, "x");
        }
        assert_eq!(Saved::now(folder.path()), first);
        put("src/lib.rs", "12");
        let second = Saved::now(folder.path());
        assert_eq!(second.other_than(&first), Some(Path::new("src/lib.rs")));
        fs::remove_file(folder.path().join("src/lib.rs")).expect("removed");
        let third = Saved::now(folder.path());
        assert_eq!(third.other_than(&second), Some(Path::new("src/lib.rs")));
        assert_ne!(third, second);
    }
}
