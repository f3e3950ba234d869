//! What was asked of a file while it was read: each key, and what it may be. The schema for editors is
//! made of that, so that it cannot say other things than the reader.

use super::Element;

/// What a key may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::board) enum Shape {
    /// Any text.
    Text,
    /// A text, or a table with one for each language.
    Words,
    /// One of these.
    OneOf(Vec<String>),
    /// A date, a time, or both.
    Moment,
    Truth,
    Whole,
    Number,
    /// A table of the file's own names, each with one of these.
    WordByName(Vec<String>),
    /// Of texts, of tables that begin there, or of both.
    List {
        has_texts: bool,
        tables: Vec<usize>,
    },
}

impl Shape {
    /// A list with these in it.
    pub(super) fn of_list(elements: &[Element<'_>]) -> Shape {
        let has_texts = elements.iter().any(|element| matches!(element, Element::Text(_)));
        let begins = |element: &Element<'_>| match element {
            Element::Table(at) => Some(at.offset),
            Element::Text(_) => None,
        };
        Shape::List { has_texts, tables: elements.iter().filter_map(begins).collect() }
    }
}

/// A key that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::board) struct AskedKey {
    /// Where its section begins.
    pub(in crate::board) section: usize,
    pub(in crate::board) key: &'static str,
    pub(in crate::board) shape: Shape,
}
