//! The traffic generator at real doors: what it sends is signed, in order, and comes again when
//! it is told to; and the demo's server understands each of its networks.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use tablica::clock;
use tablica::config::model::Secret;
use tablica::event::{Author, Kind};
use tablica::journal;
use tablica::simulate::door::Door as Network;
use tablica::simulate::networks::{Habits, NETWORKS};
use tablica::simulate::run::{Play, play};
use tablica::simulate::sender::{Targets, Webhook};
use tablica::simulate::sign::Sign;
use tablica::simulate::traffic::{Scenario, Size};

use crate::support::server::{SECRET, Server, Site};

/// A door that says "later" to every third call and remembers the rest.
#[derive(Default)]
struct Door {
    calls: u32,
    updates: Vec<Value>,
    forms: Vec<Value>,
}

type Shared = Arc<Mutex<Door>>;

async fn telegram(State(door): State<Shared>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let token = headers.get("X-Telegram-Bot-Api-Secret-Token");
    if token.is_none_or(|token| token != "token-of-the-test") {
        return StatusCode::UNAUTHORIZED;
    }
    accept(&door, |door| door.updates.push(serde_json::from_slice(&body).unwrap()))
}

async fn webform(State(door): State<Shared>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let mac = Hmac::<sha2::Sha256>::new_from_slice(b"key of the test").unwrap();
    let expected = hex::encode(mac.chain_update(&body).finalize().into_bytes());
    if headers.get("X-Signature").is_none_or(|given| given != &format!("sha256={expected}")) {
        return StatusCode::UNAUTHORIZED;
    }
    accept(&door, |door| door.forms.push(serde_json::from_slice(&body).unwrap()))
}

fn accept(door: &Shared, remember: impl FnOnce(&mut Door)) -> StatusCode {
    let mut door = door.lock().unwrap();
    door.calls += 1;
    if door.calls.is_multiple_of(3) {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    remember(&mut door);
    StatusCode::OK
}

async fn open_doors() -> (String, Shared) {
    let door = Shared::default();
    let router = Router::new()
        .route("/in/telegram", post(telegram))
        .route("/in/webform", post(webform))
        .with_state(Arc::clone(&door));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (address, door)
}

fn ten_minutes_at_once() -> Play {
    let doors = [Network::TELEGRAM, Network::WEBFORM, Network::QUEUE_LOG].into();
    let size = Size { rate: 1.0, staff: 1.0 };
    let start_ms = 1_790_000_000_000;
    Play {
        scenario: Scenario { seed: 11, start_ms, as_if_minute: Some(600), size, doors },
        warm_up: Duration::from_secs(600),
        speed: 1.0,
        duration: Some(Duration::ZERO),
    }
}

fn hook(base: &str, door: Network, sign: Sign, secret: &str) -> (Network, Webhook) {
    let url = format!("{base}/in/{door}");
    (door, Webhook { url, sign, secret: Secret::new(secret) })
}

fn telegram_hook(base: &str, secret: &str) -> (Network, Webhook) {
    hook(base, Network::TELEGRAM, Sign::Token("X-Telegram-Bot-Api-Secret-Token"), secret)
}

#[tokio::test]
async fn everything_arrives_signed_and_in_order_though_doors_say_later() {
    let (address, door) = open_doors().await;
    let folder = tempfile::tempdir().unwrap();
    let queue_log = folder.path().join("queue_log");
    let webhooks = BTreeMap::from([
        telegram_hook(&address, "token-of-the-test"),
        hook(&address, Network::WEBFORM, Sign::sha256("X-Signature"), "key of the test"),
    ]);
    let targets = Targets { webhooks, queue_log: Some(queue_log.clone()) };

    let totals =
        play(&ten_minutes_at_once(), targets, std::future::pending(), |_| {}).await.unwrap();

    let sent: u64 = totals.sent.values().sum();
    assert_eq!((totals.accepted, totals.refused), (sent, 0));
    assert!(totals.retried > 0);
    let door = door.lock().unwrap();
    let lines = std::fs::read_to_string(&queue_log).unwrap();
    let arrived = [
        (Network::TELEGRAM, door.updates.len() as u64),
        (Network::WEBFORM, door.forms.len() as u64),
        (Network::QUEUE_LOG, lines.lines().count() as u64),
    ];
    assert_eq!(BTreeMap::from(arrived), totals.sent);
    assert!(lines.contains("|ENTERQUEUE|") && lines.ends_with('\n'));

    let mut last_of_chat = BTreeMap::new();
    for message in door.updates.iter().filter_map(|update| update.get("business_message")) {
        let id = message["message_id"].as_i64().unwrap();
        let before = last_of_chat.insert(message["chat"]["id"].as_i64().unwrap(), id);
        assert!(before.is_none_or(|before| before < id), "overtaken within a chat");
    }
}

#[tokio::test]
async fn a_refusal_is_final_counted_and_explained() {
    let (address, door) = open_doors().await;
    let webhooks = [telegram_hook(&address, "another token")].into();
    let targets = Targets { webhooks, queue_log: None };
    let mut plan = ten_minutes_at_once();
    plan.scenario.doors = [Network::TELEGRAM].into();
    let mut news = Vec::new();

    let totals =
        play(&plan, targets, std::future::pending(), |line| news.push(line.to_owned())).await;

    let totals = totals.unwrap();
    assert!(totals.refused > 0);
    assert_eq!((totals.accepted, totals.retried), (0, 0));
    assert!(news.last().unwrap().contains("telegram: 401 Unauthorized"), "{news:?}");
    assert!(door.lock().unwrap().updates.is_empty());
}

/// Four hours of all written networks, sent at once, that end now: long enough that what happens in one
/// conversation of twelve happens on every network.
fn hours_of_all_networks() -> Play {
    let length = Duration::from_secs(4 * 3600);
    Play {
        scenario: Scenario {
            seed: 11,
            start_ms: clock::now_ms() - i64::try_from(length.as_millis()).expect("some hours"),
            as_if_minute: Some(600),
            size: Size { rate: 1.0, staff: 1.0 },
            doors: NETWORKS.iter().map(|network| network.door).collect(),
        },
        warm_up: length,
        speed: 1.0,
        duration: Some(Duration::ZERO),
    }
}

/// What a channel's events say happened.
#[derive(Debug, Default, PartialEq, Eq)]
struct Told {
    authors: BTreeSet<&'static str>,
    public: bool,
    mentions: bool,
    settled: bool,
    rated: bool,
}

impl Told {
    fn hear(&mut self, kind: &Kind) {
        match kind {
            Kind::Message(message) => {
                self.public |= message.public;
                self.authors.insert(match message.author {
                    Author::Customer => "customer",
                    Author::Agent => "agent",
                    Author::Bot => "bot",
                    Author::Peer => "peer",
                    _ => "nobody known",
                });
            }
            Kind::Mention(_) => self.mentions = true,
            Kind::Resolved(_) => self.settled = true,
            Kind::Rated(_) => self.rated = true,
            // What a plugin found in a batch and could not read.
            Kind::Other(other) => panic!("{other:?}"),
            _ => {}
        }
    }

    /// What people do on a network.
    fn expected(habits: &Habits) -> Self {
        let authors = [
            ("customer", true),
            ("agent", true),
            ("bot", habits.bot > 0.0),
            ("peer", habits.peers > 0.0),
        ];
        Self {
            authors: authors.into_iter().filter(|(_, is)| *is).map(|(author, _)| author).collect(),
            public: habits.public > 0.0,
            mentions: habits.mentions > 0.0,
            settled: habits.settles,
            rated: habits.rated > 0.0,
        }
    }
}

async fn quarantined(server: &Server) -> Vec<String> {
    let metrics = server.metrics().await;
    let lines = metrics.lines().filter(|line| line.starts_with("tablica_quarantined_total"));
    lines.filter(|line| !line.ends_with(" 0")).map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demos_server_understands_every_network_and_tells_its_people_apart() {
    let site = Site::demo();
    let server = site.start().await;
    let base = server.url("");
    let webhooks = NETWORKS.iter().map(|network| hook(&base, network.door, network.sign, SECRET));
    let targets = Targets { webhooks: webhooks.collect(), queue_log: None };
    let mut news = Vec::new();

    let totals = play(&hours_of_all_networks(), targets, std::future::pending(), |line| {
        news.push(line.to_owned());
    })
    .await
    .unwrap();

    let sent: u64 = totals.sent.values().sum();
    assert_eq!((totals.accepted, totals.refused), (sent, 0), "{news:?}");
    assert_eq!(quarantined(&server).await, Vec::<String>::new());
    // A clean stop: all that was accepted is in the journal.
    assert!(server.stop().success());
    let mut told: BTreeMap<String, Told> = BTreeMap::new();
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for event in journal::read(&site.path("state")).expect("a journal").events() {
        let (_, event) = event.expect("a good row");
        let is_helper = matches!(&event.kind, Kind::Message(it) if it.author == Author::Peer);
        // Who helps is not the contact's customer.
        assert!(!is_helper || event.customer.is_empty(), "{event:?}");
        told.entry(event.channel.clone()).or_default().hear(&event.kind);
        *counts.entry(event.channel).or_default() += 1;
    }
    for network in NETWORKS {
        let name = network.door.name();
        assert_eq!(told.get(name), Some(&Told::expected(&network.habits)), "{name}");
        // Each post tells of something.
        assert!(counts[name] >= totals.sent[&network.door], "{name}: {counts:?} of {totals}");
    }
}
