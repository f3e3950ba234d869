//! A load of webhook calls: keep-alive connections, each sending the next request when the last
//! is answered. Raw sockets, so that the load costs less than what it measures.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::lags::Lags;

/// Connections held open, as the budget in DESIGN has it.
pub(crate) const CONNECTIONS: usize = 32;
/// Every request carries an id of this many digits, so that no two events are the same.
const ID_DIGITS: usize = 10;
const ID_MARK: &str = "@@@@@@@@@@";

/// An update with one customer's message; `id` stands for every id in it.
pub(crate) fn telegram_body(id: &str) -> String {
    let now = tablica::clock::now_ms() / 1000;
    format!(
        r#"{{"update_id":{id},"message":{{"message_id":{id},"from":{{"id":{id},"is_bot":false,"first_name":"Ada","language_code":"en"}},"chat":{{"id":{id},"first_name":"Ada","type":"private"}},"date":{now},"text":"Good morning, my order has not arrived yet. Could you please look where it is?"}}}}"#
    )
}

/// A webhook call with one Telegram message in it.
pub(crate) struct Template {
    bytes: Vec<u8>,
    id_at: Vec<usize>,
}

impl Template {
    /// The request to `path`, with the secret token that the channel expects.
    pub(crate) fn telegram(path: &str, token: &str) -> Self {
        let body = telegram_body(ID_MARK);
        let text = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nx-telegram-bot-api-secret-token: {token}\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let id_at = text.match_indices(ID_MARK).map(|(at, _)| at).collect();
        Self { bytes: text.into_bytes(), id_at }
    }

    fn fill(&self, id: u64, request: &mut Vec<u8>) {
        request.clear();
        request.extend_from_slice(&self.bytes);
        let digits = format!("{:0width$}", 1_000_000_000 + id, width = ID_DIGITS);
        for &at in &self.id_at {
            request[at..at + ID_DIGITS].copy_from_slice(digits.as_bytes());
        }
    }
}

/// Sends `requests` calls over [`CONNECTIONS`] connections and waits for all answers. Ids go on
/// from `ids`. Fails on any answer but 200.
pub(crate) async fn run(
    address: SocketAddr,
    template: &Arc<Template>,
    ids: &Arc<AtomicU64>,
    requests: u64,
) -> anyhow::Result<()> {
    let left = Arc::new(AtomicU64::new(requests));
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..CONNECTIONS {
        let (template, ids, left) = (template.clone(), ids.clone(), left.clone());
        tasks.spawn(async move {
            let mut stream = TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            let (mut request, mut answer) = (Vec::new(), vec![0; 4096]);
            while left
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1))
                .is_ok()
            {
                call(&mut stream, &template, &ids, &mut request, &mut answer).await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    Ok(())
}

/// Sends calls at a steady rate for a while: a batch every 10 ms over one set of connections.
pub(crate) async fn steady(
    address: SocketAddr,
    template: &Arc<Template>,
    ids: &Arc<AtomicU64>,
    per_second: u64,
    length: std::time::Duration,
) -> anyhow::Result<()> {
    steady_noted(address, template, ids, per_second, length, &Arc::default()).await
}

/// As [`steady`], and notes when each call was accepted.
pub(crate) async fn steady_noted(
    address: SocketAddr,
    template: &Arc<Template>,
    ids: &Arc<AtomicU64>,
    per_second: u64,
    length: std::time::Duration,
    lags: &Arc<Lags>,
) -> anyhow::Result<()> {
    let lags = Arc::clone(lags);
    steady_timed(address, template, ids, per_second, length, move |_| lags.accepted()).await
}

/// As [`steady`], and tells how long each call took, from its first byte to its answer's last.
pub(crate) async fn steady_timed(
    address: SocketAddr,
    template: &Arc<Template>,
    ids: &Arc<AtomicU64>,
    per_second: u64,
    length: std::time::Duration,
    took: impl Fn(std::time::Duration) + Clone + Send + 'static,
) -> anyhow::Result<()> {
    let mut streams = Vec::new();
    for _ in 0..(per_second / 100).max(1) {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        streams.push(stream);
    }
    let end = tokio::time::Instant::now() + length;
    let mut tasks = tokio::task::JoinSet::new();
    for mut stream in streams {
        let (template, ids, took) = (template.clone(), ids.clone(), took.clone());
        tasks.spawn(async move {
            let (mut request, mut answer) = (Vec::new(), vec![0; 4096]);
            let mut beat = tokio::time::interval(std::time::Duration::from_millis(10));
            while beat.tick().await < end {
                let sent = std::time::Instant::now();
                call(&mut stream, &template, &ids, &mut request, &mut answer).await?;
                took(sent.elapsed());
            }
            anyhow::Ok(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    Ok(())
}

async fn call(
    stream: &mut TcpStream,
    template: &Template,
    ids: &AtomicU64,
    request: &mut Vec<u8>,
    answer: &mut [u8],
) -> anyhow::Result<()> {
    template.fill(ids.fetch_add(1, Ordering::Relaxed), request);
    let (status, length) = exchange(stream, request, answer).await?;
    let answer = String::from_utf8_lossy(&answer[..length]);
    anyhow::ensure!(status == 200, "answered with {status}: {answer}");
    Ok(())
}

/// Sends a request and reads its answer: the status, and how many bytes it has.
pub(crate) async fn exchange(
    stream: &mut TcpStream,
    request: &[u8],
    answer: &mut [u8],
) -> anyhow::Result<(u16, usize)> {
    stream.write_all(request).await?;
    let mut filled = 0;
    loop {
        let read = stream.read(&mut answer[filled..]).await?;
        anyhow::ensure!(read > 0, "the server closed the connection");
        filled += read;
        if let Some(status) = complete(&answer[..filled]) {
            return Ok((status, filled));
        }
    }
}

/// The status of an answer, once all of it is there.
fn complete(answer: &[u8]) -> Option<u16> {
    let head_end = answer.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&answer[..head_end]).ok()?.to_ascii_lowercase();
    let length: usize = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .map_or(Some(0), |rest| rest.trim().parse().ok())?;
    (answer.len() >= head_end + length).then(|| head[9..12].parse().ok())?
}
