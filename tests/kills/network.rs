//! A network that is polled, as Telegram is: an update is given out until a later one is asked
//! for. Whoever asks has then confirmed it, and it is gone.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::any;
use serde_json::{Value, json};

use super::ledger::{Door, Item, Ledger};
use crate::support::wait::pass;

/// Updates in one answer; Telegram gives a hundred.
const ANSWER_MAX: usize = 20;
/// How long an answer waits for an update, and how often it looks.
const LONG_POLL: Duration = Duration::from_millis(900);
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// What it holds.
#[derive(Default)]
struct Held {
    last_id: u64,
    updates: VecDeque<(u64, Item)>,
    /// Answers with updates so far, and offsets that confirmed some.
    answers: u64,
    confirmations: u64,
}

/// The network.
pub(super) struct Network {
    held: Mutex<Held>,
    ledger: Arc<Mutex<Ledger>>,
}

impl Network {
    /// Opens it at an address of its own.
    pub(super) async fn open(ledger: Arc<Mutex<Ledger>>) -> (Arc<Self>, SocketAddr) {
        let network = Arc::new(Self { held: Mutex::default(), ledger });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let router = Router::new().fallback(any(get_updates)).with_state(Arc::clone(&network));
        tokio::spawn(async move { axum::serve(listener, router).await });
        (network, address)
    }

    /// Somebody writes: the body is made with the update's id.
    pub(super) fn add(&self, update: impl FnOnce(u64) -> Item) {
        let mut held = self.held.lock().expect("held");
        held.last_id += 1;
        let id = held.last_id;
        held.updates.push_back((id, update(id)));
    }

    /// Nothing is left that was not confirmed.
    pub(super) fn is_empty(&self) -> bool {
        self.held.lock().expect("held").updates.is_empty()
    }

    /// How often updates were given out, and how often some were confirmed.
    pub(super) fn turns(&self) -> (u64, u64) {
        let held = self.held.lock().expect("held");
        (held.answers, held.confirmations)
    }

    /// All below are confirmed: they must be counted now.
    fn confirm(&self, offset: u64) {
        let mut held = self.held.lock().expect("held");
        let mut ledger = self.ledger.lock().expect("the ledger");
        let before = held.updates.len();
        while held.updates.front().is_some_and(|(id, _)| *id < offset) {
            let (id, item) = held.updates.pop_front().expect("the first one");
            if item.tries == 0 {
                ledger.violations.push(format!("update {id} was confirmed and never given out"));
            }
            ledger.acknowledged(Door::Poll, &item);
        }
        held.confirmations += u64::from(held.updates.len() < before);
    }

    fn give(&self) -> Option<Vec<Value>> {
        let mut held = self.held.lock().expect("held");
        let mut ledger = self.ledger.lock().expect("the ledger");
        let updates = held.updates.iter_mut().take(ANSWER_MAX);
        let given: Vec<_> = updates
            .map(|(_, item)| {
                ledger.sends(Door::Poll, item);
                serde_json::from_str(&item.body).expect("our own JSON")
            })
            .collect();
        held.answers += u64::from(!given.is_empty());
        (!given.is_empty()).then_some(given)
    }
}

async fn get_updates(State(network): State<Arc<Network>>, body: Bytes) -> String {
    let asked: Value = serde_json::from_slice(&body).unwrap_or_default();
    if let Some(offset) = asked["offset"].as_u64() {
        network.confirm(offset);
    }
    let end = tokio::time::Instant::now() + LONG_POLL;
    loop {
        let updates = network.give();
        if updates.is_some() || tokio::time::Instant::now() > end {
            return json!({ "ok": true, "result": updates.unwrap_or_default() }).to_string();
        }
        pass(LOOK_EVERY).await;
    }
}
