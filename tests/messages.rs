//! A lead's messages: written on the admin page, seen on walls in a real Chromium, gone when they end.

use serde_json::{Value, json};

use crate::stuck::play;
use crate::support::server::{Site, client};

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_writes_the_wall_shows_it_and_it_ends_by_itself() {
    let site = Site::new("").with_fixed_ports();
    let server = site.start().await;
    let (base, admin) = (server.url(""), server.admin_url(""));
    let server = play("message.mjs", &["--base", &base, "--admin", &admin], &site, server).await;
    assert!(server.stop().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_kept_has_an_end_and_is_on_no_time_line() {
    let site = Site::new("");
    let server = site.start().await;
    let put = async |message: Value| {
        let url = server.admin_url("/api/v1/annotations");
        let request = client().post(url).header("content-type", "application/json");
        let answer = request.body(message.to_string()).send().await.expect("an answer");
        (answer.status().as_u16(), answer.text().await.expect("text"))
    };
    let message = json!({
        "id": "pizza", "kind": "message", "title": "Pizza at six", "from": "2026-03-02 17:00",
        "to": "2099-03-02 18:00", "boards": ["team", "lead"], "level": "important",
    });
    assert_eq!(put(message).await.0, 201);
    let (status, why) =
        put(json!({ "kind": "message", "title": "x", "from": "2026-03-02 17:00" })).await;
    assert!(status == 422 && why.contains("`to` is missing"), "{why}");
    let outage = json!({
        "kind": "outage", "title": "x", "from": "2026-03-02", "boards": "team", "level": "loud",
    });
    let (status, why) = put(outage).await;
    assert!(status == 422 && why.contains("`boards` is for the kind `message` only"), "{why}");
    assert!(why.contains("`level` is an unknown level"), "{why}");
    let grafana = server.json("/api/v1/annotations?format=grafana").await;
    assert_eq!(grafana, json!([]), "it explains no number");
    server.kill();
    let server = site.start().await;
    let kept = server.json("/api/v1/annotations").await;
    let kept = &kept["annotations"][0];
    assert_eq!(kept["boards"], json!(["team", "lead"]));
    assert_eq!((&kept["level"], &kept["volume"]), (&json!("important"), &Value::Null));
}
