//! What samples cannot say: failures, settings, restarts, bounds.
#![allow(clippy::panic, reason = "how a test says what it got instead")]

use tablica_plugin::{Event, Kind, Webhook};

use super::*;

fn zendesk(settings: &str) -> Zendesk {
    Zendesk::new(&Setup::new(settings)).unwrap_or_else(|failure| panic!("{failure:?}"))
}

fn webhook(zendesk: &mut Zendesk, body: &str) -> Result<Vec<Event>, Failure> {
    zendesk.handle(0, Input::Webhook(Webhook::post(body))).map(|output| output.events)
}

fn ids(events: Result<Vec<Event>, Failure>) -> Vec<String> {
    events.unwrap_or_else(|failure| panic!("{failure:?}")).into_iter().map(|it| it.id).collect()
}

#[test]
fn samples() {
    tablica_plugin::golden::check::<Zendesk>(env!("CARGO_MANIFEST_DIR"));
}

#[test]
fn what_is_no_json_is_bad_input() {
    for body in ["", "{", "ticket_id=7", "{\"ticket_id\":\"7\",\"comment\":\"a\nb\"}"] {
        let result = webhook(&mut zendesk("{}"), body);
        assert!(matches!(result, Err(Failure::BadInput(_))), "{body}: {result:?}");
    }
}

#[test]
fn what_is_not_zendesks_is_unsupported() {
    for body in ["{}", "[]", "7", r#"{"type":"ticket.created"}"#, r#"{"type":7}"#] {
        let result = webhook(&mut zendesk("{}"), body);
        assert!(matches!(result, Err(Failure::Unsupported(_))), "{body}: {result:?}");
    }
}

#[test]
fn what_is_missing_is_named() {
    let cases = [
        (r#"{"type":"zen:event-type:ticket.created","id":"1"}"#, "/detail/id"),
        (r#"{"type":"zen:event-type:ticket.created","detail":{"id":"1"}}"#, "/id"),
        (
            r#"{"type":"zen:event-type:ticket.merged","id":"1","detail":{"id":1},"event":{}}"#,
            "/event/target_ticket_id",
        ),
        (r#"{"type":"zen:event-type:agent.unified_state_changed","id":"1"}"#, "/detail/agent_id"),
        (r#"{"ticket_id":""}"#, "/ticket_id"),
    ];
    for (body, place) in cases {
        match webhook(&mut zendesk("{}"), body) {
            Err(Failure::BadInput(why)) => assert!(why.starts_with(place), "{why}"),
            other => panic!("{body}: {other:?}"),
        }
    }
}

#[test]
fn what_an_event_leaves_out_is_no_failure() {
    for what in ["created", "comment_added", "status_changed", "csat_received", "tags_changed"] {
        let body =
            format!(r#"{{"type":"zen:event-type:ticket.{what}","id":"1","detail":{{"id":7}}}}"#);
        assert!(webhook(&mut zendesk("{}"), &body).is_ok(), "{what}");
    }
}

#[test]
fn a_setting_that_makes_no_sense_is_named() {
    let cases = [
        (r#"{"agents":[1]}"#, "/agents: unknown field"),
        (r#"{"rating_scale":0}"#, "/rating_scale: "),
        (r#"{"statuses":{"Nowe":"fresh"}}"#, "/statuses/Nowe: "),
        (r#"{"ratings":{"Dobrze":"ok"}}"#, "/ratings/Dobrze: "),
        (r#"{"country_code":"+48"}"#, "/country_code: "),
    ];
    for (settings, key) in cases {
        match Zendesk::new(&Setup::new(settings)).err() {
            Some(Failure::Config(why)) => assert!(why.starts_with(key), "{why}"),
            other => panic!("{settings}: {other:?}"),
        }
    }
}

fn trigger(ticket: usize, minute: u32, status: &str) -> String {
    format!(
        r#"{{"ticket_id":{ticket},"status":"{status}","created_at":"2026-11-22T09:00:00Z","updated_at":"2026-11-22T09:{minute:02}:00Z","current_user":"5","requester":"9"}}"#
    )
}

#[test]
fn a_restart_forgets_no_ticket() {
    let mut first = zendesk("{}");
    assert_eq!(first.snapshot(), b"");
    assert_eq!(ids(webhook(&mut first, &trigger(7, 0, "New"))), ["7:opened"]);
    let mut next = zendesk("{}");
    assert_eq!(next.restore(&first.snapshot()), Ok(()));
    assert_eq!(ids(webhook(&mut next, &trigger(7, 0, "New"))), [""; 0]);
    let solved = ids(webhook(&mut next, &trigger(7, 1, "Solved")));
    assert_eq!(solved, ["7:resolved:1795338060000:0"]);
    assert!(matches!(next.restore(b"{"), Err(Failure::Config(_))));
}

#[test]
fn what_is_remembered_is_bounded_and_the_quiet_go_first() {
    let mut desk = zendesk("{}");
    for ticket in 1..=2_001 {
        ids(webhook(&mut desk, &trigger(ticket, 0, "New")));
        ids(webhook(&mut desk, &trigger(1, 0, "New")));
    }
    assert!(desk.snapshot().len() < 200_000, "{}", desk.snapshot().len());
    assert_eq!(ids(webhook(&mut desk, &trigger(1, 0, "New"))), [""; 0]);
    assert_eq!(ids(webhook(&mut desk, &trigger(2, 0, "New"))), ["2:opened"]);
}

#[test]
fn nobody_waits_in_a_ticket_that_was_merged_also_where_it_was_forgotten() {
    let ticket = |status: &str, tags: &str| {
        format!(
            r#"{{"ticket_id":"7","status":"{status}","tags":"{tags}","created_at":"2026-11-22T09:00:00Z","updated_at":"2026-11-22T11:00:00Z","requester":"1"}}"#
        )
    };
    let kinds = |events: Result<Vec<Event>, Failure>| {
        let events = events.unwrap_or_else(|failure| panic!("{failure:?}"));
        events.into_iter().map(|event| event.kind).collect::<Vec<_>>()
    };
    let merged = || vec![Kind::Merged(String::new())];
    let mut known = zendesk("{}");
    assert_eq!(kinds(webhook(&mut known, &ticket("Open", ""))).len(), 1);
    assert_eq!(kinds(webhook(&mut known, &ticket("Closed", "closed_by_merge"))), merged());
    // Told again, nothing is new.
    assert_eq!(kinds(webhook(&mut known, &ticket("Closed", "closed_by_merge"))), []);
    assert_eq!(kinds(webhook(&mut zendesk("{}"), &ticket("Closed", "closed_by_merge"))), merged());
    assert_eq!(kinds(webhook(&mut zendesk("{}"), &ticket("Closed", "order"))), []);
}
