//! Who may write into a channel: a webhook that nobody checks is open to everybody, so the
//! operator has to say that this is meant; a secret that nothing compares protects nothing.

use axum::http::HeaderMap;
use bytes::Bytes;
use tablica::channel::host::PluginEngine;
use tablica::channel::input::{Incoming, Method};
use tablica::channel::registry::{PluginFile, trial};
use tablica::channel::reply::{Refusal, Reply};
use tablica::config::model::{Channel, Compile, Site};

use super::guests;
use super::house::{House, TOKEN, channel};

/// What `tablica check` says of the channel, which a start says, too.
fn problem(channel: Channel) -> Option<String> {
    let engine = PluginEngine::new(None, &Compile::default()).unwrap();
    let find = |name: &str| Ok(PluginFile { name: name.into(), bytes: guests::plugin(name) });
    let checked =
        trial(&channel, &engine, &Site::default(), &find).err().map(|problem| problem.to_string());
    let started = House::build(vec![channel]).err().map(|errors| errors[0].problem.to_string());
    assert_eq!(checked, started, "check and start say the same");
    checked
}

fn open(secrets: bool, unverified: bool) -> Channel {
    let mut channel = channel("shop", "good+open");
    if !secrets {
        channel.secrets.clear();
    }
    channel.unverified = unverified;
    channel
}

#[tokio::test]
async fn a_webhook_that_nobody_verifies_needs_the_operators_word() {
    let said = problem(open(false, false)).expect("refused");
    assert!(said.contains("/in/shop") && said.contains("`unverified = true`"), "{said}");

    assert_eq!(problem(open(false, true)), None);
    let house = House::build(vec![open(false, true)]).unwrap();
    assert_eq!(house.deliver("shop", "1").await, Ok(Reply::default()));
}

#[tokio::test]
async fn a_secret_that_nothing_compares_is_a_mistake() {
    for unverified in [false, true] {
        let said = problem(open(true, unverified)).expect("refused");
        assert!(said.contains("`secret`") && said.contains("remove it"), "{said}");
    }
    let mut polling = channel("shop", "good+poll");
    let said = problem(polling.clone()).expect("refused");
    assert!(said.contains("`secret`"), "{said}");
    polling.secrets.clear();
    assert_eq!(problem(polling), None);

    let mut tailing = channel("calls", "good");
    tailing.file = Some("/var/log/asterisk/queue_log".into());
    let said = problem(tailing.clone()).expect("refused");
    assert!(said.contains("`secret`"), "{said}");
    tailing.secrets.clear();
    assert_eq!(problem(tailing), None);
}

#[tokio::test]
async fn a_handshake_is_answered_without_the_plugin_and_the_journal() {
    let house = House::build(vec![channel("shop", "good+shaking")]).unwrap();
    let asks = async |token: &str| {
        let query = format!("hub.mode=subscribe&hub.verify_token={token}&hub.challenge=42");
        let request = Incoming {
            method: Method::Get,
            query: Some(query),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            remote: None,
            tail: None,
            origin: None,
        };
        assert_eq!(house.registry.admit("shop", &request).is_ok(), token == TOKEN);
        house.registry.deliver("shop", request).await
    };
    let reply = asks(TOKEN).await.unwrap();
    assert_eq!((reply.status, &reply.body[..]), (200, &b"42"[..]));
    assert_eq!(asks("wrong").await, Err(Refusal::BadSignature));
    let status = house.status("shop");
    assert_eq!((status.calls, status.inputs, status.events), (0, 0, 0));
    assert_eq!(status.signature_failures, 2, "refused twice, at its head and whole");
    assert!(house.disk.ids("shop").is_empty());
}

#[tokio::test]
async fn bad_input_is_answered_with_the_authors_word() {
    let house = House::build(vec![channel("shop", "bad_input+telling")]).unwrap();
    assert_eq!(house.deliver("shop", "x").await, Ok(Reply::text(422, "not ours")));
    assert_eq!(house.deliver("shop", "good").await, Ok(Reply::default()));
}

#[tokio::test]
async fn unverified_is_no_way_around_a_plugin_that_verifies() {
    let mut shop = channel("shop", "good");
    shop.unverified = true;
    let said = problem(shop.clone()).expect("refused");
    assert!(said.contains("`unverified = true`") && said.contains("token-header"), "{said}");
    shop.secrets.clear();
    assert!(problem(shop).is_some());
}
