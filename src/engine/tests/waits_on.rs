//! Who waits goes on waiting: from queue to queue until somebody answers, and for the message that is
//! left when an earlier one was taken back.

use super::promises::{policy, rules, standings, verdicts};
use super::script::*;
use crate::config::model::{Clock, PolicyFrom};
use crate::engine::{Engine, PolicyRules};
use crate::event::{Author, Event, Kind, LeftReason, Medium, Removed};
use crate::scope::{Selector, Window};

/// An answer within 25 s.
fn quick(queues: &[&str], from: PolicyFrom) -> PolicyRules {
    let queues = queues.iter().map(|name| (*name).to_owned()).collect();
    let policy = policy("quick", Clock::Answer);
    PolicyRules { target_ms: 25_000, warn_ms: 20_000, queues, from, ..policy }
}

fn folded(policy: PolicyRules, events: &[Event], until: f64) -> Engine {
    fold_with(rules(&[policy]), events, until)
}

/// Kept, broken in that queue.
fn in_queue(engine: &Engine, queue: &str) -> [i64; 2] {
    let selector = Selector {
        queue: Some(queue.to_owned()),
        policy: Some("quick".to_owned()),
        ..Selector::default()
    };
    let counts = value(engine, "sla_met", &selector, Window::Today).receipt.counts;
    ["kept", "broken"]
        .map(|name| counts.iter().find(|count| count.name == name).map_or(0, |count| count.value))
}

/// Waits in `support` from 0 s on, in `care` from `moved` on, is answered there.
fn handed_on(moved: f64, answered: f64) -> Vec<Event> {
    let mut script = Script::on("phone");
    script.contact("c1", "support").queued(0.0);
    script.queue("care").queued(moved);
    script.agent("anna").answered(answered);
    script.events
}

#[test]
fn a_caller_is_promised_one_answer_however_many_queues_they_wait_in() {
    // Ten seconds in care, but 35 since they called.
    let engine = folded(quick(&[], PolicyFrom::Opening), &handed_on(15.0, 35.0), 600.0);
    assert_eq!(verdicts(&engine, "quick"), [0, 1]);
    assert_eq!((in_queue(&engine, "support"), in_queue(&engine, "care")), ([0, 0], [0, 1]));
    let engine = folded(quick(&[], PolicyFrom::Opening), &handed_on(10.0, 25.0), 600.0);
    assert_eq!(verdicts(&engine, "quick"), [1, 0], "at the very second");
    // Broken in the first queue: one promise, not one kept beside it.
    let engine = folded(quick(&[], PolicyFrom::Opening), &handed_on(48.0, 50.0), 600.0);
    assert_eq!(verdicts(&engine, "quick"), [0, 1]);
}

#[test]
fn what_was_broken_before_it_came_is_counted_when_it_comes_and_the_receipt_says_so() {
    let care = quick(&["care"], PolicyFrom::Opening);
    let engine = folded(care.clone(), &handed_on(48.0, 50.0)[..1], 47.0);
    assert_eq!(verdicts(&engine, "quick"), [0, 0]);
    let engine = folded(care, &handed_on(48.0, 50.0), 600.0);
    assert_eq!(verdicts(&engine, "quick"), [0, 1]);
    let of = Selector { policy: Some("quick".to_owned()), ..Selector::default() };
    let receipt = value(&engine, "sla_met", &of, Window::Today).receipt;
    assert!(receipt.counts.iter().any(|it| it.name == "broken_before" && it.value == 1));
    assert!(receipt.sentence.contains("1 of the broken was broken before they came there"));
    // From the arrival in care it has all its time.
    let arrival = quick(&["care"], PolicyFrom::Arrival);
    let engine = folded(arrival.clone(), &handed_on(48.0, 72.0), 600.0);
    assert_eq!(verdicts(&engine, "quick"), [1, 0]);
    let engine = folded(arrival, &handed_on(48.0, 74.0), 600.0);
    assert_eq!(verdicts(&engine, "quick"), [0, 1]);
}

#[test]
fn time_breaks_it_in_the_queue_where_the_caller_is() {
    let events = handed_on(15.0, 35.0);
    let waits =
        |until| standings(&folded(quick(&[], PolicyFrom::Opening), &events[..2], until), "quick");
    assert_eq!(waits(19.0), [1, 0, 0, 0]);
    assert_eq!(waits(20.0), [0, 1, 0, 0]);
    assert_eq!(waits(25.001), [0, 0, 1, 0]);
}

#[test]
fn other_ways_from_queue_to_queue_are_the_same_wait() {
    let last = |script: &mut Script, answered: f64| {
        script.queue("care").queued(15.0);
        script.agent("anna").answered(answered);
        verdicts(&folded(quick(&[], PolicyFrom::Opening), &script.events, 600.0), "quick")
    };
    for reason in [LeftReason::Timeout, LeftReason::Overflow, LeftReason::ExitKey] {
        let mut script = Script::on("phone");
        script.contact("c1", "support").queued(0.0).left(14.0, reason);
        assert_eq!(last(&mut script, 35.0), [0, 1], "{reason:?}");
    }
    let mut script = Script::on("phone");
    script.contact("c1", "support").queued(0.0).transferred(14.0, Some("care"));
    assert_eq!(last(&mut script, 35.0), [0, 1]);
    // Who is called back has not waited in line since.
    let mut script = Script::on("phone");
    script.contact("c1", "support").queued(0.0).left(5.0, LeftReason::Callback);
    assert_eq!(last(&mut script, 35.0), [1, 0]);
    // Who was answered and is handed on waits anew.
    let mut script = Script::on("phone");
    script.contact("c1", "support").queued(0.0).agent("ben").answered(5.0);
    script.transferred(14.0, None);
    assert_eq!(last(&mut script, 35.0), [2, 0]);
}

#[test]
fn one_who_gives_up_in_time_leaves_the_promise_and_the_receipt_says_how_many_did() {
    let mut script = Script::on("phone");
    script.contact("c1", "support").queued(0.0).abandoned(10.0);
    script.contact("c2", "support").queued(60.0).agent("anna").answered(70.0);
    script.contact("c3", "support").queued(120.0).abandoned(150.0);
    let engine = folded(quick(&[], PolicyFrom::Opening), &script.events, 600.0);
    let of = Selector { policy: Some("quick".to_owned()), ..Selector::default() };
    let receipt = value(&engine, "sla_met", &of, Window::Today).receipt;
    let count = |name| receipt.counts.iter().find(|it| it.name == name).map(|it| it.value);
    assert_eq!((count("kept"), count("broken"), count("left")), (Some(1), Some(1), Some(1)));
    assert!(receipt.sentence.contains("1 more is not counted"), "{}", receipt.sentence);
}

#[test]
fn spam_leaves_nothing_behind_where_promises_are_counted() {
    let mut script = Script::on("telegram");
    let spam = crate::event::Message { author: Author::Customer, spam: true, ..Default::default() };
    script.contact("t1", "care").kind(0.0, Kind::Message(spam));
    script.contact("t2", "care").wrote(1.0, Author::Customer).wrote(2.0, Author::Agent);
    let engine = folded(policy("first", Clock::FirstResponse), &script.events, 60.0);
    let of = Selector { policy: Some("first".to_owned()), ..Selector::default() };
    let counts = value(&engine, "sla_met", &of, Window::Today).receipt.counts;
    let count = |name| counts.iter().find(|it| it.name == name).map(|it| it.value);
    assert_eq!((count("kept"), count("broken"), count("left")), (Some(1), Some(0), Some(0)));
}

/// Writes at 0 s and at 300 s, and takes one of the messages back at 360 s.
fn took_back(second: usize) -> Script {
    let mut script = Script::on("telegram");
    script.contact("t1", "care").wrote(0.0, Author::Customer).wrote(300.0, Author::Customer);
    script.kind(360.0, Kind::Removed(Removed { by: Author::Customer }));
    let of = script.events[second].id.clone();
    script.events[2].refers = Some(of);
    script
}

#[test]
fn who_took_their_first_message_back_waits_since_the_next() {
    let oldest = |script: &Script| {
        let engine = fold(&script.events, 600.0);
        number(&engine, "oldest_unanswered_now", &all(), Window::Now)
    };
    assert_eq!(oldest(&took_back(0)), 300.0);
    assert_eq!(oldest(&took_back(1)), 600.0);
    let replied = |mut script: Script| {
        script.wrote(900.0, Author::Agent);
        number(&fold(&script.events, 960.0), "nrt", &all(), Window::Today)
    };
    assert_eq!((replied(took_back(0)), replied(took_back(1))), (600.0, 900.0));
    let mut script = took_back(0);
    script.wrote(3_800.0, Author::Agent);
    let engine = fold_with(rules(&[policy("next", Clock::NextResponse)]), &script.events, 4_000.0);
    assert_eq!(verdicts(&engine, "next"), [1, 0], "3,500 s since the message that is left");
}

#[test]
fn what_was_settled_too_long_ago_is_not_opened_again() {
    const HOUR: f64 = 3600.0;
    let mut hour = rules(&[]);
    hour.contacts.reopen_within = std::time::Duration::from_secs(3_600);
    for (reopened, expected) in [(1_200.0 + HOUR, 1.0), (1_201.0 + HOUR, 0.0), (30.0 * HOUR, 0.0)] {
        let mut script = Script::on("desk");
        script.contact("t1", "care").opened(0.0, Medium::Ticket).wrote(0.0, Author::Customer);
        script.wrote(600.0, Author::Agent);
        script.kind(1_200.0, Kind::Resolved(crate::event::Resolved { by: Author::Agent }));
        script.kind(reopened, Kind::Reopened);
        let engine = fold_with(hour.clone(), &script.events, reopened + 60.0);
        let counts = value(&engine, "reopen_rate", &all(), Window::Hours48).receipt.counts;
        let count = counts.iter().find(|it| it.name == "reopened").expect("it is told");
        assert_eq!(count.value as f64, expected, "after {reopened} s");
    }
}
