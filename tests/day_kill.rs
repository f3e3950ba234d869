//! kill -9 at two hundred moments of a day of 200,000 events: in the middle of appends, of
//! snapshots, of roll-ups and of recoveries. At its end every number is what it would have been,
//! and every roll-up is on disk once.
//!
//! The victim is this binary again: it takes the day up where the journal ends, folds what comes
//! back and keeps the state as a server does, only without pause.

use std::collections::BTreeMap;
use std::env;
use std::fs::File;
use std::io::{BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::Value;
use tablica::app::{Start, keep, recover};
use tablica::board::hub::{Keeping, Kept};
use tablica::clock;
use tablica::engine::{Engine, RollUp, Rules};
use tablica::event::Event;
use tablica::journal::rollups::{self, Reader};
use tablica::journal::{Opened, SeenIds, Sequence};
use tablica::kpi::{self, Kpi};
use tablica::scope::{Selector, Window};
use tokio::sync::mpsc;

use crate::support::center::{self, Center};
use crate::support::day;
use crate::support::journal::{Notebook, Running, opened};
use crate::support::process::{Watched, this_binary};

const STATE_DIR: &str = "TABLICA_TEST_DAY_STATE";
/// The day, one event a line, and where each line begins.
const EVENTS_FILE: &str = "day.jsonl";
const PLACES_FILE: &str = "day.places";
const KILLS: u64 = 200;
/// Few people in few queues, so that a restart takes little time.
const CENTER: Center = Center { seed: 3, channels: 3, queues: 6, agents: 180, events: 200_000 };
/// Events that become durable together, and that lie between two kept states.
const BATCH: usize = 40;
const KEPT_EVERY: usize = 20;
/// What a victim says when the kill is to come: while it recovers, between appends, while it
/// writes a snapshot, while it writes roll-ups.
const MOMENTS: [&str; 8] =
    ["begun", "durable", "durable", "durable", "durable", "keeping", "keeping", "kept"];
/// However long ago the day was.
const ROLLUPS_KEEP: Duration = Duration::from_secs(100 * 366 * 86_400);

/// Contacts are forgotten within the day: that, too, must survive.
fn rules() -> Rules {
    let mut rules = center::rules();
    rules.contacts.idle_gap = Duration::from_secs(30 * 60);
    rules.contacts.duplicate_window = Duration::from_secs(60 * 60);
    rules
}

fn recovered(opened: &Opened, state: &Path, ids: &SeenIds) -> (Engine, Sequence, rollups::Store) {
    let stored = rollups::open(state, ROLLUPS_KEEP).unwrap();
    if opened.last_sequence() == 0 {
        // A server would begin with the present; this day is in the past.
        return (Engine::new(rules()), 0, stored);
    }
    let (engine, sequence) =
        recover::engine(rules(), opened, &stored, ids, &Start::default()).unwrap();
    (engine, sequence, stored)
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    // A scenario that has what it wanted no longer listens.
    let _ = writeln!(out, "{line}");
}

/// Not a scenario: the victim. Without its environment it has nothing to do.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn victim() {
    let Some(state) = env::var_os(STATE_DIR).map(PathBuf::from) else { return };
    say("");
    say("begun");
    let opened = opened(&state, &Notebook::default(), clock::now_ms);
    let ids = SeenIds::open(&state).unwrap();
    let (mut engine, mut sequence, stored) = recovered(&opened, &state, &ids);
    say("recovered");
    let (rollups, rollups_thread) = stored.start().unwrap();
    let Running { handle, thread, mut committed } = Running::start(opened);
    let mut keep = keep::states(handle.clone(), rollups, ids);
    let (states, mut waiting) = mpsc::channel::<Kept>(1);
    let keeper = tokio::task::spawn_blocking(move || {
        while let Some(state) = waiting.blocking_recv() {
            say("keeping");
            assert_eq!(keep(state), Keeping::GoesOn);
            say("kept");
        }
    });
    let mut lines = rest_of_the_day(&state, sequence);
    for batch in 1.. {
        let events: Vec<Event> = lines.by_ref().take(BATCH).collect();
        let Some(last) = sequence.checked_add(events.len() as u64).filter(|it| *it > sequence)
        else {
            break;
        };
        handle.append(events, None).await.unwrap();
        say(&format!("durable {last}"));
        while sequence < last {
            let commit = committed.recv().await.unwrap();
            assert_eq!(commit.first, sequence + 1);
            for event in &commit.events {
                engine.apply(event, event.known_ms());
                sequence += 1;
            }
        }
        if batch % KEPT_EVERY == 0
            && let Ok(place) = states.try_reserve()
        {
            place.send(state_of(&mut engine, sequence));
        }
    }
    states.send(state_of(&mut engine, sequence)).await.unwrap();
    drop(states);
    keeper.await.unwrap();
    thread.stop().await;
    tokio::task::spawn_blocking(|| rollups_thread.join()).await.unwrap();
    say("over");
}

fn state_of(engine: &mut Engine, sequence: Sequence) -> Kept {
    let new_ids = engine.take_new_ids();
    Kept { sequence, new_ids, snapshot: engine.snapshot(), roll_ups: engine.take_roll_ups() }
}

fn write_the_day(state: &Path, events: &[Event]) {
    let mut lines = Vec::new();
    let mut places = Vec::new();
    for event in events {
        places.extend((lines.len() as u64).to_le_bytes());
        serde_json::to_writer(&mut lines, event).unwrap();
        lines.push(b'\n');
    }
    std::fs::write(state.join(EVENTS_FILE), lines).unwrap();
    std::fs::write(state.join(PLACES_FILE), places).unwrap();
}

fn rest_of_the_day(state: &Path, after: Sequence) -> impl Iterator<Item = Event> {
    let places = std::fs::read(state.join(PLACES_FILE)).unwrap();
    let (places, _) = places.as_chunks::<8>();
    let mut file = File::open(state.join(EVENTS_FILE)).unwrap();
    let place = places.get(after as usize).map(|bytes| u64::from_le_bytes(*bytes));
    file.seek(place.map_or(SeekFrom::End(0), SeekFrom::Start)).unwrap();
    BufReader::new(file).lines().map(|line| serde_json::from_str(&line.unwrap()).unwrap())
}

fn start_victim(state: &Path) -> Watched {
    Watched::start(this_binary("day_kill::victim").env(STATE_DIR, state))
}

/// How many events it is known to have taken.
fn durable(line: &str) -> Option<u64> {
    line.strip_prefix("durable ")?.parse().ok()
}

/// Lets a victim live until it has taken so many events and then comes to the moment; false when
/// the day is over before.
fn live_and_die(state: &Path, taken: &mut u64, enough: u64, moment: &str) -> bool {
    let mut victim = start_victim(state);
    loop {
        let line = victim.line().expect("the victim lives until it is killed");
        *taken = durable(&line).unwrap_or(*taken);
        if line == "over" {
            return false;
        }
        if line.starts_with(moment) && (moment == "begun" || *taken >= enough) {
            victim.kill().iter().filter_map(|line| durable(line)).for_each(|last| *taken = last);
            return true;
        }
    }
}

/// Every number of these contacts, with its receipt.
fn numbers(engine: &Engine) -> BTreeMap<String, Value> {
    let of = |key: &str, value: &str| {
        let mut selector = Selector::default();
        selector.set(key, value).unwrap();
        selector
    };
    let mut selectors = vec![Selector::default()];
    selectors.extend(engine.queues().map(|queue| of("queue", queue)));
    selectors.extend(engine.topics().map(|topic| of("topic", topic)));
    selectors.extend(engine.people().step_by(20).map(|agent| of("agent", agent)));
    selectors.extend(rules().policies.iter().map(|policy| of("policy", &policy.name)));
    let mut numbers = BTreeMap::new();
    for selector in &selectors {
        for kpi in kpi::registry() {
            for window in windows_of(kpi) {
                let value = kpi::compute(kpi, engine, selector, *window, engine.now_ms());
                let name = format!("{} {selector:?} {}", kpi.id, window.id());
                numbers.insert(name, serde_json::to_value(value).unwrap());
            }
        }
    }
    numbers
}

fn windows_of(kpi: &Kpi) -> &'static [Window] {
    if kpi.is_state { &[Window::Now] } else { &[Window::Min60, Window::Today, Window::Hours24] }
}

/// What is stored, or would be, by quarter and slice.
type Rows = BTreeMap<(i64, String), Value>;

fn stored_rows(state: &Path) -> Rows {
    let reader = Reader::open(state).unwrap().expect("there are roll-ups");
    let rows = reader.load(0, i64::MAX).unwrap().into_iter();
    rows.map(|row| {
        let counts: Value = serde_json::from_str(&row.counts).unwrap();
        ((row.quarter_ms, row.slice), counts)
    })
    .collect()
}

/// What the store should hold of it.
fn rows_of(roll_ups: Vec<RollUp>) -> Rows {
    let rows = roll_ups.into_iter().map(|roll_up| {
        let mut counts = roll_up.counts;
        counts.extend(roll_up.sums);
        let mut counts = serde_json::to_value(counts).unwrap();
        if !roll_up.lengths_ms.is_empty() {
            counts["lengths_ms"] = serde_json::to_value(roll_up.lengths_ms).unwrap();
        }
        ((roll_up.quarter_ms, serde_json::to_string(&roll_up.slice).unwrap()), counts)
    });
    rows.collect()
}

#[test]
fn two_hundred_kills_change_no_number_of_a_day() {
    let events = day::events(&CENTER);
    let state = tempfile::tempdir().unwrap();
    write_the_day(state.path(), &events);
    let mut random = StdRng::seed_from_u64(200);
    let mut taken = 0;
    for kill in 1..=KILLS {
        let moment = MOMENTS[random.random_range(0..MOMENTS.len())];
        // Lives of about the same length: the last kill is near the end of the day.
        let due = CENTER.events as u64 * (kill - 1) / KILLS;
        let enough = due + random.random_range(0..CENTER.events as u64 / KILLS);
        let killed = live_and_die(state.path(), &mut taken, enough, moment);
        assert!(killed, "the day is over before kill {kill}");
    }
    let whole = live_and_die(state.path(), &mut taken, u64::MAX, "durable");
    assert!(!whole, "the last one comes to the end of the day");

    let mut fold = Engine::new(rules());
    events.iter().for_each(|event| fold.apply(event, event.known_ms()));
    let undisturbed = numbers(&fold);
    assert!(undisturbed.len() > 1000);
    let opened = opened(state.path(), &Notebook::default(), clock::now_ms);
    assert_eq!(opened.last_sequence(), CENTER.events as u64, "nothing lost, nothing twice");
    let ids = SeenIds::open(state.path()).unwrap();
    let (mut engine, ..) = recovered(&opened, state.path(), &ids);
    engine.tick(fold.now_ms());
    let found = numbers(&engine);
    for (name, value) in &undisturbed {
        assert_eq!(found.get(name), Some(value), "{name}");
    }
    let (stored, counted) = (stored_rows(state.path()), rows_of(fold.take_roll_ups()));
    assert!(counted.len() > 1000);
    assert_eq!(stored.len(), counted.len());
    for (row, counts) in &counted {
        assert_eq!(stored.get(row), Some(counts), "{row:?}");
    }
}
