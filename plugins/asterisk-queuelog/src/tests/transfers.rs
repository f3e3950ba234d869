//! Attended transfers to a queue where nobody has answered yet.

use super::*;

const FIRST: [&str; 2] = [
    "1800000100|1.1|sales|NONE|ENTERQUEUE||48601500500|1",
    "1800000104|1.1|sales|Anna|CONNECT|4|1.2|3",
];
const CONSULTATION: &str = "1800000110|1.5|billing|NONE|ENTERQUEUE||7031|1|Anna";
const TRANSFER: &str = "1800000113|1.1|sales|Anna|ATTENDEDTRANSFER|APP|Queue|4|9|1";
const ANSWER: &str = "1800000118|1.1|billing|Ewa|CONNECT|8|1.6|3";
const END: &str = "1800000130|1.1|billing|Ewa|COMPLETEAGENT|8|12|1";

fn read_in(log: &mut QueueLog, orders: &[&[&str]]) -> Vec<Event> {
    orders.iter().flat_map(|lines| read_all(log, lines)).collect()
}

/// Contacts that wait in that queue, and how many were offered there.
fn line_of(events: &[Event], queue: &str) -> (i32, i32) {
    let here = events.iter().filter(|event| event.queue.as_deref() == Some(queue));
    let count = |of: fn(&Kind) -> bool| {
        i32::try_from(here.clone().filter(|event| of(&event.kind)).count()).unwrap_or(i32::MAX)
    };
    let offered = count(|kind| matches!(kind, Kind::Queued));
    let gone = |kind: &Kind| matches!(kind, Kind::Answered(_) | Kind::Abandoned(_) | Kind::Left(_));
    (offered - count(gone), offered)
}

#[test]
fn the_consultation_is_part_of_the_call() {
    let mut log = queue_log("{}");
    let before = read_in(&mut log, &[&FIRST, &[CONSULTATION]]);
    assert_eq!(line_of(&before, "billing"), (0, 0), "no customer waits");
    let handed_on = read_all(&mut log, &[TRANSFER]);
    assert_eq!(
        told(&handed_on),
        [
            "113000 1.1 sales Anna transferred to billing",
            "113000 1.1 sales Anna ended 9000",
            "113000 1.1 sales Anna wrapped up",
            "113000 1.1 billing - queued",
        ]
    );
    // Over a restart, too.
    let mut log = restarted(&log, "{}");
    let after = read_all(&mut log, &[ANSWER, END]);
    assert_eq!(
        told(&after),
        [
            "118000 1.1 billing Ewa answered 8000",
            "130000 1.1 billing Ewa ended 12000",
            "130000 1.1 billing Ewa wrapped up",
        ]
    );
    assert!(log.state.calls.drain().is_empty(), "nothing stays open");
}

#[test]
fn the_numbers_are_the_same_in_any_order_of_one_second() {
    let consultation = "1800000110|1.5|billing|NONE|ENTERQUEUE||7031|1";
    let transfer = "1800000110|1.1|sales|Anna|ATTENDEDTRANSFER|APP|Queue|4|6|1";
    let answer = "1800000110|1.1|billing|Ewa|CONNECT|0|1.6|0";
    let (c, t, a) = (consultation, transfer, answer);
    for order in [[c, t, a], [c, a, t], [t, c, a], [t, a, c], [a, c, t], [a, t, c]] {
        let mut log = queue_log("{}");
        let end = "1800000130|1.1|billing|Ewa|COMPLETEAGENT|0|20|1";
        let events = read_in(&mut log, &[&FIRST, &order, &[end]]);
        assert_eq!(line_of(&events, "billing"), (0, 1), "{order:#?}\n{:#?}", told(&events));
        assert!(events.iter().all(|event| event.interaction == "1.1"), "{order:#?}");
        let customers = events.iter().all(|event| event.customer == ["tel:48601500500"]);
        assert!(customers, "{order:#?}");
        let ended = told(&events).iter().filter(|line| line.contains("ended")).count();
        assert_eq!(ended, 2, "{order:#?}");
        assert!(log.state.calls.drain().is_empty(), "{order:#?}");
    }
}

#[test]
fn the_entry_is_not_after_the_answer_when_the_transfer_is_logged_a_second_late() {
    let mut log = queue_log("{}");
    let answer = "1800000113|1.1|billing|Ewa|CONNECT|3|1.6|3";
    let transfer = "1800000114|1.1|sales|Anna|ATTENDEDTRANSFER|APP|Queue|4|10|1";
    let events = read_in(&mut log, &[&FIRST, &[CONSULTATION, answer, transfer]]);
    let told = told(&events);
    assert_eq!(
        told[3..],
        [
            "113000 1.1 sales Anna transferred to billing",
            "113000 1.1 sales Anna ended 10000",
            "113000 1.1 sales Anna wrapped up",
            "113000 1.1 billing - queued",
            "113000 1.1 billing Ewa answered 3000",
        ]
    );
}

#[test]
fn who_gives_up_after_the_transfer_is_the_customer() {
    for end in ["ABANDON|1|1|9", "EXITWITHTIMEOUT|1|1|9", "EXITWITHKEY|3|1|1|9", "WITHDRAW|1|1|9|"]
    {
        let mut log = queue_log("{}");
        let end = format!("1800000119|1.1|billing|NONE|{end}");
        let events = read_in(&mut log, &[&FIRST, &[CONSULTATION, TRANSFER, &end]]);
        assert_eq!(line_of(&events, "billing"), (0, 1), "{end}");
        assert!(events.iter().all(|event| event.interaction == "1.1"), "{end}");
    }
}

#[test]
fn the_one_that_entered_at_the_right_time_is_taken() {
    let mut log = queue_log("{}");
    // A colleague without a call, who really waits.
    let colleague = "1800000107|1.4|billing|NONE|ENTERQUEUE||7040|1";
    let before = read_in(&mut log, &[&FIRST, &[colleague, CONSULTATION, TRANSFER]]);
    assert_eq!(line_of(&before, "billing"), (0, 0), "it is not clear which of the two");
    let after = read_all(&mut log, &[ANSWER, "1800000140|1.4|billing|Ewa|CONNECT|33|1.7|2"]);
    assert_eq!(
        told(&after),
        [
            "113000 1.1 billing - queued",
            "118000 1.1 billing Ewa answered 8000",
            "107000 1.4 billing - opened",
            "107000 1.4 billing - queued",
            "140000 1.4 billing Ewa answered 33000",
        ]
    );
}

#[test]
fn a_consultation_that_waits_for_long_is_told_of_and_gets_its_end() {
    let mut log = queue_log("{}");
    let before = read_in(&mut log, &[&FIRST, &[CONSULTATION]]);
    assert_eq!(line_of(&before, "billing"), (0, 0));
    let later = read_all(&mut log, &["1800000140|NONE|NONE|NONE|CONFIGRELOAD|"]);
    assert_eq!(told(&later), ["110000 1.5 billing - opened", "110000 1.5 billing - queued"]);
    let after = read_all(
        &mut log,
        &[
            "1800000145|1.1|sales|Anna|ATTENDEDTRANSFER|APP|Queue|4|41|1",
            "1800000150|1.1|billing|Ewa|CONNECT|40|1.6|3",
            "1800000160|1.1|billing|Ewa|COMPLETEAGENT|40|10|1",
        ],
    );
    let all: Vec<Event> = later.into_iter().chain(after).collect();
    assert_eq!(line_of(&all, "billing"), (0, 1));
    // The consultation is nobody's: the customer called once.
    let billing = all.iter().filter(|event| event.queue.as_deref() == Some("billing"));
    assert!(billing.clone().all(|event| event.interaction == "1.5" && event.customer.is_empty()));
    assert!(log.state.calls.drain().is_empty(), "nothing stays open");
}

#[test]
fn a_consultation_that_is_answered_or_ends_is_a_call_of_its_own() {
    for (end, word) in [("CONNECT|5|1.9|4", "answered 5000"), ("ABANDON|1|1|5", "abandoned")] {
        let mut log = queue_log("{}");
        read_in(&mut log, &[&FIRST, &[CONSULTATION]]);
        let line = format!("1800000115|1.5|billing|Ewa|{end}");
        let told = told(&read_all(&mut log, &[line.as_str()]));
        assert_eq!(
            told,
            [
                "110000 1.5 billing - opened".to_owned(),
                "110000 1.5 billing - queued".to_owned(),
                format!("115000 1.5 billing Ewa {word}"),
            ]
        );
    }
}

#[test]
fn a_colleague_is_shown_at_once_when_they_cannot_be_consulting() {
    let agent = "1800000104|1.1|sales|PJSIP/7009|CONNECT|4|1.2|3";
    let settings = r#"{"members":{"PJSIP/7009":"Anna"}}"#;
    for (settings, answer) in [("{}", agent), (settings, FIRST[1])] {
        let mut log = queue_log(settings);
        read_all(&mut log, &[FIRST[0], answer]);
        // Another telephone than that of the only one who talks.
        let events = read_all(&mut log, &["1800000110|1.5|billing|NONE|ENTERQUEUE||7031|1"]);
        assert_eq!(line_of(&events, "billing"), (1, 1), "{settings}");
        // That telephone.
        let events = read_all(&mut log, &["1800000111|1.6|billing|NONE|ENTERQUEUE||7009|1"]);
        assert_eq!(line_of(&events, "billing"), (0, 0), "{settings}");
    }
    // Nobody talks.
    let mut log = queue_log("{}");
    let events = read_all(&mut log, &["1800000110|1.5|billing|NONE|ENTERQUEUE||7031|1"]);
    assert_eq!(line_of(&events, "billing"), (1, 1));
}

#[test]
fn a_long_extension_that_is_an_agents_telephone_is_no_customer() {
    let mut log = queue_log("{}");
    read_all(&mut log, &[FIRST[0], "1800000104|1.1|sales|PJSIP/70091|CONNECT|4|1.2|3"]);
    let events = read_all(
        &mut log,
        &[
            "1800000110|1.5|billing|NONE|ENTERQUEUE||70091|1",
            "1800000112|1.5|billing|PJSIP/70092|CONNECT|2|1.6|1",
        ],
    );
    assert_eq!(events.len(), 3);
    assert!(events.iter().all(|event| event.customer.is_empty()), "{events:?}");
}

#[test]
fn a_restart_of_asterisk_loses_a_waiting_consultation_like_any_call() {
    let mut log = queue_log("{}");
    read_in(&mut log, &[&FIRST, &[CONSULTATION]]);
    let events = read_all(&mut log, &["1800000115|NONE|NONE|NONE|QUEUESTART|"]);
    assert_eq!(line_of(&events, "billing"), (0, 1));
    assert_eq!(log.state.due_ms(), None);
}
