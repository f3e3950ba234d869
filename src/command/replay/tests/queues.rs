//! Contacts for which the network names no queue.

use serde_json::Value;

use super::{CALL, file, path, printed};

/// Two messages for which no queue is named, of two channels, and a call in sales.
const WRITTEN: &str = r#"
{"id":"1","channel":"tg","at_ms":1772438400000,"interaction":"m1","kind":{"message":{"medium":"message","author":"customer"}}}
{"id":"2","channel":"mail","at_ms":1772438400000,"interaction":"m2","kind":{"message":{"medium":"mail","author":"customer"}}}
{"id":"3","channel":"tg","at_ms":1772438400000,"agent":"ann","kind":{"agent_state":{"status":"available"}}}
{"id":"4","channel":"tg","at_ms":1772438700000,"interaction":"m1","agent":"ann","kind":{"message":{"medium":"message","author":"agent","public":true}}}
{"id":"5","channel":"phone","at_ms":1772438400000,"interaction":"c1","queue":"sales","kind":"queued"}
"#;

/// In which `tg` is in that queue; in social one minute is promised.
fn config(queue: &str) -> tempfile::NamedTempFile {
    file(&format!(
        "[channel.tg]\nplugin = \"telegram\"\nqueue = \"{queue}\"\nsecret = {{ env = \"NONE\" }}\n\
         [queue.social]\nreply_threshold = \"1m\"\n"
    ))
}

const AT: [&str; 2] = ["--at", "2026-03-02T08:10:00Z"];

/// Each number's line.
fn lines(options: &[&str]) -> Vec<Value> {
    let text = printed(&[options, &["--format", "jsonl"]].concat()).expect("ok");
    text.lines().map(|line| serde_json::from_str(line).expect("a document")).collect()
}

/// What `offered` is of each queue, and of all.
fn offered(options: &[&str]) -> Vec<(Option<String>, Option<f64>)> {
    let lines = lines(&[options, &["--kpi", "offered"]].concat());
    let of_queues = lines.iter().filter(|line| line["selector"]["channel"].is_null());
    let queue = |line: &Value| line["selector"]["queue"].as_str().map(str::to_owned);
    of_queues.map(|line| (queue(line), line["value"].as_f64())).collect()
}

#[test]
fn events_of_a_file_get_their_channels_queue_as_a_server_gives_it() {
    let (events, config) = (file(WRITTEN), config("social"));
    let of = ["--events", path(&events), "--config", path(&config)];
    let asked = ["--queue", "social", "--kpi", "offered", "--kpi", "sl_offered"];
    let lines = lines(&[&AT, of.as_slice(), asked.as_slice()].concat());
    assert_eq!(lines[0]["value"], 1.0, "one message came in");
    assert_eq!(lines[1]["value"], 0.0, "and was answered after five minutes, not one");
}

#[test]
fn contacts_in_no_queue_have_a_row_and_all_rows_add_up() {
    let events = file(WRITTEN);
    let of = [&AT, ["--events", path(&events)].as_slice()].concat();
    let rows = offered(&of);
    let queues = [None, Some("sales".to_owned()), Some(String::new())];
    assert_eq!(rows.iter().map(|row| row.0.clone()).collect::<Vec<_>>(), queues);
    assert_eq!(rows.iter().map(|row| row.1).collect::<Vec<_>>(), [Some(3.0), Some(1.0), Some(2.0)]);

    let text = printed(&[&of, ["--kpi", "offered"].as_slice()].concat()).expect("ok");
    assert!(text.contains("\n(no queue)\n"), "{text}");
    let csv = printed(&[&of, ["--kpi", "offered", "--format", "csv"].as_slice()].concat());
    let csv = csv.expect("ok");
    assert!(csv.contains(",offered,queue=(no queue),today,2,number,"), "{csv}");
}

#[test]
fn where_everybody_is_in_a_queue_there_is_no_such_row() {
    let events = file(CALL);
    let rows = offered(&[&AT, ["--events", path(&events)].as_slice()].concat());
    assert_eq!(rows, [(None, Some(1.0)), (Some("sales".to_owned()), Some(1.0))]);
}

#[test]
fn no_queue_can_be_asked_for_even_if_nobody_is_in_none() {
    let asked = |text: &str| {
        let events = file(text);
        offered(&[&AT, ["--events", path(&events), "--queue", ""].as_slice()].concat())
    };
    assert_eq!(asked(WRITTEN), [(Some(String::new()), Some(2.0))]);
    assert_eq!(asked(CALL).len(), 1, "a row, whatever is in it");
}

#[test]
fn a_queue_is_the_same_by_select_and_by_its_own_option() {
    let events = file(WRITTEN);
    let by = |option: &[&str]| {
        let of = ["--events", path(&events), "--kpi", "offered"];
        printed(&[&AT, of.as_slice(), option].concat())
    };
    let sales = by(&["--select", "queue=sales"]);
    assert!(sales.as_ref().is_ok_and(|text| text.contains("Queue sales")), "{sales:?}");
    assert_eq!(sales, by(&["--queue", "sales"]));
    assert_eq!(by(&["--select", "queue="]), by(&["--queue", ""]));
    assert_eq!(by(&["--select", "channel=tg"]), by(&["--channel", "tg"]));
    let nobody = by(&["--select", "queue=nobody"]).expect_err("unknown");
    assert_eq!(nobody, "no queue \"nobody\" was known by then; known is sales");
}

#[test]
fn what_contacts_are_selected_by_stands_above_their_numbers() {
    let events = file(WRITTEN);
    let of = ["--events", path(&events), "--kpi", "offered"];
    let only = ["--select", "kind=mail", "--select", "priority=high"];
    let text = printed(&[&AT, of.as_slice(), only.as_slice()].concat()).expect("ok");
    assert!(text.contains("\nAll contacts, only kind=mail,priority=high\n"), "{text}");
    assert!(text.contains("\nQueue sales, only kind=mail,priority=high\n"), "{text}");
}

#[test]
fn two_configs_with_different_queues_differ() {
    let (events, a, b) = (file(WRITTEN), config("social"), config("sales"));
    let span = ["--from", "2026-03-02T08:10:00Z", "--to", "2026-03-02T08:10:00Z"];
    let of = ["--events", path(&events), "--config", path(&a), "--diff", path(&b)];
    let differing = lines(&[&span, of.as_slice(), &["--kpi", "offered"]].concat());
    let sales = differing.iter().find(|line| line["selector"]["queue"] == "sales");
    let sales = sales.expect("the message is in sales, too");
    assert_eq!((&sales["a"], &sales["b"]), (&Value::from(1.0), &Value::from(2.0)));
    assert_eq!((&sales["a_state"], &sales["b_state"]), (&"number".into(), &"number".into()));
}
