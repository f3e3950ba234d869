//! Commands and replies as JSON, as `run` prints and samples expect them.

use serde_json::{Value, json};

use crate::channel::host::wit;
use crate::channel::request::{Atom, Computed, Piece, Request, pieces};

/// One object of one key for each.
pub(super) fn rest(commands: Vec<wit::Command>, reply: Option<wit::Reply>) -> Vec<Value> {
    let commands = commands.into_iter().map(|it| json!({ "command": command_json(it) }));
    let reply = reply.map(|wit::Reply { status, headers, body }| {
        let headers = map(headers.into_iter().map(|pair| (pair.name, pair.value)));
        json!({ "reply": { "status": status, "headers": headers, "body": text(&body) } })
    });
    commands.chain(reply).collect()
}

fn command_json(command: wit::Command) -> Value {
    match command {
        wit::Command::Fetch(request) => {
            let Request { method, url, headers, body, tag } = request.into();
            let headers = headers.into_iter().map(|(name, value)| (name, shown(&value)));
            json!({ "fetch": {
                "method": method.as_str(), "url": shown(&url), "headers": map(headers),
                "body": shown(&body), "tag": tag,
            } })
        }
        wit::Command::Connect(wit::Connect { link, address, headers, protocols, framing }) => {
            let headers = headers.into_iter().map(|it| (it.name, shown(&pieces(it.value))));
            json!({ "connect": {
                "link": link, "address": shown(&pieces(address)), "headers": map(headers),
                "protocols": protocols, "framing": framing_json(framing),
            } })
        }
        wit::Command::Send(wit::Outgoing { link, is_text, data }) => {
            json!({ "send": { "link": link, "is_text": is_text, "data": shown(&pieces(data)) } })
        }
        wit::Command::Close(wit::Close { link, code }) => {
            json!({ "close": { "link": link, "code": code } })
        }
        wit::Command::Timer(wit::Timer { tag, after_ms }) => {
            json!({ "timer": { "tag": tag, "after_ms": after_ms } })
        }
        wit::Command::Log(wit::LogLine { level, text }) => {
            let level = match level {
                wit::LogLevel::Debug => "debug",
                wit::LogLevel::Info => "info",
                wit::LogLevel::Warn => "warn",
            };
            json!({ "log": { "level": level, "text": text } })
        }
        wit::Command::Other((name, bytes)) => json!({ "other": { name: text(&bytes) } }),
    }
}

fn framing_json(framing: wit::Framing) -> Value {
    match framing {
        wit::Framing::Messages => json!("messages"),
        wit::Framing::Chunks => json!("chunks"),
        wit::Framing::Until(end) => json!({ "until": text(&end) }),
        wit::Framing::Prefixed(wit::LengthPrefix { bytes, little_endian, counts_itself }) => {
            json!({ "prefixed": {
                "bytes": bytes, "little_endian": little_endian, "counts_itself": counts_itself,
            } })
        }
    }
}

/// Pieces as one text, in which a secret stands as `{secret:NAME}`.
fn shown(pieces: &[Piece]) -> String {
    let atoms = |atoms: &[Atom]| -> String {
        let atom = |atom: &Atom| match atom {
            Atom::Bytes(bytes) => text(bytes),
            Atom::Secret(name) => format!("{{secret:{name}}}"),
        };
        atoms.iter().map(atom).collect()
    };
    let piece = |piece: &Piece| match piece {
        Piece::Bytes(bytes) => text(bytes),
        Piece::Secret(name) => format!("{{secret:{name}}}"),
        Piece::Computed(Computed { digest, key, over, encoding }) => {
            let (key, over) = (atoms(key), atoms(over));
            format!("{{{digest:?} {encoding:?}: key \"{key}\", over \"{over}\"}}")
        }
    };
    pieces.iter().map(piece).collect()
}

fn map(headers: impl IntoIterator<Item = (String, String)>) -> Value {
    headers.into_iter().map(|(name, value)| (name, Value::from(value))).collect()
}

/// Bodies are text nearly always; where not, what is not shows as such.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// How many secrets a command asks for.
pub(super) fn secret_pieces(command: &wit::Command) -> usize {
    let atom = |it: &wit::Atom| matches!(it, wit::Atom::Secret(_));
    let piece = |it: &wit::Piece| match it {
        wit::Piece::Bytes(_) => 0,
        wit::Piece::Secret(_) => 1,
        wit::Piece::Computed(it) => it.key.iter().chain(&it.over).filter(|it| atom(it)).count(),
    };
    let pieces = |it: &[wit::Piece]| it.iter().map(piece).sum::<usize>();
    let headers = |it: &[wit::Header]| it.iter().map(|header| pieces(&header.value)).sum::<usize>();
    match command {
        wit::Command::Fetch(it) => pieces(&it.url) + headers(&it.headers) + pieces(&it.body),
        wit::Command::Connect(it) => pieces(&it.address) + headers(&it.headers),
        wit::Command::Send(it) => pieces(&it.data),
        _ => 0,
    }
}
