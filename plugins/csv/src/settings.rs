//! What the operator says of the file: how it is written, and what its columns and rows mean.

use std::collections::BTreeMap;

use serde::Deserialize;
use tablica_plugin::words::{self, MEDIA, Words};
use tablica_plugin::{
    Author, Failure, Medium, Setup, check_rating_scale, identity, pointer, setting_error, settings,
};

use crate::encoding::{self, Encoding};
use crate::words::{AUTHORS, Happening, KINDS};

/// The settings as used.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) delimiter: u8,
    pub(crate) quote: u8,
    pub(crate) encoding: Encoding,
    /// Names of the columns of a file without a header row.
    pub(crate) header: Vec<String>,
    /// Rows before the header, such as a title.
    pub(crate) skip_rows: u64,
    /// None: ISO 8601.
    pub(crate) time: Option<String>,
    pub(crate) zone: Option<String>,
    pub(crate) medium: Medium,
    pub(crate) rating_scale: f64,
    pub(crate) country_code: Option<String>,
    /// The file's words for ours, of priorities, reasons and states.
    pub(crate) words: BTreeMap<String, String>,
    pub(crate) columns: Columns,
    pub(crate) events: Vec<Rule>,
}

/// What a row says when its conditions hold.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) happening: Happening,
    /// The kind's word, and a number from the second of its kind on: it is in the ids.
    pub(crate) name: String,
    pub(crate) time: Names,
    /// Column → values, one of which stands in it.
    pub(crate) when: Vec<(String, Vec<String>)>,
    pub(crate) author: Author,
}

/// Names of the columns with each thing.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Columns {
    pub(crate) id: Names,
    pub(crate) interaction: Names,
    pub(crate) time: Names,
    pub(crate) queue: Names,
    pub(crate) agent: Names,
    pub(crate) phone: Names,
    pub(crate) mail: Names,
    pub(crate) customer: Names,
    pub(crate) text: Names,
    pub(crate) score: Names,
    pub(crate) priority: Names,
    pub(crate) reason: Names,
    pub(crate) status: Names,
    pub(crate) to_queue: Names,
    pub(crate) to_agent: Names,
}

/// One column, or several whose values are joined.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "OneOrMany")]
pub(crate) struct Names(pub(crate) Vec<String>);

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl From<OneOrMany> for Names {
    fn from(names: OneOrMany) -> Self {
        Self(match names {
            OneOrMany::One(name) => vec![name],
            OneOrMany::Many(names) => names,
        })
    }
}

/// The settings as written.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Written {
    delimiter: String,
    quote: String,
    encoding: String,
    header: Vec<String>,
    skip_rows: u64,
    time: String,
    zone: Option<String>,
    medium: String,
    rating_scale: f64,
    country_code: Option<String>,
    words: BTreeMap<String, String>,
    columns: Columns,
    events: Vec<WrittenRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRule {
    kind: String,
    #[serde(default)]
    time: Names,
    #[serde(default)]
    when: BTreeMap<String, Names>,
    author: Option<String>,
}

impl Default for Written {
    fn default() -> Self {
        Self {
            delimiter: ",".into(),
            quote: "\"".into(),
            encoding: "utf-8".into(),
            header: Vec::new(),
            skip_rows: 0,
            time: String::new(),
            zone: None,
            medium: "visit".into(),
            rating_scale: 5.0,
            country_code: None,
            words: BTreeMap::new(),
            columns: Columns::default(),
            events: Vec::new(),
        }
    }
}

impl Settings {
    pub(crate) fn parse(setup: &Setup) -> Result<Self, Failure> {
        let written: Written = settings(&setup.settings)?;
        check_rating_scale(written.rating_scale)?;
        let country_code =
            identity::country_code(written.country_code, setup.country_code.as_deref())?;
        if written.events.is_empty() {
            let why =
                "is empty: say what rows mean, such as [{ kind = \"opened\", time = \"Printed\" }]";
            return Err(setting_error("/events", why));
        }
        let encoding = word("/encoding", encoding::NAMES, &written.encoding)?;
        let events = rules(written.events, &written.columns)?;
        let is_of_contacts = |rule: &Rule| rule.happening != Happening::AgentState;
        if written.columns.interaction.0.is_empty() && events.iter().any(is_of_contacts) {
            let why = "is missing: which column numbers the contacts";
            return Err(setting_error("/columns/interaction", why));
        }
        Ok(Self {
            delimiter: one_byte("/delimiter", &written.delimiter, "\";\", \",\" or \"tab\"")?,
            quote: one_byte("/quote", &written.quote, "\"\\\"\" or \"'\"")?,
            encoding,
            header: written.header,
            skip_rows: written.skip_rows,
            time: Some(written.time).filter(|format| !format.is_empty()),
            zone: written.zone,
            medium: word("/medium", MEDIA, &written.medium)?,
            rating_scale: written.rating_scale,
            country_code,
            words: written.words,
            columns: written.columns,
            events,
        })
    }

    /// A word of the file, or ours.
    pub(crate) fn meaning<T: Copy>(&self, words: Words<T>, word: &str) -> Option<T> {
        words::meaning(words, self.words.get(word).map_or(word, String::as_str))
    }
}

fn rules(written: Vec<WrittenRule>, columns: &Columns) -> Result<Vec<Rule>, Failure> {
    let mut rules: Vec<Rule> = Vec::new();
    for (place, rule) in written.into_iter().enumerate() {
        let at = |key: &str| pointer(["events", &place.to_string(), key]);
        let happening = word(&at("kind"), KINDS, &rule.kind)?;
        let author = match &rule.author {
            Some(author) => word(&at("author"), AUTHORS, author)?,
            None => Author::Customer,
        };
        let time = if rule.time.0.is_empty() { columns.time.clone() } else { rule.time };
        if time.0.is_empty() {
            let why = "is missing, and columns.time as well: which column has the time";
            return Err(setting_error(&at("time"), why));
        }
        let same = rules.iter().filter(|other| other.happening == happening).count();
        let name = match same {
            0 => rule.kind,
            same => format!("{}-{}", rule.kind, same.saturating_add(1)),
        };
        let when = rule.when.into_iter().map(|(column, values)| (column, values.0)).collect();
        rules.push(Rule { happening, name, time, when, author });
    }
    Ok(rules)
}

fn one_byte(at: &str, text: &str, such_as: &str) -> Result<u8, Failure> {
    match text.as_bytes() {
        b"tab" => Ok(b'\t'),
        [byte] if byte.is_ascii() && !matches!(byte, b'\r' | b'\n') => Ok(*byte),
        _ => Err(setting_error(at, format!("found {text:?}; one character, such as {such_as}"))),
    }
}

fn word<T: Copy>(at: &str, words: Words<T>, word: &str) -> Result<T, Failure> {
    words::meaning(words, word)
        .ok_or_else(|| setting_error(at, format!("{word:?} is none of {}", words::list(words))))
}
