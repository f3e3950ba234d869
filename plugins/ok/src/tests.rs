//! What samples cannot say: failures, pages, gaps, settings, restarts.
#![allow(clippy::panic, reason = "how a test says what it got instead")]

use tablica_plugin::{Command, Event, Kind, Request, Response, Webhook, pieces, secret};

use super::*;

const NOW_MS: u64 = 1_795_348_800_000;
const POLL: &str = r#"{"mode":"poll"}"#;

fn ok(settings: &str) -> Odnoklassniki {
    Odnoklassniki::new(&Setup::new(settings)).unwrap_or_else(|failure| panic!("{failure:?}"))
}

fn webhook(ok: &mut Odnoklassniki, body: &str) -> Result<Output, Failure> {
    ok.handle(NOW_MS, Input::Webhook(Webhook::post(body)))
}

fn requests(output: Result<Output, Failure>) -> Vec<Request> {
    let commands = output.unwrap_or_else(|failure| panic!("{failure:?}")).commands;
    let fetches = commands.into_iter().filter_map(|command| match command {
        Command::Fetch(request) => Some(request),
        _ => None,
    });
    fetches.collect()
}

fn one(output: Result<Output, Failure>) -> Request {
    match <[Request; 1]>::try_from(requests(output)) {
        Ok([request]) => request,
        Err(other) => panic!("{other:?}"),
    }
}

fn answer(ok: &mut Odnoklassniki, asked: &Request, body: &str) -> Result<Output, Failure> {
    ok.handle(NOW_MS + 5_000, Input::Response(Response::new(200, body, &asked.tag)))
}

fn polling() -> (Odnoklassniki, Request, Request) {
    let mut ok = ok(POLL);
    match <[Request; 2]>::try_from(requests(ok.start(NOW_MS))) {
        Ok([subscription, chats]) => (ok, subscription, chats),
        Err(other) => panic!("{other:?}"),
    }
}

fn query(request: &Request) -> String {
    match request.url.as_slice() {
        [_, _, tablica_plugin::Piece::Bytes(query)] => String::from_utf8_lossy(query).into_owned(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn samples() {
    tablica_plugin::golden::check::<Odnoklassniki>(env!("CARGO_MANIFEST_DIR"));
}

#[test]
fn garbage_is_bad_input_and_what_is_none_of_oks_is_unsupported() {
    let broken =
        r#"{"webhookType":"MESSAGE_CREATED","message":{"mid":"m"},"recipient":{"chat_id":"c"}}"#;
    for body in
        ["", "{", "<html>", r#"{"webhookType":7}"#, r#"{"webhookType":"MESSAGE_CREATED"}"#, broken]
    {
        let result = webhook(&mut ok("{}"), body);
        assert!(matches!(result, Err(Failure::BadInput(_))), "{body}: {result:?}");
    }
    let result = webhook(&mut ok("{}"), r#"{"update_id":7}"#);
    assert!(matches!(result, Err(Failure::Unsupported(_))), "{result:?}");
}

#[test]
fn a_setting_that_makes_no_sense_is_named() {
    let cases = [
        (r#"{"agent":["1"]}"#, "/agent: unknown field"),
        (r#"{"agents":["1","anna"]}"#, "/agents/1: an id is digits"),
        (r#"{"account":"me"}"#, "/account: an id is digits"),
        (r#"{"own_messages":"x"}"#, "/own_messages: unknown variant"),
        (r#"{"rating_prefix":""}"#, "/rating_prefix: "),
        (r#"{"rating_scale":0}"#, "/rating_scale: "),
        (r#"{"poll_timeout_s":0}"#, "/poll_timeout_s: "),
        (r#"{"answers_every_s":1}"#, "/answers_every_s: "),
    ];
    for (settings, key) in cases {
        match Odnoklassniki::new(&Setup::new(settings)).err() {
            Some(Failure::Config(why)) => assert!(why.starts_with(key), "{why}"),
            other => panic!("{settings}: {other:?}"),
        }
    }
    assert_eq!(ok("{}").start(NOW_MS), Ok(Output::default()));
}

#[test]
fn an_accounts_own_messages_are_known_by_its_id() {
    let mut ok = ok(r#"{"account":"user:55"}"#);
    let body = r#"{"sender":{"user_id":"user:55"},"recipient":{"chat_id":"c"},"message":{"mid":"m","text":"x"},"timestamp":1}"#;
    let output = webhook(&mut ok, body).unwrap_or_default();
    assert!(
        matches!(&output.events[0].kind, Kind::Message(it) if it.author == tablica_plugin::Author::Agent)
    );
    assert_eq!((output.events[0].customer.len(), &output.events[0].agent), (0, &None));
}

#[test]
fn a_subscription_comes_first_and_a_marker_goes_over_a_restart() {
    let (mut ok, subscription, _) = polling();
    let address =
        pieces!["https://api.ok.ru/graph/me/subscribe?access_token=", secret("access_token"), ""];
    assert_eq!(subscription.url, address);
    let asked = one(answer(&mut ok, &subscription, r#"{"success":true}"#));
    assert_eq!(query(&asked), "&count=100&timeout=25");
    let asked = one(answer(&mut ok, &asked, r#"{"updates":[],"marker":"a+b="}"#));
    assert_eq!(query(&asked), "&count=100&timeout=25&marker=a%2Bb%3D");
    let mut next = self::ok(POLL);
    assert_eq!(next.restore(&ok.snapshot()), Ok(()));
    let subscription = requests(next.start(NOW_MS)).remove(0);
    let asked = one(answer(&mut next, &subscription, r#"{"success":true}"#));
    assert_eq!(query(&asked), "&count=100&timeout=25&marker=a%2Bb%3D");
}

fn chats(chats: impl Iterator<Item = (usize, u64)>, more: &str) -> String {
    let each = chats.map(|(id, at)| format!(r#"{{"chat_id":"chat:{id}","lastEventTime":{at}}}"#));
    format!(r#"{{"chats":[{}]{more}}}"#, each.collect::<Vec<_>>().join(","))
}

#[test]
fn only_chats_that_changed_are_read_and_from_where_reading_stopped() {
    let (mut ok, _, list) = polling();
    let output = answer(&mut ok, &list, &chats([(1, 500), (2, 400)].into_iter(), ""));
    assert_eq!(requests(output), []);
    let list = one(ok.handle(NOW_MS, Input::Timer("answers".into())));
    let asked = one(answer(&mut ok, &list, &chats([(3, 900), (1, 500)].into_iter(), "")));
    assert_eq!(query(&asked), "&chat_id=chat%3A3&to=500&count=100");
    // Nothing is passed over when reading breaks off.
    let broken = Response::new(502, "bad gateway", &asked.tag);
    ok.handle(NOW_MS, Input::Response(broken)).unwrap_or_default();
    let list = one(ok.handle(NOW_MS, Input::Timer("answers".into())));
    let asked = one(answer(&mut ok, &list, &chats([(3, 900)].into_iter(), "")));
    assert_eq!(query(&asked), "&chat_id=chat%3A3&to=500&count=100");
    let output = answer(&mut ok, &asked, r#"{"messages":[]}"#).unwrap_or_default();
    assert_eq!(output.commands, [Command::timer("answers", 30_000)]);
    assert!(String::from_utf8_lossy(&ok.snapshot()).contains("900"));
}

#[test]
fn long_lists_and_long_chats_are_read_in_pages_and_what_is_beyond_is_a_gap() {
    let (mut ok, _, list) = polling();
    answer(&mut ok, &list, &chats([(1, 500)].into_iter(), "")).unwrap_or_default();
    let mut asked = one(ok.handle(NOW_MS, Input::Timer("answers".into())));
    let page = |from: usize| chats((0..100).map(|id| (from + id, 9_000)), r#","marker":"next""#);
    asked = one(answer(&mut ok, &asked, &page(0)));
    assert_eq!(query(&asked), "&count=100&marker=next");
    asked = one(answer(&mut ok, &asked, &chats([(200, 9_000)].into_iter(), "")));
    let messages: Vec<String> =
        (0..100).map(|at| format!(r#"{{"timestamp":{}}}"#, 8_000 + at)).collect();
    let full = format!(r#"{{"messages":[{}]}}"#, messages.join(","));
    for _ in 1..10 {
        asked = one(answer(&mut ok, &asked, &full));
        assert_eq!(query(&asked), "&chat_id=chat%3A0&from=8000&to=500&count=100");
    }
    let mut events = Vec::<Event>::new();
    for _ in 0..101 {
        let output = answer(&mut ok, &asked, r#"{"messages":[]}"#).unwrap_or_default();
        events.extend(output.events);
        let next = output.commands.into_iter().next();
        let Some(Command::Fetch(request)) = next else { break };
        asked = request;
    }
    assert!(events.is_empty(), "the tenth page was not full");
    // A chat with more than ten pages.
    let list = one(ok.handle(NOW_MS, Input::Timer("answers".into())));
    asked = one(answer(&mut ok, &list, &chats([(1, 99_000)].into_iter(), "")));
    for _ in 1..10 {
        asked = one(answer(&mut ok, &asked, &full));
    }
    let output = answer(&mut ok, &asked, &full).unwrap_or_default();
    assert!(output.events.iter().any(|it| it.kind == Kind::Feed(tablica_plugin::FeedState::Gap)));
}

#[test]
fn a_token_that_is_refused_is_a_mistake_in_the_settings() {
    let (mut ok, subscription, _) = polling();
    let refusal =
        r#"{"error_code":103,"error_msg":"PARAM_SESSION_KEY : No session key","error_data":null}"#;
    match answer(&mut ok, &subscription, refusal) {
        Err(Failure::Config(why)) => assert!(why.contains("access_token"), "{why}"),
        other => panic!("{other:?}"),
    }
    one(ok.handle(NOW_MS, Input::Timer("updates".into())));
}

#[test]
fn neither_a_late_answer_nor_an_empty_one_at_once_makes_it_spin() {
    let (mut ok, subscription, _) = polling();
    let late = one(answer(&mut ok, &subscription, r#"{"success":true}"#));
    let asked = one(ok.handle(NOW_MS + 5_000, Input::Timer("updates".into())));
    let message = r#"{"updates":[{"sender":{"user_id":"user:5"},"recipient":{"chat_id":"c"},"message":{"mid":"m"},"timestamp":1}],"marker":"9"}"#;
    let output = answer(&mut ok, &late, message).unwrap_or_default();
    assert_eq!((output.events.len(), output.commands.len()), (1, 0));
    let output = answer(&mut ok, &asked, r#"{"updates":[]}"#).unwrap_or_default();
    assert_eq!(output.commands, [Command::timer("updates", 1_000)]);
}
