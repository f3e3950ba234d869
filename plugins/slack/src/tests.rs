//! What samples cannot say: garbage, settings, mistakes that Slack tells, what is remembered.
#![allow(clippy::panic, reason = "how a test says what it got instead")]

use tablica_plugin::{Command, Frame, Response, Webhook};

use super::*;

const NOW_MS: u64 = 1_795_348_800_000;

fn slack(settings: &str) -> Slack {
    let setup = Setup { source: "socket".into(), ..Setup::new(settings) };
    Slack::new(&setup).unwrap_or_else(|failure| panic!("{failure:?}"))
}

fn call(slack: &mut Slack, body: &str) -> Result<Output, Failure> {
    slack.handle(NOW_MS, Input::Webhook(Webhook::post(body)))
}

fn message(channel: &str, user: &str, ts: u32, thread: Option<u32>) -> String {
    let thread = thread.map_or(String::new(), |ts| format!(r#","thread_ts":"{ts}.000100""#));
    format!(
        r#"{{"type":"event_callback","event_id":"Ev1","event":{{"type":"message","channel":"{channel}","user":"{user}","text":"?","ts":"{ts}.000100"{thread}}}}}"#
    )
}

#[test]
fn samples() {
    tablica_plugin::golden::check::<Slack>(env!("CARGO_MANIFEST_DIR"));
}

#[test]
fn garbage_is_refused() {
    let mut slack = slack("{}");
    for body in ["", "{", "<html>", "hello"] {
        let result = call(&mut slack, body);
        assert!(matches!(result, Err(Failure::BadInput(_))), "{body}: {result:?}");
    }
    for body in ["{}", "[]", "7", r#"{"type":7}"#, "payload=%7B%7D", "token=x&command=%2Fhelp"] {
        let result = call(&mut slack, body);
        assert!(matches!(result, Err(Failure::Unsupported(_))), "{body}: {result:?}");
    }
    for event in ["{}", "[]", r#"{"type":"message","channel":7}"#, r#"{"type":"message","ts":1.5}"#]
    {
        let result = call(&mut slack, &format!(r#"{{"type":"event_callback","event":{event}}}"#));
        assert!(matches!(result, Err(Failure::BadInput(_))), "{event}: {result:?}");
    }
    for event in [
        r#"{"type":"message"}"#,
        r#"{"type":"message","channel":"C1"}"#,
        r#"{"type":"team_join","user":{}}"#,
    ] {
        let result = call(&mut slack, &format!(r#"{{"type":"event_callback","event":{event}}}"#));
        assert_eq!(result, Ok(Output::default()), "{event}");
    }
    for (text, is_json) in [("{", false), ("{}", true), ("[]", true)] {
        let result = slack.handle(NOW_MS, Input::Frame(Frame::text("a", text)));
        match result {
            Err(Failure::BadInput(_)) => assert!(!is_json, "{text}"),
            Err(Failure::Unsupported(_)) => assert!(is_json, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn a_setting_that_makes_no_sense_is_named() {
    let cases = [
        (r#"{"agent":[]}"#, "/agent: unknown field"),
        (r#"{"agents":["ola"]}"#, "/agents: \"ola\" is no id"),
        (r##"{"channels":["#support"]}"##, "/channels: \"#support\" is no id"),
        (r#"{"whole_channels":["D0ANNA0001"]}"#, "/whole_channels: "),
        (r#"{"agent_teams":["acme"]}"#, "/agent_teams: "),
        (r#"{"customers":["T1"]}"#, "/customers: "),
        (r#"{"external":"yes"}"#, "/external: invalid type"),
    ];
    for (settings, key) in cases {
        match Slack::new(&Setup::new(settings)).err() {
            Some(Failure::Config(why)) => assert!(why.starts_with(key), "{why}"),
            other => panic!("{settings}: {other:?}"),
        }
    }
}

#[test]
fn a_wrong_token_is_a_mistake_in_the_settings() {
    let mut slack = slack("{}");
    let output = slack.start(NOW_MS).unwrap_or_default();
    let Some(Command::Fetch(asked)) = output.commands.first() else { panic!("{output:?}") };
    let refusal =
        Response::new(200, r#"{"ok":false,"error":"not_allowed_token_type"}"#, &asked.tag);
    match slack.handle(NOW_MS, Input::Response(refusal)) {
        Err(Failure::Config(why)) => assert!(why.contains("app_token"), "{why}"),
        other => panic!("{other:?}"),
    }
    // The operator may have put it right on Slack's side.
    let again = slack.handle(NOW_MS, Input::Timer("open".into())).unwrap_or_default();
    assert!(matches!(again.commands.first(), Some(Command::Fetch(_))));
}

#[test]
fn an_answer_that_comes_too_late_opens_no_second_link() {
    let mut slack = slack("{}");
    slack.start(NOW_MS).unwrap_or_default();
    slack.handle(NOW_MS, Input::Timer("open".into())).unwrap_or_default();
    let late = Response::new(
        200,
        r#"{"ok":true,"url":"wss://x.example"}"#,
        &format!("open:{}", NOW_MS + 1),
    );
    assert_eq!(slack.handle(NOW_MS, Input::Response(late)), Ok(Output::default()));
}

#[test]
fn an_address_of_plain_text_is_not_followed() {
    let mut slack = slack("{}");
    slack.start(NOW_MS).unwrap_or_default();
    let plain = Response::new(
        200,
        r#"{"ok":true,"url":"ws://x.example"}"#,
        &format!("open:{}", NOW_MS + 1),
    );
    let output = slack.handle(NOW_MS, Input::Response(plain)).unwrap_or_default();
    assert_eq!(output.commands, [Command::timer("open", 2_000)]);
}

#[test]
fn where_socket_mode_is_off_nothing_is_asked_again() {
    let mut slack = slack("{}");
    slack.start(NOW_MS).unwrap_or_default();
    let off = Frame::text("a", r#"{"type":"disconnect","reason":"link_disabled"}"#);
    let output = slack.handle(NOW_MS, Input::Frame(off)).unwrap_or_default();
    assert!(matches!(output.events[..], [Event { kind: Kind::Feed(FeedState::Down), .. }]));
    let timer = slack.handle(NOW_MS, Input::Timer("open".into()));
    assert_eq!(timer, Ok(Output::default()));
}

#[test]
fn a_webhook_channel_asks_for_nothing() {
    let setup = Setup { source: "webhook".into(), ..Setup::new("{}") };
    let mut slack = Slack::new(&setup).unwrap_or_else(|failure| panic!("{failure:?}"));
    assert_eq!(slack.start(NOW_MS), Ok(Output::default()));
}

#[test]
fn who_began_a_thread_is_remembered_over_a_restart_within_a_bound() {
    let mut slack = slack("{}");
    for ts in 1..3_000 {
        call(&mut slack, &message("C1", "U1", ts, None)).unwrap_or_default();
    }
    let bytes = slack.snapshot();
    assert!(bytes.len() < 64 << 10, "{} bytes", bytes.len());
    let mut next = self::slack("{}");
    assert_eq!(next.restore(&bytes), Ok(()));
    let author = |slack: &mut Slack, thread| {
        let output = call(slack, &message("C1", "U2", 9_999, Some(thread))).unwrap_or_default();
        match output.events.as_slice() {
            [Event { kind: Kind::Message(message), .. }] => message.author,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(author(&mut next, 2_999), tablica_plugin::Author::Peer);
    // Forgotten: better one customer too many than a question that nobody sees.
    assert_eq!(author(&mut next, 1), tablica_plugin::Author::Customer);
    assert!(matches!(next.restore(b"{"), Err(Failure::Config(_))));
}

#[test]
fn a_time_is_in_seconds_and_microseconds() {
    assert_eq!(wire::at_ms("1583636399.000700"), 1_583_636_399_000);
    assert_eq!(wire::at_ms("1583636399.999999"), 1_583_636_399_999);
    assert_eq!(wire::at_ms("1583636399"), 1_583_636_399_000);
    for none in ["", ".", "soon", "1e9.5", "-5.000100", "99999999999999999999.1"] {
        assert_eq!(wire::at_ms(none), 0, "{none}");
    }
}
