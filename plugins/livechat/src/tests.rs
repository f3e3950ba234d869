//! What samples cannot say: failures, settings, a restart, what is remembered at most.
#![allow(clippy::panic, reason = "how a test says what it got instead")]

use tablica_plugin::{Author, Kind, Webhook};

use super::*;

fn livechat() -> LiveChat {
    LiveChat { state: State::default() }
}

fn call(livechat: &mut LiveChat, body: &str) -> Result<Output, Failure> {
    livechat.handle(0, Input::Webhook(Webhook::post(body)))
}

#[test]
fn samples() {
    tablica_plugin::golden::check::<LiveChat>(env!("CARGO_MANIFEST_DIR"));
}

#[test]
fn what_is_no_json_is_bad_input_and_what_has_no_action_is_unsupported() {
    for body in ["", "{", "<html>"] {
        assert!(matches!(call(&mut livechat(), body), Err(Failure::BadInput(_))), "{body}");
    }
    for body in ["{}", "[]", "7", r#"{"action":7}"#] {
        assert!(matches!(call(&mut livechat(), body), Err(Failure::Unsupported(_))), "{body}");
    }
}

#[test]
fn a_webhook_without_what_it_is_about_is_bad_input_that_quotes_nothing() {
    for body in [
        r#"{"action":"incoming_chat"}"#,
        r#"{"action":"incoming_chat","payload":{"chat":{}}}"#,
        r#"{"action":"incoming_event","payload":{"thread_id":"t"}}"#,
        r#"{"action":"chat_deactivated","payload":"+48600100200"}"#,
        r#"{"action":"routing_status_set","payload":{}}"#,
    ] {
        let Err(Failure::BadInput(why)) = call(&mut livechat(), body) else { panic!("{body}") };
        assert!(!why.contains("600100200"), "{why}");
    }
}

#[test]
fn what_may_be_missing_is_missed_by_nobody() {
    for (action, events) in [
        ("chat_deactivated", 1),
        ("chat_transferred", 0),
        ("user_added_to_chat", 0),
        ("thread_properties_updated", 0),
        ("thread_tagged", 0),
    ] {
        let body = format!(r#"{{"action":"{action}","payload":{{"thread_id":"t"}}}}"#);
        let output = call(&mut livechat(), &body).unwrap_or_default();
        assert_eq!(output.events.len(), events, "{action}");
        let body = format!(r#"{{"action":"{action}","payload":{{"chat_id":"c"}}}}"#);
        assert_eq!(call(&mut livechat(), &body), Ok(Output::default()), "{action}");
    }
}

#[test]
fn there_are_no_settings() {
    match LiveChat::new(&Setup::new(r#"{"bots":[]}"#)).err() {
        Some(Failure::Config(why)) => assert!(why.starts_with("/bots: unknown field"), "{why}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_restart_knows_who_waits() {
    let mut first = livechat();
    let chat = r#"{"action":"incoming_chat","payload":{"chat":{"users":[{"id":"x","type":"customer"}],"thread":{"id":"t"}}}}"#;
    call(&mut first, chat).unwrap_or_default();
    let mut next = livechat();
    assert_eq!(next.restore(&first.snapshot()), Ok(()));
    let closed = r#"{"action":"chat_deactivated","payload":{"thread_id":"t","user_id":"x"}}"#;
    let events = call(&mut next, closed).unwrap_or_default().events;
    assert!(matches!(events[0].kind, Kind::Abandoned(_)), "{events:?}");
    assert!(next.restore(b"no snapshot").is_err());
}

#[test]
fn what_is_remembered_has_a_bound() {
    let mut state = State::default();
    for number in 0..10_000 {
        state.waits(&format!("thread{number}"));
        state.met(&format!("customer{number}"), true);
    }
    assert!(!state.waited("thread7000") && state.waited("thread9000"));
    assert_eq!(state.author("customer9999"), Author::Customer);
    assert_eq!(state.author("customer0"), Author::Bot, "forgotten");
    let bytes = serde_json::to_vec(&state).unwrap_or_default();
    assert!(bytes.len() < 64 << 10, "{}", bytes.len());
}
