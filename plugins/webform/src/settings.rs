//! The operator's mapping: where in a body each thing is, and what the site calls it.

use std::collections::BTreeMap;

use serde::Deserialize;
use tablica_plugin::words::{self, AUTHORS, MEDIA, Words};
use tablica_plugin::{
    Author, Failure, Medium, check_rating_scale, identity, pointer, setting_error, settings,
};

use crate::words::{Happening, KINDS};

/// The settings as used.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) items: Option<String>,
    pub(crate) json_fields: Vec<String>,
    pub(crate) medium: Medium,
    pub(crate) public: bool,
    pub(crate) default_kind: Option<Happening>,
    pub(crate) kinds: BTreeMap<String, Happening>,
    pub(crate) authors: BTreeMap<String, Author>,
    pub(crate) rating_scale: f64,
    pub(crate) country_code: Option<String>,
    pub(crate) map: Map,
}

/// The settings as written.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Written {
    /// Pointer to an array of events; a body is one event without it.
    items: Option<String>,
    /// Fields of a form in which JSON stands.
    json_fields: Vec<String>,
    medium: String,
    public: bool,
    /// Kind of bodies that give none; empty makes the kind mandatory.
    default_kind: String,
    /// The site's words for ours.
    kinds: BTreeMap<String, String>,
    authors: BTreeMap<String, String>,
    rating_scale: f64,
    country_code: Option<String>,
    map: Map,
}

impl Default for Written {
    fn default() -> Self {
        Self {
            items: None,
            json_fields: Vec::new(),
            medium: "ticket".into(),
            public: false,
            default_kind: "message".into(),
            kinds: BTreeMap::new(),
            authors: BTreeMap::new(),
            rating_scale: 5.0,
            country_code: None,
            map: Map::default(),
        }
    }
}

/// JSON pointers, one or several for each thing: the first that leads somewhere counts, for a
/// customer all of them.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Map {
    pub(crate) id: Pointers,
    pub(crate) time: Pointers,
    pub(crate) interaction: Pointers,
    pub(crate) kind: Pointers,
    pub(crate) queue: Pointers,
    pub(crate) agent: Pointers,
    pub(crate) customer: Pointers,
    pub(crate) author: Pointers,
    pub(crate) text: Pointers,
    pub(crate) language: Pointers,
    pub(crate) sentiment: Pointers,
    pub(crate) public: Pointers,
    pub(crate) note: Pointers,
    pub(crate) score: Pointers,
    pub(crate) scale: Pointers,
    pub(crate) dimension: Pointers,
    pub(crate) priority: Pointers,
    pub(crate) reason: Pointers,
    pub(crate) status: Pointers,
    pub(crate) to_queue: Pointers,
    pub(crate) to_agent: Pointers,
    pub(crate) tags: Pointers,
}

impl Default for Map {
    fn default() -> Self {
        Self {
            id: Pointers::at(&["/id"]),
            time: Pointers::at(&["/time"]),
            interaction: Pointers::at(&["/interaction"]),
            kind: Pointers::at(&["/kind"]),
            queue: Pointers::at(&["/queue"]),
            agent: Pointers::at(&["/agent"]),
            customer: Pointers::at(&["/customer", "/email", "/phone"]),
            author: Pointers::at(&["/author"]),
            text: Pointers::at(&["/text"]),
            language: Pointers::at(&["/language"]),
            sentiment: Pointers::at(&["/sentiment"]),
            public: Pointers::at(&["/public"]),
            note: Pointers::at(&["/note"]),
            score: Pointers::at(&["/rating/score", "/rating"]),
            scale: Pointers::at(&["/rating/scale"]),
            dimension: Pointers::at(&["/rating/dimension"]),
            priority: Pointers::at(&["/priority"]),
            reason: Pointers::at(&["/reason"]),
            status: Pointers::at(&["/status"]),
            to_queue: Pointers::at(&["/to_queue"]),
            to_agent: Pointers::at(&["/to_agent"]),
            tags: Pointers::at(&["/tags"]),
        }
    }
}

impl Map {
    fn named(&self) -> [(&'static str, &Pointers); 22] {
        [
            ("id", &self.id),
            ("time", &self.time),
            ("interaction", &self.interaction),
            ("kind", &self.kind),
            ("queue", &self.queue),
            ("agent", &self.agent),
            ("customer", &self.customer),
            ("author", &self.author),
            ("text", &self.text),
            ("language", &self.language),
            ("sentiment", &self.sentiment),
            ("public", &self.public),
            ("note", &self.note),
            ("score", &self.score),
            ("scale", &self.scale),
            ("dimension", &self.dimension),
            ("priority", &self.priority),
            ("reason", &self.reason),
            ("status", &self.status),
            ("to_queue", &self.to_queue),
            ("to_agent", &self.to_agent),
            ("tags", &self.tags),
        ]
    }
}

/// One pointer or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "OneOrMany")]
pub(crate) struct Pointers(pub(crate) Vec<String>);

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl From<OneOrMany> for Pointers {
    fn from(pointers: OneOrMany) -> Self {
        Self(match pointers {
            OneOrMany::One(pointer) => vec![pointer],
            OneOrMany::Many(pointers) => pointers,
        })
    }
}

impl Pointers {
    fn at(pointers: &[&str]) -> Self {
        Self(pointers.iter().map(|pointer| (*pointer).to_owned()).collect())
    }
}

impl Settings {
    pub(crate) fn parse(config: &str, site: Option<&str>) -> Result<Self, Failure> {
        let written: Written = settings(config)?;
        if let Some(items) = &written.items {
            check_pointer("/items", items)?;
        }
        for (key, pointers) in written.map.named() {
            for path in &pointers.0 {
                // `^` before it: from the body on, not from the item.
                let begun = path.strip_prefix('^').unwrap_or(path);
                check_pointer(&pointer(["map", key]), begun)?;
            }
        }
        check_rating_scale(written.rating_scale)?;
        let country_code = identity::country_code(written.country_code, site)?;
        let default_kind = match written.default_kind.as_str() {
            "" => None,
            kind => Some(word("/default_kind", KINDS, kind)?),
        };
        Ok(Self {
            items: written.items,
            json_fields: written.json_fields,
            medium: word("/medium", MEDIA, &written.medium)?,
            public: written.public,
            default_kind,
            kinds: translate("kinds", KINDS, written.kinds)?,
            authors: translate("authors", AUTHORS, written.authors)?,
            rating_scale: written.rating_scale,
            country_code,
            map: written.map,
        })
    }
}

fn check_pointer(at: &str, path: &str) -> Result<(), Failure> {
    if path.starts_with('/') {
        return Ok(());
    }
    Err(setting_error(at, format!("found {path:?}; a JSON pointer begins with /, such as /id")))
}

fn translate<T: Copy>(
    key: &str,
    words: Words<T>,
    written: BTreeMap<String, String>,
) -> Result<BTreeMap<String, T>, Failure> {
    written
        .into_iter()
        .map(|(theirs, ours)| Ok((theirs.clone(), word(&pointer([key, &theirs]), words, &ours)?)))
        .collect()
}

fn word<T: Copy>(at: &str, words: Words<T>, word: &str) -> Result<T, Failure> {
    words::meaning(words, word)
        .ok_or_else(|| setting_error(at, format!("{word:?} is none of {}", words::list(words))))
}
