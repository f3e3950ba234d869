//! "Reply and close": one act of an agent's, of which programs tell in two events, in any order.

use super::desks::today;
use super::script::*;
use crate::event::{Author, Event, Kind, Resolved};

/// The customer asks; after eight minutes ann replies and closes, which is told in this order.
fn closed(reply_after_s: f64, by: Author) -> Vec<Event> {
    let mut script = Script::on("desk");
    script.contact("t1", "care").wrote(0.0, Author::Customer);
    script.agent("ann").kind(480.0, Kind::Resolved(Resolved { by }));
    script.wrote(480.0 + reply_after_s, Author::Agent);
    script.events
}

#[test]
fn a_reply_that_is_told_after_the_settlement_answers() {
    for reply_after_s in [-0.1, 0.0, 0.1, 5.0] {
        let engine = fold(&closed(reply_after_s, Author::Agent), 600.0);
        assert_eq!(course(&engine, &all()), [1, 1, 0, 0, 0], "{reply_after_s} s");
        assert_eq!(today(&engine, "frt"), "8:00", "{reply_after_s} s");
        assert_eq!(today(&engine, "never_answered"), "0", "{reply_after_s} s");
    }
}

#[test]
fn a_message_long_after_it_or_to_somebody_who_settled_it_themselves_answers_nothing() {
    for (reply_after_s, by) in [(5.001, Author::Agent), (1.0, Author::Customer)] {
        let engine = fold(&closed(reply_after_s, by), 600.0);
        assert_eq!(course(&engine, &all()), [1, 0, 0, 1, 0], "{reply_after_s} s");
    }
}

#[test]
fn who_has_written_again_before_the_reply_asks_anew() {
    let mut script = Script::on("desk");
    script.contact("t1", "care").wrote(0.0, Author::Customer);
    script.agent("ann").kind(480.0, Kind::Resolved(Resolved { by: Author::Agent }));
    script.wrote(481.0, Author::Customer).wrote(482.0, Author::Agent);
    let engine = fold(&script.events, 600.0);
    assert_eq!(course(&engine, &all()), [2, 1, 0, 1, 0]);
}

#[test]
fn the_order_of_arrival_makes_no_difference() {
    let mut events = closed(0.1, Author::Agent);
    for event in &mut events {
        event.received_ms = at(500.0);
    }
    let [asked, settled, replied] = [events[0].clone(), events[1].clone(), events[2].clone()];
    for order in
        [[&asked, &settled, &replied], [&replied, &asked, &settled], [&settled, &replied, &asked]]
    {
        let events: Vec<Event> = order.into_iter().cloned().collect();
        let engine = fold(&events, 600.0);
        assert_eq!(course(&engine, &all()), [1, 1, 0, 0, 0]);
        assert_eq!(today(&engine, "frt"), "8:00");
    }
}
