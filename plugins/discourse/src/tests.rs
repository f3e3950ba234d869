//! What samples cannot say: garbage, settings, restarts, what is remembered.
#![allow(clippy::panic, reason = "how a test says what it got instead")]

use tablica_plugin::{Author, Kind, Pair};

use super::*;

fn discourse(settings: &str) -> Discourse {
    Discourse::new(&Setup::new(settings)).unwrap_or_else(|failure| panic!("{failure:?}"))
}

fn call(forum: &mut Discourse, event: &str, body: &str) -> Result<Output, Failure> {
    let header = |name: &str, value: &str| Pair { name: name.into(), value: value.into() };
    let headers = vec![
        header("x-discourse-event", event),
        header("X-Discourse-Instance", "https://forum.example.com/sub"),
    ];
    forum.handle(0, Input::Webhook(Webhook { headers, ..Webhook::post(body) }))
}

fn post(id: u64, topic: u64, number: u64, user: i64) -> String {
    format!(
        r#"{{"post":{{"id":{id},"topic_id":{topic},"post_number":{number},"post_type":1,"user_id":{user},"raw":"?","topic_archetype":"regular"}}}}"#
    )
}

fn author(output: Result<Output, Failure>) -> Author {
    match output.unwrap_or_default().events.as_slice() {
        [Event { kind: Kind::Message(message), .. }] => message.author,
        other => panic!("{other:?}"),
    }
}

#[test]
fn samples() {
    tablica_plugin::golden::check::<Discourse>(env!("CARGO_MANIFEST_DIR"));
}

#[test]
fn garbage_is_refused() {
    let mut forum = discourse("{}");
    for body in ["", "{", "<html>", "post=1"] {
        let result = call(&mut forum, "post_created", body);
        assert!(matches!(result, Err(Failure::BadInput(_))), "{body}: {result:?}");
    }
    for body in ["{}", "[]", "7", r#"{"topic":{}}"#] {
        let result = call(&mut forum, "post_created", body);
        assert!(matches!(result, Err(Failure::Unsupported(_))), "{body}: {result:?}");
    }
    for body in [r#"{"post":{}}"#, r#"{"post":7}"#, r#"{"post":{"id":-1}}"#] {
        let result = call(&mut forum, "post_created", body);
        assert!(matches!(result, Err(Failure::BadInput(_))), "{body}: {result:?}");
    }
    assert_eq!(call(&mut forum, "topic_tags_changed", "{}"), Ok(Output::default()));
}

#[test]
fn a_setting_that_makes_no_sense_is_named() {
    let cases = [
        (r#"{"agent":[]}"#, "/agent: unknown field"),
        (r#"{"categories":["help"]}"#, "/categories/0: invalid type"),
        (r#"{"agents":["@ola"]}"#, "/agents: \"@ola\" is no name"),
        (r#"{"agent_groups":[""]}"#, "/agent_groups: "),
        (r#"{"bots":["a b"]}"#, "/bots: "),
        (r#"{"messages":1}"#, "/messages: invalid type"),
    ];
    for (settings, key) in cases {
        match Discourse::new(&Setup::new(settings)).err() {
            Some(Failure::Config(why)) => assert!(why.starts_with(key), "{why}"),
            other => panic!("{settings}: {other:?}"),
        }
    }
}

#[test]
fn a_person_is_the_forums_own() {
    let mut forum = discourse("{}");
    let output = call(&mut forum, "post_created", &post(1, 2, 1, 3)).unwrap_or_default();
    assert_eq!(output.events[0].customer, ["discourse:forum.example.com:3"]);
}

#[test]
fn without_a_time_it_is_not_made_up() {
    let mut forum = discourse("{}");
    let output = call(&mut forum, "post_created", &post(1, 2, 1, 3)).unwrap_or_default();
    assert_eq!(output.events[0].at, tablica_plugin::Moment::None);
}

#[test]
fn whose_topic_it_is_is_remembered_over_a_restart_within_a_bound() {
    let mut forum = discourse("{}");
    for topic in 1..5_000 {
        let output = call(&mut forum, "post_created", &post(topic, topic, 1, 3));
        assert_eq!(author(output), Author::Customer);
    }
    let bytes = forum.snapshot();
    assert!(bytes.len() < 256 << 10, "{} bytes", bytes.len());
    let mut next = discourse("{}");
    assert_eq!(next.restore(&bytes), Ok(()));
    assert_eq!(next.snapshot(), bytes);
    assert_eq!(author(call(&mut next, "post_created", &post(9_000, 4_999, 2, 4))), Author::Peer);
    // Forgotten: better one customer too many than a question that nobody sees.
    assert_eq!(author(call(&mut next, "post_created", &post(9_001, 1, 2, 4))), Author::Customer);
    assert!(matches!(next.restore(b"{"), Err(Failure::Config(_))));
}

#[test]
fn nobody_waits_in_a_topic_whose_posts_were_all_moved_to_another() {
    let mut forum = discourse("{}");
    assert_eq!(author(call(&mut forum, "post_created", &post(1, 2, 1, 3))), Author::Customer);
    // Discourse closes what is left of it, and destroys it later.
    let topic = r#"{"topic":{"id":2,"archetype":"regular","closed":true,"archived":false}}"#;
    let closed = call(&mut forum, "topic_closed_status_updated", topic).unwrap_or_default();
    assert!(matches!(closed.events.as_slice(), [event] if matches!(event.kind, Kind::Resolved(_))));
    assert_eq!(call(&mut forum, "topic_destroyed", topic), Ok(Output::default()));
}
