//! What a plugin answers: events, requests to a network, a reply, and what its file says of itself.
//!
//! Holds for every answer:
//! - An event becomes one of ours without a panic. Of a message's text, a note, an identifier or an
//!   undeclared attribute nothing is left in it; names are short, lists have their limits. It is read
//!   from the journal as it was written. An engine takes it, also twice, and its books balance.
//! - A request is refused, or goes to a host that is declared and granted, over https unless a port
//!   was granted, with no user in its address and no header of the host's own. A secret stands only
//!   where it is a piece, as often as it is one, and in a request to its own host. A refusal shows none.
//! - A server's answer that repeats a secret is shown without it.
//! - A reply has a status and headers that HTTP knows, two kinds of headers, and a limited body.
//! - A file is a plugin or is refused with a reason.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use arbitrary::{Result, Unstructured};
use axum::http::{HeaderName, HeaderValue, StatusCode};

use jiff::tz::TimeZone;

use super::values::{self, PRIVATE, maybe, one_of, private, shown, text, texts};
use crate::channel::actor::{Whose, known};
use crate::channel::egress::{Egress, Names, Rules};
use crate::channel::enrich::Enricher;
use crate::channel::host::{Header, wit};
use crate::channel::manifest::{Manifest, SecretUse};
use crate::channel::privacy::Pseudonymizer;
use crate::channel::privacy::keys::{KEY_BYTES, Key, KeyRing, Keys};
use crate::channel::reply::Reply;
use crate::channel::request::{Atom, Computed, Digest, Encoding, Piece, Request};
use crate::config::model::{Secret, Site, Topics};
use crate::engine::{self, Engine};
use crate::event::{Event, Kind, UnixMs};
use crate::kpi;
use crate::scope::{Selector, Window};

/// Attribute that the manifest declares.
const DECLARED: &str = "did";
/// 2026-03-02 11:00 UTC.
const RECEIVED_MS: UnixMs = 1_772_449_200_000;
const SECRET: &str = "t0ken/with#marks";
const SECRET_IN_ADDRESS: &str = "t0ken%2Fwith%23marks";
const HOSTS: [&str; 2] = ["api.example.org", "192.0.2.7:8080"];
const EVENTS_MAX: usize = 12;
const REPLY_BYTES_MAX: usize = 64 << 10;

/// See the file.
pub fn plugin_output(data: &[u8]) {
    let Some((what, rest)) = data.split_first() else { return };
    let mut input = Unstructured::new(rest);
    // Bytes that end too early are no answer.
    let _ = match what % 6 {
        0 | 1 => events(&mut input),
        2 => request(&mut input),
        3 => {
            answer(rest);
            Ok(())
        }
        4 => reply(&mut input),
        _ => {
            file(rest);
            Ok(())
        }
    };
}

static ENRICHER: LazyLock<Enricher> =
    LazyLock::new(|| Enricher::new(&Topics::default(), &Site::default()).expect("lexicons"));

static PSEUDONYMIZER: LazyLock<Pseudonymizer> = LazyLock::new(|| {
    let key = |byte| Key::from_bytes([byte; KEY_BYTES]);
    let keys = Keys { ids: key(1), customer: key(2), previous: Some(key(3)) };
    Pseudonymizer::new(KeyRing::fixed(keys), [DECLARED.to_owned()])
});

const WHOSE: Whose<'_> = Whose { channel: "shop", zone: &TimeZone::UTC, same_as: &[] };

fn events(input: &mut Unstructured<'_>) -> Result<()> {
    let mut engine = Engine::new(engine::Rules::default());
    let mut now_ms = RECEIVED_MS;
    for _ in 0..input.int_in_range(1..=EVENTS_MAX)? {
        let Ok(given) = event(input) else { break };
        let times = *input.choose(&[1, 1, 1, 2]).unwrap_or(&1);
        now_ms += i64::from(input.arbitrary::<u16>().unwrap_or(0)) * 1000;
        let (event, left_out) = known(&WHOSE, given, now_ms, &ENRICHER, &*PSEUDONYMIZER);
        is_fit_to_keep(&event);
        assert!(left_out.tags == 0, "the shipped lexicons have no topics");
        for _ in 0..times {
            engine.apply(&event, now_ms);
            balances(&engine, now_ms);
        }
    }
    engine.tick(now_ms + 86_400_000);
    balances(&engine, now_ms + 86_400_000);
    for kpi in kpi::registry() {
        kpi::compute(kpi, &engine, &Selector::default(), Window::Today, now_ms + 86_400_000);
    }
    Ok(())
}

/// An event in which everything private carries the mark.
fn event(input: &mut Unstructured<'_>) -> Result<wit::Event> {
    let interaction = if input.ratio(1, 4)? { String::new() } else { private(input)? };
    let mut customer = texts(input, 20)?;
    customer.iter_mut().for_each(|it| it.push_str(PRIVATE));
    let telephone = *input.choose(&["+48 22 123 45 67", "022 1234567", "tel:+49-30-1", ""])?;
    customer.push(telephone.to_owned());
    let kind = values::kind(input, RECEIVED_MS)?;
    let declared = wit::PairResult { name: DECLARED.to_owned(), value: shown(input)? };
    let name = format!("x{}", shown(input)?);
    let other = wit::PairResult { name, value: private(input)? };
    Ok(wit::Event {
        id: private(input)?,
        at: values::moment(input, RECEIVED_MS)?,
        order: maybe(input, |input| input.arbitrary())?,
        refers: maybe(input, private)?,
        interaction,
        queue: maybe(input, shown)?,
        agent: maybe(input, shown)?,
        customer,
        kind,
        attrs: vec![declared, other],
    })
}

fn is_fit_to_keep(event: &Event) {
    let line = serde_json::to_string(event).expect("JSON");
    assert!(!line.contains(PRIVATE), "{line}");
    assert!(!line.contains('\n'), "one event is one line");
    let read: Event = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
    assert_eq!(&read, event, "read from the journal as it was written");
    assert!(!event.id.is_empty());
    assert!(event.attrs.keys().all(|name| name == DECLARED), "{:?}", event.attrs);
    let words = event.attrs.values().chain(&event.queue).chain(&event.agent);
    let tags = match &event.kind {
        Kind::Tagged(tags) => tags.as_slice(),
        Kind::Message(message) | Kind::Edited(message) => &message.topics,
        Kind::Mention(mention) => &mention.topics,
        _ => &[],
    };
    assert!(tags.len() <= 32, "{} tags", tags.len());
    for word in words.chain(tags) {
        assert!(word.chars().count() <= 120, "{} characters", word.chars().count());
    }
    assert!(event.customer.len() <= 32, "{} customers", event.customer.len());
    let hashes: BTreeSet<_> = event.customer.iter().collect();
    assert_eq!(hashes.len(), event.customer.len(), "a customer twice");
    // Whatever came, in the largest form that it may have.
    assert!(line.len() <= 64 << 10, "{} bytes", line.len());
}

/// `offered = answered + abandoned + flowed_out + waiting`.
pub(super) fn balances(engine: &Engine, now_ms: UnixMs) {
    let offered = kpi::find("offered").expect("a KPI");
    let value = kpi::compute(offered, engine, &Selector::default(), Window::Today, now_ms);
    let counts: BTreeMap<_, _> =
        value.receipt.counts.into_iter().map(|count| (count.name, count.value)).collect();
    let count = |name: &str| counts.get(name).copied().unwrap_or(0);
    let ended = count("answered") + count("abandoned") + count("flowed_out");
    assert_eq!(count("offered"), ended + count("waiting"), "{counts:?}");
}

static WAY_OUT: LazyLock<Egress> = LazyLock::new(|| {
    let rules = Rules {
        names: Names::default(),
        declared: HOSTS.map(str::to_owned).to_vec(),
        granted: HOSTS.map(str::to_owned).to_vec(),
        declared_secrets: BTreeMap::from([(
            "token".to_owned(),
            SecretUse { hosts: vec![HOSTS[0].to_owned()], about: String::new() },
        )]),
        granted_secrets: BTreeMap::from([("token".to_owned(), Secret::new(SECRET))]),
        declared_accounts: BTreeMap::new(),
        granted_accounts: BTreeMap::new(),
        accounts_folder: None,
        ca_file: None,
        timeout: std::time::Duration::from_secs(1),
        response_bytes_max: 1 << 20,
    };
    Egress::new(rules).expect("a way out")
});

const BEGINNINGS: [&str; 7] = [
    "https://api.example.org/bot",
    "https://api.example.org/",
    "http://192.0.2.7:8080/",
    "https://api.example.org:443",
    "https://api.example.org",
    "http://",
    "",
];

/// A network's own text, which asks for the secret in a spelling that means nothing here.
fn piece(input: &mut Unstructured<'_>) -> Result<Piece> {
    let atoms = |input: &mut Unstructured<'_>| -> Result<Vec<Atom>> {
        let bytes = Atom::Bytes(text(input)?.into());
        Ok(if input.arbitrary()? { vec![bytes, Atom::Secret("token".into())] } else { vec![bytes] })
    };
    Ok(match input.int_in_range(0..=4)? {
        0 => Piece::Secret("token".into()),
        1 => Piece::Secret(text(input)?),
        2 => Piece::Computed(Computed {
            digest: *input.choose(&[Digest::Sha256, Digest::HmacSha256, Digest::HmacMd5])?,
            key: atoms(input)?,
            over: atoms(input)?,
            encoding: *input.choose(&[Encoding::Raw, Encoding::Hex, Encoding::Percent])?,
        }),
        3 => Piece::Bytes("{secret:token}".into()),
        _ => Piece::Bytes(text(input)?.into()),
    })
}

fn pieces(input: &mut Unstructured<'_>) -> Result<Vec<Piece>> {
    (0..input.int_in_range(0..=3)?).map(|_| piece(input)).collect()
}

fn secrets(pieces: &[Piece]) -> usize {
    pieces.iter().filter(|piece| **piece == Piece::Secret("token".into())).count()
}

fn request(input: &mut Unstructured<'_>) -> Result<()> {
    let mut url = vec![Piece::Bytes(one_of(input, &BEGINNINGS)?.into())];
    url.extend(pieces(input)?);
    let mut headers = Vec::new();
    for _ in 0..input.int_in_range(0..=3)? {
        let name = one_of(input, &["X-Key", "x-key", "Host", "Accept", ""])?;
        let name = if name.is_empty() { text(input)? } else { name };
        headers.push((name, pieces(input)?));
    }
    let given = Request { url, headers, body: pieces(input)?, ..Request::default() };
    if format!("{given:?}").contains("t0ken") {
        return Ok(());
    }
    let prepared = match WAY_OUT.prepared(&given) {
        Ok(prepared) => prepared,
        Err(error) => {
            assert!(!error.to_string().contains("t0ken"), "{error}");
            return Ok(());
        }
    };
    let url = prepared.url();
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    let port = url.port_or_known_default();
    let is_first = (url.scheme(), host, port) == ("https", HOSTS[0], Some(443));
    // The port that was granted may be asked with TLS and without.
    let is_second = host == "192.0.2.7" && port == Some(8080);
    assert!(is_first || is_second, "{url}");
    assert!(url.username().is_empty() && url.password().is_none(), "{url}");
    let in_address = url.as_str().matches("t0ken").count();
    assert!(is_first || in_address == 0, "{url}");
    // A fragment is not sent, and the parser of addresses may take a part away by `..`.
    assert!(in_address <= secrets(&given.url), "{url}");
    assert_eq!(url.as_str().matches(SECRET_IN_ADDRESS).count(), in_address, "{url}");
    let times = |bytes: &[u8]| bytes.windows(5).filter(|it| *it == b"t0ken").count();
    let asked: usize = given.headers.iter().map(|(_, value)| secrets(value)).sum();
    let mut in_headers = 0;
    for (name, value) in prepared.headers() {
        assert!(!["host", "content-length", "transfer-encoding"].contains(&name.as_str()));
        in_headers += times(value.as_bytes());
    }
    assert_eq!(in_headers, asked, "in headers");
    let body = prepared.body().and_then(|body| body.as_bytes()).unwrap_or_default();
    assert_eq!(times(body), secrets(&given.body), "in the body");
    assert!(is_first || in_headers + times(body) == 0, "{url}");
    Ok(())
}

fn answer(bytes: &[u8]) {
    let shown = WAY_OUT.shown(bytes);
    for spelling in [SECRET, SECRET_IN_ADDRESS, "t0ken\\/with#marks"] {
        let spelling = spelling.as_bytes();
        assert!(!shown.windows(spelling.len()).any(|it| it == spelling), "shown");
    }
    assert_eq!(WAY_OUT.shown(&shown), shown, "nothing is left to take out");
}

fn reply(input: &mut Unstructured<'_>) -> Result<()> {
    let mut headers = Vec::new();
    for _ in 0..input.int_in_range(0..=4)? {
        let name = one_of(input, &["Content-Type", "retry-after", "Set-Cookie", ""])?;
        let name = if name.is_empty() { text(input)? } else { name };
        headers.push(wit::PairResult { name, value: text(input)? });
    }
    let status = input.arbitrary()?;
    let body = input.bytes(input.len())?.repeat(if input.is_empty() { 1 } else { 4 });
    let (reply, _) = Reply::of_plugin(wit::Reply { status, headers, body });
    let status = StatusCode::from_u16(reply.status).expect("a status");
    assert!(!status.is_informational(), "{status}");
    assert!(reply.body.len() <= REPLY_BYTES_MAX);
    for (name, value) in &reply.headers {
        assert!(["content-type", "retry-after"].contains(&name.as_str()), "{name}");
        HeaderName::try_from(name).expect("a header's name");
        HeaderValue::try_from(value).expect("a header's value");
        let is_run = ["html", "svg", "script", "css", "pdf"].iter().any(|it| value.contains(it));
        assert!(name != "content-type" || !is_run, "a browser would run {value}");
    }
    Ok(())
}

fn file(bytes: &[u8]) {
    if let Err(error) = Header::read("guest.wasm", bytes) {
        assert!(error.to_string().starts_with("guest.wasm"), "{error}");
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(manifest) = Manifest::parse(text)
    {
        assert!(!manifest.name.is_empty());
    }
}
