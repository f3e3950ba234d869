//! Delivers messages by the real doors: signed posts over kept connections, lines appended to a
//! file. Refusals are counted and shown, never hidden; what is told to come again comes again.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use reqwest::{Client, RequestBuilder, Response, StatusCode, header};
use sha2::Sha256;
use tokio::fs::{File, OpenOptions};
use tokio::io::AsyncWriteExt;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::config::model::Secret;

use super::run::SimulateError;
use super::tally::Tally;
use super::traffic::{Door, Raw};

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
    /// What the posts are signed with.
    pub secret: Secret,
}

/// The doors to deliver by.
#[derive(Clone, Debug, Default)]
pub struct Targets {
    /// Telegram updates: the secret goes into a header.
    pub telegram: Option<Webhook>,
    /// Web forms: the secret signs the body.
    pub webform: Option<Webhook>,
    /// The queue_log file to append to.
    pub queue_log: Option<PathBuf>,
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
        let lane = match raw.door {
            Door::QueueLog => &self.queue_log,
            door => &self.lanes[(raw.lane as usize).wrapping_add(door as usize) % LANES],
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
            Ok(()) => tally.accepted(Door::QueueLog, count),
            Err(error) => tally.refused(Door::QueueLog, count, &error.to_string()),
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
        let request = match raw.door {
            Door::Telegram => targets.telegram.as_ref().map(|to| telegram_post(&client, to, &raw)),
            Door::WebForm => targets.webform.as_ref().map(|to| webform_post(&client, to, &raw)),
            Door::QueueLog => None,
        };
        if let Some(request) = request {
            post(request, raw.door, &tally).await;
        }
    }
}

fn telegram_post(client: &Client, to: &Webhook, raw: &Raw) -> RequestBuilder {
    json_post(client, to, raw).header("X-Telegram-Bot-Api-Secret-Token", to.secret.expose())
}

fn webform_post(client: &Client, to: &Webhook, raw: &Raw) -> RequestBuilder {
    json_post(client, to, raw).header("X-Signature", signature(&to.secret, &raw.bytes))
}

fn json_post(client: &Client, to: &Webhook, raw: &Raw) -> RequestBuilder {
    client.post(&to.url).header(header::CONTENT_TYPE, "application/json").body(raw.bytes.clone())
}

/// `sha256=` and the hex HMAC-SHA256 of the body.
fn signature(secret: &Secret, body: &[u8]) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.expose()).map(|mac| mac.chain_update(body));
    // HMAC takes keys of any length: the error cannot come.
    mac.map(|mac| format!("sha256={}", hex::encode(mac.finalize().into_bytes())))
        .unwrap_or_default()
}

/// Posts until the door says yes or no; "later" and silence are neither.
async fn post(request: RequestBuilder, door: Door, tally: &Tally) {
    let mut back_off = BACK_OFF_FIRST;
    while let Some(attempt) = request.try_clone() {
        let pause = match attempt.send().await {
            Ok(response) if response.status().is_success() => {
                return tally.accepted(door, 1);
            }
            Ok(response) if comes_again(response.status()) => asked_pause(&response),
            Ok(response) => {
                return tally.refused(door, 1, &refusal(response).await);
            }
            Err(error) if error.is_builder() => {
                return tally.refused(door, 1, &error.to_string());
            }
            Err(_unreachable) => None,
        };
        tally.retried(door);
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
    fn the_body_is_signed_as_rfc_4231_computes_it() {
        let secret = Secret::new("Jefe");
        assert_eq!(
            signature(&secret, b"what do ya want for nothing?"),
            "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn only_later_comes_again() {
        for (code, again) in [(503, true), (429, true), (401, false), (413, false), (500, false)] {
            assert_eq!(comes_again(StatusCode::from_u16(code).expect("code")), again, "{code}");
        }
    }
}
