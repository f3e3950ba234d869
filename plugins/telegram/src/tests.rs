//! What samples cannot say: failures, polling, settings, restarts.
#![allow(clippy::panic, reason = "how a test says what it got instead")]

use tablica_plugin::{Command, Kind, Piece, Request, Response, Webhook, pieces, secret};

use super::*;

const POLL: &str = r#"{"mode":"poll"}"#;
const NOW_MS: u64 = 1_795_348_800_000;

fn telegram(settings: &str) -> Telegram {
    Telegram::new(&Setup::new(settings)).unwrap_or_else(|failure| panic!("{failure:?}"))
}

fn webhook(telegram: &mut Telegram, body: &str) -> Result<Output, Failure> {
    telegram.handle(NOW_MS, Input::Webhook(Webhook::post(body)))
}

fn answer(telegram: &mut Telegram, asked: &Request, body: &str) -> Result<Output, Failure> {
    let answer = Response::new(200, body, &asked.tag);
    telegram.handle(NOW_MS + 5_000, Input::Response(answer))
}

fn fetch(output: Result<Output, Failure>) -> Request {
    let commands = output.unwrap_or_else(|failure| panic!("{failure:?}")).commands;
    match commands.into_iter().next() {
        Some(Command::Fetch(request)) => request,
        other => panic!("no fetch but {other:?}"),
    }
}

fn body(request: &Request) -> serde_json::Value {
    let [Piece::Bytes(body)] = request.body.as_slice() else { panic!("{:?}", request.body) };
    serde_json::from_slice(body).unwrap_or_default()
}

#[test]
fn samples() {
    tablica_plugin::golden::check::<Telegram>(env!("CARGO_MANIFEST_DIR"));
}

#[test]
fn what_is_no_json_is_bad_input() {
    for body in ["", "{", "<html>", "update"] {
        let result = webhook(&mut telegram("{}"), body);
        assert!(matches!(result, Err(Failure::BadInput(_))), "{body}: {result:?}");
    }
}

#[test]
fn what_is_no_update_is_unsupported() {
    for body in ["{}", "[]", "7", r#"{"message":{"text":"x"}}"#, r#"{"update_id":"x"}"#] {
        let result = webhook(&mut telegram("{}"), body);
        assert!(matches!(result, Err(Failure::Unsupported(_))), "{body}: {result:?}");
    }
}

#[test]
fn a_broken_update_is_bad_input_that_names_it() {
    let result = webhook(&mut telegram("{}"), r#"{"update_id":7,"message":{"text":"x"}}"#);
    let Err(Failure::BadInput(why)) = result else { panic!("{result:?}") };
    assert!(why.contains("update 7") && why.contains("chat"), "{why}");
}

#[test]
fn a_setting_that_makes_no_sense_is_named() {
    let cases = [
        (r#"{"agent":[1]}"#, "/agent: unknown field"),
        (r#"{"agents":[1,"2"]}"#, "/agents/1: invalid type"),
        (r#"{"mode":"push"}"#, "/mode: unknown variant `push`"),
        (r#"{"rating_prefix":""}"#, "/rating_prefix: "),
        (r#"{"rating_scale":0}"#, "/rating_scale: "),
        (r#"{"poll_timeout_s":51}"#, "/poll_timeout_s: "),
    ];
    for (settings, key) in cases {
        match Telegram::new(&Setup::new(settings)).err() {
            Some(Failure::Config(why)) => assert!(why.starts_with(key), "{why}"),
            other => panic!("{settings}: {other:?}"),
        }
    }
}

#[test]
fn a_webhook_channel_asks_for_nothing() {
    assert_eq!(telegram("{}").start(NOW_MS), Ok(Output::default()));
}

#[test]
fn polling_confirms_what_it_has_and_goes_on() {
    let mut bot = telegram(POLL);
    let first = fetch(bot.start(NOW_MS));
    let address = pieces!["https://api.telegram.org/bot", secret("bot_token"), "/getUpdates"];
    assert_eq!(first.url, address);
    assert_eq!(body(&first)["offset"], serde_json::Value::Null);
    assert_eq!(body(&first)["timeout"], 25);

    let updates = r#"{"ok":true,"result":[{"update_id":10},{"update_id":11}]}"#;
    let second = fetch(answer(&mut bot, &first, updates));
    assert_eq!(body(&second)["offset"], 12);
}

#[test]
fn polling_goes_on_from_the_snapshot() {
    let mut bot = telegram(POLL);
    let first = fetch(bot.start(NOW_MS));
    fetch(answer(&mut bot, &first, r#"{"ok":true,"result":[{"update_id":10}]}"#));

    let mut next = telegram(POLL);
    assert_eq!(next.restore(&bot.snapshot()), Ok(()));
    assert_eq!(body(&fetch(next.start(NOW_MS)))["offset"], 11);
}

fn update(id: u64) -> String {
    format!(
        r#"{{"update_id":{id},"message":{{"message_id":{id},"from":{{"id":5,"is_bot":false}},"chat":{{"id":5,"type":"private"}},"date":1795000000,"text":"?"}}}}"#
    )
}

fn updates(ids: &[u64]) -> String {
    let updates: Vec<String> = ids.iter().map(|id| update(*id)).collect();
    format!(r#"{{"ok":true,"result":[{}]}}"#, updates.join(","))
}

#[test]
fn ids_that_begin_anew_are_followed_over_a_restart_too() {
    let mut bot = telegram(POLL);
    let first = fetch(bot.start(NOW_MS));
    let second = fetch(answer(&mut bot, &first, &updates(&[700_000_300, 700_000_301])));
    assert_eq!(body(&second)["offset"], 700_000_302);
    // A week later. Telegram answers with what it has, though that is below the offset.
    let mut bot = {
        let mut next = telegram(POLL);
        assert_eq!(next.restore(&bot.snapshot()), Ok(()));
        next
    };
    let asked = fetch(bot.start(NOW_MS));
    assert_eq!(body(&asked)["offset"], 700_000_302);
    let output = answer(&mut bot, &asked, &updates(&[31_000_004, 31_000_005]));
    let ids: Vec<_> = output.iter().flat_map(|output| &output.events).map(|e| &e.id).collect();
    assert_eq!(ids, ["m5:31000004", "m5:31000005"]);
    let asked = fetch(output);
    assert_eq!(body(&asked)["offset"], 31_000_006);
    let asked = fetch(answer(&mut bot, &asked, &updates(&[31_000_006])));
    assert_eq!(body(&asked)["offset"], 31_000_007);
}

#[test]
fn an_answer_that_comes_too_late_does_not_take_the_offset_back() {
    let mut bot = telegram(POLL);
    let late = fetch(bot.start(NOW_MS));
    let asked = fetch(bot.handle(NOW_MS, Input::Timer("getUpdates".into())));
    let asked = fetch(answer(&mut bot, &asked, &updates(&[40, 41, 42])));
    assert_eq!(body(&asked)["offset"], 43);
    answer(&mut bot, &late, &updates(&[40])).unwrap_or_default();
    let asked = fetch(bot.handle(NOW_MS, Input::Timer("getUpdates".into())));
    assert_eq!(body(&asked)["offset"], 43);
}

#[test]
fn an_answer_that_leads_nowhere_is_not_asked_for_at_once_again() {
    let mut bot = telegram(POLL);
    let first = fetch(bot.start(NOW_MS + 5_000));
    let nothing_new = r#"{"ok":true,"result":[{"no_id":1}]}"#;
    let output = answer(&mut bot, &first, nothing_new).unwrap_or_default();
    assert_eq!(output.commands, [Command::timer("getUpdates", 1_000)]);
    // Nor is what it did hold lost.
    let asked = fetch(bot.handle(NOW_MS + 5_000, Input::Timer("getUpdates".into())));
    let asked = fetch(answer(&mut bot, &asked, &updates(&[40])));
    let output = answer(&mut bot, &asked, &updates(&[40])).unwrap_or_default();
    assert_eq!(output.events[0].id, "m5:40");
    assert_eq!(output.commands, [Command::timer("getUpdates", 1_000)]);
}

#[test]
fn too_many_requests_wait_as_long_as_telegram_says() {
    let mut bot = telegram(POLL);
    let first = fetch(bot.start(NOW_MS));
    let refusal = r#"{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 7","parameters":{"retry_after":7}}"#;
    let output = answer(&mut bot, &first, refusal).unwrap_or_default();
    assert_eq!(output.commands, [Command::timer("getUpdates", 7_000)]);
    fetch(bot.handle(NOW_MS, Input::Timer("getUpdates".into())));
}

#[test]
fn a_webhook_in_the_way_is_a_mistake_in_the_settings() {
    let mut bot = telegram(POLL);
    let first = fetch(bot.start(NOW_MS));
    let refusal = r#"{"ok":false,"error_code":409,"description":"Conflict: can't use getUpdates method while webhook is active"}"#;
    match answer(&mut bot, &first, refusal) {
        Err(Failure::Config(why)) => assert!(why.contains("deleteWebhook"), "{why}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn without_an_answer_it_backs_off_further_each_time() {
    let mut bot = telegram(POLL);
    let mut asked = fetch(bot.start(NOW_MS));
    let mut waits = Vec::new();
    for _ in 0..8 {
        let none = Response::new(0, "connection refused", &asked.tag);
        let output = bot.handle(NOW_MS, Input::Response(none)).unwrap_or_default();
        match output.commands.as_slice() {
            [Command::Timer(timer)] => waits.extend(timer.after_ms),
            other => panic!("{other:?}"),
        }
        asked = fetch(bot.handle(NOW_MS, Input::Timer("getUpdates".into())));
    }
    assert_eq!(waits, [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
}

#[test]
fn every_request_has_a_watchdog_that_outlives_it() {
    let output = telegram(POLL).start(NOW_MS).unwrap_or_default();
    assert_eq!(output.commands[1], Command::timer("getUpdates", 55_000));
}

#[test]
fn an_answer_that_comes_too_late_is_counted_but_starts_no_second_poll() {
    let mut bot = telegram(POLL);
    let first = fetch(bot.start(NOW_MS));
    fetch(bot.handle(NOW_MS, Input::Timer("getUpdates".into())));
    let updates = r#"{"ok":true,"result":[{"update_id":3,"callback_query":{"from":{"id":1},"data":"rate:5"}}]}"#;
    let output = answer(&mut bot, &first, updates).unwrap_or_default();
    assert!(matches!(output.events[0].kind, Kind::Rated(_)));
    assert_eq!(output.commands, []);
}

#[test]
fn an_empty_answer_at_once_does_not_spin() {
    let mut bot = telegram(POLL);
    let first = fetch(bot.start(NOW_MS + 5_000));
    let output = answer(&mut bot, &first, r#"{"ok":true,"result":[]}"#).unwrap_or_default();
    assert_eq!(output.commands, [Command::timer("getUpdates", 1_000)]);
}

#[test]
fn a_migration_is_remembered_over_a_restart() {
    let mut bot = telegram("{}");
    let told = webhook(
        &mut bot,
        r#"{"update_id":1,"message":{"chat":{"id":-5},"migrate_to_chat_id":-100500}}"#,
    );
    assert_eq!(told, Ok(Output::default()));
    let mut next = telegram("{}");
    assert_eq!(next.restore(&bot.snapshot()), Ok(()));
    let update = r#"{"update_id":2,"message":{"chat":{"id":-100500,"type":"supergroup"},"from":{"id":9},"text":"?"}}"#;
    let output = webhook(&mut next, update).unwrap_or_default();
    assert_eq!(output.events[0].interaction, "-5");
}

#[test]
fn who_blocks_the_bot_has_left_the_topics_that_were_known_before_a_restart() {
    let mut bot = telegram("{}");
    for id in 1..=1_500 {
        let body = format!(
            r#"{{"update_id":{id},"message":{{"message_id":{id},"from":{{"id":5}},"chat":{{"id":5,"type":"private"}},"message_thread_id":{id},"is_topic_message":true,"text":"?"}}}}"#
        );
        webhook(&mut bot, &body).unwrap_or_default();
    }
    let mut next = telegram("{}");
    assert_eq!(next.restore(&bot.snapshot()), Ok(()));
    let blocked = r#"{"update_id":9000,"my_chat_member":{"chat":{"id":5,"type":"private"},"date":1,"new_chat_member":{"status":"kicked"}}}"#;
    let events = webhook(&mut next, blocked).unwrap_or_default().events;
    // The chat, and as many of its topics as are remembered.
    assert_eq!(events.len(), 1_001);
    assert_eq!((&*events[0].interaction, &*events[1_000].interaction), ("5", "5:1500"));
    assert_eq!(webhook(&mut next, blocked).unwrap_or_default().events.len(), 1);
}
