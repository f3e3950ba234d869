//! Counts by quarter hour, kept by a real server: the same after a stop and after any kill, and
//! never in the way of a start.

use std::collections::BTreeMap;
use std::path::Path;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::Value;
use tablica::journal::rollups::Reader;
use tablica::kpi;

use crate::support::server::{Server, Site, append, unix_seconds};
use crate::support::wait::{until, until_async};

const KILLS: usize = 12;
const CALLS_PER_LIFE: usize = 25;
/// Divisible by five, and beyond all others.
const LAST_CALL: usize = 500;
/// States are kept as often as a config may say.
const CONFIG: &str = "[journal]\nsnapshot_every = \"1s\"\n";
const SELECTORS: [&str; 4] = ["", "queue=sales", "queue=support", "agent=Agent/7"];

/// What is stored, by quarter and slice. A quarter of an hour that ends while the scenario runs leaves rows
/// in which nothing is counted: of which slices depends on who was at work just then.
fn stored(site: &Site) -> BTreeMap<(i64, String), Value> {
    let reader = Reader::open(&site.path("state")).expect("readable").expect("there are some");
    let rows = reader.load(0, i64::MAX).expect("rows").into_iter();
    let rows = rows.map(|row| {
        let counts: Value = serde_json::from_str(&row.counts).expect("JSON");
        ((row.quarter_ms, row.slice), counts)
    });
    rows.filter(|(_, counts)| counts.as_object().is_none_or(|counts| !counts.is_empty())).collect()
}

/// A count of every stored channel and queue together.
fn sum(rows: &BTreeMap<(i64, String), Value>, name: &str) -> i64 {
    let by_queue = rows.iter().filter(|((_, slice), _)| {
        let slice: Value = serde_json::from_str(slice).expect("JSON");
        slice.as_object().is_some_and(|keys| keys.keys().eq(["channel", "queue"]))
    });
    by_queue.map(|(_, counts)| counts[name].as_i64().unwrap_or(0)).sum()
}

/// Numbers that only events move, over the last 24 hours.
async fn numbers(server: &Server) -> Vec<(String, Value)> {
    let mut numbers = Vec::new();
    for selector in SELECTORS {
        let answer = server.json(&format!("/api/v1/kpis?window=24h&{selector}")).await;
        for value in answer["kpis"].as_array().expect("a list of KPIs") {
            let id = value["kpi"].as_str().expect("an id");
            if kpi::find(id).is_some_and(|kpi| !kpi.is_state) {
                let name = format!("{id}{{{selector}}}");
                numbers.push((name, value["figure"].clone()));
            }
        }
    }
    assert!(numbers.len() > 40);
    numbers
}

/// A call of the recent past, answered and ended; of five, one is abandoned.
fn call(number: usize, from_seconds: i64) -> String {
    let queue = ["sales", "support"][number % 2];
    let at = from_seconds + number as i64;
    let agent = format!("Agent/{}", 5 + number % 4);
    if number.is_multiple_of(5) {
        return format!(
            "{at}|call-{number}|{queue}|NONE|ENTERQUEUE||600100200|1\n\
             {end}|call-{number}|{queue}|NONE|ABANDON|1|1|30\n",
            end = at + 30
        );
    }
    format!(
        "{at}|call-{number}|{queue}|NONE|ENTERQUEUE||600100{number:03}|1\n\
         {answer}|call-{number}|{queue}|{agent}|CONNECT|9|leg-{number}|3\n\
         {end}|call-{number}|{queue}|{agent}|COMPLETEAGENT|9|50|1\n",
        answer = at + 9,
        end = at + 59
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_24_hours_are_the_same_after_a_restart() {
    let site = Site::new(CONFIG);
    let server = site.start().await;
    let from = unix_seconds() - 3000;
    (0..=40).for_each(|number| append(&site.queue_log(), &call(number, from)));
    // The last line is of an abandoned call.
    server.settles("abandoned", "window=24h", 9.0).await;
    let before = numbers(&server).await;
    assert!(server.stop().success());
    let rows = stored(&site);
    assert_eq!((sum(&rows, "offered"), sum(&rows, "abandoned")), (41, 9));

    let server = site.start().await;
    assert_eq!(numbers(&server).await, before);
    assert!(server.stop().success());
    assert_eq!(stored(&site), rows);
}

#[tokio::test(flavor = "multi_thread")]
async fn kills_neither_lose_a_roll_up_nor_count_one_twice() {
    let (torn, calm) = (Site::new(CONFIG), Site::new(CONFIG));
    let from = unix_seconds() - 3000;
    let mut random = StdRng::seed_from_u64(12);
    let mut calls = 0;
    for _ in 0..KILLS {
        let server = torn.start().await;
        let enough = calls + random.random_range(1..CALLS_PER_LIFE);
        while calls < enough {
            append(&torn.queue_log(), &call(calls, from));
            calls += 1;
        }
        let seen = random.random_range(calls / 2..=calls) as f64;
        until_offered(&server, seen).await;
        server.kill();
    }
    (0..calls).for_each(|number| append(&calm.queue_log(), &call(number, from)));
    let mut both = Vec::new();
    for site in [&torn, &calm] {
        // The last line is of an abandoned call.
        append(&site.queue_log(), &call(LAST_CALL, from));
        let server = site.start().await;
        let abandoned = calls.div_ceil(5) + 1;
        server.settles("abandoned", "window=24h", abandoned as f64).await;
        let numbers = numbers(&server).await;
        assert!(server.stop().success());
        both.push((numbers, stored(site)));
    }
    assert_eq!(sum(&both[0].1, "offered"), calls as i64 + 1);
    assert_eq!(both[0], both[1]);
}

async fn until_offered(server: &Server, enough: f64) {
    until_async("some calls are counted", async || {
        server.kpi("offered", "window=24h").await.is_some_and(|offered| offered >= enough)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn damaged_roll_ups_are_set_aside_and_those_of_two_days_written_anew() {
    let site = Site::new(CONFIG);
    let server = site.start().await;
    let from = unix_seconds() - 3000;
    (0..=10).for_each(|number| append(&site.queue_log(), &call(number, from)));
    server.settles("abandoned", "window=24h", 3.0).await;
    let before = numbers(&server).await;
    assert!(server.stop().success());
    let rows = stored(&site);

    let file = site.path("state/rollups.sqlite");
    std::fs::write(&file, "no database".repeat(1000)).expect("written");
    let server = site.start().await;
    assert_eq!(numbers(&server).await, before, "the engine's own memory is whole");
    server.tells("set aside");
    assert!(is_aside(&site.path("state")));
    assert!(server.stop().success());
    assert_eq!(stored(&site), rows);
}

fn is_aside(state: &Path) -> bool {
    let mut found = false;
    until("the damaged file is beside", || {
        let entries = std::fs::read_dir(state).expect("the state folder");
        let names = entries.map(|entry| entry.expect("an entry").file_name());
        found = names.into_iter().any(|name| name.to_string_lossy().contains(".damaged"));
        found
    });
    found
}
