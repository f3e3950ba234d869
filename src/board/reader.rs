//! Reads a TOML table key by key, so that every problem is found, with its line.
//!
//! A derived deserializer stops at the first error and says nothing about unknown keys; the
//! person who writes a board file wants all of them at once.

mod asked;
mod named;
mod texts;

use std::cell::RefCell;
use std::fmt;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::config::Problem;
use crate::config::document::Lines;
use crate::config::words::nearest;
use crate::language::{Language, Text};

pub(super) use asked::{AskedKey, Shape};
pub use named::Named;
use named::named_by;
pub(super) use texts::Texts;

/// A file being read, and what was found wrong with it so far.
pub(super) struct Source<'a> {
    file: &'a str,
    text: &'a str,
    lines: Lines,
    problems: RefCell<Vec<Problem>>,
    names: RefCell<Vec<Named>>,
    /// None where nobody wants to know.
    asked: Option<RefCell<Vec<AskedKey>>>,
}

impl<'a> Source<'a> {
    pub(super) fn new(file: &'a str, text: &'a str) -> Self {
        Source {
            file,
            text,
            lines: Lines::new(text),
            problems: RefCell::default(),
            names: RefCell::default(),
            asked: None,
        }
    }

    /// As a schema is made: takes down what is asked for.
    pub(super) fn recording(file: &'a str, text: &'a str) -> Self {
        Source { asked: Some(RefCell::default()), ..Source::new(file, text) }
    }

    /// The whole file; none when it is no TOML: what could be read of a broken file is full of
    /// follow-up errors.
    pub(super) fn document(&self) -> Option<Spanned<DeTable<'a>>> {
        let (document, errors) = DeTable::parse_recoverable(self.text);
        for error in &errors {
            self.problem(error.span().map_or(0, |span| span.start), error.message());
        }
        errors.is_empty().then_some(document)
    }

    /// Its name for messages, and its text.
    pub(super) fn origin(&self) -> (&str, &str) {
        (self.file, self.text)
    }

    /// Notes a problem at a byte offset.
    pub(super) fn problem(&self, offset: usize, message: impl Into<String>) {
        let line = Some(self.lines.of(offset));
        let problem = Problem { line, ..Problem::in_file(self.file, &message.into(), "") };
        self.problems.borrow_mut().push(problem);
    }

    /// Takes down that the file names a thing of the site.
    fn name(&self, key: &'static str, at: &At<&str>, what: &str) {
        let (value, what) = (at.value.to_owned(), what.to_owned());
        let line = self.lines.of(at.offset);
        self.names.borrow_mut().push(Named { key, value, line, what });
    }

    /// The things of the site that the file names, by line.
    pub(super) fn names(&self) -> Vec<Named> {
        let mut names = self.names.take();
        names.sort_by_key(|named| named.line);
        names
    }

    /// Every key that was asked for; of one that was asked for twice the last is the most exact.
    pub(super) fn asked(self) -> Vec<AskedKey> {
        self.asked.map(RefCell::into_inner).unwrap_or_default()
    }

    /// All problems, by line.
    pub(super) fn into_problems(self) -> Vec<Problem> {
        let mut problems = self.problems.into_inner();
        problems.sort_by_key(|problem| problem.line);
        problems
    }

    pub(super) fn is_clean(&self) -> bool {
        self.problems.borrow().is_empty()
    }
}

/// One table of the file. Keys that were never asked for are unknown.
pub(super) struct Section<'a> {
    pub(super) source: &'a Source<'a>,
    /// "tile `sl`", for messages.
    pub(super) what: String,
    /// Where it begins.
    pub(super) offset: usize,
    table: &'a DeTable<'a>,
    asked: RefCell<Vec<&'static str>>,
}

/// A value and where it stands.
pub(super) struct At<T> {
    pub(super) value: T,
    pub(super) offset: usize,
}

impl<'a> Section<'a> {
    pub(super) fn new(
        source: &'a Source<'a>,
        what: impl Into<String>,
        offset: usize,
        table: &'a DeTable<'a>,
    ) -> Self {
        Section { source, what: what.into(), offset, table, asked: RefCell::default() }
    }

    fn get(&self, key: &'static str, shape: Shape) -> Option<&'a Spanned<DeValue<'a>>> {
        self.asked.borrow_mut().push(key);
        self.note(key, || shape);
        self.table.get(key)
    }

    fn note(&self, key: &'static str, shape: impl FnOnce() -> Shape) {
        let Some(asked) = &self.source.asked else { return };
        asked.borrow_mut().push(AskedKey { section: self.offset, key, shape: shape() });
    }

    /// Notes a problem with this section as a whole.
    pub(super) fn problem(&self, message: impl fmt::Display) {
        self.source.problem(self.offset, format!("{}: {message}", self.what));
    }

    /// Notes a problem with one of its values.
    pub(super) fn problem_at(&self, offset: usize, message: impl fmt::Display) {
        self.source.problem(offset, format!("{}: {message}", self.what));
    }

    fn wrong_type(&self, key: &str, value: &Spanned<DeValue<'_>>, expected: &str) {
        let found = value.get_ref().type_str();
        self.problem_at(
            value.span().start,
            format_args!("`{key}` must be {expected}, not {found}"),
        );
    }

    pub(super) fn has(&self, key: &'static str) -> bool {
        self.table.contains_key(key)
    }

    pub(super) fn text(&self, key: &'static str) -> Option<At<&'a str>> {
        let value = self.get(key, Shape::Text)?;
        match value.get_ref().as_str() {
            Some(text) => {
                let at = At { value: text, offset: value.span().start };
                if let Some(thing) = named_by(key) {
                    self.source.name(thing, &at, &self.what);
                }
                Some(at)
            }
            None => {
                self.wrong_type(key, value, "a text in quotes");
                None
            }
        }
    }

    /// What people read: a text, or a table with one for each language.
    pub(super) fn words(&self, key: &'static str) -> Option<Text> {
        let value = self.get(key, Shape::Words)?;
        let Some(table) = value.get_ref().as_table() else {
            return match value.get_ref().as_str() {
                Some(text) => Some(Text::Plain(text.to_owned())),
                None => {
                    self.wrong_type(key, value, "a text in quotes, or a table of them by language");
                    None
                }
            };
        };
        let what = format!("{}, `{key}`", self.what);
        let section = Section::new(self.source, what, value.span().start, table);
        let texts: Vec<(Language, String)> = Language::ALL
            .into_iter()
            .filter_map(|it| Some((it, section.text(it.id())?.value.to_owned())))
            .collect();
        section.finish();
        (!texts.is_empty()).then_some(Text::ByLanguage(texts))
    }

    /// A date, a date with a time, or a text that says one.
    pub(super) fn moment(&self, key: &'static str) -> Option<At<String>> {
        let value = self.get(key, Shape::Moment)?;
        let offset = value.span().start;
        match value.get_ref() {
            DeValue::Datetime(moment) => Some(At { value: moment.to_string(), offset }),
            DeValue::String(text) => Some(At { value: text.clone().into_owned(), offset }),
            _ => {
                self.wrong_type(key, value, "a date with or without a time");
                None
            }
        }
    }

    /// Takes down that a value names a thing of the site.
    pub(super) fn names(&self, thing: &'static str, name: &str, offset: usize) {
        self.source.name(thing, &At { value: name, offset }, &self.what);
    }

    /// A text that is one of the known ones; `find` turns it into what it names.
    pub(super) fn one_of<T>(
        &self,
        key: &'static str,
        known: &[&str],
        find: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(key);
        self.note(key, || Shape::OneOf(known.iter().map(|&word| word.to_owned()).collect()));
        let text = text?;
        let found = find(text.value);
        if found.is_none() {
            self.problem_at(
                text.offset,
                format_args!("unknown `{key}` \"{}\"; {}", text.value, suggest(text.value, known)),
            );
        }
        found
    }

    /// True or false.
    pub(super) fn truth(&self, key: &'static str) -> Option<At<bool>> {
        let value = self.get(key, Shape::Truth)?;
        match value.get_ref().as_bool() {
            Some(truth) => Some(At { value: truth, offset: value.span().start }),
            None => {
                self.wrong_type(key, value, "true or false");
                None
            }
        }
    }

    pub(super) fn whole(&self, key: &'static str) -> Option<At<i64>> {
        let value = self.get(key, Shape::Whole)?;
        let number = value
            .get_ref()
            .as_integer()
            .and_then(|number| i64::from_str_radix(number.as_str(), number.radix()).ok());
        match number {
            Some(number) => Some(At { value: number, offset: value.span().start }),
            None => {
                self.wrong_type(key, value, "a whole number");
                None
            }
        }
    }

    pub(super) fn number(&self, key: &'static str) -> Option<At<f64>> {
        let value = self.get(key, Shape::Number)?;
        let number = match value.get_ref() {
            DeValue::Integer(number) => number.as_str().parse().ok(),
            DeValue::Float(number) => number.as_str().parse::<f64>().ok(),
            _ => None,
        };
        match number.filter(|number| number.is_finite()) {
            Some(number) => Some(At { value: number, offset: value.span().start }),
            None => {
                self.wrong_type(key, value, "a number");
                None
            }
        }
    }

    /// The elements of a list, each a text or a table of its own.
    pub(super) fn list(&self, key: &'static str) -> Option<Vec<Element<'a>>> {
        let value = self.get(key, Shape::List { has_texts: true, tables: Vec::new() })?;
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type(key, value, "a list");
            return None;
        };
        let mut elements = Vec::new();
        for element in array.iter() {
            let offset = element.span().start;
            match element.get_ref() {
                DeValue::String(text) => {
                    let at = At { value: &**text, offset };
                    if let Some(thing) = named_by(key) {
                        self.source.name(thing, &at, &self.what);
                    }
                    elements.push(Element::Text(at));
                }
                DeValue::Table(table) => elements.push(Element::Table(At { value: table, offset })),
                _ => self.wrong_type(key, element, "a list of texts or tables"),
            }
        }
        self.note(key, || Shape::of_list(&elements));
        Some(elements)
    }

    /// The tables of a `[[key]]`.
    pub(super) fn tables(&self, key: &'static str, shape: &str) -> Vec<At<&'a DeTable<'a>>> {
        let elements = self.list(key).unwrap_or_default();
        let table = |element| match element {
            Element::Table(at) => Some(at),
            Element::Text(At { offset, .. }) => {
                self.problem_at(offset, format_args!("`{key}` must be {shape} sections"));
                None
            }
        };
        elements.into_iter().filter_map(table).collect()
    }

    /// Reports the keys that nobody asked for.
    pub(super) fn finish(self) {
        let asked = self.asked.borrow();
        for key in self.table.keys() {
            let name: &str = key.get_ref();
            if !asked.contains(&name) {
                self.source.problem(
                    key.span().start,
                    format!("{}: unknown key `{name}`; {}", self.what, suggest(name, &asked)),
                );
            }
        }
    }
}

/// One element of a list.
pub(super) enum Element<'a> {
    Text(At<&'a str>),
    Table(At<&'a DeTable<'a>>),
}

/// "did you mean `width`?", or what there is, when nothing is near.
pub(super) fn suggest(found: &str, known: &[&str]) -> String {
    if let Some(name) = nearest(found, known.iter().copied()) {
        return format!("did you mean `{name}`?");
    }
    let mut known = known.to_vec();
    known.sort_unstable();
    known.dedup();
    format!("known are {}", known.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_suggested_and_far_ones_listed() {
        assert_eq!(suggest("widht", &["width", "height"]), "did you mean `width`?");
        assert_eq!(suggest("colour", &["y", "x"]), "known are x, y");
    }

    #[test]
    fn lines_are_counted_from_one() {
        let source = Source::new("a.toml", "one\ntwo\nthree");
        source.problem(4, "second");
        source.problem(0, "first");
        assert!(!source.is_clean());
        let lines: Vec<String> = source.into_problems().iter().map(ToString::to_string).collect();
        assert_eq!(lines, ["a.toml:1: first", "a.toml:2: second"]);
    }
}
