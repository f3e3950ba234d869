//! A text of a board file, in one language for all or in each its own.

use toml::de::DeValue;

use super::{Element, Section, Shape, suggest};
use crate::language::Language;

/// A text in one language or in several.
pub(in crate::board) struct Texts(Vec<(String, String)>);

impl Texts {
    /// All of them.
    pub(in crate::board) fn all(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(_, text)| text.as_str())
    }

    /// The one in that language; where there is none, the one for all, or the first.
    pub(in crate::board) fn in_language(&self, language: &str) -> &str {
        let own = self.0.iter().find(|(it, _)| it == language);
        own.or(self.0.first()).map_or("", |(_, text)| text)
    }
}

impl Section<'_> {
    /// A list of texts, each one for all languages or a table of them by language.
    pub(in crate::board) fn texts_of_each(&self, key: &'static str) -> Vec<Texts> {
        let one = |element| match element {
            Element::Text(at) => Some(Texts(vec![(String::new(), at.value.to_owned())])),
            Element::Table(at) => {
                let what = format!("{}, `{key}`", self.what);
                let section = Section::new(self.source, what, at.offset, at.value);
                let texts = Language::ALL.into_iter().filter_map(|language| {
                    let text = section.text(language.id())?;
                    Some((language.id().to_owned(), text.value.to_owned()))
                });
                let texts: Vec<_> = texts.collect();
                section.finish();
                (!texts.is_empty()).then_some(Texts(texts))
            }
        };
        self.list(key).unwrap_or_default().into_iter().filter_map(one).collect()
    }

    /// A text, or a table of texts by language.
    pub(in crate::board) fn texts(&self, key: &'static str, languages: &[&str]) -> Option<Texts> {
        let value = self.get(key, Shape::Words)?;
        if let Some(text) = value.get_ref().as_str() {
            return Some(Texts(vec![(String::new(), text.to_owned())]));
        }
        let DeValue::Table(table) = value.get_ref() else {
            self.wrong_type(key, value, "a text, or a table of texts: { en = \"…\", pl = \"…\" }");
            return None;
        };
        let mut texts = Vec::new();
        for (language, text) in table {
            let name: &str = language.get_ref();
            if !languages.contains(&name) {
                let near = suggest(name, languages);
                let message = format!("`{key}`: unknown language `{name}`; {near}");
                self.problem_at(language.span().start, message);
            }
            match text.get_ref().as_str() {
                Some(text) => texts.push((name.to_owned(), text.to_owned())),
                None => self.wrong_type(key, text, "a text in quotes"),
            }
        }
        Some(Texts(texts)).filter(|texts| !texts.0.is_empty())
    }
}
