//! The API, the pages and the health of the two listeners.

use std::io::Read;

use flate2::read::GzDecoder;
use tablica::kpi;

use super::server::{Options, Server, ask};
use crate::support::wait::until_so;

#[tokio::test(flavor = "multi_thread")]
async fn every_kpi_comes_with_its_receipt() {
    let mut server = Server::start(Options::default()).await;
    server.call_waits("sales").await;
    let hub = server.hub.clone();
    until_so("the call to be known", || hub.applied() == 2).await;

    let all = server.get("/api/v1/kpis?queue=sales&window=today").await.json();
    let kpis = all["kpis"].as_array().expect("a list");
    assert_eq!(kpis.len(), kpi::registry().len());
    let offered = kpis.iter().find(|kpi| kpi["kpi"] == "offered").expect("offered");
    assert_eq!(offered["figure"], serde_json::json!({ "state": "number", "value": 1.0 }));
    assert_eq!(offered["selector"]["queue"], "sales");
    assert_eq!(offered["receipt"]["window"]["window"], "today");
    assert_eq!(offered["coverage"]["channels"][0]["channel"], "pbx");

    let one = server.get("/api/v1/kpis/offered/receipt?window=60m").await.json();
    assert_eq!(one["kpi"], "offered");
    assert!(!one["receipt"]["sentence"].as_str().expect("text").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_question_is_told_what_would_have_been_right() {
    let mut server = Server::start(Options::default()).await;
    server.call_waits("sales").await;
    let hub = server.hub.clone();
    until_so("the call to be known", || hub.applied() == 2).await;
    for (path, status, kind, valid) in [
        ("/api/v1/kpis?window=20m", 400, "bad-filter", "15m"),
        ("/api/v1/kpis?queue=sails", 400, "bad-filter", "sales"),
        ("/api/v1/kpis?channel=fax", 400, "bad-filter", "pbx"),
        ("/api/v1/kpis?quene=sales", 400, "bad-filter", "queue"),
        ("/api/v1/kpis/magic/receipt", 404, "unknown-kpi", "service_level"),
        ("/api/v1/kpis/asa/receipt?queue=sails", 400, "bad-filter", "sales"),
        ("/api/v1/boards/flor", 404, "unknown-board", "floor"),
    ] {
        let answer = server.get(path).await;
        let (found, problem) = answer.problem();
        assert_eq!((answer.status, found.as_str()), (status, kind), "{path}");
        let right = problem["valid"].as_array().expect("a list");
        assert!(right.iter().any(|value| value == valid), "{path}: {problem}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn boards_and_channels_are_listed() {
    let server = Server::start(Options::default()).await;
    let boards = server.get("/api/v1/boards").await.json();
    assert_eq!(boards["boards"][0]["id"], "floor");
    assert_eq!(boards["boards"][0]["shown"], true);
    let board = server.get("/api/v1/boards/floor").await.json();
    assert_eq!(board["board"]["title"], boards["boards"][0]["title"]);
    assert_eq!(board["tiles"]["clock"]["state"], "live");
    let channels = server.get("/api/v1/channels").await.json();
    assert_eq!(channels["channels"][0]["name"], "telegram");
}

#[tokio::test(flavor = "multi_thread")]
async fn people_get_pages_and_programs_get_problems() {
    let server = Server::start(Options::default()).await;
    let home = server.get("/").await;
    assert_eq!(home.status, 200);
    assert!(home.text().contains("href=\"wall/floor\""));

    let unknown = server.get("/wall/%3Cflor%3E").await;
    assert_eq!(unknown.status, 404);
    assert!(unknown.head.contains("text/html"));
    assert!(unknown.text().contains("href=\"floor\""), "says which boards exist");
    assert!(!unknown.text().contains("<flor>"), "the address is not markup");

    assert!(server.get("/nowhere").await.head.contains("text/html"));
    assert_eq!(server.get("/api/v1/nothing").await.problem().0, "not-found");
    assert_eq!(server.get("/assets/nothing.js").await.problem().0, "unknown-asset");
    let posted = server.post("/api/v1/kpis", "", b"").await;
    assert_eq!((posted.status, posted.problem().0.as_str()), (405, "method-not-allowed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wall_is_served_or_says_how_to_build_it() {
    let server = Server::start(Options::default()).await;
    let wall = server.get("/wall/floor").await;
    for header in ["content-security-policy: default-src 'none'", "nosniff", "no-referrer"] {
        assert!(wall.head.contains(header), "{header} in {}", wall.head);
    }
    if tablica::assets::ui("wall.html").is_none() {
        assert_eq!(wall.status, 503);
        assert!(wall.text().contains("cargo xtask build"));
        return;
    }
    assert_eq!(wall.status, 200);
    let script = server.get("/assets/wall.js").await;
    assert!(script.head.contains("cache-control: no-cache"), "{}", script.head);
    let tag = script.head.lines().find_map(|line| line.strip_prefix("etag: ")).expect("a tag");
    let known = format!("If-None-Match: {tag}\r\n");
    let again = ask(server.public, "GET /assets/wall.js", &known, b"").await;
    assert_eq!((again.status, again.body.len()), (304, 0));
    let build = tablica::assets::build_id();
    let stamped = server.get(&format!("/assets/wall.js?v={build}")).await;
    assert!(stamped.head.contains("immutable"), "{}", stamped.head);
}

#[tokio::test(flavor = "multi_thread")]
async fn readiness_says_what_is_in_the_way() {
    let server = Server::start(Options::default()).await;
    for address in [server.public, server.admin] {
        for path in ["/livez", "/readyz"] {
            assert_eq!(ask(address, &format!("GET {path}"), "", b"").await.status, 200);
        }
    }
    let obstacles = vec!["the journal cannot write".to_owned(), "the engine catches up".to_owned()];
    let server = Server::start(Options { obstacles, ..Options::default() }).await;
    assert_eq!(server.get("/livez").await.status, 200, "alive, though not ready");
    let answer = server.get("/readyz").await;
    assert_eq!(answer.status, 503);
    let detail = answer.problem().1["detail"].clone();
    assert_eq!(detail, "the journal cannot write; the engine catches up");
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_are_on_the_admin_listener_only() {
    let server = Server::start(Options::default()).await;
    let metrics = ask(server.admin, "GET /metrics", "", b"").await;
    assert_eq!(metrics.status, 200);
    assert!(metrics.head.contains("content-type: text/plain; version=0.0.4"), "{}", metrics.head);
    assert_eq!(metrics.text(), "tablica_build_info 1\n");
    assert_eq!(server.get("/metrics").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_come_in_the_form_and_the_coding_that_are_asked_for() {
    let server = Server::start(Options::default()).await;
    let open = "accept: application/openmetrics-text;version=1.0.0,text/plain;q=0.5\r\n";
    for (asked, kind, is_packed) in [
        ("accept: */*\r\n".to_owned(), "text/plain; version=0.0.4; charset=utf-8", false),
        (open.to_owned(), "application/openmetrics-text; version=1.0.0; charset=utf-8", false),
        (
            format!("{open}accept-encoding: gzip\r\n"),
            "application/openmetrics-text; version=1.0.0; charset=utf-8",
            true,
        ),
        (
            "accept-encoding: gzip;q=0\r\n".to_owned(),
            "text/plain; version=0.0.4; charset=utf-8",
            false,
        ),
    ] {
        let metrics = ask(server.admin, "GET /metrics", &asked, b"").await;
        let head = &metrics.head;
        assert!(head.contains(&format!("content-type: {kind}")), "{asked}: {head}");
        assert!(head.contains("vary: accept, accept-encoding"), "{asked}: {head}");
        assert_eq!(head.contains("content-encoding: gzip"), is_packed, "{asked}: {head}");
        let mut text = String::new();
        let read = match is_packed {
            true => GzDecoder::new(&*metrics.body).read_to_string(&mut text),
            false => (&*metrics.body).read_to_string(&mut text),
        };
        assert!(read.is_ok(), "{asked}: {read:?}");
        assert_eq!(text, "tablica_build_info 1\n", "{asked}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_admin_listener_answers_only_to_its_own_names() {
    let server = Server::start(Options::default()).await;
    for (host, status) in [
        ("localhost:9464", 200),
        ("metrics.example.org:9464", 200),
        ("evil.example:9464", 421),
        ("127.0.0.1.evil.example", 421),
    ] {
        let headers = format!("Host: {host}\r\n");
        let answer = ask(server.admin, "GET /metrics", &headers, b"").await;
        assert_eq!(answer.status, status, "{host}");
    }
    let told = "Host: evil.example\r\nContent-Type: application/json\r\nContent-Length: 2\r\n";
    let answer = ask(server.admin, "POST /api/v1/annotations", told, b"{}").await;
    assert_eq!((answer.status, answer.problem().0.as_str()), (421, "other-host"));
}
