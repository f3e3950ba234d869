//! A request by hand, and what came back.

use std::net::SocketAddr;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::server::PATIENCE;

/// One request on a connection of its own.
pub(super) async fn ask(to: SocketAddr, request: &str, headers: &str, body: &[u8]) -> Answer {
    let stream = TcpStream::connect(to).await.expect("the server listens");
    let host = if headers.contains("Host:") { String::new() } else { format!("Host: {to}\r\n") };
    ask_on(stream, request, &format!("{host}{headers}"), body).await.expect("a head")
}

/// The same on a connection; nothing where it was closed without an answer.
pub(super) async fn ask_on(
    mut stream: TcpStream,
    request: &str,
    headers: &str,
    body: &[u8],
) -> Option<Answer> {
    let close = if headers.contains("Connection:") { "" } else { "Connection: close\r\n" };
    let head = format!("{request} HTTP/1.1\r\n{close}{headers}\r\n");
    // Whoever is not let in cannot send it.
    let _ = stream.write_all(head.as_bytes()).await;
    // A server that refuses by the head alone may close before the body is out.
    let _ = stream.write_all(body).await;
    let mut answer = Vec::new();
    let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer)).await;
    let _ = read.expect("an answer in time");
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8(answer[..end].to_vec()).expect("text");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    Some(Answer { status, head: head.to_lowercase(), body: answer[end + 4..].to_vec() })
}

/// What the server answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("text")
    }

    /// The answer as a problem: its type without the prefix, and itself.
    pub(super) fn problem(&self) -> (String, Value) {
        assert!(self.head.contains("application/problem+json"), "{}", self.head);
        let problem = self.json();
        assert_eq!(problem["status"], self.status);
        let kind = problem["type"].as_str().expect("a type");
        (kind.trim_start_matches("urn:tablica:problem:").to_owned(), problem)
    }
}
