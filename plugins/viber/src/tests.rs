//! What samples cannot say: garbage, missing fields, settings.
#![allow(clippy::panic, reason = "how a test says what it got instead")]

use tablica_plugin::Webhook;

use super::*;

fn viber(settings: &str) -> Viber {
    Viber::new(&Setup::new(settings)).unwrap_or_else(|failure| panic!("{failure:?}"))
}

fn webhook(body: &str) -> Result<Output, Failure> {
    viber("{}").handle(0, Input::Webhook(Webhook::post(body)))
}

#[test]
fn samples() {
    tablica_plugin::golden::check::<Viber>(env!("CARGO_MANIFEST_DIR"));
}

#[test]
fn what_is_broken_is_bad_input_and_what_is_none_of_vibers_is_unsupported() {
    let cases = [
        "",
        "event=message",
        r#"{"event":"message"}"#,
        r#"{"event":"message","timestamp":1,"message_token":1.5,"sender":{"id":"a"},"message":{}}"#,
        r#"{"event":"message","timestamp":-1,"message_token":1,"sender":{"id":"a"},"message":{}}"#,
        r#"{"event":"message","timestamp":1,"message_token":1,"sender":{"id":""},"message":{}}"#,
        r#"{"event":"unsubscribed","timestamp":1,"message_token":1}"#,
    ];
    for body in cases {
        let result = webhook(body);
        assert!(matches!(result, Err(Failure::BadInput(_))), "{body}: {result:?}");
    }
    for body in ["{}", "[]", "7", r#"{"event":7}"#, r#"{"object":"page"}"#] {
        let result = webhook(body);
        assert!(matches!(result, Err(Failure::Unsupported(_))), "{body}: {result:?}");
    }
}

#[test]
fn a_setting_that_makes_no_sense_is_named() {
    let cases = [
        (r#"{"rating":"x"}"#, "/rating: unknown field"),
        (r#"{"rating_prefix":""}"#, "/rating_prefix: "),
        (r#"{"rating_scale":-1}"#, "/rating_scale: "),
    ];
    for (settings, key) in cases {
        match Viber::new(&Setup::new(settings)).err() {
            Some(Failure::Config(why)) => assert!(why.starts_with(key), "{why}"),
            other => panic!("{settings}: {other:?}"),
        }
    }
}

#[test]
fn nothing_is_remembered() {
    assert_eq!(viber("{}").snapshot(), Vec::<u8>::new());
}
