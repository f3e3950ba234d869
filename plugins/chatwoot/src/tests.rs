//! What samples cannot say: failures, settings, times.
#![allow(clippy::panic, reason = "how a test says what it got instead")]

use serde_json::json;
use tablica_plugin::{Moment, Webhook};

use super::*;
use crate::moments::When;

fn call(settings: &str, body: &str) -> Result<Output, Failure> {
    let mut chatwoot = Chatwoot::new(&Setup::new(settings))?;
    chatwoot.handle(0, Input::Webhook(Webhook::post(body)))
}

#[test]
fn samples() {
    tablica_plugin::golden::check::<Chatwoot>(env!("CARGO_MANIFEST_DIR"));
}

#[test]
fn what_is_no_json_is_bad_input_and_what_has_no_event_is_unsupported() {
    for body in ["", "{", "<html>"] {
        assert!(matches!(call("{}", body), Err(Failure::BadInput(_))), "{body}");
    }
    for body in ["{}", "[]", "7", r#"{"event":7}"#] {
        assert!(matches!(call("{}", body), Err(Failure::Unsupported(_))), "{body}");
    }
}

#[test]
fn a_call_without_what_it_is_about_is_bad_input_that_quotes_nothing() {
    let secret =
        r#"{"event":"message_created","id":1,"conversation":{"id":"x","messages":"+48600100200"}}"#;
    for body in [r#"{"event":"message_created"}"#, r#"{"event":"conversation_updated"}"#, secret] {
        let Err(Failure::BadInput(why)) = call("{}", body) else { panic!("{body}") };
        assert!(!why.contains("600100200"), "{why}");
    }
}

#[test]
fn what_may_be_missing_is_missed_by_nobody() {
    let bare =
        r#"{"event":"message_created","id":1,"message_type":"incoming","conversation":{"id":2}}"#;
    let events = call("{}", bare).unwrap_or_default().events;
    assert_eq!((events.len(), &events[0].at), (1, &Moment::None));
    for body in [
        r#"{"event":"conversation_created","id":2}"#,
        r#"{"event":"conversation_updated","id":2,"changed_attributes":"?"}"#,
        r#"{"event":"conversation_status_changed","id":2,"status":"asleep"}"#,
    ] {
        assert_eq!(call("{}", body), Ok(Output::default()), "{body}");
    }
}

#[test]
fn a_setting_that_makes_no_sense_is_named() {
    for (settings, key) in [
        (r#"{"queues":"team"}"#, "/queues: unknown field"),
        (r#"{"queue":"label"}"#, "/queue: unknown variant `label`"),
        (r#"{"account":1.5}"#, "/account: invalid type"),
        (r#"{"pending_awaits":"me"}"#, "/pending_awaits: unknown variant `me`"),
    ] {
        match Chatwoot::new(&Setup::new(settings)).err() {
            Some(Failure::Config(why)) => assert!(why.starts_with(key), "{why}"),
            other => panic!("{settings}: {other:?}"),
        }
    }
}

#[test]
fn times_are_texts_seconds_fractions_or_milliseconds() {
    for (value, ms) in [
        (json!("2026-11-22T09:00:00.120Z"), 1_795_338_000_120),
        (json!("2026-11-22 09:00:00 UTC"), 1_795_338_000_000),
        (json!(1_795_338_000), 1_795_338_000_000),
        (json!(1_795_338_000.25), 1_795_338_000_250),
        (json!(1_795_338_000_250_u64), 1_795_338_000_250),
        (json!(0), 0),
        (json!(-5.5), 0),
        (json!("soon"), 0),
        (json!(null), 0),
        (json!({"a": 1}), 0),
    ] {
        assert_eq!(When::of(&value).ms(), ms, "{value}");
    }
}
