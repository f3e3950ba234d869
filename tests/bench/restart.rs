//! A restart: the newest snapshot, and a million events of the journal after it.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use tablica::app::{Start, recover};
use tablica::config::model::Journal;
use tablica::engine::Engine;
use tablica::journal::{self, SeenIds, rollups};
use tokio::sync::mpsc;

use crate::center::{Center, rules};
use crate::day;
use crate::table::{Row, median};

const IN_SNAPSHOT: usize = 100_000;
const TAIL: usize = 1_000_000;
const EVENTS_PER_APPEND: usize = 1000;
const COMMITS_WAITING_MAX: usize = 16;
const SECONDS_MAX: f64 = 10.0;

/// Seconds until the engine is where it was.
pub(crate) async fn from_snapshot_and_tail(rounds: usize) -> anyhow::Result<Row> {
    let state = tempfile::tempdir()?;
    let settings = Journal::default();
    // So many contacts keep five times as many people busy.
    let agents = 5 * Center::USUAL.agents;
    let center = Center { events: IN_SNAPSHOT + TAIL, agents, ..Center::USUAL };
    let opened = journal::open(&settings, state.path())?;
    let (commits, mut committed) = mpsc::channel(COMMITS_WAITING_MAX);
    let (handle, thread) = opened.start(commits)?;
    let engine = tokio::spawn(async move {
        let mut engine = Engine::new(rules());
        let mut snapshot = None;
        while let Some(commit) = committed.recv().await {
            if snapshot.is_some() {
                continue;
            }
            commit.events.iter().for_each(|event| engine.apply(event, event.known_ms()));
            let sequence = commit.first + commit.events.len() as u64 - 1;
            if sequence >= IN_SNAPSHOT as u64 {
                snapshot = Some((sequence, engine.snapshot()));
            }
        }
        snapshot
    });
    for events in day::events(&center).chunks(EVENTS_PER_APPEND) {
        handle.append(events.to_vec(), None).await?;
    }
    thread.stop().await;
    let (sequence, snapshot) = engine.await?.context("no snapshot")?;
    handle.save_snapshot(sequence, snapshot).await?;
    drop(handle);

    let mut seconds = Vec::new();
    for _ in 0..rounds.clamp(1, 3) {
        let started = Instant::now();
        let opened = journal::open(&settings, state.path())?;
        let stored = rollups::open(state.path(), Duration::from_secs(35 * 86_400))?;
        let ids = SeenIds::open(state.path())?;
        let (engine, last) = recover::engine(rules(), &opened, &stored, &ids, &Start::default())?;
        seconds.push(started.elapsed().as_secs_f64());
        ensure!(last == (IN_SNAPSHOT + TAIL) as u64, "{last} events are not all");
        drop(engine);
    }
    let seconds = median(seconds);
    Ok(Row {
        what: String::from("restart: snapshot and a tail of 1,000,000 events"),
        ours: format!("{seconds:.1} s"),
        against: format!("{SECONDS_MAX} s"),
        figure: seconds,
        figure_text: format!("{seconds:.1} s"),
        limit: Some(SECONDS_MAX),
    })
}
