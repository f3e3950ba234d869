//! What shows the site's own words and times: messages, texts, countdowns.

use expect_test::expect;

use super::{Said, annotation, check};
use crate::board::annotations;

#[test]
fn messages_are_the_annotations_that_hold_now() {
    let lead = annotations::Annotation {
        kind: annotations::Kind::Other,
        ..annotation("Pizza at six", 600, Some(-600), None)
    };
    let said = Said {
        annotations: vec![
            annotation("over", 900, Some(300), None),
            annotation("Payments are down", 700, Some(-3600), None),
            lead,
            annotation("to come", -60, None, None),
        ],
        ..Said::default()
    };
    check(
        "type = \"message\"",
        &said,
        expect![[
            r#"{"state":"live","tone":"warn","messages":[{"kind":"other","text":"Pizza at six","since":"23:03","until":"23:23"},{"kind":"outage","word":"Outage","text":"Payments are down","since":"23:01","until":"00:13"}],"more":0,"empty":"no message"}"#
        ]],
    );
    check(
        "type = \"message\"\nkind = \"other\"",
        &said,
        expect![[
            r#"{"state":"live","tone":"plain","messages":[{"kind":"other","text":"Pizza at six","since":"23:03","until":"23:23"}],"more":0,"empty":"no message"}"#
        ]],
    );
    check(
        "type = \"message\"",
        &Said::default(),
        expect![[r#"{"state":"live","tone":"plain","messages":[],"more":0,"empty":"no message"}"#]],
    );
}

#[test]
fn what_is_important_stands_first_and_a_message_for_other_boards_not_at_all() {
    let message = |title: &str, boards: &[&str], level| annotations::Annotation {
        kind: annotations::Kind::Message,
        boards: boards.iter().map(|it| (*it).to_owned()).collect(),
        level,
        ..annotation(title, 600, Some(-600), None)
    };
    let normal = annotations::Level::Normal;
    let said = Said {
        annotations: vec![
            message("Read this first", &["hall", "floor"], annotations::Level::Important),
            message("For all", &[], normal),
            message("For the hall", &["hall"], normal),
        ],
        ..Said::default()
    };
    check(
        "type = \"message\"",
        &said,
        expect![[
            r#"{"state":"live","tone":"warn","messages":[{"kind":"message","important":true,"text":"Read this first","since":"23:03","until":"23:23"},{"kind":"message","text":"For all","since":"23:03","until":"23:23"}],"more":0,"empty":"no message"}"#
        ]],
    );
    check(
        "type = \"ticker\"",
        &said,
        expect![[
            r#"{"state":"live","tone":"plain","lines":[{"text":"For all","tone":"plain"},{"text":"Read this first","tone":"warn"}],"empty":"no message"}"#
        ]],
    );
}

#[test]
fn a_text_is_in_the_boards_language_if_it_is_there() {
    let none = Said::default();
    check(
        "type = \"text\"\ntext = \"One\\nTwo\"",
        &none,
        expect![[r#"{"state":"live","tone":"plain","lines":["One","Two"]}"#]],
    );
    check(
        "type = \"text\"\ntext = { pl = \"Raz\", en = \"One\" }",
        &none,
        expect![[r#"{"state":"live","tone":"plain","lines":["One"]}"#]],
    );
    check(
        "type = \"text\"\ntext = { uk = \"Раз\" }",
        &none,
        expect![[r#"{"state":"live","tone":"plain","lines":["Раз"]}"#]],
    );
}

#[test]
fn a_countdown_knows_the_sites_clock() {
    let none = Said::default();
    // It is Tuesday 2023-11-14, 23:13:20 in Warsaw.
    check(
        "type = \"countdown\"\nto = 2023-11-14T23:30:00",
        &none,
        expect![[r#"{"state":"live","tone":"plain","to_ms":1700001000000}"#]],
    );
    check(
        "type = \"countdown\"\nto = 2023-11-14T22:30:00Z",
        &none,
        expect![[r#"{"state":"live","tone":"plain","to_ms":1700001000000}"#]],
    );
    check(
        "type = \"countdown\"\nat = 23:00:00",
        &none,
        expect![[r#"{"state":"live","tone":"plain","to_ms":1700085600000}"#]],
    );
    check(
        "type = \"countdown\"\nweekday = \"friday\"\nat = \"17:30\"",
        &none,
        expect![[r#"{"state":"live","tone":"plain","to_ms":1700238600000}"#]],
    );
    let over = "type = \"countdown\"\nto = 2023-11-01T00:00:00\ndone = \"The shop is open\"";
    check(
        over,
        &none,
        expect![[
            r#"{"state":"live","tone":"plain","to_ms":1698793200000,"done":"The shop is open"}"#
        ]],
    );
}
