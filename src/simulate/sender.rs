//! Delivers messages by the real doors: signed posts over kept connections, lines appended to a
//! file. Refusals are counted and shown, never hidden; what is told to come again comes again.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, RequestBuilder, Response, StatusCode, header};
use tokio::fs::{File, OpenOptions};
use tokio::io::AsyncWriteExt;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::clock;
use crate::config::model::Secret;

use super::door::Door;
use super::run::SimulateError;
use super::sign::Sign;
use super::tally::Tally;
use super::traffic::Raw;

/// Posts under way at once; each lane sends one after the other.
const LANES: usize = 16;
/// Messages waiting in one lane; when it is full the generator waits too.
const LANE_WAITING_MAX: usize = 256;
/// One post at most.
const POST_TIMEOUT: Duration = Duration::from_secs(20);
const BACK_OFF_FIRST: Duration = Duration::from_millis(100);
const BACK_OFF_MAX: Duration = Duration::from_secs(5);

/// A webhook door.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// `http://HOST:PORT/in/CHANNEL`
    pub url: String,
    /// How the network proves that a post is its own.
    pub sign: Sign,
    /// With what.
    pub secret: Secret,
}

/// The doors to deliver by.
#[derive(Clone, Debug, Default)]
pub struct Targets {
    /// Webhooks.
    pub webhooks: BTreeMap<Door, Webhook>,
    /// The queue_log file to append to.
    pub queue_log: Option<PathBuf>,
}

impl Targets {
    /// The doors that there are.
    pub fn doors(&self) -> impl Iterator<Item = Door> {
        self.webhooks.keys().copied().chain(self.queue_log.as_ref().map(|_| Door::QUEUE_LOG))
    }
}

/// Hands messages to lanes. A message's lane is fixed by its conversation, so that the order
/// within it stays.
pub struct Sender {
    lanes: Vec<mpsc::Sender<Raw>>,
    queue_log: mpsc::Sender<Raw>,
    tasks: JoinSet<()>,
}

impl Sender {
    /// Opens the file and starts the lanes.
    pub async fn start(targets: Targets, tally: Arc<Tally>) -> Result<Self, SimulateError> {
        let mut tasks = JoinSet::new();
        let (queue_log, lines) = mpsc::channel(LANE_WAITING_MAX);
        if let Some(path) = &targets.queue_log {
            let file = OpenOptions::new()
                .create(true)
                .append(true)
                .open(path)
                .await
                .map_err(|cause| SimulateError::QueueLog { path: path.clone(), cause })?;
            tasks.spawn(append_lines(file, lines, Arc::clone(&tally)));
        }
        let client = client()?;
        let targets = Arc::new(targets);
        let lanes = (0..LANES)
            .map(|_| {
                let (lane, messages) = mpsc::channel(LANE_WAITING_MAX);
                let (targets, tally) = (Arc::clone(&targets), Arc::clone(&tally));
                tasks.spawn(post_all(client.clone(), targets, messages, tally));
                lane
            })
            .collect();
        Ok(Self { lanes, queue_log, tasks })
    }

    /// Queues a message; waits while its lane is full. False when its lane has died.
    pub async fn send(&self, raw: Raw) -> bool {
        let lane = if raw.door == Door::QUEUE_LOG {
            &self.queue_log
        } else {
            // The first conversation of each network in another lane.
            let begin: usize = raw.door.name().bytes().map(usize::from).sum();
            &self.lanes[begin.wrapping_add(raw.lane as usize) % LANES]
        };
        lane.send(raw).await.is_ok()
    }

    /// Lets the lanes finish within `grace`, then drops what is left.
    pub async fn finish(mut self, grace: Duration) {
        self.lanes.clear();
        drop(self.queue_log);
        let all_done = async { while self.tasks.join_next().await.is_some() {} };
        // Whatever is undelivered shows in the tally: sent, but neither accepted nor refused.
        let _ = tokio::time::timeout(grace, all_done).await;
        self.tasks.shutdown().await;
    }
}

fn client() -> Result<Client, SimulateError> {
    // Fails only when the process has chosen a provider already, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().no_proxy().timeout(POST_TIMEOUT).build().map_err(SimulateError::Client)
}

async fn append_lines(mut file: File, mut lines: mpsc::Receiver<Raw>, tally: Arc<Tally>) {
    let mut waiting = Vec::new();
    while lines.recv_many(&mut waiting, LANE_WAITING_MAX).await > 0 {
        let count = waiting.len() as u64;
        let text: Vec<u8> = waiting.drain(..).flat_map(|raw| raw.bytes).collect();
        let written = match file.write_all(&text).await {
            Ok(()) => file.flush().await,
            failed => failed,
        };
        match written {
            Ok(()) => tally.accepted(Door::QUEUE_LOG, count),
            Err(error) => tally.refused(Door::QUEUE_LOG, count, &error.to_string()),
        }
    }
}

async fn post_all(
    client: Client,
    targets: Arc<Targets>,
    mut messages: mpsc::Receiver<Raw>,
    tally: Arc<Tally>,
) {
    while let Some(raw) = messages.recv().await {
        if let Some(to) = targets.webhooks.get(&raw.door) {
            post(&client, to, &raw, &tally).await;
        }
    }
}

fn request(client: &Client, to: &Webhook, raw: &Raw) -> RequestBuilder {
    let proof = to.sign.proof(&to.secret, &raw.bytes, clock::now_ms());
    let mut request = client
        .post(format!("{}{}", to.url, proof.path))
        .header(header::CONTENT_TYPE, "application/json")
        .body(proof.body.unwrap_or_else(|| raw.bytes.clone()));
    for (name, value) in &raw.headers {
        request = request.header(*name, *value);
    }
    for (name, value) in proof.headers {
        request = request.header(name, value);
    }
    request
}

/// Posts until the door says yes or no; "later" and silence are neither. Each attempt is signed anew.
async fn post(client: &Client, to: &Webhook, raw: &Raw, tally: &Tally) {
    let mut back_off = BACK_OFF_FIRST;
    loop {
        let pause = match request(client, to, raw).send().await {
            Ok(response) if response.status().is_success() => {
                return tally.accepted(raw.door, 1);
            }
            Ok(response) if comes_again(response.status()) => asked_pause(&response),
            Ok(response) => {
                return tally.refused(raw.door, 1, &refusal(response).await);
            }
            Err(error) if error.is_builder() => {
                return tally.refused(raw.door, 1, &error.without_url().to_string());
            }
            Err(_unreachable) => None,
        };
        tally.retried(raw.door);
        tokio::time::sleep(pause.unwrap_or(back_off).min(BACK_OFF_MAX)).await;
        back_off = (back_off * 2).min(BACK_OFF_MAX);
    }
}

fn comes_again(status: StatusCode) -> bool {
    matches!(status.as_u16(), 429 | 502 | 503 | 504)
}

fn asked_pause(response: &Response) -> Option<Duration> {
    let seconds = response.headers().get(header::RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds))
}

async fn refusal(response: Response) -> String {
    const SHOWN_MAX: usize = 200;
    let status = response.status();
    let body = response.text().await.unwrap_or_default();
    let shown: String = body.chars().take(SHOWN_MAX).collect();
    format!("{status} {}", shown.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_later_comes_again() {
        for (code, again) in [(503, true), (429, true), (401, false), (413, false), (500, false)] {
            assert_eq!(comes_again(StatusCode::from_u16(code).expect("code")), again, "{code}");
        }
    }
}
