//! What samples cannot say: failures, asking, settings.
#![allow(clippy::panic, reason = "how a test says what it got instead")]

use tablica_plugin::{Command, Line, Pair, Request, Response, pieces, secret};

use super::*;

const POLL: &str = r#"{"url":"https://help.example.org/x.php"}"#;

fn osticket(settings: &str) -> OsTicket {
    OsTicket::new(&Setup::new(settings)).unwrap_or_else(|failure| panic!("{failure:?}"))
}

fn line(text: &str) -> Result<Output, Failure> {
    let line = Line { file: "a".into(), offset: 0, bytes: text.into() };
    osticket("{}").handle(0, Input::Line(line))
}

fn answer(desk: &mut OsTicket, status: u16, body: &str) -> Result<Output, Failure> {
    let tag = tag(desk);
    desk.handle(0, Input::Response(Response::new(status, body, &tag)))
}

/// Of what it would ask now.
fn tag(desk: &mut OsTicket) -> String {
    let output = desk.handle(0, Input::Timer("rows".into())).unwrap_or_default();
    asked(&output).tag.clone()
}

fn asked(output: &Output) -> &Request {
    match output.commands.as_slice() {
        [Command::Fetch(request), Command::Timer(_)] => request,
        other => panic!("{other:?}"),
    }
}

fn page(rows: usize, entries: u64) -> String {
    let row = r#"{"row":"entry","id":1,"ticket":1,"type":"R"}"#;
    let rows = vec![row; rows].join(",");
    format!(r#"{{"rows":[{rows}],"next":{{"entries":{entries},"events":0}}}}"#)
}

#[test]
fn samples() {
    tablica_plugin::golden::check::<OsTicket>(env!("CARGO_MANIFEST_DIR"));
}

#[test]
fn a_line_that_is_no_row_is_bad_input_and_an_empty_one_is_nothing() {
    for text in ["x", "{}", r#"{"row":"entry","id":1}"#, r#"{"row":"entry","id":1,"ticket":1}"#] {
        assert!(matches!(line(text), Err(Failure::BadInput(_))), "{text}");
    }
    let other = r#"{"row":"login","id":1,"ticket":1}"#;
    assert!(matches!(line(other), Err(Failure::Unsupported(_))));
    assert_eq!(line(" \r"), Ok(Output::default()));
}

#[test]
fn a_row_without_a_time_has_none() {
    let output = line(r#"{"row":"entry","id":1,"ticket":1,"type":"R","agent":"ewa"}"#);
    let at = output.unwrap_or_default().events.pop().map(|event| event.at);
    assert_eq!(at, Some(tablica_plugin::Moment::None));
}

#[test]
fn the_first_question_is_where_the_tables_end_and_the_next_ones_go_on_from_there() {
    let mut desk = osticket(POLL);
    let first = desk.start(0).unwrap_or_default();
    assert_eq!(asked(&first).url, pieces!["https://help.example.org/x.php"]);
    let header = &asked(&first).headers[0];
    assert_eq!(
        (header.name.as_str(), &header.value),
        ("authorization", &pieces!["Bearer ", secret("token")].to_vec())
    );
    let output = answer(&mut desk, 200, &page(3, 40)).unwrap_or_default();
    assert_eq!((output.events, output.commands), (vec![], vec![Command::timer("rows", 15_000)]));
    let mut next = osticket(POLL);
    assert_eq!(next.restore(&desk.snapshot()), Ok(()));
    let second = next.handle(0, Input::Timer("rows".into())).unwrap_or_default();
    let url = pieces!["https://help.example.org/x.php?entries=40&events=0"];
    assert_eq!(asked(&second).url, url);
    assert!(matches!(next.restore(b"{"), Err(Failure::Config(_))));
}

#[test]
fn a_full_page_is_followed_by_the_next_at_once_and_one_that_does_not_move_is_not() {
    let mut desk = osticket(POLL);
    answer(&mut desk, 200, &page(0, 0)).unwrap_or_default();
    let output = answer(&mut desk, 200, &page(500, 500)).unwrap_or_default();
    assert_eq!(output.events.len(), 500);
    asked(&output);
    let output = answer(&mut desk, 200, &page(500, 500)).unwrap_or_default();
    assert_eq!(output.commands, [Command::timer("rows", 15_000)]);
}

#[test]
fn an_answer_that_comes_after_another_one_changes_nothing() {
    let mut desk = osticket(POLL);
    answer(&mut desk, 200, &page(0, 5)).unwrap_or_default();
    let late = tag(&mut desk);
    answer(&mut desk, 200, &page(3, 8)).unwrap_or_default();
    let late = Response::new(200, page(2, 7), &late);
    assert_eq!(desk.handle(0, Input::Response(late)), Ok(Output::default()));
    assert_eq!(tag(&mut desk), "rows:8:0");
}

#[test]
fn failures_wait_longer_each_time_or_as_long_as_is_said() {
    let mut desk = osticket(POLL);
    let mut waits = Vec::new();
    for _ in 0..7 {
        match answer(&mut desk, 0, "no route").unwrap_or_default().commands.as_slice() {
            [Command::Timer(timer)] => waits.extend(timer.after_ms),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(waits, [10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]);
    let mut busy = Response::new(503, "", "rows");
    busy.headers.push(Pair { name: "Retry-After".into(), value: "7".into() });
    let output = desk.handle(0, Input::Response(busy)).unwrap_or_default();
    assert_eq!(output.commands, [Command::timer("rows", 7_000)]);
    assert!(matches!(answer(&mut desk, 401, ""), Err(Failure::Config(_))));
    assert!(matches!(answer(&mut desk, 200, "<html>"), Err(Failure::BadInput(_))));
}

#[test]
fn a_tailed_channel_asks_for_nothing() {
    assert_eq!(osticket("{}").start(0), Ok(Output::default()));
    let timer = osticket("{}").handle(0, Input::Timer("rows".into()));
    assert_eq!(timer, Ok(Output::default()));
}

#[test]
fn a_setting_that_makes_no_sense_is_named() {
    let cases = [
        (r#"{"agents":[1]}"#, "/agents: unknown field"),
        (r#"{"url":"help.example.org"}"#, "/url: "),
        (r#"{"url":"https://help.example.org/?x"}"#, "/url: "),
        (r#"{"interval_s":1}"#, "/interval_s: "),
        (r#"{"statuses":{"On hold":"waiting"}}"#, "/statuses/On hold: unknown variant"),
        (r#"{"country_code":"+48"}"#, "/country_code: "),
    ];
    for (settings, key) in cases {
        match OsTicket::new(&Setup::new(settings)).err() {
            Some(Failure::Config(why)) => assert!(why.starts_with(key), "{why}"),
            other => panic!("{settings}: {other:?}"),
        }
    }
    let asked = Setup { source: "poll".into(), ..Setup::new("{}") };
    assert!(matches!(OsTicket::new(&asked), Err(Failure::Config(why)) if why.starts_with("/url")));
}

#[test]
fn nobody_waits_in_a_ticket_that_was_merged_and_its_parent_goes_on() {
    let row = |parent: &str| {
        let text =
            format!(r#"{{"row":"event","id":1,"ticket":44,"event":"merged","parent":{parent}}}"#);
        line(&text).unwrap_or_default().events
    };
    for parent in ["43", "\"43\""] {
        let events = row(parent);
        let [event] = events.as_slice() else { panic!("{events:?}") };
        assert_eq!(event.kind, tablica_plugin::Kind::Merged("43".into()));
        assert_eq!(event.interaction, "44");
    }
    for parent in ["null", "0", "\"0\""] {
        assert!(row(parent).is_empty(), "{parent}");
    }
}
