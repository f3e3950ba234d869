//! Lines of one second come in any order and mean the same.

use super::*;

/// A talk in one queue, and what goes on in the next, whose lines are of one second.
const BEFORE: [&str; 2] = [
    "1800000100|1.1|sales|NONE|ENTERQUEUE||48601500500|1",
    "1800000104|1.1|sales|Anna|CONNECT|4|1.2|3",
];
const AFTER: &str = "1800000150|1.1|billing|Ewa|COMPLETECALLER|0|30|1";

const HANDED_ON: [&str; 6] = [
    "1.1 sales Anna transferred to billing",
    "1.1 sales Anna ended 16000",
    "1.1 sales Anna wrapped up",
    "1.1 billing - queued",
    "1.1 billing Ewa answered 0",
    "1.1 billing Ewa ended 30000",
];

/// Without the times, and without what comes before the hand-over and after the last talk.
fn middle(told: &[String]) -> Vec<&str> {
    let words = told.iter().map(|line| line.split_once(' ').map_or("", |(_, rest)| rest));
    words.skip(3).take(HANDED_ON.len()).collect()
}

fn orders(lines: [&str; 3]) -> Vec<[&str; 3]> {
    let [a, b, c] = lines;
    // One thread writes the entry and the answer, in that order.
    vec![[a, b, c], [b, a, c], [b, c, a]]
}

#[test]
fn a_hand_over_is_told_in_its_order_wherever_the_end_of_the_first_talk_stands() {
    for end in [
        "1800000120|1.1|sales|Anna|COMPLETEAGENT|4|16|1",
        "1800000120|1.1|sales|Anna|BLINDTRANSFER|1509|xfer|4|16|1",
    ] {
        for order in orders([
            end,
            "1800000120|1.1|billing|NONE|ENTERQUEUE||48601500500|1",
            "1800000120|1.1|billing|Ewa|CONNECT|0|1.3|0",
        ]) {
            let mut log = queue_log("{}");
            let lines: Vec<&str> = BEFORE.into_iter().chain(order).chain([AFTER]).collect();
            let told = in_time(&read_all(&mut log, &lines));
            let is_blind = end.contains("BLIND") && order[0] == end;
            let mut expected = HANDED_ON;
            if is_blind {
                // When it was told, the next queue was not known.
                expected[0] = "1.1 sales Anna transferred to -";
            }
            assert_eq!(middle(&told), expected, "{order:#?}");
            assert_eq!(told.iter().filter(|line| line.contains("opened")).count(), 1);
            assert!(log.state.calls.drain().is_empty(), "{order:#?}");
        }
    }
}

#[test]
fn a_hand_over_into_the_same_queue_ends_the_talk_of_who_handed_over() {
    let mut log = queue_log("{}");
    let lines = [
        BEFORE[0],
        BEFORE[1],
        "1800000120|1.1|sales|NONE|ENTERQUEUE||48601500500|1",
        "1800000120|1.1|sales|Ewa|CONNECT|0|1.3|0",
        "1800000121|1.1|sales|Anna|BLINDTRANSFER|1501|xfer|4|16|1",
        "1800000150|1.1|sales|Ewa|COMPLETECALLER|0|30|1",
    ];
    let told = told(&read_all(&mut log, &lines));
    assert_eq!(
        told[3..],
        [
            "120000 1.1 sales Anna transferred to sales",
            "120000 1.1 sales Anna ended 16000",
            "120000 1.1 sales Anna wrapped up",
            "120000 1.1 sales - queued",
            "120000 1.1 sales Ewa answered 0",
            "150000 1.1 sales Ewa ended 30000",
            "150000 1.1 sales Ewa wrapped up",
        ]
    );
}

#[test]
fn a_redirect_out_of_a_queue_is_no_abandoned_call_in_any_order() {
    let abandon = "1800000120|1.1|sales|NONE|ABANDON|1|1|20";
    let entry = "1800000120|1.1|billing|NONE|ENTERQUEUE||48601500500|1";
    for order in [[abandon, entry], [entry, abandon]] {
        let mut log = queue_log("{}");
        let told = in_time(&read_all(&mut log, &[BEFORE[0], order[0], order[1]]));
        let left = told.iter().position(|line| line.ends_with("1.1 sales - left Overflow"));
        let abandoned = told.iter().position(|line| line.ends_with("abandoned"));
        // What was told too early comes after what it really was: it finds nobody waiting.
        assert!(left.is_some() && abandoned.is_none_or(|late| Some(late) > left), "{told:#?}");
        assert!(told.iter().any(|line| line.ends_with("billing - queued")), "{told:#?}");
        assert_eq!(told.iter().filter(|line| line.contains("opened")).count(), 1);
    }
}

#[test]
fn who_calls_again_later_was_not_redirected() {
    let mut log = queue_log("{}");
    let told = told(&read_all(
        &mut log,
        &[
            BEFORE[0],
            "1800000120|1.1|sales|NONE|ABANDON|1|1|20",
            "1800000122|1.1|billing|NONE|ENTERQUEUE||48601500500|1",
        ],
    ));
    assert!(!told.iter().any(|line| line.contains("left")), "{told:#?}");
}

#[test]
fn an_end_that_never_comes_is_made_up_when_time_has_passed() {
    let entry = "1800000120|1.1|billing|NONE|ENTERQUEUE||48601500500|1";
    let expected = [
        "120000 1.1 sales Anna transferred to billing",
        "120000 1.1 sales Anna ended 0",
        "120000 1.1 sales Anna wrapped up",
        "120000 1.1 billing - queued",
    ];
    // By the next line, and by the timer when there is none, even over a restart.
    let mut log = queue_log("{}");
    let before = read_all(&mut log, &[BEFORE[0], BEFORE[1], entry]);
    assert_eq!(before.len(), 3);
    let mut next = restarted(&log, "{}");
    let line = "1800000122|NONE|NONE|NONE|CONFIGRELOAD|";
    assert_eq!(told(&read_all(&mut log, &[line])), expected);

    let started = next.start(NOW_MS).unwrap_or_default();
    assert_eq!(started.commands, [Command::timer("silence", 2_000)]);
    let ended = next.handle(NOW_MS + 2_000, Input::Timer("silence".into())).unwrap_or_default();
    assert_eq!((told(&ended.events), ended.commands), (expected.map(str::to_owned).into(), vec![]));
    // An end that comes after all is not counted again.
    assert_eq!(read_all(&mut log, &["1800000125|1.1|sales|Anna|COMPLETEAGENT|4|16|1"]), []);
}

#[test]
fn an_old_file_is_read_by_its_own_clock() {
    let mut log = queue_log("{}");
    read_all(&mut log, &[BEFORE[0], BEFORE[1]]);
    read_all(&mut log, &["1800000120|1.1|billing|NONE|ENTERQUEUE||48601500500|1"]);
    // The host's clock is years away: a timer in the midst of reading changes nothing.
    let early = log.handle(NOW_MS + 1_000, Input::Timer("silence".into())).unwrap_or_default();
    assert_eq!(early.events, []);
    let end = "1800000120|1.1|sales|Anna|COMPLETEAGENT|4|16|1";
    assert_eq!(read_all(&mut log, &[end]).len(), 4);
}

#[test]
fn a_flood_of_lines_for_one_call_is_bounded() {
    let mut log = queue_log("{}");
    read_all(&mut log, &BEFORE);
    for queue in 0..1_000 {
        let line = format!("1800000120|1.1|q{queue}|NONE|ENTERQUEUE||48601500500|1");
        read_all(&mut log, &[line.as_str()]);
        let kept = log.state.calls.get("1.1").map_or(0, |call| call.next.len());
        assert!(kept <= 16, "{kept}");
    }
}

#[test]
fn no_telephone_number_of_a_kept_line_is_in_a_snapshot() {
    let mut log = queue_log("{}");
    read_all(&mut log, &BEFORE);
    read_all(&mut log, &["1800000120|1.1|billing|NONE|ENTERQUEUE||48601500500|1|Ewa Lis"]);
    read_all(&mut log, &["1800000120|1.1|vip|Jan|BLINDTRANSFER|48601777888|out|0|0|1"]);
    let snapshot = String::from_utf8(log.snapshot()).unwrap_or_default();
    for private in ["48601500500", "48601777888", "Lis"] {
        assert!(!snapshot.contains(private), "{snapshot}");
    }
    // And the customer is still known.
    let events = read_all(&mut log, &["1800000120|1.1|sales|Anna|COMPLETEAGENT|4|16|1"]);
    assert!(events.iter().all(|event| event.customer == ["tel:48601500500"]), "{events:?}");
}
