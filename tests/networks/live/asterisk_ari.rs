//! Asterisk's REST interface: a WebSocket that breaks off in the middle of an event.

use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use tablica::event::FeedState;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;

use super::http::Site;
use super::{DESK, Roads, comes_to, desk, has_gaps, house, in_time, interactions, story};
use crate::links::websockets::says;
use crate::support::server::unix_seconds;

const PASSWORD: &str = "ar1-password-of-the-site";

type Socket = WebSocketStream<TcpStream>;

/// What `GET /channels` lists.
type Channels = Arc<Mutex<Vec<Value>>>;

/// Asterisk's web server: answers what it is asked, and hands on WebSockets.
async fn serves(site: Site, channels: Channels, sockets: mpsc::UnboundedSender<Socket>) {
    let key = BASE64_STANDARD.encode(format!("tablica:{PASSWORD}"));
    loop {
        let asked = site.waits().await;
        assert_eq!(asked.header("authorization"), Some(format!("Basic {key}").as_str()));
        let path = asked.path().to_owned();
        match path.as_str() {
            "/ari/events" => {
                assert_eq!(asked.parameter("app").as_deref(), Some("tablica"));
                assert_eq!(asked.parameter("subscribeAll").as_deref(), Some("true"));
                sockets.send(asked.upgrades().await).unwrap();
            }
            "/ari/channels" => {
                let list = Value::from(channels.lock().unwrap().clone());
                asked.answers_json(200, &list).await;
            }
            "/ari/bridges" => asked.answers_json(200, &json!([])).await,
            "/ari/applications/tablica" => {
                asked.answers_json(200, &json!({ "name": "tablica" })).await;
            }
            _ => asked.answers_json(404, &json!({ "message": "Resource not found" })).await,
        }
    }
}

/// As Asterisk writes times: without a colon in the zone.
fn at(ago: i64) -> String {
    let at = jiff::Timestamp::from_second(unix_seconds() - ago).unwrap();
    format!("{}.000+0000", at.strftime("%Y-%m-%dT%H:%M:%S"))
}

/// A channel that came so long ago.
fn channel(id: &str, name: &str, app_data: &str, ago: i64) -> Value {
    json!({
        "id": id,
        "name": name,
        "state": "Up",
        "protocol_id": "",
        "caller": { "name": "", "number": "+48600100200" },
        "connected": { "name": "", "number": "" },
        "accountcode": "",
        "dialplan": {
            "context": "default", "exten": "600", "priority": 2, "app_name": "Stasis", "app_data": app_data,
        },
        "creationtime": at(ago),
        "language": "en",
    })
}

fn caller(id: &str, ago: i64) -> Value {
    channel(id, &format!("PJSIP/trunk-{id}"), "helpdesk,sales", ago)
}

fn anna(id: &str) -> Value {
    channel(id, &format!("PJSIP/101-{id}"), "helpdesk", 0)
}

fn event(kind: &str, application: &str, more: Value) -> String {
    let mut event = more;
    event["type"] = kind.into();
    event["application"] = application.into();
    event["asterisk_id"] = "00:15:5d:00:00:01".into();
    event["timestamp"] = at(0).into();
    event.to_string()
}

fn starts(channel: &Value, args: &[&str]) -> String {
    event("StasisStart", "helpdesk", json!({ "args": args, "channel": channel }))
}

/// A channel comes into a bridge, or leaves it, in which then those are.
fn bridged(kind: &str, channel: &Value, bridge: &str, within: &[&Value]) -> String {
    let ids: Vec<&Value> = within.iter().map(|it| &it["id"]).collect();
    let bridge = json!({
        "id": bridge,
        "technology": "simple_bridge",
        "bridge_type": "mixing",
        "bridge_class": "stasis",
        "creator": "Stasis",
        "name": "",
        "channels": ids,
        "creationtime": at(0),
    });
    event(kind, "tablica", json!({ "bridge": bridge, "channel": channel }))
}

fn destroyed(channel: &Value) -> String {
    let more = json!({ "cause": 16, "cause_txt": "Normal Clearing", "channel": channel });
    event("ChannelDestroyed", "tablica", more)
}

#[tokio::test]
async fn a_socket_that_breaks_off_in_an_event_is_opened_again_and_no_call_counts_twice() {
    let site = Site::open().await;
    let (url, at) = (format!("http://{}", site.at), site.at.clone());
    let listed = Channels::default();
    let (sockets, mut opened) = mpsc::unbounded_channel();
    tokio::spawn(serves(site, Arc::clone(&listed), sockets));
    let settings = json!({
        "url": url,
        "apps": ["helpdesk"],
        "agent_endpoints": ["PJSIP/1*"],
        "queues": { "sales": "Sales" },
    });
    let house = house(
        desk("asterisk-ari", &[&at], Some(("password", PASSWORD)), settings),
        &Roads::default(),
    );

    let mut socket = in_time("a WebSocket", opened.recv()).await.unwrap();
    let (talks, annas) = (caller("talk.1", 0), anna("anna.2"));
    let waits = caller("waits.3", 0);
    says(
        &mut socket,
        &[
            &starts(&talks, &["sales"]),
            &starts(&annas, &[]),
            &bridged("ChannelEnteredBridge", &talks, "bridge.1", &[&talks]),
            &bridged("ChannelEnteredBridge", &annas, "bridge.1", &[&talks, &annas]),
            &starts(&waits, &["sales"]),
        ],
    )
    .await;
    comes_to(&house, "talk.1", &["opened", "queued", "answered"]).await;
    comes_to(&house, "waits.3", &["opened", "queued"]).await;
    // The next event is cut off: a frame of a text of 126 bytes or more says its length in two bytes.
    let lost = bridged("ChannelLeftBridge", &annas, "bridge.1", &[&talks]);
    let mut frame = vec![0x81, 126];
    frame.extend(u16::try_from(lost.len()).unwrap().to_be_bytes());
    frame.extend(&lost.as_bytes()[..lost.len() / 2]);
    let new = caller("new.4", 1);
    *listed.lock().unwrap() = vec![waits.clone(), new.clone()];
    let mut stream = socket.into_inner();
    stream.write_all(&frame).await.unwrap();
    drop(stream);

    let mut socket = in_time("a WebSocket", opened.recv()).await.unwrap();
    // It is listed, and its event is on the way as well.
    says(&mut socket, &[&starts(&new, &["sales"])]).await;
    has_gaps(&house, 1).await;
    let over = ["opened", "queued", "answered", "talk_ended system", "wrapped_up"];
    comes_to(&house, "talk.1", &over).await;
    comes_to(&house, "new.4", &["opened", "queued"]).await;
    let annas = anna("anna.5");
    says(
        &mut socket,
        &[
            &starts(&annas, &[]),
            &bridged("ChannelEnteredBridge", &waits, "bridge.2", &[&waits]),
            &bridged("ChannelEnteredBridge", &annas, "bridge.2", &[&waits, &annas]),
            &event("ChannelHangupRequest", "tablica", json!({ "channel": waits, "cause": 16 })),
            &bridged("ChannelLeftBridge", &waits, "bridge.2", &[&annas]),
            &destroyed(&waits),
            &bridged("ChannelLeftBridge", &annas, "bridge.2", &[]),
            &destroyed(&annas),
            &destroyed(&new),
        ],
    )
    .await;
    let served = ["opened", "queued", "answered", "talk_ended customer", "wrapped_up"];
    comes_to(&house, "waits.3", &served).await;
    comes_to(&house, "new.4", &["opened", "queued", "abandoned"]).await;
    assert_eq!(story(&house, "talk.1"), over);
    assert_eq!(interactions(&house).len(), 3);
    let feed = house.disk.feed(DESK);
    assert_eq!(feed, [FeedState::Up, FeedState::Down, FeedState::Up, FeedState::Gap]);
    assert!(house.quarantined().is_empty());
}
