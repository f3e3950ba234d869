//! A word of a message's text is replaced by a mark, and the mark is looked for where it must not be.
//!
//! Only a word that stands once in the whole input is replaced: whoever makes an id of something else
//! cannot have it.

use tablica_plugin::{Command, Content, Event, Failure, Input, Kind, Output};

use crate::attack::body;
use crate::quoted::without_values;

const MARK: &str = "xqvzmarkwq";
/// Shorter words may be those of the network.
const WORD_CHARS_MIN: usize = 5;
/// Damaged forms of one input.
const DAMAGED: usize = 4;
/// What a byte is replaced by: marks of JSON, XML, tables and mails.
const MARKS: &[u8] = b"\"[]{}<>0,:;=&\n\t\0";

/// An input with a mark in a text.
pub(crate) struct Marked {
    input: Input,
    bytes: Vec<u8>,
    at: usize,
}

impl Marked {
    /// None when no event has a text, or its words are nowhere in the input, as in base64.
    pub(crate) fn plant(input: &Input, output: &Output) -> Option<Self> {
        let given = body(input)?;
        let others = others(input);
        for text in output.events.iter().filter_map(text) {
            let words = text.split(|c: char| !c.is_alphabetic());
            let words = words.filter(|it| it.chars().count() >= WORD_CHARS_MIN);
            let word = words.max_by_key(|it| it.len());
            let Some(word) = word else { continue };
            let mut places = given.windows(word.len()).enumerate();
            let mut places =
                places.by_ref().filter(|(_, it)| it.eq_ignore_ascii_case(word.as_bytes()));
            let (Some((at, _)), None) = (places.next(), places.next()) else { continue };
            if others.to_ascii_lowercase().contains(&word.to_ascii_lowercase()) {
                continue;
            }
            let end = &given[at + word.len()..];
            let bytes = [&given[..at], MARK.as_bytes(), end].concat();
            return Some(Self { input: with(input, bytes.clone())?, bytes, at });
        }
        None
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
