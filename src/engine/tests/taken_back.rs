//! The customer takes a message back: nobody waits for an answer to it any more.

use super::desks::now;
use super::script::*;
use crate::engine::Engine;
use crate::event::{Author, Kind, Removed};

fn taken_back() -> Kind {
    Kind::Removed(Removed { by: Author::Customer })
}

/// A question that is replied to, and two more.
fn three_questions() -> Script {
    let mut script = Script::on("telegram");
    script
        .contact("t1", "care")
        .wrote(0.0, Author::Customer)
        .agent("ann")
        .wrote(60.0, Author::Agent);
    script.wrote(100.0, Author::Customer).wrote(110.0, Author::Customer);
    script
}

fn waiting(engine: &Engine) -> String {
    now(engine, "unanswered_now")
}

#[test]
fn an_old_message_that_was_replied_to_ends_no_wait() {
    let mut script = three_questions();
    script.kind(120.0, taken_back()).about(4);
    script.kind(125.0, taken_back()).about(5);
    assert_eq!(waiting(&fold(&script.events, 130.0)), "1");
}

#[test]
fn who_took_all_their_questions_back_waits_no_longer() {
    let mut script = three_questions();
    script.kind(120.0, taken_back()).about(2);
    assert_eq!(waiting(&fold(&script.events, 130.0)), "1", "one question is left");
    script.kind(121.0, taken_back()).about(2);
    assert_eq!(waiting(&fold(&script.events, 130.0)), "0");
}

#[test]
fn a_message_is_taken_back_once_however_often_it_is_told() {
    let mut script = three_questions();
    script.kind(120.0, taken_back()).about(2).kind(121.0, taken_back()).about(3);
    assert_eq!(waiting(&fold(&script.events, 130.0)), "1");
}

#[test]
fn a_network_that_does_not_say_which_means_one_that_waits() {
    let mut script = three_questions();
    script.kind(120.0, taken_back());
    assert_eq!(waiting(&fold(&script.events, 130.0)), "1");
    script.kind(121.0, taken_back());
    assert_eq!(waiting(&fold(&script.events, 130.0)), "0");
}

#[test]
fn of_very_many_questions_each_can_be_taken_back() {
    let mut script = Script::on("telegram");
    script.contact("t1", "care");
    for number in 0..100 {
        script.wrote(f64::from(number), Author::Customer);
    }
    for number in 0..100 {
        assert_eq!(waiting(&fold(&script.events, 400.0)), "1", "{number} taken back");
        // The first message is as far before the first event about it as there are messages, and so on.
        script.kind(200.0 + f64::from(number), taken_back()).about(100);
    }
    assert_eq!(waiting(&fold(&script.events, 400.0)), "0");
}
