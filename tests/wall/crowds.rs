//! Many who want everything: slow readers, silent ones, all of one address, and large bodies.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use tablica::http::{self, ConnectionLimits, Limit};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

use super::server::{Answer, Options, PATIENCE, Server, ask, ask_on};
use crate::support::wait::{until_async, until_so};

/// Long answers, more than the kernel keeps for a reader.
const ASKS_MUCH: &str = "GET /api/v1/kpis HTTP/1.1\r\nHost: x\r\n\r\n";

fn connections(change: impl FnOnce(ConnectionLimits) -> ConnectionLimits) -> Options {
    let options = Options::default();
    let connections = change(options.connections.clone());
    Options { connections, ..options }
}

/// A connection from that address of this machine; it can take little before it has read.
async fn from(address: [u8; 4], to: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(4096).expect("a small buffer");
    socket.bind((IpAddr::from(address), 0).into()).expect("an address of this machine");
    socket.connect(to).await.expect("the server listens")
}

/// Asks for much on a connection of its own, and never reads more than the beginning.
async fn slow_reader(address: [u8; 4], to: SocketAddr) -> TcpStream {
    let mut stream = from(address, to).await;
    // Whoever is not let in cannot send it.
    let _ = stream.write_all(ASKS_MUCH.repeat(20).as_bytes()).await;
    let _ = stream.read_u8().await;
    stream
}

fn refused(server: &Server, limit: Limit) -> u64 {
    server.counters.refusals.of(limit)
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_readers_of_many_addresses_leave_room_for_webhooks() {
    let options = connections(|limits| ConnectionLimits {
        connections_max: 20,
        webhooks_share: 0.1,
        ..limits
    });
    let server = Server::start(options).await;
    let mut readers = Vec::new();
    for number in 1..=40 {
        readers.push(slow_reader([127, 0, 1, number], server.public).await);
    }
    assert!(refused(&server, Limit::WebhooksShare) > 0);
    for _ in 0..5 {
        assert_eq!(server.post("/in/open", "", b"{}").await.status, 202);
    }
    let answer = server.get("/livez").await;
    assert_eq!((answer.status, answer.problem().0.as_str()), (503, "busy"));
    drop(readers);
    // Those who have left make room.
    until_async("room for others", async || server.get("/livez").await.status == 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_say_nothing_make_room_for_those_who_ask() {
    let options = connections(|limits| ConnectionLimits { connections_max: 10, ..limits });
    let server = Server::start(options).await;
    let mut silent = Vec::new();
    for number in 1..=30 {
        let mut stream = from([127, 0, 1, number], server.public).await;
        stream.write_all(b"GET /livez HTTP/1.1\r\nHo").await.expect("sent");
        silent.push(stream);
    }
    for _ in 0..5 {
        assert_eq!(server.post("/in/open", "", b"{}").await.status, 202);
        assert_eq!(server.get("/livez").await.status, 200);
    }
    assert!(refused(&server, Limit::Newcomers) >= 20);
    let mut first = silent.remove(0);
    let end = timeout(PATIENCE, first.read_u8()).await.expect("it was hung up on");
    assert!(end.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_nobody_takes_is_given_up() {
    let options = connections(|limits| ConnectionLimits {
        connections_max: 1,
        write_timeout: Duration::from_millis(100),
        ..limits
    });
    let server = Server::start(options).await;
    let mut reader = slow_reader([127, 0, 0, 1], server.public).await;
    until_so("the answer to be given up", || refused(&server, Limit::WriteTimeout) == 1).await;
    let mut taken = Vec::new();
    let read = timeout(PATIENCE, reader.read_to_end(&mut taken)).await.expect("it was hung up on");
    assert!(read.is_err() || taken.len() < 20 * 1000);
    assert_eq!(server.get("/livez").await.status, 200, "its place is free");
}

/// A byte now and then is not reading.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_taken_byte_by_byte_is_given_up() {
    let options = connections(|limits| ConnectionLimits {
        write_timeout: Duration::from_millis(300),
        ..limits
    });
    let server = Server::start(options).await;
    let reader = slow_reader([127, 0, 0, 1], server.public).await;
    // A piece each time that it is looked whether the server has had enough: far too slow for all.
    let mut piece = [0; 256];
    until_so("the answer to be given up", || {
        let _ = reader.try_read(&mut piece);
        refused(&server, Limit::WriteTimeout) == 1
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_cannot_have_all_connections() {
    let options = connections(|limits| ConnectionLimits { per_address_max: 3, ..limits });
    let server = Server::start(options).await;
    let mut held = Vec::new();
    for _ in 0..3 {
        held.push(slow_reader([127, 0, 0, 7], server.public).await);
    }
    let mut fourth = from([127, 0, 0, 7], server.public).await;
    let _ = fourth.write_all(ASKS_MUCH.as_bytes()).await;
    assert!(timeout(PATIENCE, fourth.read_u8()).await.expect("closed").is_err());
    assert_eq!(refused(&server, Limit::PerAddress), 1);
    assert_eq!(server.get("/livez").await.status, 200, "others go on");
    held.clear();
    until_async("its places to be free", async || {
        let stream = from([127, 0, 0, 7], server.public).await;
        ask_on(stream, "GET /livez", "Host: x\r\n", b"").await.is_some_and(|it| it.status == 200)
    })
    .await;
}

/// nginx in front: all connections are of one address, and say for whom they ask.
#[tokio::test(flavor = "multi_thread")]
async fn through_a_trusted_proxy_each_address_has_its_own_limit() {
    let options = connections(|limits| ConnectionLimits { per_address_max: 2, ..limits });
    let http = http::Limits { per_address_max: 2, screens_per_address_max: 2, ..options.http };
    let server = Server::start(Options { http, trusted: vec!["127.0.0.8/32"], ..options }).await;
    let proxy = || from([127, 0, 0, 8], server.public);
    // Bodies that do not come: requests that are under way.
    let mut under_way = Vec::new();
    for _ in 0..2 {
        let mut stream = proxy().await;
        let head = "POST /in/open HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.9\r\n\
                    Expect: 100-continue\r\nContent-Length: 10\r\n\r\n";
        stream.write_all(head.as_bytes()).await.expect("sent");
        let mut told = [0; 12];
        stream.read_exact(&mut told).await.expect("told to go on");
        assert_eq!(&told, b"HTTP/1.1 100");
        under_way.push(stream);
    }
    let asks = async |forwarded: &str| {
        let headers = format!("Host: x\r\n{forwarded}");
        ask_on(proxy().await, "GET /livez", &headers, b"").await.expect("an answer")
    };
    let answer = asks("X-Forwarded-For: 203.0.113.9\r\n").await;
    assert_eq!((answer.status, answer.problem().0.as_str()), (429, "too-many-requests"));
    assert_eq!(refused(&server, Limit::PerAddress), 1);
    for forwarded in
        ["X-Forwarded-For: 203.0.113.10\r\n", "X-Forwarded-For: 203.0.113.9, 203.0.113.11\r\n", ""]
    {
        assert_eq!(asks(forwarded).await.status, 200, "{forwarded}");
    }
    drop(under_way);
    until_async("its requests to be over", async || {
        asks("X-Forwarded-For: 203.0.113.9\r\n").await.status == 200
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_trusted_proxy_is_believed() {
    let options = Options { trusted: vec!["127.0.0.8/32"], ..Options::default() };
    let server = Server::start(options).await;
    let headers = "Host: x\r\nX-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Host: wall.example\r\n\
                   Content-Length: 2\r\n";
    for address in [[127, 0, 0, 8], [127, 0, 0, 9]] {
        let stream = from(address, server.public).await;
        let answer = ask_on(stream, "POST /in/open", headers, b"{}").await.expect("an answer");
        assert_eq!(answer.status, 202);
    }
    let taken = server.receiver.taken.lock().expect("no panic");
    let remotes: Vec<String> =
        taken.iter().filter_map(|(_, it)| Some(it.remote?.ip().to_string())).collect();
    assert_eq!(remotes, ["203.0.113.9", "127.0.0.9"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_cannot_have_all_screens() {
    let options = Options::default();
    let http = http::Limits { screens_per_address_max: 1, ..options.http };
    let server = Server::start(Options { http, ..options }).await;
    let screen = server.screen("floor").await;
    let answer: Answer = server.try_screen("floor").await.err().expect("refused");
    assert_eq!((answer.status, answer.problem().0.as_str()), (429, "too-many-screens"));
    assert_eq!(refused(&server, Limit::ScreensPerAddress), 1);
    let other = from([127, 0, 0, 9], server.public).await;
    server.screen_of(other, "floor").await.expect("let in").leave().await;
    screen.leave().await;
    until_async("the place to be free", async || server.try_screen("floor").await.is_ok()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_wait_take_no_more_than_they_may_together() {
    let options = Options::default();
    let http = http::Limits { bodies_bytes_max: 4000, ..options.http };
    let server = Server::start(Options { http, ..options }).await;
    let head = |length: usize| {
        format!("POST /in/open HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n")
    };
    // An address fills its quarter, and the last byte of one body never comes.
    let mut held = Vec::new();
    for number in 1..=4 {
        let mut stream = from([127, 0, 2, number], server.public).await;
        stream.write_all(head(1000).as_bytes()).await.expect("sent");
        stream.write_all(&[b'x'; 999]).await.expect("sent");
        held.push(stream);
    }
    // Whether they have arrived is seen by one that finds no room.
    until_async("no room", async || {
        let stream = from([127, 0, 2, 9], server.public).await;
        let headers = "Host: x\r\nContent-Length: 100\r\n";
        let answer = ask_on(stream, "POST /in/open", headers, &[b'y'; 100]).await;
        answer.is_some_and(|answer| answer.status == 503 && answer.problem().0 == "busy")
    })
    .await;
    assert!(refused(&server, Limit::Bodies) > 0);
    for stream in &mut held {
        stream.write_all(b"x").await.expect("sent");
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.expect("an answer");
        assert_eq!(&answer, b"HTTP/1.1 202");
    }
    let answer =
        ask(server.public, "POST /in/open", "Content-Length: 1000\r\n", &[b'z'; 1000]).await;
    assert_eq!(answer.status, 202, "there is room again");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_public_listener_answers_only_to_its_own_names() {
    let options = Options { trusted: vec!["127.0.0.8/32"], ..Options::default() };
    let server = Server::start(options).await;
    for (host, status) in [
        ("localhost:8080", 200),
        ("127.0.0.1", 200),
        ("wall.example", 200),
        ("wall.example:443", 200),
        ("evil.example", 421),
        ("wall.example.evil.example", 421),
    ] {
        for path in ["/", "/livez", "/api/v1/kpis", "/api/v1/boards/floor"] {
            let headers = format!("Host: {host}\r\n");
            let answer = ask(server.public, &format!("GET {path}"), &headers, b"").await;
            assert_eq!(answer.status, status, "{path} of {host}");
        }
    }
    let told = "Host: evil.example\r\nContent-Length: 2\r\n";
    let answer = ask(server.public, "POST /in/open", told, b"{}").await;
    assert_eq!(answer.status, 202, "webhooks come by any name");
    let problem = ask(server.public, "GET /api/v1/kpis", "Host: evil.example\r\n", b"").await;
    let (kind, problem) = problem.problem();
    assert_eq!(kind, "other-host");
    assert!(problem["detail"].as_str().expect("text").contains("server.hosts"), "{problem}");
    assert!(refused(&server, Limit::Hosts) > 0);
    // The name that a proxy was asked by counts, and nobody else's word for it.
    for (address, status) in [([127, 0, 0, 8], 200), ([127, 0, 0, 9], 421)] {
        let stream = from(address, server.public).await;
        let headers = "Host: inner.example\r\nX-Forwarded-Host: wall.example\r\n";
        let answer = ask_on(stream, "GET /livez", headers, b"").await.expect("an answer");
        assert_eq!(answer.status, status);
    }
}
