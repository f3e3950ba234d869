//! Whose pages may listen, and under which addresses the server answers.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::server::{Options, Server, ask};

/// What a page of that origin gets when it wants to listen by that host.
async fn listens(server: &Server, path: &str, headers: &str) -> u16 {
    let mut stream = TcpStream::connect(server.public).await.expect("connected");
    let head = format!(
        "GET {path} HTTP/1.1\r\n{headers}Upgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.expect("sent");
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.expect("an answer");
    let answer = String::from_utf8_lossy(&answer).into_owned();
    answer.strip_prefix("HTTP/1.1 ").and_then(|status| status.parse().ok()).expect("a status")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_origin_is_the_same_with_and_without_its_default_port() {
    let server = Server::start(Options::default()).await;
    for (origin, host, status) in [
        ("https://wall.example", "wall.example:443", 101),
        ("https://wall.example:443", "wall.example", 101),
        ("http://wall.example", "wall.example:80", 101),
        ("http://wall.example:80", "WALL.example", 101),
        ("https://wall.example", "wall.example", 101),
        ("http://[::1]:8080", "[::1]:8080", 101),
        ("http://[::1]", "[::1]:80", 101),
        ("https://wall.example", "wall.example:80", 403),
        ("http://wall.example", "wall.example:443", 403),
        ("https://wall.example:8443", "wall.example:443", 403),
        ("https://evil.example", "wall.example:443", 403),
        ("https://wall.example.evil.example", "wall.example", 403),
        ("https://wall.example@evil.example", "wall.example", 403),
        ("null", "wall.example", 403),
    ] {
        let headers = format!("Host: {host}\r\nOrigin: {origin}\r\n");
        let answered = listens(&server, "/ws/v1/boards/floor", &headers).await;
        assert_eq!(answered, status, "{origin} at {host}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_with_a_slash_at_the_end_are_answered() {
    let server = Server::start(Options::default()).await;
    for path in [
        "/livez/",
        "/readyz/",
        "/api/v1/kpis/",
        "/api/v1/kpis/?window=today",
        "/api/v1/kpis/offered/receipt/",
        "/api/v1/boards/",
        "/api/v1/boards/floor/",
        "/api/v1/channels/",
        "/api/v1/annotations/",
        "/api/v1/staffing/",
        "/api/v1/openapi.json/",
    ] {
        let answer = server.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    }
    assert_eq!(server.post("/in/open/", "", b"{}").await.status, 202);
    for path in ["/livez/", "/metrics/", "/api/v1/annotations/"] {
        let answer = ask(server.admin, &format!("GET {path}"), "", b"").await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    }
    let host = format!("Host: {}\r\n", server.public);
    assert_eq!(listens(&server, "/ws/v1/boards/floor/", &host).await, 101);
    // A page's links are relative to its address: it is shown under one address only.
    for (path, location) in [
        ("/wall/floor/", "../floor"),
        ("/wall/floor/?kiosk=1", "../floor?kiosk=1"),
        ("/wall/", "../"),
    ] {
        let answer = server.get(path).await;
        assert_eq!(answer.status, 308, "{path}");
        let line = format!("location: {location}");
        assert!(answer.head.lines().any(|found| found == line), "{path}: {}", answer.head);
    }
}

/// Below a path that the proxy takes off, as in `https://example.org/tablica/wall/floor`.
#[tokio::test(flavor = "multi_thread")]
async fn pages_name_everything_relative_to_their_own_address() {
    let server = Server::start(Options::default()).await;
    let home = server.get("/").await.text();
    assert!(home.contains("href=\"wall/floor\""), "{home}");
    let unknown = server.get("/wall/nothing").await.text();
    assert!(unknown.contains("href=\"floor\""), "{unknown}");
    let nowhere = server.get("/some/where/else").await.text();
    assert!(nowhere.contains("href=\"../../\""), "{nowhere}");
    for page in [home, unknown, nowhere] {
        assert!(!page.contains("href=\"/"), "{page}");
    }
    let wall = server.get("/wall").await;
    assert!(wall.head.lines().any(|line| line == "location: ./"), "{}", wall.head);
}

/// A wall may be listened to by pages of the host that the proxy was asked for, when it is trusted.
#[tokio::test(flavor = "multi_thread")]
async fn only_a_trusted_proxy_says_which_host_was_asked_for() {
    let forwarded = "Host: 127.0.0.1:8080\r\nOrigin: https://wall.example\r\n\
        X-Forwarded-Host: wall.example\r\nX-Forwarded-Proto: https\r\n\
        X-Forwarded-For: 198.51.100.7\r\n";
    for (trusted, status) in [(vec!["127.0.0.1/32"], 101), (vec!["10.0.0.0/8"], 403), (vec![], 403)]
    {
        let server = Server::start(Options { trusted, ..Options::default() }).await;
        assert_eq!(listens(&server, "/ws/v1/boards/floor", forwarded).await, status);
        let with_port = forwarded
            .replace("wall.example\r\nX-Forwarded-Proto", "wall.example:443\r\nX-Forwarded-Proto");
        assert_eq!(listens(&server, "/ws/v1/boards/floor", &with_port).await, status);
    }
}

/// The page of a board that is not there is the wall's own, in the site's language.
#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_boards_page_is_a_wall_that_comes_alive() {
    let server = Server::start(Options::default()).await;
    let unknown = server.get("/wall/nothing").await;
    assert_eq!(unknown.status, 404);
    let (unknown, known) = (unknown.text(), server.get("/wall/floor").await.text());
    for page in [&unknown, &known] {
        assert!(
            page.contains("wall.js?v=") && page.contains("<html lang=\"en\" data-build="),
            "{page}"
        );
    }
    assert!(unknown.contains("id=\"about\"") && !known.contains("id=\"about\""));
}
