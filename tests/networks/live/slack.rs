//! Slack's Socket Mode: addresses that are asked for, envelopes that are acknowledged.

use futures_util::{FutureExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use super::http::Site;
use super::{Roads, comes_to, desk, has_gaps, house, in_time, interactions, told};
use crate::hostile::house::Mode;
use crate::links::websockets::{hears, says};
use crate::support::server::unix_seconds;
use crate::support::wait::until_so;

const TOKEN: &str = "xapp-1-A0TEST-token-of-the-app";

type Socket = WebSocketStream<TcpStream>;

/// Slack says where to connect to, and takes the connection there.
async fn connects(api: &Site, host: &str, site: &Site, ticket: &str) -> Socket {
    let asked = api.asked().await;
    assert_eq!((asked.method.as_str(), asked.path()), ("POST", "/api/apps.connections.open"));
    assert_eq!(asked.header("authorization"), Some(format!("Bearer {TOKEN}").as_str()));
    let url = format!("wss://{host}/link/?ticket={ticket}&app_id=A0TEST");
    asked.answers_json(200, &json!({ "ok": true, "url": url })).await;
    let asked = site.asked().await;
    assert_eq!((asked.path(), asked.parameter("ticket").as_deref()), ("/link/", Some(ticket)));
    assert_eq!(asked.header("authorization"), None, "the token is the API's");
    let mut socket = asked.upgrades().await;
    let hello = json!({
        "type": "hello",
        "num_connections": 1,
        "debug_info": { "host": "applink-1", "approximate_connection_time": 18060 },
        "connection_info": { "app_id": "A0TEST" },
    });
    says(&mut socket, &[&hello.to_string()]).await;
    socket
}

/// An envelope with a message in the desk's channel.
fn envelope(id: &str, event: &str, ts: &str, user: &str, thread: Option<&str>) -> String {
    let mut message = json!({
        "type": "message",
        "channel": "C0SUPPORT1",
        "channel_type": "channel",
        "user": user,
        "text": "Where is my parcel?",
        "ts": ts,
        "event_ts": ts,
        "team": "T0DESK",
    });
    if let Some(thread) = thread {
        message["thread_ts"] = thread.into();
    }
    let envelope = json!({
        "envelope_id": id,
        "type": "events_api",
        "accepts_response_payload": false,
        "retry_attempt": 0,
        "retry_reason": "",
        "payload": {
            "token": "verification",
            "team_id": "T0DESK",
            "api_app_id": "A0TEST",
            "type": "event_callback",
            "event_id": event,
            "event_time": unix_seconds(),
            "event": message,
        },
    });
    envelope.to_string()
}

async fn is_acknowledged(socket: &mut Socket, id: &str) {
    let said: Value = serde_json::from_str(&in_time("an answer", hears(socket)).await).unwrap();
    assert_eq!(said["envelope_id"], id);
}

#[tokio::test]
async fn envelopes_are_acknowledged_when_they_are_kept_and_slack_says_where_to_go_on() {
    let (api, primary, backup) = (Site::open().await, Site::open().await, Site::open().await);
    let roads = Roads::default()
        .to("slack.com", &api.at)
        .to("wss-primary.slack.com", &primary.at)
        .to("wss-backup.slack.com", &backup.at);
    let hosts = ["slack.com", "wss-primary.slack.com", "wss-backup.slack.com"];
    let settings = json!({ "channels": ["C0SUPPORT1"], "agents": ["U0OLA00001"] });
    let mut channel = desk("slack", &hosts, Some(("app_token", TOKEN)), settings);
    channel.source = Some(tablica::channel::manifest::SourceKind::Socket);
    let house = house(channel, &roads);
    let now = unix_seconds();
    let [question, answer, more] = [1, 2, 3].map(|number| format!("{now}.00000{number}"));
    let contact = format!("C0SUPPORT1:{question}");

    let mut socket = connects(&api, "wss-primary.slack.com", &primary, "one").await;
    house.disk.set(Mode::Holds);
    says(&mut socket, &[&envelope("e1", "Ev1", &question, "U0ZUZANNA", None)]).await;
    until_so("the journal is asked to write", || house.disk.held() > 0).await;
    for _ in 0..1_000 {
        tokio::task::yield_now().await;
    }
    let early = socket.next().now_or_never();
    assert!(!matches!(early, Some(Some(Ok(Message::Text(_))))), "it is not kept yet: {early:?}");
    house.disk.set(Mode::Writes);
    house.disk.release(true);
    is_acknowledged(&mut socket, "e1").await;
    comes_to(&house, &contact, &["message customer"]).await;

    // Slack is about to close it, and says so. Meanwhile it goes on there.
    let goodbye = json!({ "type": "disconnect", "reason": "warning", "debug_info": {} });
    says(&mut socket, &[&goodbye.to_string()]).await;
    let mut next = connects(&api, "wss-backup.slack.com", &backup, "two").await;
    drop(socket);
    // What was acknowledged too late for Slack comes again.
    says(&mut next, &[&envelope("e2", "Ev1", &question, "U0ZUZANNA", None)]).await;
    is_acknowledged(&mut next, "e2").await;
    let reply = envelope("e3", "Ev2", &answer, "U0OLA00001", Some(&question));
    says(&mut next, &[&reply]).await;
    is_acknowledged(&mut next, "e3").await;
    comes_to(&house, &contact, &["message customer", "message agent"]).await;

    // The connection breaks before the answer to an envelope.
    let thanks = |id| envelope(id, "Ev3", &more, "U0ZUZANNA", Some(&question));
    says(&mut next, &[&thanks("e4")]).await;
    drop(next);
    let mut last = connects(&api, "wss-primary.slack.com", &primary, "three").await;
    says(&mut last, &[&thanks("e5")]).await;
    is_acknowledged(&mut last, "e5").await;
    comes_to(&house, &contact, &["message customer", "message agent", "message customer"]).await;
    assert_eq!(interactions(&house).len(), 1);
    has_gaps(&house, 0).await;
    let texts = format!("{:?}", told(&house));
    assert!(!texts.contains("ticket") && !texts.contains(TOKEN));
    assert!(house.quarantined().is_empty());
}
