//! What is taken, and in which words the rest is refused.

use expect_test::{Expect, expect};
use serde_json::json;

use super::*;

fn warsaw() -> TimeZone {
    TimeZone::get("Europe/Warsaw").expect("a zone")
}

fn check(json: &Value) -> Result<Annotation, Vec<Fault>> {
    let (draft, faults) = Draft::from_json(json);
    draft.check(faults, Source::Api, &warsaw())
}

fn refused(json: &Value, expected: &Expect) {
    let faults = check(json).expect_err("a bad draft was taken");
    let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
    expected.assert_eq(&lines.join("\n"));
}

#[test]
fn times_are_read_with_an_offset_in_the_sites_zone_and_as_numbers() {
    // 27 November, 09:00 in Warsaw.
    let nine = 1_795_766_400_000_i64;
    for text in [
        json!("2026-11-27T09:00:00+01:00"),
        json!("2026-11-27T08:00:00Z"),
        json!("2026-11-27T09:00"),
        json!("2026-11-27 09:00:00"),
        json!(nine),
        json!(nine.to_string()),
    ] {
        let draft = json!({ "kind": "campaign", "title": "Mailing", "from": text });
        assert_eq!(check(&draft).expect("good").from_ms, nine, "{text}");
    }
    let midnight = json!({ "kind": "other", "title": "Day", "from": "2026-11-27" });
    assert_eq!(check(&midnight).expect("good").from_ms, nine - 9 * 60 * 60 * 1000);
}

#[test]
fn a_titles_margins_are_cut_and_null_is_absent() {
    let draft = json!({ "kind": "release", "title": " 2.0 ", "from": "2026-11-27", "to": null });
    let annotation = check(&draft).expect("good");
    assert_eq!((annotation.title.as_str(), annotation.to_ms), ("2.0", None));
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    refused(
        &json!({}),
        &expect![[r#"
            `kind` is missing
            `title` is missing
            `from` is missing"#]],
    );
    refused(&json!([]), &expect!["an annotation must be a JSON object"]);
    refused(
        &json!({
            "id": "a b", "kind": "campain", "title": "x".repeat(121), "from": 1_795_766_400,
            "to": "tomorrow", "channel": "", "queue": 7, "quene": "sales",
        }),
        &expect![[r#"
            `quene` is an unknown key; did you mean `queue`?
            `queue` must be a text
            `id` must be letters, digits, `-`, `_` and `.`
            `kind` is an unknown kind; did you mean `campaign`?
            `title` is longer than 120 characters
            `channel` is empty
            `from` is not between the years 2000 and 2100; numbers are milliseconds
            `to` is no time: write "2026-11-27T09:00:00+01:00", "2026-11-27 09:00" in the site's time zone, or Unix milliseconds"#]],
    );
    refused(
        &json!({ "kind": "outage", "title": "a\nb", "from": "2026-11-27", "to": "2026-11-26" }),
        &expect![[r#"
            `title` must be one line, without control characters
            `to` is before `from`"#]],
    );
}
