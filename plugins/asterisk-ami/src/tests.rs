//! What samples cannot say: failures, restarts, limits.
#![allow(clippy::panic, reason = "how a test says what it got instead")]

use tablica_plugin::{Event, Kind, LeftReason, LinkDown, LinkUp, Piece};

use super::*;

mod arrival;
mod recording;

const NOW_MS: u64 = 1_795_348_800_000;

fn manager() -> Manager {
    started(r#"{"address":"127.0.0.1","username":"tablica"}"#)
}

fn started(settings: &str) -> Manager {
    Manager::new(&Setup::new(settings)).unwrap_or_else(|failure| panic!("{failure:?}"))
}

fn say(manager: &mut Manager, now_ms: u64, text: &str) -> Result<Output, Failure> {
    let text = text.replace(", ", "\r\n");
    manager.handle(now_ms, Input::Frame(Frame::new(LINK, text)))
}

fn events(manager: &mut Manager, texts: &[&str]) -> Vec<Event> {
    let say = |text: &&str| say(manager, NOW_MS, text).unwrap_or_else(|why| panic!("{why:?}"));
    texts.iter().map(say).flat_map(|output| output.events).collect()
}

#[test]
fn samples() {
    tablica_plugin::golden::check::<Manager>(env!("CARGO_MANIFEST_DIR"));
}

#[test]
fn what_is_no_message_or_lacks_what_it_must_say_is_bad_input() {
    for text in [
        "garbage",
        "Event: QueueCallerJoin, Uniqueid: 1.1",
        "Event: QueueCallerJoin, Queue: sales",
        "Event: AgentConnect, Queue: sales, Uniqueid: 1.1",
        "Event: QueueMemberStatus, Queue: sales",
    ] {
        let result = say(&mut manager(), NOW_MS, text);
        assert!(matches!(result, Err(Failure::BadInput(_))), "{text}: {result:?}");
    }
    for text in
        ["", "\r\n", "Event: SomethingNew, Queue: sales", "Event: Hangup", "Response: Goodbye"]
    {
        assert_eq!(say(&mut manager(), NOW_MS, text).map(|it| it.events), Ok(Vec::new()), "{text}");
    }
}

#[test]
fn a_broken_message_among_others_is_counted_and_takes_none_with_it() {
    let text = "Event: QueueCallerJoin\n\nEvent: QueueCallerJoin\nQueue: sales\nUniqueid: 1.1";
    let kinds: Vec<_> = events(&mut manager(), &[text, "garbage\n\nResponse: Success"])
        .into_iter()
        .map(|event| event.kind)
        .collect();
    let is_other = |kind: &Kind| matches!(kind, Kind::Other(_));
    assert!(matches!(kinds[..], [_, Kind::Opened(_), Kind::Queued, _]), "{kinds:?}");
    assert!(is_other(&kinds[0]) && is_other(&kinds[3]), "{kinds:?}");
}

#[test]
fn a_setting_that_makes_no_sense_is_named() {
    let cases = [
        (r#"{"username":"t"}"#, "/address: "),
        (r#"{"address":"pbx.example.com:x","username":"t"}"#, "/address: "),
        (r#"{"address":"pbx.example.com/x","username":"t"}"#, "/address: "),
        (r#"{"address":"pbx.example.com"}"#, "/username: "),
        (r#"{"address":"127.0.0.1","username":"a\r\nb"}"#, "/username: "),
        (r#"{"address":"192.0.2.7:5038","username":"t","tls":false}"#, "/tls: "),
        (r#"{"address":"127.0.0.1","username":"t","login":"md5"}"#, "/login: "),
        (r#"{"address":"127.0.0.1","username":"t","wrap_up":"2h"}"#, "/wrap_up: "),
        (
            r#"{"address":"127.0.0.1","username":"t","wrap_up_by_queue":{"a":-1}}"#,
            "/wrap_up_by_queue/a: ",
        ),
        (r#"{"address":"127.0.0.1","username":"t","country_code":"+48"}"#, "/country_code: "),
        (r#"{"adress":"127.0.0.1"}"#, "/adress: "),
    ];
    for (settings, key) in cases {
        match Manager::new(&Setup::new(settings)).err() {
            Some(Failure::Config(why)) => assert!(why.starts_with(key), "{why}"),
            other => panic!("{settings}: {other:?}"),
        }
    }
}

#[test]
fn the_address_is_the_one_that_is_granted_with_tls_unless_it_is_this_machine() {
    let url = |settings: &str, hosts: &[&str]| {
        let hosts = hosts.iter().map(|host| (*host).to_owned()).collect();
        let setup = Setup { hosts, ..Setup::new(settings) };
        Settings::parse(&setup).map(|settings| settings.url).unwrap_or_default()
    };
    let name = r#"{"username":"t"}"#;
    assert_eq!(url(name, &["10.0.0.5:5039"]), "tls://10.0.0.5:5039");
    assert_eq!(url(name, &["pbx.example.com"]), "tls://pbx.example.com:5039");
    assert_eq!(url(name, &["127.0.0.1:5038"]), "tcp://127.0.0.1:5038");
    assert_eq!(url(name, &["[::1]"]), "tcp://[::1]:5038");
    assert_eq!(url(r#"{"username":"t","tls":true}"#, &["127.0.0.1"]), "tls://127.0.0.1:5039");
}

#[test]
fn no_customer_is_in_a_snapshot_and_no_name_in_an_id() {
    let mut manager = manager();
    let join = "Event: QueueCallerJoin, Queue: sales, Uniqueid: 1.1, CallerIDNum: +48600100200";
    let connect = "Event: AgentConnect, Queue: sales, Uniqueid: 1.1, MemberName: Anna, HoldTime: 0";
    let told = events(&mut manager, &[join, connect]);
    assert_eq!(told[0].customer, ["tel:+48600100200"]);
    assert!(told.iter().all(|event| !event.id.contains("Anna") && !event.id.contains("600")));
    let snapshot = String::from_utf8(manager.snapshot()).unwrap_or_default();
    assert!(snapshot.contains("1.1") && !snapshot.contains("600100200"), "{snapshot}");
}

#[test]
fn an_extension_and_a_hidden_number_are_no_customers() {
    for number in ["7009", "<unknown>", "anonymous", ""] {
        let join = format!("Event: Join, Queue: sales, Uniqueid: 1.1, CallerIDNum: {number}");
        assert_eq!(events(&mut manager(), &[&join])[0].customer, Vec::<String>::new(), "{number}");
    }
}

#[test]
fn a_doubt_survives_a_restart_of_the_plugin_and_is_decided_by_the_timer() {
    let mut manager = manager();
    let join = "Event: Join, Queue: sales, Uniqueid: 1.1";
    let leave = "Event: Leave, Queue: sales, Uniqueid: 1.1";
    events(&mut manager, &[join, leave]);
    let mut next = started(r#"{"address":"127.0.0.1","username":"tablica"}"#);
    assert_eq!(next.restore(&manager.snapshot()), Ok(()));
    let output = next.start(NOW_MS + 500).unwrap_or_default();
    assert!(output.commands.contains(&Command::timer(DUE, 2_000)), "{:?}", output.commands);
    let output = next.handle(NOW_MS + 2_500, Input::Timer(DUE.into())).unwrap_or_default();
    let [event] = &output.events[..] else { panic!("{output:?}") };
    assert_eq!(event.kind, Kind::Left(LeftReason::ExitKey));
}

#[test]
fn after_work_goes_on_over_a_restart_also_from_a_snapshot_of_an_earlier_version() {
    let earlier = r#"{"wrap_ups":[{"id":"7-a","call":"1.1","queue":"sales","agent":"Anna","ends_ms":1795348803000}]}"#;
    let ended = |snapshot: &[u8]| {
        let mut next = manager();
        assert_eq!(next.restore(snapshot), Ok(()));
        let kept = next.snapshot();
        let output = next.handle(1_795_348_804_000, Input::Timer(DUE.into())).unwrap_or_default();
        let [event] = &output.events[..] else { panic!("{output:?}") };
        assert_eq!((event.kind.clone(), event.at.ms()), (Kind::WrappedUp, 1_795_348_803_000));
        assert_eq!((event.id.as_str(), event.interaction.as_str()), ("7-a", "1.1"));
        assert_eq!((event.queue.as_deref(), event.agent.as_deref()), (Some("sales"), Some("Anna")));
        kept
    };
    ended(&ended(earlier.as_bytes()));
}

#[test]
fn the_secret_is_only_in_what_the_host_computes() {
    let mut manager = manager();
    let link = LinkUp::new(LINK);
    assert!(manager.handle(NOW_MS, Input::Connected(link)).is_ok());
    let challenge = "Response: Success, ActionID: tablica-challenge, Challenge: 1";
    let output = say(&mut manager, NOW_MS, challenge).unwrap_or_default();
    let [Command::Send(sent)] = &output.commands[..] else { panic!("{output:?}") };
    assert!(sent.data.iter().all(|piece| !matches!(piece, Piece::Secret(_))));
    assert!(sent.data.iter().any(|piece| matches!(piece, Piece::Computed(_))));
}

#[test]
fn the_link_is_asked_for_again_when_it_breaks() {
    let mut manager = manager();
    let down = Input::Disconnected(LinkDown::new(LINK, None, "the stream ended"));
    let output = manager.handle(NOW_MS, down).unwrap_or_default();
    assert!(matches!(output.commands[..], [Command::Connect(_), Command::Timer(_)]), "{output:?}");
}

#[test]
fn a_flood_of_calls_is_bounded_and_the_oldest_is_said_to_be_lost() {
    let mut manager = manager();
    let mut lost = 0;
    for number in 0..20_010_u64 {
        let join = format!("Event: Join, Queue: sales, Uniqueid: 1.{number:05}");
        let output = say(&mut manager, NOW_MS + number, &join).unwrap_or_default();
        let is_lost = |event: &&Event| event.kind == Kind::Left(LeftReason::Lost);
        lost += output.events.iter().filter(is_lost).count();
    }
    assert_eq!(lost, 10);
    assert_eq!(manager.state.contacts.keys().len(), 20_000);
}
