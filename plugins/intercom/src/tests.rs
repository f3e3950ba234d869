//! What samples cannot say: failures, settings.
#![allow(clippy::panic, reason = "how a test says what it got instead")]

use tablica_plugin::Webhook;

use super::*;

fn call(settings: &str, body: &str) -> Result<Output, Failure> {
    let mut intercom = Intercom::new(&Setup::new(settings))?;
    intercom.handle(0, Input::Webhook(Webhook::post(body)))
}

#[test]
fn samples() {
    tablica_plugin::golden::check::<Intercom>(env!("CARGO_MANIFEST_DIR"));
}

#[test]
fn what_is_no_json_is_bad_input_and_what_has_no_topic_is_unsupported() {
    for body in ["", "{", "<html>"] {
        assert!(matches!(call("{}", body), Err(Failure::BadInput(_))), "{body}");
    }
    for body in ["{}", "[]", "7", r#"{"topic":7}"#] {
        assert!(matches!(call("{}", body), Err(Failure::Unsupported(_))), "{body}");
    }
}

#[test]
fn a_notification_without_what_it_is_about_is_bad_input_that_quotes_nothing() {
    for body in [
        r#"{"topic":"conversation.user.created"}"#,
        r#"{"topic":"conversation.user.created","data":{"item":{}}}"#,
        r#"{"topic":"conversation.user.created","data":{"item":{"id":"1","user":"+48600100200"}}}"#,
        r#"{"topic":"admin.logged_in","id":"n","data":{"item":{}}}"#,
    ] {
        let Err(Failure::BadInput(why)) = call("{}", body) else { panic!("{body}") };
        assert!(!why.contains("600100200"), "{why}");
    }
}

#[test]
fn what_may_be_missing_is_missed_by_nobody() {
    for (topic, events) in [
        ("conversation.user.created", 1),
        ("conversation.user.replied", 0),
        ("conversation.admin.assigned", 0),
        ("conversation.admin.closed", 1),
        ("conversation.admin.snoozed", 1),
        ("conversation.rating.added", 0),
        ("conversation.priority.updated", 0),
        ("conversation_part.tag.created", 0),
    ] {
        let body = format!(r#"{{"topic":"{topic}","data":{{"item":{{"id":21}}}}}}"#);
        assert_eq!(call("{}", &body).unwrap_or_default().events.len(), events, "{topic}");
    }
}

#[test]
fn a_setting_that_makes_no_sense_is_named() {
    for (settings, key) in
        [(r#"{"bot":[1]}"#, "/bot: unknown field"), (r#"{"bots":[1,true]}"#, "/bots/1: invalid")]
    {
        match Intercom::new(&Setup::new(settings)).err() {
            Some(Failure::Config(why)) => assert!(why.starts_with(key), "{why}"),
            other => panic!("{settings}: {other:?}"),
        }
    }
}

#[test]
fn nobody_waits_in_a_conversation_that_was_merged_whatever_topic_tells_it() {
    let part = r#"{"id":"5","part_type":"merged_secondary_conversation","created_at":7}"#;
    for topic in ["conversation.admin.closed", "conversation.user.replied", "conversation.later"] {
        let item = format!(r#"{{"id":21,"conversation_parts":{{"conversation_parts":[{part}]}}}}"#);
        let body = format!(r#"{{"topic":"{topic}","data":{{"item":{item}}}}}"#);
        let events = call("{}", &body).unwrap_or_default().events;
        let [event] = events.as_slice() else { panic!("{topic}: {events:?}") };
        assert_eq!(event.kind, tablica_plugin::Kind::Merged(String::new()), "{topic}");
        assert_eq!((event.id.as_str(), event.interaction.as_str()), ("p5:merged", "21"));
    }
    // Topics that come later may be of any shape.
    for item in ["7", "{}", r#"{"id":[]}"#] {
        let body = format!(r#"{{"topic":"conversation.later","data":{{"item":{item}}}}}"#);
        assert_eq!(call("{}", &body), Ok(Output::default()), "{item}");
    }
}
