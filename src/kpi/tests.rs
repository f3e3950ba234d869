//! Every KPI against worked examples.

mod opinion;
mod page;

use std::collections::BTreeSet;
use std::time::Duration;

use expect_test::{expect, expect_file};

use super::value::Figure;
use super::{registry, series, service_level};
use crate::engine::tests::script::*;
use crate::engine::{Engine, Rules};
use crate::event::{Author, LeftReason};
use crate::scope::{Selector, Window};

/// 08:00 and ten hours: all of the reference data is decided.
const EVENING: f64 = 36_000.0;

#[test]
fn ids_are_unique_and_definitions_complete() {
    let ids: BTreeSet<_> = registry().iter().map(|kpi| kpi.id).collect();
    assert_eq!(ids.len(), registry().len());
    for kpi in registry() {
        let id = kpi.id;
        assert!(id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'));
        assert!(kpi.doc.ends_with('.') && !kpi.doc.contains("  "), "{id}");
        assert!(!kpi.title.is_empty() && !kpi.expression.is_empty(), "{id}");
    }
}

#[test]
fn the_reference_data_of_the_six_formulas() {
    let engine = fold(&reference(), EVENING);
    assert_eq!(course(&engine, &all()), [1060, 1000, 60, 0, 0]);
    for (id, expected) in [
        ("sl_offered", "81.13 %"),
        ("sl_offered_net", "81.90 %"),
        ("sl_short_positive", "82.08 %"),
        ("sl_ignore", "82.69 %"),
        ("sl_positive", "83.02 %"),
        ("sl_answered", "86.00 %"),
        ("service_level", "81.90 %"),
        ("abandon_rate", "5.66 %"),
        ("abandon_rate_net", "4.76 %"),
    ] {
        assert_eq!(shown(&engine, id, &all(), Window::Today), expected, "{id}");
    }
    assert_eq!(number(&engine, "sl_offered", &all(), Window::Today), 860.0 / 1060.0);
}

#[test]
fn the_reference_file_is_the_reference_data() {
    let lines: Vec<_> = reference()
        .iter()
        .map(|event| serde_json::to_string(event).expect("an event is JSON"))
        .collect();
    expect_file!["../../tests/data/reference-service-level.jsonl"]
        .assert_eq(&(lines.join("\n") + "\n"));
}

#[test]
fn the_second_vector() {
    let mut script = Script::on("phone");
    for call in 0..100 {
        let second = f64::from(call) * 60.0;
        script.contact(&format!("c{call}"), "sales").queued(second);
        match call % 10 {
            0 => script.abandoned(second + 10.0),
            1 | 2 => script.answered(second + 40.0),
            _ => script.answered(second + 10.0),
        };
    }
    let engine = fold(&script.events, EVENING);
    assert_eq!(shown(&engine, "sl_ignore", &all(), Window::Today), "77.78 %");
    assert_eq!(shown(&engine, "sl_offered", &all(), Window::Today), "70.00 %");
    assert_eq!(shown(&engine, "sl_positive", &all(), Window::Today), "80.00 %");
}

#[test]
fn a_receipt_says_how_the_number_was_made() {
    let receipt =
        value(&fold(&reference(), EVENING), "service_level", &all(), Window::Today).receipt;
    expect![[r#"
        860 of 1,050 calls today were served in time, which is within 20 s; 10 who hung up within 5 s are not counted.
        sl_offered_net = answered within T / (offered − abandoned within s)
        in_time 860, counted 1050, offered 1060, answered 1000, answered_within_threshold 860, abandoned 60, abandoned_within_threshold 20, abandoned_short 10, flowed_out 0, waiting_beyond_threshold 0
        answer_threshold 20000, short_abandon 5000
        Today 1772409600000..1772474400000 UTC
    "#]]
    .assert_eq(&written(&receipt));
    assert_eq!(receipt.variants.len(), 6);
    assert_eq!(receipt.variants[5].figure, Figure::Number(0.86));
}

fn written(receipt: &super::value::Receipt) -> String {
    let list = |counts: &[super::value::Count]| {
        let parts = counts.iter().map(|count| format!("{} {}", count.name, count.value));
        parts.collect::<Vec<_>>().join(", ")
    };
    let window = &receipt.window;
    format!(
        "{}\n{} = {}\n{}\n{}\n{:?} {}..{} {}\n",
        receipt.sentence,
        receipt.formula,
        receipt.expression,
        list(&receipt.counts),
        list(&receipt.thresholds_ms),
        window.window,
        window.from_ms,
        window.to_ms,
        window.time_zone,
    )
}

/// 10 calls answered after 8 s in one queue, 1 of 2 abandoned after 3 s in the other.
fn two_queues() -> Vec<crate::event::Event> {
    let mut script = Script::on("phone");
    for call in 0..10 {
        script.contact(&format!("s{call}"), "sales").queued(0.0).answered(8.0);
    }
    script.contact("v1", "vip").queued(0.0).answered(8.0);
    script.contact("v2", "vip").queued(0.0).abandoned(3.0);
    script.events.sort_by_key(|event| event.at_ms);
    script.events
}

#[test]
fn queues_with_their_own_formulas_are_added_up_by_counts() {
    let rules = rules_with("vip", |queue| {
        queue.answer_threshold = Duration::from_secs(5);
        "sl_offered".clone_into(&mut queue.service_level);
    });
    let engine = fold_with(rules, &two_queues(), 60.0);
    assert_eq!(shown(&engine, "service_level", &queue("vip"), Window::Today), "0.00 %");
    assert_eq!(shown(&engine, "service_level", &queue("sales"), Window::Today), "100.00 %");
    let both = value(&engine, "service_level", &all(), Window::Today);
    assert_eq!(both.figure, Figure::Number(10.0 / 12.0), "not the mean of 0 and 100");
    assert_eq!(both.receipt.formula, "by_queue");
    let thresholds: Vec<_> =
        both.receipt.thresholds_ms.iter().map(|one| (one.name, one.value)).collect();
    assert_eq!(
        thresholds,
        [("answer_threshold", 5000), ("answer_threshold", 20_000), ("short_abandon", 5000)]
    );
    expect!["10 of 12 calls today were served in time, which is within 5 s or 20 s."]
        .assert_eq(&both.receipt.sentence);
}

#[test]
fn counters_divide_into_the_queues_own_service_level() {
    let engine = fold(&two_queues(), 60.0);
    let counted: Vec<_> = engine
        .counters()
        .map(|cell| (cell.queue(), service_level::in_time_and_counted(&cell)))
        .collect();
    assert_eq!(counted, [("sales", (10, 10)), ("vip", (1, 1))]);
}

#[test]
fn who_left_otherwise_counts_as_offered_and_not_in_time() {
    let mut script = Script::on("phone");
    script.contact("c1", "sales").queued(0.0).answered(5.0);
    script.contact("c2", "sales").queued(0.0).left(9.0, LeftReason::Callback);
    let engine = fold(&script.events, 60.0);
    let value = value(&engine, "service_level", &all(), Window::Today);
    assert_eq!(value.figure, Figure::Number(0.5));
    expect![
        "1 of 2 calls today were served in time, which is within 20 s; 1 left the queue without an answer."
    ]
    .assert_eq(&value.receipt.sentence);
    assert_eq!(shown(&engine, "sl_answered", &all(), Window::Today), "100.00 %");
}

#[test]
fn calls_and_written_contacts_each_have_their_threshold() {
    let mut script = Script::on("desk");
    script.contact("c1", "sales").queued(0.0).answered(25.0);
    script.contact("t1", "care").wrote(0.0, Author::Customer).wrote(800.0, Author::Agent);
    let engine = fold(&script.events, 2000.0);
    let both = value(&engine, "service_level", &all(), Window::Today);
    assert_eq!(both.figure, Figure::Number(0.5));
    assert_eq!(
        both.receipt.sentence,
        "1 of 2 contacts today were served in time, which is within 20 s or 15 min."
    );
    assert_eq!(shown(&engine, "unanswered_now", &queue("sales"), Window::Now), "not applicable");
    assert_eq!(shown(&engine, "asa", &all(), Window::Today), "0:25", "of the calls");
}

#[test]
fn nothing_yet_is_no_data() {
    let mut script = Script::on("phone");
    script.contact("c1", "sales").queued(0.0);
    let engine = fold(&script.events, 5.0);
    assert_eq!(shown(&engine, "service_level", &all(), Window::Today), "no data");
    assert_eq!(shown(&engine, "asa", &all(), Window::Today), "no data");
    assert_eq!(shown(&engine, "abandon_rate", &all(), Window::Today), "0.00 %");
    assert_eq!(shown(&engine, "offered", &all(), Window::Now), "not applicable");
    assert_eq!(shown(&engine, "longest_wait_today", &all(), Window::Today), "0:05");
}

#[test]
fn the_longest_wait_now_and_of_today_are_two() {
    let mut script = Script::on("phone");
    script.contact("c1", "sales").queued(0.0).answered(75.0);
    script.contact("c2", "sales").queued(100.0);
    let engine = fold(&script.events, 110.0);
    assert_eq!(shown(&engine, "longest_wait_now", &all(), Window::Now), "0:10");
    assert_eq!(shown(&engine, "longest_wait_today", &all(), Window::Now), "1:15");
    let window = value(&engine, "longest_wait_today", &all(), Window::Now).receipt.window;
    assert_eq!(window.window, Window::Today);
}

#[test]
fn the_course_of_the_last_hour() {
    let mut script = Script::on("phone");
    script.contact("c1", "sales").queued(60.0).answered(75.0);
    script.contact("c2", "sales").queued(65.0).answered(130.0);
    script.contact("c3", "sales").queued(190.0);
    script.events.sort_by_key(|event| event.at_ms);
    let engine = fold(&script.events, 200.0);
    let course = |id| {
        let series = series(super::find(id).expect(id), &engine, &all(), 60_000);
        assert_eq!((series.from_ms + 59 * 60_000, series.step_ms), (at(180.0), 60_000));
        series.values[56..].to_vec()
    };
    assert_eq!(course("offered"), [Some(0.0), Some(2.0), Some(0.0), Some(1.0)]);
    assert_eq!(course("waiting"), [Some(0.0), Some(2.0), Some(1.0), Some(1.0)]);
    assert_eq!(course("sl_offered"), [None, Some(0.5), None, None]);
    assert_eq!(course("longest_wait_now"), [None; 4]);
}

#[test]
fn an_unknown_formula_in_the_rules_is_the_default_one() {
    let mut rules = Rules::default();
    "sl_of_the_year".clone_into(&mut rules.queues.default.service_level);
    let engine = fold_with(rules, &two_queues(), 60.0);
    let formula = value(&engine, "service_level", &all(), Window::Today).receipt.formula;
    assert_eq!(formula, service_level::DEFAULT);
}

#[test]
fn an_engine_that_saw_nothing_has_no_zeros() {
    let engine = Engine::new(Rules::default());
    let selector = Selector::default();
    for kpi in registry() {
        assert_ne!(shown(&engine, kpi.id, &selector, Window::Today), "0", "{}", kpi.id);
    }
}
