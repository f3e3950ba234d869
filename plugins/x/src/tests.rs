//! What samples cannot say: failures, settings, restarts, limits.

use tablica_plugin::{Author, Event, Kind, Webhook};

use super::*;

fn x(settings: &str) -> X {
    X::new(&Setup::new(settings)).unwrap_or_else(|failure| panic!("{failure:?}"))
}

fn events(x: &mut X, body: &str) -> Vec<Event> {
    let output = x.handle(0, Input::Webhook(Webhook::post(body)));
    output.unwrap_or_else(|failure| panic!("{body}: {failure:?}")).events
}

/// An answer to post `parent` of account `to`.
fn answer(id: u32, from: u32, parent: u32, to: u32) -> String {
    format!(
        r#"{{"for_user_id":"7","tweet_create_events":[{{"id_str":"{id}","user":{{"id_str":"{from}"}},"text":"?",
        "in_reply_to_status_id_str":"{parent}","in_reply_to_user_id_str":"{to}"}}]}}"#
    )
}

fn said(events: &[Event]) -> Option<(Author, &str)> {
    match events {
        [Event { kind: Kind::Message(message), interaction, .. }] => {
            Some((message.author, interaction))
        }
        _ => None,
    }
}

#[test]
fn samples() {
    tablica_plugin::golden::check::<X>(env!("CARGO_MANIFEST_DIR"));
}

#[test]
fn what_is_no_json_is_bad_input() {
    for body in ["", "{", "<html>", r#"{"data":7}"#, r#"{"data":{"payload":{}}}"#] {
        let result = x("{}").handle(0, Input::Webhook(Webhook::post(body)));
        assert!(matches!(result, Err(Failure::BadInput(_))), "{body}: {result:?}");
    }
}

#[test]
fn what_is_no_webhook_of_ours_is_unsupported() {
    for body in ["[]", "7", "{}", r#"{"tweet_create_events":[]}"#, r#"{"for_user_id":true}"#] {
        let result = x("{}").handle(0, Input::Webhook(Webhook::post(body)));
        assert!(matches!(result, Err(Failure::Unsupported(_))), "{body}: {result:?}");
    }
    // What X is tested with, and what has no payload.
    for body in
        [r#"{"for_user_id":"1"}"#, r#"{"data":{"event_type":"dm.read"}}"#, r#"{"user_event":{}}"#]
    {
        assert!(events(&mut x("{}"), body).is_empty(), "{body}");
    }
}

#[test]
fn a_setting_that_makes_no_sense_is_named() {
    for (settings, key) in [
        (r#"{"account":[]}"#, "/account: unknown field"),
        (r#"{"accounts":["1","@shop"]}"#, "/accounts/1: an account's number"),
        (r#"{"mentions":"no"}"#, "/mentions: unknown variant"),
        (r#"{"rating_prefix":""}"#, "/rating_prefix: "),
        (r#"{"rating_scale":-1}"#, "/rating_scale: "),
    ] {
        match X::new(&Setup::new(settings)).err() {
            Some(Failure::Config(why)) => assert!(why.starts_with(key), "{why}"),
            other => panic!("{settings}: {other:?}"),
        }
    }
}

#[test]
fn threads_are_known_after_a_restart() {
    let mut first = x("{}");
    assert_eq!(said(&events(&mut first, &answer(10, 5, 1, 7))), Some((Author::Customer, "10")));
    assert_eq!(said(&events(&mut first, &answer(11, 7, 10, 5))), Some((Author::Agent, "10")));
    let mut next = x("{}");
    assert_eq!(next.restore(&first.snapshot()), Ok(()));
    assert_eq!(said(&events(&mut next, &answer(12, 5, 11, 7))), Some((Author::Customer, "10")));
    assert_eq!(said(&events(&mut next, &answer(13, 6, 12, 5))), Some((Author::Peer, "10")));
    // Without it an answer to us begins a thread.
    assert_eq!(said(&events(&mut x("{}"), &answer(12, 5, 11, 7))), Some((Author::Customer, "12")));
}

#[test]
fn what_is_remembered_is_bounded() {
    let mut x = x("{}");
    for id in 0..3_000 {
        events(&mut x, &answer(100_000 + id, 5, 1, 7));
        events(&mut x, &format!(r#"{{"for_user_id":"{}"}}"#, 1_000 + id));
    }
    let length = x.snapshot().len();
    assert!(length < 26_000, "{length}");
}

#[test]
fn a_foreign_snapshot_is_refused() {
    for bytes in [&[7][..], &[1, 2], &[1, 255, 0, 0, 0, 0, 0, 0, 0]] {
        assert!(matches!(x("{}").restore(bytes), Err(Failure::Config(_))), "{bytes:?}");
    }
    assert_eq!(x("{}").restore(&[]), Ok(()));
}
