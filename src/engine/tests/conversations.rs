//! Written conversations.

use super::script::*;
use crate::event::{Author, Direction, Kind, LeftReason, Medium, Opened, Resolved};
use crate::scope::Window;

const HOUR: f64 = 3600.0;

#[test]
fn a_human_reply_answers_and_a_bots_does_not() {
    let mut script = Script::on("telegram");
    script.contact("t1", "").wrote(0.0, Author::Customer).wrote(1.0, Author::Bot);
    script.wrote(30.0, Author::Peer).wrote(31.0, Author::System);
    let engine = fold(&script.events, 40.0);
    assert_eq!(course(&engine, &all()), [1, 0, 0, 0, 1]);
    assert_eq!(number(&engine, "first_bot_response", &all(), Window::Today), 1.0);
    assert_eq!(shown(&engine, "frt", &all(), Window::Today), "no data");
    script.wrote(60.0, Author::Agent).wrote(90.0, Author::Agent);
    let engine = fold(&script.events, 100.0);
    assert_eq!(course(&engine, &all()), [1, 1, 0, 0, 0]);
    assert_eq!(number(&engine, "frt", &all(), Window::Today), 60.0);
    assert_eq!(number(&engine, "messages", &all(), Window::Today), 1.0);
}

#[test]
fn a_question_in_public_is_answered_in_public() {
    let mut script = Script::on("vk");
    script.contact("post1", "").message(0.0, Author::Customer, true);
    script.message(10.0, Author::Agent, false);
    let engine = fold(&script.events, 20.0);
    assert_eq!(number(&engine, "unanswered_now", &all(), Window::Now), 1.0);
    script.message(30.0, Author::Agent, true);
    let engine = fold(&script.events, 40.0);
    assert_eq!(number(&engine, "unanswered_now", &all(), Window::Now), 0.0);
    assert_eq!(number(&engine, "frt", &all(), Window::Today), 30.0);
}

#[test]
fn the_next_message_waits_again_without_a_new_offer() {
    let mut script = Script::on("telegram");
    script.contact("t1", "").wrote(0.0, Author::Customer).wrote(60.0, Author::Agent);
    script.wrote(100.0, Author::Customer).wrote(110.0, Author::Customer);
    let engine = fold(&script.events, 160.0);
    assert_eq!(course(&engine, &all()), [1, 1, 0, 0, 0]);
    assert_eq!(number(&engine, "unanswered_now", &all(), Window::Now), 1.0);
    assert_eq!(number(&engine, "longest_wait_now", &all(), Window::Now), 60.0);
    assert_eq!(number(&engine, "waiting", &all(), Window::Now), 0.0);
}

#[test]
fn silence_after_an_answer_ends_the_contact_and_silence_before_it_does_not() {
    let mut answered = Script::on("telegram");
    answered.contact("t1", "").wrote(0.0, Author::Customer).wrote(60.0, Author::Agent);
    answered.wrote(60.0 + 8.0 * HOUR + 1.0, Author::Customer);
    let engine = fold(&answered.events, 9.0 * HOUR);
    assert_eq!(course(&engine, &all()), [2, 1, 0, 0, 1]);
    let mut ignored = Script::on("telegram");
    ignored.contact("t1", "").wrote(0.0, Author::Customer).wrote(9.0 * HOUR, Author::Customer);
    let engine = fold(&ignored.events, 10.0 * HOUR);
    assert_eq!(course(&engine, &all()), [1, 0, 0, 0, 1]);
    assert_eq!(number(&engine, "longest_wait_now", &all(), Window::Now), 10.0 * HOUR);
}

#[test]
fn settled_and_open_again() {
    let mut script = Script::on("desk");
    script.contact("t1", "support").opened(0.0, Medium::Ticket).wrote(0.0, Author::Customer);
    script.wrote(60.0, Author::Agent).kind(100.0, Kind::Resolved(Resolved::default()));
    script.kind(200.0, Kind::Reopened).wrote(200.0, Author::Customer);
    let engine = fold(&script.events, 300.0);
    assert_eq!(course(&engine, &all()), [1, 1, 0, 0, 0], "reopened: still the same contact");
    assert_eq!(number(&engine, "unanswered_now", &queue("support"), Window::Now), 1.0);
    script.events.remove(4);
    let engine = fold(&script.events, 300.0);
    assert_eq!(course(&engine, &all()), [2, 1, 0, 0, 1], "settled: a new contact");
}

#[test]
fn settled_without_a_reply_is_no_answer() {
    let mut script = Script::on("desk");
    script.contact("t1", "").wrote(0.0, Author::Customer);
    script.kind(10.0, Kind::Resolved(Resolved::default()));
    let engine = fold(&script.events, 20.0);
    assert_eq!(course(&engine, &all()), [1, 0, 0, 1, 0]);
    assert_eq!(number(&engine, "unanswered_now", &all(), Window::Now), 0.0);
}

#[test]
fn who_blocks_us_has_left() {
    let mut script = Script::on("telegram");
    script.contact("t1", "").wrote(0.0, Author::Customer).left(5.0, LeftReason::Blocked);
    let engine = fold(&script.events, 10.0);
    assert_eq!(course(&engine, &all()), [1, 0, 0, 1, 0]);
}

#[test]
fn written_contacts_are_not_abandoned_unless_the_network_says_so() {
    let mut script = Script::on("telegram");
    script.contact("t1", "").wrote(0.0, Author::Customer);
    let engine = fold(&script.events, 10.0);
    for id in ["abandoned", "abandon_rate", "abandon_rate_net", "asa"] {
        assert_eq!(shown(&engine, id, &all(), Window::Today), "not applicable", "{id}");
    }
    script.contact("t2", "").wrote(20.0, Author::Customer).abandoned(30.0);
    let engine = fold(&script.events, 40.0);
    assert_eq!(shown(&engine, "abandon_rate", &all(), Window::Today), "50.00 %");
    assert_eq!(shown(&engine, "unanswered_now", &all(), Window::Now), "1");
}

#[test]
fn contacts_that_we_begin_are_not_offered() {
    let mut script = Script::on("mail");
    script.contact("m1", "").wrote(0.0, Author::Agent).wrote(50.0, Author::Customer);
    let opened = Opened {
        medium: Medium::Mail,
        direction: Direction::Outbound,
        public: false,
        priority: None,
    };
    script.contact("m2", "").kind(0.0, Kind::Opened(opened)).wrote(1.0, Author::Agent);
    let engine = fold(&script.events, 60.0);
    assert_eq!(course(&engine, &all()), [0; 5]);
    assert_eq!(number(&engine, "unanswered_now", &all(), Window::Now), 1.0, "they do wait");
}

#[test]
fn a_reply_that_arrives_before_its_question_is_still_a_reply() {
    let mut script = Script::on("telegram");
    script.contact("t1", "").wrote(0.0, Author::Customer).wrote(45.0, Author::Agent);
    script.events.reverse();
    let engine = fold(&script.events, 60.0);
    assert_eq!(course(&engine, &all()), [1, 1, 0, 0, 0]);
    assert_eq!(number(&engine, "frt", &all(), Window::Today), 45.0);
}

#[test]
fn handed_to_another_team_the_customer_waits_there_since_they_wrote() {
    let mut script = Script::on("desk");
    script.contact("t1", "sales").wrote(0.0, Author::Customer).transferred(60.0, Some("tech"));
    let engine = fold(&script.events, 100.0);
    assert_eq!(course(&engine, &queue("sales")), [1, 0, 0, 1, 0]);
    assert_eq!(course(&engine, &queue("tech")), [1, 0, 0, 0, 1]);
    assert_eq!(number(&engine, "longest_wait_now", &queue("tech"), Window::Now), 100.0);
    script.queue("tech").wrote(120.0, Author::Agent);
    let engine = fold(&script.events, 130.0);
    assert_eq!(number(&engine, "frt", &queue("tech"), Window::Today), 120.0);
}

#[test]
fn median_and_p90_of_first_responses() {
    let mut script = Script::on("telegram");
    for (contact, minutes) in [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 15.0].iter().enumerate()
    {
        script.contact(&format!("t{contact}"), "").wrote(0.0, Author::Customer);
        script.wrote(minutes * 60.0, Author::Agent);
    }
    script.events.sort_by_key(|event| event.at_ms);
    let engine = fold(&script.events, 1000.0);
    assert_eq!(shown(&engine, "frt", &all(), Window::Today), "6:00");
    assert_eq!(shown(&engine, "frt_median", &all(), Window::Today), "5:30");
    assert_eq!(shown(&engine, "frt_p90", &all(), Window::Today), "9:00");
    assert_eq!(shown(&engine, "frt_p90", &all(), Window::Min5), "15:00", "only the last reply");
}

#[test]
fn a_conversation_may_be_longer_than_what_is_kept_of_it() {
    let mut script = Script::on("telegram");
    for turn in 0..500 {
        let second = f64::from(turn) * 60.0;
        script.contact("t1", "").wrote(second, Author::Customer);
        script.wrote(second + 20.0, Author::Agent);
    }
    script.wrote(30_000.0, Author::Customer);
    let engine = fold(&script.events, 30_010.0);
    assert_eq!(course(&engine, &all()), [1, 1, 0, 0, 0]);
    assert_eq!(number(&engine, "messages", &all(), Window::Today), 501.0);
    assert_eq!(number(&engine, "longest_wait_now", &all(), Window::Now), 10.0);
}
