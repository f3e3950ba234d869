//! Which moments a window holds, and that its receipt says so.

use super::script::*;
use crate::config::model::Shift;
use crate::engine::{Engine, QUARTER_MS, Rules};
use crate::event::{Author, Event, UnixMs};
use crate::kpi::find;
use crate::scope::Window;

const HOUR: f64 = 3600.0;
const DAY: f64 = 24.0 * HOUR;

/// A call every so many seconds, each answered at once.
fn calls(count: u32, every_s: f64) -> Vec<Event> {
    let mut script = Script::on("phone");
    for call in 0..count {
        let second = f64::from(call) * every_s;
        script.contact(&format!("c{call}"), "sales").queued(second).answered(second);
    }
    script.events
}

fn span(engine: &Engine, window: Window) -> (UnixMs, UnixMs) {
    let window = value(engine, "offered", &all(), window).receipt.window;
    (window.from_ms, window.to_ms)
}

/// Calls that came within a span, its last moment included.
fn within(calls: &[Event], (from_ms, to_ms): (UnixMs, UnixMs)) -> f64 {
    let offered = calls.iter().step_by(2).map(|event| event.at_ms);
    offered.filter(|at_ms| (from_ms..=to_ms).contains(at_ms)).count() as f64
}

#[test]
fn the_last_five_minutes_hold_what_came_since_five_minutes_ago() {
    let engine = fold(&calls(60, 5.0), 300.0);
    assert_eq!(number(&engine, "offered", &all(), Window::Min5), 60.0);
    assert_eq!(span(&engine, Window::Min5), (at(0.0), at(300.0)));
}

#[test]
fn at_every_moment_a_sliding_window_holds_all_of_its_span_and_that_is_as_long_as_its_name() {
    let calls = calls(1100, 7.3);
    let mut engine = Engine::new(Rules::default());
    let mut next = 0;
    for moment in 0..1750 {
        let now_ms = at(f64::from(moment) * 4.1);
        while let Some(event) = calls.get(next).filter(|event| event.at_ms <= now_ms) {
            engine.apply(event, event.known_ms());
            next += 1;
        }
        engine.tick(now_ms);
        for window in [Window::Min5, Window::Min15, Window::Min30, Window::Min60] {
            let (from_ms, to_ms) = span(&engine, window);
            assert_eq!(to_ms, now_ms);
            let length_ms = window.sliding_ms().expect("it slides");
            let longer_ms = to_ms - from_ms - length_ms;
            assert!((0..=length_ms / 50).contains(&longer_ms), "{window:?} {longer_ms}");
            let expected = within(&calls[..next], (from_ms, to_ms));
            let offered = number(&engine, "offered", &all(), window);
            assert_eq!(offered, expected, "{window:?} at {now_ms}");
        }
    }
}

#[test]
fn a_correction_of_what_was_earlier_in_the_hour_is_seen_in_the_windows_that_hold_it() {
    let mut engine = Engine::new(Rules::default());
    for event in calls(500, 6.0) {
        engine.apply(&event, event.known_ms());
    }
    let mut late = Script::on("phone");
    // From 26 to 21 minutes ago, with ids of their own, known only now.
    for call in 0..50 {
        late.contact(&format!("late{call}"), "sales").queued(1440.0 + f64::from(call) * 6.0);
    }
    for (number, event) in late.events.iter_mut().enumerate() {
        event.id = format!("late-{number}");
        engine.apply(event, at(3000.0));
    }
    let offered = |window| number(&engine, "offered", &all(), window);
    assert_eq!([Window::Min15, Window::Min30].map(offered), [150.0, 350.0]);
    assert_eq!(course(&engine, &all()), [550, 500, 0, 0, 50]);
}

#[test]
fn what_a_clock_ahead_puts_into_the_future_counts_now() {
    let calls = calls(40, 10.0);
    let mut engine = Engine::new(Rules::default());
    for event in &calls {
        engine.apply(event, event.at_ms - 30_000);
    }
    engine.tick(at(365.0));
    for window in [Window::Min15, Window::Min60, Window::Today, Window::Hours24] {
        assert_eq!(number(&engine, "offered", &all(), window), 40.0, "{window:?}");
    }
    // What was known from 65 s on.
    assert_eq!(number(&engine, "offered", &all(), Window::Min5), 30.0);
    let series = crate::kpi::series(find("offered").expect("it"), &engine, &all(), 60_000);
    assert_eq!(series.values.iter().flatten().sum::<f64>(), 40.0);
}

#[test]
fn a_receipt_of_what_is_over_ends_where_that_ended() {
    let shift = Shift {
        title: None,
        start: jiff::civil::time(6, 0, 0, 0),
        end: jiff::civil::time(14, 0, 0, 0),
    };
    let rules = Rules { shifts: [("early".to_owned(), shift)].into(), ..Rules::default() };
    let mut script = Script::on("phone");
    for (number, hours) in [0.0, 3.0, 20.0, 23.0, 26.0, 28.0].into_iter().enumerate() {
        script.contact(&format!("c{number}"), "sales").queued(hours * HOUR);
        script.answered(hours * HOUR);
    }
    // 12:07 on the second day.
    let now = DAY + 4.0 * HOUR + 420.0;
    let engine = fold_with(rules, &script.events, now);
    let midnight = 16.0 * HOUR;
    for (window, from, to) in [
        (Window::Yesterday, midnight - DAY, midnight),
        (Window::Today, midnight, now),
        (Window::Shift, 22.0 * HOUR, now),
        (Window::Hours24, 4.0 * HOUR, now),
        (Window::Hours48, -20.0 * HOUR, now),
    ] {
        assert_eq!(span(&engine, window), (at(from), at(to)), "{window:?}");
        // What lies at the end of yesterday belongs to today.
        let until_ms = if window == Window::Yesterday { at(to) - 1 } else { at(to) };
        let expected = within(&script.events, (at(from), until_ms));
        assert_eq!(number(&engine, "offered", &all(), window), expected, "{window:?}");
    }
}

#[test]
fn the_last_24_hours_are_never_shorter_and_hold_this_very_moment() {
    for more_s in [0.0, 0.001, 450.0, 899.999] {
        let now = DAY + HOUR + more_s;
        let mut script = Script::on("phone");
        script.contact("c1", "sales").queued(HOUR + more_s).answered(HOUR + more_s);
        script.contact("c2", "sales").queued(now).answered(now);
        let engine = fold(&script.events, now);
        assert_eq!(number(&engine, "offered", &all(), Window::Hours24), 2.0, "{more_s}");
        let (from_ms, to_ms) = span(&engine, Window::Hours24);
        assert_eq!(to_ms, at(now));
        let longer_ms = to_ms - from_ms - 24 * 3_600_000;
        assert!((0..QUARTER_MS).contains(&longer_ms), "{more_s}: {longer_ms}");
    }
}

#[test]
fn short_waits_are_told_as_they_were() {
    let mut script = Script::on("phone");
    script.contact("c1", "q").queued(0.0).answered(5.12);
    script.contact("c2", "r").queued(10.0).answered(10.12);
    let engine = fold(&script.events, 300.0);
    for id in ["wait_median", "wait_p90", "wait_p95", "asa"] {
        assert_eq!(number(&engine, id, &queue("q"), Window::Today), 5.12, "{id}");
        assert_eq!(number(&engine, id, &queue("r"), Window::Today), 0.12, "{id}");
    }
}

#[test]
fn percentiles_that_went_through_the_store_are_the_same() {
    let mut script = Script::on("phone");
    for (number, wait) in [0.12, 5.12, 61.7, 754.0, 5400.0].into_iter().enumerate() {
        let offered = number as f64 * 60.0;
        script.contact(&format!("c{number}"), "sales").queued(offered).answered(offered + wait);
    }
    let mut engine = fold(&script.events, 4.0 * HOUR);
    let mut recalled = Engine::new(Rules::default());
    recalled.tick(at(4.0 * HOUR));
    for roll_up in engine.take_roll_ups() {
        recalled.recall(&roll_up).expect("room");
    }
    for id in ["wait_median", "wait_p90"] {
        let of = |engine| number(engine, id, &all(), Window::Hours24);
        assert_eq!(of(&recalled), of(&engine), "{id}");
    }
    assert_eq!(number(&recalled, "wait_median", &all(), Window::Hours24), 61.7);
}

#[test]
fn the_longest_wait_of_nobody() {
    let mut script = Script::on("phone");
    script.contact("c1", "sales").queued(0.0).answered(40.0).ended(60.0);
    let today = fold(&script.events, 100.0);
    assert_eq!(number(&today, "longest_wait_now", &all(), Window::Now), 0.0);
    assert_eq!(number(&today, "longest_wait_today", &all(), Window::Now), 40.0);
    // A day on which nobody came.
    let next_day = fold(&script.events, DAY);
    assert_eq!(number(&next_day, "longest_wait_now", &all(), Window::Now), 0.0);
    assert_eq!(shown(&next_day, "longest_wait_today", &all(), Window::Now), "no data");
    // Somebody who calls out was offered to nobody.
    let mut script = Script::on("desk");
    script.contact("t1", "care").wrote(0.0, Author::Agent);
    let unasked = fold(&script.events, 100.0);
    assert_eq!(number(&unasked, "longest_wait_now", &all(), Window::Now), 0.0);
    assert_eq!(shown(&unasked, "longest_wait_today", &all(), Window::Now), "no data");
}
