//! What samples cannot say: garbage, settings, every close code, what is granted, what is remembered.
#![allow(clippy::panic, reason = "how a test says what it got instead")]

use tablica_plugin::{Command, Frame, Kind, LinkDown, LinkUp, Piece, Response, Webhook};

use super::*;

const NOW_MS: u64 = 1_795_348_800_000;
const RESUMED_AT: &str = "gateway-us-east1-b.discord.gg";

fn discord(settings: &str, hosts: &[&str]) -> Discord {
    let hosts = hosts.iter().map(|host| (*host).to_owned()).collect();
    let setup = Setup { hosts, source: "socket".into(), ..Setup::new(settings) };
    Discord::new(&setup).unwrap_or_else(|failure| panic!("{failure:?}"))
}

fn frame(discord: &mut Discord, text: &str) -> Result<Output, Failure> {
    discord.handle(NOW_MS, Input::Frame(Frame::text(LINK, text)))
}

fn down(discord: &mut Discord, code: Option<u16>) -> Output {
    let down = Input::Disconnected(LinkDown::new(LINK, code, "closed"));
    discord.handle(NOW_MS, down).unwrap_or_else(|failure| panic!("{failure:?}"))
}

/// With a session that has begun.
fn begun(hosts: &[&str]) -> Discord {
    let mut discord = discord("{}", hosts);
    discord.handle(NOW_MS, Input::Connected(LinkUp::new(LINK))).unwrap_or_default();
    frame(&mut discord, r#"{"op":10,"d":{"heartbeat_interval":41250}}"#).unwrap_or_default();
    let ready = format!(
        r#"{{"op":0,"s":1,"t":"READY","d":{{"session_id":"s\"1","resume_gateway_url":"wss://{RESUMED_AT}"}}}}"#
    );
    frame(&mut discord, &ready).unwrap_or_default();
    discord
}

fn bytes(pieces: &[Piece]) -> String {
    let text = |piece: &Piece| match piece {
        Piece::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        _ => "SECRET".into(),
    };
    pieces.iter().map(text).collect()
}

fn address(output: &Output) -> Option<String> {
    output.commands.iter().find_map(|command| match command {
        Command::Connect(connect) => Some(bytes(&connect.address)),
        _ => None,
    })
}

fn sent(output: &Output) -> Option<String> {
    output.commands.iter().find_map(|command| match command {
        Command::Send(sent) => Some(bytes(&sent.data)),
        _ => None,
    })
}

#[test]
fn samples() {
    tablica_plugin::golden::check::<Discord>(env!("CARGO_MANIFEST_DIR"));
}

#[test]
fn garbage_is_refused() {
    let mut discord = discord("{}", &[]);
    for text in ["", "{", "<html>", r#"{"op":0"#] {
        let result = frame(&mut discord, text);
        assert!(matches!(result, Err(Failure::BadInput(_))), "{text}: {result:?}");
    }
    for text in [
        "{}",
        "[]",
        "7",
        r#"{"op":-1}"#,
        r#"{"op":0}"#,
        r#"{"op":0,"t":"READY","d":{}}"#,
        r#"{"op":10}"#,
        r#"{"op":10,"d":{"heartbeat_interval":"soon"}}"#,
        r#"{"op":0,"t":"MESSAGE_CREATE","d":{"id":"1","channel_id":"two"}}"#,
    ] {
        let result = frame(&mut discord, text);
        assert!(matches!(result, Err(Failure::Unsupported(_))), "{text}: {result:?}");
    }
    for body in ["{}", "[]", r#"{"type":"x"}"#, r#"{"type":3}"#] {
        let result = discord.handle(NOW_MS, Input::Webhook(Webhook::post(body)));
        assert!(matches!(result, Err(Failure::Unsupported(_))), "{body}: {result:?}");
    }
    let response = Input::Response(Response::new(200, "{}", "x"));
    assert!(matches!(discord.handle(NOW_MS, response), Err(Failure::BadInput(_))));
}

#[test]
fn a_setting_that_makes_no_sense_is_named() {
    let cases = [
        (r#"{"agent":[1]}"#, "/agent: unknown field"),
        (r#"{"agents":["Ola"]}"#, "/agents/0: not an id"),
        (r#"{"channels":[1,-2]}"#, "/channels/1: not an id"),
        (r#"{"solved_tags":[1.5]}"#, "/solved_tags/0: invalid type"),
        (r#"{"rating_prefix":""}"#, "/rating_prefix: "),
        (r#"{"rating_scale":0}"#, "/rating_scale: "),
        (r#"{"command_reply":""}"#, "/command_reply: "),
    ];
    for (settings, key) in cases {
        match Discord::new(&Setup::new(settings)).err() {
            Some(Failure::Config(why)) => assert!(why.starts_with(key), "{why}"),
            other => panic!("{settings}: {other:?}"),
        }
    }
    assert!(Discord::new(&Setup::new(r#"{"agents":[910000000000000001,"2"]}"#)).is_ok());
}

#[test]
fn each_close_code_says_what_comes_next() {
    let anew = [4001, 4003, 4005, 4007, 4009];
    let never = [4004, 4010, 4011, 4012, 4013, 4014];
    for code in [1000, 1001, 1006, 1009, 4000, 4002, 4006, 4008, 401, 503] {
        let mut discord = begun(&[RESUMED_AT]);
        let output = down(&mut discord, Some(code));
        assert_eq!(
            address(&output),
            Some(format!("wss://{RESUMED_AT}/?v=10&encoding=json")),
            "{code}"
        );
        assert!(discord.desk.state.session.is_some(), "{code}");
    }
    for code in anew {
        let mut discord = begun(&[RESUMED_AT]);
        let output = down(&mut discord, Some(code));
        let first = "wss://gateway.discord.gg/?v=10&encoding=json";
        assert_eq!(address(&output).as_deref(), Some(first), "{code}");
        assert!(discord.desk.state.session.is_none() && discord.desk.state.has_gap, "{code}");
    }
    for code in never {
        let output = down(&mut begun(&[RESUMED_AT]), Some(code));
        assert_eq!(address(&output), None, "{code}");
        assert!(matches!(output.events[..], [Event { kind: Kind::Feed(_), .. }]), "{code}");
        assert!(output.commands.iter().any(|it| matches!(it, Command::Log(_))), "{code}");
    }
}

#[test]
fn a_session_is_resumed_after_a_restart_and_where_it_is_granted() {
    let before = begun(&[]).snapshot();
    for (hosts, host) in [(vec![RESUMED_AT], RESUMED_AT), (vec![], "gateway.discord.gg")] {
        let mut discord = discord("{}", &hosts);
        assert_eq!(discord.restore(&before), Ok(()));
        let asked = address(&discord.start(NOW_MS).unwrap_or_default());
        assert_eq!(asked, Some(format!("wss://{host}/?v=10&encoding=json")));
        let hello = frame(&mut discord, r#"{"op":10,"d":{"heartbeat_interval":41250}}"#);
        let said = sent(&hello.unwrap_or_default());
        let resume = r#"{"op":6,"d":{"token":"SECRET","session_id":"s\"1","seq":1}}"#;
        assert_eq!(said.as_deref(), Some(resume));
    }
}

#[test]
fn a_session_of_another_host_is_not_followed_there() {
    let mut discord = discord("{}", &["gateway.example.com"]);
    let ready = r#"{"op":0,"s":1,"t":"READY","d":{"session_id":"s1","resume_gateway_url":"wss://gateway.example.com"}}"#;
    frame(&mut discord, ready).unwrap_or_default();
    let asked = address(&down(&mut discord, None));
    assert_eq!(asked.as_deref(), Some("wss://gateway.discord.gg/?v=10&encoding=json"));
}

#[test]
fn the_thousandth_session_of_a_day_is_not_begun() {
    let mut discord = discord("{}", &[]);
    let hello = r#"{"op":10,"d":{"heartbeat_interval":41250}}"#;
    for _ in 0..900 {
        assert!(sent(&frame(&mut discord, hello).unwrap_or_default()).is_some());
    }
    let output = frame(&mut discord, hello).unwrap_or_default();
    assert_eq!(sent(&output), None);
    assert!(output.commands.contains(&Command::timer("connect", 86_400_000)));
    discord.handle(NOW_MS, Input::Connected(LinkUp::new(LINK))).unwrap_or_default();
    let tomorrow = discord.handle(NOW_MS + 86_400_000, Input::Timer("connect".into()));
    assert!(sent(&tomorrow.unwrap_or_default()).is_some());
}

#[test]
fn a_connection_that_says_nothing_is_closed() {
    let mut discord = discord("{}", &[]);
    discord.handle(NOW_MS, Input::Connected(LinkUp::new(LINK))).unwrap_or_default();
    let output = discord.handle(NOW_MS, Input::Timer("heartbeat".into())).unwrap_or_default();
    assert_eq!(output.commands, [Command::close(LINK, 4000)]);
}

#[test]
fn a_webhook_channel_opens_no_connection() {
    let setup = Setup { source: "webhook".into(), ..Setup::new("{}") };
    let mut discord = Discord::new(&setup).unwrap_or_else(|failure| panic!("{failure:?}"));
    assert_eq!(discord.start(NOW_MS), Ok(Output::default()));
}

#[test]
fn the_first_heartbeat_is_within_the_interval() {
    for now_ms in (NOW_MS..).step_by(12_347).take(50) {
        let mut discord = discord("{}", &[]);
        let hello = r#"{"op":10,"d":{"heartbeat_interval":41250}}"#;
        let input = Input::Frame(Frame::text(LINK, hello));
        let output = discord.handle(now_ms, input).unwrap_or_default();
        let Some(Command::Timer(timer)) = output.commands.last() else { panic!("{output:?}") };
        assert!(timer.after_ms.is_some_and(|ms| ms < 41_250), "{timer:?}");
    }
}

#[test]
fn what_is_remembered_has_a_bound() {
    let mut discord = discord("{}", &[]);
    for id in 1..5_000_u64 {
        let thread = format!(
            r#"{{"op":0,"s":2,"t":"THREAD_CREATE","d":{{"id":"{id}","type":11,"guild_id":"9","parent_id":"8"}}}}"#
        );
        frame(&mut discord, &thread).unwrap_or_default();
        let message = format!(
            r#"{{"op":0,"s":3,"t":"MESSAGE_CREATE","d":{{"id":"{id}","channel_id":"{id}","guild_id":"9","author":{{"id":"{id}"}},"content":"?"}}}}"#
        );
        let output = frame(&mut discord, &message).unwrap_or_default();
        assert_eq!(output.events.len(), 1);
    }
    let bytes = discord.snapshot();
    assert!(bytes.len() < 256 << 10, "{} bytes", bytes.len());
    let mut next = self::discord("{}", &[]);
    assert_eq!(next.restore(&bytes), Ok(()));
    assert_eq!(next.snapshot(), bytes);
    assert!(matches!(next.restore(b"{"), Err(Failure::Config(_))));
}
