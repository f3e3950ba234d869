//! Discord's gateway: sessions that are resumed at another address, and one that cannot be.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use super::http::Site;
use super::{Roads, comes_to, desk, has_gaps, house, in_strides, in_time, interactions};
use crate::links::websockets::says;

const TOKEN: &str = "MTk4NjIyNDgzNDcxOTI1MjQ4.token-of-the-bot";
const BOT: &str = "900000000000000001";
/// The channel of a direct message.
const CHAT: &str = "900000000000000055";

/// Discord's side of one connection.
struct Gateway(WebSocketStream<TcpStream>);

impl Gateway {
    /// Takes a connection, and says how often it wants to hear a heartbeat.
    async fn takes_a_call(site: &Site, beat: Duration) -> Self {
        let asked = site.asked().await;
        assert_eq!(asked.path(), "/");
        assert_eq!(asked.parameter("v").as_deref(), Some("10"));
        assert_eq!(asked.parameter("encoding").as_deref(), Some("json"));
        assert!(!asked.uri.contains(TOKEN));
        let mut gateway = Self(asked.upgrades().await);
        let beat = u64::try_from(beat.as_millis()).unwrap();
        gateway.tells(&json!({ "op": 10, "d": { "heartbeat_interval": beat } })).await;
        gateway
    }

    async fn tells(&mut self, what: &Value) {
        says(&mut self.0, &[&what.to_string()]).await;
    }

    async fn dispatches(&mut self, sequence: u64, name: &str, what: Value) {
        self.tells(&json!({ "op": 0, "s": sequence, "t": name, "d": what })).await;
    }

    /// The next payload that is no heartbeat; none when the other side closes. Heartbeats are answered.
    async fn hears(&mut self) -> Option<Value> {
        loop {
            let payload = self.next().await?;
            match payload["op"].as_u64() {
                Some(1) => self.tells(&json!({ "op": 11 })).await,
                _ => return Some(payload),
            }
        }
    }

    async fn next(&mut self) -> Option<Value> {
        loop {
            match in_time("a payload", self.0.next()).await {
                Some(Ok(Message::Text(text))) => return Some(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    async fn is_identified(&mut self) {
        let identify = self.hears().await.unwrap();
        assert_eq!(identify["op"], 2, "{identify}");
        assert_eq!(identify["d"]["token"], TOKEN);
        assert!(identify["d"]["intents"].is_u64() && identify["d"]["properties"].is_object());
    }

    async fn is_ready(&mut self, session: &str) {
        let ready = json!({
            "v": 10,
            "user": { "id": BOT, "username": "wall", "bot": true },
            "guilds": [],
            "session_id": session,
            "resume_gateway_url": "wss://gateway-us-east1-b.discord.gg",
            "application": { "id": BOT, "flags": 0 },
        });
        self.dispatches(1, "READY", ready).await;
    }

    async fn is_resumed(&mut self, session: &str, sequence: u64) {
        let resume = self.hears().await.unwrap();
        assert_eq!(resume["op"], 6, "{resume}");
        assert_eq!(resume["d"]["token"], TOKEN);
        assert_eq!(resume["d"]["session_id"], session);
        assert_eq!(resume["d"]["seq"], sequence);
    }

    async fn closes(mut self, code: u16) {
        let frame = CloseFrame { code: code.into(), reason: "".into() };
        self.0.send(Message::Close(Some(frame))).await.unwrap();
        // Until the other side has gone as well.
        while self.next().await.is_some() {}
    }
}

/// A message to the bot.
fn message(number: u64, text: &str) -> Value {
    const EPOCH_MS: i64 = 1_420_070_400_000;
    let id = (u64::try_from(tablica::clock::now_ms() - EPOCH_MS).unwrap() << 22) + number;
    json!({
        "id": id.to_string(),
        "channel_id": CHAT,
        "channel_type": 1,
        "author": { "id": "733733733733733733", "username": "zuzanna", "discriminator": "0" },
        "content": text,
        "timestamp": jiff::Timestamp::now().to_string(),
        "edited_timestamp": null,
        "type": 0,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
    })
}

/// As often as Discord really asks for it.
const USUAL: Duration = Duration::from_millis(41_250);

#[tokio::test]
async fn a_session_is_resumed_where_discord_said_and_what_cannot_be_resumed_is_a_gap() {
    let (first, resumed) = (Site::open().await, Site::open().await);
    let roads = Roads::default()
        .to("gateway.discord.gg", &first.at)
        .to("gateway-us-east1-b.discord.gg", &resumed.at);
    let hosts = ["gateway.discord.gg", "gateway-us-east1-b.discord.gg"];
    let mut channel = desk("discord", &hosts, Some(("bot_token", TOKEN)), json!({}));
    channel.source = Some(tablica::channel::manifest::SourceKind::Socket);
    let house = house(channel, &roads);

    // A heartbeat says what was heard last.
    let mut gateway = Gateway::takes_a_call(&first, Duration::from_millis(200)).await;
    gateway.is_identified().await;
    gateway.is_ready("session-1").await;
    let hello = message(1, "Hello");
    gateway.dispatches(2, "MESSAGE_CREATE", hello.clone()).await;
    comes_to(&house, CHAT, &["message customer"]).await;
    loop {
        let beat = gateway.next().await.unwrap();
        assert_eq!(beat["op"], 1, "{beat}");
        gateway.tells(&json!({ "op": 11 })).await;
        if beat["d"] == 2 {
            break;
        }
    }
    gateway.closes(4000).await;

    // What was said meanwhile comes, and what may not have arrived comes again.
    let mut gateway = Gateway::takes_a_call(&resumed, USUAL).await;
    gateway.is_resumed("session-1", 2).await;
    gateway.dispatches(3, "MESSAGE_CREATE", hello).await;
    gateway.dispatches(4, "MESSAGE_CREATE", message(2, "Are you there?")).await;
    gateway.dispatches(5, "RESUMED", json!({})).await;
    comes_to(&house, CHAT, &["message customer"; 2]).await;
    gateway.closes(1001).await;

    let mut gateway = Gateway::takes_a_call(&resumed, USUAL).await;
    gateway.is_resumed("session-1", 5).await;
    gateway.dispatches(6, "RESUMED", json!({})).await;
    // Discord asks to be called again.
    gateway.tells(&json!({ "op": 7, "d": null })).await;
    while gateway.hears().await.is_some() {}

    // Heartbeats that nobody answers: the connection is dead, and made anew.
    let mut gateway = Gateway::takes_a_call(&resumed, Duration::from_millis(50)).await;
    gateway.is_resumed("session-1", 6).await;
    gateway.dispatches(7, "RESUMED", json!({})).await;
    while gateway.next().await.is_some() {}

    // The connection breaks without a word.
    let mut gateway = Gateway::takes_a_call(&resumed, USUAL).await;
    gateway.is_resumed("session-1", 7).await;
    drop(gateway);
    has_gaps(&house, 0).await;

    let mut gateway = Gateway::takes_a_call(&resumed, USUAL).await;
    gateway.is_resumed("session-1", 7).await;
    gateway.tells(&json!({ "op": 9, "d": false })).await;
    // A new session begins a few seconds later, at the address for new ones.
    let new = Gateway::takes_a_call(&first, USUAL);
    let mut gateway = in_strides("a new session", Duration::from_secs(1), new).await;
    gateway.is_identified().await;
    gateway.is_ready("session-2").await;
    gateway.dispatches(2, "MESSAGE_CREATE", message(3, "Well?")).await;
    comes_to(&house, CHAT, &["message customer"; 3]).await;
    has_gaps(&house, 1).await;
    gateway.closes(1001).await;

    let mut gateway = Gateway::takes_a_call(&resumed, USUAL).await;
    gateway.is_resumed("session-2", 2).await;
    assert_eq!(interactions(&house).len(), 1);
    assert!(house.quarantined().is_empty());
}
