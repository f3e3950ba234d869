//! Telegram's Bot API, asked by long polling.

use std::time::Duration;

use serde_json::{Value, json};

use super::http::{Asked, Site};
use super::{DESK, Roads, comes_to, desk, house, interactions, skip, story};
use crate::hostile::house::{House, Mode};
use crate::support::server::unix_seconds;
use crate::support::wait::until_so;

const TOKEN: &str = "8123456789:AAE-token-of-the-bot";

fn update(id: u64, message: u64, text: &str) -> Value {
    json!({
        "update_id": id,
        "message": {
            "message_id": message,
            "from": { "id": 733, "is_bot": false, "first_name": "Zuzanna" },
            "chat": { "id": 733, "first_name": "Zuzanna", "type": "private" },
            "date": unix_seconds(),
            "text": text,
        }
    })
}

fn updates(all: &[Value]) -> Value {
    json!({ "ok": true, "result": all })
}

/// The next question, after which offset it asks.
async fn asked(site: &Site) -> (Asked, Option<u64>) {
    let asked = site.asked().await;
    assert_eq!(asked.path(), format!("/bot{TOKEN}/getUpdates"));
    let offset = match asked.body.is_empty() {
        true => asked.parameter("offset").map(|it| it.parse().unwrap()),
        false => asked.json()["offset"].as_u64(),
    };
    (asked, offset)
}

async fn bot() -> (Site, House) {
    let site = Site::open().await;
    let roads = Roads::default().to("api.telegram.org", &site.at);
    let settings = json!({ "mode": "poll", "poll_timeout_s": 1 });
    let mut channel = desk("telegram", &["api.telegram.org"], Some(("bot_token", TOKEN)), settings);
    channel.source = Some(tablica::channel::manifest::SourceKind::Poll);
    (site, house(channel, &roads))
}

#[tokio::test]
async fn an_update_is_confirmed_when_the_journal_has_it_and_not_before() {
    let (site, house) = bot().await;
    let (first, offset) = asked(&site).await;
    assert_eq!(offset, None);
    house.disk.set(Mode::Holds);
    first
        .answers_json(
            200,
            &updates(&[update(700_000_010, 1, "Hello"), update(700_000_011, 2, "?")]),
        )
        .await;
    until_so("the journal is asked to write", || house.disk.held() > 0).await;
    assert!(site.is_quiet().await, "what is not written is not confirmed");
    assert_eq!(story(&house, "733"), [""; 0]);
    house.disk.set(Mode::Writes);
    house.disk.release(true);
    let (second, offset) = asked(&site).await;
    assert_eq!(offset, Some(700_000_012));
    assert_eq!(story(&house, "733"), ["message customer"; 2], "written before it is confirmed");

    // What the disk loses is asked for again.
    house.disk.set(Mode::Holds);
    second.answers_json(200, &updates(&[update(700_000_012, 3, "Anybody?")])).await;
    until_so("the journal is asked to write", || house.disk.held() > 0).await;
    house.disk.set(Mode::Writes);
    house.disk.release(false);
    let mut again = asked(&site).await;
    while again.1 != Some(700_000_012) {
        again.0.answers_json(200, &updates(&[])).await;
        again = asked(&site).await;
    }
    again.0.answers_json(200, &updates(&[update(700_000_012, 3, "Anybody?")])).await;
    let (_, offset) = asked(&site).await;
    assert_eq!(offset, Some(700_000_013));
    assert_eq!(story(&house, "733"), ["message customer"; 3]);
    assert!(house.quarantined().is_empty());
}

#[tokio::test]
async fn a_poll_that_breaks_is_made_again_and_what_comes_twice_counts_once() {
    let (site, house) = bot().await;
    let (first, _) = asked(&site).await;
    first.answers_json(200, &updates(&[update(700_000_010, 1, "Hello")])).await;
    let (second, offset) = asked(&site).await;
    assert_eq!(offset, Some(700_000_011));
    let lost = updates(&[update(700_000_011, 2, "Are you there?")]);
    second.breaks_off(&[("Content-Type", "application/json")], &lost.to_string()).await;
    let (third, offset) = asked(&site).await;
    assert_eq!(offset, Some(700_000_011), "nothing of it was taken");
    // As Telegram does when a confirmation was lost.
    let both =
        updates(&[update(700_000_010, 1, "Hello"), update(700_000_011, 2, "Are you there?")]);
    third.answers_json(200, &both).await;
    let (fourth, offset) = asked(&site).await;
    assert_eq!(offset, Some(700_000_012));
    drop(fourth);
    let (_, offset) = asked(&site).await;
    assert_eq!(offset, Some(700_000_012));
    comes_to(&house, "733", &["message customer"; 2]).await;
    assert_eq!(interactions(&house).len(), 1);
    assert!(house.quarantined().is_empty());
}

/// A webhook is set, or another program polls.
#[tokio::test]
async fn a_conflict_is_told_and_polling_goes_on_when_it_is_over() {
    let (site, house) = bot().await;
    let (first, _) = asked(&site).await;
    first.answers_json(200, &updates(&[update(700_000_010, 1, "Hello")])).await;
    let (second, _) = asked(&site).await;
    let conflict = json!({
        "ok": false,
        "error_code": 409,
        "description": "Conflict: can't use getUpdates method while webhook is active; use \
                        deleteWebhook to delete the webhook first",
    });
    second.answers_json(409, &conflict).await;
    until_so("it is told", || !house.quarantined().is_empty()).await;
    let reason = house.quarantined()[0].reason.clone();
    assert!(reason.contains("deleteWebhook"), "{reason}");
    assert!(!reason.contains(TOKEN), "{reason}");
    assert!(site.is_quiet().await, "it is not asked again and again");

    skip(Duration::from_secs(60)).await;
    let (third, offset) = asked(&site).await;
    assert_eq!(offset, Some(700_000_011));
    third.answers_json(200, &updates(&[update(700_000_011, 2, "Still there?")])).await;
    comes_to(&house, "733", &["message customer"; 2]).await;
    assert_eq!(house.status(DESK).instances_lost, 0);
}
