//! The rooms of the engine: what each lends to the others, and that imports make no circles. Drawn
//! from the `use` lines of the sources.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Names that a room may lend to the others.
const EXPORTS_MAX: usize = 12;
/// Files that may need each other: a type and what is done with it.
const CIRCLE_MAX: usize = 2;

/// Room → rooms that it may use. Files beside the rooms (ids, rules, moment …) may be used by all.
const MAY_USE: [(&str, &[&str]); 7] = [
    ("counting", &[]),
    ("duplicates", &[]),
    ("promise", &["cells", "counting"]),
    ("cells", &["counting"]),
    ("people", &["cells", "counting"]),
    ("contact", &["cells", "counting", "people", "promise"]),
    ("query", &["cells", "contact", "counting", "people", "promise"]),
];

/// A file of the engine by its path there without `.rs`: `cells/visitor`, `ids`.
type File = String;

fn engine() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/engine")
}

/// Each file's code, without comments and tests.
fn files() -> BTreeMap<File, String> {
    let (mut open, mut files) = (vec![engine()], BTreeMap::new());
    while let Some(path) = open.pop() {
        if path.is_dir() {
            if !path.ends_with("tests") {
                let entries = fs::read_dir(&path).expect("a readable folder");
                open.extend(entries.map(|entry| entry.expect("a readable entry").path()));
            }
            continue;
        }
        if path.ends_with("tests.rs") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("UTF-8");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default().lines();
        let code = code.filter(|line| !line.trim_start().starts_with("//"));
        let text = code.collect::<Vec<_>>().join("\n");
        let name = path.strip_prefix(engine()).expect("below").with_extension("");
        files.insert(name.to_string_lossy().replace('\\', "/"), text);
    }
    assert!(files.len() > 20, "the engine has files");
    files
}

fn room(file: &str) -> Option<&str> {
    file.split_once('/').map(|(room, _)| room)
}

fn names(list: &str) -> impl Iterator<Item = &str> {
    list.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|name| !name.is_empty())
}

/// What follows each `marker` up to the end of its path or list.
fn paths_after<'a>(text: &'a str, marker: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(marker).skip(1).map(|rest| {
        let list = rest.find('{').filter(|open| rest[..*open].chars().all(is_of_path));
        match list {
            Some(open) => &rest[..rest[open..].find('}').map_or(rest.len(), |end| open + end)],
            None => &rest[..rest.find(|c| !is_of_path(c)).unwrap_or(rest.len())],
        }
    })
}

fn is_of_path(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == ':'
}

/// What each room lends: name → the file that it comes from.
fn exports(files: &BTreeMap<File, String>) -> BTreeMap<(String, String), File> {
    let mut exports = BTreeMap::new();
    for (file, text) in files {
        let Some(room) = file.strip_suffix("/mod") else { continue };
        for path in paths_after(text, " use ") {
            let Some((inner, list)) = path.split_once("::") else { continue };
            for name in names(list) {
                exports.insert((room.to_owned(), name.to_owned()), format!("{room}/{inner}"));
            }
        }
    }
    exports
}

/// From each file to those that its `use` lines and paths name.
fn graph(files: &BTreeMap<File, String>) -> BTreeMap<File, BTreeSet<File>> {
    let exports = exports(files);
    let mut graph: BTreeMap<File, BTreeSet<File>> = BTreeMap::new();
    for (file, text) in files.iter().filter(|(file, _)| !file.ends_with("mod")) {
        let uses = graph.entry(file.clone()).or_default();
        for path in paths_after(text, "crate::engine::") {
            let (first, rest) = path.split_once("::").unwrap_or((path, ""));
            if files.contains_key(first) {
                uses.insert(first.to_owned());
            }
            for name in names(rest) {
                uses.extend(exports.get(&(first.to_owned(), name.to_owned())).cloned());
            }
        }
        for path in paths_after(text, "super::") {
            let inner = path.split("::").next().unwrap_or(path);
            let beside = match room(file) {
                Some(room) => format!("{room}/{inner}"),
                None => inner.to_owned(),
            };
            uses.extend(files.contains_key(&beside).then_some(beside));
        }
        uses.remove(file);
    }
    graph
}

fn reach<'a>(graph: &'a BTreeMap<File, BTreeSet<File>>, from: &'a str) -> BTreeSet<&'a str> {
    let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(file) = open.pop() {
        for next in graph.get(file).into_iter().flatten() {
            if seen.insert(next.as_str()) {
                open.push(next);
            }
        }
    }
    seen
}

#[test]
fn imports_of_the_engine_make_no_circle_of_more_than_two_files() {
    let graph = graph(&files());
    let edges: usize = graph.values().map(BTreeSet::len).sum();
    assert!(edges > graph.len(), "the graph has edges");
    for file in graph.keys() {
        let both = reach(&graph, file)
            .into_iter()
            .filter(|other| reach(&graph, other).contains(file.as_str()));
        let circle: BTreeSet<_> = both.chain([file.as_str()]).collect();
        assert!(circle.len() <= CIRCLE_MAX, "these files need each other: {circle:?}");
    }
}

#[test]
fn a_room_lends_a_handful_of_names() {
    let files = files();
    let exports = exports(&files);
    for (room, _) in MAY_USE {
        let lent: Vec<_> = exports.keys().filter(|(of, _)| of == room).collect();
        assert!(!lent.is_empty(), "{room} lends nothing");
        assert!(lent.len() <= EXPORTS_MAX, "{room} lends {} names: {lent:?}", lent.len());
        let inner = files[&format!("{room}/mod")].contains("pub mod");
        assert!(!inner, "{room}: others could name its files");
    }
}

#[test]
fn rooms_use_only_what_the_map_allows() {
    let allowed: BTreeMap<_, _> = MAY_USE.into();
    let mut findings = Vec::new();
    for (file, uses) in graph(&files()) {
        let Some(of) = room(&file) else { continue };
        let other = uses.iter().filter_map(|used| room(used)).filter(|used| *used != of);
        let known = allowed.get(of).expect("a room on the map");
        for used in other.filter(|used| !known.contains(used)) {
            findings.push(format!("{file} uses {used}, and {of} may not"));
        }
    }
    assert!(findings.is_empty(), "{findings:#?}");
}
