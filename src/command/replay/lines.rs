//! Reading events from JSON lines, and saying well what is wrong with one.

use std::fmt;
use std::io::{self, BufRead};

use serde_json::Value;

use crate::event::Event;

/// Bad lines that are told at once.
const BAD_LINES_MAX: usize = 20;
/// Longest line that is read.
const LINE_BYTES_MAX: u64 = 1 << 20;
/// What the other lines of `tablica plugin run` have.
const OTHER_LINES: [&str; 4] = ["command", "reply", "call", "failure"];

/// What is wrong, by file and line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLines {
    file: String,
    lines: Vec<(usize, String)>,
}

impl fmt::Display for BadLines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (line, what)) in self.lines.iter().enumerate() {
            let end = if place + 1 == self.lines.len() { "" } else { "\n" };
            write!(f, "{}:{line}: {what}{end}", self.file)?;
        }
        if self.lines.len() == BAD_LINES_MAX {
            write!(f, "\n(the rest of {} was not read)", self.file)?;
        }
        Ok(())
    }
}

impl std::error::Error for BadLines {}

/// Why reading stopped.
#[derive(Debug)]
pub(super) enum LinesError {
    Unreadable(io::Error),
    Bad(BadLines),
}

/// Calls `take` for each event, in the file's order.
pub(super) fn each_event(
    mut reader: impl BufRead,
    file: &str,
    mut take: impl FnMut(Event),
) -> Result<(), LinesError> {
    let mut bad = BadLines { file: file.to_owned(), lines: Vec::new() };
    let mut bytes = Vec::new();
    for number in 1.. {
        bytes.clear();
        let mut line = io::Read::take(&mut reader, LINE_BYTES_MAX);
        if line.read_until(b'\n', &mut bytes).map_err(LinesError::Unreadable)? == 0 {
            break;
        }
        match parse(&bytes) {
            Ok(Some(event)) => take(event),
            Ok(None) => {}
            Err(what) => bad.lines.push((number, what)),
        }
        if bad.lines.len() == BAD_LINES_MAX {
            break;
        }
    }
    if bad.lines.is_empty() { Ok(()) } else { Err(LinesError::Bad(bad)) }
}

/// The line's event; nothing of lines that are meant to be passed over.
fn parse(bytes: &[u8]) -> Result<Option<Event>, String> {
    if bytes.len() as u64 == LINE_BYTES_MAX {
        return Err(format!("longer than {LINE_BYTES_MAX} bytes: not a line of events"));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| format!("not UTF-8 text from byte {} on", error.valid_up_to() + 1))?;
    // An editor may have put a byte order mark before the first line.
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Ok(None);
    }
    if !text.starts_with('{') {
        return Err("not a JSON object".to_owned());
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let event = serde_path_to_error::deserialize::<_, Event>(&mut deserializer)
        .map_err(|error| (error.path().to_string(), error.into_inner()))
        .and_then(|event| deserializer.end().map(|()| event).map_err(|e| (".".to_owned(), e)));
    match event {
        Ok(event) => Ok(Some(event)),
        Err(_) if is_other_line(text) => Ok(None),
        Err((path, error)) => Err(explain(&path, &error)),
    }
}

fn is_other_line(text: &str) -> bool {
    match serde_json::from_str(text) {
        Ok(Value::Object(object)) => {
            !object.contains_key("kind") && OTHER_LINES.iter().any(|key| object.contains_key(*key))
        }
        _ => false,
    }
}

/// The library's message, with the place in our words: each line is a document of its own.
fn explain(path: &str, error: &serde_json::Error) -> String {
    let message = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let what = message.strip_suffix(&place).unwrap_or(&message);
    let column = error.column();
    if error.is_syntax() || error.is_eof() {
        format!("not a JSON object, from column {column} on: {what}")
    } else if path == "." {
        format!("not an event: {what}")
    } else {
        format!("not an event: `{path}`, column {column}: {what}")
    }
}
