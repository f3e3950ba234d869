//! What samples cannot say: failures, settings, times.
#![allow(clippy::panic, reason = "how a test says what it got instead")]

use serde_json::json;
use tablica_plugin::Webhook;

use super::*;
use crate::payload::When;

fn call(settings: &str, body: &str) -> Result<Output, Failure> {
    let mut chat = RocketChat::new(&Setup::new(settings))?;
    chat.handle(0, Input::Webhook(Webhook::post(body)))
}

#[test]
fn samples() {
    tablica_plugin::golden::check::<RocketChat>(env!("CARGO_MANIFEST_DIR"));
}

#[test]
fn what_is_no_json_is_bad_input_and_what_has_no_type_is_unsupported() {
    for body in ["", "{", "<html>"] {
        assert!(matches!(call("{}", body), Err(Failure::BadInput(_))), "{body}");
    }
    for body in ["{}", "[]", "7", r#"{"type":7}"#] {
        assert!(matches!(call("{}", body), Err(Failure::Unsupported(_))), "{body}");
    }
}

#[test]
fn a_call_without_its_room_or_a_message_without_its_id_is_bad_input() {
    for body in [
        r#"{"type":"LivechatSessionStart"}"#,
        r#"{"type":"Message","_id":"r","messages":[{"msg":"x"}]}"#,
        r#"{"type":"Message","_id":"r","messages":"+48600100200"}"#,
    ] {
        let Err(Failure::BadInput(why)) = call("{}", body) else { panic!("{body}") };
        assert!(!why.contains("600100200"), "{why}");
    }
}

#[test]
fn what_may_be_missing_is_missed_by_nobody() {
    for (kind, events) in [
        ("LivechatSessionStart", 1),
        ("LivechatSessionQueued", 1),
        ("LivechatSessionTaken", 0),
        ("LivechatSessionForwarded", 1),
        ("LivechatSession", 0),
        ("LivechatOfflineMessage", 2),
        ("Message", 0),
        ("LivechatPlanet", 0),
    ] {
        let body = format!(r#"{{"type":"{kind}","_id":"r","tags":null,"messages":null}}"#);
        assert_eq!(call("{}", &body).unwrap_or_default().events.len(), events, "{kind}");
    }
}

#[test]
fn a_setting_that_makes_no_sense_is_named() {
    for (settings, key) in [
        (r#"{"bot":["x"]}"#, "/bot: unknown field"),
        (r#"{"bots":["x",1]}"#, "/bots/1: invalid type"),
        (r#"{"bots":["x",""]}"#, "/bots/1: is empty"),
    ] {
        match RocketChat::new(&Setup::new(settings)).err() {
            Some(Failure::Config(why)) => assert!(why.starts_with(key), "{why}"),
            other => panic!("{settings}: {other:?}"),
        }
    }
}

#[test]
fn times_are_texts_or_milliseconds_bare_or_wrapped() {
    for (value, ms) in [
        (json!("2026-11-22T09:00:00.120Z"), 1_795_338_000_120),
        (json!({"$date": "2026-11-22T09:00:00.120Z"}), 1_795_338_000_120),
        (json!({"$date": 1_795_338_000_120_u64}), 1_795_338_000_120),
        (json!(1_795_338_000_120_u64), 1_795_338_000_120),
        (json!("soon"), 0),
        (json!(null), 0),
    ] {
        assert_eq!(When::of(&value).ms(), ms, "{value}");
    }
}
