//! What a plugin is built of that does not lie in its folder: crates that `Cargo.toml` names by path, and
//! theirs; files that JavaScript imports by path. Python's tool takes nothing from elsewhere.
//!
//! It is read and not asked of cargo: a look must be cheap, and must work while somebody writes.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

/// Crates, or imported files, that are followed.
const FOLLOWED_MAX: usize = 200;
/// Longer files are not of an author's hand.
const FILE_BYTES_MAX: u64 = 1 << 20;
/// Where a crate names others that it is built of.
const DEPENDENCIES: [&str; 2] = ["dependencies", "build-dependencies"];
/// How JavaScript's imports of files begin.
const BY_PATH: [&str; 2] = ["./", "../"];

/// All of it, by whole paths.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Outside {
    pub(super) folders: BTreeSet<PathBuf>,
    pub(super) files: BTreeSet<PathBuf>,
}

impl Outside {
    /// What cannot be read is left out: building says more of it.
    pub(super) fn of(plugin: &Path) -> Self {
        let Ok(plugin) = fs::canonicalize(plugin) else { return Self::default() };
        let mut outside = Self::default();
        outside.crates(&plugin);
        outside.imports(&plugin);
        outside.folders.retain(|it| !it.starts_with(&plugin));
        outside.files.retain(|it| !it.starts_with(&plugin));
        outside
    }

    fn crates(&mut self, plugin: &Path) {
        let mut next = vec![plugin.to_path_buf()];
        while let Some(folder) = next.pop() {
            let Some(manifest) = table(&folder.join("Cargo.toml")) else { continue };
            let workspace = workspace(&folder, &manifest);
            if let Some((root, _)) = &workspace {
                self.files.insert(root.join("Cargo.toml"));
            }
            for path in paths(&folder, &manifest, workspace.as_ref()) {
                let Ok(path) = fs::canonicalize(path) else { continue };
                if self.folders.len() < FOLLOWED_MAX && self.folders.insert(path.clone()) {
                    next.push(path);
                }
            }
        }
    }

    fn imports(&mut self, plugin: &Path) {
        let mut next: Vec<PathBuf> = fs::read_dir(plugin)
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| fs::canonicalize(entry.path()).ok())
            .filter(|path| is_script(path))
            .collect();
        let mut seen = BTreeSet::new();
        while let Some(file) = next.pop() {
            if seen.len() >= FOLLOWED_MAX || !seen.insert(file.clone()) {
                continue;
            }
            let (Some(text), Some(folder)) = (text(&file), file.parent()) else { continue };
            let named = imported(&text).filter_map(|it| fs::canonicalize(folder.join(it)).ok());
            next.extend(named.filter(|path| path.is_file() && is_script(path)));
        }
        self.files.extend(seen);
    }
}

fn text(file: &Path) -> Option<String> {
    let is_short = fs::metadata(file).is_ok_and(|it| it.is_file() && it.len() <= FILE_BYTES_MAX);
    is_short.then(|| fs::read_to_string(file).ok())?
}

fn table(file: &Path) -> Option<Table> {
    text(file)?.parse().ok()
}

/// The workspace that a crate is in: its folder, and its manifest.
fn workspace(folder: &Path, manifest: &Table) -> Option<(PathBuf, Table)> {
    let of = |root: PathBuf| {
        let manifest = table(&root.join("Cargo.toml"))?;
        manifest.contains_key("workspace").then_some((root, manifest))
    };
    match manifest.get("package").and_then(|it| it.get("workspace")).and_then(Value::as_str) {
        Some(named) => of(fs::canonicalize(folder.join(named)).ok()?),
        None => folder.ancestors().find_map(|it| of(it.to_path_buf())),
    }
}

/// Folders of other crates that a crate is built of.
fn paths(
    folder: &Path,
    manifest: &Table,
    workspace: Option<&(PathBuf, Table)>,
) -> BTreeSet<PathBuf> {
    let mut all = BTreeSet::new();
    let by_target = manifest.get("target").and_then(Value::as_table).into_iter();
    let by_target = by_target.flat_map(Table::values).filter_map(Value::as_table);
    let dependencies = std::iter::once(manifest)
        .chain(by_target)
        .flat_map(|table| DEPENDENCIES.iter().filter_map(|it| table.get(*it)?.as_table()));
    for (name, dependency) in dependencies.flatten() {
        let inherits = dependency.get("workspace").and_then(Value::as_bool) == Some(true);
        let shared = || {
            let (root, manifest) = workspace?;
            let dependency = manifest.get("workspace")?.get("dependencies")?.get(name)?;
            Some(root.join(dependency.get("path")?.as_str()?))
        };
        match dependency.get("path").and_then(Value::as_str) {
            Some(path) => all.insert(folder.join(path)),
            None => inherits && shared().is_some_and(|path| all.insert(path)),
        };
    }
    all
}

fn is_script(path: &Path) -> bool {
    let extension = path.extension().and_then(OsStr::to_str);
    extension.is_some_and(|it| ["js", "mjs", "json"].contains(&it))
}

/// Words in quotes that name a file by its path. Where one is no import, a file more is looked at.
fn imported(text: &str) -> impl Iterator<Item = &str> {
    let words = text.lines().flat_map(|line| line.split(['"', '\'', '`']).skip(1).step_by(2));
    words.filter(|word| BY_PATH.iter().any(|it| word.starts_with(it)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(folder: &Path, files: &[(&str, &str)]) {
        for (file, text) in files {
            let path = folder.join(file);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, text).expect("written");
        }
    }

    #[test]
    fn crates_are_followed_by_their_paths_and_through_the_workspace() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = fs::canonicalize(folder.path()).expect("its whole path");
        let shared = "[workspace]\n[workspace.dependencies]\nshared = { path = 'libs/shared' }\n\
                      unused = { path = 'libs/unused' }\nserde = '1'\n";
        let bell = "[package]\nname = 'bell'\n[dependencies]\nwords = { path = '../words' }\n\
                    inner = { path = 'inner' }\nserde = '1'\nshared.workspace = true\n\
                    gone = { path = '../gone' }\n[dev-dependencies]\ntests = { path = '../tests' }\n";
        let words = "[target.'cfg(unix)'.build-dependencies]\ndeep = { path = '../deep' }\n\
                     [dependencies]\nbell = { path = '../bell' }\n";
        put(
            &root,
            &[
                ("Cargo.toml", shared),
                ("bell/Cargo.toml", bell),
                ("bell/inner/Cargo.toml", "[dependencies]\nfar = { path = '../../far' }"),
                ("words/Cargo.toml", words),
                ("libs/shared/Cargo.toml", ""),
                ("libs/unused/Cargo.toml", ""),
                ("deep/Cargo.toml", "= half written"),
                ("far/Cargo.toml", ""),
                ("tests/Cargo.toml", ""),
            ],
        );
        let outside = Outside::of(&root.join("bell"));
        let expected = ["deep", "far", "libs/shared", "words"].map(|it| root.join(it));
        assert_eq!(outside.folders, expected.into());
        assert_eq!(outside.files, [root.join("Cargo.toml")].into());
    }

    #[test]
    fn files_that_javascript_imports_are_followed() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = fs::canonicalize(folder.path()).expect("its whole path");
        let plugin = "import { wit } from './tablica.js'\nimport words from \"../shared/words.mjs\"\n\
                      import { x } from '@acme/x'\nconst gone = '../gone.js', etc = '../../../etc/passwd'\n";
        put(
            &root,
            &[
                ("bell/package.json", "{\"main\": \"plugin.js\"}"),
                ("bell/plugin.js", plugin),
                ("bell/tablica.js", "export const wit = 1"),
                ("shared/words.mjs", "export * from './more.js'"),
                ("shared/more.js", "import './words.mjs'"),
                ("shared/other.js", ""),
            ],
        );
        let outside = Outside::of(&root.join("bell"));
        assert_eq!(outside.folders, [].into());
        let expected = ["shared/more.js", "shared/words.mjs"].map(|it| root.join(it));
        assert_eq!(outside.files, expected.into());
    }
}
