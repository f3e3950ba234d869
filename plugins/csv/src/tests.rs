//! What samples cannot say: what is wrong with settings and headers, bounds, restarts.
#![allow(clippy::panic, reason = "how a test says what it got instead")]

use tablica_plugin::{Command, Document as Part, Kind, LocalTime, Moment};

use super::*;

const PLAIN: &str = r#"{"columns":{"interaction":"n","time":"t","queue":"Kolejka"},"events":[{"kind":"opened"}],"zone":"Europe/Warsaw"}"#;

fn csv(settings: &str) -> Csv {
    Csv::new(&Setup::new(settings)).unwrap_or_else(|failure| panic!("{failure:?}"))
}

fn part(offset: u64, is_last: bool, bytes: &[u8]) -> Input {
    part_of("a.csv", offset, is_last, bytes)
}

fn part_of(name: &str, offset: u64, is_last: bool, bytes: &[u8]) -> Input {
    Input::Document(Part {
        name: name.into(),
        media_type: "text/csv".into(),
        at: Moment::None,
        offset,
        is_last,
        bytes: bytes.to_vec(),
    })
}

fn line(offset: u64, text: &str) -> Input {
    Input::Line(Line { file: "a".into(), offset, bytes: text.into() })
}

fn why(result: Result<Output, Failure>) -> String {
    match result {
        Err(Failure::BadInput(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn samples() {
    tablica_plugin::golden::check::<Csv>(env!("CARGO_MANIFEST_DIR"));
}

#[test]
fn a_missing_column_names_the_setting() {
    let said = why(csv(PLAIN).handle(0, part(0, true, b"n,t\n1,2026-11-22T09:00:00Z\n")));
    assert!(said.contains("no column Kolejka") && said.contains("columns.queue"), "{said}");
    let said = why(csv(PLAIN).handle(0, part(0, true, b"n;t;Kolejka\n")));
    assert!(said.contains("columns.time") || said.contains("columns.interaction"), "{said}");
    assert!(said.contains("delimiter"), "{said}");
    let of_rule = r#"{"columns":{"interaction":"n"},"events":[{"kind":"opened","time":"n","when":{"x":"1"}}]}"#;
    let said = why(csv(of_rule).handle(0, part(0, true, b"n\n")));
    assert!(said.contains("no column x") && said.contains("events.0.when"), "{said}");
}

#[test]
fn what_is_wrong_with_a_row_names_the_setting_and_quotes_nothing() {
    let body = b"n,t,Kolejka\n1,noon,x\n,2026-11-22T09:00:00Z,x\n";
    let output = csv(PLAIN).handle(0, part(0, true, body)).unwrap_or_default();
    assert_eq!(output.events.len(), 2);
    assert!(output.events.iter().all(|event| matches!(event.kind, Kind::Other(_))));
    let [Command::Log(line)] = output.commands.as_slice() else { panic!("{:?}", output.commands) };
    assert!(line.text.starts_with("2 rows") && line.text.contains("setting time"), "{}", line.text);
    assert!(!line.text.contains("noon"), "{}", line.text);
}

#[test]
fn a_broken_row_is_one_in_every_copy_of_its_file_and_another_in_another_file_or_tomorrow() {
    let ids = |name: &str, body: &str| {
        let output = csv(PLAIN).handle(0, part_of(name, 0, true, body.as_bytes()));
        let events = output.unwrap_or_default().events;
        events.into_iter().map(|event| event.id).collect::<Vec<_>>()
    };
    let today = "n,t,Kolejka\n1,noon,x\n1,noon,x\n";
    let first = ids("warsaw.csv", today);
    assert_eq!(first.len(), 2);
    assert_ne!(first[0], first[1], "two rows of one file");
    // The file again under its name, and longer.
    let longer = format!("{today}2,2026-11-22T09:00:00Z,x\n");
    assert_eq!(ids("warsaw.csv@1795348860000", &longer)[..2], first);
    let elsewhere = ids("krakow.csv", today);
    assert!(elsewhere.iter().all(|id| !first.contains(id)), "{elsewhere:?}");
    let tomorrow = ids("warsaw.csv@1795435260000", "n,t,Kolejka\n7,noon,x\n");
    assert!(tomorrow.iter().all(|id| !first.contains(id)), "{tomorrow:?}");
    let all = [first, elsewhere, tomorrow].concat().join(" ");
    assert!(!all.contains("noon") && !all.contains("warsaw"), "{all}");
}

#[test]
fn a_time_is_of_the_zone_of_the_settings() {
    let output = csv(PLAIN).handle(0, part(0, true, b"n,t,Kolejka\n1,2026-11-22T09:00:00,x\n"));
    let zone = Some("Europe/Warsaw".to_owned());
    let local = Moment::Local(LocalTime { wall_ms: 1_795_338_000_000, zone });
    assert_eq!(output.unwrap_or_default().events.pop().map(|event| event.at), Some(local));
}

#[test]
fn an_offset_in_the_format_is_heard() {
    let settings = r#"{"time":"%Y%m%d%H%M%S%z","columns":{"interaction":"n","time":"t"},"events":[{"kind":"opened"}]}"#;
    let output = csv(settings).handle(0, part(0, true, b"n,t\n1,20261122100000+0100\n"));
    let at = output.unwrap_or_default().events.pop().map(|event| event.at);
    assert_eq!(at, Some(Moment::Utc(1_795_338_000_000)));
}

#[test]
fn a_part_that_does_not_follow_is_bad_input_and_the_next_document_is_not() {
    let mut csv = csv(PLAIN);
    why(csv.handle(0, part(7, false, b"x")));
    assert!(csv.handle(0, part(0, false, b"n,t,Kolejka\n")).is_ok());
    why(csv.handle(0, part(99, true, b"x")));
    assert!(csv.handle(0, part(0, true, b"n,t,Kolejka\n")).is_ok());
}

#[test]
fn a_row_without_an_end_is_skipped_and_bounded() {
    let mut csv = csv(PLAIN);
    let mut body = b"n,t,Kolejka\n1,\"".to_vec();
    body.resize(300_000, b'x');
    let output = csv.handle(0, part(0, true, &body)).unwrap_or_default();
    assert!(
        matches!(output.events.as_slice(), [event] if event.id.starts_with("row:")),
        "{output:?}"
    );
    let mut body = b"n,t,Kolejka\n".to_vec();
    body.resize(300_000, b',');
    body.extend(b"\n1,2026-11-22T09:00:00Z,x\n");
    let output = csv.handle(0, part(0, true, &body)).unwrap_or_default();
    assert_eq!(output.events.len(), 2);
}

#[test]
fn too_many_events_of_one_part_say_what_helps() {
    let body = [b"n,t,Kolejka\n".as_slice(), &b"1,2026-11-22,\n".repeat(20_001)].concat();
    let rules = r#"{"time":"%Y-%m-%d","columns":{"interaction":"n","time":"t"},"events":[{"kind":"rating_requested"}]}"#;
    // A date alone is no time: each row is broken, and counted.
    let said = why(csv(rules).handle(0, part(0, true, &body)));
    assert!(said.contains("document_part_bytes"), "{said}");
}

#[test]
fn a_tailed_file_needs_a_header_that_was_seen_or_is_in_the_settings() {
    let mut first = csv(PLAIN);
    let row = "1,2026-11-22T09:00:00Z,x";
    assert!(why(first.handle(0, line(40, row))).contains("setting header"));
    assert_eq!(first.handle(0, line(0, "n,t,Kolejka")), Ok(Output::default()));
    assert_eq!(first.handle(0, line(12, row)).unwrap_or_default().events.len(), 1);
    let mut next = csv(PLAIN);
    assert_eq!(next.restore(&first.snapshot()), Ok(()));
    assert_eq!(next.handle(0, line(40, row)).unwrap_or_default().events.len(), 1);
    assert_eq!(next.handle(0, line(60, "")), Ok(Output::default()));
    assert!(matches!(next.restore(b"{"), Err(Failure::Config(_))));
}

#[test]
fn a_setting_that_makes_no_sense_is_named() {
    let cases = [
        ("{}", "/events: is empty"),
        (r#"{"colums":{}}"#, "/colums: unknown field"),
        (r#"{"events":[{"kind":"opened"}]}"#, "/events/0/time: is missing"),
        (r#"{"events":[{"kind":"opened","time":"t"}]}"#, "/columns/interaction: "),
        (r#"{"events":[{"kind":"printed","time":"t"}]}"#, "/events/0/kind: "),
        (r#"{"events":[{"kind":"message","time":"t","author":"me"}]}"#, "/events/0/author: "),
        (r#"{"columns":{"id":1}}"#, "/columns/id: "),
        (r#"{"delimiter":";;","events":[{"kind":"agent_state","time":"t"}]}"#, "/delimiter: "),
        (r#"{"quote":"","events":[{"kind":"agent_state","time":"t"}]}"#, "/quote: "),
        (r#"{"encoding":"ebcdic","events":[{"kind":"agent_state","time":"t"}]}"#, "/encoding: "),
        (r#"{"medium":"talk","events":[{"kind":"agent_state","time":"t"}]}"#, "/medium: "),
        (r#"{"rating_scale":0}"#, "/rating_scale: "),
        (r#"{"country_code":"+48"}"#, "/country_code: "),
    ];
    for (settings, key) in cases {
        match Csv::new(&Setup::new(settings)).err() {
            Some(Failure::Config(why)) => assert!(why.starts_with(key), "{settings}: {why}"),
            other => panic!("{settings}: {other:?}"),
        }
    }
}

#[test]
fn a_file_may_be_cut_anywhere() {
    let plain = r#"{"skip_rows":1,"columns":{"interaction":"n","time":"t","text":"x"},"events":[{"kind":"message"}],"time":"unix"}"#;
    let text = "title\n\nn,t,x\r\n1,5,\"ż \"\"ó\"\"\n, ł\"\r\n2,6,\u{1f600}\n3,7";
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let as_utf16 = plain.replacen('{', r#"{"encoding":"utf-16be","#, 1);
    for (settings, bytes) in [(plain, text.as_bytes()), (as_utf16.as_str(), utf16.as_slice())] {
        let whole = csv(settings).handle(0, part(0, true, bytes)).unwrap_or_default();
        let Some(Kind::Message(first)) = whole.events.first().map(|event| &event.kind) else {
            panic!("{whole:?}")
        };
        assert_eq!(first.text.as_deref(), Some("ż \"ó\"\n, ł"));
        assert_eq!(whole.events.len(), 3);
        for cut in 0..=bytes.len() {
            let mut csv = csv(settings);
            let mut events =
                csv.handle(0, part(0, false, &bytes[..cut])).unwrap_or_default().events;
            let rest = csv.handle(0, part(cut as u64, true, &bytes[cut..]));
            events.extend(rest.unwrap_or_default().events);
            assert_eq!(events, whole.events, "{cut}");
        }
    }
}
