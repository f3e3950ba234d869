//! A word of a message's text is replaced by a mark, and the mark is looked for where it must not be.
//!
//! Of a word that stands once in the whole input nothing may be in an event beside its text: whoever makes an
//! id of something else cannot have it. A word that stands there several times may be another thing's name,
//! too: it is only looked for in reasons of failures and in the log.

use tablica_plugin::{Command, Content, Event, Failure, Input, Kind, Output};

use crate::attack::body;
use crate::quoted::without_values;

const MARK: &str = "xqvzmarkwq";
/// Shorter words may be those of the network.
const WORD_CHARS_MIN: usize = 5;
/// Words that are sought in the input.
const WORDS_MAX: usize = 20;
/// Damaged forms of one input.
const DAMAGED: usize = 4;
/// What a byte is replaced by: marks of JSON, XML, tables and mails.
const MARKS: &[u8] = b"\"[]{}<>0,:;=&\n\t\0";

/// An input with a mark in a text.
pub(crate) struct Marked {
    input: Input,
    bytes: Vec<u8>,
    at: usize,
    /// It was the word's only place.
    pub(crate) is_only: bool,
}

impl Marked {
    /// In the place of the longest word that stands once, else of the longest one, as networks say some
    /// texts twice. None when no event has a text, or its words are nowhere in the input, as in base64.
    pub(crate) fn plant(input: &Input, output: &Output) -> Option<Self> {
        let given = body(input)?;
        let others = others(input).to_ascii_lowercase();
        let texts = output.events.iter().filter_map(text);
        let words = texts.flat_map(|text| text.split(|c: char| !c.is_alphabetic()));
        let mut words: Vec<&str> = words
            .filter(|it| it.chars().count() >= WORD_CHARS_MIN)
            .filter(|it| !others.contains(&it.to_ascii_lowercase()))
            .collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        words.truncate(WORDS_MAX);
        let found: Vec<_> = words.iter().map(|word| (word.len(), places(given, word))).collect();
        let only = found.iter().find(|(_, places)| places.len() == 1);
        let several = || found.iter().find(|(_, places)| !places.is_empty());
        let (length, places) = only.or_else(several)?;
        let (mut bytes, mut from) = (Vec::new(), 0);
        for place in places {
            bytes.extend_from_slice(&given[from..*place]);
            bytes.extend_from_slice(MARK.as_bytes());
            from = place + length;
        }
        bytes.extend_from_slice(&given[from..]);
        let (input, at) = (with(input, bytes.clone())?, places[0]);
        Some(Self { input, bytes, at, is_only: places.len() == 1 })
    }

    /// The input with the mark, then forms of it that are damaged beside the mark, the same ones each time.
    pub(crate) fn inputs(&self) -> impl Iterator<Item = Input> {
        let mut random = self.bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let mut next = move |below: usize| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (random >> 33) as usize % below.max(1)
        };
        let end = self.at + MARK.len();
        let damaged = (0..DAMAGED).filter_map(move |form| {
            let mut bytes = self.bytes.clone();
            let mut beside = next(bytes.len() - MARK.len());
            if beside >= self.at {
                beside += MARK.len();
            }
            match form {
                0 => bytes.truncate(end + next(bytes.len() - end)),
                1 if beside < bytes.len() => drop(bytes.remove(beside)),
                _ if beside < bytes.len() => bytes[beside] = MARKS[next(MARKS.len())],
                _ => return None,
            }
            with(&self.input, bytes)
        });
        std::iter::once(self.input.clone()).chain(damaged)
    }
}

/// Where the word stands, in whatever case; no two of them overlap.
fn places(given: &[u8], word: &str) -> Vec<usize> {
    let mut places: Vec<usize> = Vec::new();
    for (at, window) in given.windows(word.len()).enumerate() {
        let is_free = places.last().is_none_or(|last| last + word.len() <= at);
        if is_free && window.eq_ignore_ascii_case(word.as_bytes()) {
            places.push(at);
        }
    }
    places
}

fn text(event: &Event) -> Option<&String> {
    match &event.kind {
        Kind::Message(it) | Kind::Edited(it) => it.text.as_ref(),
        Kind::Mention(it) => it.text.as_ref(),
        Kind::Resolved(it) => it.note.as_ref(),
        _ => None,
    }
}

fn without_text(event: &Event) -> Event {
    let mut event = event.clone();
    match &mut event.kind {
        Kind::Message(it) | Kind::Edited(it) => it.text = None,
        Kind::Mention(it) => it.text = None,
        Kind::Resolved(it) => it.note = None,
        _ => {}
    }
    event
}

/// Whether the mark stands there, in whatever case.
pub(crate) fn is_in(text: &str) -> bool {
    text.to_ascii_lowercase().contains(MARK)
}

/// The mark has come out as part of a message's text.
pub(crate) fn is_told_as_text(said: &Result<Output, Failure>) -> bool {
    said.as_ref().is_ok_and(|it| it.events.iter().filter_map(text).any(|text| is_in(text)))
}

/// Where the mark is and must not be. In events only of what is not damaged: damage may move a text to
/// another place of a table.
pub(crate) fn said_without(said: &Result<Output, Failure>, is_whole: bool) -> Option<&'static str> {
    match said {
        Ok(output) => {
            let mut lines = output.commands.iter().filter_map(|command| match command {
                Command::Log(line) => Some(&line.text),
                _ => None,
            });
            if lines.any(|line| is_in(&without_values(line))) {
                return Some("a line of the log");
            }
            let events = output.events.iter().filter(|_| is_whole);
            let mut events = events.map(|it| format!("{:?}", without_text(it)));
            events.any(|it| is_in(&it)).then_some("an event beside its text")
        }
        Err(Failure::BadInput(why) | Failure::Unsupported(why) | Failure::Config(why)) => {
            is_in(&without_values(why)).then_some("the reason of a failure")
        }
        Err(Failure::Later(_)) => None,
    }
}

/// What else of an input a plugin sees.
fn others(input: &Input) -> String {
    match input {
        Input::Webhook(it) => format!("{:?}{:?}", it.query, it.headers),
        Input::Response(it) => format!("{:?}{}", it.headers, it.tag),
        Input::Line(it) => it.file.clone(),
        Input::Frame(it) => it.link.clone(),
        Input::Document(it) => format!("{}{}", it.name, it.media_type),
        _ => String::new(),
    }
}

fn with(input: &Input, bytes: Vec<u8>) -> Option<Input> {
    let mut input = input.clone();
    match &mut input {
        Input::Webhook(it) => it.body = bytes,
        Input::Response(it) => it.body = bytes,
        Input::Line(it) => it.bytes = bytes,
        Input::Document(it) => it.bytes = bytes,
        Input::Frame(it) => match &mut it.content {
            Content::Text(text) => *text = String::from_utf8(bytes).ok()?,
            Content::Bytes(content) => *content = bytes,
        },
        _ => return None,
    }
    Some(input)
}
