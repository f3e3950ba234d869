//! What a server knows, against what it should know: the pure fold of what its journal holds, and
//! in the end a day on which nothing failed.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::app::roll_ups;
use crate::engine::Engine;
use crate::engine::tests::script::all;
use crate::engine::tests::traffic::rules;
use crate::event::{Event, UnixMs};
use crate::journal::rollups::{Reader, Row};
use crate::kpi;
use crate::scope::Window;

/// The pure fold.
pub(super) fn fold(journal: &[Event]) -> Engine {
    let mut engine = Engine::new(rules());
    journal.iter().for_each(|event| engine.apply(event, event.known_ms()));
    engine
}

/// Each event once and in its time.
pub(super) fn undisturbed<'a>(events: impl Iterator<Item = &'a Event>) -> Engine {
    let mut events: Vec<&Event> = events.collect();
    events.sort_by_key(|event| event.at_ms);
    let mut engine = Engine::new(rules());
    events.iter().for_each(|event| engine.apply(event, event.at_ms));
    engine
}

/// Of all numbers, one in so many is compared each time: thousands of runs compare each often.
const ONE_IN: usize = 5;

/// Numbers of all contacts are the same: one in [`ONE_IN`], by a number drawn. What has been recalled
/// of stored roll-ups is in the server's state and not in the fold's, so the bytes are not.
pub(super) fn same_figures(
    server: &Engine,
    wanted: &Engine,
    windows: &[Window],
    drawn: u64,
) -> Result<(), String> {
    let from = usize::try_from(drawn).unwrap_or(0) % ONE_IN;
    for kpi in kpi::registry().iter().skip(from).step_by(ONE_IN) {
        for &window in if kpi.is_state { &[Window::Now][..] } else { windows } {
            let [found, should] = [server, wanted].map(|engine| {
                let value = kpi::compute(kpi, engine, &all(), window, engine.now_ms());
                (value.figure, value.receipt.counts)
            });
            if found != should {
                let place = format!("{} {}", kpi.id, window.id());
                return Err(format!("{place} is {found:?}, and should be {should:?}"));
            }
        }
    }
    Ok(())
}

type Rows = BTreeMap<(UnixMs, String), Value>;

/// The stored roll-ups are those of this engine, of which none were taken yet.
pub(super) fn same_roll_ups(state: &Path, wanted: &mut Engine) -> Result<(), String> {
    let stored = Reader::open(state).map_err(|error| error.to_string())?;
    let stored = stored.map_or(Ok(Vec::new()), |stored| stored.load(0, UnixMs::MAX));
    let stored = rows(stored.map_err(|error| error.to_string())?)?;
    let counted = wanted.take_roll_ups().into_iter().map(roll_ups::row);
    let counted = counted.collect::<Result<Vec<Row>, _>>().map_err(|error| error.to_string())?;
    let counted = rows(counted)?;
    let differs = |key: &&(UnixMs, String)| stored.get(*key) != counted.get(*key);
    match stored.keys().chain(counted.keys()).find(differs) {
        None => Ok(()),
        Some(key) => {
            let (found, should) = (stored.get(key), counted.get(key));
            Err(format!("the stored roll-up {key:?} is {found:?}, and should be {should:?}"))
        }
    }
}

/// Without those that count nothing: a count that was corrected to nothing is stored.
fn rows(rows: Vec<Row>) -> Result<Rows, String> {
    let mut found = Rows::new();
    for row in rows {
        let counts: Value = serde_json::from_str(&row.counts).map_err(|error| error.to_string())?;
        let counts_something = counts
            .as_object()
            .is_some_and(|counts| counts.values().any(|count| count.as_i64() != Some(0)));
        if counts_something {
            found.insert((row.quarter_ms, row.slice), counts);
        }
    }
    Ok(found)
}
