//! What samples cannot say: failures, polling, settings, restarts.
#![allow(clippy::panic, reason = "how a test says what it got instead")]

use tablica_plugin::{Author, Command, Kind, Request, Response, Webhook, pieces, secret};

use super::*;

const NOW_MS: u64 = 1_795_348_800_000;
const POLL: &str = r#"{"mode":"poll"}"#;

fn max(settings: &str) -> Max {
    Max::new(&Setup::new(settings)).unwrap_or_else(|failure| panic!("{failure:?}"))
}

fn webhook(max: &mut Max, body: &str) -> Result<Output, Failure> {
    max.handle(NOW_MS, Input::Webhook(Webhook::post(body)))
}

fn answer(max: &mut Max, asked: &Request, status: u16, body: &str) -> Result<Output, Failure> {
    max.handle(NOW_MS + 5_000, Input::Response(Response::new(status, body, &asked.tag)))
}

fn fetch(output: Result<Output, Failure>) -> Request {
    let commands = output.unwrap_or_else(|failure| panic!("{failure:?}")).commands;
    match commands.into_iter().next() {
        Some(Command::Fetch(request)) => request,
        other => panic!("no fetch but {other:?}"),
    }
}

#[test]
fn samples() {
    tablica_plugin::golden::check::<Max>(env!("CARGO_MANIFEST_DIR"));
}

#[test]
fn garbage_is_bad_input_and_what_is_no_update_is_unsupported() {
    let cases = [
        "",
        "<html>",
        r#"{"update_type":"message_created"}"#,
        r#"{"update_type":"message_created","timestamp":"soon"}"#,
        r#"{"update_type":"message_removed","chat_id":1}"#,
        r#"{"update_type":"message_callback"}"#,
        r#"{"update_type":"bot_stopped"}"#,
    ];
    for body in cases {
        let result = webhook(&mut max("{}"), body);
        assert!(matches!(result, Err(Failure::BadInput(_))), "{body}: {result:?}");
    }
    for body in ["{}", "[]", "7", r#"{"update_id":7}"#] {
        let result = webhook(&mut max("{}"), body);
        assert!(matches!(result, Err(Failure::Unsupported(_))), "{body}: {result:?}");
    }
}

#[test]
fn a_setting_that_makes_no_sense_is_named() {
    let cases = [
        (r#"{"agent":[1]}"#, "/agent: unknown field"),
        (r#"{"agents":[1,"2"]}"#, "/agents/1: invalid type"),
        (r#"{"mode":"push"}"#, "/mode: unknown variant"),
        (r#"{"rating_prefix":""}"#, "/rating_prefix: "),
        (r#"{"rating_scale":0}"#, "/rating_scale: "),
        (r#"{"poll_timeout_s":91}"#, "/poll_timeout_s: "),
    ];
    for (settings, key) in cases {
        match Max::new(&Setup::new(settings)).err() {
            Some(Failure::Config(why)) => assert!(why.starts_with(key), "{why}"),
            other => panic!("{settings}: {other:?}"),
        }
    }
    assert_eq!(max("{}").start(NOW_MS), Ok(Output::default()));
}

#[test]
fn the_token_goes_into_a_header_and_the_marker_over_a_restart() {
    let mut bot = max(POLL);
    let asked = fetch(bot.start(NOW_MS));
    assert_eq!(asked.headers[0].value, pieces![secret("bot_token")]);
    let types = "message_created,message_edited,message_removed,message_callback,comment_created,comment_edited,comment_removed,bot_stopped";
    let address =
        format!("https://platform-api2.max.ru/updates?limit=100&timeout=30&types={types}");
    assert_eq!(asked.url, pieces![address.clone()]);
    let asked = fetch(answer(&mut bot, &asked, 200, r#"{"updates":[],"marker":9007199254740993}"#));
    assert_eq!(asked.url, pieces![format!("{address}&marker=9007199254740993")]);
    let mut next = max(POLL);
    assert_eq!(next.restore(&bot.snapshot()), Ok(()));
    assert_eq!(fetch(next.start(NOW_MS)).url, asked.url);
}

#[test]
fn the_host_that_is_granted_is_asked() {
    let hosts = vec!["platform-api.max.ru".to_owned()];
    let setup = Setup { hosts, source: "poll".into(), ..Setup::new("{}") };
    let mut bot = Max::new(&setup).unwrap_or_else(|failure| panic!("{failure:?}"));
    let asked = format!("{:?}", fetch(bot.start(NOW_MS)).url);
    assert!(!asked.is_empty());
    let tablica_plugin::Piece::Bytes(address) = fetch(bot.start(NOW_MS)).url.remove(0) else {
        panic!("{asked}")
    };
    assert!(address.starts_with(b"https://platform-api.max.ru/"));
}

#[test]
fn what_only_the_operator_can_mend_is_told() {
    for (status, word) in [(401, "bot_token"), (405, "webhook")] {
        let mut bot = max(POLL);
        let asked = fetch(bot.start(NOW_MS));
        match answer(&mut bot, &asked, status, r#"{"code":"x","message":"y"}"#) {
            Err(Failure::Config(why)) => assert!(why.contains(word), "{why}"),
            other => panic!("{other:?}"),
        }
        fetch(bot.handle(NOW_MS, Input::Timer("updates".into())));
    }
}

#[test]
fn neither_a_late_answer_nor_an_empty_one_at_once_nor_a_failure_spins() {
    let mut bot = max(POLL);
    let late = fetch(bot.start(NOW_MS));
    let asked = fetch(bot.handle(NOW_MS + 5_000, Input::Timer("updates".into())));
    let stopped =
        r#"{"updates":[{"update_type":"bot_stopped","timestamp":1,"chat_id":5}],"marker":7}"#;
    let output = answer(&mut bot, &late, 200, stopped).unwrap_or_default();
    assert_eq!((output.events.len(), output.commands.len()), (1, 0));
    let output = answer(&mut bot, &asked, 200, r#"{"updates":[]}"#).unwrap_or_default();
    assert_eq!(output.commands, [Command::timer("updates", 1_000)]);
    let mut waits = Vec::new();
    for _ in 0..8 {
        let asked = fetch(bot.handle(NOW_MS, Input::Timer("updates".into())));
        let output = answer(&mut bot, &asked, 0, "connection refused").unwrap_or_default();
        match output.commands.as_slice() {
            [Command::Timer(timer)] => waits.extend(timer.after_ms),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(waits, [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
}

#[test]
fn authors_are_known_over_a_restart_by_marks_that_name_nobody() {
    let message = r#"{"update_type":"message_created","timestamp":1,"message":{"sender":{"user_id":5551100},"recipient":{"chat_id":5,"chat_type":"dialog"},"timestamp":1,"body":{"mid":"m1","seq":1,"text":"?"}}}"#;
    let mut first = max("{}");
    for _ in 0..1_100 {
        assert!(webhook(&mut first, message).is_ok());
    }
    let snapshot = first.snapshot();
    assert!(snapshot.len() < 40_000, "{} bytes", snapshot.len());
    assert!(!String::from_utf8_lossy(&snapshot).contains("5551100"));
    let mut next = max("{}");
    assert_eq!(next.restore(&snapshot), Ok(()));
    for (user, by) in [(5_551_100, Author::Customer), (6, Author::Agent)] {
        let removed = format!(
            r#"{{"update_type":"message_removed","timestamp":2,"message_id":"m1","chat_id":5,"user_id":{user}}}"#
        );
        let output = webhook(&mut next, &removed).unwrap_or_default();
        assert!(matches!(&output.events[0].kind, Kind::Removed(removal) if removal.by == by));
    }
}

#[test]
fn only_what_is_written_as_a_telephone_is_one() {
    let shared = |card: &str| {
        let update = format!(
            r#"{{"update_type":"message_created","timestamp":1,"message":{{"sender":{{"user_id":5}},"recipient":{{"chat_id":5,"chat_type":"dialog"}},"body":{{"mid":"m","attachments":[{{"type":"contact","payload":{{"max_info":{{"user_id":5}},"vcf_info":"{card}"}}}}]}}}}}}"#
        );
        let setup = Setup { country_code: Some("7".into()), ..Setup::new("{}") };
        let mut bot = Max::new(&setup).unwrap_or_else(|failure| panic!("{failure:?}"));
        let output = webhook(&mut bot, &update).unwrap_or_default();
        output.events.into_iter().next().and_then(|event| event.customer.into_iter().nth(1))
    };
    assert_eq!(shared("TEL;CELL:+48 600 100 200").as_deref(), Some("tel:+48600100200"));
    assert_eq!(shared("item1.TEL:79001234567").as_deref(), Some("tel:+79001234567"));
    assert_eq!(shared("TEL:89001234567").as_deref(), Some("tel:89001234567;phone-context=+7"));
    for none in ["", "FN:79001234567", "TEL:", "TEL:secret", "NOTE:TEL:79001234567"] {
        assert_eq!(shared(none), None, "{none}");
    }
}
