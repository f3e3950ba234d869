//! Files in, figures out.

use std::io::Write as _;
use std::path::Path;

use clap::Parser as _;
use expect_test::expect;
use serde_json::Value;

use super::{Args, run};
use crate::config::Environment;

mod lines;
mod queues;

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
    run(&arguments(more), &Environment::default(), &mut out).map_err(|error| error.to_string())?;
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
        1 event of the file became known after this moment and is not counted.

        All contacts
          service_level              today        100.00 %  1 of 1 calls today were served in time, which is within 20 s.
          sl_offered                 today        100.00 %  1 of 1 calls today were served in time, which is within 20 s.
          sl_offered_net             today        100.00 %  1 of 1 calls today were served in time, which is within 20 s.
          sl_short_positive          today        100.00 %  1 of 1 calls today were served in time, which is within 20 s.
          sl_ignore                  today        100.00 %  1 of 1 calls today were served in time, which is within 20 s.
          sl_positive                today        100.00 %  1 of 1 calls today were served in time, which is within 20 s.
          sl_answered                today        100.00 %  1 of 1 calls today were served in time, which is within 20 s.
          service_level_recovery     today               0  Nothing has to be made up for: 1 of 1 contacts today were served in time, with a goal of 80 %.
          service_level_budget       today               0  No miss is affordable with a goal of 80 %: 1 of 1 contacts today were served in time.
          sla_met                    today  not applicable  Not applicable: the config has no policy.
          sla_breaches               today  not applicable  Not applicable: the config has no policy.
          sla_running                now    not applicable  Not applicable: the config has no policy.
          sla_at_risk                now    not applicable  Not applicable: the config has no policy.
          sla_breached               now    not applicable  Not applicable: the config has no policy.
          sla_paused                 now    not applicable  Not applicable: the config has no policy.
          sla_next_breach            now    not applicable  Not applicable: the config has no policy.
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
    assert_eq!(lines(&["--window", "all"]).len(), 9);
    assert!(
        Command::try_parse_from(["replay", "--events", "-", "--at", "x", "--window", "7m"])
            .is_err()
    );
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
        FILE:4: not an event: `kind`, column 76: unknown variant `teleported`, expected one of `opened`, `message`, `queued`, `offered_to_agent`, `ring_missed`, `answered`, `held`, `resumed`, `transferred`, `talk_ended`, `wrapped_up`, `resolved`, `reopened`, `abandoned`, `left`, `prioritized`, `rating_requested`, `rated`, `tagged`, `mention`, `removed`, `assigned`, `pending`, `merged`, `callback_promised`, `edited`, `delivery`, `gauge`, `member`, `agent_known`, `agent_state`, `feed`, `other`
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

/// Two configs that promise different things: 10 s and 20 s.
fn config(threshold: &str) -> tempfile::NamedTempFile {
    file(&format!(
        "[site]\ntime_zone = \"Europe/Warsaw\"\n[queue.sales]\nanswer_threshold = \"{threshold}\"\n"
    ))
}

const SPAN: [&str; 6] = ["--from", "2026-03-02T09:00", "--to", "2026-03-02T10:00", "--step", "30m"];

#[test]
fn a_span_is_told_step_by_step() {
    let (events, config) = (file(CALL), config("10s"));
    let span = [&SPAN, ["--events", path(&events), "--config", path(&config)].as_slice()].concat();
    let two = ["--kpi", "offered", "--kpi", "service_level", "--queue", "sales"];
    let text = printed(&[&span, two.as_slice()].concat()).expect("ok");
    expect![[r#"
        From 2026-03-02T09:00:00+01:00[Europe/Warsaw] to 2026-03-02T10:00:00+01:00[Europe/Warsaw], every 30m: 3 moments

        2026-03-02 09:00:00  offered{queue=sales}        today        1  1 call entered a queue today.
        2026-03-02 09:00:00  service_level{queue=sales}  today  no data  No calls have been due to be served today, so there is no share yet.

        2026-03-02 09:30:00  offered{queue=sales}        today       1  1 call entered a queue today.
        2026-03-02 09:30:00  service_level{queue=sales}  today  0.00 %  0 of 1 calls today were served in time, which is within 10 s.

        2026-03-02 10:00:00  offered{queue=sales}        today       1  1 call entered a queue today.
        2026-03-02 10:00:00  service_level{queue=sales}  today  0.00 %  0 of 1 calls today were served in time, which is within 10 s.
    "#]].assert_eq(&text);
    let csv = printed(&[&span, ["--kpi", "waiting", "--format", "csv"].as_slice()].concat());
    expect![[r#"
        at,kpi,selector,window,value,state,unit,display,formula,coverage
        2026-03-02T09:00:00+01:00[Europe/Warsaw],waiting,,now,1,number,count,1,waiting,complete
        2026-03-02T09:00:00+01:00[Europe/Warsaw],waiting,queue=sales,now,1,number,count,1,waiting,complete
        2026-03-02T09:00:00+01:00[Europe/Warsaw],waiting,channel=phone,now,1,number,count,1,waiting,complete
        2026-03-02T09:30:00+01:00[Europe/Warsaw],waiting,,now,0,number,count,0,waiting,phone late
        2026-03-02T09:30:00+01:00[Europe/Warsaw],waiting,queue=sales,now,0,number,count,0,waiting,phone late
        2026-03-02T09:30:00+01:00[Europe/Warsaw],waiting,channel=phone,now,0,number,count,0,waiting,phone late
        2026-03-02T10:00:00+01:00[Europe/Warsaw],waiting,,now,0,number,count,0,waiting,phone late
        2026-03-02T10:00:00+01:00[Europe/Warsaw],waiting,queue=sales,now,0,number,count,0,waiting,phone late
        2026-03-02T10:00:00+01:00[Europe/Warsaw],waiting,channel=phone,now,0,number,count,0,waiting,phone late
    "#]].assert_eq(&csv.expect("ok").replace('\r', ""));
    let json = printed(&[&span, ["--json"].as_slice()].concat()).expect("ok");
    let document: Value = serde_json::from_str(&json).expect("one JSON document");
    let steps = document["steps"].as_array().expect("a list");
    assert_eq!(steps.len(), 3);
    let at = ["--at", "2026-03-02T09:30", "--events", path(&events), "--config", path(&config)];
    let alone = printed(&[&at, ["--json"].as_slice()].concat()).expect("ok");
    let alone: Value = serde_json::from_str(&alone).expect("one JSON document");
    assert_eq!(steps[1]["kpis"], alone["kpis"], "whatever was printed before");
}

#[test]
fn what_another_config_would_have_said_is_told_where_it_differs() {
    let (events, a, b) = (file(CALL), config("10s"), config("20s"));
    let span = [&SPAN, ["--events", path(&events), "--config", path(&a)].as_slice()].concat();
    let told = |more: &[&str]| {
        let text = printed(&[&span, ["--diff", path(&b)].as_slice(), more].concat()).expect("ok");
        text.replace(path(&a), "a.toml").replace(path(&b), "b.toml").replace('\r', "")
    };
    expect![[r#"
        A is a.toml, B is b.toml.
        From 2026-03-02T09:00:00+01:00[Europe/Warsaw] to 2026-03-02T10:00:00+01:00[Europe/Warsaw], every 30m: 3 moments.
        sl_offered today differs at 2 of 3 moments, most at 2026-03-02 09:30:00: A 0.00 %, B 100.00 %
        sl_offered{queue=sales} today differs at 2 of 3 moments, most at 2026-03-02 09:30:00: A 0.00 %, B 100.00 %
        sl_offered{channel=phone} today differs at 2 of 3 moments, most at 2026-03-02 09:30:00: A 0.00 %, B 100.00 %

        time                 number                     window               A               B
        2026-03-02 09:30:00  sl_offered                 today           0.00 %        100.00 %
        2026-03-02 09:30:00  sl_offered{queue=sales}    today           0.00 %        100.00 %
        2026-03-02 09:30:00  sl_offered{channel=phone}  today           0.00 %        100.00 %
        2026-03-02 10:00:00  sl_offered                 today           0.00 %        100.00 %
        2026-03-02 10:00:00  sl_offered{queue=sales}    today           0.00 %        100.00 %
        2026-03-02 10:00:00  sl_offered{channel=phone}  today           0.00 %        100.00 %
    "#]].assert_eq(&told(&["--kpi", "sl_offered", "--kpi", "offered"]));
    expect![[r#"
        A is a.toml, B is b.toml.
        From 2026-03-02T09:00:00+01:00[Europe/Warsaw] to 2026-03-02T10:00:00+01:00[Europe/Warsaw], every 30m: 3 moments.
        No difference: all 9 values are equal.
    "#]].assert_eq(&told(&["--kpi", "offered"]));
    expect![[r#"
        at,kpi,selector,window,a,b,a_display,b_display
        2026-03-02T09:30:00+01:00[Europe/Warsaw],sl_offered,queue=sales,today,0,1,0.00 %,100.00 %
        2026-03-02T10:00:00+01:00[Europe/Warsaw],sl_offered,queue=sales,today,0,1,0.00 %,100.00 %
    "#]]
    .assert_eq(&told(&["--kpi", "sl_offered", "--queue", "sales", "--format", "csv"]));
}

#[test]
fn spans_that_are_none_are_refused() {
    let file = file(CALL);
    let refused = |from: &str, to: &str, step: &str| {
        let span = ["--events", path(&file), "--from", from, "--to", to, "--step", step];
        printed(&span).expect_err("no span")
    };
    let (from, to) = ("2026-03-02T09:00", "2026-03-09T09:00");
    expect!["--to 2026-03-02T09:00 is before --from 2026-03-09T09:00"]
        .assert_eq(&refused(to, from, "1h"));
    expect!["604801 moments from --from to --to: more than 100000. Take a longer --step"]
        .assert_eq(&refused(from, to, "1s"));
    let ask = |more: &[&str]| Command::try_parse_from([&["replay"], more].concat()).is_err();
    assert!(ask(&[]), "neither a moment nor a span");
    assert!(ask(&["--from", from]), "no end");
    assert!(ask(&["--from", from, "--to", to, "--step", "0s"]));
    assert!(ask(&["--from", from, "--to", to, "--serve", "--speed", "0"]));
    assert!(ask(&["--from", from, "--to", to, "--serve", "--diff", "x"]));
    assert!(ask(&["--at", from, "--from", from, "--to", to]));
}
