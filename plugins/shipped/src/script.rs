//! What happens to a plugin, as turns, and as a fuzzer's bytes.
//!
//! Any bytes are a script, and a small change of them is a small change of it: pieces are told apart by
//! bytes that no text has, not by lengths. A script begins with two bytes that choose settings and source;
//! then each turn is [`TURN`], a letter, its fields with [`FIELD`] between them, the bytes of a network last.

use tablica_plugin::{
    Content, Document, Frame, Input, Line, LinkDown, LinkUp, Method, Moment, Pair, Response,
    Webhook,
};

/// Before each turn.
pub const TURN: [u8; 3] = [0xC0, 0xFE, 0xC0];
/// Between the fields of a turn. It stands in no text.
pub const FIELD: u8 = 0xC1;
/// Of one script.
const TURNS_MAX: usize = 500;

/// One thing that happens.
#[derive(Clone, Debug, PartialEq)]
pub enum Turn {
    /// Something comes in. A response without a tag answers the last fetch, a timer without one is the
    /// first that the plugin has set.
    Input(Input),
    /// A whole document comes in parts of so many bytes.
    Parts(Document, usize),
    /// The plugin ends and begins anew from its snapshot.
    Restart,
    /// It begins anew from a snapshot that is not its own: so many thousandths of the last one are left.
    Spoilt(u16),
    /// What the clock says from here on.
    At(u64),
}

/// What happens to one instance.
#[derive(Clone, Debug, PartialEq)]
pub struct Script {
    /// Which of the samples' settings; counted anew after the last.
    pub settings: u8,
    /// Instead of those.
    pub own_settings: Option<String>,
    /// Which of the manifest's kinds of source; 0 is none where there are several.
    pub source: u8,
    /// In order.
    pub turns: Vec<Turn>,
}

impl Script {
    /// The script that these bytes are.
    pub fn read(bytes: &[u8]) -> Self {
        let mut script = Self { settings: 0, own_settings: None, source: 0, turns: Vec::new() };
        for (number, piece) in pieces(bytes).take(TURNS_MAX).enumerate() {
            if number == 0 {
                script.settings = piece.first().copied().unwrap_or(0);
                script.source = piece.get(1).copied().unwrap_or(0);
            } else if let Some((b'K', rest)) = piece.split_first() {
                script.own_settings = Some(text(rest));
            } else if let Some((letter, rest)) = piece.split_first() {
                script.turns.push(turn(*letter, rest));
            }
        }
        script
    }

    /// The bytes that are this script.
    pub fn write(&self) -> Vec<u8> {
        let mut bytes = vec![self.settings, self.source];
        if let Some(settings) = &self.own_settings {
            push(&mut bytes, b'K', &[settings.as_bytes()]);
        }
        self.turns.iter().for_each(|turn| written(turn, &mut bytes));
        bytes
    }
}

fn pieces(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        let all = rest?;
        match all.windows(TURN.len()).position(|window| window == TURN) {
            Some(at) => {
                rest = Some(&all[at + TURN.len()..]);
                Some(&all[..at])
            }
            None => rest.take(),
        }
    })
}

fn turn(letter: u8, rest: &[u8]) -> Turn {
    let count = match letter {
        b'W' | b'R' | b'D' => 4,
        b'C' | b'X' | b'L' | b'F' => 3,
        b'O' => 2,
        _ => 1,
    };
    let mut fields = rest.splitn(count, |byte| *byte == FIELD);
    let mut next = || fields.next().unwrap_or_default();
    match letter {
        b'R' => {
            let (status, tag, headers) = (number(next()), text(next()), pairs(next()));
            let status = u16::try_from(status).unwrap_or(200);
            Turn::Input(Input::Response(Response { status, headers, body: next().into(), tag }))
        }
        b'L' => {
            let (file, offset) = (text(next()), number(next()));
            Turn::Input(Input::Line(Line { file, offset, bytes: next().into() }))
        }
        b'F' => {
            let (link, is_text) = (text(next()), next() == b"t");
            let content = match String::from_utf8(next().into()) {
                Ok(text) if is_text => Content::Text(text),
                Ok(text) => Content::Bytes(text.into_bytes()),
                Err(error) => Content::Bytes(error.into_bytes()),
            };
            Turn::Input(Input::Frame(Frame { link, content }))
        }
        b'D' => {
            let (name, media_type, head) = (text(next()), text(next()), text(next()));
            let (part, at) = head.split_once(' ').unwrap_or((&head, ""));
            let at = at.parse().map_or(Moment::None, Moment::Utc);
            let bytes = next().to_vec();
            let document = Document { name, media_type, at, offset: 0, is_last: true, bytes };
            Turn::Parts(document, part.parse().unwrap_or(usize::MAX).max(1))
        }
        b'C' => {
            let (link, protocol, headers) = (text(next()), text(next()), pairs(next()));
            let protocol = Some(protocol).filter(|it| !it.is_empty());
            Turn::Input(Input::Connected(LinkUp { link, protocol, headers }))
        }
        b'X' => {
            let (link, code) = (text(next()), text(next()).parse().ok());
            Turn::Input(Input::Disconnected(LinkDown { link, code, reason: text(next()) }))
        }
        b'T' => Turn::Input(Input::Timer(text(next()))),
        b'O' => Turn::Input(Input::Other((text(next()), next().into()))),
        b'S' => Turn::Restart,
        b'P' => Turn::Spoilt(u16::try_from(number(next())).unwrap_or(500)),
        b'A' => Turn::At(number(next())),
        _ => {
            let (method, query, headers) = (method(next()), text(next()), pairs(next()));
            let query = Some(query).filter(|it| !it.is_empty());
            Turn::Input(Input::Webhook(Webhook { method, query, headers, body: next().into() }))
        }
    }
}

fn written(turn: &Turn, bytes: &mut Vec<u8>) {
    match turn {
        Turn::Input(Input::Webhook(it)) => {
            let headers = lines(&it.headers);
            let query = it.query.clone().unwrap_or_default();
            let fields = [&[letter(it.method)][..], query.as_bytes(), headers.as_bytes(), &it.body];
            push(bytes, b'W', &fields);
        }
        Turn::Input(Input::Response(it)) => {
            let (status, headers) = (it.status.to_string(), lines(&it.headers));
            let fields = [status.as_bytes(), it.tag.as_bytes(), headers.as_bytes(), &it.body];
            push(bytes, b'R', &fields);
        }
        Turn::Input(Input::Line(it)) => {
            let offset = it.offset.to_string();
            push(bytes, b'L', &[it.file.as_bytes(), offset.as_bytes(), &it.bytes]);
        }
        Turn::Input(Input::Frame(Frame { link, content })) => {
            let (kind, content) = match content {
                Content::Text(text) => (b"t", text.as_bytes()),
                Content::Bytes(bytes) => (b"b", bytes.as_slice()),
            };
            push(bytes, b'F', &[link.as_bytes(), kind, content]);
        }
        Turn::Input(Input::Document(it)) => {
            written(&Turn::Parts(it.clone(), usize::MAX), bytes);
        }
        Turn::Parts(it, part) => {
            let head = match it.at {
                Moment::Utc(at) => format!("{part} {at}"),
                _ => part.to_string(),
            };
            let names = [it.name.as_bytes(), it.media_type.as_bytes(), head.as_bytes()];
            push(bytes, b'D', &[names[0], names[1], names[2], &it.bytes]);
        }
        Turn::Input(Input::Connected(it)) => {
            let (protocol, headers) = (it.protocol.clone().unwrap_or_default(), lines(&it.headers));
            push(bytes, b'C', &[it.link.as_bytes(), protocol.as_bytes(), headers.as_bytes()]);
        }
        Turn::Input(Input::Disconnected(it)) => {
            let code = it.code.map(|code| code.to_string()).unwrap_or_default();
            push(bytes, b'X', &[it.link.as_bytes(), code.as_bytes(), it.reason.as_bytes()]);
        }
        Turn::Input(Input::Timer(tag)) => push(bytes, b'T', &[tag.as_bytes()]),
        Turn::Input(Input::Other((name, content))) => {
            push(bytes, b'O', &[name.as_bytes(), content]);
        }
        Turn::Restart => push(bytes, b'S', &[]),
        Turn::Spoilt(left) => push(bytes, b'P', &[left.to_string().as_bytes()]),
        Turn::At(ms) => push(bytes, b'A', &[ms.to_string().as_bytes()]),
    }
}

fn push(bytes: &mut Vec<u8>, letter: u8, fields: &[&[u8]]) {
    bytes.extend(TURN);
    bytes.push(letter);
    bytes.extend(fields.join(&FIELD));
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn number(bytes: &[u8]) -> u64 {
    std::str::from_utf8(bytes).ok().and_then(|text| text.parse().ok()).unwrap_or(0)
}

fn pairs(bytes: &[u8]) -> Vec<Pair> {
    let pair = |line: &str| {
        let (name, value) = line.split_once(": ")?;
        Some(Pair { name: name.to_owned(), value: value.to_owned() })
    };
    text(bytes).split('\n').filter_map(pair).collect()
}

fn lines(pairs: &[Pair]) -> String {
    let lines: Vec<_> = pairs.iter().map(|it| format!("{}: {}", it.name, it.value)).collect();
    lines.join("\n")
}

const METHODS: [(Method, u8); 7] = [
    (Method::Post, b'p'),
    (Method::Get, b'g'),
    (Method::Head, b'h'),
    (Method::Put, b'u'),
    (Method::Patch, b'a'),
    (Method::Delete, b'd'),
    (Method::Options, b'o'),
];

fn method(bytes: &[u8]) -> Method {
    let found = METHODS.into_iter().find(|(_, letter)| bytes == [*letter]);
    found.map_or(Method::Post, |(method, _)| method)
}

fn letter(method: Method) -> u8 {
    METHODS.into_iter().find(|(it, _)| *it == method).map_or(b'p', |(_, letter)| letter)
}
