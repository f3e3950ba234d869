//! What is wrong with a script, said so that its author sees where and how to put it right.

use std::fmt;

use crate::config::words::nearest;
use crate::config::{Problem, Problems};

/// Mistakes that are told at once.
pub(super) const MISTAKES_MAX: usize = 20;
/// Widest underline.
const UNDERLINE_MAX: usize = 200;

/// A mistake on a line that is not known yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// Columns, from 0, the second one past the end.
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) what: String,
    pub(super) hint: String,
}

impl Fault {
    /// At that line, which reads `text`.
    pub(super) fn on(self, line: usize, text: &str) -> Mistake {
        let Fault { from, to, what, hint } = self;
        let place = Some(Place { text: text.to_owned(), from, to: to.max(from + 1) });
        Mistake { file: None, line, place, what, hint }
    }
}

/// "did you mean `queued`?", or what would have been right.
pub(super) fn hint<'a>(word: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    match nearest(word, known.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("one of {}", known.into_iter().collect::<Vec<_>>().join(", ")),
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    text: String,
    from: usize,
    to: usize,
}

/// One thing that is wrong with a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    /// The file, where it isn't the script itself but the config below it.
    file: Option<String>,
    /// From 1; 0 where it is about the whole file.
    line: usize,
    place: Option<Place>,
    what: String,
    hint: String,
}

impl Mistake {
    pub(super) fn whole(line: usize, what: &str, hint: &str) -> Self {
        Mistake { file: None, line, place: None, what: what.to_owned(), hint: hint.to_owned() }
    }

    /// A config's problem; `script` is the name under which its own config block was read.
    fn of_config(problem: &Problem, script: &str) -> Self {
        let elsewhere = problem.file.clone().filter(|file| file != script);
        let mut bare = problem.clone();
        (bare.file, bare.line) = (None, None);
        Mistake {
            file: elsewhere,
            line: problem.line.unwrap_or_default(),
            place: None,
            what: bare.to_string(),
            hint: String::new(),
        }
    }
}

/// Everything that is wrong with a script, by line. Never empty when returned as an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistakes {
    file: String,
    mistakes: Vec<Mistake>,
}

impl Mistakes {
    pub(super) fn new(file: &str, mistakes: Vec<Mistake>) -> Self {
        Mistakes { file: file.to_owned(), mistakes }
    }

    pub(super) fn of_config(file: &str, problems: &Problems) -> Self {
        let mistakes = problems.iter().map(|problem| Mistake::of_config(problem, file));
        Mistakes::new(file, mistakes.collect())
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, mistake) in self.mistakes.iter().enumerate() {
            if number > 0 {
                writeln!(f)?;
            }
            let file = mistake.file.as_ref().unwrap_or(&self.file);
            write!(f, "{file}:")?;
            if mistake.line > 0 {
                write!(f, "{}:", mistake.line)?;
            }
            if let Some(place) = &mistake.place {
                write!(f, "{}:", place.from + 1)?;
            }
            write!(f, " {}", mistake.what)?;
            if !mistake.hint.is_empty() {
                // A question ends by itself.
                let join = if mistake.what.ends_with('?') { "" } else { ";" };
                write!(f, "{join} {}", mistake.hint)?;
            }
            if let Some(place) = &mistake.place {
                let underline = "^".repeat((place.to - place.from).clamp(1, UNDERLINE_MAX));
                // Tabs stay tabs, so that the underline stands below its word.
                let before = place.text.chars().chain(std::iter::repeat(' ')).take(place.from);
                let before: String = before.map(|c| if c == '\t' { c } else { ' ' }).collect();
                write!(f, "\n  {}\n  {before}{underline}", place.text)?;
            }
        }
        if self.mistakes.len() == MISTAKES_MAX {
            write!(f, "\n(the rest of {} was not read)", self.file)?;
        }
        Ok(())
    }
}

impl std::error::Error for Mistakes {}
