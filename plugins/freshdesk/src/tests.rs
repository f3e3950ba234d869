//! What samples cannot say: failures, settings, restarts, bounds.
#![allow(clippy::panic, reason = "how a test says what it got instead")]

use tablica_plugin::{Event, Webhook};

use super::*;

fn freshdesk(settings: &str) -> Freshdesk {
    Freshdesk::new(&Setup::new(settings)).unwrap_or_else(|failure| panic!("{failure:?}"))
}

fn webhook(desk: &mut Freshdesk, body: &str) -> Result<Vec<Event>, Failure> {
    desk.handle(0, Input::Webhook(Webhook::post(body))).map(|output| output.events)
}

fn id(desk: &mut Freshdesk, body: &str) -> String {
    let events = webhook(desk, body).unwrap_or_else(|failure| panic!("{failure:?}"));
    events.into_iter().map(|event| event.id).collect()
}

fn reply(ticket: usize, comment: &str) -> String {
    format!(
        r#"{{"ticket_id":{ticket},"triggered_event":"{{reply_sent:sent}}","comment":"{comment}"}}"#
    )
}

#[test]
fn samples() {
    tablica_plugin::golden::check::<Freshdesk>(env!("CARGO_MANIFEST_DIR"));
}

#[test]
fn what_is_no_json_is_bad_input() {
    for body in ["", "{", "ticket_id=7"] {
        let result = webhook(&mut freshdesk("{}"), body);
        assert!(matches!(result, Err(Failure::BadInput(_))), "{body}: {result:?}");
    }
}

#[test]
fn what_is_of_neither_product_is_unsupported() {
    let no_braces = r#"{"ticket_id":"7","triggered_event":"reply"}"#;
    for body in ["{}", "[]", "7", r#"{"action":7}"#, no_braces] {
        let result = webhook(&mut freshdesk("{}"), body);
        assert!(matches!(result, Err(Failure::Unsupported(_))), "{body}: {result:?}");
    }
}

#[test]
fn what_is_missing_is_named() {
    let cases = [
        (r#"{"triggered_event":"{reply_sent:sent}"}"#, "/ticket_id"),
        (r#"{"ticket_id":"7"}"#, "/triggered_event"),
        (r#"{"action":"message_create"}"#, "/data/message/id"),
        (r#"{"action":"message_create","data":{"message":{"id":"1"}}}"#, "/data/message/conv"),
        (r#"{"action":"conversation_resolution"}"#, "/data/resolve/conversation"),
    ];
    for (body, place) in cases {
        match webhook(&mut freshdesk("{}"), body) {
            Err(Failure::BadInput(why)) => assert!(why.starts_with(place), "{why}"),
            other => panic!("{body}: {other:?}"),
        }
    }
}

#[test]
fn a_setting_that_makes_no_sense_is_named() {
    let cases = [
        (r#"{"agents":[1]}"#, "/agents: unknown field"),
        (r#"{"statuses":{"8":"waiting"}}"#, "/statuses/8: unknown variant"),
        (r#"{"groups":{"7":""}}"#, "/groups/7: "),
        (r#"{"country_code":"+48"}"#, "/country_code: "),
    ];
    for (settings, key) in cases {
        match Freshdesk::new(&Setup::new(settings)).err() {
            Some(Failure::Config(why)) => assert!(why.starts_with(key), "{why}"),
            other => panic!("{settings}: {other:?}"),
        }
    }
}

#[test]
fn the_same_body_is_the_same_call_over_a_restart_too() {
    let mut first = freshdesk("{}");
    assert_eq!(first.snapshot(), b"");
    let told = id(&mut first, &reply(7, "a"));
    let mut next = freshdesk("{}");
    assert_eq!(next.restore(&first.snapshot()), Ok(()));
    assert_eq!(id(&mut next, &reply(7, "a")), told);
    let other = id(&mut next, &reply(7, "b"));
    assert_ne!(other, told);
    assert_ne!(id(&mut next, &reply(7, "a")), told);
    assert!(matches!(next.restore(b"{"), Err(Failure::Config(_))));
}

#[test]
fn what_is_remembered_is_bounded() {
    let mut desk = freshdesk("{}");
    (1..=4_100).for_each(|ticket| assert!(!id(&mut desk, &reply(ticket, "a")).is_empty()));
    assert!(desk.snapshot().len() < 200_000, "{}", desk.snapshot().len());
}

#[test]
fn nobody_waits_in_a_ticket_that_was_merged_because_it_is_closed() {
    let body =
        r#"{"freshdesk_webhook":{"ticket_id":7,"triggered_event":"{status:{from:2,to:5}}"}}"#;
    let events = webhook(&mut freshdesk("{}"), body).unwrap_or_default();
    let [event] = events.as_slice() else { panic!("{events:?}") };
    assert!(matches!(event.kind, tablica_plugin::Kind::Resolved(_)), "{event:?}");
}
