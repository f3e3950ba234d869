//! What a switch tells twice, of another queue, or not at all of the queue: no call is counted for it that
//! did not take place, and none waits on for whom nobody waits.

use std::collections::BTreeMap;

use super::script::*;
use crate::engine::{ChannelRules, Rules};
use crate::event::{Author, Kind, KindName, LeftReason, Medium, Resolved};
use crate::scope::{Selector, Window};

fn with_channel(change: impl FnOnce(&mut ChannelRules)) -> Rules {
    let mut channel = ChannelRules::default();
    change(&mut channel);
    Rules { channels: BTreeMap::from([("phone".to_owned(), channel)]), ..Rules::default() }
}

fn figures(script: &Script, rules: &Rules, ids: [&str; 4]) -> [String; 4] {
    let engine = fold_with(rules.clone(), &script.events, 600.0);
    ids.map(|id| {
        let window = if id == "waiting" { Window::Now } else { Window::Today };
        shown(&engine, id, &all(), window)
    })
}

const COURSE: [&str; 4] = ["offered", "abandoned", "flowed_out", "waiting"];

#[test]
fn what_happens_to_a_call_happens_in_its_queue_whatever_queue_the_channel_has() {
    let rules = with_channel(|channel| channel.queue = Some("care".to_owned()));
    let mut script = Script::on("phone");
    script.contact("c1", "support").queued(0.0);
    script.queue("").agent("anna").answered(50.0).ended(80.0);
    assert_eq!(
        figures(&script, &rules, ["asa", "offered", "flowed_out", "answered"]),
        ["0:50", "1", "0", "1"]
    );
    let mut script = Script::on("phone");
    script.contact("c1", "support").queued(0.0).queue("").abandoned(50.0);
    assert_eq!(figures(&script, &rules, COURSE), ["1", "1", "0", "0"]);
    let mut script = Script::on("phone");
    script.contact("c1", "support").queued(0.0).queue("").left(50.0, LeftReason::Callback);
    assert_eq!(figures(&script, &rules, COURSE), ["1", "0", "1", "0"]);
}

#[test]
fn a_call_that_names_no_queue_at_all_is_in_that_of_its_channel() {
    let rules = with_channel(|channel| channel.queue = Some("care".to_owned()));
    let mut script = Script::on("phone");
    script.contact("c1", "").agent("anna").answered(50.0).ended(80.0);
    let engine = fold_with(rules, &script.events, 600.0);
    assert_eq!(shown(&engine, "answered", &queue("care"), Window::Today), "1");
}

#[test]
fn a_caller_who_gave_up_does_not_wait_on_because_another_queue_was_named() {
    let mut script = Script::on("phone");
    script.contact("c1", "support").queued(0.0).queue("care").abandoned(50.0);
    assert_eq!(figures(&script, &Rules::default(), COURSE), ["1", "1", "0", "0"]);
    // Of a queue that it has left, it comes late.
    let mut script = Script::on("phone");
    script.contact("c1", "support").queued(0.0).queue("care").queued(10.0);
    script.queue("support").abandoned(50.0);
    assert_eq!(figures(&script, &Rules::default(), COURSE), ["2", "0", "1", "1"]);
}

#[test]
fn one_who_gives_up_is_not_answered_by_the_end_of_the_line_in_the_same_second() {
    for reversed in [false, true] {
        let mut script = Script::on("phone");
        script.contact("c1", "care").queued(0.0).abandoned(30.0).ended(30.0);
        if reversed {
            script.events.swap(1, 2);
        }
        assert_eq!(figures(&script, &Rules::default(), COURSE), ["1", "1", "0", "0"]);
        let mut script = Script::on("phone");
        script.contact("c1", "care").queued(0.0).left(30.0, LeftReason::Timeout).ended(30.0);
        if reversed {
            script.events.swap(1, 2);
        }
        assert_eq!(figures(&script, &Rules::default(), COURSE), ["1", "0", "1", "0"]);
    }
}

#[test]
fn an_answer_that_is_told_twice_does_not_shorten_the_talk() {
    let mut script = Script::on("phone");
    script.contact("c1", "care").queued(0.0).agent("anna").answered(10.0).answered(11.0);
    script.ended(70.0);
    assert_eq!(
        figures(&script, &Rules::default(), ["talk_time", "asa", "handled", "answered"]),
        ["1:00", "0:10", "1", "1"]
    );
}

#[test]
fn a_hand_over_that_is_told_twice_is_one() {
    let mut script = Script::on("phone");
    script.contact("c1", "care").queued(0.0).agent("anna").answered(10.0);
    script.transferred(60.0, Some("sales")).transferred(60.4, Some("sales"));
    script.queue("sales").agent("").queued(60.4).agent("ben").answered(80.0);
    let engine = fold(&script.events, 600.0);
    assert_eq!(number(&engine, "transfers_per_contact", &all(), Window::Today), 1.0);
}

#[test]
fn what_a_channel_declares_to_tell_is_not_changed_by_what_comes() {
    let tells = |names: &[&str]| {
        let names =
            names.iter().map(|name: &&str| KindName::from_word(name).expect("a kind")).collect();
        with_channel(move |channel| channel.tells = Some(names))
    };
    let mut script = Script::on("phone");
    for ticket in 0..4 {
        let second = f64::from(ticket);
        script.contact(&format!("t{ticket}"), "care").opened(second, Medium::Ticket);
        script.wrote(second, Author::Customer);
    }
    script.contact("t0", "care").abandoned(60.0);
    let engine = fold_with(tells(&["opened", "message", "resolved"]), &script.events, 600.0);
    let of = Selector { channel: Some("phone".to_owned()), ..Selector::default() };
    assert_eq!(shown(&engine, "abandon_rate", &of, Window::Today), "not applicable");
    // Silence ends contacts where nobody says that they are settled, whatever is said of one.
    let mut script = Script::on("phone");
    script
        .contact("a", "care")
        .wrote(0.0, Author::Customer)
        .agent("anna")
        .wrote(60.0, Author::Agent);
    script.agent("").contact("b", "care").wrote(70.0, Author::Customer);
    script.agent("anna").wrote(80.0, Author::Agent);
    script.kind(90.0, Kind::Resolved(Resolved { by: Author::Agent }));
    script.agent("").contact("a", "care").wrote(9.0 * 3600.0, Author::Customer);
    let engine = fold_with(tells(&["message"]), &script.events, 9.1 * 3600.0);
    assert_eq!(shown(&engine, "volume", &all(), Window::Today), "3");
}
