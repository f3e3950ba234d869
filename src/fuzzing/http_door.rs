//! Bytes on a connection to one of the two listeners.
//!
//! The first byte says to which listener, from whom, and how the rest is read: as bytes of one or more
//! requests (`@sha256@` and the like become the signature of what follows the head), or as choices
//! of which one request is made, so that it is known what has to come of it.
//!
//! Holds for all bytes: the connection ends when the sender hangs up, nothing panics, no answer has
//! status 500 and none shows a secret. For a request of which all is known also: who asks for another
//! host gets nothing, a page of another site gets no WebSocket, a webhook is taken when its signature is
//! right and only then, every answer of a page carries the headers that protect it, no page
//! repeats markup of its address, and what is said to be JSON is JSON.

use arbitrary::{Result, Unstructured};

use super::channels::{NAMES, SECRET, signed, signed_address};
use super::house::{self, BODY_BYTES_MAX, End, Listener, OWN_HOST, PROXY, STRANGER};
use super::values::{one_of, text};

/// More takes longer than it finds.
const BYTES_MAX: usize = 16 << 10;

/// See the file.
pub fn http_door(data: &[u8]) {
    let Some((how, rest)) = data.split_first() else { return };
    if rest.len() > BYTES_MAX {
        return;
    }
    let listener = if how & 1 == 0 { Listener::Public } else { Listener::Admin };
    let peer = if how & 2 == 0 { STRANGER } else { PROXY };
    if how & 4 == 0 {
        // Bytes that end too early are no request.
        let _ = made(listener, peer, &mut Unstructured::new(rest));
    } else {
        let said = with_signatures(rest);
        let answered =
            house::with(|house| house.converse(listener, peer, &said, End::HangsUp, || {}));
        if !answered.is_empty() {
            is_an_answer(&answered);
        }
        if !contains(&said, SECRET) {
            assert!(!contains(&answered, SECRET), "shows a secret");
        }
    }
}

/// What begins as HTTP does, and is no failure of the server's.
fn is_an_answer(answered: &[u8]) -> u16 {
    let shown = || String::from_utf8_lossy(&answered[..answered.len().min(300)]).into_owned();
    let line = answered.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let line = std::str::from_utf8(line).unwrap_or_else(|_| panic!("{}", shown()));
    let status = line.strip_prefix("HTTP/1.1 ").or_else(|| line.strip_prefix("HTTP/1.0 "));
    let status = status.and_then(|it| it.get(..3)?.parse::<u16>().ok());
    let status = status.unwrap_or_else(|| panic!("no status: {}", shown()));
    assert!((100..=599).contains(&status) && status != 500, "{}", shown());
    status
}

/// Each `@CHANNEL@` becomes the header lines that sign what follows the next empty line.
fn with_signatures(said: &[u8]) -> Vec<u8> {
    let mut said = said.to_vec();
    for channel in NAMES {
        let mark = format!("@{channel}@");
        if let Some(at) = position(&said, &mark) {
            let body = position(&said[at..], "\r\n\r\n").map_or(said.len(), |end| at + end + 4);
            let lines = signed(channel, &said[body..]);
            said.splice(at..at + mark.len(), lines.trim_end().bytes());
        }
    }
    said
}

const PATHS: [&str; 22] = [
    "/",
    "/wall",
    "/wall/floor",
    "/wall/nowhere",
    "/ws/v1/boards/floor",
    "/api/v1/kpis",
    "/api/v1/kpis?",
    "/api/v1/kpis/service_level/receipt?",
    "/api/v1/boards",
    "/api/v1/boards/floor",
    "/api/v1/channels",
    "/api/v1/annotations",
    "/api/v1/annotations?",
    "/api/v1/annotations/",
    "/api/v1/staffing",
    "/api/v1/staffing?",
    "/api/v1/openapi.json",
    "/livez",
    "/readyz",
    "/metrics",
    "/assets/",
    "/in/",
];
const MARKUP: &str = "<script>x";
const OTHER_HOST: &str = "evil.example";

/// One request of which all is known.
struct Asked {
    method: String,
    /// None: it is no webhook.
    channel: Option<String>,
    /// That counts: what the proxy says, when one asks.
    host: String,
    origin: String,
    is_genuine: bool,
    body: Vec<u8>,
}

fn made(listener: Listener, peer: &str, input: &mut Unstructured<'_>) -> Result<()> {
    let method = one_of(input, &["GET", "POST", "DELETE", "PUT", "HEAD", "PROPFIND"])?;
    let mut path = one_of(input, &PATHS)?;
    let channel = (path == "/in/").then(|| one_of(input, &NAMES)).transpose()?;
    let tail = match &channel {
        Some(channel) => channel.clone(),
        None => escaped(&text(input)?),
    };
    path.push_str(&tail);
    let is_signed = input.arbitrary()?;
    if let Some(channel) = channel.as_deref().filter(|_| is_signed) {
        path.push_str(&signed_address(channel));
    }
    let host = one_of(input, &["127.0.0.1:8080", "localhost", OWN_HOST, OTHER_HOST])?;
    let forwarded = one_of(input, &["", OWN_HOST, OTHER_HOST])?;
    let origin = one_of(input, &["", "http://127.0.0.1:8080", "http://evil.example", "null"])?;
    let type_line = one_of(input, &["", "Content-Type: application/json\r\n"])?;
    let upgrade = if path.starts_with("/ws/") { UPGRADE } else { "" };
    let extra = one_of(input, &["", "X-Forwarded-For: 1.2.3.4\r\n", "Accept: text/html\r\n"])?;
    let body = body(input, channel.as_deref(), is_signed)?;
    let signature = match &channel {
        Some(channel) if is_signed => signed(channel, &body),
        _ => String::new(),
    };
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n");
    for (name, value) in [("X-Forwarded-Host", &forwarded), ("Origin", &origin)] {
        if !value.is_empty() {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
    }
    let length = format!("Content-Length: {}\r\n", body.len());
    let length = if body.is_empty() { "" } else { &length };
    let close = if upgrade.is_empty() { "Connection: close\r\n" } else { "" };
    head = head + &type_line + upgrade + &extra + &signature + length + close + "\r\n";
    let said = [head.as_bytes(), &body].concat();
    // The admin listener believes no proxy.
    let is_told = listener == Listener::Public && peer == PROXY && !forwarded.is_empty();
    let host = if is_told { forwarded } else { host };
    let is_genuine = is_signed || channel.as_deref() == Some("open");
    let asked = Asked { method, channel, host, origin, is_genuine, body };
    // A WebSocket does not end by itself.
    let end = if upgrade.is_empty() { End::Waits } else { End::HangsUp };
    let answered = house::with(|house| house.converse(listener, peer, &said, end, || {}));
    judge(listener, &asked, &answered, &head);
    Ok(())
}

const UPGRADE: &str = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                       Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

fn body(input: &mut Unstructured<'_>, channel: Option<&str>, is_signed: bool) -> Result<Vec<u8>> {
    if channel == Some("field") && is_signed {
        let json = serde_json::json!({ "secret": SECRET, "text": text(input)? });
        return Ok(json.to_string().into_bytes());
    }
    let times = *input.choose(&[1, 1, 1, 30])?;
    Ok(input.bytes(input.len().min(1000))?.repeat(times))
}

/// As a program would write it into an address.
fn escaped(text: &str) -> String {
    let mut address = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"/?&=%.-_~:+,<>".contains(&byte) {
            address.push(char::from(byte));
        } else {
            address.push_str(&format!("%{byte:02X}"));
        }
    }
    address
}

fn judge(listener: Listener, asked: &Asked, answered: &[u8], head: &str) {
    assert!(!answered.is_empty(), "no answer to {head}");
    let status = is_an_answer(answered);
    let end = position(answered, "\r\n\r\n").unwrap_or_else(|| panic!("no head for {head}"));
    let answer_head = String::from_utf8_lossy(&answered[..end]).to_ascii_lowercase();
    let body = &answered[end + 4..];
    let fails = |why: &str| panic!("{why}: {status} for {head}\n{answer_head}");
    if !contains(head.as_bytes(), SECRET) && !contains(&asked.body, SECRET) {
        assert!(!contains(answered, SECRET), "shows a secret for {head}");
    }
    if let (Some(channel), Listener::Public) = (&asked.channel, listener) {
        let is_known_method = asked.method != "PROPFIND";
        let fits = asked.body.len() <= BODY_BYTES_MAX;
        // A body that is no JSON has no field; one that is signed always has.
        let is_taken = asked.is_genuine && is_known_method && fits;
        if is_taken != (status == 200) {
            fails(&format!("`{channel}` taken: {}", status == 200));
        }
        return;
    }
    if asked.host == OTHER_HOST && ![421, 308, 400, 414].contains(&status) {
        fails("another host is answered");
    }
    if asked.origin.contains("evil") || asked.origin == "null" {
        assert!(status != 101, "a page of another site has a WebSocket: {head}");
    }
    // A redirect has no content, and what is no request comes to no page.
    if ![308, 400, 414, 431, 101].contains(&status) {
        for header in ["content-security-policy: default-src 'none'", "nosniff", "no-referrer"] {
            if !answer_head.contains(header) {
                fails(&format!("without {header}"));
            }
        }
    }
    if contains(body, MARKUP) && answer_head.contains("text/html") {
        fails("repeats markup");
    }
    let is_json = answer_head.contains("content-type: application/json")
        || answer_head.contains("content-type: application/problem+json");
    let is_whole = answer_head.contains("content-length") && asked.method != "HEAD";
    if is_json && is_whole && serde_json::from_slice::<serde_json::Value>(body).is_err() {
        fails("no JSON");
    }
}

fn position(text: &[u8], part: &str) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part.as_bytes())
}

fn contains(text: &[u8], part: &str) -> bool {
    position(text, part).is_some()
}
