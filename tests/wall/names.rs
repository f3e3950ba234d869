//! Screens with names: listed, missed when they are gone, and removed by an operator.

use std::sync::atomic::Ordering;

use serde_json::{Value, json};
use tablica::http::Limit;
use tablica::screen::Limits;
use tokio::net::TcpStream;

use super::answer::Answer;
use super::server::{Options, Server, ask};
use crate::support::wait::{until_async, until_so};

async fn listed(server: &Server) -> Vec<Value> {
    let answer = ask(server.admin, "GET /api/v1/screens", "", b"").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["screens"].as_array().expect("a list").clone()
}

async fn remove(server: &Server, name: &str) -> Answer {
    ask(server.admin, &format!("DELETE /api/v1/screens/{name}"), "", b"").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_with_a_name_is_missed_until_it_is_removed() {
    let server = Server::start(Options::default()).await;
    let mut lobby = server.screen("floor?screen=lobby-3").await;
    let mut other = server.screen("written").await;
    let _ = other.next_of("snapshot").await;
    let snapshot = lobby.next_of("snapshot").await;
    lobby.painted(&snapshot).await;
    until_async("the acknowledgement", async || {
        listed(&server).await.iter().any(|screen| screen["acknowledged_seq"] == snapshot["seq"])
    })
    .await;
    let screens = listed(&server).await;
    assert_eq!(screens.len(), 2, "{screens:?}");
    let one = &screens[0];
    assert_eq!((&one["name"], &one["board"]), (&json!("lobby-3"), &json!("floor")));
    assert_eq!((&one["connected"], &one["address"]), (&json!(true), &json!("127.0.0.1")));
    assert_eq!((&screens[1]["name"], &screens[1]["board"]), (&Value::Null, &json!("written")));
    let refused = remove(&server, "lobby-3").await;
    assert_eq!((refused.status, refused.problem().0.as_str()), (409, "screen-connected"));

    lobby.leave().await;
    other.leave().await;
    until_so("the seats to be free", || server.screens.open() == 0).await;
    let screens = listed(&server).await;
    assert_eq!(screens.len(), 1, "one without a name is not missed: {screens:?}");
    let gone = &screens[0];
    assert_eq!((&gone["name"], &gone["connected"]), (&json!("lobby-3"), &json!(false)));
    assert_eq!(gone["acknowledged_seq"], snapshot["seq"]);
    assert_eq!((&gone["id"], &gone["picture_age_ms"]), (&Value::Null, &Value::Null));
    assert!(gone["seen_ms"].as_i64() >= snapshot["at_ms"].as_i64());

    assert_eq!(remove(&server, "lobby-3").await.status, 204);
    assert_eq!(listed(&server).await, [json!(null); 0]);
    let unknown = remove(&server, "lobby-3").await;
    assert_eq!((unknown.status, unknown.problem().0.as_str()), (404, "unknown-screen"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_that_moves_is_at_its_new_board() {
    let server = Server::start(Options::default()).await;
    server.screen("floor?screen=lobby").await.leave().await;
    let mut moved = server.screen("written?screen=lobby").await;
    let _ = moved.next_of("snapshot").await;
    until_async("one screen", async || listed(&server).await.len() == 1).await;
    assert_eq!(listed(&server).await[0]["board"], "written");
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_bounded_and_no_screen_is_refused_for_its_name() {
    let screens = Limits { names_max: 2, ..Limits::default() };
    let server = Server::start(Options { screens, ..Options::default() }).await;
    let mut open = Vec::new();
    for name in ["a", "b", "c", "a%20b", "%D0%B0", "-x"] {
        let mut screen = server.screen(&format!("floor?screen={name}")).await;
        assert_eq!(screen.next().await["type"], "snapshot", "{name}");
        open.push(screen);
    }
    let mut names: Vec<Value> =
        listed(&server).await.iter().map(|screen| screen["name"].clone()).collect();
    names.retain(|name| !name.is_null());
    assert_eq!(names, ["a", "b"]);
    assert_eq!(server.counters.refusals.of(Limit::ScreenNames), 1, "c, and no name that is none");
    assert_eq!(server.screens.counters.refused.load(Ordering::Relaxed), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resuming_screen_says_its_name_too() {
    let server = Server::start(Options::default()).await;
    let mut first = server.screen("floor?screen=hall").await;
    let snapshot = first.next_of("snapshot").await;
    let epoch = snapshot["epoch"].as_str().expect("an epoch");
    let path = format!("floor?epoch={epoch}&seq={}&screen=hall", snapshot["seq"]);
    let mut again = server.screen(&path).await;
    assert_ne!(again.next().await["type"], "heartbeat");
    assert_eq!(listed(&server).await.iter().filter(|it| it["name"] == "hall").count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn screens_are_told_on_the_admin_listener_alone() {
    let server = Server::start(Options::default()).await;
    for request in ["GET /api/v1/screens", "DELETE /api/v1/screens/hall"] {
        let answer = ask(server.public, request, "", b"").await;
        assert_eq!(answer.problem().0, "not-found", "{request}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_browser_calls_itself_is_listed_and_cut() {
    let server = Server::start(Options::default()).await;
    let url = format!("ws://{}/ws/v1/boards/floor?screen=tv", server.public);
    let mut request =
        tokio_tungstenite::tungstenite::client::IntoClientRequest::into_client_request(url)
            .expect("a request");
    let agent = format!("Mozilla/5.0 (webOS) {}", "x".repeat(1000));
    request.headers_mut().insert("user-agent", agent.parse().expect("a value"));
    let stream = TcpStream::connect(server.public).await.expect("connected");
    let _open = tokio_tungstenite::client_async(request, stream).await.expect("let in");
    let browser = listed(&server).await[0]["browser"].as_str().expect("text").to_owned();
    assert!(browser.starts_with("Mozilla/5.0 (webOS) x") && browser.len() == 250, "{browser}");
}
