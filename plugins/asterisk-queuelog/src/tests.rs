//! What samples cannot say: failures, restarts, timers, limits.
#![allow(clippy::panic, reason = "how a test says what it got instead")]

use tablica_plugin::{Author, Command, Event, Kind, LeftReason, Moment};

use super::*;

mod order;
mod staff;
mod transfers;

const NOW_MS: u64 = 1_717_397_300_000;

fn queue_log(settings: &str) -> QueueLog {
    QueueLog::new(&Setup::new(settings)).unwrap_or_else(|failure| panic!("{failure:?}"))
}

/// Reads a line; where it stands does not matter to these tests.
fn read(log: &mut QueueLog, line: &str) -> Result<Output, Failure> {
    let line = Line { file: "q".into(), offset: 0, bytes: line.as_bytes().to_vec() };
    log.handle(NOW_MS, Input::Line(line))
}

fn read_all(log: &mut QueueLog, lines: &[&str]) -> Vec<Event> {
    let read = |line: &&str| read(log, line).unwrap_or_else(|failure| panic!("{failure:?}"));
    lines.iter().map(read).flat_map(|output| output.events).collect()
}

/// The events' kinds as they are in the journal, with contact, queue and agent.
fn told(events: &[Event]) -> Vec<String> {
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".into());
    let kind = |kind: &Kind| match kind {
        Kind::Opened(_) => "opened".into(),
        Kind::Queued => "queued".into(),
        Kind::Answered(answered) => format!("answered {:?}", answered.wait_ms.unwrap_or_default()),
        Kind::Transferred(to) => format!("transferred to {}", or_none(&to.to_queue)),
        Kind::TalkEnded(ended) => format!("ended {:?}", ended.talk_ms.unwrap_or_default()),
        Kind::WrappedUp => "wrapped up".into(),
        Kind::Abandoned(_) => "abandoned".into(),
        Kind::Left(reason) => format!("left {reason:?}"),
        Kind::RingMissed(_) => "ring missed".into(),
        Kind::AgentState(said) => format!("{:?}", said.status),
        other => format!("{other:?}"),
    };
    let line = |event: &Event| {
        let words = [
            (at_ms(event) % 1_000_000).to_string(),
            event.interaction.clone(),
            or_none(&event.queue),
            or_none(&event.agent),
            kind(&event.kind).replace("LeftReason::", "").replace("AgentStatus::", ""),
        ];
        words.join(" ")
    };
    events.iter().map(line).collect()
}

fn at_ms(event: &Event) -> u64 {
    match &event.at {
        Moment::Utc(ms) => *ms,
        other => panic!("{other:?}"),
    }
}

/// What was told, in the order of the events' own times.
fn in_time(events: &[Event]) -> Vec<String> {
    let mut events = events.to_vec();
    events.sort_by_key(at_ms);
    told(&events)
}

fn restarted(log: &QueueLog, settings: &str) -> QueueLog {
    let mut next = queue_log(settings);
    assert_eq!(next.restore(&log.snapshot()), Ok(()));
    next
}

#[test]
fn samples() {
    tablica_plugin::golden::check::<QueueLog>(env!("CARGO_MANIFEST_DIR"));
}

#[test]
fn what_is_no_line_of_a_queue_log_is_bad_input() {
    for line in [
        "garbage",
        "1717397259|1717397243.1|sales|NONE",
        "yesterday|1717397243.1|sales|NONE|ENTERQUEUE||1|1",
        "1717397259|1717397243.1|sales|NONE||",
        "-5|1.1|sales|NONE|ENTERQUEUE||1|1",
    ] {
        let result = read(&mut queue_log("{}"), line);
        assert!(matches!(result, Err(Failure::BadInput(_))), "{line}: {result:?}");
    }
}

#[test]
fn an_empty_line_and_windows_line_ends_do_no_harm() {
    let mut log = queue_log("{}");
    assert_eq!(read(&mut log, ""), Ok(Output::default()));
    let events = read_all(&mut log, &["1717397259|1.1|sales|NONE|ENTERQUEUE||79031396745|1\r"]);
    assert_eq!(events[0].customer, ["tel:79031396745"]);
}

#[test]
fn a_name_in_an_old_encoding_is_still_a_name() {
    let mut log = queue_log("{}");
    let bytes = b"1717397259|NONE|sales|Micha\xb3|ADDMEMBER|".to_vec();
    let line = Line { file: "q".into(), offset: 0, bytes };
    let output = log.handle(NOW_MS, Input::Line(line)).unwrap_or_default();
    assert_eq!(output.events[0].agent.as_deref(), Some("Micha\u{fffd}"));
}

#[test]
fn a_setting_that_makes_no_sense_is_named() {
    let cases = [
        (r#"{"wrapup":"15s"}"#, "/wrapup: "),
        (r#"{"wrap_up":"15"}"#, "/wrap_up: "),
        (r#"{"wrap_up":"2h"}"#, "/wrap_up: "),
        (r#"{"wrap_up_by_queue":{"sales":-1}}"#, "/wrap_up_by_queue/sales: "),
        (r#"{"country_code":"+48"}"#, "/country_code: "),
        (r#"{"members":{"PJSIP/101":""}}"#, "/members/PJSIP~1101: "),
        (r#"{"members":{"":"Anna"}}"#, "/members/: "),
    ];
    for (settings, key) in cases {
        match QueueLog::new(&Setup::new(settings)).err() {
            Some(Failure::Config(why)) => assert!(why.starts_with(key), "{why}"),
            other => panic!("{settings}: {other:?}"),
        }
    }
}

#[test]
fn the_same_line_has_the_same_id_and_another_one_at_its_place_has_not() {
    let first = "1717397259|1.1|sales|NONE|ENTERQUEUE||79031396745|1";
    let other = "1717397260|1.2|sales|NONE|ENTERQUEUE||79031396745|1";
    let id = |line| read_all(&mut queue_log("{}"), &[line])[0].id.clone();
    assert_eq!(id(first), id(first));
    assert_ne!(id(first), id(other));
}

#[test]
fn no_customer_is_in_a_snapshot() {
    let mut log = queue_log("{}");
    read_all(&mut log, &["1717397259|1.1|sales|NONE|ENTERQUEUE||79031396745|1"]);
    let snapshot = String::from_utf8(log.snapshot()).unwrap_or_default();
    assert!(snapshot.contains("1.1") && !snapshot.contains("79031396745"), "{snapshot}");
}

#[test]
fn after_work_ends_by_a_timer_when_the_log_is_silent_even_over_a_restart() {
    let settings = r#"{"wrap_up":"30s"}"#;
    let mut log = queue_log(settings);
    read_all(
        &mut log,
        &[
            "1717397259|1.1|sales|NONE|ENTERQUEUE||79031396745|1",
            "1717397271|1.1|sales|PJSIP/7009|CONNECT|12|1.2|11",
        ],
    );
    let output = read(&mut log, "1717397300|1.1|sales|PJSIP/7009|COMPLETECALLER|12|29|1");
    assert_eq!(output.unwrap_or_default().commands, [Command::timer("silence", 30_000)]);

    let mut log = restarted(&log, settings);
    let started = log.start(NOW_MS + 10_000).unwrap_or_default();
    assert_eq!(started.commands, [Command::timer("silence", 20_000)]);
    let ended = log.handle(NOW_MS + 30_000, Input::Timer("silence".into())).unwrap_or_default();
    assert_eq!(ended.commands, []);
    let [event] = &ended.events[..] else { panic!("{ended:?}") };
    assert_eq!((&event.kind, at_ms(event)), (&Kind::WrappedUp, NOW_MS + 30_000));
}

#[test]
fn a_restart_of_asterisk_ends_every_call_once() {
    let mut log = queue_log("{}");
    read_all(
        &mut log,
        &[
            "1717397259|1.1|sales|NONE|ENTERQUEUE||79031396745|1",
            "1717397260|1.2|sales|NONE|ENTERQUEUE||79031396746|2",
            "1717397271|1.1|sales|PJSIP/7009|CONNECT|12|1.2|11",
        ],
    );
    let start = "1717397300|NONE|NONE|NONE|QUEUESTART|";
    let kinds: Vec<Kind> = read_all(&mut log, &[start]).into_iter().map(|e| e.kind).collect();
    assert!(
        matches!(
            &kinds[..],
            [
                Kind::TalkEnded(ended),
                Kind::WrappedUp,
                Kind::Left(LeftReason::Lost),
                Kind::Feed(_)
            ] if ended.by == Author::System
        ),
        "{kinds:?}"
    );
    assert_eq!(read_all(&mut log, &[start]).len(), 1);
}

#[test]
fn a_flood_of_calls_is_bounded_and_the_oldest_is_said_to_be_lost() {
    let mut log = queue_log("{}");
    let mut lost = 0;
    for number in 0..20_010_u32 {
        let line = format!("1717397259|1.{number:05}|sales|NONE|ENTERQUEUE||79031396745|1");
        let events = read_all(&mut log, &[line.as_str()]);
        lost += events.iter().filter(|e| e.kind == Kind::Left(LeftReason::Lost)).count();
    }
    assert_eq!(lost, 10);
    assert_eq!(log.state.calls.drain().len(), 20_000);
}
