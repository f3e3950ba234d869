//! Percentiles are exact to half a per cent of the value, whatever its size, and say truly how exact
//! they are.

use std::fmt::Write as _;

use tablica::engine::{Engine, Rules};
use tablica::event::{Author, Kind, Medium, Resolved};
use tablica::kpi;
use tablica::scope::{Selector, Window};

use super::story::{HOUR, Of, Story, answered, message, number};
use crate::not_yet::hold;

/// How far off they may be.
const EXACT_TO: f64 = 0.005;

/// From a millisecond to ten days, and what lies on either side of round numbers.
const SIZES_MS: [f64; 21] = [
    1.0,
    7.0,
    90.0,
    120.0,
    125.0,
    340.0,
    999.0,
    1_230.0,
    5_120.0,
    7_770.0,
    19_999.0,
    61_300.0,
    127_999.0,
    128_001.0,
    131_070.0,
    600_123.0,
    3_723_456.0,
    28_799_999.0,
    86_401_000.0,
    259_200_017.0,
    863_999_999.0,
];

/// What a length is called by, its middle and its slow end.
type Kpis = [&'static str; 2];

fn is_exact(got_s: f64, right_s: f64) -> bool {
    (got_s - right_s).abs() <= EXACT_TO * right_s
}

/// One contact of that length, for each size; every size by itself.
fn check(kpis: &[Kpis], window: Window, sizes_ms: &[f64], tell: fn(&mut Story, f64)) -> String {
    let mut said = String::new();
    for size_ms in sizes_ms {
        let mut story = Story::default();
        tell(&mut story, size_ms / 1000.0);
        let engine = story.by(Rules::default(), &[], HOUR + size_ms / 1000.0 + 1.0);
        for id in kpis.concat() {
            let got_s = number(&engine, id, &Selector::default(), window);
            if !is_exact(got_s, size_ms / 1000.0) {
                writeln!(said, "{id} of {size_ms} ms is {got_s} s").unwrap();
            }
        }
    }
    said
}

/// Those that a call can wait for: a day later it is lost.
fn is_a_wait(size_ms: f64) -> bool {
    size_ms < 10.0 * HOUR * 1000.0
}

fn waits(story: &mut Story, seconds: f64) {
    let of = Of { channel: "pbx", contact: "call", queue: "sales", ..Of::default() };
    story.tell(HOUR, of, Kind::Queued);
    story.tell(HOUR + seconds, Of { agent: "ola", ..of }, answered());
}

/// Replied to after so long, and settled at once.
fn writes(story: &mut Story, seconds: f64) {
    let of = Of { channel: "post", contact: "mail", queue: "care", ..Of::default() };
    let olas = Of { agent: "ola", ..of };
    story.tell(HOUR, of, message(Medium::Mail, Author::Customer));
    story.tell(HOUR + seconds, olas, message(Medium::Mail, Author::Agent));
    story.tell(HOUR + seconds, olas, Kind::Resolved(Resolved { by: Author::Agent }));
}

#[test]
fn waits_of_every_size() {
    hold("percentiles::waits_of_every_size", || {
        let sizes_ms: Vec<f64> = SIZES_MS.into_iter().filter(|it| is_a_wait(*it)).collect();
        assert_eq!(check(&[["wait_median", "wait_p90"]], Window::Today, &sizes_ms, waits), "");
    });
}

#[test]
fn replies_and_settlements_of_every_size() {
    hold("percentiles::replies_and_settlements_of_every_size", || {
        let kpis = [
            ["frt_median", "frt_p95"],
            ["frt_business_median", "frt_business_p90"],
            ["nrt_median", "nrt_p90"],
            ["ttr_median", "ttr_p90"],
            ["ttr_final_median", "ttr_final_p90"],
        ];
        assert_eq!(check(&kpis, Window::Min5, &SIZES_MS, writes), "");
    });
}

/// A thousand and one waits without a pattern, from milliseconds to hours, of today and of 24 hours.
#[test]
fn many_at_once() {
    hold("percentiles::many_at_once", || {
        let mut story = Story::default();
        let mut waits_ms = Vec::new();
        let mut state = 12_345_u64;
        for call in 0..1001_u32 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            // As many of each order of magnitude.
            let share = (state >> 40) as f64 / f64::from(1_u32 << 24);
            let wait_ms = (10_f64.powf(1.0 + 6.0 * share)).round();
            waits_ms.push(wait_ms);
            let contact = format!("call {call}");
            let of = Of { channel: "pbx", contact: &contact, queue: "sales", ..Of::default() };
            let end = 20.0 * HOUR + f64::from(call) * 0.2;
            story.tell(end - wait_ms / 1000.0, of, Kind::Queued);
            story.tell(end, Of { agent: "ola", ..of }, answered());
        }
        waits_ms.sort_by(f64::total_cmp);
        let engine = story.by(Rules::default(), &[], 20.0 * HOUR + 202.0);
        // Nearest rank: the 501st, the 901st and the 951st of 1001.
        for (id, rank) in [("wait_median", 501), ("wait_p90", 901), ("wait_p95", 951)] {
            for window in [Window::Today, Window::Hours24] {
                let got_s = number(&engine, id, &Selector::default(), window);
                let right_s = waits_ms[rank - 1] / 1000.0;
                assert!(is_exact(got_s, right_s), "{id} {window:?}: {got_s} s for {right_s} s");
            }
        }
    });
}

#[test]
fn also_after_a_restart() {
    hold("percentiles::also_after_a_restart", || {
        for size_ms in SIZES_MS.into_iter().filter(|it| is_a_wait(*it)) {
            let mut story = Story::default();
            waits(&mut story, size_ms / 1000.0);
            let engine = story.by(Rules::default(), &[], HOUR + size_ms / 1000.0 + 1.0);
            let engine = Engine::restore(Rules::default(), &engine.snapshot()).expect("its own");
            let got_s = number(&engine, "wait_median", &Selector::default(), Window::Today);
            assert!(is_exact(got_s, size_ms / 1000.0), "{size_ms} ms: {got_s} s");
        }
    });
}

/// Who was answered at once has waited for nothing.
#[test]
fn nothing_is_nothing() {
    hold("percentiles::nothing_is_nothing", || {
        let mut story = Story::default();
        waits(&mut story, 0.0);
        let engine = story.by(Rules::default(), &[], HOUR + 1.0);
        for id in ["wait_median", "wait_p90", "wait_p95"] {
            assert_eq!(number(&engine, id, &Selector::default(), Window::Today), 0.0, "{id}");
        }
    });
}

/// "(exact to 0.2%)" is a promise like any other.
#[test]
fn they_say_truly_how_exact_they_are() {
    hold("percentiles::they_say_truly_how_exact_they_are", || {
        for kpi in kpi::registry() {
            let Some((_, rest)) = kpi.doc.split_once("exact to ") else { continue };
            let (number_of, _) = rest.split_once('%').expect("so many per cent");
            let said = number_of.trim().parse::<f64>().expect("a number") / 100.0;
            assert!(said <= EXACT_TO, "{} says {said}", kpi.id);
            let of_calls = kpi.id.starts_with("wait_");
            let tell = if of_calls { waits } else { writes };
            for size_ms in SIZES_MS.into_iter().filter(|it| !of_calls || is_a_wait(*it)) {
                let mut story = Story::default();
                tell(&mut story, size_ms / 1000.0);
                let engine = story.by(Rules::default(), &[], HOUR + size_ms / 1000.0 + 1.0);
                let window = if of_calls { Window::Today } else { Window::Min5 };
                let got_s = number(&engine, kpi.id, &Selector::default(), window);
                let off = (got_s * 1000.0 - size_ms).abs() / size_ms;
                assert!(off <= said, "{} of {size_ms} ms is off by {off}, and says {said}", kpi.id);
            }
        }
    });
}
