//! What policies promise: at risk, broken, kept and paused at the very moment.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;

use super::script::*;
use crate::config::model::{self, Clock, PolicyFrom, Span};
use crate::engine::{Calendar, CellView, Engine, PolicyRules, Rules, Standing};
use crate::event::{
    Author, Event, Kind, LeftReason, Medium, Prioritized, Priority, Resolved, UnixMs,
};
use crate::scope::{Selector, Window};

const MINUTE: f64 = 60.0;
const HOUR: f64 = 3600.0;

/// Everybody is promised that within an hour, at risk from 45 minutes on, around the clock.
pub(in crate::engine) fn policy(name: &str, clock: Clock) -> PolicyRules {
    PolicyRules { name: name.to_owned(), ..super::script::policy(clock, 3600, false) }
}

/// Open on weekdays from `opens` to `closes` o'clock, UTC.
pub(in crate::engine) fn weekdays(opens: u16, closes: u16) -> Arc<Calendar> {
    let span = Span { opens_min: opens * 60, closes_min: closes * 60 };
    let hours = std::array::from_fn(|day| if day < 5 { vec![span] } else { Vec::new() });
    let calendar = model::Calendar { time_zone: TimeZone::UTC, hours, exceptions: BTreeMap::new() };
    Arc::new(Calendar::from(&calendar))
}

pub(in crate::engine) fn rules(policies: &[PolicyRules]) -> Rules {
    Rules { policies: policies.to_vec(), ..Rules::default() }
}

fn of(policy: &str) -> Selector {
    Selector { policy: Some(policy.to_owned()), ..Selector::default() }
}

/// Running, at risk, breached, paused.
pub(in crate::engine) fn standings(engine: &Engine, policy: &str) -> [u32; 4] {
    [Standing::Running, Standing::AtRisk, Standing::Breached, Standing::Paused]
        .map(|standing| engine.promised(policy).map(|cell| cell.standing(standing)).sum())
}

/// When the next promise breaks.
fn next_breach_ms(engine: &Engine, policy: &str) -> Option<UnixMs> {
    engine.select(&of(policy)).iter().filter_map(CellView::next_breach_ms).min()
}

/// Kept and broken today.
pub(in crate::engine) fn verdicts(engine: &Engine, policy: &str) -> [i64; 2] {
    ["kept", "broken"].map(|name| {
        let counts = value(engine, "sla_met", &of(policy), Window::Today).receipt.counts;
        counts.into_iter().find(|count| count.name == name).map_or(0, |count| count.value)
    })
}

const NONE: [u32; 4] = [0; 4];
const RUNNING: [u32; 4] = [1, 0, 0, 0];
const AT_RISK: [u32; 4] = [0, 1, 0, 0];
const BREACHED: [u32; 4] = [0, 0, 1, 0];
const PAUSED: [u32; 4] = [0, 0, 0, 1];

/// Lets time pass over the events and says how the promise stands at those moments.
fn course(policy: PolicyRules, events: &[Event], moments: &[(f64, [u32; 4])]) -> Engine {
    let name = policy.name.clone();
    let mut engine = Engine::new(rules(&[policy]));
    let mut events = events.iter().peekable();
    for (second, expected) in moments {
        while let Some(event) = events.next_if(|event| event.at_ms <= at(*second)) {
            engine.apply(event, event.known_ms());
        }
        engine.tick(at(*second));
        assert_eq!(standings(&engine, &name), *expected, "after {second} s");
        let runs = expected == &RUNNING || expected == &AT_RISK;
        assert_eq!(next_breach_ms(&engine, &name).is_some(), runs, "after {second} s");
    }
    for event in events {
        engine.apply(event, event.known_ms());
    }
    engine
}

#[test]
fn time_alone_makes_a_promise_risky_and_breaks_it() {
    let mut script = Script::on("telegram");
    script.contact("t1", "care").wrote(0.0, Author::Customer);
    let engine = course(
        policy("first", Clock::FirstResponse),
        &script.events,
        &[
            (0.0, RUNNING),
            (45.0 * MINUTE - 0.001, RUNNING),
            (45.0 * MINUTE, AT_RISK),
            (HOUR, AT_RISK),
            (HOUR + 0.001, BREACHED),
            (48.0 * HOUR, BREACHED),
        ],
    );
    assert_eq!(verdicts(&engine, "first"), [0, 0], "it was broken two days ago");
    let mut script = Script::on("telegram");
    script.contact("t1", "care").wrote(0.0, Author::Customer).wrote(2.0 * HOUR, Author::Agent);
    let engine = fold_with(
        rules(&[policy("first", Clock::FirstResponse)]),
        &script.events,
        2.0 * HOUR + 16.0,
    );
    assert_eq!((standings(&engine, "first"), verdicts(&engine, "first")), (NONE, [0, 1]));
    let hour = |window| shown(&engine, "sla_breaches", &of("first"), window);
    assert_eq!((hour(Window::Min60), hour(Window::Today)), ("0".into(), "1".into()), "at 9:00");
}

#[test]
fn to_the_millisecond_is_in_time() {
    for (reply, expected) in [(HOUR, [1, 0]), (HOUR + 0.001, [0, 1])] {
        let mut script = Script::on("telegram");
        script.contact("t1", "").wrote(0.0, Author::Customer).wrote(1.0, Author::Bot);
        script.wrote(reply, Author::Agent);
        let engine =
            fold_with(rules(&[policy("first", Clock::FirstResponse)]), &script.events, 2.0 * HOUR);
        assert_eq!((standings(&engine, "first"), verdicts(&engine, "first")), (NONE, expected));
    }
}

#[test]
fn outside_business_hours_the_clock_stands() {
    let mut office = policy("office", Clock::FirstResponse);
    office.calendar = weekdays(9, 17);
    // Friday 16:30; 4 days and 8.5 hours after Monday 8:00.
    let friday = 4.0 * 24.0 * HOUR + 8.5 * HOUR;
    let monday = 7.0 * 24.0 * HOUR;
    let mut script = Script::on("mail");
    script.contact("m1", "").wrote(friday, Author::Customer);
    course(
        office,
        &script.events,
        &[
            (friday, RUNNING),
            (friday + 0.5 * HOUR - 0.001, RUNNING),
            (friday + 0.5 * HOUR, PAUSED),
            (friday + 40.0 * HOUR, PAUSED),
            (monday + HOUR - 0.001, PAUSED),
            (monday + HOUR, RUNNING),
            (monday + HOUR + 15.0 * MINUTE, AT_RISK),
            (monday + HOUR + 30.0 * MINUTE, AT_RISK),
            (monday + HOUR + 30.0 * MINUTE + 0.001, BREACHED),
        ],
    );
}

#[test]
fn while_it_is_the_customers_turn_a_resolution_waits() {
    let mut script = Script::on("desk");
    script.contact("t1", "").wrote(0.0, Author::Customer).wrote(10.0 * MINUTE, Author::Agent);
    script.wrote(5.0 * HOUR, Author::Customer);
    let moments = [
        (9.0 * MINUTE, RUNNING),
        (10.0 * MINUTE, PAUSED),
        (5.0 * HOUR - 1.0, PAUSED),
        (5.0 * HOUR, RUNNING),
        (5.0 * HOUR + 35.0 * MINUTE, AT_RISK),
        (5.0 * HOUR + 50.0 * MINUTE, AT_RISK),
        (5.0 * HOUR + 50.0 * MINUTE + 0.001, BREACHED),
    ];
    course(policy("solve", Clock::Resolution), &script.events, &moments);
    script.kind(5.0 * HOUR + 40.0 * MINUTE, Kind::Resolved(Resolved::default()));
    let engine =
        fold_with(rules(&[policy("solve", Clock::Resolution)]), &script.events, 6.0 * HOUR);
    assert_eq!((standings(&engine, "solve"), verdicts(&engine, "solve")), (NONE, [1, 0]));
}

#[test]
fn a_reopened_matter_is_promised_anew_with_its_full_target() {
    let mut script = Script::on("desk");
    script.contact("t1", "").wrote(0.0, Author::Customer).wrote(10.0 * MINUTE, Author::Agent);
    script.kind(3.0 * HOUR, Kind::Resolved(Resolved::default()));
    script.kind(6.0 * HOUR, Kind::Reopened);
    let moments = [
        (10.0 * MINUTE, PAUSED),
        (3.0 * HOUR, NONE),
        (6.0 * HOUR, RUNNING),
        (6.0 * HOUR + 35.0 * MINUTE, RUNNING),
        (6.0 * HOUR + 45.0 * MINUTE, AT_RISK),
        (7.0 * HOUR + 0.001, BREACHED),
    ];
    let engine = course(policy("solve", Clock::Resolution), &script.events, &moments);
    assert_eq!(verdicts(&engine, "solve"), [1, 1], "kept at first, broken by the second try");
}

#[test]
fn what_need_not_come_any_more_breaks_nothing_in_time_and_something_after() {
    for (gone, expected) in [(30.0 * MINUTE, [0, 0]), (61.0 * MINUTE, [0, 1])] {
        let mut script = Script::on("telegram");
        script.contact("t1", "").wrote(0.0, Author::Customer).left(gone, LeftReason::Blocked);
        let engine =
            fold_with(rules(&[policy("next", Clock::NextResponse)]), &script.events, 3.0 * HOUR);
        assert_eq!((standings(&engine, "next"), verdicts(&engine, "next")), (NONE, expected));
    }
}

#[test]
fn every_question_has_its_own_next_response() {
    let mut script = Script::on("telegram");
    script.contact("t1", "").wrote(0.0, Author::Customer).wrote(60.0, Author::Agent);
    script.wrote(100.0, Author::Customer).wrote(110.0, Author::Customer);
    script.wrote(100.0 + HOUR + 1.0, Author::Agent);
    let engine =
        fold_with(rules(&[policy("next", Clock::NextResponse)]), &script.events, 2.0 * HOUR);
    assert_eq!(verdicts(&engine, "next"), [1, 1], "from the first unanswered message");
}

#[test]
fn a_call_is_answered_in_the_queue_where_it_is() {
    let mut vip = policy("vip", Clock::Answer);
    "vip".clone_into(&mut vip.name);
    vip.queues = vec!["vip".to_owned()];
    vip.from = PolicyFrom::Arrival;
    vip.target_ms = 20_000;
    vip.warn_ms = 15_000;
    let mut script = Script::on("phone");
    script.contact("c1", "sales").queued(0.0).transferred(30.0, Some("vip")).queue("vip");
    let moments = [(29.0, NONE), (30.0, RUNNING), (45.0, AT_RISK), (50.001, BREACHED)];
    course(vip.clone(), &script.events, &moments);
    script.agent("ann").answered(50.0);
    let engine = fold_with(rules(&[vip]), &script.events, 60.0);
    assert_eq!(verdicts(&engine, "vip"), [1, 0]);
    let elsewhere = Selector { queue: Some("sales".to_owned()), ..of("vip") };
    assert_eq!(shown(&engine, "sla_met", &elsewhere, Window::Today), "no data");
}

#[test]
fn several_policies_cover_one_contact() {
    let mut urgent = policy("urgent", Clock::FirstResponse);
    urgent.priorities = vec![Priority::Urgent];
    urgent.target_ms = 10 * 60_000;
    let policies =
        [policy("first", Clock::FirstResponse), urgent, policy("solve", Clock::Resolution)];
    let mut script = Script::on("desk");
    script.contact("t1", "").opened(0.0, Medium::Ticket).wrote(0.0, Author::Customer);
    let mut engine = fold_with(rules(&policies), &script.events, 60.0);
    assert_eq!(number(&engine, "sla_running", &all(), Window::Now), 2.0);
    assert_eq!(shown(&engine, "sla_running", &of("urgent"), Window::Now), "no data");
    script.kind(15.0 * MINUTE, Kind::Prioritized(Prioritized { priority: Priority::Urgent }));
    script.agent("ann").wrote(20.0 * MINUTE, Author::Agent);
    for event in &script.events[2..] {
        engine.apply(event, event.known_ms());
    }
    assert_eq!(verdicts(&engine, "first"), [1, 0]);
    assert_eq!(verdicts(&engine, "urgent"), [0, 1], "its ten minutes began with the contact");
    assert_eq!(number(&engine, "sla_met", &all(), Window::Today), 0.5);
    assert_eq!(number(&engine, "sla_paused", &of("solve"), Window::Now), 1.0);
}

#[test]
fn the_next_to_break_is_the_nearest_deadline_of_those_that_run() {
    let mut solve = policy("solve", Clock::Resolution);
    solve.title = Some("Solved".to_owned());
    let policies = [policy("first", Clock::FirstResponse), solve];
    let mut script = Script::on("desk");
    // Both promises of t1 and t2 end after an hour; t1 is the customer's turn from minute 10 to 30.
    script.contact("t1", "").wrote(0.0, Author::Customer).wrote(10.0 * MINUTE, Author::Agent);
    script.wrote(30.0 * MINUTE, Author::Customer);
    script.contact("t2", "").wrote(20.0 * MINUTE, Author::Customer);
    script.events.sort_by_key(|event| event.at_ms);
    let left = |engine: &Engine, selector: &Selector| {
        shown(engine, "sla_next_breach", selector, Window::Now)
    };
    for (minute, first, solved) in [
        (5.0, "55:00", "55:00"),
        (15.0, "no data", "no data"),
        (20.0, "1:00:00", "1:00:00"),
        (40.0, "40:00", "40:00"),
        (80.0, "0:00", "0:00"),
        (81.0, "no data", "no data"),
    ] {
        let known = script.events.iter().filter(|event| event.at_ms <= at(minute * MINUTE));
        let known: Vec<_> = known.cloned().collect();
        let mut engine = fold_with(rules(&policies), &known, minute * MINUTE);
        assert_eq!(left(&engine, &of("first")), first, "minute {minute}");
        assert_eq!(left(&engine, &of("solve")), solved, "minute {minute}");
        let before = left(&engine, &all());
        // The same by what is counted from now on, and after a restart.
        let mails = Selector { kind: Some(Medium::Message), ..of("solve") };
        assert!(engine.watch(&mails));
        assert_eq!(left(&engine, &mails), solved, "minute {minute}");
        let again = Engine::restore(rules(&policies), &engine.snapshot()).expect("its own");
        assert_eq!(left(&again, &all()), before);
    }
    let engine = fold_with(rules(&policies), &script.events, 31.0 * MINUTE);
    let receipt = value(&engine, "sla_next_breach", &of("solve"), Window::Now).receipt;
    assert_eq!(
        receipt.sentence,
        "Of 2 promises in time so far, the next breaks in 49:00 if nobody acts, of Solved; 0 are \
         paused. Solved promises a resolution within 1 h, around the clock, to 80 %."
    );
}

#[test]
fn a_promise_counts_for_the_agent_who_kept_it() {
    let mut script = Script::on("telegram");
    for contact in 0..6 {
        script.contact(&format!("t{contact}"), "").wrote(0.0, Author::Customer);
        script.agent("ann").wrote(60.0, Author::Agent);
    }
    script.events.sort_by_key(|event| event.at_ms);
    let mut engine =
        fold_with(rules(&[policy("first", Clock::FirstResponse)]), &script.events, 120.0);
    let ann = Selector { agent: Some("ann".to_owned()), ..of("first") };
    assert!(engine.watch(&ann));
    assert_eq!(number(&engine, "sla_met", &ann, Window::Today), 1.0);
    let anybody = Selector { policy: None, ..ann };
    assert_eq!(number(&engine, "sla_met", &anybody, Window::Today), 1.0);
}

#[test]
fn nothing_stays_open_for_ever() {
    let policies = [
        policy("answer", Clock::Answer),
        policy("first", Clock::FirstResponse),
        policy("next", Clock::NextResponse),
        policy("solve", Clock::Resolution),
    ];
    let mut script = Script::on("desk");
    // Taken and never answered; answered and never settled; a call that nobody settles.
    script.contact("t1", "").wrote(0.0, Author::Customer).agent("ann").answered(60.0);
    script.contact("t2", "").wrote(0.0, Author::Customer).wrote(60.0, Author::Agent);
    script.contact("t3", "").wrote(0.0, Author::Customer);
    script.contact("c1", "").opened(0.0, Medium::Call).agent("ann").answered(1.0).ended(60.0);
    let mut engine = fold_with(rules(&policies), &script.events, 2.0 * HOUR);
    assert_eq!(standings(&engine, "first"), [0, 0, 2, 0]);
    assert_eq!(standings(&engine, "solve"), [0, 0, 3, 1]);
    engine.tick(at(32.0 * 24.0 * HOUR));
    for name in ["answer", "first", "next", "solve"] {
        assert_eq!(standings(&engine, name), NONE, "{name}");
    }
    engine.tick(at(90.0 * 24.0 * HOUR));
    assert!(engine.state.contacts.is_empty());
}

#[test]
fn spam_is_promised_nothing() {
    let mut script = Script::on("mail");
    let spam = crate::event::Message {
        medium: Medium::Mail,
        author: Author::Customer,
        spam: true,
        ..Default::default()
    };
    script.contact("m1", "").kind(0.0, Kind::Message(spam));
    let policies = [policy("first", Clock::FirstResponse), policy("next", Clock::NextResponse)];
    let engine = fold_with(rules(&policies), &script.events, 2.0 * HOUR);
    assert_eq!((standings(&engine, "first"), verdicts(&engine, "first")), (NONE, [0, 0]));
    assert_eq!((standings(&engine, "next"), verdicts(&engine, "next")), (NONE, [0, 0]));
}

/// A conversation of days holds no more clocks than run.
#[test]
fn long_conversations_stay_small() {
    let mut script = Script::on("telegram");
    script.contact("t1", "");
    for round in 0..1000 {
        let second = f64::from(round) * 600.0;
        script.wrote(second, Author::Customer).wrote(second + 60.0, Author::Agent);
    }
    let policies = [policy("next", Clock::NextResponse), policy("solve", Clock::Resolution)];
    let engine = fold_with(rules(&policies), &script.events, 600_000.0);
    let contacts = postcard::to_allocvec(&engine.state.contacts.values().collect::<Vec<_>>());
    let bytes = contacts.expect("plain data").len();
    assert!(bytes < 17_000, "{bytes}");
    let next: u64 =
        engine.promised("next").map(|cell| cell.total(crate::engine::Field::PolicyMet)).sum();
    assert_eq!(next, 1000);
}
