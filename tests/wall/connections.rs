//! What connections may cost: those that say nothing, and too many of them.

use std::sync::atomic::Ordering;
use std::time::Duration;

use tablica::http::ConnectionLimits;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::server::{Options, Server};

fn limits(connections_max: usize, head_timeout: Duration) -> Options {
    let options = Options::default();
    let connections = ConnectionLimits { connections_max, head_timeout, ..options.connections };
    Options { connections, ..options }
}

/// Everything that comes until the server closes the connection.
async fn rest(mut stream: TcpStream) -> String {
    let mut rest = Vec::new();
    // Closed hard or softly: it is closed.
    let _ = stream.read_to_end(&mut rest).await;
    String::from_utf8_lossy(&rest).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_never_ends_is_not_waited_for() {
    let server = Server::start(limits(1000, Duration::from_millis(50))).await;
    for beginning in ["", "GET /livez HTTP/1.1\r\nHost:"] {
        let mut stream = TcpStream::connect(server.public).await.expect("connected");
        stream.write_all(beginning.as_bytes()).await.expect("sent");
        assert!(!rest(stream).await.contains("200 OK"), "{beginning:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_connection_is_closed_when_nothing_more_is_asked() {
    let server = Server::start(limits(1000, Duration::from_millis(50))).await;
    let mut stream = TcpStream::connect(server.public).await.expect("connected");
    stream.write_all(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n").await.expect("sent");
    assert!(rest(stream).await.starts_with("HTTP/1.1 200 OK"));
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_over_the_limit_are_closed_and_counted_and_those_open_go_on() {
    let server = Server::start(limits(1, Duration::from_secs(20))).await;
    let mut first = TcpStream::connect(server.public).await.expect("connected");
    let ask = b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n";
    first.write_all(ask).await.expect("sent");
    let mut answer = [0; 15];
    first.read_exact(&mut answer).await.expect("an answer");
    assert_eq!(&answer, b"HTTP/1.1 200 OK");

    let second = TcpStream::connect(server.public).await.expect("connected");
    assert_eq!(rest(second).await, "");
    assert_eq!(server.counters.connections_refused.load(Ordering::Relaxed), 1);

    first
        .write_all(b"GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        .await
        .expect("sent");
    assert!(rest(first).await.contains("HTTP/1.1 200 OK"));
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_came_first_on_a_connection_webhooks_and_pages_are_answered_on_it() {
    let server = Server::start(Options::default()).await;
    const PAGE: &str = "GET /livez HTTP/1.1\r\nHost: x\r\n";
    const WEBHOOK: &str = "POST /in/open HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n";
    for order in [[WEBHOOK, PAGE, WEBHOOK], [PAGE, WEBHOOK, PAGE]] {
        let mut stream = TcpStream::connect(server.public).await.expect("connected");
        let mut asked = String::new();
        for (at, head) in order.into_iter().enumerate() {
            let close = if at == 2 { "Connection: close\r\n" } else { "" };
            let body = if head == WEBHOOK { "{}" } else { "" };
            asked += &format!("{head}{close}\r\n{body}");
        }
        stream.write_all(asked.as_bytes()).await.expect("sent");
        let answers = rest(stream).await;
        assert_eq!(answers.matches("HTTP/1.1 20").count(), 3, "{answers}");
    }
}
