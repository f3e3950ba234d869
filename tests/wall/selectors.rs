//! What may be counted for whom: boards have their places, and nobody who only asks takes one.

use std::collections::BTreeMap;
use std::fs;

use tablica::engine::{Engine, Rules};
use tablica::event::{Answered, Event, Kind};
use tablica::scope::Selector;

use super::server::{Options, Server, waiting_call};
use crate::support::wait::{until_async, until_so};

/// Everything that contacts can be selected by, with a word for each.
const WORDS: [(&str, &str); 6] = [
    ("agent", "ann"),
    ("kind", "call"),
    ("priority", "normal"),
    ("public", "false"),
    ("queue", "sales"),
    ("channel", "pbx"),
];

/// Every way to select by some of them together.
fn combinations() -> Vec<Vec<(&'static str, &'static str)>> {
    let chosen = |bits: u32| {
        let words = WORDS.iter().enumerate();
        words.filter(|(at, _)| bits >> at & 1 == 1).map(|(_, word)| *word).collect()
    };
    (1..1 << WORDS.len()).map(chosen).collect()
}

fn selector(words: &[(&str, &str)]) -> Selector {
    let mut selector = Selector::default();
    words.iter().for_each(|(key, value)| selector.set(key, value).expect("a word of the key"));
    selector
}

fn as_toml(words: &[(&str, &str)]) -> String {
    let line = |(key, value): &(&str, &str)| match *key {
        "public" => format!("{key} = {value}\n"),
        _ => format!("{key} = \"{value}\"\n"),
    };
    words.iter().map(line).collect()
}

fn path(of: &str, words: &[(&str, &str)]) -> String {
    let words: Vec<String> = words.iter().map(|(key, value)| format!("{key}={value}")).collect();
    format!("{of}?{}", words.join("&"))
}

/// A board with one number on it, of what these words select.
fn board(words: &str) -> String {
    format!(
        "[[tile]]\nid = \"n\"\ntype = \"number\"\nkpi = \"waiting\"\n{words}x = 0\ny = 0\n\
         w = 24\nh = 12\n"
    )
}

const BY_THREE: &str = "kind = \"call\"\npriority = \"normal\"\npublic = false\n";

/// A call that waits, and one that an agent has taken.
fn calls() -> Vec<Event> {
    let mut events = waiting_call("first", "sales");
    events.extend(waiting_call("second", "sales"));
    let taken = Event {
        id: "second-a".to_owned(),
        agent: Some("ann".to_owned()),
        kind: Kind::Answered(Answered::default()),
        order: None,
        refers: None,
        same_as: None,
        attrs: BTreeMap::new(),
        ..events[2].clone()
    };
    events.push(taken);
    events
}

async fn with_calls(options: Options) -> Server {
    let mut server = Server::start(options).await;
    server.say(calls()).await;
    let (hub, sequence) = (server.hub.clone(), server.sequence());
    until_so("the calls to be known", || hub.applied() == sequence).await;
    server
}

/// Waits until the board's tile shows that one contact waits.
async fn shows_one(server: &Server, board: &str) {
    let hub = server.hub.clone();
    until_so("the board to be shown", || hub.newest(board).is_some()).await;
    until_async("the waiting contact to be shown", async || {
        let state = server.get(&format!("/api/v1/boards/{board}")).await.json();
        state["tiles"]["n"]["text"] == "1"
    })
    .await;
}

/// Of which combinations the engine keeps a count.
async fn counted(server: &Server) -> Vec<Vec<(&'static str, &'static str)>> {
    let kept = |engine: &mut Engine, _| {
        let mut all = combinations();
        all.retain(|words| engine.is_counted(&selector(words)));
        all
    };
    server.hub.ask(kept).await.expect("an answer")
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_of_strangers_never_take_the_places_of_boards() {
    let folder = tempfile::tempdir().expect("a folder");
    let boards = Some(folder.path().to_owned());
    let server = with_calls(Options { boards, ..Options::default() }).await;
    let before = counted(&server).await;
    for words in combinations() {
        for of in ["/api/v1/kpis", "/api/v1/kpis/waiting/receipt"] {
            let path = path(of, &words);
            let answer = server.get(&path).await;
            match answer.status {
                200 => {}
                400 => {
                    let (kind, problem) = answer.problem();
                    assert_eq!(kind, "not-counted", "{path}");
                    let told = problem["detail"].as_str().expect("text");
                    assert!(told.contains("a board"), "says what to do: {told}");
                }
                other => unreachable!("{path}: {other}"),
            }
        }
    }
    assert_eq!(counted(&server).await, before, "who asks leaves no trace in what is counted");
    fs::write(folder.path().join("own.toml"), board(BY_THREE)).expect("written");
    shows_one(&server, "own").await;
    // What a board has counted, everybody may ask for.
    let asked = server.get("/api/v1/kpis/waiting/receipt?kind=call&public=false").await.json();
    assert_eq!(asked["figure"]["value"], 1.0, "{asked}");
}

/// As an older version has left it: what strangers had asked for is in the snapshot.
#[tokio::test(flavor = "multi_thread")]
async fn places_that_were_taken_before_a_restart_are_free_again() {
    let mut engine = Engine::new(Rules::default());
    let taken = combinations().into_iter().filter(|words| engine.watch(&selector(words)));
    assert!(taken.count() < combinations().len(), "all places are taken");
    let engine = Engine::restore(Rules::default(), &engine.snapshot()).expect("restored");

    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("own.toml"), board(BY_THREE)).expect("written");
    let boards = Some(folder.path().to_owned());
    let server = with_calls(Options { boards, engine, ..Options::default() }).await;
    shows_one(&server, "own").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn boards_that_are_gone_leave_their_places_to_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let boards = Some(folder.path().to_owned());
    let server = with_calls(Options { boards, ..Options::default() }).await;
    let own = folder.path().join("own.toml");
    for words in combinations().into_iter().chain([vec![("kind", "call"), ("queue", "sales")]]) {
        fs::write(&own, board(&as_toml(&words))).expect("written");
        let selector = selector(&words);
        until_async(&format!("{words:?} to be counted"), async || {
            let selector = selector.clone();
            let is_live = move |engine: &mut Engine, _| engine.is_live(&selector);
            server.hub.ask(is_live).await.expect("an answer")
        })
        .await;
    }
    shows_one(&server, "own").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_do_not_tell_who_works_here() {
    let server = with_calls(Options::default()).await;
    for path in ["/api/v1/kpis?agent=nobody", "/api/v1/kpis/offered/receipt?agent=nobody"] {
        let answer = server.get(path).await;
        let (kind, problem) = answer.problem();
        assert_eq!((answer.status, kind.as_str()), (400, "bad-filter"));
        assert!(!answer.text().contains("ann"), "{problem}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_name_some_of_many_queues_and_say_how_many_there_are() {
    let mut server = Server::start(Options::default()).await;
    let calls = (0..60).flat_map(|n| waiting_call(&format!("c-{n}"), &format!("queue-{n:03}")));
    server.say(calls.collect()).await;
    let (hub, sequence) = (server.hub.clone(), server.sequence());
    until_so("the calls to be known", || hub.applied() == sequence).await;
    let (_, problem) = server.get("/api/v1/kpis?queue=queue-9999").await.problem();
    assert_eq!(problem["valid"].as_array().expect("a list").len(), 50);
    let detail = problem["detail"].as_str().expect("text");
    assert!(detail.contains("60"), "{detail}");
}
