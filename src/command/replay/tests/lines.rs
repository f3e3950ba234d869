//! `--format jsonl`, and what is said of what is missing.

use clap::Parser as _;
use serde_json::Value;

use super::{CALL, Command, SPAN, config, file, path, printed};

/// The keys of a line, in their order.
fn keys(line: &str) -> Vec<String> {
    let parts = line.split(",\"").map(|part| part.trim_start_matches(['{', '"']));
    let keys = parts.filter_map(|part| part.split_once("\":"));
    keys.map(|(key, _)| key.to_owned()).collect()
}

const KEYS: [&str; 7] = ["at", "kpi", "selector", "window", "state", "value", "unit"];

#[test]
fn a_line_says_what_it_is_of_and_what_it_is_and_no_more() {
    let (events, config) = (file(CALL), config("10s"));
    let of = ["--events", path(&events), "--config", path(&config), "--queue", "sales"];
    let asked = ["--kpi", "offered", "--kpi", "sl_offered", "--kpi", "waiting"];
    let lines = ["--format", "jsonl"];
    let at = ["--at", "2026-03-02T09:00:30"];
    let text = printed(&[&at, of.as_slice(), &asked, &lines].concat()).expect("ok");
    assert_eq!(text.lines().count(), 3);
    assert_eq!(
        text.lines().next(),
        Some(
            "{\"at\":\"2026-03-02T09:00:30+01:00\",\"kpi\":\"offered\",\"selector\":{\"queue\":\"sales\"},\
             \"window\":\"today\",\"state\":\"number\",\"value\":1.0,\"unit\":\"count\"}"
        )
    );

    let text = printed(&[&SPAN, of.as_slice(), &asked, &lines].concat()).expect("ok");
    let moments: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("a document")).collect();
    assert_eq!(moments.len(), 3 * 3, "three numbers at three moments");
    let empty = &moments[1];
    assert_eq!((&empty["kpi"], &empty["state"]), (&"sl_offered".into(), &"no_data".into()));
    assert_eq!(empty.get("value"), Some(&Value::Null));
    assert_eq!(moments[8]["at"], "2026-03-02T10:00:00+01:00");
}

#[test]
fn a_line_has_what_is_asked_for() {
    let events = file(CALL);
    let at = ["--events", path(&events), "--at", "2026-03-02T08:00:30Z", "--format", "jsonl"];
    let with = |details: &[&str]| {
        let of = ["--kpi", "sl_offered", "--queue", "sales"];
        let with: Vec<_> = details.iter().flat_map(|detail| ["--with", *detail]).collect();
        printed(&[&at, of.as_slice(), with.as_slice()].concat()).expect("ok")
    };
    assert_eq!(keys(&with(&[])), KEYS);
    let text = with(&["display", "formula"]);
    assert_eq!(keys(&text), [KEYS.as_slice(), &["display", "formula"]].concat());
    let line: Value = serde_json::from_str(&text).expect("one line");
    assert_eq!((&line["display"], &line["formula"]), (&"100.00 %".into(), &"sl_offered".into()));
    let text = with(&["sentence", "counts", "span", "coverage"]);
    let line: Value = serde_json::from_str(&text).expect("one line");
    assert_eq!(line["from"], "2026-03-02T00:00:00+00:00");
    assert_eq!(line["to"], "2026-03-02T08:00:30+00:00");
    assert!(line["sentence"].as_str().is_some_and(|sentence| sentence.starts_with("1 of 1")));
    assert!(line["counts"].as_array().is_some_and(|counts| !counts.is_empty()));
    assert_eq!(line["coverage"]["channels"][0]["channel"], "phone");
}

#[test]
fn details_without_lines_are_refused() {
    let events = file(CALL);
    let at = ["--events", path(&events), "--at", "2026-03-02T08:00:30Z", "--with", "counts"];
    let refused = printed(&at).expect_err("no lines");
    assert_eq!(refused, "--with is for --format jsonl: the other formats have all or none of it");
    assert!(printed(&[&at, ["--json"].as_slice()].concat()).is_err());
}

#[test]
fn a_file_without_events_is_no_quiet_day() {
    let empty = file("\n{\"call\":{\"duration_us\":12,\"memory_bytes\":65536}}\n");
    let error = printed(&["--events", path(&empty), "--at", "09:00"]).expect_err("no events");
    assert_eq!(error, format!("{} holds no event: nothing can be counted", path(&empty)));
}

#[test]
fn a_step_is_of_a_span() {
    let refused = ["replay", "--events", "-", "--at", "09:00", "--step", "5m"];
    assert!(Command::try_parse_from(refused).is_err());
}

#[test]
fn how_late_channels_are_is_said_with_their_last_event() {
    let events = file(CALL);
    let at = ["--events", path(&events), "--kpi", "offered", "--channel", "phone", "--at"];
    let last = |time| {
        let text = printed(&[&at, [time].as_slice()].concat()).expect("ok");
        text.lines().last().unwrap_or_default().to_owned()
    };
    assert_eq!(last("2026-03-02T08:00:30Z"), "  Channels: phone (live)");
    let late = "  Channels: phone (late, last event 2026-03-02 08:00:12)";
    assert_eq!(last("2026-03-02T08:30:00Z"), late);
}

#[test]
fn what_came_twice_or_was_not_understood_is_told() {
    let events = file(
        r#"
{"id":"1","channel":"phone","at_ms":1772438400000,"interaction":"c1","queue":"sales","kind":"queued"}
{"id":"1","channel":"phone","at_ms":1772438400000,"interaction":"c1","queue":"sales","kind":"queued"}
{"id":"2","channel":"phone","at_ms":1772438401000,"interaction":"c1","kind":{"other":{"name":"hologram","value":"1"}}}
{"id":"3","channel":"phone","at_ms":1772438402000,"interaction":"c1","kind":{"other":{"name":"hologram","value":"1"}}}
{"id":"4","channel":"phone","at_ms":1772438403000,"interaction":"c1","queue":"sales","kind":{"abandoned":{}}}
"#,
    );
    let at = ["--events", path(&events), "--kpi", "offered", "--at", "2026-03-02T08:00:02Z"];
    let text = printed(&at).expect("ok");
    let told: Vec<_> = text.lines().take(3).collect();
    assert_eq!(
        told,
        [
            "At 2026-03-02T08:00:02+00:00[UTC]",
            "1 event of the file became known after this moment and is not counted.",
            "Channel phone: 1 event came again and counted once; \
             2 events of a kind that this version does not know."
        ]
    );
}
