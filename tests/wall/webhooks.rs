//! `/in/{channel}`: what reaches the channel, and what is refused before.

use std::sync::atomic::Ordering;
use std::time::Duration;

use tablica::http::Limits;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::server::{Options, Server, ask};

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_reaches_its_channel_byte_for_byte() {
    let server = Server::start(Options::default()).await;
    let body: Vec<u8> = (0..=255).collect();
    let answer = server.post("/in/open?part=1&x=%20", "X-Signature: abc\r\n", &body).await;
    assert_eq!((answer.status, answer.text().as_str()), (202, "thanks"));
    let taken = server.receiver.taken.lock().expect("no panic");
    let (channel, request) = &taken[0];
    assert_eq!(channel, "open");
    assert_eq!(request.body, body);
    assert_eq!((request.method.as_str(), request.query.as_deref()), ("POST", Some("part=1&x=%20")));
    assert_eq!(request.headers["x-signature"], "abc");
    assert_eq!(request.remote.map(|peer| peer.ip().is_loopback()), Some(true));
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_are_what_networks_understand() {
    let server = Server::start(Options::default()).await;
    for (channel, status, kind) in [
        ("nobody", 404, "unknown-channel"),
        ("file", 404, "not-a-webhook"),
        ("forged", 401, "bad-signature"),
        ("busy", 503, "busy"),
    ] {
        let answer = server.post(&format!("/in/{channel}"), "", b"{}").await;
        assert_eq!((answer.status, answer.problem().0.as_str()), (status, kind));
        assert_eq!(answer.head.contains("retry-after"), status == 503, "{}", answer.head);
    }
    assert_eq!(server.counters.unavailable.load(Ordering::Relaxed), 1);
    assert_eq!(server.counters.webhooks.load(Ordering::Relaxed), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_over_the_limit_is_refused_whether_or_not_it_says_so() {
    let server = Server::start(Options::default()).await;
    let large = vec![b'x'; 1001];
    let answer = server.post("/in/open", "", &large).await;
    assert_eq!((answer.status, answer.problem().0.as_str()), (413, "too-large"));

    // In pieces, without a length.
    let chunked = |pieces: usize| {
        let piece = format!("1f4\r\n{}\r\n", "y".repeat(500));
        format!("{}0\r\n\r\n", piece.repeat(pieces))
    };
    let headers = "Transfer-Encoding: chunked\r\n";
    let answer = ask(server.public, "POST /in/open", headers, chunked(3).as_bytes()).await;
    assert_eq!(answer.status, 413);
    assert_eq!(server.counters.too_large.load(Ordering::Relaxed), 2);
    assert!(server.receiver.taken.lock().expect("no panic").is_empty());

    let answer = ask(server.public, "POST /in/open", headers, chunked(2).as_bytes()).await;
    assert_eq!(answer.status, 202, "exactly the limit fits");
    assert_eq!(server.receiver.taken.lock().expect("no panic")[0].1.body.len(), 1000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_never_comes_is_not_waited_for() {
    let options = Options::default();
    let http = Limits { body_timeout: Duration::from_millis(50), ..options.http };
    let server = Server::start(Options { http, ..options }).await;
    let mut stream = TcpStream::connect(server.public).await.expect("connected");
    let head = b"POST /in/open HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc";
    stream.write_all(head).await.expect("sent");
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.expect("an answer");
    assert_eq!(&answer, b"HTTP/1.1 408");
    assert_eq!(server.counters.too_slow.load(Ordering::Relaxed), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_channel_with_a_secret_in_its_address_has_one_more_segment() {
    let server = Server::start(Options::default()).await;
    for (path, status) in [
        ("/in/hidden/s3cret%2Fx?a=1", 200),
        ("/in/hidden/s3cret/", 200),
        ("/in/hidden/s3cret/more", 404),
        ("/in/hidden//s3cret", 404),
        ("/in/open/s3cret", 404),
        ("/in/nobody/s3cret", 404),
    ] {
        let answer = server.post(path, "", b"{}").await;
        assert_eq!(answer.status, status, "{path}");
        // Elsewhere it is a page that is not there, as any other.
        assert_eq!(answer.head.contains("content-security-policy"), status == 404, "{path}");
    }
    let taken = server.receiver.taken.lock().expect("no panic");
    let tails: Vec<_> = taken.iter().map(|(_, request)| request.tail.as_deref()).collect();
    assert_eq!(tails, [Some("s3cret%2Fx"), Some("s3cret")]);
    assert_eq!(taken[0].1.query.as_deref(), Some("a=1"));
    assert_eq!(server.counters.webhooks.load(Ordering::Relaxed), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_answer_of_a_plugin_is_a_document_with_rights() {
    let server = Server::start(Options::default()).await;
    let plain = server.post("/in/open", "", b"{}").await;
    assert!(plain.head.contains("x-content-type-options: nosniff"), "{}", plain.head);
    assert!(!plain.head.contains("content-security-policy"), "{}", plain.head);
    let xml = server.post("/in/twiml", "", b"{}").await;
    assert!(xml.head.contains("content-type: text/xml"), "{}", xml.head);
    assert!(xml.head.contains("x-content-type-options: nosniff"), "{}", xml.head);
    let policy = "content-security-policy: sandbox; default-src 'none'";
    assert!(xml.head.contains(policy), "{}", xml.head);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_that_was_called_is_what_a_trusted_proxy_says() {
    let said = "X-Forwarded-Proto: https\r\nX-Forwarded-Host: desk.example\r\n\
                X-Forwarded-For: 192.0.2.7\r\n";
    for (trusted, origin) in
        [(vec!["127.0.0.0/8"], Some("https://desk.example")), (Vec::new(), None)]
    {
        let server = Server::start(Options { trusted, ..Options::default() }).await;
        assert_eq!(server.post("/in/open", said, b"{}").await.status, 202);
        let taken = server.receiver.taken.lock().expect("no panic");
        assert_eq!(taken[0].1.origin.as_deref(), origin);
    }
}
