//! What an author has saved: looked at now and then, as the server looks at the files that it tails. It
//! works on every disk, and folders that tools fill by the thousand are not entered.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::outside::Outside;

/// How often; a save counts when nothing has changed for as long.
pub(super) const LOOK_EVERY: Duration = Duration::from_millis(250);
/// Files that are looked at. A plugin has few; a folder with more is somebody's home.
const FILES_MAX: usize = 10_000;
/// What tools make.
const MADE: [&str; 6] =
    ["target", "node_modules", "__pycache__", "Cargo.lock", "package-lock.json", "dist"];

/// When a file was written, and how long it is.
type Stamp = (Option<SystemTime>, u64);

/// The files of a plugin's folder, by their names in it, and those outside, by whole paths.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Saved(BTreeMap<PathBuf, Stamp>);

impl Saved {
    pub(super) fn now(folder: &Path, outside: &Outside) -> Self {
        let mut files = BTreeMap::new();
        look(folder, Path::new(""), &mut files);
        for folder in &outside.folders {
            look(folder, folder, &mut files);
        }
        for file in &outside.files {
            note(file, file.clone(), &mut files);
        }
        Self(files)
    }

    /// A file that is other than before, or gone.
    pub(super) fn other_than<'a>(&'a self, before: &'a Saved) -> Option<&'a Path> {
        let changed = self.0.iter().find(|(file, stamp)| before.0.get(*file) != Some(stamp));
        let gone = || before.0.keys().find(|file| !self.0.contains_key(*file));
        changed.map(|(file, _)| file).or_else(gone).map(PathBuf::as_path)
    }
}

/// `below` is a folder within `root`, or `root` itself by its whole path.
fn look(root: &Path, below: &Path, files: &mut BTreeMap<PathBuf, Stamp>) {
    // A folder that is gone, or may not be read, has nothing in it.
    let Ok(entries) = fs::read_dir(root.join(below)) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let word = name.to_string_lossy();
        if word.starts_with('.') || MADE.contains(&word.as_ref()) || word.ends_with(".wasm") {
            continue;
        }
        let path = below.join(&name);
        // A link to a folder may lead back to where it stands.
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => look(root, &path, files),
            _ => note(&entry.path(), path, files),
        }
    }
}

/// Through links: a helper that several plugins share is one of the plugin's files.
fn note(file: &Path, named: PathBuf, files: &mut BTreeMap<PathBuf, Stamp>) {
    let Ok(metadata) = fs::metadata(file) else { return };
    if metadata.is_file() && files.len() < FILES_MAX {
        files.insert(named, (metadata.modified().ok(), metadata.len()));
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
        let now = || Saved::now(folder.path(), &Outside::of(folder.path()));
        put("src/lib.rs", "1");
        let first = now();
        for made in
            ["target/debug/x", "node_modules/a/b.js", ".git/HEAD", "bell.wasm", "Cargo.lock"]
        {
            put(made, "x");
        }
        assert_eq!(now(), first);
        put("src/lib.rs", "12");
        let second = now();
        assert_eq!(second.other_than(&first), Some(Path::new("src/lib.rs")));
        fs::remove_file(folder.path().join("src/lib.rs")).expect("removed");
        let third = now();
        assert_eq!(third.other_than(&second), Some(Path::new("src/lib.rs")));
        assert_ne!(third, second);
    }
}
