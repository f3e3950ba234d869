//! What samples cannot say: garbage, missing fields, settings, restarts.
#![allow(clippy::panic, reason = "how a test says what it got instead")]

use tablica_plugin::{Kind, Webhook};

use super::*;

fn line(settings: &str) -> Line {
    Line::new(&Setup::new(settings)).unwrap_or_else(|failure| panic!("{failure:?}"))
}

fn webhook(line: &mut Line, body: &str) -> Result<Output, Failure> {
    line.handle(0, Input::Webhook(Webhook::post(body)))
}

#[test]
fn samples() {
    tablica_plugin::golden::check::<Line>(env!("CARGO_MANIFEST_DIR"));
}

#[test]
fn what_is_no_call_is_refused() {
    for body in ["", "events=", "{", r#"{"events":["#] {
        let result = webhook(&mut line("{}"), body);
        assert!(matches!(result, Err(Failure::BadInput(_))), "{body}: {result:?}");
    }
    for body in ["{}", "7", r#"{"events":7}"#, r#"{"object":"page"}"#] {
        let result = webhook(&mut line("{}"), body);
        assert!(matches!(result, Err(Failure::Unsupported(_))), "{body}: {result:?}");
    }
}

#[test]
fn every_broken_event_is_counted_and_told_from_the_others() {
    let body = r#"{"events":[7,8,{"type":"message","timestamp":1,"source":{"userId":"U1"},"webhookEventId":"W1"},{"type":"unsend","timestamp":2,"source":{"userId":"U1"}},{"type":"message","timestamp":3,"message":{"id":"1","type":"text"}}]}"#;
    let output = webhook(&mut line("{}"), body).unwrap_or_default();
    let mut ids: Vec<&str> = output.events.iter().map(|event| event.id.as_str()).collect();
    assert!(output.events.iter().all(|event| matches!(event.kind, Kind::Other(_))));
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((ids.len(), ids.contains(&"event:W1")), (5, true));
}

#[test]
fn without_an_id_of_lines_time_and_place_name_what_happened() {
    let body = r#"{"events":[{"type":"unfollow","timestamp":5,"source":{"userId":"U1"}}]}"#;
    let output = webhook(&mut line("{}"), body).unwrap_or_default();
    assert_eq!(output.events[0].id, "unfollow:U1:5");
}

#[test]
fn a_setting_that_makes_no_sense_is_named() {
    let cases = [
        (r#"{"agent":[]}"#, "/agent: unknown field"),
        (r#"{"agents":["U1","anna"]}"#, "/agents/1: a user's id begins with U"),
        (r#"{"rating_prefix":""}"#, "/rating_prefix: "),
        (r#"{"rating_scale":0}"#, "/rating_scale: "),
    ];
    for (settings, key) in cases {
        match Line::new(&Setup::new(settings)).err() {
            Some(Failure::Config(why)) => assert!(why.starts_with(key), "{why}"),
            other => panic!("{settings}: {other:?}"),
        }
    }
}

fn picture(id: usize) -> String {
    format!(
        r#"{{"events":[{{"type":"message","timestamp":1,"source":{{"userId":"U1"}},"message":{{"id":"{id}","type":"image","imageSet":{{"id":"A","index":1,"total":2}}}}}}]}}"#
    )
}

fn unsent(line: &mut Line, id: usize) -> usize {
    let body = format!(
        r#"{{"events":[{{"type":"unsend","timestamp":2,"source":{{"userId":"U1"}},"webhookEventId":"W{id}","unsend":{{"messageId":"{id}"}}}}]}}"#
    );
    webhook(line, &body).unwrap_or_default().events.len()
}

#[test]
fn pictures_of_albums_are_known_over_a_restart_and_not_for_ever() {
    let mut first = line("{}");
    for id in 1..=600 {
        assert!(webhook(&mut first, &picture(id)).is_ok());
    }
    let snapshot = first.snapshot();
    assert!(snapshot.len() < 12_000, "{} bytes", snapshot.len());
    let mut next = line("{}");
    assert_eq!(next.restore(&snapshot), Ok(()));
    assert_eq!((unsent(&mut next, 600), unsent(&mut next, 101), unsent(&mut next, 100)), (0, 0, 1));
}
