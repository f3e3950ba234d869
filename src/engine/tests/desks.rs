//! What help desks and messengers tell beside messages: whose it is, what it waits for, what became
//! of our messages.

use super::promises::{policy, rules, standings, verdicts};
use super::script::*;
use crate::config::model::Clock;
use crate::engine::Engine;
use crate::event::{Author, Awaits, Delivery, DeliveryState, Kind, Medium, Pending, Resolved};
use crate::scope::{Selector, Window};

const HOUR: f64 = 3600.0;
const DAY: f64 = 24.0 * HOUR;

fn failed() -> Kind {
    Kind::Delivery(Delivery { state: DeliveryState::Failed })
}

fn pending(awaits: Awaits, until: Option<f64>) -> Kind {
    Kind::Pending(Pending { awaits, until_ms: until.map(at) })
}

impl Script {
    /// The last event is about the one so many before it.
    pub(super) fn about(&mut self, before: usize) -> &mut Self {
        let last = self.events.len() - 1;
        self.events[last].refers = Some(self.events[last - before].id.clone());
        self
    }
}

pub(super) fn today(engine: &Engine, id: &str) -> String {
    shown(engine, id, &all(), Window::Today)
}

pub(super) fn now(engine: &Engine, id: &str) -> String {
    shown(engine, id, &all(), Window::Now)
}

fn awaited(engine: &Engine) -> Vec<i64> {
    let receipt = value(engine, "pending_now", &all(), Window::Now).receipt;
    receipt.counts.iter().map(|count| count.value).collect()
}

// ---- Messages that failed

#[test]
fn a_message_that_did_not_get_there_was_no_reply() {
    let mut script = Script::on("whatsapp");
    script.contact("t1", "care").wrote(0.0, Author::Customer);
    script.agent("ann").wrote(60.0, Author::Agent).kind(65.0, failed()).about(1);
    let before = fold(&script.events[..2], 100.0);
    assert_eq!(course(&before, &all()), [1, 1, 0, 0, 0]);
    assert_eq!(today(&before, "undelivered"), "0");
    let engine = fold(&script.events, 100.0);
    assert_eq!(course(&engine, &all()), [1, 0, 0, 0, 1]);
    assert_eq!(today(&engine, "frt"), "no data");
    assert_eq!(now(&engine, "longest_wait_now"), "1:40", "the customer waits on");
    assert_eq!(today(&engine, "undelivered"), "1");
    // Sent again three minutes after the question.
    script.wrote(180.0, Author::Agent);
    let engine = fold(&script.events, 200.0);
    assert_eq!(course(&engine, &all()), [1, 1, 0, 0, 0]);
    assert_eq!(today(&engine, "frt"), "3:00");
}

#[test]
fn that_it_failed_may_be_known_before_the_message_is() {
    let mut script = Script::on("whatsapp");
    script.contact("t1", "care").wrote(0.0, Author::Customer);
    script.agent("ann").wrote(60.0, Author::Agent).kind(60.0, failed()).about(1);
    script.kind(65.0, failed()).about(2).wrote(120.0, Author::Agent);
    let mut other = script.events.clone();
    for _ in 0..other.len() {
        other.rotate_left(1);
        let engine = fold(&other, 200.0);
        assert_eq!(course(&engine, &all()), [1, 1, 0, 0, 0]);
        assert_eq!(
            (today(&engine, "frt"), today(&engine, "undelivered")),
            ("2:00".into(), "1".into())
        );
    }
}

#[test]
fn what_got_there_or_was_read_changes_nothing() {
    let mut script = Script::on("whatsapp");
    script.contact("t1", "care").wrote(0.0, Author::Customer).wrote(60.0, Author::Agent);
    for state in [DeliveryState::Delivered, DeliveryState::Read] {
        script.kind(70.0, Kind::Delivery(Delivery { state })).about(1);
    }
    let engine = fold(&script.events, 100.0);
    assert_eq!((today(&engine, "frt"), today(&engine, "undelivered")), ("1:00".into(), "0".into()));
}

#[test]
fn a_first_message_of_ours_that_failed_begins_nothing() {
    let mut script = Script::on("whatsapp");
    script.contact("t1", "").wrote(0.0, Author::Agent).kind(1.0, failed()).about(1);
    script.wrote(60.0, Author::Customer);
    let engine = fold(&script.events, 100.0);
    assert_eq!(course(&engine, &all()), [1, 0, 0, 0, 1], "the customer began it");
}

#[test]
fn a_promise_kept_by_a_message_that_failed_is_kept_no_longer() {
    let mut script = Script::on("whatsapp");
    script.contact("t1", "").wrote(0.0, Author::Customer).wrote(60.0, Author::Agent);
    let first = || rules(&[policy("first", Clock::FirstResponse)]);
    let engine = fold_with(first(), &script.events, 100.0);
    assert_eq!(verdicts(&engine, "first"), [1, 0]);
    script.kind(70.0, failed()).about(1);
    let engine = fold_with(first(), &script.events, 100.0);
    assert_eq!((verdicts(&engine, "first"), standings(&engine, "first")), ([0, 0], [1, 0, 0, 0]));
    let engine = fold_with(first(), &script.events, HOUR + 1.0);
    assert_eq!(standings(&engine, "first"), [0, 0, 1, 0], "an hour after the question");
}

#[test]
fn of_a_long_contact_a_failure_long_ago_is_late_and_a_new_one_is_not() {
    let mut script = Script::on("whatsapp");
    script.contact("t1", "");
    for turn in 0..400 {
        let second = f64::from(turn) * 100.0;
        script.wrote(second, Author::Customer).wrote(second + 10.0, Author::Agent);
    }
    let mut last = script.events.clone();
    let count = script.events.len();
    script.kind(40_001.0, failed()).about(count - 1);
    let engine = fold(&script.events, 40_010.0);
    assert_eq!(engine.faults().map(|(_, faults)| faults.late).sum::<u64>(), 1);
    script.events.truncate(count);
    script.kind(40_001.0, failed()).about(1);
    last.push(script.events[count].clone());
    let engine = fold(&last, 40_010.0);
    assert_eq!(engine.faults().map(|(_, faults)| faults.late).sum::<u64>(), 0);
    assert_eq!(
        (now(&engine, "unanswered_now"), today(&engine, "undelivered")),
        ("1".into(), "1".into())
    );
}

// ---- Whose it is

#[test]
fn whoever_is_assigned_has_answered_nothing_and_the_first_time_counts() {
    let mut script = Script::on("desk");
    script.contact("t1", "care").opened(0.0, Medium::Ticket).wrote(0.0, Author::Customer);
    script.agent("ann").kind(30.0, Kind::Assigned);
    script.agent("ben").kind(90.0, Kind::Assigned);
    let engine = fold(&script.events, 100.0);
    assert_eq!(course(&engine, &all()), [1, 0, 0, 0, 1]);
    assert_eq!(today(&engine, "time_to_assignment"), "0:30");
    assert_eq!(today(&engine, "frt"), "no data");
}

/// Ben has it last, so the reply that names nobody is his; of whom it was taken, nobody's.
#[test]
fn what_is_taken_away_is_nobodys() {
    let replies = |engine: &mut Engine, agent: &str| {
        let who = Selector { agent: Some(agent.to_owned()), ..Selector::default() };
        assert!(engine.watch(&who));
        let cells = engine.select(&who);
        cells
            .iter()
            .map(|cell| cell.tally(Window::Today).get(crate::engine::Field::Replies))
            .sum::<i64>()
    };
    let mut script = Script::on("desk");
    script.contact("t1", "care").opened(0.0, Medium::Ticket).wrote(0.0, Author::Customer);
    script.agent("ann").kind(30.0, Kind::Assigned).agent("ben").kind(90.0, Kind::Assigned);
    let mut nobody = script.clone();
    nobody.contact("t1", "care").kind(95.0, Kind::Assigned).wrote(120.0, Author::Agent);
    script.contact("t1", "care").wrote(120.0, Author::Agent);
    let mut engine = fold(&script.events, 200.0);
    assert_eq!((replies(&mut engine, "ann"), replies(&mut engine, "ben")), (0, 1));
    let mut engine = fold(&nobody.events, 200.0);
    assert_eq!((replies(&mut engine, "ann"), replies(&mut engine, "ben")), (0, 0));
    assert_eq!(course(&engine, &all()), [1, 1, 0, 0, 0]);
    assert_eq!(today(&engine, "time_to_assignment"), "0:30");
}

#[test]
fn an_assigned_call_waits_on() {
    let mut script = Script::on("phone");
    script.contact("c1", "sales").queued(0.0).agent("ann").kind(5.0, Kind::Assigned);
    let engine = fold(&script.events, 10.0);
    assert_eq!(course(&engine, &all()), [1, 0, 0, 0, 1]);
    assert_eq!(now(&engine, "agents_talking"), "0");
    script.answered(20.0);
    let engine = fold(&script.events, 30.0);
    assert_eq!((course(&engine, &all()), today(&engine, "asa")), ([1, 1, 0, 0, 0], "0:20".into()));
}

// ---- What it waits for

/// Opened at 0, answered at 60, the customer again at 120: the promise of a resolution within an
/// hour runs 0–60 and from 120 on. Put aside at 600 for the customer until 4200; it runs 480 s
/// there, 540 s together; of 3600 s 3060 are left at 4200.
#[test]
fn who_awaits_the_customer_stops_the_promise_of_a_resolution_but_not_of_a_reply() {
    let mut script = Script::on("desk");
    script.contact("t1", "care").opened(0.0, Medium::Ticket).wrote(0.0, Author::Customer);
    script.wrote(60.0, Author::Agent).wrote(120.0, Author::Customer);
    script.kind(600.0, pending(Awaits::Customer, Some(4200.0)));
    let solve = |until| {
        let both =
            rules(&[policy("solve", Clock::Resolution), policy("next", Clock::NextResponse)]);
        let engine = fold_with(both, &script.events, until);
        (standings(&engine, "solve"), standings(&engine, "next"))
    };
    assert_eq!(solve(601.0), ([0, 0, 0, 1], [1, 0, 0, 0]));
    assert_eq!(solve(3721.0), ([0, 0, 0, 1], [0, 0, 1, 0]), "an hour after they asked");
    assert_eq!(solve(4200.0).0, [1, 0, 0, 0], "its time has come");
    // Past 45 minutes, 2700 s, at 4200 + 2160; broken after 4200 + 3060.
    assert_eq!(solve(4200.0 + 2159.0).0, [1, 0, 0, 0]);
    assert_eq!(solve(4200.0 + 2160.0).0, [0, 1, 0, 0]);
    assert_eq!(solve(4200.0 + 3060.0).0, [0, 1, 0, 0]);
    assert_eq!(solve(4200.0 + 3060.001).0, [0, 0, 1, 0]);
}

#[test]
fn for_anybody_else_promises_run_on() {
    for awaits in [Awaits::ThirdParty, Awaits::Colleague, Awaits::ATime] {
        let mut script = Script::on("desk");
        script.contact("t1", "care").opened(0.0, Medium::Ticket).wrote(0.0, Author::Customer);
        script.kind(600.0, pending(awaits, Some(4200.0)));
        let solve = rules(&[policy("solve", Clock::Resolution)]);
        let engine = fold_with(solve, &script.events, HOUR + 0.001);
        assert_eq!(standings(&engine, "solve"), [0, 0, 1, 0], "{awaits:?}");
    }
}

#[test]
fn what_waits_is_counted_by_what_it_waits_for_until_it_ends() {
    let mut script = Script::on("desk");
    for (contact, awaits, until) in [
        ("t1", Awaits::Customer, None),
        ("t2", Awaits::ThirdParty, Some(1000.0)),
        ("t3", Awaits::Colleague, None),
        ("t4", Awaits::ATime, Some(2000.0)),
    ] {
        script.contact(contact, "care").opened(0.0, Medium::Ticket).wrote(0.0, Author::Customer);
        script.wrote(10.0, Author::Agent).kind(20.0, pending(awaits, until));
    }
    let engine = fold(&script.events, 999.0);
    assert_eq!((now(&engine, "pending_now"), awaited(&engine)), ("4".into(), vec![1, 1, 1, 1]));
    let sentence = value(&engine, "pending_now", &all(), Window::Now).receipt.sentence;
    assert_eq!(
        sentence,
        "4 contacts wait for others than agents: 1 for the customer, 1 for somebody outside, \
         1 for a colleague, 1 until a time."
    );
    assert_eq!(awaited(&fold(&script.events, 1000.0)), [1, 0, 1, 1], "by the timer");
    script.contact("t1", "care").wrote(1500.0, Author::Customer);
    assert_eq!(awaited(&fold(&script.events, 1600.0)), [0, 0, 1, 1], "the customer wrote");
    script.contact("t3", "care").kind(1700.0, Kind::Reopened);
    let engine = fold(&script.events, 1800.0);
    assert_eq!(awaited(&engine), [0, 0, 0, 1], "brought back");
    assert_eq!(today(&engine, "reopen_rate"), "no data", "nothing was closed");
    script.contact("t4", "care").kind(1900.0, Kind::Resolved(Resolved::default()));
    assert_eq!(awaited(&fold(&script.events, 1950.0)), [0; 4], "closed");
}

#[test]
fn what_is_closed_waits_for_nobody() {
    let mut script = Script::on("desk");
    script.contact("t1", "care").opened(0.0, Medium::Ticket).wrote(0.0, Author::Customer);
    script.kind(10.0, Kind::Resolved(Resolved::default()));
    script.kind(20.0, pending(Awaits::Customer, None));
    assert_eq!(now(&fold(&script.events, 30.0), "pending_now"), "0");
}

/// The idle gap is eight hours: it runs from the end of the wait.
#[test]
fn who_waits_is_not_over_by_silence() {
    let mut script = Script::on("telegram");
    script.contact("t1", "").wrote(0.0, Author::Customer).wrote(60.0, Author::Agent);
    script.kind(100.0, pending(Awaits::ATime, Some(2.0 * DAY)));
    let mut soon = script.clone();
    soon.contact("t1", "").wrote(DAY, Author::Customer);
    let engine = fold(&soon.events, DAY + 1.0);
    assert_eq!(number(&engine, "unanswered_now", &all(), Window::Now), 1.0);
    assert_eq!(today(&engine, "volume"), "0", "the same contact as yesterday");
    let mut later = script.clone();
    later.contact("t1", "").wrote(2.0 * DAY + 8.0 * HOUR, Author::Customer);
    assert_eq!(today(&fold(&later.events, 2.0 * DAY + 9.0 * HOUR), "volume"), "0");
    script.contact("t1", "").wrote(2.0 * DAY + 8.0 * HOUR + 1.0, Author::Customer);
    assert_eq!(today(&fold(&script.events, 2.0 * DAY + 9.0 * HOUR), "volume"), "1");
}
