//! What samples cannot say: failures, settings, a restart, what is remembered at most.
#![allow(clippy::panic, reason = "how a test says what it got instead")]

use tablica_plugin::{Kind, Webhook};

use super::*;
use crate::state::Known;

fn zammad(settings: &str) -> Result<Zammad, Failure> {
    Zammad::new(&Setup::new(settings))
}

fn call(zammad: &mut Zammad, body: &str) -> Result<Output, Failure> {
    zammad.handle(0, Input::Webhook(Webhook::post(body)))
}

#[test]
fn samples() {
    tablica_plugin::golden::check::<Zammad>(env!("CARGO_MANIFEST_DIR"));
}

#[test]
fn what_is_no_json_is_bad_input_and_what_has_no_ticket_is_unsupported() {
    let mut zammad = zammad("{}").unwrap_or_else(|failure| panic!("{failure:?}"));
    // The sample of the documentation has commas too many.
    for body in ["", "{", "<html>", r#"{"ticket":{"id":1,}}"#] {
        assert!(matches!(call(&mut zammad, body), Err(Failure::BadInput(_))), "{body}");
    }
    for body in ["{}", "[]", "7", r#"{"text":"a payload of one's own"}"#] {
        assert!(matches!(call(&mut zammad, body), Err(Failure::Unsupported(_))), "{body}");
    }
}

#[test]
fn a_ticket_without_its_id_is_bad_input_that_quotes_nothing() {
    let mut zammad = zammad("{}").unwrap_or_else(|failure| panic!("{failure:?}"));
    for body in [r#"{"ticket":{}}"#, r#"{"ticket":"+48600100200"}"#, r#"{"ticket":{"id":"x"}}"#] {
        let Err(Failure::BadInput(why)) = call(&mut zammad, body) else { panic!("{body}") };
        assert!(!why.contains("600100200"), "{why}");
    }
}

#[test]
fn what_may_be_missing_is_missed_by_nobody() {
    let mut zammad = zammad("{}").unwrap_or_else(|failure| panic!("{failure:?}"));
    for body in [
        r#"{"ticket":{"id":1}}"#,
        r#"{"ticket":{"id":1,"state":"asleep","article_ids":null},"article":{}}"#,
        r#"{"ticket":{"id":1,"article_ids":[]},"article":null}"#,
        r#"{"ticket":{"id":1,"article_ids":[1,2]},"article":{"id":2,"sender":"Planet"}}"#,
    ] {
        assert_eq!(call(&mut zammad, body), Ok(Output::default()), "{body}");
    }
}

#[test]
fn a_setting_that_makes_no_sense_is_named() {
    for (settings, key) in [
        (r#"{"state":{}}"#, "/state: unknown field"),
        (r#"{"states":{"erledigt":"done"}}"#, "/states/erledigt: unknown variant `done`"),
    ] {
        match zammad(settings).err() {
            Some(Failure::Config(why)) => assert!(why.starts_with(key), "{why}"),
            other => panic!("{settings}: {other:?}"),
        }
    }
}

#[test]
fn a_restart_knows_what_was() {
    let mut first = zammad("{}").unwrap_or_else(|failure| panic!("{failure:?}"));
    let closed = r#"{"ticket":{"id":1,"state":"closed"}}"#;
    let events = call(&mut first, closed).unwrap_or_default().events;
    assert!(matches!(events[0].kind, Kind::Resolved(_)), "{events:?}");
    let mut next = zammad("{}").unwrap_or_else(|failure| panic!("{failure:?}"));
    assert_eq!(next.restore(&first.snapshot()), Ok(()));
    assert_eq!(call(&mut next, closed), Ok(Output::default()));
    let open = r#"{"ticket":{"id":1,"state":"open"}}"#;
    let events = call(&mut next, open).unwrap_or_default().events;
    assert!(matches!(events[0].kind, Kind::Reopened), "{events:?}");
    assert!(next.restore(b"no snapshot").is_err());
}

#[test]
fn what_is_remembered_has_a_bound_and_the_last_ones_stay() {
    let mut state = State::default();
    let known =
        Known { updated_ms: 1, meaning: None, owner: Some(9), group: Some(3), priority: None };
    for ticket in 0..3_000 {
        state.learn(ticket, known);
        state.learn(0, known);
    }
    assert_eq!((state.known(0), state.known(2_999)), (Some(known), Some(known)));
    assert_eq!(state.known(1), None);
    let bytes = serde_json::to_vec(&state).unwrap_or_default();
    assert!(bytes.len() < 256 << 10, "{}", bytes.len());
}

#[test]
fn nobody_waits_in_a_ticket_that_was_merged_and_its_only_article_opens_nothing() {
    let mut zammad = zammad("{}").unwrap_or_else(|failure| panic!("{failure:?}"));
    let body = r#"{"ticket":{"id":1,"state":"merged","article_ids":[9]},"article":{"id":9,"sender":"Agent","body":"merged"}}"#;
    let events = call(&mut zammad, body).unwrap_or_default().events;
    let [event] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((&event.kind, event.interaction.as_str()), (&Kind::Merged(String::new()), "1"));
}
