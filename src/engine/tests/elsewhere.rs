//! Contacts that go on elsewhere or later, changed messages, and the network's own order.

use super::desks::{now, today};
use super::promises::{policy, rules, standings, verdicts};
use super::script::*;
use crate::config::model::Clock;
use crate::event::{Author, CallbackPromised, Kind, LeftReason, Medium, Merged, Message, Resolved};
use crate::scope::{Selector, Window};

fn merged() -> Kind {
    Kind::Merged(Merged { into: "another".to_owned() })
}

fn callback(due: Option<f64>) -> Kind {
    Kind::CallbackPromised(CallbackPromised { due_ms: due.map(at) })
}

impl Script {
    /// The network numbers the last event.
    fn numbered(&mut self, order: u64) -> &mut Self {
        let last = self.events.len() - 1;
        self.events[last].order = Some(order);
        self
    }
}

// ---- Where it goes on

#[test]
fn what_goes_on_elsewhere_has_ended_here() {
    let mut script = Script::on("desk");
    script.contact("t1", "care").opened(0.0, Medium::Ticket).wrote(0.0, Author::Customer);
    script.kind(600.0, merged()).kind(601.0, Kind::Resolved(Resolved::default()));
    let solve =
        || rules(&[policy("solve", Clock::Resolution), policy("first", Clock::FirstResponse)]);
    let engine = fold_with(solve(), &script.events, 700.0);
    assert_eq!(course(&engine, &all()), [1, 0, 0, 1, 0]);
    let counts = value(&engine, "flowed_out", &all(), Window::Today).receipt.counts;
    assert!(counts.iter().any(|count| (count.name, count.value) == ("merged", 1)), "{counts:?}");
    for name in ["solve", "first"] {
        assert_eq!((standings(&engine, name), verdicts(&engine, name)), ([0; 4], [0, 0]), "{name}");
    }
    for (id, expected) in [
        ("never_answered", "0"),
        ("answer_rate", "no data"),
        ("unanswered_now", "0"),
        ("ttr", "no data"),
        ("volume", "1"),
    ] {
        assert_eq!(today(&engine, id), expected, "{id}");
    }
    script.wrote(900.0, Author::Customer);
    let engine = fold_with(solve(), &script.events, 1000.0);
    assert_eq!(course(&engine, &all()), [2, 0, 0, 1, 1], "a new contact");
}

#[test]
fn settled_in_the_moment_in_which_it_goes_on_elsewhere_is_not_settled() {
    let mut script = Script::on("desk");
    script.contact("t1", "care").opened(0.0, Medium::Ticket).wrote(0.0, Author::Customer);
    script.kind(600.0, Kind::Resolved(Resolved::default())).kind(600.0, merged());
    let engine = fold(&script.events, 700.0);
    assert_eq!(
        (course(&engine, &all()), today(&engine, "ttr")),
        ([1, 0, 0, 1, 0], "no data".into())
    );
}

#[test]
fn an_answered_contact_that_goes_on_elsewhere_stays_answered() {
    let mut script = Script::on("desk");
    script.contact("t1", "care").opened(0.0, Medium::Ticket).wrote(0.0, Author::Customer);
    script.wrote(60.0, Author::Agent).wrote(100.0, Author::Customer).kind(600.0, merged());
    let engine = fold(&script.events, 700.0);
    assert_eq!(course(&engine, &all()), [1, 1, 0, 0, 0]);
    assert_eq!(
        (now(&engine, "unanswered_now"), today(&engine, "answer_rate")),
        ("0".into(), "100.00 %".into())
    );
}

#[test]
fn a_call_that_goes_on_elsewhere_leaves_its_queue() {
    let mut script = Script::on("phone");
    script.contact("c1", "sales").queued(0.0).kind(10.0, merged());
    script.contact("c2", "sales").queued(0.0).agent("ann").answered(5.0).kind(10.0, merged());
    let engine = fold(&script.events, 20.0);
    assert_eq!(course(&engine, &all()), [2, 1, 0, 1, 0]);
    assert_eq!(now(&engine, "agents_talking"), "0");
}

// ---- Callbacks

#[test]
fn whoever_was_promised_a_callback_has_left_their_queue() {
    let mut script = Script::on("phone");
    script.contact("c1", "sales").queued(0.0).kind(30.0, callback(None)).kind(31.0, callback(None));
    script.contact("c2", "sales").queued(0.0).left(30.0, LeftReason::Callback);
    script.contact("c3", "sales").queued(0.0).agent("ann").answered(5.0).kind(30.0, callback(None));
    let engine = fold(&script.events, 40.0);
    assert_eq!(course(&engine, &all()), [3, 1, 0, 2, 0]);
    assert_eq!(now(&engine, "agents_talking"), "1", "the talk goes on");
    assert_eq!(today(&engine, "never_answered"), "0");
}

/// `callback_within` is a minute here. Left at 30: due by 90; with a time agreed, 600, by 660.
#[test]
fn a_callback_is_due_so_long_after_the_time_that_was_agreed() {
    for (due, last) in [(None, 90.0), (Some(600.0), 660.0), (Some(10.0), 90.0)] {
        let mut script = Script::on("phone");
        script.contact("c1", "sales").queued(0.0).kind(30.0, callback(due));
        let never = |until| {
            let mut rules = crate::engine::Rules::default();
            rules.contacts.callback_within = std::time::Duration::from_secs(60);
            today(&fold_with(rules, &script.events, until), "never_answered")
        };
        assert_eq!((never(last - 0.001), never(last)), ("0".into(), "1".into()), "{due:?}");
    }
    // In writing, too.
    let mut script = Script::on("chat");
    script.contact("t1", "").wrote(0.0, Author::Customer).kind(30.0, callback(Some(600.0)));
    let engine = fold(&script.events, 40.0);
    assert_eq!(
        (course(&engine, &all()), today(&engine, "never_answered")),
        ([1, 0, 0, 1, 0], "0".into())
    );
}

/// Promised at 30 and due by 90; meanwhile the customer writes again, which is another contact, and
/// that one is answered.
#[test]
fn a_callback_that_never_came_counts_though_the_customer_writes_again() {
    let mut script = Script::on("chat");
    script.contact("t1", "").wrote(0.0, Author::Customer).kind(30.0, callback(None));
    script.wrote(40.0, Author::Customer).agent("ann").wrote(200.0, Author::Agent);
    for (until, never) in [(89.999, "0"), (90.0, "1"), (199.0, "1"), (300.0, "1")] {
        let mut rules = crate::engine::Rules::default();
        rules.contacts.callback_within = std::time::Duration::from_secs(60);
        let come: Vec<_> =
            script.events.iter().filter(|it| it.at_ms <= at(until)).cloned().collect();
        let engine = fold_with(rules, &come, until);
        assert_eq!(today(&engine, "offered"), "2");
        assert_eq!(today(&engine, "never_answered"), never, "at {until}");
    }
}

// ---- Edits

fn edited(complaint: bool) -> Kind {
    let topics = vec!["refund".to_owned()];
    let message = Message { author: Author::Customer, complaint, topics, ..Message::default() };
    Kind::Edited(message)
}

#[test]
fn a_changed_message_is_no_further_one() {
    let mut script = Script::on("chat");
    script.contact("t1", "").wrote(0.0, Author::Customer).wrote(60.0, Author::Agent);
    script.kind(90.0, edited(false)).about(2);
    let mut engine = fold(&script.events, 100.0);
    let topic = Selector { topic: Some("refund".to_owned()), ..Selector::default() };
    assert!(engine.watch(&topic));
    assert_eq!(
        (today(&engine, "messages"), now(&engine, "unanswered_now")),
        ("1".into(), "0".into())
    );
    assert_eq!(course(&engine, &topic), [1, 1, 0, 0, 0], "its topics are the contact's");
    // Nor does it open what is over.
    script.kind(100.0, Kind::Resolved(Resolved::default())).kind(110.0, edited(true)).about(4);
    let engine = fold(&script.events, 120.0);
    assert_eq!(
        (course(&engine, &all()), today(&engine, "complaints")),
        ([1, 1, 0, 0, 0], "0".into())
    );
}

#[test]
fn it_complains_from_the_time_of_the_change() {
    let mut script = Script::on("chat");
    script.contact("t1", "").wrote(0.0, Author::Customer);
    script.kind(90.0, edited(true)).about(1).kind(95.0, edited(true)).about(2);
    script.kind(690.0, Kind::Resolved(Resolved::default()));
    let engine = fold(&script.events, 700.0);
    assert_eq!(
        (today(&engine, "complaints"), today(&engine, "complaint_resolution_time")),
        ("1".into(), "10:00".into())
    );
}

// ---- The network's own order

#[test]
fn the_networks_own_order_decides_within_a_second() {
    let mut script = Script::on("desk");
    // As it arrives, the customer writes last and waits; as it was, they were answered.
    script.contact("t1", "").wrote(0.0, Author::Agent).numbered(8);
    script.wrote(0.0, Author::Customer).numbered(7);
    assert_eq!(course(&fold(&script.events, 10.0), &all()), [1, 1, 0, 0, 0]);
    script.events.reverse();
    assert_eq!(course(&fold(&script.events, 10.0), &all()), [1, 1, 0, 0, 0]);
    // Those without a number come after those with one.
    let mut script = Script::on("desk");
    script.contact("t1", "").wrote(0.0, Author::Agent).wrote(0.0, Author::Customer).numbered(7);
    assert_eq!(course(&fold(&script.events, 10.0), &all()), [1, 1, 0, 0, 0]);
}

/// One second of a call: taken from hold and put there again. By the guess it ends on hold or not
/// as it arrives; by the numbers it was put on hold last.
#[test]
fn the_networks_own_order_decides_before_a_guess() {
    let mut script = Script::on("phone");
    script.contact("c1", "sales").queued(0.0).agent("ann").answered(5.0).kind(10.0, Kind::Held);
    script.kind(20.0, Kind::Held).numbered(2).kind(20.0, Kind::Resumed).numbered(1);
    let engine = fold(&script.events, 30.0);
    assert_eq!(now(&engine, "agents_hold"), "1");
    script.events[3].order = Some(0);
    assert_eq!(now(&fold(&script.events, 30.0), "agents_hold"), "0");
    let mut script = Script::on("phone");
    script.contact("c1", "sales").queued(0.0).numbered(5).abandoned(0.0).numbered(6);
    script.queue("support").queued(0.0).numbered(7);
    script.events.reverse();
    let engine = fold(&script.events, 10.0);
    assert_eq!(course(&engine, &queue("sales")), [1, 0, 1, 0, 0]);
    assert_eq!(course(&engine, &queue("support")), [1, 0, 0, 0, 1]);
}
