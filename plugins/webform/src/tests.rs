//! What samples cannot say: refusals, each with the name of what is wrong.
#![allow(clippy::panic, reason = "how a test says what it got instead")]

use tablica_plugin::{Pair, Webhook};

use super::*;

fn post(settings: &str, body: &str) -> Result<Output, Failure> {
    let mut form =
        WebForm::new(&Setup::new(settings)).unwrap_or_else(|failure| panic!("{failure:?}"));
    form.handle(1_795_348_800_000, Input::Webhook(Webhook::post(body)))
}

#[test]
fn samples() {
    tablica_plugin::golden::check::<WebForm>(env!("CARGO_MANIFEST_DIR"));
}

#[test]
fn a_mapping_that_makes_no_sense_is_named() {
    let cases = [
        (r#"{"map":{"id":"id"}}"#, "/map/id: found \"id\""),
        (r#"{"map":{"customer":["/a","b"]}}"#, "/map/customer: "),
        (r#"{"map":{"identifier":"/id"}}"#, "/map/identifier: "),
        (r#"{"items":"events"}"#, "/items: "),
        (r#"{"items":"^/events"}"#, "/items: "),
        (r#"{"map":{"id":"^id"}}"#, "/map/id: found \"id\""),
        (r#"{"kinds":{"new":"begun"}}"#, "/kinds/new: \"begun\" is none of opened, message"),
        (r#"{"authors":{"1":"staff"}}"#, "/authors/1: "),
        (r#"{"medium":"fax"}"#, "/medium: "),
        (r#"{"default_kind":"chat"}"#, "/default_kind: "),
        (r#"{"rating_scale":-1}"#, "/rating_scale: "),
        (r#"{"country_code":"+48"}"#, "/country_code: "),
    ];
    for (settings, expected) in cases {
        match WebForm::new(&Setup::new(settings)).err() {
            Some(Failure::Config(why)) => assert!(why.starts_with(expected), "{why}"),
            other => panic!("{settings}: {other:?}"),
        }
    }
}

#[test]
fn a_body_that_lacks_something_says_where_it_should_be() {
    let cases = [
        (r#"{"interaction":"t"}"#, "/id is missing"),
        (r#"{"id":"","interaction":"t"}"#, "/id is missing"),
        (r#"{"id":{"a":1},"interaction":"t"}"#, "/id is neither text nor number"),
        (r#"{"id":"1"}"#, "/interaction is missing"),
        (r#"{"id":"1","interaction":"t","time":"noon"}"#, "/time is \"noon\""),
        (r#"{"id":"1","interaction":"t","author":"cat"}"#, "/author is \"cat\""),
        (r#"{"id":"1","interaction":"t","public":"yes"}"#, "/public"),
        (r#"{"id":"1","interaction":"t","customer":{"a":1}}"#, "/customer"),
        (r#"{"id":"1","interaction":"t","kind":"rated"}"#, "/rating/score or /rating is missing"),
        (r#"{"id":"1","interaction":"t","kind":"rated","rating":6}"#, "within 0 to 5"),
        (r#"{"id":"1","interaction":"t","kind":"tagged"}"#, "/tags is missing"),
        (r#"{"id":"1","kind":"agent_state","status":"paused"}"#, "/agent is missing"),
        (r#"{"id":"1","kind":"agent_state","agent":"ola","status":"asleep"}"#, "/status"),
        ("name=Anna&text=Hello", "/id is missing"),
        ("hello there", "neither JSON nor XML nor a form"),
        ("", "neither JSON nor XML nor a form"),
        ("{\"id\":", "not JSON"),
        ("<a><b></a>", "not XML: at byte"),
        ("<a>", "not XML: it is cut off"),
        ("<a/><b/>", "not XML: it has two roots"),
    ];
    for (body, expected) in cases {
        match post("{}", body) {
            Err(Failure::BadInput(why)) => assert!(why.contains(expected), "{body}: {why}"),
            other => panic!("{body}: {other:?}"),
        }
    }
}

#[test]
fn a_kind_that_nobody_mapped_is_unsupported() {
    match post("{}", r#"{"id":"1","interaction":"t","kind":"escalated"}"#) {
        Err(Failure::Unsupported(why)) => assert!(why.contains("escalated"), "{why}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn without_a_default_the_kind_must_be_there() {
    match post(r#"{"default_kind":""}"#, r#"{"id":"1","interaction":"t"}"#) {
        Err(Failure::BadInput(why)) => assert!(why.contains("/kind is missing"), "{why}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn one_bad_item_refuses_the_body_and_is_named() {
    let body = r#"{"events":[{"id":"1","interaction":"t"},{"id":"2"}]}"#;
    match post(r#"{"items":"/events"}"#, body) {
        Err(Failure::BadInput(why)) => assert!(why.contains("item 1: /interaction"), "{why}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn items_must_be_a_list_and_may_be_empty() {
    let settings = r#"{"items":"/events"}"#;
    assert_eq!(post(settings, r#"{"events":[]}"#), Ok(Output::default()));
    assert!(matches!(post(settings, r#"{"events":{}}"#), Err(Failure::BadInput(_))));
    let flood = format!(r#"{{"events":[{}{{}}]}}"#, "{},".repeat(1_000));
    assert!(matches!(post(settings, &flood), Err(Failure::BadInput(_))));
}

fn typed(settings: &str, content_type: &str, body: &str) -> Result<Output, Failure> {
    let mut form =
        WebForm::new(&Setup::new(settings)).unwrap_or_else(|failure| panic!("{failure:?}"));
    let header = Pair { name: "Content-Type".into(), value: content_type.into() };
    let call = Webhook { headers: vec![header], ..Webhook::post(body) };
    form.handle(1_795_348_800_000, Input::Webhook(call))
}

#[test]
fn json_is_json_whatever_it_is_called() {
    let body = r#" {"id":"1","interaction":"t","text":"a=b&c=d"}"#;
    for called in ["application/x-www-form-urlencoded", "text/plain", "application/xml", ""] {
        let output = typed("{}", called, body).unwrap_or_default();
        assert_eq!(output.events.len(), 1, "{called}");
    }
}

#[test]
fn what_is_called_a_form_is_one_in_several_lines_too() {
    let kind = "application/x-www-form-urlencoded; charset=utf-8";
    let output = typed("{}", kind, "id=1&interaction=t&text=one\ntwo").unwrap_or_default();
    assert_eq!(output.events.len(), 1);
}

#[test]
fn a_form_without_items_has_none_and_xml_with_one_has_one() {
    let settings = r#"{"items":"/batch/event","map":{"interaction":"^/batch/ticket"}}"#;
    let count = |body: &str| post(settings, body).map(|output| output.events.len());
    assert_eq!(count("<batch><ticket>7</ticket></batch>"), Ok(0));
    assert_eq!(count("<batch><ticket>7</ticket><event><id>1</id></event></batch>"), Ok(1));
    let two = "<batch><ticket>7</ticket><event><id>1</id></event><event><id>2</id></event></batch>";
    assert_eq!(count(two), Ok(2));
    assert!(matches!(count(r#"{"batch":{}}"#), Err(Failure::BadInput(_))));
}

#[test]
fn xml_has_bounds() {
    let deep = format!("{}{}", "<a>".repeat(1_000), "</a>".repeat(1_000));
    let wide = format!("<a>{}</a>", "<b/>".repeat(200_000));
    for body in [deep, wide] {
        assert!(matches!(post("{}", &body), Err(Failure::BadInput(_))));
    }
}

#[test]
fn a_reason_holds_nothing_of_a_body() {
    for body in ["<a>secret<", "<secret", "--b\r\nsecret", "a=secret"] {
        let Err(Failure::BadInput(why)) = post("{}", body) else { panic!("{body}") };
        assert!(!why.contains("secret"), "{why}");
    }
}
