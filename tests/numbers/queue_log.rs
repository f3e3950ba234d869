//! Logs as telephone systems write them, by way of the plugin that ships: one caller is one contact,
//! one leg is counted once, one person is one agent.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::not_yet::hold;
use crate::support::server::tablica;

/// 2026-05-04 10:00:00 UTC, where all logs begin.
const BEGIN: i64 = 1_777_888_800;

/// Lines whose times are seconds since [`BEGIN`].
fn log(lines: &[&str]) -> String {
    let dated = lines.iter().map(|line| {
        let (second, rest) = line.split_once('|').expect("a time");
        format!("{}|{rest}\n", BEGIN + second.parse::<i64>().expect("a number"))
    });
    dated.collect()
}

/// The plugin's events of these lines, one JSON object a line.
fn events(folder: &Path, lines: &[&str]) -> String {
    let input = folder.join("queue_log");
    std::fs::write(&input, log(lines)).expect("written");
    let mut command = tablica();
    command.args(["plugin", "run", "asterisk-queuelog", "--as", "line", "--input"]).arg(&input);
    let output = command.output().expect("tablica runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    said.lines().filter(|line| line.contains("\"kind\"")).map(|line| format!("{line}\n")).collect()
}

/// What a log led to half an hour after its beginning: figures by `KPI` and `KPI QUEUE`.
struct Told(BTreeMap<String, Value>);

impl Told {
    fn by(lines: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("events.jsonl");
        std::fs::write(&file, events(folder.path(), lines)).expect("written");
        let mut command = tablica();
        command.args(["replay", "--json", "--at", "2026-05-04T10:30:00Z", "--events"]).arg(&file);
        let output = command.output().expect("tablica runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let answer: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let mut told = BTreeMap::new();
        for one in answer["kpis"].as_array().expect("KPIs") {
            let kpi = one["kpi"].as_str().expect("an id");
            let selector = &one["selector"];
            let name = match (selector["queue"].as_str(), selector["channel"].as_str()) {
                (Some(queue), None) => format!("{kpi} {queue}"),
                (None, None) => kpi.to_owned(),
                _ => continue,
            };
            told.insert(name, one["figure"]["value"].clone());
        }
        Told(told)
    }

    fn is(&self, name: &str, figure: f64) {
        let got = self.0.get(name).unwrap_or_else(|| panic!("nothing of {name}"));
        assert_eq!(got.as_f64(), Some(figure), "{name}: {got}");
    }
}

#[test]
fn a_blind_transfer_into_another_queue_is_two_legs_of_one_contact() {
    hold("queue_log::a_blind_transfer_into_another_queue_is_two_legs_of_one_contact", || {
        let told = Told::by(&[
            "0|a.1|sales|NONE|ENTERQUEUE||48601000001|1",
            "12|a.1|sales|Ola|CONNECT|12|a.2|9",
            "52|a.1|sales|Ola|BLINDTRANSFER|1620|xfer|12|40|1",
            "52|a.1|billing|NONE|ENTERQUEUE||48601000001|1",
            "60|a.1|billing|Piotr|CONNECT|8|a.3|7",
            "80|a.1|billing|Piotr|COMPLETECALLER|8|20|1",
        ]);
        told.is("handled", 2.0);
        told.is("handled sales", 1.0);
        told.is("handled billing", 1.0);
        told.is("talk_time", 30.0);
        told.is("volume", 1.0);
        told.is("transfers_per_contact", 1.0);
        told.is("asa", 10.0);
        told.is("waiting", 0.0);
    });
}

/// Within one second lines stand in any order: the hand-over behind the entry into the next queue.
#[test]
fn the_old_legs_end_may_stand_behind_the_next_queues_entry() {
    hold("queue_log::the_old_legs_end_may_stand_behind_the_next_queues_entry", || {
        let transferred = Told::by(&[
            "0|b.1|sales|NONE|ENTERQUEUE||48601000002|1",
            "2|b.1|sales|Ola|CONNECT|2|b.2|1",
            "12|b.1|billing|NONE|ENTERQUEUE||48601000002|1",
            "12|b.1|sales|Ola|BLINDTRANSFER|1620|xfer|2|10|1",
            "20|b.1|billing|Piotr|CONNECT|8|b.3|7",
            "50|b.1|billing|Piotr|COMPLETEAGENT|8|30|1",
        ]);
        let ended = Told::by(&[
            "0|c.1|sales|NONE|ENTERQUEUE||48601000003|1",
            "2|c.1|sales|SIP/ola|CONNECT|2|c.2|1",
            "12|c.1|billing|NONE|ENTERQUEUE||48601000003|1",
            "12|c.1|sales|SIP/ola|COMPLETEAGENT|2|10|1",
            "20|c.1|billing|SIP/ola|CONNECT|8|c.3|7",
            "50|c.1|billing|SIP/ola|COMPLETEAGENT|8|30|1",
        ]);
        for told in [transferred, ended] {
            told.is("handled", 2.0);
            told.is("talk_time", 20.0);
            told.is("talk_time sales", 10.0);
            told.is("talk_time billing", 30.0);
            told.is("volume", 1.0);
            told.is("transfers_per_contact", 1.0);
            told.is("waiting", 0.0);
        }
    });
}

/// The consultation of a desk phone enters the second queue under an id and a number of its own.
#[test]
fn an_attended_transfer_into_a_queue_is_one_call_there() {
    hold("queue_log::an_attended_transfer_into_a_queue_is_one_call_there", || {
        let told = Told::by(&[
            "0|d.1|sales|NONE|ENTERQUEUE||48601000004|1",
            "3|d.1|sales|Ola|CONNECT|3|d.2|2",
            "20|d.4|support|NONE|ENTERQUEUE||7002|1",
            "30|d.1|sales|Ola|ATTENDEDTRANSFER|APP|Queue|3|27|1",
            "35|d.1|support|Piotr|CONNECT|15|d.6|14",
            "75|d.1|support|Piotr|COMPLETEAGENT|15|40|1",
        ]);
        told.is("offered support", 1.0);
        told.is("answered support", 1.0);
        told.is("waiting", 0.0);
        told.is("waiting support", 0.0);
        told.is("volume", 1.0);
        told.is("repeat_contacts", 0.0);
        told.is("handled", 2.0);
        told.is("transfers_per_contact", 1.0);
    });
}

#[test]
fn a_caller_taken_out_of_the_queue_has_left_it() {
    hold("queue_log::a_caller_taken_out_of_the_queue_has_left_it", || {
        let told = Told::by(&[
            "0|e.1|night|NONE|ENTERQUEUE||48601000005|1",
            "25|e.1|night|NONE|WITHDRAW|1|1|25|to|day",
        ]);
        told.is("flowed_out", 1.0);
        told.is("abandoned", 0.0);
        told.is("waiting", 0.0);
    });
}

#[test]
fn out_of_one_queue_and_answered_in_the_next_within_a_second() {
    hold("queue_log::out_of_one_queue_and_answered_in_the_next_within_a_second", || {
        let told = Told::by(&[
            "0|f.1|first|NONE|ENTERQUEUE||48601000006|1",
            "45|f.1|first|NONE|EXITWITHTIMEOUT|1|1|45",
            "45|f.1|second|NONE|ENTERQUEUE||48601000006|1",
            "45|f.1|second|SIP/104|CONNECT|0|f.2|0",
            "95|f.1|second|SIP/104|COMPLETECALLER|0|50|1",
        ]);
        told.is("waiting", 0.0);
        told.is("offered first", 1.0);
        told.is("flowed_out first", 1.0);
        told.is("answered second", 1.0);
        told.is("handled", 1.0);
        told.is("talk_time", 50.0);
    });
}

/// The caller is the second field, whatever stands in the fourth: a name, a number, nothing.
#[test]
fn the_callers_name_is_no_number() {
    hold("queue_log::the_callers_name_is_no_number", || {
        let endings = ["", "|Ola Kowal", "|Office 12", "|600700900", "|", "|48601999999"];
        let calls = endings.iter().enumerate().flat_map(|(number, ending)| {
            let second = number * 10;
            let call = format!("g.{number}|sales|NONE");
            [
                format!("{second}|{call}|ENTERQUEUE||48601000007|1{ending}"),
                format!("{}|{call}|ABANDON|1|1|5", second + 5),
            ]
        });
        let calls: Vec<String> = calls.collect();
        let lines: Vec<&str> = calls.iter().map(String::as_str).collect();
        let folder = tempfile::tempdir().expect("a folder");
        let said = events(folder.path(), &lines);
        let told = said.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        let known = told.map(|event| event["customer"].clone()).filter(|known| !known.is_null());
        let mut customers: Vec<Value> = known.collect();
        assert!(customers.len() >= 6, "{customers:?}");
        customers.dedup();
        assert_eq!(customers.len(), 1, "{customers:?}");
        assert_eq!(customers[0].as_array().map(Vec::len), Some(1), "{customers:?}");
    });
}

/// With two telephones, who takes one of them away is still there with the other.
#[test]
fn whoever_has_two_telephones_is_there_while_one_is() {
    hold("queue_log::whoever_has_two_telephones_is_there_while_one_is", || {
        let mut lines = vec![
            "0|NONE|sales|Ola|ADDMEMBER|",
            "1|NONE|sales|Ola|ADDMEMBER|",
            "60|NONE|sales|Ola|REMOVEMEMBER|",
        ];
        let told = Told::by(&lines);
        told.is("agents_available", 1.0);
        told.is("agents_offline", 0.0);
        lines.extend([
            "100|h.1|sales|NONE|ENTERQUEUE||48601000008|1",
            "105|h.1|sales|Ola|CONNECT|5|h.2|4",
            "165|h.1|sales|Ola|COMPLETECALLER|5|60|1",
        ]);
        let told = Told::by(&lines);
        told.is("agents_available", 1.0);
        // From 10:00:00 to 10:30:00 but for a minute in the call.
        told.is("time_available", 1740.0);
        lines.push("200|NONE|sales|Ola|REMOVEMEMBER|");
        let told = Told::by(&lines);
        told.is("agents_offline", 1.0);
        told.is("agents_available", 0.0);
    });
}

/// Some lines write the telephone, others the member's name: it is one person.
#[test]
fn a_member_is_one_person_by_telephone_and_by_name() {
    hold("queue_log::a_member_is_one_person_by_telephone_and_by_name", || {
        let told = Told::by(&[
            "0|MANAGER|support|IAX2/ola|ADDMEMBER|",
            "10|i.1|support|NONE|ENTERQUEUE||48601000009|1",
            "12|i.1|support|Ola|CONNECT|2|i.2|2",
            "40|i.1|support|Ola|COMPLETEAGENT|2|28|1",
            "300|MANAGER|support|IAX2/ola|REMOVEMEMBER|",
            "310|MANAGER|support|IAX2/ola|ADDMEMBER|PAUSED",
            "320|NONE|support|Ola|UNPAUSE|",
        ]);
        told.is("agents_available", 1.0);
        told.is("agents_offline", 0.0);
        told.is("agents_paused", 0.0);
    });
}
