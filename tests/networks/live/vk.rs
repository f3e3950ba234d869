//! VK's Bots Long Poll: a server that is named, keys that run out, and what VK itself has lost.

use serde_json::{Value, json};

use super::http::{Asked, Site};
use super::{Roads, comes_to, desk, has_gaps, house, interactions};
use crate::support::server::unix_seconds;

const TOKEN: &str = "vk1.a.token-of-the-community";

/// The API names a server.
async fn names_a_server(api: &Site, key: &str, ts: &str) {
    let asked = api.asked().await;
    assert_eq!(asked.path(), "/method/groups.getLongPollServer");
    assert_eq!(asked.parameter("group_id").as_deref(), Some("123456"));
    let bearer = format!("Bearer {TOKEN}");
    let by_header = asked.header("authorization") == Some(bearer.as_str());
    assert!(by_header || asked.parameter("access_token").as_deref() == Some(TOKEN));
    let server = "https://lp.vk.com/whp/123456";
    let answer = json!({ "response": { "key": key, "server": server, "ts": ts } });
    asked.answers_json(200, &answer).await;
}

/// The next long poll, by this key.
async fn polled(server: &Site, key: &str) -> (Asked, String) {
    let asked = server.asked().await;
    assert_eq!(asked.path(), "/whp/123456");
    assert_eq!(asked.parameter("act").as_deref(), Some("a_check"));
    assert_eq!(asked.parameter("key").as_deref(), Some(key));
    assert!(!asked.uri.contains(TOKEN), "the token is the API's");
    let ts = asked.parameter("ts").unwrap();
    (asked, ts)
}

fn message(number: u32, text: &str) -> Value {
    json!({
        "group_id": 123_456,
        "type": "message_new",
        "event_id": format!("{number:040x}"),
        "v": "5.199",
        "object": {
            "message": {
                "date": unix_seconds(),
                "from_id": 733,
                "peer_id": 733,
                "id": number,
                "conversation_message_id": number,
                "out": 0,
                "text": text,
            },
            "client_info": {},
        }
    })
}

fn updates(ts: &str, all: &[Value]) -> Value {
    json!({ "ts": ts, "updates": all })
}

#[tokio::test]
async fn a_long_poll_goes_on_where_it_stood_and_what_vk_has_lost_is_a_gap() {
    let (api, server) = (Site::open().await, Site::open().await);
    let roads = ["api.vk.com", "api.vk.ru"]
        .into_iter()
        .fold(Roads::default(), |roads, host| roads.to(host, &api.at));
    let roads =
        ["lp.vk.com", "lp.vk.ru"].into_iter().fold(roads, |roads, host| roads.to(host, &server.at));
    let settings = json!({ "group_id": 123_456, "poll_timeout_s": 1 });
    let hosts = ["api.vk.com", "lp.vk.com", "api.vk.ru", "lp.vk.ru"];
    let mut channel = desk("vk", &hosts, Some(("access_token", TOKEN)), settings);
    channel.source = Some(tablica::channel::manifest::SourceKind::Poll);
    let house = house(channel, &roads);

    names_a_server(&api, "key-1", "10").await;
    let (poll, ts) = polled(&server, "key-1").await;
    assert_eq!(ts, "10");
    poll.answers_json(200, &updates("11", &[message(1, "Hello")])).await;
    let (poll, ts) = polled(&server, "key-1").await;
    assert_eq!(ts, "11");

    // The connection breaks: the same again.
    let answer = updates("12", &[message(2, "Are you there?")]);
    poll.breaks_off(&[("Content-Type", "application/json")], &answer.to_string()).await;
    let (poll, ts) = polled(&server, "key-1").await;
    assert_eq!(ts, "11");
    poll.answers_json(200, &answer).await;
    let (poll, ts) = polled(&server, "key-1").await;
    assert_eq!(ts, "12");

    // 2: the key has run out. A new one is asked for, the place stays.
    poll.answers_json(200, &json!({ "failed": 2 })).await;
    names_a_server(&api, "key-2", "40").await;
    let (poll, ts) = polled(&server, "key-2").await;
    assert_eq!(ts, "12", "nothing is passed over");
    has_gaps(&house, 0).await;
    poll.answers_json(200, &updates("13", &[message(2, "Are you there?"), message(3, "Well?")]))
        .await;

    // 1: what lies between is no longer there.
    let (poll, ts) = polled(&server, "key-2").await;
    assert_eq!(ts, "13");
    poll.answers_json(200, &json!({ "failed": 1, "ts": 30 })).await;
    let (poll, ts) = polled(&server, "key-2").await;
    assert_eq!(ts, "30");
    has_gaps(&house, 1).await;

    // 3: it knows nothing any more.
    poll.answers_json(200, &json!({ "failed": 3 })).await;
    names_a_server(&api, "key-3", "50").await;
    let (poll, ts) = polled(&server, "key-3").await;
    assert_eq!(ts, "50");
    has_gaps(&house, 2).await;
    poll.answers_json(200, &updates("51", &[message(9, "Goodbye")])).await;

    let contact = "123456:733";
    comes_to(&house, contact, &["message customer"; 4]).await;
    assert_eq!(interactions(&house).len(), 1);
    assert!(house.quarantined().is_empty());
}
