//! What is said beside the verb: where, by whom, how it sounds. In any order, each at most once.

use super::mistake::{Fault, hint};
use super::time;
use super::words::Word;
use crate::event::{Author, Millis, Priority, Sentiment};

/// What follows a detail's word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    Nothing,
    One,
    /// One and, after a comma, a further one, and so on.
    List,
    /// A name, or its role and then the name: `agent anna`, `queue sales`.
    Name,
}

/// All of them. What a verb doesn't ask for is a mistake beside it.
const DETAILS: [(&str, Takes); 27] = [
    ("on", Takes::One),
    ("in", Takes::One),
    ("by", Takes::Name),
    ("at", Takes::Name),
    ("to", Takes::Name),
    ("from", Takes::List),
    ("for", Takes::One),
    ("waited", Takes::One),
    ("rang", Takes::One),
    ("talked", Takes::One),
    ("hold", Takes::One),
    ("order", Takes::One),
    ("priority", Takes::One),
    ("sentiment", Takes::One),
    ("topic", Takes::List),
    ("language", Takes::One),
    ("length", Takes::One),
    ("positive", Takes::Nothing),
    ("neutral", Takes::Nothing),
    ("negative", Takes::Nothing),
    ("complaint", Takes::Nothing),
    ("spam", Takes::Nothing),
    ("public", Takes::Nothing),
    ("private", Takes::Nothing),
    ("outbound", Takes::Nothing),
    ("blind", Takes::Nothing),
    ("attended", Takes::Nothing),
];

/// A person or a place, as a detail names it.
pub(super) struct Named {
    /// `agent`, `queue`, where it is said.
    pub(super) role: Option<&'static str>,
    pub(super) name: String,
}

struct Found {
    keyword: &'static str,
    word: Word,
    values: Vec<Word>,
    used: bool,
}

/// The details of one line.
#[derive(Default)]
pub(super) struct Details(Vec<Found>);

impl Details {
    /// Divides the words into details and the others, which are the verb and its arguments.
    pub(super) fn sort(words: &[Word]) -> Result<(Details, Vec<Word>), Fault> {
        let (mut details, mut others) = (Details::default(), Vec::new());
        let mut rest = words;
        while let Some((word, after)) = rest.split_first() {
            rest = after;
            let Some((keyword, takes)) = DETAILS.into_iter().find(|(keyword, _)| word.is(keyword))
            else {
                others.push(word.clone());
                continue;
            };
            if details.0.iter().any(|found| found.keyword == keyword) {
                return Err(word.fault(format!("`{keyword}` is said twice"), "say it once"));
            }
            let count = match takes {
                Takes::Nothing => 0,
                Takes::One => 1,
                Takes::List => 1 + rest.iter().take_while(|word| word.comma).count(),
                Takes::Name => 1 + usize::from(role_of(rest).is_some()),
            };
            if rest.len() < count {
                return Err(word.fault(format!("`{keyword}` what?"), "a name or value is missing"));
            }
            let (values, after) = rest.split_at(count);
            rest = after;
            let found = Found { keyword, word: word.clone(), values: values.to_vec(), used: false };
            details.0.push(found);
        }
        Ok((details, others))
    }

    fn take(&mut self, keyword: &str) -> Option<&[Word]> {
        let found = self.0.iter_mut().find(|found| found.keyword == keyword)?;
        found.used = true;
        Some(&found.values)
    }

    fn take_one(&mut self, keyword: &str) -> Option<Word> {
        self.take(keyword)?.first().cloned()
    }

    pub(super) fn flag(&mut self, keyword: &str) -> bool {
        self.take(keyword).is_some()
    }

    pub(super) fn text(&mut self, keyword: &str) -> Option<Word> {
        self.take_one(keyword)
    }

    pub(super) fn list(&mut self, keyword: &str) -> Vec<String> {
        let values = self.take(keyword).unwrap_or_default();
        values.iter().map(|word| word.text.clone()).collect()
    }

    pub(super) fn length(&mut self, keyword: &str) -> Result<Option<Millis>, Fault> {
        self.take_one(keyword).map(|word| time::length(&word)).transpose()
    }

    pub(super) fn count(&mut self, keyword: &str) -> Result<Option<u32>, Fault> {
        let Some(word) = self.take_one(keyword) else { return Ok(None) };
        let count = word.text.parse().map(Some);
        count.map_err(|_| word.fault(format!("`{}` is no count", word.text), "such as 120"))
    }

    pub(super) fn whole(&mut self, keyword: &str) -> Result<Option<u64>, Fault> {
        let Some(word) = self.take_one(keyword) else { return Ok(None) };
        let number = word.text.parse().map(Some);
        number.map_err(|_| word.fault(format!("`{}` is no whole number", word.text), "such as 7"))
    }

    pub(super) fn named(&mut self, keyword: &str) -> Option<Named> {
        let values = self.take(keyword)?;
        let role = role_of(values);
        values.last().map(|word| Named { role, name: word.text.clone() })
    }

    /// The agent that `by` or `at` names.
    pub(super) fn agent(&mut self, keyword: &str) -> Option<String> {
        self.named(keyword).map(|named| named.name)
    }

    /// Who `by` names: one of the authors, or an agent by name.
    pub(super) fn author(&mut self) -> Option<(Author, Option<String>)> {
        let Named { role, name } = self.named("by")?;
        let author = AUTHORS.into_iter().find(|(word, _)| role.is_none() && *word == name);
        Some(author.map_or((Author::Agent, Some(name)), |(_, author)| (author, None)))
    }

    pub(super) fn priority(&mut self) -> Result<Option<Priority>, Fault> {
        let known = Priority::ALL.map(|priority| (priority.word(), priority));
        self.take_one("priority").map(|word| one_of(&word, &known)).transpose()
    }

    pub(super) fn sentiment(&mut self) -> Result<Sentiment, Fault> {
        if let Some(word) = self.take_one("sentiment") {
            return one_of(&word, &SENTIMENTS);
        }
        let said = SENTIMENTS.into_iter().find(|(word, _)| self.flag(word));
        Ok(said.map_or(Sentiment::Unknown, |(_, sentiment)| sentiment))
    }

    /// What nobody asked for is a mistake.
    pub(super) fn finish(self, verb: &str) -> Result<(), Fault> {
        match self.0.into_iter().find(|found| !found.used) {
            None => Ok(()),
            Some(Found { keyword, word, .. }) => {
                Err(word.fault(format!("`{keyword}` does not go with `{verb}`"), "leave it out"))
            }
        }
    }
}

/// `agent` before a name; not where it is all that is said (`by agent`).
fn role_of(values: &[Word]) -> Option<&'static str> {
    let [role, name, ..] = values else { return None };
    let is_name = name.quoted || !DETAILS.iter().any(|(keyword, _)| name.is(keyword));
    ["agent", "queue"].into_iter().find(|known| role.is(known) && is_name)
}

/// The one that the word means.
pub(super) fn one_of<T: Copy>(word: &Word, known: &[(&'static str, T)]) -> Result<T, Fault> {
    let found = known.iter().find(|(name, _)| word.text == *name);
    found.map(|(_, meaning)| *meaning).ok_or_else(|| {
        let names: Vec<_> = known.iter().map(|(name, _)| *name).collect();
        word.fault(format!("`{}` is not known here", word.text), hint(&word.text, names))
    })
}

const AUTHORS: [(&str, Author); 5] = [
    ("customer", Author::Customer),
    ("agent", Author::Agent),
    ("bot", Author::Bot),
    ("peer", Author::Peer),
    ("system", Author::System),
];

const SENTIMENTS: [(&str, Sentiment); 3] = [
    ("positive", Sentiment::Positive),
    ("neutral", Sentiment::Neutral),
    ("negative", Sentiment::Negative),
];
