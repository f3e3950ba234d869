//! What a plugin says as it dies: the trap, the text of its panic, and the functions it was in.

use std::fmt;

use memchr::memmem;
use wasmtime::{AsContext, Trap, WasmCoreDump};

use crate::channel::privacy::without_values;

/// What the SDK writes before a panic's place and text, so that they can be found.
const MARK: &[u8] = b"\0tablica panic\0\x01";
/// Bytes of a panic's place and text that are read.
const TEXT_BYTES_MAX: usize = 500;
/// Functions that are named.
const FRAMES_MAX: usize = 6;
/// How functions of Rust's own begin: of a panic they say nothing, and every panic ends in some.
const RUSTS_OWN: [&str; 4] = ["__rustc::", "std::", "core::", "alloc::"];

/// What is known of a plugin's death.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trapped {
    /// In wasmtime's words.
    trap: String,
    panicked: Option<Panicked>,
    /// The innermost function first.
    frames: Vec<String>,
}

/// The panic of a plugin that was written in Rust.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Panicked {
    /// "src/lib.rs:17:5".
    place: String,
    /// It may quote what somebody wrote.
    text: String,
}

impl Panicked {
    /// What the SDK has left in memory.
    fn of(dump: &WasmCoreDump, store: impl AsContext) -> Option<Self> {
        dump.memories().iter().find_map(|memory| Panicked::found_in(memory.data(&store)))
    }

    /// After the mark come the length of place and text, two bytes each, then both.
    fn found_in(memory: &[u8]) -> Option<Self> {
        let found = memmem::find(memory, MARK)?;
        let (head, rest) = memory[found + MARK.len()..].split_first_chunk::<4>()?;
        let place = usize::from(u16::from_le_bytes([head[0], head[1]]));
        let text = usize::from(u16::from_le_bytes([head[2], head[3]]));
        if place == 0 || place + text > TEXT_BYTES_MAX {
            return None;
        }
        let (place, text) = rest.get(..place + text)?.split_at(place);
        let words = |bytes| String::from_utf8_lossy(bytes).into_owned();
        Some(Panicked { place: words(place), text: words(text) })
    }
}

impl Trapped {
    /// `error` is what ended the call.
    pub(super) fn of(trap: Trap, error: &wasmtime::Error, store: impl AsContext) -> Self {
        let trap = match trap {
            Trap::StackOverflow => {
                String::from("stack overflow: its functions call each other too deeply")
            }
            trap => trap.to_string(),
        };
        let dump = error.downcast_ref::<WasmCoreDump>();
        let panicked = dump.and_then(|dump| Panicked::of(dump, store));
        let frames = dump.map(WasmCoreDump::frames).unwrap_or_default();
        let names = frames.iter().filter_map(|frame| frame.func_name());
        let names = names.map(|name| format!("{:#}", rustc_demangle::demangle(name)));
        let is_telling = |name: &String| !RUSTS_OWN.iter().any(|own| name.starts_with(own));
        let mut frames: Vec<String> = names.filter(is_telling).collect();
        // A function that calls itself is named once.
        frames.dedup();
        frames.truncate(FRAMES_MAX);
        Trapped { trap, panicked, frames }
    }

    /// With the panic's text as it is: for the plugin's author, who tries inputs of their own.
    pub(super) fn whole(&self) -> String {
        self.told(str::to_owned)
    }

    fn told(&self, text_of: impl Fn(&str) -> String) -> String {
        let mut told = match &self.panicked {
            Some(Panicked { place, text }) => format!("it panicked at {place}: {}", text_of(text)),
            None => self.trap.clone(),
        };
        if !self.frames.is_empty() {
            told.push_str("; in ");
            told.push_str(&self.frames.join(", called by "));
        }
        told
    }
}

impl fmt::Display for Trapped {
    /// Without what a panic may quote.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told(without_values))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_found_and_quotes_nobody() {
        let mut memory = vec![7; 100];
        memory.extend_from_slice(MARK);
        memory.extend_from_slice(&[13, 0, 20, 0]);
        memory.extend_from_slice(b"src/lib.rs:17no agent \"Ada\" at 99 and more");
        let panicked = Panicked::found_in(&memory);
        let text = String::from("no agent \"Ada\" at 99");
        let expected = Panicked { place: String::from("src/lib.rs:17"), text };
        assert_eq!(panicked, Some(expected));
        let died = Trapped {
            trap: String::from("unreachable"),
            panicked,
            frames: vec![String::from("bell::decode"), String::from("bell::handle")],
        };
        assert_eq!(
            died.to_string(),
            "it panicked at src/lib.rs:17: no agent \"…\" at …; in bell::decode, called by \
             bell::handle"
        );
        assert!(died.whole().contains("no agent \"Ada\" at 99; in bell"), "{}", died.whole());
    }

    #[test]
    fn what_is_no_panic_is_left_alone() {
        for tail in [&[0, 0, 5, 0][..], &[5, 0, 255, 255], &[5, 0, 5, 0, b'x'], &[1]] {
            assert_eq!(Panicked::found_in(&[MARK, tail].concat()), None, "{tail:?}");
        }
    }
}
