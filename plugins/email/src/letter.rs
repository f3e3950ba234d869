//! A mail as this plugin needs it, whoever handed it over: read from its bytes, or from the headers and texts
//! that a provider has taken apart.

use tablica_plugin::mail::parser::{Address, Message, MessageParser};
use tablica_plugin::mail::{self, Automatic};
use tablica_plugin::{Moment, fingerprint, identity};

use crate::date;
use crate::report::{self, Report};

/// Text that goes as far as tagging; the host looks at less.
const TEXT_BYTES_MAX: usize = 16 * 1024;
/// Recipients that are looked at.
const ADDRESSES_MAX: usize = 100;
/// A clock that is so far ahead is wrong.
const AHEAD_MS_MAX: u64 = 24 * 3_600_000;
/// A sender's clock that is so far behind is wrong: providers try for three days at most.
const BEHIND_MS_MAX: u64 = 4 * 24 * 3_600_000;

/// What a provider, or the host, says of a mail beside the mail itself.
#[derive(Debug, Default)]
pub(crate) struct Arrived {
    /// To whom it was delivered: the envelope's recipients.
    pub(crate) recipients: Vec<String>,
    /// The envelope's sender, where it is known; empty is a bounce or an answer by a machine.
    pub(crate) sender: Option<String>,
    /// What stood behind `+` in our address.
    pub(crate) token: Option<String>,
    /// When it was received.
    pub(crate) at: Option<Moment>,
    /// Its new text, where the provider has cut away what is quoted; else its text.
    pub(crate) text: Option<String>,
}

/// A mail.
#[derive(Debug)]
pub(crate) struct Letter {
    /// `Message-ID`, or one made of what it is.
    pub(crate) id: String,
    /// What it answers, the nearest first: `In-Reply-To`, then `References` from the newest.
    pub(crate) answers: Vec<String>,
    /// The first mail of the conversation, as `References` or else `In-Reply-To` say.
    pub(crate) root: Option<String>,
    pub(crate) from: Option<String>,
    pub(crate) reply_to: Vec<String>,
    /// `To` and `Cc`.
    pub(crate) to: Vec<String>,
    /// The envelope's recipients, and what was noted of them on the way.
    pub(crate) delivered_to: Vec<String>,
    pub(crate) token: Option<String>,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) length: u32,
    pub(crate) at: Moment,
    pub(crate) automatic: Option<Automatic>,
    /// The mailing lists that it came through (`List-ID`), each as its address with a dot for the `@`; none where it
    /// is marked as sent to many as well.
    pub(crate) lists: Vec<String>,
    /// Who wrote it, where a list has put its own address in `From`.
    pub(crate) original_from: Option<String>,
    pub(crate) report: Option<Report>,
}

/// Reads the bytes of a mail; none when they are none.
pub(crate) fn read(bytes: &[u8], arrived: Arrived, now_ms: u64) -> Option<Letter> {
    let message = MessageParser::default().parse(from_first_header(bytes))?;
    if message.parts.is_empty() || !is_mail(&message) {
        return None;
    }
    Some(of(&message, arrived, now_ms))
}

/// Without what programs put before a mail: a byte order mark, empty lines, the line `From …` of an mbox.
fn from_first_header(bytes: &[u8]) -> &[u8] {
    let bytes = without_mark(bytes).trim_ascii_start();
    if bytes.starts_with(b"From ") || bytes.starts_with(b">From ") {
        let end = bytes.iter().position(|it| *it == b'\n').unwrap_or(0);
        return bytes.get(end..).unwrap_or(bytes).trim_ascii_start();
    }
    bytes
}

/// Without the byte order mark of UTF-8.
pub(crate) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// Reads a mail that came as headers and texts.
pub(crate) fn of_headers<'a>(
    headers: impl Iterator<Item = (&'a str, &'a str)>,
    arrived: Arrived,
    now_ms: u64,
) -> Option<Letter> {
    let mut bytes = String::new();
    for (name, value) in headers {
        let is_name =
            !name.is_empty() && name.bytes().all(|it| it.is_ascii_graphic() && it != b':');
        if is_name {
            let line = value.replace(['\r', '\n'], " ");
            bytes.extend([name, ": ", line.as_str(), "\r\n"]);
        }
    }
    bytes.push_str("\r\n");
    read(bytes.as_bytes(), arrived, now_ms)
}

/// One of the headers that mails have is there: bytes of another kind have none.
fn is_mail(message: &Message<'_>) -> bool {
    ["From", "To", "Message-ID", "Subject", "Received", "Date"]
        .into_iter()
        .any(|name| message.header_raw(name).is_some())
}

fn of(message: &Message<'_>, mut arrived: Arrived, now_ms: u64) -> Letter {
    let text = arrived
        .text
        .take()
        .map_or_else(|| mail::new_text(message), |text| mail::unquoted(&text).trim().to_owned());
    let known = mail::of_text(message, &text);
    let mut delivered_to: Vec<String> =
        arrived.recipients.iter().filter_map(|it| address(it)).collect();
    for (name, value) in message.headers_raw() {
        let is_noted = ["Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To"]
            .into_iter()
            .any(|it| it.eq_ignore_ascii_case(name));
        if is_noted && delivered_to.len() < ADDRESSES_MAX {
            delivered_to.extend(value.split(',').filter_map(address));
        }
    }
    let senders = [message.from(), message.sender(), message.reply_to()];
    let from = senders.into_iter().find_map(|it| addresses(it).into_iter().next());
    let is_null = arrived.sender.as_deref().is_some_and(|it| matches!(it.trim(), "" | "<>"));
    let mut answers: Vec<String> = known.answers.iter().cloned().collect();
    answers.extend(
        known.references.iter().rev().filter(|it| Some(*it) != known.answers.as_ref()).cloned(),
    );
    Letter {
        id: known.id.unwrap_or_else(|| synthesized(message, &text)),
        root: known.references.first().cloned().or(known.answers),
        answers,
        from,
        reply_to: addresses(message.reply_to()),
        to: [message.to(), message.cc()].into_iter().flat_map(addresses).collect(),
        delivered_to,
        token: arrived.token.filter(|it| !it.is_empty()),
        subject: message.subject().unwrap_or_default().to_owned(),
        length: u32::try_from(text.chars().count()).unwrap_or(u32::MAX),
        text: cut(text),
        at: at(message, arrived.at, now_ms),
        lists: lists(message),
        original_from: message.header_raw("X-Original-From").and_then(address),
        automatic: known.automatic.or(is_null.then_some(Automatic::Bounce)),
        report: report::of(message, known.automatic),
    }
}

/// When it was received: the provider's word, then the note of the server that took it last, then the sender's
/// clock where it can be right. None, which is when the host got it, where all of them are missing or wrong.
fn at(message: &Message<'_>, arrived: Option<Moment>, now_ms: u64) -> Moment {
    let mut notes = message.headers_raw().filter(|(name, _)| name.eq_ignore_ascii_case("Received"));
    let received = notes.find_map(|(_, value)| date::of_received(value)).map(Moment::Utc);
    let sent = message.header_raw("Date").map(date::moment);
    let earliest = now_ms.saturating_sub(BEHIND_MS_MAX);
    let sent = sent.filter(|it| matches!(it, Moment::Utc(ms) if *ms >= earliest));
    let latest = now_ms.saturating_add(AHEAD_MS_MAX);
    let is_sound = |moment: &Moment| match moment {
        Moment::None => false,
        Moment::Utc(ms) => *ms <= latest,
        Moment::Local(local) => local.wall_ms <= latest,
    };
    [arrived, received, sent].into_iter().flatten().find(is_sound).unwrap_or(Moment::None)
}

/// See [`Letter::lists`].
fn lists(message: &Message<'_>) -> Vec<String> {
    let mut lists = Vec::new();
    for (name, value) in message.headers_raw() {
        let is = |it: &str| name.eq_ignore_ascii_case(it);
        if is("Precedence")
            && ["bulk", "junk"].iter().any(|it| value.trim().eq_ignore_ascii_case(it))
        {
            return Vec::new();
        }
        if is("List-Id") && lists.len() < ADDRESSES_MAX {
            let id = value.rsplit_once('<').map_or(value, |(_, id)| id);
            lists.push(id.trim().trim_end_matches('>').to_lowercase());
        }
    }
    lists
}

/// Stays the same when the mail comes again: of who wrote it, when, about what, and what.
fn synthesized(message: &Message<'_>, text: &str) -> String {
    let raw = |name: &str| message.header_raw(name).unwrap_or_default().trim().to_owned();
    let parts = [raw("From"), raw("Date"), raw("Subject"), text.to_owned()];
    format!("\n{:016x}", fingerprint(parts.join("\n")))
}

fn addresses(header: Option<&Address<'_>>) -> Vec<String> {
    let all = header.map(|it| it.iter().filter_map(|it| address(it.address()?)));
    all.into_iter().flatten().take(ADDRESSES_MAX).collect()
}

/// An address in the spelling in which addresses are compared; none when it is not one.
pub(crate) fn address(raw: &str) -> Option<String> {
    let raw = raw.trim();
    let raw = raw.rsplit_once('<').map_or(raw, |(_, bare)| bare).trim_end_matches('>');
    identity::mail(raw)?.strip_prefix("mail:").map(str::to_owned)
}

/// A `Message-ID` without its brackets.
pub(crate) fn message_id(raw: &str) -> Option<&str> {
    Some(raw.trim().trim_start_matches('<').trim_end_matches('>').trim())
        .filter(|it| !it.is_empty())
}

fn cut(mut text: String) -> String {
    if text.len() > TEXT_BYTES_MAX {
        text.truncate(text.floor_char_boundary(TEXT_BYTES_MAX));
    }
    text
}
