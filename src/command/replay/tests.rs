//! Files in, figures out.

use std::io::Write as _;
use std::path::Path;

use clap::Parser as _;
use expect_test::expect;
use serde_json::Value;

use super::{Args, run};

#[derive(clap::Parser)]
struct Command {
    #[command(flatten)]
    args: Args,
}

fn arguments(more: &[&str]) -> Args {
    let all = ["replay"].iter().chain(more);
    Command::try_parse_from(all).map(|command| command.args).expect("arguments that parse")
}

fn printed(more: &[&str]) -> Result<String, String> {
    let mut out = Vec::new();
    run(&arguments(more), None, &mut out).map_err(|error| error.to_string())?;
    Ok(String::from_utf8(out).expect("text"))
}

/// A file with these lines, which lives as long as the value.
fn file(lines: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(lines.as_bytes()).expect("written");
    file
}

fn path(file: &tempfile::NamedTempFile) -> &str {
    file.path().to_str().expect("a readable path")
}

fn reference() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    root.join("tests/data/reference-service-level.jsonl").to_string_lossy().into_owned()
}

#[test]
fn the_reference_data_gives_the_six_percentages() {
    let text =
        printed(&["--events", &reference(), "--at", "2026-03-02T18:00:00Z", "--json"]).expect("ok");
    let document: Value = serde_json::from_str(&text).expect("one JSON document");
    let kpis = document["kpis"].as_array().expect("a list");
    for (id, ratio, display) in [
        ("sl_offered", 860.0 / 1060.0, "81.13 %"),
        ("sl_offered_net", 860.0 / 1050.0, "81.90 %"),
        ("sl_short_positive", 870.0 / 1060.0, "82.08 %"),
        ("sl_ignore", 860.0 / 1040.0, "82.69 %"),
        ("sl_positive", 880.0 / 1060.0, "83.02 %"),
        ("sl_answered", 0.86, "86.00 %"),
    ] {
        let figures: Vec<_> = kpis.iter().filter(|figure| figure["kpi"] == id).collect();
        assert_eq!(figures.len(), 3, "all contacts, the queue and the channel");
        for figure in figures {
            assert_eq!(figure["figure"]["value"], ratio, "{id}");
            assert_eq!(figure["display"], display);
            assert_eq!(figure["receipt"]["formula"], id);
            assert_eq!(figure["receipt"]["variants"].as_array().map(Vec::len), Some(6));
        }
    }
    let all = kpis.iter().map(|figure| figure["kpi"].as_str().expect("an id"));
    let ids: std::collections::BTreeSet<_> = all.collect();
    assert_eq!(ids.len(), crate::kpi::registry().len(), "every KPI");
}

const CALL: &str = r#"
{"id":"1","channel":"phone","at_ms":1772438400000,"interaction":"c1","queue":"sales","kind":"queued"}
{"call":{"duration_us":12,"memory_bytes":65536}}
{"command":{"timer":["poll",1000]}}

{"id":"2","channel":"phone","at_ms":1772438412000,"interaction":"c1","queue":"sales","agent":"ann","kind":{"answered":{}}}
{"id":"3","channel":"phone","at_ms":1772445600000,"interaction":"c2","queue":"sales","kind":"queued"}
"#;

#[test]
fn a_table_for_people() {
    let file = file(CALL);
    let text = printed(&["--events", path(&file), "--at", "2026-03-02T08:00:30Z"]).expect("ok");
    let all: String = text.lines().take(20).map(|line| format!("{line}\n")).collect();
    expect![[r#"
        At 2026-03-02T08:00:30+00:00[UTC]
        Left out, known only later: 1 events

        All contacts
          service_level       today        100.00 %  1 of 1 calls today were served in time, which is within 20 s.
          sl_offered          today        100.00 %  1 of 1 calls today were served in time, which is within 20 s.
          sl_offered_net      today        100.00 %  1 of 1 calls today were served in time, which is within 20 s.
          sl_short_positive   today        100.00 %  1 of 1 calls today were served in time, which is within 20 s.
          sl_ignore           today        100.00 %  1 of 1 calls today were served in time, which is within 20 s.
          sl_positive         today        100.00 %  1 of 1 calls today were served in time, which is within 20 s.
          sl_answered         today        100.00 %  1 of 1 calls today were served in time, which is within 20 s.
          waiting             now                 0  0 calls waiting now.
          longest_wait_now    now              0:00  Nobody waits.
          longest_wait_today  today            0:12  The longest wait today was 0:12.
          asa                 today            0:12  1 answered calls offered today had waited 0:12 on average.
          abandoned           today               0  0 of 1 calls offered today were abandoned.
          abandon_rate        today          0.00 %  0 of 1 calls offered today were abandoned.
          abandon_rate_net    today          0.00 %  0 of 1 calls offered today were abandoned.
          unanswered_now      now    not applicable  Not applicable: calls are answered, not replied to.
          frt                 today  not applicable  Not applicable: calls are answered, not replied to.
    "#]].assert_eq(&all);
}

#[test]
fn windows_can_be_chosen() {
    let file = file(CALL);
    let lines = |window: &[&str]| {
        let at = ["--events", path(&file), "--at", "2026-03-02T08:20:00Z"];
        let text = printed(&[&at, window].concat()).expect("ok");
        let offered = text.lines().take_while(|line| !line.starts_with("Queue"));
        offered
            .filter(|line| line.trim_start().starts_with("offered "))
            .map(|line| line.split_whitespace().take(3).collect::<Vec<_>>().join(" "))
            .collect::<Vec<_>>()
    };
    assert_eq!(lines(&[]), ["offered today 1"]);
    assert_eq!(lines(&["--window", "5m"]), ["offered 5m 0"]);
    assert_eq!(lines(&["--window", "30m", "--window", "5m"]), ["offered 5m 0", "offered 30m 1"]);
    assert_eq!(lines(&["--window", "all"]).len(), 5);
    assert!(
        Command::try_parse_from(["replay", "--events", "-", "--at", "x", "--window", "7m"])
            .is_err()
    );
}

#[test]
fn a_time_without_an_offset_is_the_sites_time() {
    let zone = jiff::tz::TimeZone::get("Europe/Warsaw").expect("a zone");
    let time = |given| super::parse_time(given, &zone);
    assert_eq!(time("2026-03-02T09:00:00").expect("ok"), 1_772_438_400_000);
    assert_eq!(time("2026-03-02T08:00:00Z").expect("ok"), 1_772_438_400_000);
    assert_eq!(time("2026-03-02T10:00:00+02:00").expect("ok"), 1_772_438_400_000);
    expect!["--at yesterday: not a time. Write 2026-03-02T18:00:00Z, or 2026-03-02T18:00:00 for the site's zone (Europe/Warsaw)"]
        .assert_eq(&time("yesterday").expect_err("no time").to_string());
}

#[test]
fn bad_lines_are_told_all_at_once_with_what_is_wrong() {
    let file = file(
        r#"{"id":"1","channel":"phone","at_ms":1772438400000,"interaction":"c1","kind":"queued"}
{"id":"2","channel":"phone","interaction":"c1","kind":"queued"}
{"id":"3","channel":"phone","at_ms":"noon","interaction":"c1","kind":"queued"}
{"id":"4","channel":"phone","at_ms":1,"interaction":"c1","kind":"teleported"}
{"id":"5","channel":"phone","at_ms":1,"interaction":"c1","kind":{"answered":{"wait":3}}}
{"id":"6","channel":"phone",
hello
[1,2]
{"id":"9","channel":"phone","at_ms":1,"kind":"queued"} {"again":1}
"#,
    );
    let error = printed(&["--events", path(&file), "--at", "2026-03-02T08:00:30Z"])
        .expect_err("bad lines")
        .replace(path(&file), "FILE");
    expect![[r#"
        FILE:2: not an event: missing field `at_ms`
        FILE:3: not an event: `at_ms`, column 42: invalid type: string "noon", expected i64
        FILE:4: not an event: `kind`, column 76: unknown variant `teleported`, expected one of `opened`, `message`, `queued`, `offered_to_agent`, `ring_missed`, `answered`, `held`, `resumed`, `transferred`, `talk_ended`, `wrapped_up`, `resolved`, `reopened`, `abandoned`, `left`, `prioritized`, `rating_requested`, `rated`, `tagged`, `mention`, `removed`, `agent_state`, `feed`, `other`
        FILE:5: not an event: `kind.answered.wait`, column 83: unknown field `wait`, expected `wait_ms` or `ring_ms`
        FILE:6: not a JSON object, from column 28 on: EOF while parsing a value
        FILE:7: not a JSON object
        FILE:8: not a JSON object
        FILE:9: not a JSON object, from column 56 on: trailing characters"#]].assert_eq(&error);
}

#[test]
fn after_twenty_bad_lines_it_stops() {
    let file = file(&"nonsense\n".repeat(50));
    let error =
        printed(&["--events", path(&file), "--at", "2026-03-02T08:00:30Z"]).expect_err("bad lines");
    assert_eq!(error.lines().count(), 21);
    assert!(error.ends_with("was not read)"), "{error}");
}

#[test]
fn a_missing_file_is_named() {
    let error = printed(&["--events", "/no/such/file.jsonl", "--at", "2026-03-02T08:00:30Z"])
        .expect_err("no file");
    assert!(error.starts_with("cannot read /no/such/file.jsonl: "), "{error}");
}
