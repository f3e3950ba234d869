//! What networks do that they should not.

use super::script::*;
use crate::engine::{Engine, Faults, Field, LimitsHit, Observed, Rules};
use crate::event::{Author, CustomerKey, Event, Feed, FeedState, Kind, Medium, Other};
use crate::scope::{FeedHealth, Selector, Window};

fn faults(engine: &Engine) -> Faults {
    engine.faults().next().expect("one channel").1
}

#[test]
fn the_same_event_counts_once_within_the_window() {
    let mut script = Script::on("phone");
    script.contact("c1", "sales").queued(0.0).answered(5.0);
    let mut engine = Engine::new(Rules::default());
    for event in script.events.iter().chain(&script.events) {
        engine.apply(event, at(10.0));
    }
    assert_eq!(course(&engine, &all()), [1, 1, 0, 0, 0]);
    assert_eq!(faults(&engine).duplicates, 2);
    let mut other = script.events[0].clone();
    "fax".clone_into(&mut other.channel);
    engine.apply(&other, at(10.0));
    assert_eq!(number(&engine, "offered", &all(), Window::Today), 2.0, "another channel's id");
}

#[test]
fn events_of_the_future_are_taken_as_of_now() {
    let mut script = Script::on("phone");
    script.contact("c1", "sales").queued(86_400.0 * 365.0);
    script.contact("c2", "sales").queued(30.0);
    let mut engine = Engine::new(Rules::default());
    for event in &script.events {
        engine.apply(event, at(0.0));
    }
    engine.tick(at(10.0));
    assert_eq!(faults(&engine).clamped, 1, "30 s ahead is within the skew allowed");
    assert_eq!(number(&engine, "longest_wait_now", &all(), Window::Now), 10.0);
    assert_eq!(course(&engine, &all()), [2, 0, 0, 0, 2]);
}

#[test]
fn events_of_years_ago_corrupt_nothing() {
    let mut script = Script::on("phone");
    script.contact("old", "sales").queued(-86_400.0 * 800.0);
    script.contact("old2", "sales").wrote(-86_400.0 * 800.0, Author::Customer);
    script.contact("new", "sales").queued(0.0);
    let mut engine = Engine::new(Rules::default());
    for event in &script.events {
        engine.apply(event, at(1.0));
    }
    assert_eq!(faults(&engine).late, 2);
    assert_eq!(course(&engine, &all()), [1, 0, 0, 0, 1]);
    assert_eq!(number(&engine, "longest_wait_now", &all(), Window::Now), 1.0);
    let total = |field| engine.counters().map(|cell| cell.total(field)).sum::<u64>();
    assert_eq!((total(Field::MessagesCustomer), total(Field::Offered)), (1, 1));
    assert_eq!(number(&engine, "messages", &all(), Window::Today), 0.0);
}

#[test]
fn extreme_times_and_lengths_are_harmless() {
    let mut engine = Engine::new(Rules::default());
    let mut number = 0;
    for at_ms in [i64::MIN, -1, 0, 1, i64::MAX - 1, i64::MAX] {
        for length_ms in [i64::MIN, 0, i64::MAX] {
            let mut script = Script::on("phone");
            script.contact(&format!("c{number}"), "sales").queued(0.0);
            let answered = crate::event::Answered { wait_ms: Some(length_ms), ring_ms: None };
            script.kind(1.0, Kind::Answered(answered));
            for event in &mut script.events {
                number += 1;
                event.id = number.to_string();
                event.at_ms = at_ms;
                engine.apply(event, if number % 2 == 0 { at_ms } else { 0 });
            }
        }
    }
    let value = value(&engine, "offered", &all(), Window::Today);
    assert!(!value.receipt.sentence.is_empty());
}

#[test]
fn what_only_a_newer_plugin_knows_is_counted_apart() {
    let mut script = Script::on("phone");
    let other = Other { name: "hologram".to_owned(), value: "1".to_owned() };
    script.contact("c1", "").kind(0.0, Kind::Other(other));
    let engine = fold(&script.events, 1.0);
    assert_eq!(faults(&engine).not_understood, 1);
    assert_eq!(engine.limits_hit(), LimitsHit::default());
}

#[test]
fn unknown_queues_appear_by_themselves_up_to_a_limit() {
    let mut script = Script::on("phone");
    for queue in 0..1100 {
        script.contact(&format!("c{queue}"), &format!("q{queue}")).queued(0.0);
    }
    let engine = fold(&script.events, 1.0);
    assert_eq!(engine.queues().count(), 999, "and the one without a name");
    assert_eq!(engine.limits_hit().queues_refused, 101);
    assert_eq!(course(&engine, &all())[0], 1100, "nothing is lost");
}

#[test]
fn counters_never_go_down_when_a_call_moves() {
    let mut script = Script::on("phone");
    script.contact("c1", "").opened(0.0, crate::event::Medium::Call);
    script.queue("sales").queued(1.0);
    let engine = fold(&script.events, 2.0);
    let offered: Vec<_> =
        engine.counters().map(|cell| (cell.queue(), cell.total(Field::Offered))).collect();
    assert_eq!(offered, [("", 1), ("sales", 1)]);
    assert_eq!(number(&engine, "offered", &all(), Window::Today), 1.0);
}

#[test]
fn each_wait_and_response_is_observed_once() {
    let mut script = Script::on("phone");
    script.contact("c1", "sales").queued(0.0).answered(7.0).ended(60.0);
    script.contact("t1", "").wrote(0.0, Author::Customer).wrote(90.0, Author::Agent);
    let mut engine = fold(&script.events, 100.0);
    let seen: Vec<_> = engine.take_observations().map(|one| (one.observed, one.seconds)).collect();
    assert_eq!(
        seen,
        [
            (Observed::AnswerWait, 7.0),
            (Observed::AnswerWait, 90.0),
            (Observed::FirstResponse, 90.0),
        ]
    );
    assert_eq!(engine.take_observations().count(), 0);
}

#[test]
fn coverage_says_who_feeds_a_number_and_how_fresh_they_are() {
    let mut rules = Rules::default();
    rules.channels.insert("mail".to_owned(), Default::default());
    let mut script = Script::on("phone");
    script.contact("c1", "sales").queued(0.0);
    let engine = fold_with(rules, &script.events, 20.0 * 60.0);
    let coverage = value(&engine, "offered", &all(), Window::Today).coverage;
    let feeds: Vec<_> =
        coverage.channels.iter().map(|one| (one.channel.as_str(), one.feed)).collect();
    assert_eq!(feeds, [("mail", FeedHealth::NoData), ("phone", FeedHealth::Late)]);
    let coverage = value(&engine, "offered", &queue("sales"), Window::Today).coverage;
    assert_eq!(coverage.channels.len(), 1);
    assert_eq!(coverage.channels[0].last_event_ms, Some(at(0.0)));
}

#[test]
fn what_was_never_seen_is_no_data_and_not_zero() {
    let engine = Engine::new(Rules::default());
    let nowhere = Selector::channel("telegram");
    for kpi in crate::kpi::registry() {
        for window in [Window::Now, Window::Today] {
            let shown = shown(&engine, kpi.id, &nowhere, window);
            assert!(["no data", "not applicable"].contains(&shown.as_str()), "{}", kpi.id);
        }
    }
}

#[test]
fn contacts_beyond_the_limit_give_way_and_the_books_still_balance() {
    let mut rules = Rules::default();
    rules.contacts.contacts_max = 6400;
    let mut engine = Engine::new(rules);
    let mut script = Script::on("phone");
    script.contact("", "sales").queued(0.0);
    let mut event: Event = script.events.remove(0);
    for contact in 0..6401 {
        event.id = contact.to_string();
        event.interaction = contact.to_string();
        engine.apply(&event, at(1.0));
    }
    let [offered, _, _, flowed_out, waiting] = course(&engine, &all());
    assert_eq!(engine.limits_hit().contacts_lost, 100, "one in 64 at once");
    assert_eq!((offered, flowed_out), (6401, 100));
    assert_eq!(offered, flowed_out + waiting);
    assert_eq!(number(&engine, "waiting", &all(), Window::Now) as i64, waiting);
}

#[test]
fn a_conversation_that_nobody_ends_is_lost_after_its_limit_and_counted() {
    let day = 86_400.0;
    let mut rules = Rules::default();
    rules.contacts.lost_after = std::time::Duration::from_secs(3 * 86_400);
    let mut script = Script::on("telegram");
    script.contact("t1", "sales").wrote(0.0, Author::Customer);
    script.contact("t2", "sales").wrote(0.0, Author::Customer);
    // The customer goes on asking: it is not lost yet.
    script.contact("t2", "sales").wrote(2.0 * day, Author::Customer);
    let lost =
        |engine: &Engine| engine.counters().map(|cell| cell.total(Field::FlowLost)).sum::<u64>();
    let unanswered = |engine: &Engine| {
        engine.select(&queue("sales")).iter().map(|cell| cell.unanswered()).sum::<u32>()
    };
    for (until, flows, waits) in [(3.0, 0, 2), (3.0 + 0.001, 1, 1), (5.0 + 0.001, 2, 0)] {
        let engine = fold_with(rules.clone(), &script.events, until * day);
        assert_eq!((lost(&engine), unanswered(&engine)), (flows, waits), "after {until} days");
        assert_eq!(number(&engine, "waiting", &all(), Window::Now), f64::from(waits));
    }
    // Who answers after all answers a contact that is closed.
    script.contact("t1", "sales").wrote(4.0 * day, Author::Agent);
    let engine = fold_with(rules, &script.events, 4.5 * day);
    assert_eq!(lost(&engine), 1);
    assert_eq!(engine.counters().map(|cell| cell.total(Field::Answered)).sum::<u64>(), 0);
}

#[test]
fn unknown_agents_appear_by_themselves_up_to_a_limit() {
    let (mut script, agents_max) = (Script::on("phone"), 20_000);
    for agent in 0..agents_max + 5 {
        script.contact(&format!("c{agent}"), "sales").agent(&format!("a{agent}")).answered(0.0);
    }
    let engine = fold(&script.events, 1.0);
    assert_eq!(engine.people().count(), agents_max - 1, "one number is nobody's");
    assert_eq!(engine.limits_hit().agents_refused, 5);
    assert_eq!(course(&engine, &all())[1], agents_max as i64 + 5, "nothing is lost");
}

#[test]
fn a_quarter_that_the_store_does_not_hold_is_handed_to_it_again_after_a_restart() {
    let mut script = Script::on("phone");
    script.contact("c1", "sales").queued(0.0).agent("ann").answered(5.0);
    let mut engine = fold(&script.events, 10.0);
    let stored = engine.take_roll_ups();
    assert!(stored.len() > 1, "by queue and by agent");
    assert_eq!(engine.take_roll_ups(), [], "nothing has changed since");
    let snapshot = engine.snapshot();
    let restored = |known: &[crate::engine::RollUp]| {
        let mut engine = Engine::restore(Rules::default(), &snapshot).expect("a good snapshot");
        known.iter().for_each(|roll_up| engine.recall(roll_up).expect("room"));
        engine.take_roll_ups()
    };
    assert_eq!(restored(&stored), [], "the store has them all");
    assert_eq!(restored(&[]), stored, "the store was lost");
    assert_eq!(restored(&stored[1..]), stored[..1], "one did not get there before the kill");
    let mut wrong = stored.clone();
    wrong[0].counts.insert("offered".to_owned(), 7);
    assert_eq!(restored(&wrong), stored[..1], "the engine knows better");
}

#[test]
fn whoever_asks_after_a_restart_gets_the_last_hour_of_recalled_slices_too() {
    let by_kind = Selector { kind: Some(Medium::Call), ..all() };
    let mut script = Script::on("phone");
    script.contact("c1", "sales").queued(0.0).answered(5.0);
    let mut before = fold(&script.events, 10.0);
    assert!(before.watch(&by_kind));
    let mut engine = Engine::new(Rules::default());
    for roll_up in before.take_roll_ups() {
        engine.recall(&roll_up).expect("room");
    }
    let mut script = Script::on("phone");
    script.contact("c2", "sales").queued(7200.0).answered(7205.0);
    for event in &script.events {
        engine.apply(event, event.known_ms());
    }
    assert!(engine.watch(&by_kind));
    assert_eq!(shown(&engine, "answered", &by_kind, Window::Min15), "1");
    assert_eq!(shown(&engine, "answered", &by_kind, Window::Hours24), "2");
}

#[test]
fn a_number_that_many_customers_share_makes_them_one() {
    let mut script = Script::on("phone");
    let switchboard = CustomerKey("0".repeat(32));
    for call in 0..300 {
        script.contact(&format!("c{call}"), "sales").agent("ann").answered(f64::from(call));
        if let Some(event) = script.events.last_mut() {
            event.customer = vec![switchboard.clone(), CustomerKey(format!("{call:032x}"))];
        }
    }
    let engine = fold(&script.events, 300.0);
    let tally = engine.select(&all())[0].tally(Window::Today);
    assert_eq!((tally.get(Field::Visits), tally.get(Field::RepeatVisits)), (300, 299));
}

/// A restart ends the calls of its channel, each once: the next one finds nothing to do, and what
/// waits in writing costs neither of them anything.
#[test]
fn a_restart_looks_at_calls_only_and_at_each_but_once() {
    let mut script = Script::on("phone");
    for mail in 0..500 {
        script.contact(&format!("m{mail}"), "sales").wrote(0.0, Author::Customer);
    }
    for call in 0..3 {
        script.contact(&format!("c{call}"), "sales").queued(1.0);
    }
    let mut engine = Engine::new(Rules::default());
    for event in &script.events {
        engine.apply(event, at(1.0));
    }
    let mut looked_at = |second: f64| {
        let restarted = Kind::Feed(Feed::from(FeedState::Restarted));
        let mut script = Script::on("phone");
        script.contact("", "").kind(second, restarted);
        script.events[0].id = format!("restart {second}");
        engine.tick(at(second));
        let before = engine.version();
        engine.apply(&script.events[0], at(second));
        // Each contact that is looked at makes a version, and so does the event.
        engine.version() - before - 1
    };
    assert_eq!((looked_at(10.0), looked_at(20.0)), (3, 0));
    // The mails, and no call.
    assert_eq!(number(&engine, "waiting", &all(), Window::Now), 500.0);
    assert_eq!(number(&engine, "unanswered_now", &all(), Window::Now), 500.0);
}
