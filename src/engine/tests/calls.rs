//! Calls.

use super::script::*;
use crate::event::{Answered, Direction, Feed, FeedState, Kind, LeftReason, Medium, Opened};
use crate::scope::Window;

#[test]
fn a_call_is_offered_from_queued_not_from_opened() {
    let mut script = Script::on("phone");
    script.contact("c1", "").opened(0.0, Medium::Call).queue("sales").queued(30.0);
    let engine = fold(&script.events, 40.0);
    assert_eq!(course(&engine, &queue("sales")), [1, 0, 0, 0, 1]);
    assert_eq!(course(&engine, &all()), [1, 0, 0, 0, 1]);
    assert_eq!(number(&engine, "longest_wait_now", &all(), Window::Now), 10.0);
}

#[test]
fn ringing_is_no_answer() {
    let mut script = Script::on("phone");
    script.contact("c1", "sales").queued(0.0).agent("ann");
    script.kind(2.0, Kind::OfferedToAgent).kind(12.0, Kind::RingMissed(Default::default()));
    let engine = fold(&script.events, 15.0);
    assert_eq!(course(&engine, &all()), [1, 0, 0, 0, 1]);
}

#[test]
fn the_networks_own_wait_wins() {
    let mut script = Script::on("phone");
    script.contact("c1", "sales").queued(0.0);
    let answered = Answered { wait_ms: Some(19_000), ring_ms: None };
    script.kind(22.0, Kind::Answered(answered));
    let engine = fold(&script.events, 60.0);
    assert_eq!(number(&engine, "asa", &all(), Window::Today), 19.0);
    assert_eq!(shown(&engine, "sl_offered", &all(), Window::Today), "100.00 %");
}

#[test]
fn an_answer_before_its_queueing_is_known_counts_from_its_wait() {
    let mut script = Script::on("phone");
    let answered = Answered { wait_ms: Some(8_000), ring_ms: None };
    script.contact("c1", "sales").kind(20.0, Kind::Answered(answered));
    let engine = fold(&script.events, 21.0);
    assert_eq!(course(&engine, &queue("sales")), [1, 1, 0, 0, 0]);
    script.queued(12.0);
    script.events.reverse();
    let engine = fold(&script.events, 21.0);
    assert_eq!(course(&engine, &queue("sales")), [1, 1, 0, 0, 0]);
    assert_eq!(number(&engine, "asa", &all(), Window::Today), 8.0);
}

#[test]
fn callbacks_and_timeouts_are_no_abandons() {
    let mut script = Script::on("phone");
    script.contact("c1", "sales").queued(0.0).left(10.0, LeftReason::Callback);
    script.contact("c2", "sales").queued(0.0).left(60.0, LeftReason::Timeout);
    let engine = fold(&script.events, 61.0);
    assert_eq!(course(&engine, &all()), [2, 0, 0, 2, 0]);
    let reasons = value(&engine, "flowed_out", &all(), Window::Today).receipt.counts;
    let reasons: Vec<_> = reasons.iter().skip(5).map(|count| (count.name, count.value)).collect();
    assert_eq!(reasons, [("timeout", 1), ("callback", 1)]);
    assert_eq!(shown(&engine, "abandon_rate", &all(), Window::Today), "0.00 %");
}

#[test]
fn handed_on_before_an_answer_flows_out_and_is_offered_where_it_goes() {
    let mut script = Script::on("phone");
    script.contact("c1", "sales").queued(0.0).transferred(5.0, Some("support"));
    script.queue("support").queued(7.0).answered(11.0);
    let engine = fold(&script.events, 12.0);
    assert_eq!(course(&engine, &queue("sales")), [1, 0, 0, 1, 0]);
    assert_eq!(course(&engine, &queue("support")), [1, 1, 0, 0, 0]);
    assert_eq!(number(&engine, "asa", &queue("support"), Window::Today), 4.0);
    assert_eq!(shown(&engine, "volume", &all(), Window::Today), "1", "one contact, two stays");
}

#[test]
fn handed_on_after_an_answer_is_a_new_stay_where_it_is_answered_again() {
    let mut script = Script::on("phone");
    script.contact("c1", "sales").queued(0.0).agent("ann").answered(5.0);
    script.transferred(60.0, None);
    script.queue("support").agent("ben").answered(68.0);
    let engine = fold(&script.events, 70.0);
    assert_eq!(course(&engine, &queue("sales")), [1, 1, 0, 0, 0]);
    assert_eq!(course(&engine, &queue("support")), [1, 1, 0, 0, 0]);
    assert_eq!(number(&engine, "asa", &queue("support"), Window::Today), 8.0);
}

#[test]
fn out_of_one_queue_and_into_it_again_within_a_second() {
    let mut script = Script::on("phone");
    script.contact("c1", "sales").queued(0.0).left(60.0, LeftReason::Timeout).queued(60.0);
    for events in [script.events.clone(), script.events.iter().rev().cloned().collect()] {
        let engine = fold(&events, 61.0);
        assert_eq!(course(&engine, &queue("sales")), [2, 0, 0, 1, 1]);
    }
}

#[test]
fn an_empty_queue_is_left_at_once_for_the_next_one() {
    let mut script = Script::on("phone");
    script.contact("c1", "night").queued(0.0).left(0.0, LeftReason::QueueEmpty);
    script.queue("day").queued(0.0);
    let engine = fold(&script.events, 1.0);
    assert_eq!(course(&engine, &queue("night")), [1, 0, 0, 1, 0]);
    assert_eq!(course(&engine, &queue("day")), [1, 0, 0, 0, 1]);
}

#[test]
fn who_has_talked_was_answered_even_if_nobody_said_so() {
    let mut script = Script::on("phone");
    script.contact("c1", "sales").queued(0.0).ended(90.0);
    let engine = fold(&script.events, 91.0);
    assert_eq!(course(&engine, &all()), [1, 1, 0, 0, 0]);
}

#[test]
fn a_restart_loses_the_calls_that_were_open_unless_their_end_still_comes() {
    let mut script = Script::on("phone");
    script.contact("c1", "sales").queued(0.0);
    script.contact("c2", "sales").queued(1.0);
    script.contact("", "").kind(10.0, Kind::Feed(Feed::from(FeedState::Restarted)));
    script.contact("c3", "sales").queued(11.0);
    let engine = fold(&script.events, 12.0);
    assert_eq!(course(&engine, &all()), [3, 0, 0, 2, 1]);
    script.contact("c2", "sales").answered(13.0);
    let engine = fold(&script.events, 14.0);
    assert_eq!(course(&engine, &all()), [3, 1, 0, 1, 1]);
}

#[test]
fn a_call_without_an_end_is_lost_after_half_a_day() {
    let mut script = Script::on("phone");
    script.contact("c1", "sales").queued(0.0);
    let engine = fold(&script.events, 12.0 * 3600.0);
    assert_eq!(number(&engine, "waiting", &all(), Window::Now), 1.0);
    let engine = fold(&script.events, 12.0 * 3600.0 + 0.001);
    assert_eq!(course(&engine, &all()), [1, 0, 0, 1, 0]);
    assert_eq!(number(&engine, "waiting", &all(), Window::Now), 0.0);
}

#[test]
fn calls_that_we_make_are_not_offered() {
    let mut script = Script::on("phone");
    let opened = Opened {
        medium: Medium::Call,
        direction: Direction::Outbound,
        public: false,
        priority: None,
    };
    script.contact("c1", "sales").kind(0.0, Kind::Opened(opened)).answered(5.0).ended(60.0);
    let engine = fold(&script.events, 61.0);
    assert_eq!(course(&engine, &all()), [0; 5]);
}

#[test]
fn the_wall_turns_red_when_t_passes_not_when_somebody_answers() {
    let mut script = Script::on("phone");
    script.contact("c1", "sales").queued(0.0);
    let mut engine = fold(&script.events, 20.0);
    assert_eq!(shown(&engine, "service_level", &all(), Window::Min15), "no data");
    engine.tick(at(20.001));
    assert_eq!(shown(&engine, "service_level", &all(), Window::Min15), "0.00 %");
    // Answered 20 minutes later: it is the quarter of an hour of the 20 s that was missed.
    script.answered(1200.0);
    let engine = fold(&script.events, 1210.0);
    assert_eq!(shown(&engine, "service_level", &all(), Window::Min15), "no data");
    assert_eq!(shown(&engine, "service_level", &all(), Window::Min30), "0.00 %");
}

#[test]
fn sliding_windows_let_go_and_today_does_not() {
    let mut script = Script::on("phone");
    script.contact("c1", "sales").queued(0.0).answered(5.0);
    let after = |minutes: f64, seconds: f64| fold(&script.events, minutes * 60.0 + seconds);
    for (window, minutes, longer_s) in [
        (Window::Min5, 5.0, 5.0),
        (Window::Min15, 15.0, 15.0),
        (Window::Min30, 30.0, 15.0),
        (Window::Min60, 60.0, 15.0),
    ] {
        let stays = after(minutes, longer_s - 0.001);
        assert_eq!(number(&stays, "offered", &all(), window), 1.0, "{window:?}");
        let gone = after(minutes, longer_s);
        assert_eq!(number(&gone, "offered", &all(), window), 0.0, "{window:?}");
    }
    let hours = |hours: f64| fold(&script.events, hours * 3600.0);
    assert_eq!(number(&hours(15.99), "offered", &all(), Window::Today), 1.0);
    assert_eq!(number(&hours(16.0), "offered", &all(), Window::Today), 0.0);
}
