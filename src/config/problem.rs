//! What is wrong with a config, said so that the operator can put it right at once.

use std::fmt;

use serde::Serialize;

use super::document::Place;
use super::words::nearest;

/// Longest description of what was expected that is shown beside a suggestion.
const EXPECTED_BESIDE_SUGGESTION_MAX: usize = 60;

/// One mistake: where it stands, what was found, what was expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The config file; none for variables and for problems of the whole config.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Line in the file, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The environment variable that said it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variable: Option<String>,
    /// `channel.telegram.plugin`; empty when it is about the file itself.
    pub key: String,
    /// What stands there. Never a secret.
    pub found: String,
    /// What should.
    pub expected: String,
    /// The nearest right word, when one was probably misspelt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
}

impl Problem {
    /// About a key; the line is filled in by [`locate`](Self::locate).
    pub fn about(
        key: impl Into<String>,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) -> Self {
        Self {
            file: None,
            line: None,
            variable: None,
            key: key.into(),
            found: found.into(),
            expected: expected.into(),
            suggestion: None,
        }
    }

    /// About a file as a whole (the config, a board).
    pub fn in_file(file: &str, found: &str, expected: &str) -> Self {
        Self { file: Some(file.to_owned()), ..Self::about("", found, expected) }
    }

    /// With the nearest of the known words, when one is near enough to be a misspelling.
    #[must_use]
    pub fn suggest<'a>(mut self, word: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        self.suggestion = nearest(word, known).map(str::to_owned);
        self
    }

    /// With the place where the key stands.
    #[must_use]
    pub fn locate(mut self, file: Option<&str>, place: &Place) -> Self {
        self.line = place.line;
        self.variable.clone_from(&place.variable);
        self.file = if place.variable.is_some() { None } else { file.map(str::to_owned) };
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.file, self.line, &self.variable) {
            (Some(file), Some(line), _) => write!(f, "{file}:{line}: ")?,
            (Some(file), None, _) => write!(f, "{file}: ")?,
            (None, _, Some(variable)) => write!(f, "${variable}: ")?,
            (None, _, None) => {}
        }
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        write!(f, "{}", self.found)?;
        match &self.suggestion {
            // A long list of words helps nobody who only slipped.
            Some(word) if self.expected.len() > EXPECTED_BESIDE_SUGGESTION_MAX => {
                write!(f, "; did you mean `{word}`?")
            }
            Some(word) => write!(f, "; did you mean `{word}`? Expected {}", self.expected),
            None if self.expected.is_empty() => Ok(()),
            None => write!(f, "; expected {}", self.expected),
        }
    }
}

/// Everything that is wrong, in the order of the file. Never empty when returned as an error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// One by one.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.0.iter()
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether all is well.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Vec<Problem>> for Problems {
    fn from(mut problems: Vec<Problem>) -> Self {
        problems.sort_by(|a, b| {
            let order = |problem: &Problem| {
                (problem.variable.is_some(), problem.line.unwrap_or(usize::MAX))
            };
            order(a).cmp(&order(b)).then_with(|| a.key.cmp(&b.key))
        });
        problems.dedup();
        Self(problems)
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.0 {
            writeln!(f, "{problem}")?;
        }
        match self.0.len() {
            1 => write!(f, "1 problem"),
            count => write!(f, "{count} problems"),
        }
    }
}

impl std::error::Error for Problems {}
