//! The traffic of one life: every door has its senders, who send again what was not acknowledged.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use reqwest::{Client, StatusCode};
use serde_json::json;
use tokio::task::JoinSet;

use super::Run;
use super::ledger::{Conversation, Door, Item, Note};
use super::words;
use crate::support::server::{SECRET, append, client};
use crate::support::wait::pass;

/// Senders of each webhook.
const LANES: u64 = 2;
/// Between two contacts of a sender.
const PACE: Duration = Duration::from_millis(40);
/// Between two annotations.
const NOTE_PACE: Duration = Duration::from_millis(120);
/// Between two tries while nobody answers.
const RETRY: Duration = Duration::from_millis(5);
/// One input of so many cannot be decoded, and one is sent twice by its network.
const BAD_EVERY: u64 = 25;
const TWICE_EVERY: u64 = 25;
/// One life of so many has its log rotated.
const ROTATION_EVERY: u64 = 5;

/// The senders of one life.
pub(super) struct Traffic {
    senders: JoinSet<()>,
    over: Arc<AtomicBool>,
}

/// One sender.
#[derive(Clone)]
struct Sender {
    run: Arc<Run>,
    client: Client,
    over: Arc<AtomicBool>,
}

impl Traffic {
    /// Everybody begins.
    pub(super) fn start(run: &Arc<Run>, random: &mut StdRng) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let sender = Sender { run: Arc::clone(run), client: client(), over: Arc::clone(&over) };
        let mut senders = JoinSet::new();
        let mut dice = || StdRng::seed_from_u64(random.random());
        for _ in 0..LANES {
            senders.spawn(sender.clone().post_contacts(Door::Telegram, dice()));
            senders.spawn(sender.clone().post_contacts(Door::WebForm, dice()));
        }
        senders.spawn(sender.clone().write_lines(dice()));
        senders.spawn(sender.clone().fill_the_network());
        senders.spawn(sender.make_notes(dice()));
        Self { senders, over }
    }

    /// No more of it; waits until everybody has let go.
    pub(super) async fn end(mut self) {
        self.over.store(true, Ordering::Relaxed);
        while let Some(ended) = self.senders.join_next().await {
            ended.expect("a sender that does not panic");
        }
    }
}

/// Sends what is owed, and nothing new: until nothing is left, or too many tries were in vain.
pub(super) async fn drain(run: &Arc<Run>) -> Result<(), String> {
    const TRIES_MAX: u32 = 10_000;
    let over = Arc::default();
    let sender = Sender { run: Arc::clone(run), client: client(), over };
    for door in [Door::Telegram, Door::WebForm] {
        for _ in 0..TRIES_MAX {
            let Some(owed) = run.ledger().next_owed(door) else { break };
            sender.converse(door, owed).await;
        }
    }
    for _ in 0..TRIES_MAX {
        let Some((id, note)) = open_note(run) else { break };
        sender.settle(&id, &note).await;
    }
    let owed = run.ledger().owes();
    let open = open_note(run);
    if owed > 0 || open.is_some() {
        return Err(format!(
            "{owed} contacts and {open:?} are not taken by a server that is ready"
        ));
    }
    Ok(())
}

fn open_note(run: &Run) -> Option<(String, Note)> {
    let ledger = run.ledger();
    let mut notes = ledger.notes.iter();
    let open = notes.find(|(_, note)| matches!(note, Note::Asked | Note::Leaving));
    open.map(|(id, note)| (id.clone(), note.clone()))
}

impl Sender {
    fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }

    async fn post_contacts(self, door: Door, mut dice: StdRng) {
        while !self.is_over() {
            let owed = self.run.ledger().next_owed(door);
            let contact = owed.unwrap_or_else(|| self.new_contact(door, &mut dice));
            let last = contact.back().cloned();
            let is_done = self.converse(door, contact).await;
            if is_done && let Some(last) = last.filter(|_| one_of(TWICE_EVERY, &mut dice)) {
                self.send_twice(door, last).await;
            }
            pass(if is_done { PACE } else { RETRY }).await;
        }
    }

    fn new_contact(&self, door: Door, dice: &mut StdRng) -> Conversation {
        let now_ms = self.run.place.now_ms();
        let mut ledger = self.run.ledger();
        let number = ledger.number();
        let is_bad = one_of(BAD_EVERY, dice);
        match door {
            Door::Telegram if is_bad => [words::bad_update(number)].into(),
            Door::Telegram => words::telegram(number, now_ms, || ledger.number()).into(),
            _ if is_bad => [words::bad_form(number)].into(),
            _ => words::webform(number, now_ms),
        }
    }

    /// Sends one after the other; what is left is owed. Whether all of it was taken.
    async fn converse(&self, door: Door, mut rest: Conversation) -> bool {
        while let Some(mut item) = rest.pop_front() {
            self.run.ledger().sends(door, &mut item);
            let answer = self.post(door, &item).await;
            let taken = match (answer, &item.bad) {
                (Some(status), _) if status.is_success() => true,
                (Some(StatusCode::UNPROCESSABLE_ENTITY), Some(_)) => true,
                (Some(StatusCode::SERVICE_UNAVAILABLE), _) => {
                    self.run.ledger().told_later(door);
                    false
                }
                (Some(status), _) => {
                    let wrong =
                        format!("{}: answered with {status}: {}", door.channel(), item.body);
                    self.run.ledger().violations.push(wrong);
                    false
                }
                (None, _) => false,
            };
            if !taken {
                rest.push_front(item);
                self.run.ledger().owe(door, rest);
                return false;
            }
            self.run.ledger().acknowledged(door, &item);
        }
        true
    }

    /// As networks do that did not hear the answer.
    async fn send_twice(&self, door: Door, mut item: Item) {
        if item.bad.is_some() {
            return;
        }
        item.tries = 1;
        self.run.ledger().sends(door, &mut item);
        // It was acknowledged before: whatever becomes of it changes nothing.
        let _ = self.post(door, &item).await;
    }

    /// The status, or nothing when there was no answer.
    async fn post(&self, door: Door, item: &Item) -> Option<StatusCode> {
        let url = self.run.place.url(&format!("/in/{}", door.channel()));
        let request = self.client.post(url).header("content-type", "application/json");
        let request = match door {
            Door::Telegram => request.header("X-Telegram-Bot-Api-Secret-Token", SECRET),
            _ => request.header("X-Signature", signature(&item.body)),
        };
        let answer = request.body(item.body.clone()).send().await;
        answer.ok().map(|answer| answer.status())
    }

    /// Calls go on while the server is down. Lines come in pieces, and the log is rotated.
    async fn write_lines(self, mut dice: StdRng) {
        let mut rotate_at = one_of(ROTATION_EVERY, &mut dice).then(|| dice.random_range(0..50));
        for written in 0.. {
            if self.is_over() {
                return;
            }
            if rotate_at == Some(written) {
                self.rotate();
                rotate_at = None;
            }
            let mut item = {
                let number = self.run.ledger().number();
                if one_of(BAD_EVERY, &mut dice) {
                    words::bad_line(number)
                } else {
                    words::call(number, self.run.place.now_ms())
                }
            };
            self.run.ledger().sends(Door::QueueLog, &mut item);
            let cut = if one_of(3, &mut dice) { dice.random_range(0..item.body.len()) } else { 0 };
            let (first, second) = item.body.split_at(cut);
            append(&self.run.place.queue_log(), first);
            pass(Duration::from_millis(if cut > 0 { dice.random_range(0..8) } else { 0 })).await;
            append(&self.run.place.queue_log(), second);
            self.run.ledger().acknowledged(Door::QueueLog, &item);
            pass(PACE).await;
        }
    }

    /// By a new name, as logrotate does.
    fn rotate(&self) {
        let number = {
            let mut ledger = self.run.ledger();
            ledger.rotations += 1;
            ledger.rotations
        };
        // There is none yet at the very first moment.
        let _ = std::fs::rename(self.run.place.queue_log(), self.run.place.old_log(number));
    }

    async fn fill_the_network(self) {
        while !self.is_over() {
            let number = self.run.ledger().number();
            let now_ms = self.run.place.now_ms();
            for at in 0..2 {
                self.run.network.add(|id| {
                    let [first, second] = words::telegram(number, now_ms, || id);
                    if at == 0 { first } else { second }
                });
            }
            pass(PACE).await;
        }
    }

    /// Annotations come, and of three one goes.
    async fn make_notes(self, mut dice: StdRng) {
        while !self.is_over() {
            let id = format!("note-{}", self.run.ledger().number());
            self.run.ledger().notes.insert(id.clone(), Note::Asked);
            self.settle(&id, &Note::Asked).await;
            if one_of(3, &mut dice) && self.run.ledger().notes[&id] == Note::Made {
                self.run.ledger().notes.insert(id.clone(), Note::Leaving);
                self.settle(&id, &Note::Leaving).await;
            }
            pass(NOTE_PACE).await;
        }
    }

    /// Asks for what was not answered yet.
    async fn settle(&self, id: &str, note: &Note) {
        let url = self.run.place.admin_url("/api/v1/annotations");
        let (request, done) = match note {
            Note::Asked => {
                let body = json!({"id": id, "kind": "other", "title": id, "from": "2026-03-02"});
                let request = self.client.post(url).header("content-type", "application/json");
                (request.body(body.to_string()), Note::Made)
            }
            _ => (self.client.delete(format!("{url}/{id}")), Note::Gone),
        };
        let Ok(answer) = request.send().await else { return };
        let is_gone = done == Note::Gone && answer.status() == StatusCode::NOT_FOUND;
        if answer.status().is_success() || is_gone {
            self.run.ledger().notes.insert(id.to_owned(), done);
        } else if answer.status() != StatusCode::SERVICE_UNAVAILABLE {
            let wrong = format!("annotation {id}: answered with {}", answer.status());
            self.run.ledger().violations.push(wrong);
        }
    }
}

/// True once in so many times.
fn one_of(many: u64, dice: &mut StdRng) -> bool {
    dice.random_range(0..many) == 0
}

fn signature(body: &str) -> String {
    let mac = Hmac::<sha2::Sha256>::new_from_slice(SECRET.as_bytes()).expect("any length is a key");
    let mac = mac.chain_update(body.as_bytes());
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}
