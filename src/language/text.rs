//! A text of a board file: one for all languages, or one for each.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::Language;
use crate::scope::Window;

/// Between the parts of a text, each of which is known or not: "median · today".
const BETWEEN: &str = " · ";

/// A title or subtitle as its board file gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text {
    /// In quotes. Words that the shipped boards use are said in the wall's language, any other
    /// text as it stands.
    Plain(String),
    /// By language: said as it stands.
    ByLanguage(Vec<(Language, String)>),
}

impl Text {
    /// It, in each of its languages.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        let (plain, texts) = match self {
            Text::Plain(text) => (Some(text.as_str()), &[][..]),
            Text::ByLanguage(texts) => (None, texts.as_slice()),
        };
        plain.into_iter().chain(texts.iter().map(|(_, text)| text.as_str()))
    }

    /// As a wall of that language says it. A table without the wall's language: in English, else
    /// in the first language that it has.
    pub fn of(&self, language: Language) -> String {
        match self {
            Text::Plain(text) => {
                let parts = text.split(BETWEEN).map(|part| part_in(part, language));
                parts.collect::<Vec<_>>().join(BETWEEN)
            }
            Text::ByLanguage(texts) => {
                let find = |wanted| texts.iter().find(|(language, _)| *language == wanted);
                let found = find(language).or_else(|| find(Language::English)).or(texts.first());
                found.map(|(_, text)| text.clone()).unwrap_or_default()
            }
        }
    }
}

fn part_in(part: &str, language: Language) -> String {
    let window = WINDOWS.get(part).and_then(|window| language.window(*window));
    let known = || known(part).and_then(|name| language.has(&name, None));
    window.or_else(known).unwrap_or_else(|| part.to_owned())
}

/// The windows by how they are called in English, with plain spaces.
static WINDOWS: LazyLock<HashMap<String, Window>> = LazyLock::new(|| {
    let named = |window| Some((Language::English.window(window)?.replace('\u{a0}', " "), window));
    Window::ALL.into_iter().filter_map(named).collect()
});

/// The message that says the very same in English.
fn known(text: &str) -> Option<String> {
    let name = name_of(text);
    (Language::English.has(&name, None)? == text).then_some(name)
}

/// The message's name that a text of a shipped board has: its letters and digits.
pub(super) fn name_of(text: &str) -> String {
    let mut name = String::from("board");
    let mut is_apart = true;
    for letter in text.replace('−', "minus ").chars() {
        let is_kept = letter.is_ascii_alphanumeric();
        if is_kept && is_apart {
            name.push('-');
        }
        if is_kept {
            name.push(letter);
        }
        is_apart = !is_kept;
    }
    name
}
