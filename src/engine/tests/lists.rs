//! Who waits, what breaks next, what each agent does and since when.

use std::time::Duration;

use super::promises::{policy, rules, weekdays};
use super::script::*;
use crate::config::model::{Clock, Queue};
use crate::engine::{PolicyRules, Rules};
use crate::event::{AgentState, AgentStatus, Author, Kind, Medium};
use crate::scope::Selector;

const MINUTE: f64 = 60.0;

/// Queue, seconds left and whether it is at risk, of those who wait, in order.
fn waiting(engine: &crate::engine::Engine, selector: &Selector) -> Vec<(String, i64, bool)> {
    let (first, _) = engine.longest_waiting(selector, None, 10);
    let row = |it: crate::engine::WaitingContact<'_>| {
        (it.queue.to_owned(), it.deadline.left_ms / 1000, it.deadline.is_at_risk)
    };
    first.into_iter().map(row).collect()
}

#[test]
fn who_waits_stands_by_how_long_and_by_when_the_queue_wants_an_answer() {
    let mut script = Script::on("phone");
    script.contact("c1", "sales").queued(20.0);
    script.contact("c2", "support").queued(30.0);
    script.contact("c3", "sales").queued(0.0).answered(5.0);
    script.contact("t1", "mail").wrote(10.0, Author::Customer);
    let engine = fold(&script.events, 45.0);
    // T is 20 s for calls and 15 min in writing.
    let late = ("sales".to_owned(), -5, true);
    let soon = ("support".to_owned(), 5, true);
    let mail = ("mail".to_owned(), 900 - 35, false);
    assert_eq!(waiting(&engine, &all()), [mail, late.clone(), soon]);
    assert_eq!(waiting(&engine, &queue("sales")), [late]);
    assert_eq!(waiting(&engine, &queue("nowhere")), []);
    let (first, all) = engine.longest_waiting(&all(), None, 1);
    assert_eq!((first.len(), all), (1, 3), "the others are counted");
    let (calls, all) = engine.longest_waiting(&super::script::all(), Some(false), 10);
    assert_eq!((calls.len(), all), (2, 2));
    assert!(calls.iter().all(|it| !it.is_written));
}

#[test]
fn a_policy_says_by_when_in_its_open_time() {
    let promise = PolicyRules { calendar: weekdays(8, 10), ..policy("fast", Clock::FirstResponse) };
    let mut script = Script::on("desk");
    // At 9:45: an hour of open time is over at 8:45 on the next day.
    script.contact("t1", "mail").wrote(105.0 * MINUTE, Author::Customer);
    let found = |until: f64| {
        let engine = fold_with(rules(std::slice::from_ref(&promise)), &script.events, until);
        let (first, _) = engine.longest_waiting(&all(), None, 10);
        let only = first.first().cloned().expect("somebody waits");
        assert_eq!(only.policy, Some("fast"));
        (only.deadline.left_ms / 60_000, only.deadline.is_paused, only.deadline.is_at_risk)
    };
    assert_eq!(found(115.0 * MINUTE), (50, false, false));
    assert_eq!(found(300.0 * MINUTE), (45, true, false), "closed: its time stands");
    let next_day = 24.0 * 60.0 * MINUTE;
    assert_eq!(found(next_day + 40.0 * MINUTE), (5, false, true));
    assert_eq!(found(next_day + 60.0 * MINUTE), (-15, false, true), "late");
    // A night in between is not counted as lateness.
    assert_eq!(found(2.0 * next_day + 10.0 * MINUTE), (-85, false, true));
}

#[test]
fn promises_break_in_order_and_those_that_did_are_apart() {
    let policies = [policy("first", Clock::FirstResponse), policy("solve", Clock::Resolution)];
    let mut script = Script::on("desk");
    script.contact("t1", "mail").wrote(0.0, Author::Customer);
    script.contact("t2", "chat").wrote(20.0 * MINUTE, Author::Customer);
    script.contact("t2", "chat").wrote(25.0 * MINUTE, Author::Agent);
    script.contact("t3", "chat").wrote(30.0 * MINUTE, Author::Customer);
    let engine = fold_with(rules(&policies), &script.events, 50.0 * MINUTE);
    let breaking = |selector: &Selector| -> Vec<(String, &str, i64, bool)> {
        let found = engine.next_to_break(selector, 3).into_iter();
        let row = |it: crate::engine::Breaking<'_>| {
            let minutes = it.deadline.left_ms / 60_000;
            (
                it.policy.name.clone(),
                if it.queue == "mail" { "mail" } else { "chat" },
                minutes,
                it.deadline.is_at_risk,
            )
        };
        found.map(row).collect()
    };
    let of = |name: &str| Selector { policy: Some(name.to_owned()), ..Selector::default() };
    let row = |name: &str, queue, minutes, risk| (name.to_owned(), queue, minutes, risk);
    assert_eq!(
        breaking(&of("first")),
        [row("first", "mail", 10, true), row("first", "chat", 40, false)]
    );
    let both = breaking(&all());
    assert_eq!(both.len(), 3, "no more than asked for");
    assert!(both[..2].iter().all(|row| row.1 == "mail"), "{both:?}");
    assert!(engine.missed_promises(&all()).is_empty());

    let engine = fold_with(rules(&policies), &script.events, 70.0 * MINUTE);
    let missed = engine.missed_promises(&of("first"));
    assert_eq!(missed.len(), 1);
    assert_eq!((missed[0].queue, missed[0].count), ("mail", 1));
    let next = engine.next_to_break(&of("first"), 3);
    assert_eq!(next.len(), 1, "what broke is not to break any more");
}

#[test]
fn agents_are_told_with_how_long_they_do_what_they_do() {
    let state = |status, reason: Option<&str>| {
        Kind::AgentState(AgentState { status, reason: reason.map(str::to_owned) })
    };
    let mut script = Script::on("phone");
    script.contact("", "sales").agent("bob").kind(0.0, state(AgentStatus::Available, None));
    script.contact("", "sales").agent("ann").kind(0.0, state(AgentStatus::Available, None));
    script.contact("", "sales").agent("ann").kind(600.0, state(AgentStatus::Paused, Some("lunch")));
    script.contact("", "support").agent("eve").kind(10.0, state(AgentStatus::Offline, None));
    script.contact("c1", "sales").queued(50.0).agent("bob").answered(60.0);
    script.events.sort_by_key(|event| event.at_ms);
    let two_hours = 7200.0;
    let engine = fold_with(Rules::default(), &script.events, two_hours);
    let told = |selector: &Selector, states: &[AgentStatus]| -> Vec<(String, AgentStatus, i64)> {
        let found = engine.agents_now(selector, states).into_iter();
        found
            .map(|it| (it.name.to_owned(), it.status, (at(two_hours) - it.since_ms) / 1000))
            .collect()
    };
    let ann = ("ann".to_owned(), AgentStatus::Paused, 6600);
    let bob = ("bob".to_owned(), AgentStatus::Talking, 7140);
    let eve = ("eve".to_owned(), AgentStatus::Offline, 7190);
    assert_eq!(told(&all(), &AgentStatus::ALL), [ann.clone(), bob.clone(), eve]);
    assert_eq!(told(&queue("sales"), &AgentStatus::ALL), [ann.clone(), bob]);
    assert_eq!(told(&all(), &[AgentStatus::Paused]), [ann]);
    let paused = engine.agents_now(&all(), &[AgentStatus::Paused]);
    assert_eq!(paused[0].pause_reason, Some("lunch"));
}

#[test]
fn of_many_who_wait_in_many_queues_the_first_come_in_order() {
    let mut script = Script::on("desk");
    for number in 0..3000 {
        let queue = format!("q{}", number % 30);
        script.contact(&format!("t{number}"), &queue).opened(f64::from(number), Medium::Message);
        script.wrote(f64::from(number), Author::Customer);
    }
    let engine = fold(&script.events, 4000.0);
    let (first, all) = engine.longest_waiting(&all(), None, 12);
    assert_eq!(all, 3000);
    let since: Vec<i64> = first.iter().map(|it| (it.since_ms - at(0.0)) / 1000).collect();
    assert_eq!(since, (0..12).collect::<Vec<_>>());
}

#[test]
fn who_asked_in_public_is_overdue_by_the_queues_open_time_or_by_a_policy() {
    let mut script = Script::on("shop");
    for (contact, queue, public) in [
        ("post", "care", true),
        ("answered", "care", true),
        ("private", "care", false),
        ("late", "care", true),
        ("promised", "vip", true),
    ] {
        let second = if contact == "late" { 3000.0 } else { 0.0 };
        script.contact(contact, queue).message(second, Author::Customer, public);
    }
    script.contact("answered", "care").message(60.0, Author::Agent, true);
    let mut mine = policy("mine", Clock::NextResponse);
    (mine.target_ms, mine.queues) = (7_200_000, vec!["vip".to_owned()]);
    let overdue = |until: f64| {
        let threshold = |queue: &mut Queue| queue.reply_threshold = Duration::from_secs(900);
        let mut rules = rules_with("care", threshold);
        rules.policies = vec![mine.clone()];
        let mut events = script.events.clone();
        events.retain(|event| event.at_ms <= at(until));
        let engine = fold_with(rules, &events, until);
        let all = engine.overdue_in_public();
        all.into_iter().map(|(_, queue, count)| format!("{queue} {count}")).collect::<Vec<_>>()
    };
    assert_eq!(overdue(890.0), ["care 0", "vip 0"]);
    assert_eq!(overdue(3600.0), ["care 1", "vip 0"]);
    assert_eq!(overdue(7300.0), ["care 2", "vip 1"]);
}
