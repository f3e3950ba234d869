//! What samples cannot say: failures, settings, restarts, limits.

use tablica_plugin::{Author, Event, Kind, Webhook};

use super::*;

fn meta(settings: &str) -> Meta {
    Meta::new(&Setup::new(settings)).unwrap_or_else(|failure| panic!("{failure:?}"))
}

fn events(meta: &mut Meta, body: &str) -> Vec<Event> {
    let output = meta.handle(0, Input::Webhook(Webhook::post(body)));
    output.unwrap_or_else(|failure| panic!("{body}: {failure:?}")).events
}

fn comment(id: u32, from: u32, parent: &str) -> String {
    format!(
        r#"{{"object":"page","entry":[{{"id":"1","time":1795338000,"changes":[{{"field":"feed",
        "value":{{"item":"comment","verb":"add","comment_id":"9_{id}","post_id":"1_9","parent_id":"{parent}",
        "from":{{"id":"{from}"}},"created_time":1795338000,"message":"?"}}}}]}}]}}"#
    )
}

fn author(events: &[Event]) -> Option<Author> {
    match events {
        [Event { kind: Kind::Message(message), .. }] => Some(message.author),
        _ => None,
    }
}

#[test]
fn samples() {
    tablica_plugin::golden::check::<Meta>(env!("CARGO_MANIFEST_DIR"));
}

#[test]
fn what_is_no_json_is_bad_input() {
    for body in ["", "{", "<html>", r#"{"object":"page"}"#] {
        let result = meta("{}").handle(0, Input::Webhook(Webhook::post(body)));
        assert!(matches!(result, Err(Failure::BadInput(_))), "{body}: {result:?}");
    }
}

#[test]
fn what_is_no_webhook_of_ours_is_unsupported() {
    for body in
        ["[]", "7", "{}", r#"{"object":"user","entry":[]}"#, r#"{"object":"page","entry":7}"#]
    {
        let result = meta("{}").handle(0, Input::Webhook(Webhook::post(body)));
        assert!(matches!(result, Err(Failure::Unsupported(_))), "{body}: {result:?}");
    }
    assert!(events(&mut meta("{}"), r#"{"object":"page","entry":[]}"#).is_empty());
}

#[test]
fn a_setting_that_makes_no_sense_is_named() {
    for (settings, key) in [
        (r#"{"bot":[]}"#, "/bot: unknown field"),
        (r#"{"bots":[7]}"#, "/bots/0: invalid type"),
        (r#"{"queues":{"1":2}}"#, "/queues/1: invalid type"),
        (r#"{"rating_prefix":""}"#, "/rating_prefix: "),
        (r#"{"rating_scale":0}"#, "/rating_scale: "),
        (r#"{"removed_by":"bot"}"#, "/removed_by: "),
        (r#"{"removed_by":"police"}"#, "/removed_by: unknown variant"),
        (r#"{"whatsapp_sent":"customer"}"#, "/whatsapp_sent: "),
        (r#"{"whatsapp_standby":"customer"}"#, "/whatsapp_standby: "),
    ] {
        match Meta::new(&Setup::new(settings)).err() {
            Some(Failure::Config(why)) => assert!(why.starts_with(key), "{why}"),
            other => panic!("{settings}: {other:?}"),
        }
    }
}

#[test]
fn who_began_a_thread_is_known_after_a_restart() {
    let mut first = meta("{}");
    assert_eq!(author(&events(&mut first, &comment(1, 5, "1_9"))), Some(Author::Customer));
    let mut next = meta("{}");
    assert_eq!(next.restore(&first.snapshot()), Ok(()));
    assert_eq!(author(&events(&mut next, &comment(2, 6, "9_1"))), Some(Author::Peer));
    assert_eq!(author(&events(&mut next, &comment(3, 5, "9_1"))), Some(Author::Customer));
    assert_eq!(author(&events(&mut meta("{}"), &comment(2, 6, "9_1"))), Some(Author::Customer));
}

#[test]
fn what_is_remembered_is_bounded() {
    let mut meta = meta("{}");
    for id in 0..3_000 {
        events(&mut meta, &comment(id, 5, "1_9"));
    }
    let snapshot = meta.snapshot();
    assert!(snapshot.len() < 20_000, "{}", snapshot.len());
    assert_eq!(author(&events(&mut meta, &comment(9_000, 6, "9_2999"))), Some(Author::Peer));
    assert_eq!(author(&events(&mut meta, &comment(9_001, 6, "9_1"))), Some(Author::Customer));
}

#[test]
fn a_foreign_snapshot_is_refused() {
    for bytes in [&[7][..], &[1, 2], &[1, 9, 0, 0, 0, 0, 0, 0, 0]] {
        assert!(matches!(meta("{}").restore(bytes), Err(Failure::Config(_))), "{bytes:?}");
    }
    assert_eq!(meta("{}").restore(&[]), Ok(()));
}

#[test]
fn times_are_seconds_or_milliseconds() {
    use crate::common::moment;
    use tablica_plugin::Moment;
    assert_eq!(moment(1_795_338_000), Moment::Utc(1_795_338_000_000));
    assert_eq!(moment(1_795_338_000_123), Moment::Utc(1_795_338_000_123));
    assert_eq!((moment(0), moment(u64::MAX)), (Moment::None, Moment::Utc(u64::MAX)));
}
