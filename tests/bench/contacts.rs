//! Contacts of the soak: each is begun, answered and resolved, step by step, over connections that
//! are kept. What is told to come later comes again.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::ensure;
use hmac::{Hmac, KeyInit, Mac};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{Instant, interval};

use crate::load::exchange;

/// Connections; the load of all is shared evenly.
const CONNECTIONS: u64 = 128;
/// Customers, queues and agents: people come again.
const CUSTOMERS: u64 = 20_000;
const QUEUES: u64 = 20;
const AGENTS: u64 = 200;
/// Between two tries of what was told to come later.
const LATER: Duration = Duration::from_millis(20);

/// Events and contacts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct InAll {
    pub(crate) events: u64,
    pub(crate) contacts: u64,
}

/// What was sent, and what became of it.
#[derive(Default)]
pub(crate) struct Tally {
    sent: AtomicU64,
    acknowledged: AtomicU64,
    contacts: AtomicU64,
    later: AtomicU64,
    times_us: Mutex<Vec<u32>>,
}

impl Tally {
    pub(crate) fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    pub(crate) fn acknowledged(&self) -> u64 {
        self.acknowledged.load(Ordering::Relaxed)
    }

    /// Answers of "later".
    pub(crate) fn later(&self) -> u64 {
        self.later.load(Ordering::Relaxed)
    }

    /// What must be counted.
    pub(crate) fn in_all(&self) -> InAll {
        InAll { events: self.acknowledged(), contacts: self.contacts.load(Ordering::Relaxed) }
    }

    /// Times from sending to the answer since the last call.
    pub(crate) fn take_times(&self) -> Vec<u32> {
        std::mem::take(&mut *self.times_us.lock().expect("times"))
    }
}

/// The load.
pub(crate) struct Senders(JoinSet<anyhow::Result<()>>);

impl Senders {
    /// Everybody begins; each ends with the contact that it is at when the time is up.
    pub(crate) fn start(
        address: SocketAddr,
        secret: &'static str,
        per_second: u64,
        end: Instant,
        tally: &Arc<Tally>,
    ) -> Self {
        let numbers = Arc::new(AtomicU64::new(first_number()));
        let connections = CONNECTIONS.min(per_second).max(1);
        let every = Duration::from_secs(1) * u32::try_from(connections).unwrap_or(1)
            / u32::try_from(per_second).unwrap_or(u32::MAX);
        let mut senders = JoinSet::new();
        for at in 0..connections {
            let (tally, numbers) = (Arc::clone(tally), Arc::clone(&numbers));
            senders.spawn(async move {
                let mut stream = TcpStream::connect(address).await?;
                stream.set_nodelay(true)?;
                // Not all in the same millisecond.
                tokio::time::sleep(every * u32::try_from(at).unwrap_or(0) / 128).await;
                let mut beat = interval(every);
                while Instant::now() < end {
                    let number = numbers.fetch_add(1, Ordering::Relaxed);
                    tally.contacts.fetch_add(1, Ordering::Relaxed);
                    for request in contact(number, secret) {
                        beat.tick().await;
                        send(&mut stream, &request, &tally).await?;
                    }
                }
                Ok(())
            });
        }
        Self(senders)
    }

    /// Waits for all; fails with the first that could not go on.
    pub(crate) async fn finish(mut self) -> anyhow::Result<()> {
        while let Some(ended) = self.0.join_next().await {
            ended??;
        }
        Ok(())
    }
}

/// Numbers of contacts, and of the updates in them, differ from those of earlier runs on the same
/// state: there are fewer contacts in a second.
fn first_number() -> u64 {
    (tablica::clock::now_ms() / 1000).unsigned_abs() << 12
}

async fn send(stream: &mut TcpStream, request: &[u8], tally: &Tally) -> anyhow::Result<()> {
    let mut answer = vec![0; 4096];
    tally.sent.fetch_add(1, Ordering::Relaxed);
    loop {
        let begun = Instant::now();
        let (status, length) = exchange(stream, request, &mut answer).await?;
        if status == 503 {
            tally.later.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(LATER).await;
            continue;
        }
        let text = String::from_utf8_lossy(&answer[..length]);
        ensure!(status == 200, "answered with {status}: {text}");
        let took = u32::try_from(begun.elapsed().as_micros()).unwrap_or(u32::MAX);
        tally.times_us.lock().expect("times").push(took);
        tally.acknowledged.fetch_add(1, Ordering::Relaxed);
        return Ok(());
    }
}

/// A contact's requests, in order: every other one is a chat, the rest are forms.
fn contact(number: u64, secret: &str) -> Vec<Vec<u8>> {
    let now = tablica::clock::now_ms() / 1000;
    if number.is_multiple_of(2) { chat(number, now, secret) } else { form(number, now, secret) }
}

fn chat(number: u64, now: i64, secret: &str) -> Vec<Vec<u8>> {
    let (update, chat) = (10 * number, 10_000_000 + number);
    let person = format!(r#"{{"id":{chat},"is_bot":false,"first_name":"Ada"}}"#);
    let place = format!(r#"{{"id":{chat},"type":"private","first_name":"Ada"}}"#);
    let bot = r#"{"id":7,"is_bot":true,"first_name":"Bot","username":"a_bot"}"#;
    let message = |id: u64, text: &str| {
        format!(
            r#"{{"update_id":{id},"message":{{"message_id":{id},"from":{person},"chat":{place},"date":{now},"text":"{text}"}}}}"#
        )
    };
    let bodies = [
        message(update, "Good morning, my order has not arrived yet. Where is it?"),
        message(update + 1, "The number is on the invoice."),
        format!(
            r#"{{"update_id":{},"my_chat_member":{{"chat":{place},"from":{person},"date":{now},"old_chat_member":{{"user":{bot},"status":"member"}},"new_chat_member":{{"user":{bot},"status":"kicked","until_date":0}}}}}}"#,
            update + 2
        ),
    ];
    let header = format!("x-telegram-bot-api-secret-token: {secret}");
    bodies.iter().map(|body| request("/in/telegram", &header, body)).collect()
}

fn form(number: u64, now: i64, secret: &str) -> Vec<Vec<u8>> {
    let customer = number % CUSTOMERS;
    let (queue, agent) = (number % QUEUES, number % AGENTS);
    let steps = [
        r#""kind":"message","text":"Where is my parcel?""#.to_owned(),
        format!(r#""kind":"message","agent":"agent-{agent}","text":"It leaves today.""#),
        r#""kind":"rated","rating":4"#.to_owned(),
        format!(r#""kind":"resolved","agent":"agent-{agent}""#),
    ];
    let bodies = steps.iter().enumerate().map(|(step, rest)| {
        format!(
            r#"{{"id":"f-{number}-{step}","time":{now},"interaction":"f-{number}","queue":"queue-{queue}","customer":"c{customer}@example.org",{rest}}}"#
        )
    });
    bodies
        .map(|body| {
            let mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes());
            let mac = mac.expect("any length is a key").chain_update(body.as_bytes());
            let header =
                format!("x-signature: sha256={}", hex::encode(mac.finalize().into_bytes()));
            request("/in/webform", &header, &body)
        })
        .collect()
}

fn request(path: &str, header: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n{header}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
