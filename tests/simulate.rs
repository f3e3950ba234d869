//! The traffic generator at real doors: what it sends is signed, in order, and comes again when
//! it is told to.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use tablica::config::model::Secret;
use tablica::simulate::run::{Play, play};
use tablica::simulate::sender::{Targets, Webhook};
use tablica::simulate::traffic::{Doors, Scenario, Size};

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
    let doors = Doors { telegram: true, webform: true, queue_log: true };
    let size = Size { rate: 1.0, staff: 1.0 };
    let start_ms = 1_790_000_000_000;
    Play {
        scenario: Scenario { seed: 11, start_ms, as_if_minute: Some(600), size, doors },
        warm_up: Duration::from_secs(600),
        speed: 1.0,
        duration: Some(Duration::ZERO),
    }
}

#[tokio::test]
async fn everything_arrives_signed_and_in_order_though_doors_say_later() {
    let (address, door) = open_doors().await;
    let folder = tempfile::tempdir().unwrap();
    let queue_log = folder.path().join("queue_log");
    let hook = |path, secret: &str| {
        Some(Webhook { url: format!("{address}/in/{path}"), secret: Secret::new(secret) })
    };
    let targets = Targets {
        telegram: hook("telegram", "token-of-the-test"),
        webform: hook("webform", "key of the test"),
        queue_log: Some(queue_log.clone()),
    };

    let totals =
        play(&ten_minutes_at_once(), targets, std::future::pending(), |_| {}).await.unwrap();

    let sent: u64 = totals.sent.iter().sum();
    assert_eq!((totals.accepted, totals.refused), (sent, 0));
    assert!(totals.retried > 0);
    let door = door.lock().unwrap();
    let lines = std::fs::read_to_string(&queue_log).unwrap();
    let arrived = [door.updates.len(), door.forms.len(), lines.lines().count()];
    assert_eq!(arrived.map(|count| count as u64), totals.sent);
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
    let telegram =
        Webhook { url: format!("{address}/in/telegram"), secret: Secret::new("another token") };
    let targets = Targets { telegram: Some(telegram), ..Targets::default() };
    let mut plan = ten_minutes_at_once();
    plan.scenario.doors = Doors { telegram: true, webform: false, queue_log: false };
    let mut news = Vec::new();

    let totals =
        play(&plan, targets, std::future::pending(), |line| news.push(line.to_owned())).await;

    let totals = totals.unwrap();
    assert!(totals.refused > 0);
    assert_eq!((totals.accepted, totals.retried), (0, 0));
    assert!(news.last().unwrap().contains("telegram: 401 Unauthorized"), "{news:?}");
    assert!(door.lock().unwrap().updates.is_empty());
}
