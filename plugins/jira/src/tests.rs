//! What samples cannot say: failures, settings, the delivery's header.
#![allow(clippy::panic, reason = "how a test says what it got instead")]

use tablica_plugin::Pair;

use super::*;

fn ids(settings: &str, call: Webhook) -> Result<Vec<String>, Failure> {
    let mut jira = Jira::new(&Setup::new(settings))?;
    let output = jira.handle(0, Input::Webhook(call))?;
    Ok(output.events.into_iter().map(|event| event.id).collect())
}

#[test]
fn samples() {
    tablica_plugin::golden::check::<Jira>(env!("CARGO_MANIFEST_DIR"));
}

#[test]
fn what_is_no_json_is_bad_input() {
    for body in ["", "{", "issue=7"] {
        let result = ids("{}", Webhook::post(body));
        assert!(matches!(result, Err(Failure::BadInput(_))), "{body}: {result:?}");
    }
}

#[test]
fn what_is_no_webhook_of_jiras_is_unsupported() {
    for body in ["{}", "[]", "7", r#"{"webhookEvent":7}"#] {
        let result = ids("{}", Webhook::post(body));
        assert!(matches!(result, Err(Failure::Unsupported(_))), "{body}: {result:?}");
    }
}

#[test]
fn an_issue_without_an_id_is_bad_input_and_one_with_nothing_else_is_not() {
    let kinds = ["jira:issue_created", "jira:issue_updated", "comment_created", "comment_updated"];
    for kind in kinds {
        let body = format!(r#"{{"webhookEvent":"{kind}"}}"#);
        match ids("{}", Webhook::post(body)) {
            Err(Failure::BadInput(why)) => assert!(why.starts_with("/issue/id"), "{why}"),
            other => panic!("{kind}: {other:?}"),
        }
        let body = format!(r#"{{"webhookEvent":"{kind}","issue":{{"id":7}}}}"#);
        assert!(ids("{}", Webhook::post(body)).is_ok(), "{kind}");
    }
}

#[test]
fn a_delivery_is_known_by_its_header_where_the_change_has_no_id() {
    let body = r#"{"webhookEvent":"jira:issue_updated","timestamp":5,"issue":{"id":7},"changelog":{"items":[{"field":"assignee","to":"x"}]}}"#;
    assert_eq!(ids("{}", Webhook::post(body)), Ok(vec!["7:5:assignee".to_owned()]));
    let mut call = Webhook::post(body);
    let header = Pair { name: "X-Atlassian-Webhook-Identifier".into(), value: "d1".into() };
    call.headers.push(header);
    assert_eq!(ids("{}", call), Ok(vec!["7:d1:assignee".to_owned()]));
}

#[test]
fn a_setting_that_makes_no_sense_is_named() {
    let cases = [
        (r#"{"agent":[]}"#, "/agent: unknown field"),
        (r#"{"rating_scale":0}"#, "/rating_scale: "),
        (r#"{"queue":"project"}"#, "/queue: "),
        (r#"{"participants_field":"10026"}"#, "/participants_field: "),
        (r#"{"satisfaction_field":"x"}"#, "/satisfaction_field: "),
        (r#"{"statuses":{"Vendor":"waiting"}}"#, "/statuses/Vendor: unknown variant"),
        (r#"{"priorities":{"P1":"top"}}"#, "/priorities/P1: unknown variant"),
    ];
    for (settings, key) in cases {
        match ids(settings, Webhook::post("{}")) {
            Err(Failure::Config(why)) => assert!(why.starts_with(key), "{why}"),
            other => panic!("{settings}: {other:?}"),
        }
    }
}

#[test]
fn nobody_waits_in_an_issue_that_was_closed_as_a_duplicate_or_moved_away() {
    let update = |project: &str, items: &str| {
        let call = format!(
            r#"{{"webhookEvent":"jira:issue_updated","timestamp":5,"issue":{{"id":7,"key":"{project}-2"}},"changelog":{{"id":"3","items":[{items}]}}}}"#
        );
        let settings = r#"{"projects":["HELP"]}"#;
        ids(settings, Webhook::post(call)).unwrap_or_else(|failure| panic!("{failure:?}"))
    };
    let duplicate = r#"{"field":"resolution","fromString":null,"to":"3","toString":"Duplicate"}"#;
    assert_eq!(update("HELP", duplicate), ["change:3:resolved"]);
    let moved = r#"{"field":"Key","fromString":"HELP-1","toString":"DEV-2"}"#;
    assert_eq!(update("DEV", moved), ["change:3:moved"]);
    // Nobody knew it here.
    let elsewhere = r#"{"field":"Key","fromString":"OPS-1","toString":"DEV-2"}"#;
    assert!(update("DEV", elsewhere).is_empty());
    assert!(update("DEV", duplicate).is_empty());
}
