//! What samples cannot say: settings, garbage, restarts.
#![allow(clippy::panic, reason = "how a test says what it got instead")]

use tablica_plugin::{Kind, LinkUp, Moment};

use super::*;

const NOW_MS: u64 = 1_795_348_800_000;

fn switch(settings: &str) -> FreeSwitch {
    FreeSwitch::new(&Setup::new(settings)).unwrap_or_else(|failure| panic!("{failure:?}"))
}

fn frame(switch: &mut FreeSwitch, bytes: &[u8]) -> Result<Output, Failure> {
    switch.handle(NOW_MS, Input::Frame(Frame::new(LINK, bytes)))
}

#[test]
fn samples() {
    tablica_plugin::golden::check::<FreeSwitch>(env!("CARGO_MANIFEST_DIR"));
}

#[test]
fn a_setting_that_makes_no_sense_is_named() {
    for (settings, key) in [
        (r#"{"adress":"tcp://127.0.0.1:8021"}"#, "/adress: unknown field"),
        (r#"{"address":"127.0.0.1:8021"}"#, "/address: "),
        (r#"{"address":"tcp://127.0.0.1"}"#, "/address: "),
        (r#"{"address":"tcp://:8021"}"#, "/address: "),
        (r#"{"address":"tcp://127.0.0.1:99999"}"#, "/address: "),
        (r#"{"user":"a b"}"#, "/user: "),
        (r#"{"user":"a:b"}"#, "/user: "),
        (r#"{"format":"xml"}"#, "/format: unknown variant"),
        (r#"{"country_code":"+48"}"#, "/country_code: "),
    ] {
        match FreeSwitch::new(&Setup::new(settings)).err() {
            Some(Failure::Config(why)) => assert!(why.starts_with(key), "{why}"),
            other => panic!("{settings}: {other:?}"),
        }
    }
}

#[test]
fn what_is_no_event_socket_is_bad_input() {
    let mut switch = switch("{}");
    let other_port = b"220 mail.example.com ready\r\n\n\n";
    let result = frame(&mut switch, other_port);
    assert!(matches!(result, Err(Failure::BadInput(_))), "{result:?}");
    // It goes on with the next block.
    let output = frame(&mut switch, b"Content-Type: auth/request\n\n").unwrap_or_default();
    assert_eq!(output.commands.len(), 1);
}

#[test]
fn half_a_block_of_a_connection_that_broke_is_forgotten() {
    let mut switch = switch("{}");
    assert_eq!(frame(&mut switch, b"Content-Length: 900\n\nhalf"), Ok(Output::default()));
    let up = Input::Connected(LinkUp::new(LINK));
    assert!(switch.handle(NOW_MS, up).is_ok());
    let output = frame(&mut switch, b"Content-Type: auth/request\n\n").unwrap_or_default();
    assert_eq!(output.commands.len(), 1);
}

#[test]
fn an_event_without_time_and_number_has_none_and_is_the_same_again() {
    let event = b"Event-Name: CUSTOM\nEvent-Subclass: callcenter::info\nCC-Action: members-count\nCC-Count: 3\n\n";
    let mut switch = switch("{}");
    let first = frame(&mut switch, event).unwrap_or_default().events;
    let again = frame(&mut switch, event).unwrap_or_default().events;
    assert_eq!(first, again);
    assert_eq!((first.len(), &first[0].at), (1, &Moment::None));
    assert!(matches!(&first[0].kind, Kind::Gauge(gauge) if gauge.value == 3.0));
}

#[test]
fn calls_and_agents_are_bounded_and_so_is_the_snapshot() {
    let mut switch = switch("{}");
    for number in 0..5_000 {
        let event = format!(
            "Event-Name: CUSTOM\nEvent-Subclass: callcenter::info\nCC-Action: member-queue-start\nCC-Queue: sales@pbx.example.com\nCC-Member-UUID: 0a1b2c3d-0000-4000-8000-{number:012}\nCC-Member-Session-UUID: 1a1b2c3d-0000-4000-8000-{number:012}\n\nEvent-Name: CUSTOM\nEvent-Subclass: callcenter::info\nCC-Action: agent-status-change\nCC-Agent: {number:036}\nCC-Agent-Status: Available (On Demand)\n\n"
        );
        let output = frame(&mut switch, event.as_bytes()).unwrap_or_default();
        assert_eq!(output.events.len(), 3);
    }
    let bytes = switch.snapshot().len();
    assert!((100_000..400_000).contains(&bytes), "{bytes}");
}

#[test]
fn a_snapshot_that_is_none_is_refused() {
    assert!(matches!(switch("{}").restore(b"{"), Err(Failure::Config(_))));
}
