//! The engine alone: events a second on one core, with everything hot that is asked for by
//! default, on a drawn day.

use std::hint::black_box;
use std::time::Instant;

use tablica::engine::Engine;
use tablica::event::Event;

use crate::day::{self, Center};
use crate::table::{Row, median};

/// What every board, alert and report that ships asks for stays hot: channel with queue, and by
/// agent, topic and policy.
const PER_SECOND_MIN: f64 = 500_000.0;

/// Nanoseconds of one event.
fn fold_ns(events: &[Event]) -> f64 {
    let mut engine = Engine::new(day::rules());
    let started = Instant::now();
    for event in events {
        engine.apply(event, event.known_ms());
        engine.take_observations().for_each(drop);
    }
    let spent = started.elapsed();
    black_box(engine.version());
    spent.as_nanos() as f64 / events.len() as f64
}

/// Events a second.
pub(crate) fn alone(rounds: usize) -> Row {
    let events = day::events(&Center::USUAL);
    let mut spent = Vec::new();
    for _ in 0..rounds { spent.push(fold_ns(&events)); eprintln!("{:.0} ns", spent.last().unwrap()); }
    let ns = median(spent);
    Row {
        what: format!("engine alone, {} events of a day", events.len()),
        ours: format!("{:.0} events/s", 1e9 / ns),
        against: format!("at least {PER_SECOND_MIN:.0} events/s"),
        figure: ns,
        figure_text: format!("{ns:.0} ns per event"),
        limit: Some(1e9 / PER_SECOND_MIN),
    }
}
