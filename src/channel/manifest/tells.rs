//! `tells`: the kinds of events that a network can tell, whether it has told one yet or not.
//!
//! Some tell more by one way than by another: a help desk's webhooks may say nothing of agents'
//! states that its API knows. So `tells` is one list, or a table with a list for each kind of source.

use std::collections::{BTreeMap, BTreeSet};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::config::model::SourceKind;
use crate::config::words::nearest;
use crate::event::KindName;

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tells {
    /// The same by every source.
    Always(BTreeSet<KindName>),
    /// By some sources; of others it is not known.
    BySource(BTreeMap<SourceKind, BTreeSet<KindName>>),
}

impl Tells {
    /// What comes by a source.
    pub fn by(&self, source: SourceKind) -> Option<&BTreeSet<KindName>> {
        match self {
            Tells::Always(kinds) => Some(kinds),
            Tells::BySource(kinds) => kinds.get(&source),
        }
    }
}

impl<'de> Deserialize<'de> for Tells {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        match toml::Value::deserialize(reader)? {
            toml::Value::Table(table) => {
                let by = |(source, words): (String, toml::Value)| {
                    let known = || SourceKind::ALL.iter().map(|kind| kind.word());
                    let kind = SourceKind::from_word(&source).ok_or_else(|| {
                        let known: Vec<&str> = known().collect();
                        let known = known.join(", ");
                        D::Error::custom(format!("`{source}` is no source; known are {known}"))
                    })?;
                    Ok((kind, kinds(words).map_err(D::Error::custom)?))
                };
                Ok(Tells::BySource(table.into_iter().map(by).collect::<Result<_, _>>()?))
            }
            words => Ok(Tells::Always(kinds(words).map_err(D::Error::custom)?)),
        }
    }
}

/// Kinds by their words; all that are none are named at once.
fn kinds(words: toml::Value) -> Result<BTreeSet<KindName>, String> {
    let words: Vec<String> =
        words.try_into().map_err(|_| "`tells` is no list of kinds of events".to_owned())?;
    let known = || KindName::ALL.iter().map(|kind| kind.word());
    let unknown: Vec<String> = words
        .iter()
        .filter(|word| KindName::from_word(word).is_none())
        .map(|word| match nearest(word, known()) {
            Some(nearest) => format!("`{word}` (did you mean `{nearest}`?)"),
            None => format!("`{word}`"),
        })
        .collect();
    if !unknown.is_empty() {
        let known: Vec<&str> = known().collect();
        let (unknown, known) = (unknown.join(", "), known.join(", "));
        return Err(format!("no kind of event: {unknown}; known are {known}"));
    }
    if words.is_empty() {
        let expected = "expected kinds of events; leave it out when nobody can know them";
        return Err(format!("`tells` is an empty list, {expected}"));
    }
    Ok(words.iter().filter_map(|word| KindName::from_word(word)).collect())
}
