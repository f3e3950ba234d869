//! What samples cannot say: settings, garbage, bounds.
#![allow(clippy::panic, reason = "how a test says what it got instead")]

use super::*;

const NOW_MS: u64 = 1_795_348_800_000;

fn ari(settings: &str) -> Ari {
    Ari::new(&Setup::new(settings)).unwrap_or_else(|failure| panic!("{failure:?}"))
}

fn frame(ari: &mut Ari, text: &str) -> Result<Output, Failure> {
    ari.handle(NOW_MS, Input::Frame(Frame::text(LINK, text)))
}

#[test]
fn samples() {
    tablica_plugin::golden::check::<Ari>(env!("CARGO_MANIFEST_DIR"));
}

#[test]
fn a_setting_that_makes_no_sense_is_named() {
    for (settings, key) in [
        (r#"{"uri":"http://127.0.0.1:8088"}"#, "/uri: unknown field"),
        (r#"{"url":"127.0.0.1:8088"}"#, "/url: "),
        (r#"{"url":"ws://127.0.0.1:8088"}"#, "/url: "),
        (r#"{"url":"http://"}"#, "/url: "),
        (r#"{"url":"http://pbx?x=1"}"#, "/url: "),
        (r#"{"user":""}"#, "/user: "),
        (r#"{"user":"a:b"}"#, "/user: "),
        (r#"{"app":"a&b"}"#, "/app: "),
        (r#"{"app":"helpdesk","apps":["helpdesk"]}"#, "/app: is the application's own name"),
        (r#"{"auth":"token"}"#, "/auth: unknown variant"),
        (r#"{"country_code":"0048"}"#, "/country_code: "),
    ] {
        match Ari::new(&Setup::new(settings)).err() {
            Some(Failure::Config(why)) => assert!(why.starts_with(key), "{why}"),
            other => panic!("{settings}: {other:?}"),
        }
    }
}

#[test]
fn what_is_no_event_is_refused() {
    for text in ["", "{", "[]x", "hello", r#"{"type":7}"#] {
        let result = frame(&mut ari("{}"), text);
        assert!(matches!(result, Err(Failure::BadInput(_))), "{text}: {result:?}");
    }
    for text in ["{}", r#"{"message":"Invalid"}"#] {
        let result = frame(&mut ari("{}"), text);
        assert!(matches!(result, Err(Failure::Unsupported(_))), "{text}: {result:?}");
    }
    let list = Response::new(200, "{", CHANNELS);
    let result = ari("{}").handle(NOW_MS, Input::Response(list));
    assert!(matches!(result, Err(Failure::BadInput(_))), "{result:?}");
}

#[test]
fn events_that_lack_their_parts_mean_nothing() {
    for text in [
        r#"{"type":"StasisStart"}"#,
        r#"{"type":"StasisStart","channel":{}}"#,
        r#"{"type":"ChannelEnteredBridge","channel":{"id":"1"}}"#,
        r#"{"type":"ChannelLeftBridge","channel":{"id":"1"},"bridge":{"id":"b"}}"#,
        r#"{"type":"Dial","dialstatus":""}"#,
        r#"{"type":"ChannelDestroyed","channel":{"id":"1"}}"#,
        r#"{"type":"BridgeBlindTransfer","result":"Success"}"#,
    ] {
        assert_eq!(frame(&mut ari("{}"), text), Ok(Output::default()), "{text}");
    }
}

#[test]
fn calls_and_legs_are_bounded_and_so_is_the_snapshot() {
    let mut ari = ari("{}");
    for number in 0..5_000 {
        let caller = format!(
            r#"{{"type":"StasisStart","channel":{{"id":"{number:020}","name":"PJSIP/trunk-1"}}}}"#
        );
        assert_eq!(frame(&mut ari, &caller).map(|output| output.events.len()), Ok(2));
        let leg = format!(
            r#"{{"type":"ChannelCreated","channel":{{"id":"leg{number:020}","name":"PJSIP/101-1","state":"Down"}}}}"#
        );
        assert_eq!(frame(&mut ari, &leg), Ok(Output::default()));
    }
    let bytes = ari.snapshot().len();
    assert!((100_000..300_000).contains(&bytes), "{bytes}");
}

#[test]
fn calls_that_ended_leave_nothing_behind() {
    let mut ari = ari("{}");
    for number in 0..5_000 {
        for kind in ["StasisStart", "ChannelDestroyed"] {
            let event = format!(
                r#"{{"type":"{kind}","channel":{{"id":"{number}","name":"PJSIP/trunk-1"}}}}"#
            );
            assert!(frame(&mut ari, &event).is_ok());
        }
    }
    assert!(ari.snapshot().len() < 1_000, "{}", ari.snapshot().len());
}

#[test]
fn a_snapshot_that_is_none_is_refused() {
    assert!(matches!(ari("{}").restore(b"{"), Err(Failure::Config(_))));
}
