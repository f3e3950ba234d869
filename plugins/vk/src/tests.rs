//! What samples cannot say: failures, polling, settings, restarts.
#![allow(clippy::panic, reason = "how a test says what it got instead")]

use tablica_plugin::{Author, Command, Event, Kind, Request, Response, Webhook, pieces, secret};

use super::*;

const NOW_MS: u64 = 1_795_348_800_000;
const POLL: &str = r#"{"mode":"poll","group_id":123}"#;
const SERVER: &str = r#"{"response":{"key":"k&y","server":"https://lp.vk.com/whp/123","ts":"7"}}"#;

fn setup(settings: &str) -> Setup {
    let hosts = ["api.vk.com", "lp.vk.com"].map(str::to_owned).to_vec();
    Setup { hosts, ..Setup::new(settings) }
}

fn vk(settings: &str) -> Vk {
    Vk::new(&setup(settings)).unwrap_or_else(|failure| panic!("{failure:?}"))
}

fn webhook(vk: &mut Vk, body: &str) -> Result<Output, Failure> {
    vk.handle(NOW_MS, Input::Webhook(Webhook::post(body)))
}

fn answer_at(vk: &mut Vk, ms: u64, asked: &Request, body: &str) -> Result<Output, Failure> {
    vk.handle(ms, Input::Response(Response::new(200, body, &asked.tag)))
}

fn answer(vk: &mut Vk, asked: &Request, body: &str) -> Result<Output, Failure> {
    answer_at(vk, NOW_MS + 5_000, asked, body)
}

fn fetch(output: Result<Output, Failure>) -> Request {
    let commands = output.unwrap_or_else(|failure| panic!("{failure:?}")).commands;
    match commands.into_iter().next() {
        Some(Command::Fetch(request)) => request,
        other => panic!("no fetch but {other:?}"),
    }
}

fn polling(settings: &str) -> (Vk, Request) {
    let mut vk = vk(settings);
    let server = fetch(vk.start(NOW_MS));
    let asked = fetch(answer(&mut vk, &server, SERVER));
    (vk, asked)
}

#[test]
fn samples() {
    tablica_plugin::golden::check::<Vk>(env!("CARGO_MANIFEST_DIR"));
}

#[test]
fn what_is_no_event_is_refused_and_never_a_panic() {
    for body in
        ["", "{", "<html>", r#"{"type":"message_new"}"#, r#"{"type":"board_post_new","object":{}}"#]
    {
        let result = webhook(&mut vk("{}"), body);
        assert!(matches!(result, Err(Failure::BadInput(_))), "{body}: {result:?}");
    }
    for body in ["{}", "[]", "7", r#"{"type":7}"#] {
        let result = webhook(&mut vk("{}"), body);
        assert!(matches!(result, Err(Failure::Unsupported(_))), "{body}: {result:?}");
    }
    let extremes = r#"{"type":"wall_reply_new","group_id":-9223372036854775808,"object":{"id":9223372036854775807,"from_id":-9223372036854775808,"post_id":1,"date":18446744073709551615}}"#;
    assert!(webhook(&mut vk("{}"), extremes).is_ok());
}

#[test]
fn a_setting_that_makes_no_sense_is_named() {
    let cases = [
        (r#"{"admin":[1]}"#, "/admin: unknown field"),
        (r#"{"admins":[1,-2]}"#, "/admins/1: "),
        (r#"{"mode":"push"}"#, "/mode: unknown variant `push`"),
        (r#"{"mode":"poll"}"#, "/group_id: is needed"),
        (r#"{"api_replies":"nobody"}"#, "/api_replies: unknown variant"),
        (r#"{"rating_key":""}"#, "/rating_key: "),
        (r#"{"rating_scale":0}"#, "/rating_scale: "),
        (r#"{"poll_timeout_s":91}"#, "/poll_timeout_s: "),
    ];
    for (settings, key) in cases {
        match Vk::new(&setup(settings)).err() {
            Some(Failure::Config(why)) => assert!(why.starts_with(key), "{why}"),
            other => panic!("{settings}: {other:?}"),
        }
    }
}

#[test]
fn the_channels_source_decides_unless_the_settings_do() {
    assert_eq!(vk("{}").start(NOW_MS), Ok(Output::default()));
    let from_source = Setup { source: "poll".into(), ..setup(r#"{"group_id":123}"#) };
    let mut vk = Vk::new(&from_source).unwrap_or_else(|failure| panic!("{failure:?}"));
    assert!(fetch(vk.start(NOW_MS)).tag.starts_with("poll:"));
}

#[test]
fn the_token_goes_into_the_body_and_what_vk_said_is_escaped_in_the_address() {
    let mut vk = vk(POLL);
    let server = fetch(vk.start(NOW_MS));
    assert_eq!(server.url, pieces!["https://api.vk.com/method/groups.getLongPollServer"]);
    let fields = "group_id=123&v=5.199&access_token=";
    assert_eq!(server.body, pieces![fields, secret("access_token")]);
    let asked = fetch(answer(&mut vk, &server, SERVER));
    let address = "https://lp.vk.com/whp/123?act=a_check&key=k%26y&ts=7&wait=25";
    assert_eq!(asked.url, pieces![address]);
}

#[test]
fn a_server_that_is_not_granted_is_not_asked() {
    for server in
        ["https://lp.vk.ru/whp/1", "http://lp.vk.com/whp/1", "https://lp.vk.com@evil.example/"]
    {
        let mut vk = vk(POLL);
        let asked = fetch(vk.start(NOW_MS));
        let said = format!(r#"{{"response":{{"key":"k","server":"{server}","ts":7}}}}"#);
        let result = answer(&mut vk, &asked, &said);
        assert!(matches!(result, Err(Failure::Config(_))), "{server}: {result:?}");
    }
}

#[test]
fn a_restart_goes_on_at_its_place_without_the_old_key() {
    let (mut first, asked) = polling(POLL);
    fetch(answer(&mut first, &asked, r#"{"ts":"9","updates":[]}"#));
    let snapshot = first.snapshot();
    assert!(!String::from_utf8_lossy(&snapshot).contains("k&y"));
    let mut next = vk(POLL);
    assert_eq!(next.restore(&snapshot), Ok(()));
    let server = fetch(next.start(NOW_MS + 60_000));
    let asked = fetch(answer(&mut next, &server, SERVER));
    assert!(
        format!("{:?}", asked.url)
            == format!(
                "{:?}",
                pieces!["https://lp.vk.com/whp/123?act=a_check&key=k%26y&ts=9&wait=25"]
            )
    );
}

#[test]
fn a_token_that_is_refused_is_a_mistake_in_the_settings() {
    let mut vk = vk(POLL);
    let asked = fetch(vk.start(NOW_MS));
    let refusal = r#"{"error":{"error_code":5,"error_msg":"User authorization failed"}}"#;
    match answer(&mut vk, &asked, refusal) {
        Err(Failure::Config(why)) => assert!(why.contains("access_token"), "{why}"),
        other => panic!("{other:?}"),
    }
    // Other errors pass by themselves.
    let asked = fetch(vk.handle(NOW_MS, Input::Timer("poll".into())));
    let output = answer(&mut vk, &asked, r#"{"error":{"error_code":6}}"#).unwrap_or_default();
    assert_eq!(output.commands, [Command::timer("poll", 1_000)]);
}

#[test]
fn neither_an_empty_answer_at_once_nor_a_failure_spins() {
    let (mut vk, asked) = polling(POLL);
    let output = answer(&mut vk, &asked, r#"{"ts":"7","updates":[]}"#).unwrap_or_default();
    assert_eq!(output.commands, [Command::timer("poll", 1_000)]);
    let asked = fetch(vk.handle(NOW_MS + 6_000, Input::Timer("poll".into())));
    let output = answer_at(&mut vk, NOW_MS + 6_010, &asked, r#"{"failed":2}"#).unwrap_or_default();
    assert_eq!(output.commands, [Command::timer("poll", 1_000)]);
}

#[test]
fn every_request_has_a_watchdog_and_a_late_answer_starts_no_second_poll() {
    let (mut vk, late) = polling(POLL);
    let output = vk.handle(NOW_MS, Input::Timer("poll".into())).unwrap_or_default();
    assert_eq!(output.commands[1], Command::timer("poll", 55_000));
    let updates = r#"{"ts":"8","updates":[{"type":"message_deny","event_id":"e1","group_id":123,"object":{"user_id":5}}]}"#;
    let output = answer(&mut vk, &late, updates).unwrap_or_default();
    assert_eq!((output.events.len(), output.commands.len()), (1, 0));
}

#[test]
fn without_an_answer_it_backs_off_further_each_time() {
    let mut vk = vk(POLL);
    let mut asked = fetch(vk.start(NOW_MS));
    let mut waits = Vec::new();
    for _ in 0..8 {
        let none = Response::new(0, "connection refused", &asked.tag);
        let output = vk.handle(NOW_MS, Input::Response(none)).unwrap_or_default();
        match output.commands.as_slice() {
            [Command::Timer(timer)] => waits.extend(timer.after_ms),
            other => panic!("{other:?}"),
        }
        asked = fetch(vk.handle(NOW_MS, Input::Timer("poll".into())));
    }
    assert_eq!(waits, [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
}

fn comment(kind: &str, id: usize, more: &str) -> String {
    format!(
        r#"{{"type":"wall_reply_{kind}","group_id":123,"event_id":"{kind}{id}","object":{{"id":{id},"post_id":1,"owner_id":-123{more}}}}}"#
    )
}

fn removed_by(vk: &mut Vk, id: usize, deleter: i64) -> Author {
    let body = comment("delete", id, &format!(r#","deleter_id":{deleter}"#));
    let output = webhook(vk, &body).unwrap_or_else(|failure| panic!("{failure:?}"));
    match output.events.as_slice() {
        [Event { kind: Kind::Removed(removal), .. }] => removal.by,
        other => panic!("{other:?}"),
    }
}

#[test]
fn authors_are_known_over_a_restart_by_marks_that_name_nobody_and_not_for_ever() {
    let mut first = vk("{}");
    for id in 1..=1_100 {
        let body = comment("new", id, &format!(r#","from_id":{}"#, 5_550_000 + id));
        assert!(webhook(&mut first, &body).is_ok());
    }
    let snapshot = first.snapshot();
    assert!(snapshot.len() < 40_000, "{} bytes", snapshot.len());
    assert!(!String::from_utf8_lossy(&snapshot).contains("5551100"), "no customer's id");
    let mut next = vk("{}");
    assert_eq!(next.restore(&snapshot), Ok(()));
    assert_eq!(removed_by(&mut next, 1_100, 5_551_100), Author::Customer);
    assert_eq!(removed_by(&mut next, 1_099, 77), Author::Agent);
    assert_eq!(removed_by(&mut next, 100, 5_550_100), Author::System);
}
