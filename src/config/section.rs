//! Takes the keys out of one table, one by one, and notes what is wrong with each.
//!
//! A key is asked for once, with its default; what nobody has asked for by the end is unknown.
//! Reading goes on after a mistake (with the default), so that all mistakes are found at once.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Environment;
use super::document::{Node, Place, Places, Table, Value};
use super::problem::Problem;
use super::units;

/// What all sections of one config share.
pub(super) struct Reader<'a> {
    pub(super) environment: &'a Environment,
    /// Where relative paths of the file start.
    pub(super) folder: PathBuf,
    pub(super) places: RefCell<Places>,
    pub(super) problems: RefCell<Vec<Problem>>,
}

impl Reader<'_> {
    pub(super) fn report(&self, place: &Place, problem: Problem) {
        let file = self.places.borrow().file.clone();
        self.problems.borrow_mut().push(problem.locate(file.as_deref(), place));
    }

    /// A path of the file is relative to the file's folder, one of a variable to the process's.
    pub(super) fn path(&self, place: &Place, text: &str) -> PathBuf {
        if place.variable.is_some() { PathBuf::from(text) } else { self.folder.join(text) }
    }

    /// As [`Section::texts`], at a key that the operator chose.
    pub(super) fn texts(&self, key: &str, node: Node) -> Vec<(Place, String)> {
        let items = match node.value {
            Value::List(items) => items,
            value => vec![Node { place: node.place, value }],
        };
        let mut texts = Vec::new();
        for item in items {
            match text(&item) {
                Some(text) => texts.push((item.place, text)),
                None => {
                    let problem = Problem::about(key, item.value.describe(), "a list of texts");
                    self.report(&item.place, problem);
                }
            }
        }
        texts
    }
}

/// One table on its way into the model.
pub(super) struct Section<'a> {
    pub(super) reader: &'a Reader<'a>,
    path: String,
    place: Place,
    table: Table,
    asked: Vec<&'static str>,
}

impl<'a> Section<'a> {
    /// The whole config.
    pub(super) fn root(reader: &'a Reader<'a>, table: Table) -> Self {
        Self { reader, path: String::new(), place: Place::default(), table, asked: Vec::new() }
    }

    /// The table at a node; anything else is a mistake and reads as empty.
    pub(super) fn of(reader: &'a Reader<'a>, path: String, node: Option<Node>) -> Self {
        let mut section =
            Self { reader, path, place: Place::default(), table: Table::new(), asked: Vec::new() };
        match node {
            None => {}
            Some(Node { place, value: Value::Table(table) }) => {
                section.place = place;
                section.table = table;
            }
            Some(Node { place, value }) => {
                let expected = format!("a section [{}]", section.path);
                let problem = Problem::about(section.path.clone(), value.describe(), expected);
                reader.report(&place, problem);
            }
        }
        section
    }

    /// `server.listen`
    pub(super) fn key(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// The value of a key, which counts as known from now on.
    pub(super) fn take(&mut self, key: &'static str) -> Option<Node> {
        self.asked.push(key);
        let node = self.table.remove(key)?;
        self.reader.places.borrow_mut().keys.insert(self.key(key), node.place.clone());
        Some(node)
    }

    /// Whether a key that was asked for stands there, rightly or wrongly.
    pub(super) fn has(&self, key: &str) -> bool {
        self.reader.places.borrow().keys.contains_key(&self.key(key))
    }

    /// Whether a mistake was found at a key.
    pub(super) fn is_wrong(&self, key: &str) -> bool {
        let key = self.key(key);
        self.reader.problems.borrow().iter().any(|problem| problem.key == key)
    }

    /// The table under a key.
    pub(super) fn section(&mut self, key: &'static str) -> Section<'a> {
        let node = self.take(key);
        Section::of(self.reader, self.key(key), node)
    }

    /// All that is left, by name: for tables whose keys the operator chooses.
    pub(super) fn entries(mut self) -> Vec<(String, Node)> {
        let mut entries = Vec::new();
        for (name, node) in std::mem::take(&mut self.table) {
            self.reader.places.borrow_mut().keys.insert(self.key(&name), node.place.clone());
            entries.push((name, node));
        }
        entries
    }

    /// Names what nobody asked for.
    pub(super) fn finish(self) {
        for (name, node) in &self.table {
            let expected = format!("one of {}", self.asked.join(", "));
            let problem = Problem::about(self.key(name), "unknown key", expected)
                .suggest(name, self.asked.iter().copied());
            self.reader.report(&node.place, problem);
        }
    }

    /// Reports a mistake at a key of this section.
    pub(super) fn wrong(&self, key: &str, found: impl Into<String>, expected: impl Into<String>) {
        let key = self.key(key);
        let place =
            self.reader.places.borrow().keys.get(&key).cloned().unwrap_or(self.place.clone());
        self.reader.report(&place, Problem::about(key, found, expected));
    }

    /// A value, read by `read`; the default when it is absent or wrong.
    pub(super) fn value<T>(
        &mut self,
        key: &'static str,
        default: T,
        expected: &str,
        read: impl FnOnce(&Node) -> Option<T>,
    ) -> T {
        let Some(node) = self.take(key) else { return default };
        read(&node).unwrap_or_else(|| {
            self.wrong(key, node.value.describe(), expected);
            default
        })
    }

    pub(super) fn text(&mut self, key: &'static str, default: String) -> String {
        self.value(key, default, "a text that is not empty", text)
    }

    pub(super) fn optional_text(&mut self, key: &'static str) -> Option<String> {
        self.value(key, None, "a text that is not empty", |node| text(node).map(Some))
    }

    /// One of a few words, with a suggestion for the nearest.
    pub(super) fn choice(
        &mut self,
        key: &'static str,
        default: String,
        choices: &[&'static str],
    ) -> String {
        let Some(node) = self.take(key) else { return default };
        let word = text(&node).unwrap_or_default();
        if choices.contains(&word.as_str()) {
            return word;
        }
        let expected = format!("one of {}", choices.join(", "));
        let problem = Problem::about(self.key(key), node.value.describe(), expected)
            .suggest(&word, choices.iter().copied());
        self.reader.report(&node.place, problem);
        default
    }

    /// What one of a few words stands for.
    pub(super) fn meaning<T: Copy + Default, const N: usize>(
        &mut self,
        key: &'static str,
        known: &[(&'static str, T); N],
    ) -> T {
        let word = self.choice(key, String::new(), &known.map(|(word, _)| word));
        let found = known.iter().find(|(known, _)| *known == word);
        found.map_or_else(T::default, |(_, meant)| *meant)
    }

    /// Words of a list, each with what it stands for.
    pub(super) fn words<T: Copy>(
        &mut self,
        key: &'static str,
        known: &[(&'static str, T)],
    ) -> Vec<T> {
        let mut found = Vec::new();
        for (place, word) in self.texts(key) {
            if let Some((_, meant)) = known.iter().find(|(name, _)| *name == word) {
                found.push(*meant);
                continue;
            }
            let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
            let expected = format!("some of {}", names.join(", "));
            let problem = Problem::about(self.key(key), format!("found {word:?}"), expected);
            self.reader.report(&place, problem.suggest(&word, names));
        }
        found
    }

    pub(super) fn boolean(&mut self, key: &'static str, default: bool) -> bool {
        self.value(key, default, "true or false", |node| match node.value {
            Value::Boolean(flag) => Some(flag),
            _ => None,
        })
    }

    /// A length of time of at least `min`.
    pub(super) fn duration(
        &mut self,
        key: &'static str,
        default: Duration,
        min: Duration,
    ) -> Duration {
        let mut expected = r#"a length of time such as "20s", "15m", "1h30m" or "7d""#.to_owned();
        if !min.is_zero() {
            expected.push_str(&format!(", at least {}", units::format_duration(min)));
        }
        self.value(key, default, &expected, |node| match &node.value {
            Value::Text(text) => units::parse_duration(text).filter(|length| *length >= min),
            Value::Integer(0) if min.is_zero() => Some(Duration::ZERO),
            _ => None,
        })
    }

    /// A whole number within bounds.
    pub(super) fn count(
        &mut self,
        key: &'static str,
        default: usize,
        bounds: std::ops::RangeInclusive<usize>,
    ) -> usize {
        let expected = format!("a whole number from {} to {}", bounds.start(), bounds.end());
        self.value(key, default, &expected, |node| match node.value {
            Value::Integer(number) => {
                usize::try_from(number).ok().filter(|number| bounds.contains(number))
            }
            _ => None,
        })
    }

    /// A size in bytes within bounds: a number or a text such as `"64KiB"`.
    pub(super) fn bytes(
        &mut self,
        key: &'static str,
        default: usize,
        bounds: std::ops::RangeInclusive<usize>,
    ) -> usize {
        let expected = format!(
            "a size from {} to {}, in bytes or such as \"64KiB\"",
            units::format_bytes(*bounds.start()),
            units::format_bytes(*bounds.end())
        );
        self.value(key, default, &expected, |node| {
            let size = match &node.value {
                Value::Integer(number) => usize::try_from(*number).ok(),
                Value::Text(text) => units::parse_bytes(text),
                _ => None,
            };
            size.filter(|size| bounds.contains(size))
        })
    }

    pub(super) fn path(&mut self, key: &'static str) -> Option<PathBuf> {
        let reader = self.reader;
        self.value(key, None, "a path", |node| {
            text(node).map(|text| Some(reader.path(&node.place, &text)))
        })
    }

    /// A folder that must be there.
    pub(super) fn folder(&mut self, key: &'static str) -> Option<PathBuf> {
        let path = self.path(key)?;
        self.must_be_folder(key, &path);
        Some(path)
    }

    pub(super) fn must_be_folder(&self, key: &str, path: &Path) {
        if !path.is_dir() {
            self.wrong(key, format!("there is no folder {}", path.display()), "an existing folder");
        }
    }

    /// A list of texts, each with its place; a single text counts as a list of one.
    pub(super) fn texts(&mut self, key: &'static str) -> Vec<(Place, String)> {
        let Some(node) = self.take(key) else { return Vec::new() };
        self.reader.texts(&self.key(key), node)
    }

    /// A table passed on as it is.
    pub(super) fn json(&mut self, key: &'static str) -> serde_json::Value {
        let table = match self.take(key) {
            None => BTreeMap::new(),
            Some(Node { value: Value::Table(table), .. }) => {
                self.note_places(&self.key(key), &table);
                table
            }
            Some(node) => {
                self.wrong(key, node.value.describe(), format!("a section [{}]", self.key(key)));
                BTreeMap::new()
            }
        };
        super::document::table_to_json(&table)
    }
}

impl Section<'_> {
    /// Where everything below a table stands that only a plugin knows: it may find a mistake there.
    fn note_places(&self, path: &str, table: &Table) {
        for (name, node) in table {
            self.note_place(format!("{path}.{name}"), node);
        }
    }

    fn note_place(&self, path: String, node: &Node) {
        match &node.value {
            Value::Table(table) => self.note_places(&path, table),
            Value::List(items) => {
                for (number, item) in items.iter().enumerate() {
                    self.note_place(format!("{path}.{number}"), item);
                }
            }
            _ => {}
        }
        self.reader.places.borrow_mut().keys.insert(path, node.place.clone());
    }
}

/// A text that is not empty. A variable has no quotes, so its numbers and flags are texts too.
pub(super) fn text(node: &Node) -> Option<String> {
    let text = match &node.value {
        Value::Text(text) => text.clone(),
        Value::Integer(number) if node.place.variable.is_some() => number.to_string(),
        Value::Float(number) if node.place.variable.is_some() => number.to_string(),
        Value::Boolean(flag) if node.place.variable.is_some() => flag.to_string(),
        _ => return None,
    };
    (!text.trim().is_empty()).then_some(text)
}
