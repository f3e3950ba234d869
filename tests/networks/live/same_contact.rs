//! A Telegram bot that people answer in Chatwoot: two channels tell of each chat, and it is one contact.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};

use crate::support::server::{SECRET, Server, Site, client, unix_seconds};

/// As docs/same-contact.md has it.
const DESK: &str = r#"
[channel.desk]
plugin = "chatwoot"
verify = "signature"
secret = { env = "TABLICA_TEST_SECRET" }

[channel.desk.same_as.telegram]
when = { inbox_channel = "telegram" }
interaction = "{chat_id}"
"#;

/// Chatwoot calls, signed.
async fn calls(server: &Server, event: &str, mut body: Value) {
    body["event"] = event.into();
    let (body, now) = (body.to_string(), unix_seconds());
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(format!("{now}.{body}").as_bytes());
    let signature = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
    let answer = client()
        .post(server.url("/in/desk"))
        .header("X-Chatwoot-Signature", signature)
        .header("X-Chatwoot-Timestamp", now.to_string())
        .header("content-type", "application/json")
        .body(body)
        .send()
        .await
        .unwrap();
    assert!(answer.status().is_success(), "{event}: {}", answer.status());
}

/// How long ago somebody asks, and what then happens: both networks know the same times, whichever tells
/// first.
const ASKED: i64 = 30;
const TAKEN: i64 = 20;
const SETTLED: i64 = 10;

/// A conversation of the inbox that is the Telegram bot, as it was so long ago.
fn conversation(number: u64, chat: u64, assignee: Option<u64>, status: &str, ago: i64) -> Value {
    let began = unix_seconds() - ASKED;
    let updated = unix_seconds() - ago;
    json!({
        "additional_attributes": { "chat_id": chat, "business_connection_id": null },
        "channel": "Channel::Telegram",
        "contact_inbox": { "id": 91, "contact_id": 51, "inbox_id": 8, "source_id": chat.to_string() },
        "id": number,
        "inbox_id": 8,
        "messages": [{
            "id": number * 10,
            "account_id": 1,
            "message_type": 0,
            "created_at": began,
            "private": false,
            "content_type": "text",
            "sender_type": "Contact",
        }],
        "labels": [],
        "meta": {
            "sender": { "id": 51, "name": "Zuzanna", "email": null, "phone_number": null, "type": "contact" },
            "assignee": assignee.map(|id| json!({ "id": id, "name": "Anna Lis", "type": "user" })),
            "assignee_type": assignee.map(|_| "User"),
            "team": null,
        },
        "status": status,
        "priority": null,
        "first_reply_created_at": null,
        "snoozed_until": null,
        "created_at": began,
        "updated_at": updated as f64 + 0.5,
    })
}

fn message(id: u64, kind: &str, text: &str, conversation: &Value) -> Value {
    let at = conversation["updated_at"].as_f64().unwrap() as i64;
    let sender = match kind {
        "incoming" => json!({ "id": 51, "name": "Zuzanna" }),
        _ => json!({ "id": 4, "name": "Anna Lis", "type": "user" }),
    };
    json!({
        "account": { "id": 1, "name": "Example" },
        "content": text,
        "content_type": "text",
        "content_attributes": {},
        "conversation": conversation,
        "created_at": jiff::Timestamp::from_second(at).unwrap().to_string(),
        "id": id,
        "inbox": { "id": 8, "name": "Bot" },
        "message_type": kind,
        "private": false,
        "sender": sender,
    })
}

/// Chatwoot tells that somebody asks.
async fn asks_in_the_desk(server: &Server, number: u64, chat: u64) {
    let open = conversation(number, chat, None, "open", ASKED);
    calls(server, "conversation_created", open.clone()).await;
    calls(server, "message_created", message(number * 10, "incoming", "Where is it?", &open)).await;
}

async fn asks_on_telegram(server: &Server, update: u64, chat: u64) {
    let update = json!({
        "update_id": update,
        "message": {
            "message_id": update,
            "from": { "id": chat, "is_bot": false, "first_name": "Zuzanna" },
            "chat": { "id": chat, "first_name": "Zuzanna", "type": "private" },
            "date": unix_seconds() - ASKED,
            "text": "Where is it?",
        }
    });
    let answer = server.telegram(&update.to_string()).await.unwrap();
    assert!(answer.status().is_success());
}

/// Anna takes it, answers and settles it, in Chatwoot.
async fn is_served(server: &Server, number: u64, chat: u64) {
    let mut taken = conversation(number, chat, Some(4), "open", TAKEN);
    taken["changed_attributes"] =
        json!([{ "assignee_id": { "previous_value": null, "current_value": 4 } }]);
    calls(server, "conversation_updated", taken.clone()).await;
    calls(server, "message_created", message(number * 10 + 1, "outgoing", "Here.", &taken)).await;
    let mut settled = conversation(number, chat, Some(4), "resolved", SETTLED);
    settled["changed_attributes"] =
        json!([{ "status": { "previous_value": "open", "current_value": "resolved" } }]);
    calls(server, "conversation_status_changed", settled).await;
}

#[tokio::test]
async fn a_chat_of_which_both_channels_tell_is_offered_once_and_answered_once() {
    let site = Site::new(DESK);
    let server = site.start().await;
    asks_on_telegram(&server, 700_000_010, 733).await;
    asks_in_the_desk(&server, 204, 733).await;
    is_served(&server, 204, 733).await;
    let all = "window=today";
    server.settles("answered", all, 1.0).await;
    server.settles("handled", all, 1.0).await;
    assert_eq!(server.kpi("offered", all).await, Some(1.0));

    // The desk may be the first to tell.
    asks_in_the_desk(&server, 205, 734).await;
    is_served(&server, 205, 734).await;
    asks_on_telegram(&server, 700_000_011, 734).await;
    server.settles("answered", all, 2.0).await;
    server.settles("handled", all, 2.0).await;
    server.settles("messages", all, 2.0).await;
    assert_eq!(server.kpi("offered", all).await, Some(2.0));

    // It is the channel's that it came in by, and what the wall says is what the API lists.
    let telegram = "channel=telegram&window=today";
    assert_eq!(server.kpi("offered", telegram).await, Some(2.0));
    assert_eq!(server.kpi("answered", telegram).await, Some(2.0));
    let desk = server.kpi("offered", "channel=desk&window=today").await;
    assert!(desk.is_none_or(|offered| offered == 0.0), "{desk:?}");
    let figures = server.json("/api/v1/kpis?window=today").await;
    for kpi in ["offered", "answered"] {
        let listed =
            figures["kpis"].as_array().unwrap().iter().find(|it| it["kpi"] == kpi).unwrap();
        assert_eq!(listed["figure"]["value"], 2.0, "{kpi}");
    }
}
