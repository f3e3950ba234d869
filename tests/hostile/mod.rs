//! Plugins that misbehave in every way we could think of, each beside a good channel that must
//! not notice; and what the actor owes to events when a plugin, or the disk, fails it.

mod bombs;
mod command;
mod compile_bomb;
mod compiled;
mod deadlines;
mod disk;
mod documents;
pub(crate) mod guests;
pub(crate) mod house;
mod journal_fails;
mod later;
mod limits;
mod neighbours;
mod reloaded;
mod secrets;
mod verified;

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tablica::channel::actor::{FAILURES_MAX, REST_MIN};
use tablica::channel::host::FailureClass;
use tablica::channel::registry::Problem;
use tablica::channel::reply::{Refusal, Reply};
use tablica::channel::status::BreakerState;
use tablica::event::FeedState;

use self::house::{House, channel};
use self::later::asks_for_it_later;
use crate::support::wait::until_so;

/// A guest in the folder without a scenario here fails the last of these tests.
macro_rules! scenarios {
    ($($guest:ident: $scenario:ident($($argument:expr),*);)+) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $guest() {
                $scenario(stringify!($guest) $(, $argument)*).await;
            }
        )+

        #[test]
        fn each_guest_in_the_folder_has_a_scenario() {
            let mut scenarios = vec![$(stringify!($guest)),+];
            scenarios.sort_unstable();
            assert_eq!(guests::names(), scenarios);
        }
    };
}

scenarios! {
    good: decodes_everything();
    asking: gets_what_it_asks_for();
    bloated: decodes_everything();
    chatty: decodes_everything();
    connect_bomb: asks_without_end("links");
    counting: chokes_on_poison(FailureClass::Trap, "unreachable");
    endless_loop: chokes_on_poison(FailureClass::Deadline, "longer than 250 ms (call_timeout)");
    markup: answers_with_nothing_that_a_browser_would_run();
    memory_hog: chokes_on_poison(FailureClass::OutOfMemory, "16777216 bytes of memory");
    giant_output: chokes_on_poison(FailureClass::OutputTooLarge, "16777216 bytes");
    event_flood: chokes_on_poison(FailureClass::OutputTooLarge, "20000 events");
    foreign_pointer: chokes_on_poison(FailureClass::Contract, "out of bounds");
    bad_input: chokes_on_poison(FailureClass::BadInput, "not what the network promises");
    fetch_bomb: asks_without_end("fetches");
    following: asks_for_what_it_is_told();
    greedy: asks_for_too_much();
    patient: asks_for_it_later();
    slow: decodes_everything();
    snapshot_bloat: asks_without_end("bytes");
    ticking: decodes_everything();
    timer_spin: asks_without_end("timers");
    trap_on_third_call: costs_restarts_but_no_input();
    dead_at_start: is_refused("the plugin does not start: the plugin trapped");
    wrong_version: is_refused(
        "wrong_version.wasm speaks contract 2.0, this server speaks 1.0: update Tablica or get a \
         build of the plugin for 1.0"
    );
    wasi_sockets: is_refused("wasi_sockets.wasm imports wasi:sockets/tcp@0.2.0: plugins have no");
}

const GOOD_DELIVERIES: usize = 200;

async fn decodes_everything(guest: &str) {
    let house = House::build(vec![channel("good", guest)]).unwrap();
    all_good(&house).await;
    let status = house.status("good");
    assert_eq!((status.inputs, status.events), (200, 200));
    assert!(house.registry.stop(Duration::from_secs(10)).await.is_empty());
}

/// Many deliveries at once to the good channel, all of which must succeed and be on disk.
async fn all_good(house: &House) {
    let bodies: Vec<String> = (0..GOOD_DELIVERIES).map(|n| format!("good-{n:03}")).collect();
    for outcome in join_all(bodies.iter().map(|body| house.deliver("good", body))).await {
        assert_eq!(outcome, Ok(Reply::default()));
    }
    let mut ids = house.disk.ids("good");
    ids.sort();
    assert_eq!(ids, bodies);
    assert_eq!(house.status("good").instances_lost, 0);
}

/// Innocent and poisoned inputs in one batch, a good channel beside it.
async fn chokes_on_poison(guest: &str, class: FailureClass, reason: &str) {
    let house = House::build(vec![channel("bad", guest), channel("good", "good")]).unwrap();
    let innocent: Vec<String> = (0..20).map(|n| format!("innocent-{n:02}")).collect();
    let mut mixed: Vec<&str> = innocent.iter().map(String::as_str).collect();
    mixed.insert(13, "x two");
    mixed.insert(5, "x one");

    let (outcomes, ()) = tokio::join!(
        join_all(mixed.iter().map(|body| house.deliver("bad", body))),
        all_good(&house)
    );
    for (body, outcome) in mixed.iter().zip(outcomes) {
        let status = if body.starts_with('x') { 422 } else { 200 };
        assert_eq!(outcome, Ok(Reply::status(status)), "{body}");
    }

    let mut ids = house.disk.ids("bad");
    ids.sort();
    assert_eq!(ids, innocent, "only the guilty are missing");
    let quarantined = house.quarantined();
    let bodies: Vec<_> = quarantined.iter().map(|it| it.input.bytes()).collect();
    assert_eq!(bodies, [b"x one", b"x two"]);
    for rejected in quarantined {
        assert_eq!((rejected.channel.as_str(), rejected.class), ("bad", class));
        assert!(rejected.reason.contains(reason), "{}", rejected.reason);
    }
    let status = house.status("bad");
    assert_eq!(status.quarantined[class.name()], 2);
    assert_eq!(status.instances_lost == 0, class == FailureClass::BadInput);
    assert_eq!(status.breaker, BreakerState::Closed);
}

async fn answers_with_nothing_that_a_browser_would_run(guest: &str) {
    let house = House::build(vec![channel("shop", guest)]).unwrap();
    for n in 1..=3 {
        let answer = house.deliver("shop", &n.to_string()).await.unwrap();
        assert_eq!(answer.headers, [("content-type".to_owned(), "text/plain".to_owned())]);
        assert_eq!((answer.status, &answer.body[..8]), (302, &b"<script>"[..]), "it stays a text");
        assert_eq!(house.status("shop").replies_changed, n);
    }
    assert_eq!(house.disk.ids("shop").len(), 3, "its events are taken all the same");
}

async fn gets_what_it_asks_for(guest: &str) {
    let house = House::build(vec![channel("shop", guest)]).unwrap();
    for n in 0..5 {
        assert_eq!(house.deliver("shop", &format!("f{n}")).await, Ok(Reply::default()));
    }
    house.decoded("shop", 10).await;
    let answered = |ids: Vec<String>| (0..5).all(|n| ids.contains(&format!("answer to f{n}")));
    house.until(|| answered(house.disk.ids("shop"))).await;
    assert_eq!(house.fetched(), ["f0", "f1", "f2", "f3", "f4"]);
}

async fn asks_for_what_it_is_told(guest: &str) {
    let house = House::build(vec![channel("shop", guest)]).unwrap();
    assert_eq!(house.deliver("shop", "https://next").await, Ok(Reply::default()));
    house.until(|| !house.fetched().is_empty()).await;
}

async fn asks_for_too_much(guest: &str) {
    let house = House::build(vec![channel("bad", guest), channel("good", "good")]).unwrap();
    assert_eq!(house.deliver("bad", "all").await, Ok(Reply::default()));
    all_good(&house).await;
}

/// It is held up, and the good channel beside it is not.
async fn asks_without_end(guest: &str, limit: &str) {
    let mut bad = channel("bad", guest);
    bad.call_timeout = Duration::from_secs(2);
    let house = House::build(vec![bad, channel("good", "good")]).unwrap();
    assert_eq!(house.deliver("bad", "all").await, Ok(Reply::default()));
    until_so(limit, || house.status("bad").limited.contains_key(limit)).await;
    all_good(&house).await;
    assert_eq!(house.status("bad").instances_lost, 0);
}

async fn costs_restarts_but_no_input(guest: &str) {
    let house = House::build(vec![channel("bad", guest), channel("good", "good")]).unwrap();
    let bodies: Vec<String> = (1..=12).map(|n| format!("{n:02}")).collect();
    for body in &bodies {
        assert_eq!(house.deliver("bad", body).await, Ok(Reply::default()));
    }
    assert_eq!(house.disk.ids("bad"), bodies);
    assert_eq!(house.quarantined(), []);
    // Each instance lives for two calls; the input of the third starts the next one.
    assert_eq!(house.status("bad").instances_lost, 5);
    all_good(&house).await;
}

async fn is_refused(guest: &str, why: &str) {
    let channels = vec![channel("bad", guest), channel("good", "good")];
    let errors = House::build(channels).err().unwrap();
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert_eq!(errors[0].channel, "bad");
    assert!(errors[0].to_string().contains(why), "{}", errors[0]);
}

/// Time stands still here but for what the actor waits for.
#[tokio::test(start_paused = true)]
async fn a_plugin_that_keeps_failing_rests_is_probed_and_recovers() {
    let house = House::build(vec![channel("bad", "counting"), channel("good", "good")]).unwrap();
    for _ in 0..FAILURES_MAX {
        assert_eq!(house.deliver("bad", "x").await, Ok(Reply::status(422)));
    }
    assert_eq!(house.status("bad").breaker, BreakerState::Open);
    assert_eq!(house.disk.feed("bad"), [FeedState::Down]);
    let unavailable = Refusal::PluginUnavailable("bad".into());
    assert_eq!(house.deliver("bad", "innocent").await, Err(unavailable.clone()));
    assert_eq!(house.status("bad").unavailable, 1);
    all_good(&house).await;

    // Poison is the first to come after the rest: it goes to quarantine, or it would fail every
    // probe, and the plugin rests twice as long.
    house.half_open("bad").await;
    assert_eq!(house.deliver("bad", "x").await, Ok(Reply::status(422)));
    assert_eq!(house.status("bad").breaker, BreakerState::Open);
    tokio::time::advance(REST_MIN).await;
    assert_eq!(house.deliver("bad", "innocent").await, Err(unavailable));

    house.half_open("bad").await;
    assert_eq!(house.deliver("bad", "innocent").await, Ok(Reply::default()));
    assert_eq!(house.status("bad").breaker, BreakerState::Closed);
    assert_eq!(house.disk.feed("bad"), [FeedState::Down, FeedState::Down, FeedState::Up]);
    assert_eq!(house.disk.ids("bad"), ["innocent"]);
    assert_eq!(house.quarantined().len(), FAILURES_MAX + 1);
}

#[tokio::test]
async fn a_wrong_signature_is_counted_and_reaches_no_plugin() {
    let house = House::build(vec![channel("shop", "good")]).unwrap();
    let outcome = house.deliver_with("shop", "x", "another token").await;
    assert_eq!(outcome, Err(Refusal::BadSignature));
    let status = house.status("shop");
    assert_eq!((status.signature_failures, status.calls), (1, 0));
    let unknown = house.deliver("shoop", "x").await;
    assert_eq!(unknown, Err(Refusal::UnknownChannel("shoop".into())));
}

#[tokio::test]
async fn a_channel_that_reads_a_file_takes_no_webhooks() {
    let mut calls = channel("calls", "good");
    calls.secrets.clear();
    calls.file = Some("/var/log/asterisk/queue_log".into());
    let house = House::build(vec![calls]).unwrap();
    let refused = Err(Refusal::NotAWebhook("calls".into()));
    assert_eq!(house.deliver("calls", "x").await, refused);
}

#[tokio::test]
async fn every_channel_that_cannot_run_is_named_at_once() {
    let mut open = channel("open", "good");
    open.secrets.clear();
    let errors = House::build(vec![
        channel("fine", "good"),
        open,
        channel("old", "wrong_version"),
        channel("spy", "wasi_sockets"),
    ])
    .err()
    .unwrap();
    let named: Vec<_> = errors.iter().map(|error| error.channel.as_str()).collect();
    assert_eq!(named, ["old", "open", "spy"]);
    assert!(matches!(errors[1].problem, Problem::Verify(_)));
}

#[tokio::test]
async fn a_stopping_server_finishes_what_waits() {
    let house = Arc::new(House::build(vec![channel("shop", "good")]).unwrap());
    let deliveries: Vec<_> = (0..20)
        .map(|n| {
            let house = Arc::clone(&house);
            tokio::spawn(async move { house.deliver("shop", &n.to_string()).await })
        })
        .collect();
    house.decoded("shop", 20).await;
    for delivery in deliveries {
        assert_eq!(delivery.await.unwrap(), Ok(Reply::default()));
    }
    let house = Arc::into_inner(house).unwrap();
    assert!(house.registry.stop(REST_MIN).await.is_empty());
}
