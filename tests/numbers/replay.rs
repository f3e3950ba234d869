//! What the commands say of a file of events is what the server would have said.

use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::not_yet::hold;
use crate::support::server::tablica;

/// A message of 10:00 UTC on 2026-05-04 that names no queue, and its reply after five minutes.
const EVENTS: &str = concat!(
    r#"{"id":"1","channel":"social","at_ms":1777888800000,"interaction":"7","#,
    r#""kind":{"message":{"medium":"message","author":"customer"}}}"#,
    "\n",
    r#"{"id":"2","channel":"social","at_ms":1777889100000,"interaction":"7","agent":"ola","#,
    r#""kind":{"message":{"medium":"message","author":"agent"}}}"#,
    "\n",
);

const CONFIG: &str = "[channel.social]\nplugin = 'webform'\nqueue = 'community'\n\
                      secret = { env = 'NOBODY_HAS_SET_THIS' }\n\
                      [queue.community]\nreply_threshold = '2m'\n";

fn replay(folder: &Path, arguments: &[&str]) -> Output {
    let (events, config) = (folder.join("events.jsonl"), folder.join("tablica.toml"));
    std::fs::write(&events, EVENTS).expect("written");
    std::fs::write(&config, CONFIG).expect("written");
    let mut command = tablica();
    command.args(["replay", "--json", "--at", "2026-05-04T10:06:00Z", "--events"]).arg(events);
    command.arg("--config").arg(config).args(arguments).output().expect("tablica runs")
}

/// Figure by KPI and queue.
fn figure(output: &Output, kpi: &str, queue: &str) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let answer: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let kpis = answer["kpis"].as_array().expect("KPIs").iter();
    let mut found =
        kpis.filter(|one| one["kpi"] == kpi && one["selector"]["queue"].as_str() == Some(queue));
    found.next().map_or(Value::Null, |one| one["figure"]["value"].clone())
}

#[test]
fn a_channels_own_queue_holds_for_what_names_none() {
    hold("replay::a_channels_own_queue_holds_for_what_names_none", || {
        let folder = tempfile::tempdir().expect("a folder");
        let output = replay(folder.path(), &["--queue", "community"]);
        assert_eq!(figure(&output, "offered", "community"), 1.0);
        // Five minutes are more than the two of that queue, and less than the 15 of others.
        assert_eq!(figure(&output, "sl_offered", "community"), 0.0);
        assert_eq!(figure(&output, "frt", "community"), 300.0);
    });
}

/// What the API takes, the command takes: "" is the row of contacts without a queue.
#[test]
fn contacts_without_a_queue_have_a_row_of_their_own() {
    hold("replay::contacts_without_a_queue_have_a_row_of_their_own", || {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("other.toml"), "").expect("written");
        let other = folder.path().join("other.toml");
        let output = replay(folder.path(), &["--queue", ""]);
        assert_eq!(figure(&output, "offered", ""), Value::Null, "all have a queue");
        let events = folder.path().join("events.jsonl");
        let output = tablica()
            .args(["replay", "--json", "--at", "2026-05-04T10:06:00Z", "--queue", "", "--events"])
            .arg(events)
            .arg("--config")
            .arg(other)
            .output()
            .expect("tablica runs");
        assert_eq!(figure(&output, "offered", ""), 1.0);
    });
}
