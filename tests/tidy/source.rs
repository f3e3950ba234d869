//! The sources, as the house's rules look at them.

use std::fs;
use std::path::{Path, PathBuf};

pub(super) struct Source {
    /// From the project's root, with `/`.
    pub(super) path: String,
    pub(super) text: String,
}

impl Source {
    /// `src/engine/window.rs` → `engine`; `src/clock.rs` → `clock`.
    pub(super) fn module(&self) -> &str {
        let inner = self.path.strip_prefix("src/").unwrap_or(&self.path);
        inner.split(['/', '.']).next().unwrap_or(inner)
    }

    /// The lines of the product: no comments, and nothing from the file's tests on. Each with
    /// its number.
    pub(super) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .lines()
            .take_while(|line| line.trim() != "mod tests {")
            .enumerate()
            .map(|(index, line)| (index + 1, line.split("//").next().unwrap_or(line)))
    }

    pub(super) fn is_test(&self) -> bool {
        self.path.starts_with("tests/")
            || self.path.contains("/tests/")
            || self.path.ends_with("/tests.rs")
            || self.path.starts_with("src/torture/")
    }

    /// Whether `Instant` is Tokio's here: it follows the runtime's clock, which tests can pause.
    pub(super) fn instant_is_tokios(&self) -> bool {
        self.text
            .lines()
            .filter_map(|line| line.strip_prefix("use tokio::time::"))
            .any(|names| names.split(|c: char| !c.is_alphanumeric()).any(|name| name == "Instant"))
    }
}

pub(super) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All Rust files below these folders.
pub(super) fn sources(folders: &[&str]) -> Vec<Source> {
    let mut open: Vec<PathBuf> = folders.iter().map(|folder| root().join(folder)).collect();
    let mut sources = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if !["target", "node_modules", "dist"].contains(&name) {
                let entries = fs::read_dir(&path).expect("readable folder");
                open.extend(entries.map(|entry| entry.expect("readable entry").path()));
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(root()).expect("below the root").to_string_lossy();
            let text = fs::read_to_string(&path).expect("UTF-8 source");
            sources.push(Source { path: name.replace('\\', "/"), text });
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(!sources.is_empty(), "no sources in {folders:?}");
    sources
}

pub(super) fn everything() -> Vec<Source> {
    sources(&["src", "plugins", "xtask", "tests", "fuzz"])
}
