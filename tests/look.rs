//! A look inside without a server: raw bytes of a network in, events out; events in, figures with
//! their receipts out. Everything by the binary's own commands.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use crate::support::server::tablica;

/// The reference data's six formulas, in percent.
const REFERENCE: [(&str, &str); 6] = [
    ("sl_offered", "81.13"),
    ("sl_offered_net", "81.90"),
    ("sl_short_positive", "82.08"),
    ("sl_ignore", "82.69"),
    ("sl_positive", "83.02"),
    ("sl_answered", "86.00"),
];

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What a command prints that succeeds.
fn printed(command: &mut Command) -> String {
    let output = command.output().expect("tablica runs");
    text_of(output, &format!("{command:?}"))
}

fn text_of(output: Output, what: &str) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(output.status.success(), "{what}: {said}{text}");
    text
}

/// `tablica plugin run`, with settings where the sample needs them.
fn decoded(plugin: &str, kind: &str, files: &[&str], settings: Option<&Value>) -> String {
    let folder = tempfile::tempdir().unwrap();
    let mut command = tablica();
    command.args(["plugin", "run", plugin, "--as", kind]);
    if let Some(settings) = settings {
        let file = folder.path().join("settings.json");
        fs::write(&file, settings.to_string()).unwrap();
        command.arg("--settings").arg(file);
    }
    command.arg("--input").args(files.iter().map(|file| sample(plugin, file)));
    printed(&mut command)
}

fn sample(plugin: &str, file: &str) -> PathBuf {
    project().join("plugins").join(plugin).join("samples").join(file)
}

/// The events among the printed lines, one a line: whose, where, who, and what happened. The rest
/// are calls, commands and replies.
fn check(lines: &str, expected: Expect) {
    let mut shown = String::new();
    for line in lines.lines() {
        let event: Value = serde_json::from_str(line).expect("JSON lines");
        if event.get("kind").is_none() {
            continue;
        }
        let words = ["interaction", "queue", "agent"].map(|key| event[key].as_str());
        let words: Vec<_> = words.into_iter().flatten().collect();
        let kind = event["kind"].to_string();
        shown.push_str(&[words.as_slice(), &[&kind]].concat().join(" "));
        shown.push('\n');
    }
    expected.assert_eq(&shown);
}

fn updates(files: &[&str]) -> String {
    decoded("telegram", "webhook", files, None)
}

fn queue_log(file: &str) -> String {
    decoded("asterisk-queuelog", "line", &[file], None)
}

/// Who called, by the lines of a queue_log with these numbers in the place of the caller's.
fn callers(numbers: &[&str], settings: &str) -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    let (log, file) = (folder.path().join("queue_log"), folder.path().join("settings.toml"));
    let entered = |(call, number): (usize, &&str)| {
        format!("179577{call:04}|179577{call:04}.1|sales|NONE|ENTERQUEUE||{number}|1\n")
    };
    fs::write(&log, numbers.iter().enumerate().map(entered).collect::<String>()).unwrap();
    fs::write(&file, settings).unwrap();
    let mut command = tablica();
    command.args(["plugin", "run", "asterisk-queuelog", "--as", "line", "--settings"]);
    let lines = printed(command.arg(&file).arg("--input").arg(&log));
    let events = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON lines"));
    let queued = events.filter(|event| event["kind"] == "queued");
    queued.map(|event| event["customer"].clone()).collect()
}

#[test]
fn a_caller_is_one_customer_however_the_network_writes_the_number() {
    let spellings = [
        "48601222333",
        "+48601222333",
        "601222333",
        "0601222333",
        "0048601222333",
        "(+48) 601-222-333",
        "601\u{2011}222\u{2011}333",
        "tel:+48601222333",
    ];
    let callers = callers(&spellings, "country_code = \"48\"");
    assert_eq!(callers.len(), spellings.len());
    for (caller, spelling) in callers.iter().zip(spellings) {
        assert_eq!(caller.as_array().map(Vec::len), Some(1), "{spelling}");
        assert_eq!(caller, &callers[0], "{spelling}");
    }
}

#[test]
fn who_withholds_the_number_is_nobody_and_so_is_an_extension() {
    let words = ["anonymous", "unavailable", "Restricted", "7001", "70012", "", "Anna Nowak"];
    for settings in ["", "country_code = \"48\"", "country_code = \"49\""] {
        assert_eq!(callers(&words, settings), vec![Value::Null; words.len()], "{settings}");
    }
}

#[test]
fn with_a_config_events_are_in_the_channels_queue() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("tablica.toml");
    let text = r#"
        [channel.tg]
        plugin = "telegram"
        queue = "social"
        secret = { env = "TABLICA_NOT_SET" }

        [queue.social]
        reply_threshold = "1m"
    "#;
    fs::write(&config, text).unwrap();
    let mut command = tablica();
    command.args(["plugin", "run", "telegram", "--as", "webhook", "--config"]).arg(&config);
    let lines = printed(command.arg("--input").arg(sample("telegram", "message.json")));
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON lines"));
    let events: Vec<_> = lines.filter(|line| line.get("kind").is_some()).collect();
    assert!(!events.is_empty());
    for event in &events {
        assert_eq!((&event["channel"], &event["queue"]), (&json!("tg"), &json!("social")));
    }
}

#[test]
fn what_nobody_wrote_to_us_is_no_message() {
    check(&updates(&["service-pinned.json", "service-members.json"]), expect![[""]]);
    check(&updates(&["channel-post.json", "message-reaction.json"]), expect![[""]]);
    check(&updates(&["discussion-1-forward.json"]), expect![[""]]);
}

#[test]
fn an_edited_message_is_no_further_one() {
    check(
        &updates(&["edited-message.json"]),
        expect![[r#"
        5150001 {"edited":{"author":"customer","language":"pl","length":24,"medium":"message","public":false,"sentiment":"unknown"}}
    "#]],
    );
}

#[test]
fn an_anonymous_administrator_is_an_agent() {
    check(
        &updates(&["anonymous-admin.json"]),
        expect![[r#"
        -1002001234567 Support {"message":{"author":"agent","length":23,"medium":"message","public":false,"sentiment":"unknown"}}
    "#]],
    );
}

#[test]
fn a_group_that_migrates_is_the_same_contact() {
    let files = [
        "migration-1-before.json",
        "migration-2-to.json",
        "migration-3-from.json",
        "migration-4-after.json",
    ];
    let settings = json!({"agents": [9_000_001]});
    check(
        &decoded("telegram", "webhook", &files, Some(&settings)),
        expect![[r#"
        -4001234 {"message":{"author":"customer","language":"pl","length":6,"medium":"message","public":false,"sentiment":"unknown"}}
        -4001234 9000001 {"message":{"author":"agent","length":28,"medium":"message","public":false,"sentiment":"unknown"}}
    "#]],
    );
}

#[test]
fn who_blocks_the_bot_has_left() {
    check(
        &updates(&["blocked.json"]),
        expect![[r#"
        5150001 {"left":{"reason":"blocked"}}
    "#]],
    );
}

#[test]
fn an_album_is_one_message() {
    let lines = updates(&["album-1.json", "album-2.json", "album-3.json"]);
    let at = "2026-11-22T12:00:00Z";
    let report = replayed(&lines, at);
    assert_eq!(figure(&report, "messages", json!({})), json!({"state": "number", "value": 1.0}));
}

#[test]
fn a_business_accounts_owner_answers_and_its_bots_do_not() {
    let files = [
        "business-1-connection.json",
        "business-2-customer.json",
        "business-3-greeting.json",
        "business-4-bot.json",
        "business-5-owner.json",
        "business-6-edited.json",
        "business-7-deleted.json",
    ];
    check(
        &updates(&files),
        expect![[r#"
        KLmn0PqR7xYz:5150002 {"message":{"author":"customer","language":"ru","length":35,"medium":"message","public":false,"sentiment":"unknown"}}
        KLmn0PqR7xYz:5150002 {"message":{"author":"bot","length":48,"medium":"message","public":false,"sentiment":"unknown"}}
        KLmn0PqR7xYz:5150002 {"message":{"author":"bot","length":20,"medium":"message","public":false,"sentiment":"unknown"}}
        KLmn0PqR7xYz:5150002 9000001 {"message":{"author":"agent","length":12,"medium":"message","public":false,"sentiment":"unknown"}}
        KLmn0PqR7xYz:5150002 {"edited":{"author":"customer","language":"ru","length":14,"medium":"message","public":false,"sentiment":"unknown"}}
    "#]],
    );
}

#[test]
fn an_attended_transfer_goes_on_under_the_consultations_id() {
    check(
        &queue_log("attended-transfer.log"),
        expect![[r#"
            1717397243.239826 1501 {"opened":{"direction":"inbound","medium":"call","public":false}}
            1717397243.239826 1501 "queued"
            1717397243.239826 1501 PJSIP/7009 {"answered":{"ring_ms":11000,"wait_ms":12000}}
            1717397243.239826 1501 PJSIP/7009 {"transferred":{"to_queue":"1509","way":"attended"}}
            1717397243.239826 1501 PJSIP/7009 {"talk_ended":{"by":"agent","talk_ms":120000}}
            1717397243.239826 1501 PJSIP/7009 "wrapped_up"
            1717397243.239826 1509 "queued"
            1717397243.239826 1509 PJSIP/7051 {"answered":{"ring_ms":6000,"wait_ms":7000}}
            1717397243.239826 1509 PJSIP/7051 {"talk_ended":{"by":"agent","talk_ms":173000}}
            1717397243.239826 1509 PJSIP/7051 "wrapped_up"
        "#]],
    );
}

#[test]
fn ringing_without_an_answer_is_in_milliseconds_and_zero_is_a_value() {
    check(
        &queue_log("queue.log"),
        expect![[r#"
        1717397243.10 sales {"opened":{"direction":"inbound","medium":"call","public":false}}
        1717397243.10 sales "queued"
        1717397243.10 sales PJSIP/7001 {"ring_missed":{"ring_ms":0}}
        1717397243.10 sales PJSIP/7002 {"ring_missed":{"ring_ms":5000}}
        1717397243.10 sales PJSIP/7003 {"answered":{"ring_ms":7000,"wait_ms":12000}}
        1717397243.10 sales PJSIP/7003 "held"
        1717397243.10 sales PJSIP/7003 "resumed"
        1717397243.10 sales PJSIP/7003 {"talk_ended":{"by":"customer","talk_ms":120000}}
        1717397243.10 sales PJSIP/7003 "wrapped_up"
        1717397400.12 sales {"opened":{"direction":"inbound","medium":"call","public":false}}
        1717397400.12 sales "queued"
        1717397400.12 sales {"abandoned":{"wait_ms":7000}}
    "#]],
    );
}

#[test]
fn lines_of_old_servers_have_fewer_fields() {
    check(
        &queue_log("old.log"),
        expect![[r#"
        1073506137.3 support {"opened":{"direction":"inbound","medium":"call","public":false}}
        1073506137.3 support "queued"
        1073506137.3 support Agent/8002 {"ring_missed":{}}
        1073506137.3 support Agent/8001 {"answered":{"wait_ms":20000}}
        1073506137.3 support Agent/8001 {"talk_ended":{"by":"agent","talk_ms":80000}}
        1073506137.3 support Agent/8001 "wrapped_up"
        1073506290.4 support {"opened":{"direction":"inbound","medium":"call","public":false}}
        1073506290.4 support "queued"
        1073506290.4 support Agent/8001 {"answered":{"wait_ms":10000}}
        1073506290.4 support Agent/8001 {"transferred":{"way":"blind"}}
        1073506290.4 support Agent/8001 {"talk_ended":{"by":"agent"}}
        1073506290.4 support Agent/8001 "wrapped_up"
    "#]],
    );
}

#[test]
fn a_restart_of_the_telephone_server_loses_what_was_under_way() {
    check(
        &queue_log("restart.log"),
        expect![[r#"
        1717800000.1 sales {"opened":{"direction":"inbound","medium":"call","public":false}}
        1717800000.1 sales "queued"
        1717800000.1 sales PJSIP/7009 {"answered":{"ring_ms":4000,"wait_ms":5000}}
        1717800010.3 sales {"opened":{"direction":"inbound","medium":"call","public":false}}
        1717800010.3 sales "queued"
        1717800000.1 sales PJSIP/7009 {"talk_ended":{"by":"system"}}
        1717800000.1 sales PJSIP/7009 "wrapped_up"
        1717800010.3 sales {"left":{"reason":"lost"}}
        {"feed":{"state":"restarted"}}
    "#]],
    );
}

/// `tablica replay` on what another command has printed.
fn replayed(events: &str, at: &str) -> Value {
    let mut replay = tablica()
        .args(["replay", "--events", "-", "--at", at, "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("tablica runs");
    let mut input = replay.stdin.take().expect("its input");
    input.write_all(events.as_bytes()).expect("it reads");
    drop(input);
    let text = text_of(replay.wait_with_output().expect("it ends"), "replay");
    serde_json::from_str(&text).expect("one JSON document")
}

/// A KPI's figure in a report, by its selector.
fn figure(report: &Value, kpi: &str, selector: Value) -> Value {
    let kpis = report["kpis"].as_array().expect("a list");
    let found = kpis.iter().find(|value| value["kpi"] == kpi && value["selector"] == selector);
    found.unwrap_or_else(|| panic!("no {kpi} of {selector}"))["figure"].clone()
}

#[test]
fn what_one_command_decodes_another_counts() {
    let report = replayed(&queue_log("attended-transfer.log"), "2024-06-03T06:53:20Z");
    for (queue, wait) in [("1501", 12.0), ("1509", 7.0)] {
        let number = |value: f64| json!({"state": "number", "value": value});
        assert_eq!(figure(&report, "offered", json!({"queue": queue})), number(1.0));
        assert_eq!(figure(&report, "asa", json!({"queue": queue})), number(wait));
    }
}

#[test]
fn the_reference_data_gives_six_service_levels() {
    let table = printed(
        tablica()
            .args(["replay", "--at", "2026-03-02T18:00:00Z", "--events"])
            .arg(project().join("tests/data/reference-service-level.jsonl")),
    );
    for (formula, percent) in REFERENCE {
        let row = table.lines().find(|line| line.trim_start().starts_with(&format!("{formula} ")));
        let row = row.unwrap_or_else(|| panic!("no {formula} in {table}"));
        assert!(row.contains(&format!(" {percent} %")), "{formula}: {row}");
    }
}
