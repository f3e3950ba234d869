//! A million deadlines: what setting one more costs, against the standard library's heap.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hint::black_box;
use std::time::Instant;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tablica::engine::Timers;

use crate::table::{Row, median};

/// Deadlines held while it is measured.
const HELD: usize = 1_000_000;
/// Deadlines set in one measurement.
const SET: usize = 200_000;
const NOW_MS: i64 = 1_795_341_600_000;
/// From twenty seconds, a call's T, to thirty days, when a contact is lost.
const TARGETS_MS: [i64; 6] =
    [20_000, 900_000, 4 * 3_600_000, 8 * 3_600_000, 172_800_000, 2_592_000_000];

/// Both sides get the same deadlines.
struct Deadlines(StdRng);

impl Iterator for Deadlines {
    type Item = (i64, u64);

    fn next(&mut self) -> Option<(i64, u64)> {
        let target_ms = TARGETS_MS[self.0.random_range(0..TARGETS_MS.len())];
        Some((NOW_MS + self.0.random_range(target_ms / 2..target_ms), self.0.random()))
    }
}

/// Setting one, and setting one and taking it back when its time comes.
pub(crate) fn against_heap(rounds: usize) -> Vec<Row> {
    let (mut wheel_ns, mut heap_ns) = (Vec::new(), Vec::new());
    let (mut wheel_all_ns, mut heap_all_ns) = (Vec::new(), Vec::new());
    for round in 0..=rounds {
        let mut deadlines = Deadlines(StdRng::seed_from_u64(round as u64));
        let held: Vec<_> = deadlines.by_ref().take(HELD).collect();
        let set: Vec<_> = deadlines.take(SET).collect();
        let wheel = in_wheel(&held, &set);
        let heap = in_heap(&held, &set);
        if round > 0 {
            wheel_ns.push(wheel.0);
            wheel_all_ns.push(wheel.1);
            heap_ns.push(heap.0);
            heap_all_ns.push(heap.1);
        }
    }
    let row = |what: &str, wheel: Vec<f64>, heap: Vec<f64>, limit| {
        let (wheel, heap) = (median(wheel), median(heap));
        Row {
            what: what.to_owned(),
            ours: format!("{wheel:.0} ns"),
            against: format!("a binary heap {heap:.0} ns"),
            figure: wheel,
            figure_text: format!("{wheel:.0} ns"),
            limit,
        }
    };
    vec![
        row("timer wheel, insert with 1,000,000 held", wheel_ns, heap_ns, Some(100.0)),
        row("timer wheel, insert and expire", wheel_all_ns, heap_all_ns, None),
    ]
}

/// Nanoseconds of one insert, and of a whole life.
fn in_wheel(held: &[(i64, u64)], set: &[(i64, u64)]) -> (f64, f64) {
    let started = Instant::now();
    let mut timers = Timers::default();
    black_box(timers.pop_due(NOW_MS));
    for (due_ms, contact) in held {
        timers.set(*due_ms, *contact);
    }
    let before = started.elapsed();
    for (due_ms, contact) in set {
        timers.set(*due_ms, *contact);
    }
    let insert = started.elapsed() - before;
    while let Some(timer) = timers.pop_due(i64::MAX) {
        black_box(timer);
    }
    (nanos_each(insert, set.len()), nanos_each(started.elapsed(), held.len() + set.len()))
}

/// As [`in_wheel`], by the standard library.
fn in_heap(held: &[(i64, u64)], set: &[(i64, u64)]) -> (f64, f64) {
    let started = Instant::now();
    let mut heap = BinaryHeap::new();
    heap.extend(held.iter().copied().map(Reverse));
    let before = started.elapsed();
    for timer in set {
        heap.push(Reverse(*timer));
    }
    let insert = started.elapsed() - before;
    while let Some(timer) = heap.pop() {
        black_box(timer);
    }
    (nanos_each(insert, set.len()), nanos_each(started.elapsed(), held.len() + set.len()))
}

fn nanos_each(time: std::time::Duration, count: usize) -> f64 {
    time.as_nanos() as f64 / count as f64
}
