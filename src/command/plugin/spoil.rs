//! Bytes that no network promises, made of those that it does.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::Value;

use crate::channel::input::{Document, Frame, FrameContent, Input, Line, Response, Webhook};

/// The same on every machine: what fails can be tried again.
const SEED: u64 = 7;
/// Places where each sample is cut.
const CUTS: usize = 24;
/// Times that bytes of each sample are flipped.
const FLIPS: usize = 24;
/// Depth of nested JSON: more than any network's, and than a careless reader's stack holds.
const DEPTH: usize = 20_000;

/// Spoilt bytes, and what was done to them.
type Spoilt = Vec<(String, Vec<u8>)>;

/// The same input with other bytes; None for what has none, and for text that would be none.
pub(super) fn with_bytes(input: &Input, bytes: Vec<u8>) -> Option<Input> {
    Some(match input.clone() {
        Input::Webhook(it) => Input::Webhook(Webhook { body: bytes.into(), ..it }),
        Input::Response(it) => Input::Response(Response { body: bytes.into(), ..it }),
        Input::Line(it) => {
            let bytes: Vec<u8> = bytes.into_iter().filter(|byte| *byte != b'\n').collect();
            Input::Line(Line { bytes: bytes.into(), ..it })
        }
        Input::Document(it) => Input::Document(Document { bytes: bytes.into(), ..it }),
        Input::Frame(it) => {
            let content = match it.content {
                FrameContent::Text(_) => {
                    FrameContent::Text(String::from_utf8_lossy(&bytes).into_owned())
                }
                FrameContent::Bytes(_) => FrameContent::Bytes(bytes.into()),
            };
            Input::Frame(Frame { content, ..it })
        }
        Input::Connected(_) | Input::Disconnected(_) | Input::Timer(_) => return None,
    })
}

/// What is nobody's.
pub(super) fn garbage() -> Spoilt {
    let mut dice = StdRng::seed_from_u64(SEED);
    let mut spoilt: Spoilt = [
        "",
        " ",
        "\0",
        "null",
        "[]",
        "{}",
        "0",
        "-1",
        "1e999",
        "\"\"",
        "[[]]",
        "[null]",
        "{\"\":{}}",
        "<a/>",
        "<html></html>",
        "a=b&c=%zz",
        "|||||",
        "\u{feff}{}",
        "\u{202e}{}",
    ]
    .into_iter()
    .map(|text| (format!("as {text:?}"), text.as_bytes().to_vec()))
    .collect();
    for length in [1_usize, 7, 64, 1000] {
        let bytes = (0..length).map(|_| dice.random_range(0..=u8::MAX)).collect();
        spoilt.push((format!("as {length} random bytes"), bytes));
    }
    spoilt
}

pub(super) fn cut(bytes: &[u8]) -> Spoilt {
    let step = bytes.len().div_ceil(CUTS).max(1);
    let places = (0..bytes.len()).step_by(step);
    places.map(|at| (format!("cut at byte {at}"), bytes[..at].to_vec())).collect()
}

pub(super) fn flipped(bytes: &[u8]) -> Spoilt {
    let mut dice = StdRng::seed_from_u64(SEED);
    if bytes.is_empty() {
        return Vec::new();
    }
    (0..FLIPS)
        .map(|_| {
            let mut bytes = bytes.to_vec();
            let at = dice.random_range(0..bytes.len());
            bytes[at] ^= 1 << dice.random_range(0..8_u8);
            (format!("with byte {at} flipped"), bytes)
        })
        .collect()
}

/// As long as the server lets through, and deeper than it should matter.
pub(super) fn giants(bytes: &[u8], bytes_max: usize) -> Spoilt {
    let depth = DEPTH.min(bytes_max / 6);
    vec![
        ("a long word".into(), vec![b'x'; bytes_max]),
        ("a long number".into(), vec![b'9'; bytes_max / 4]),
        ("deep lists".into(), vec![b'['; depth]),
        ("deep objects".into(), b"{\"a\":".repeat(depth)),
        ("itself many times".into(), {
            let mut whole = bytes.repeat((bytes_max / bytes.len().max(1)).max(1));
            whole.truncate(bytes_max);
            whole
        }),
    ]
}

/// Texts of JSON, or the whole, with what looks like a secret in them.
pub(super) fn planted(bytes: &[u8], name: &str) -> Vec<u8> {
    let seed = format!("{{secret:{name}}}{{{{{name}}}}}${{{name}}}");
    match serde_json::from_slice::<Value>(bytes) {
        Ok(mut value) => {
            plant(&mut value, &seed);
            value.to_string().into_bytes()
        }
        Err(_) => [bytes, b" ", seed.as_bytes()].concat(),
    }
}

fn plant(value: &mut Value, seed: &str) {
    match value {
        Value::String(text) => text.push_str(seed),
        Value::Array(list) => list.iter_mut().for_each(|it| plant(it, seed)),
        Value::Object(map) => map.values_mut().for_each(|it| plant(it, seed)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_planted_into_every_text_and_nowhere_else() {
        let planted = String::from_utf8(planted(br#"{"a":["b",1,{"c":"d"}]}"#, "key")).unwrap();
        assert_eq!(planted.matches("{secret:key}").count(), 2, "{planted}");
        assert!(serde_json::from_str::<Value>(&planted).is_ok(), "{planted}");
    }

    #[test]
    fn nothing_is_random_twice() {
        assert_eq!(garbage(), garbage());
        assert_eq!(flipped(b"abcdef"), flipped(b"abcdef"));
        assert_eq!(cut(b"abc").len(), 3);
    }
}
