//! What must be so after any kill: everything acknowledged is counted once, and nothing twice.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::Value;
use tablica::board::file::Board;
use tablica::board::library;
use tablica::channel::quarantine::{Filter, Store};
use tablica::config::{self, Environment};
use tablica::engine::{Engine, QUARTER_MS, RollUp, Rules};
use tablica::journal;
use tablica::journal::rollups::Reader;
use tokio::time::Instant;

use super::ledger::{Door, Note};
use super::site::DAY_MS;
use super::{Run, traffic};
use crate::support::server::get;
use crate::support::wait::pass;

/// Numbers of the API, and the field of roll-ups that each is the sum of.
const KPIS: [(&str, &str); 5] = [
    ("offered", "offered"),
    ("messages", "messages_customer"),
    ("answered", "answered"),
    ("abandoned", "abandoned"),
    ("flowed_out", "flowed_out"),
];
/// Fields of roll-ups that grow by what we send.
const FIELDS: [&str; 10] = [
    "offered",
    "messages_customer",
    "messages_agent",
    "answered",
    "abandoned",
    "handled",
    "flowed_out",
    "blocked",
    "ratings",
    "resolved",
];
/// Fields that time moves, too: a fold of later has them further on.
const OF_TIME: [&str; 5] = ["decided", "waiting", "asking", "reached", "never_answered"];
/// What is under way is there by then, also on a loaded machine.
const SETTLED_WITHIN: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// What a comparison found.
type Found<T = ()> = Result<T, String>;

/// Lets everything arrive at a server that is ready, and compares.
pub(super) async fn check(run: &std::sync::Arc<Run>) -> Found {
    traffic::drain(run).await?;
    counts_settle(run).await?;
    notes(run).await?;
    quarantine(run)?;
    old_logs_go(run);
    let violations = run.ledger().violations.clone();
    if violations.is_empty() { Ok(()) } else { Err(violations.join("\n")) }
}

/// Waits until every number is what it must be: less is waited for, more is an error at once.
async fn counts_settle(run: &Run) -> Found {
    let end = Instant::now() + SETTLED_WITHIN;
    loop {
        let mut missing = compare(run).await?;
        if !run.network.is_empty() {
            missing.push("the poll has not confirmed everything".to_owned());
        }
        if missing.is_empty() {
            return Ok(());
        }
        if Instant::now() > end {
            return Err(format!("acknowledged, but not counted:\n{}", missing.join("\n")));
        }
        pass(LOOK_EVERY).await;
    }
}

/// Every number of today by channel against what was acknowledged: which are too small. One that
/// is too large is an error.
async fn compare(run: &Run) -> Found<Vec<String>> {
    let mut missing = Vec::new();
    for door in Door::ALL {
        let path = format!("/api/v1/kpis?window=today&channel={}", door.channel());
        let answer = json(&run.place.url(&path)).await?;
        let at_ms = answer["at_ms"].as_i64().ok_or("no time in the answer")?;
        let day_ms = at_ms - at_ms.rem_euclid(DAY_MS);
        for (kpi, field) in KPIS {
            let kpis = answer["kpis"].as_array().ok_or("no list of KPIs")?;
            let found = kpis.iter().find(|found| found["kpi"] == kpi);
            // What a channel has never had may be said as not applicable.
            let value = found.and_then(|it| it["figure"]["value"].as_f64()).unwrap_or(0.0) as i64;
            let expected = run.ledger().expected(door, field, day_ms);
            let difference = format!("{kpi} of {}: {value}, not {expected}", door.channel());
            if value > expected {
                return Err(format!("counted twice: {difference}"));
            }
            if value < expected {
                missing.push(difference);
            }
        }
    }
    Ok(missing)
}

async fn json(url: &str) -> Found<Value> {
    let answer = get(url.to_owned()).await.map_err(|error| format!("{url}: {error}"))?;
    let text = answer.text().await.map_err(|error| format!("{url}: {error}"))?;
    serde_json::from_str(&text).map_err(|error| format!("{url}: {error} in {text}"))
}

async fn notes(run: &Run) -> Found {
    let listed = json(&run.place.url("/api/v1/annotations")).await?;
    let listed = listed["annotations"].as_array().ok_or("no list of annotations")?;
    let titles =
        |it: &Value| Some((it["id"].as_str()?.to_owned(), it["title"].as_str()?.to_owned()));
    let found: Vec<_> = listed.iter().filter_map(titles).collect();
    let ledger = run.ledger();
    let made = ledger.notes.iter().filter(|(_, note)| **note == Note::Made);
    let made: BTreeSet<_> = made.map(|(id, _)| (id.clone(), id.clone())).collect();
    let there: BTreeSet<_> = found.iter().cloned().collect();
    if found.len() != there.len() || there != made {
        let lost: Vec<_> = made.difference(&there).collect();
        let strange: Vec<_> = there.difference(&made).collect();
        return Err(format!("annotations: lost {lost:?}, not ours or removed {strange:?}"));
    }
    Ok(())
}

/// How often inputs are in quarantine more than once: an input may be on disk and its answer not
/// out yet.
pub(super) fn quarantine(run: &Run) -> Found<usize> {
    let wrong = |error: &dyn std::fmt::Display| format!("the quarantine: {error}");
    let store = Store::open_existing(&run.place.path("state")).map_err(|error| wrong(&error))?;
    let store = store.ok_or("there is no quarantine")?;
    let entries = store.list(&Filter::default(), true).map_err(|error| wrong(&error))?;
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let ledger = run.ledger();
    for entry in &entries {
        let body = entry.raw.as_ref().map(|raw| String::from_utf8_lossy(&raw.body).into_owned());
        let body = body.ok_or_else(|| format!("entry {} has lost its input", entry.id))?;
        let at = body.find("bad-").ok_or_else(|| format!("set aside, and not bad: {body}"))?;
        let marker: String = body[at..].split_inclusive('.').take(1).collect();
        let bad = ledger.bad().get(&marker);
        let bad = bad.ok_or_else(|| format!("set aside, and never acknowledged: {body}"))?;
        let (channel, class) = (bad.door.channel(), bad.class);
        if entry.channel != channel || entry.class.name() != class || entry.reason.is_empty() {
            return Err(format!("set aside with another reason: {entry:?}, not {class}"));
        }
        *seen.entry(marker).or_default() += 1;
    }
    let lost: Vec<_> = ledger.bad().keys().filter(|marker| !seen.contains_key(*marker)).collect();
    if !lost.is_empty() {
        return Err(format!("acknowledged, but not in quarantine: {lost:?}"));
    }
    let mut more = 0;
    for (marker, count) in seen {
        let bad = ledger.bad()[&marker];
        // Lines are read again from the last place on disk, as often as there were kills.
        if bad.door != Door::QueueLog && count > bad.tries {
            return Err(format!(
                "{marker} was sent {} times and is there {count} times",
                bad.tries
            ));
        }
        more += count as usize - 1;
    }
    Ok(more)
}

/// Followed to their end; the newest stays.
fn old_logs_go(run: &Run) {
    let newest = run.ledger().rotations;
    for number in 0..newest {
        // Most have gone before.
        let _ = std::fs::remove_file(run.place.old_log(number));
    }
}

/// What the comparison of roll-ups saw.
pub(super) struct RollUps {
    /// Rows that are those of the journal's fold.
    pub(super) rows: usize,
    /// Events in the journal.
    pub(super) events: u64,
    /// What they count of each door's items.
    pub(super) counted: BTreeMap<Door, i64>,
}

/// Roll-ups by quarter and slice.
type Rows = BTreeMap<(i64, String), BTreeMap<String, i64>>;

/// After a clean stop: what is stored is what was sent, quarter by quarter, and what a fold of the
/// whole journal gives.
pub(super) fn roll_ups(run: &Run) -> Found<RollUps> {
    let stored = stored(run)?;
    let mut counted = BTreeMap::new();
    for door in Door::ALL {
        let slice = serde_json::json!({"channel": door.channel(), "queue": door.queue()});
        let mut found = BTreeMap::new();
        for ((quarter_ms, named), counts) in &stored {
            if serde_json::from_str::<Value>(named).ok().as_ref() == Some(&slice) {
                for field in FIELDS {
                    if let Some(count) = counts.get(field).filter(|count| **count != 0) {
                        found.insert((*quarter_ms, field), *count);
                    }
                }
            }
        }
        let of_items = found.iter().filter(|((_, field), _)| door.items().contains(field));
        counted.insert(door, of_items.map(|(_, count)| count).sum());
        let ledger = run.ledger();
        let sent = ledger.counts().iter().filter(|((of, ..), _)| *of == door);
        let sent: BTreeMap<_, _> =
            sent.map(|((_, quarter_ms, field), count)| ((*quarter_ms, *field), *count)).collect();
        if found != sent {
            return Err(format!("roll-ups of {}: {found:?}\nsent: {sent:?}", door.channel()));
        }
    }
    let (folded, events) = folded(run)?;
    for (row, counts) in &folded {
        if stored.get(row) != Some(counts) {
            let found = stored.get(row);
            return Err(format!("roll-up {row:?}: {found:?}, the journal's fold is {counts:?}"));
        }
    }
    if stored.len() != folded.len() {
        return Err(format!("{} roll-ups, the fold has {}", stored.len(), folded.len()));
    }
    Ok(RollUps { rows: stored.len(), events, counted })
}

fn stored(run: &Run) -> Found<Rows> {
    let wrong = |error: &dyn std::fmt::Display| format!("the roll-ups: {error}");
    let reader = Reader::open(&run.place.path("state")).map_err(|error| wrong(&error))?;
    let rows = reader.ok_or("there are no roll-ups")?.load(0, i64::MAX);
    let mut stored = Rows::new();
    for row in rows.map_err(|error| wrong(&error))? {
        let counts: BTreeMap<String, Value> =
            serde_json::from_str(&row.counts).map_err(|error| wrong(&error))?;
        let counts = counts.into_iter().filter_map(|(name, value)| Some((name, value.as_i64()?)));
        insert(&mut stored, row.quarter_ms, row.slice, counts);
    }
    Ok(stored)
}

fn insert(
    rows: &mut Rows,
    quarter_ms: i64,
    slice: String,
    counts: impl Iterator<Item = (String, i64)>,
) {
    let of_events = |name: &str| !OF_TIME.iter().any(|word| name.starts_with(word));
    let counts: BTreeMap<_, _> =
        counts.filter(|(name, count)| *count != 0 && of_events(name)).collect();
    // A row of which only time's fields are left has nothing to compare.
    if counts.is_empty() {
        rows.remove(&(quarter_ms, slice));
    } else {
        rows.insert((quarter_ms, slice), counts);
    }
}

/// The journal from its first event on, by an engine that was never killed.
fn folded(run: &Run) -> Found<(Rows, u64)> {
    let environment = Environment { skips_secrets: true, ..Environment::default() };
    let config = config::load_with(Some(&run.place.config()), &environment);
    let config = config.map_err(|problems| format!("{problems:?}"))?;
    let journal = journal::read(&run.place.path("state")).map_err(|error| error.to_string())?;
    let mut engine = Engine::new(Rules::from(&config));
    // The server counts by what its walls show.
    for (id, text) in library::shipped() {
        let board = Board::parse(id, id, text).map_err(|problems| format!("{problems:?}"))?;
        for placed in &board.tiles {
            placed.tile.selectors().into_iter().for_each(|it| assert!(engine.watch(it)));
        }
    }
    let mut rows = Rows::new();
    let mut take = |roll_ups: Vec<RollUp>| -> Found {
        for RollUp { quarter_ms, slice, counts, sums, .. } in roll_ups {
            let slice = serde_json::to_string(&slice).map_err(|error| error.to_string())?;
            insert(&mut rows, quarter_ms, slice, counts.into_iter().chain(sums));
        }
        Ok(())
    };
    let mut events = 0;
    let (mut ticked_ms, mut taken_ms) = (0, 0);
    for event in journal.events() {
        let (_, event) = event.map_err(|bad| format!("row {}: {}", bad.first, bad.reason))?;
        let now_ms = event.known_ms();
        if now_ms >= ticked_ms + 1000 {
            engine.tick(now_ms);
            ticked_ms = now_ms;
        }
        if now_ms >= taken_ms + QUARTER_MS {
            take(engine.take_roll_ups())?;
            taken_ms = now_ms;
        }
        engine.apply(&event, now_ms);
        events += 1;
    }
    // As far as the server's own clock came.
    engine.tick(run.place.now_ms());
    take(engine.take_roll_ups())?;
    Ok((rows, events))
}
