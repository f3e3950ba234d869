//! Members, logins and pauses: one word for each person.

use tablica_plugin::AgentStatus;

use super::*;

/// Who was said to be what, in order.
fn states(events: &[Event]) -> Vec<(&str, AgentStatus)> {
    let state = |event: &'_ Event| match &event.kind {
        Kind::AgentState(said) => Some(said.status),
        _ => None,
    };
    events.iter().filter_map(|event| Some((event.agent.as_deref()?, state(event)?))).collect()
}

/// All agents that were named.
fn names(events: &[Event]) -> Vec<&str> {
    let mut names: Vec<&str> = events.iter().filter_map(|event| event.agent.as_deref()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

#[test]
fn a_pause_in_one_of_two_queues_is_no_pause() {
    let mut log = queue_log("{}");
    let events = read_all(
        &mut log,
        &[
            "1717397259|1.1|sales|PJSIP/7009|CONNECT|12|1.2|11",
            "1717397300|1.5|billing|PJSIP/7009|RINGNOANSWER|1000",
            "1717397301|NONE|billing|PJSIP/7009|PAUSE|",
        ],
    );
    let paused = |events: &[Event]| {
        states(events).iter().filter(|(_, status)| *status == AgentStatus::Paused).count()
    };
    assert_eq!(paused(&events), 0);
    assert_eq!(paused(&read_all(&mut log, &["1717397302|NONE|sales|PJSIP/7009|PAUSE|"])), 1);
}

#[test]
fn the_last_telephone_logs_off_over_a_restart_too() {
    let add = "1800000000|NONE|sales|Anna|ADDMEMBER|";
    let remove = "1800000060|NONE|sales|Anna|REMOVEMEMBER|";
    let mut log = queue_log("{}");
    assert_eq!(states(&read_all(&mut log, &[add, add, add])), [("Anna", AgentStatus::Available)]);
    assert_eq!(read_all(&mut log, &[remove]), []);
    let mut log = restarted(&log, "{}");
    assert_eq!(read_all(&mut log, &[remove]), []);
    assert_eq!(states(&read_all(&mut log, &[remove])), [("Anna", AgentStatus::Offline)]);
    assert_eq!(read_all(&mut log, &[remove]), []);
}

#[test]
fn whoever_is_removed_from_one_of_two_queues_stays() {
    let mut log = queue_log("{}");
    let events = read_all(
        &mut log,
        &[
            "1800000000|NONE|sales|Anna|ADDMEMBER|",
            "1800000000|NONE|billing|Anna|ADDMEMBER|",
            "1800000060|NONE|sales|Anna|REMOVEMEMBER|",
        ],
    );
    assert_eq!(states(&events), [("Anna", AgentStatus::Available)]);
    let events = read_all(&mut log, &["1800000070|NONE|billing|Anna|REMOVEMEMBER|"]);
    assert_eq!(states(&events), [("Anna", AgentStatus::Offline)]);
}

#[test]
fn a_telephone_added_again_after_a_restart_of_asterisk_is_not_a_second_one() {
    let add = "1800000000|NONE|sales|Anna|ADDMEMBER|";
    let mut log = queue_log("{}");
    read_all(&mut log, &[add, "1800000010|NONE|NONE|NONE|QUEUESTART|", add]);
    let events = read_all(&mut log, &["1800000060|NONE|sales|Anna|REMOVEMEMBER|"]);
    assert_eq!(states(&events), [("Anna", AgentStatus::Offline)]);
}

#[test]
fn members_queues_and_telephones_are_bounded() {
    let mut log = queue_log("{}");
    for number in 0..10_100 {
        let line = format!("1800000000|NONE|q{number}|Anna|ADDMEMBER|");
        read_all(&mut log, &[line.as_str(), "1800000000|NONE|sales|Ewa|ADDMEMBER|"]);
    }
    let size = log.snapshot().len();
    assert!(size < 100_000, "{size}");
    for number in 0..10_100 {
        let line = format!("1800000000|NONE|sales|m{number}|ADDMEMBER|");
        read_all(&mut log, &[line.as_str()]);
    }
    let size = log.snapshot().len();
    assert!(size < 2_000_000, "{size}");
}

#[test]
fn an_interface_and_a_name_alike_are_one_person_whichever_comes_first() {
    let logs_in = "1800000000|MANAGER|sales|PJSIP/ewa|ADDMEMBER|";
    let pauses = "1800000100|NONE|sales|Ewa|PAUSE|lunch";
    let logs_off = "1800000200|MANAGER|sales|PJSIP/ewa|REMOVEMEMBER|";
    let mut log = queue_log("{}");
    let first = read_all(&mut log, &[logs_in]);
    let mut log = restarted(&log, "{}");
    let then = read_all(&mut log, &[pauses, logs_off]);
    let events: Vec<Event> = first.into_iter().chain(then).collect();
    assert_eq!(
        states(&events),
        [
            ("PJSIP/ewa", AgentStatus::Available),
            ("PJSIP/ewa", AgentStatus::Paused),
            ("PJSIP/ewa", AgentStatus::Offline),
        ]
    );
    let events = read_all(&mut queue_log("{}"), &[pauses, logs_off, logs_in]);
    assert_eq!(names(&events), ["Ewa"]);
}

#[test]
fn the_settings_say_whose_telephone_it_is() {
    let settings = r#"{"members":{"PJSIP/7031":"Ewa Lis","1001":"Ewa Lis"}}"#;
    let events = read_all(
        &mut queue_log(settings),
        &[
            "1800000000|MANAGER|sales|PJSIP/7031|ADDMEMBER|",
            "1800000001|1.1|NONE|1001|AGENTLOGIN|SIP/7031-0000000a",
            "1800000100|NONE|sales|Ewa Lis|PAUSE|lunch",
            "1800000104|2.1|sales|Ewa Lis|CONNECT|4|2.2|3",
        ],
    );
    assert_eq!(names(&events), ["Ewa Lis"]);
    assert_eq!(states(&events).len(), 2);
}

#[test]
fn two_people_are_never_made_one() {
    let cases: [(&[&str], usize); 5] = [
        // Two interfaces of the same last part: whose is the name?
        (
            &[
                "1800000000|MANAGER|sales|PJSIP/ewa|ADDMEMBER|",
                "1800000000|MANAGER|sales|SIP/ewa|ADDMEMBER|",
                "1800000100|NONE|sales|Ewa|PAUSE|lunch",
            ],
            3,
        ),
        // The interface is a name of its own: it takes calls under it.
        (
            &[
                "1800000000|MANAGER|sales|PJSIP/ewa|ADDMEMBER|",
                "1800000004|1.1|sales|PJSIP/ewa|CONNECT|4|1.2|3",
                "1800000100|NONE|sales|Ewa|PAUSE|lunch",
            ],
            2,
        ),
        // Names that are alike are two names.
        (
            &[
                "1800000100|NONE|sales|Ewa|PAUSE|lunch",
                "1800000100|NONE|sales|EWA|PAUSE|lunch",
                "1800000100|NONE|sales|Ewa Lis|PAUSE|lunch",
            ],
            3,
        ),
        // The telephone at which somebody logs in is not always theirs.
        (
            &[
                "1800000001|1.1|NONE|1001|AGENTLOGIN|SIP/ewa-0000000a",
                "1800000100|NONE|sales|Ewa|PAUSE|lunch",
            ],
            2,
        ),
        // The number of a login is not that of a telephone.
        (
            &[
                "1800000001|1.1|NONE|1001|AGENTLOGIN|SIP/7031-0000000a",
                "1800000100|NONE|sales|SIP/1001|PAUSE|lunch",
            ],
            2,
        ),
    ];
    for (lines, people) in cases {
        let events = read_all(&mut queue_log("{}"), lines);
        assert_eq!(names(&events).len(), people, "{lines:#?}");
    }
}

#[test]
fn a_pair_is_parted_when_the_interface_takes_calls_under_its_own_name() {
    let mut log = queue_log("{}");
    read_all(
        &mut log,
        &[
            "1800000000|MANAGER|sales|PJSIP/ewa|ADDMEMBER|",
            "1800000100|NONE|sales|Ewa|PAUSE|lunch",
            "1800000104|1.1|sales|PJSIP/ewa|CONNECT|4|1.2|3",
        ],
    );
    let events = read_all(
        &mut log,
        &["1800000200|NONE|sales|PJSIP/ewa|PAUSE|tea", "1800000210|NONE|sales|Ewa|PAUSE|tea"],
    );
    assert_eq!(names(&events), ["Ewa", "PJSIP/ewa"]);
}

#[test]
fn an_agent_of_the_pool_is_one_person() {
    let events = read_all(
        &mut queue_log("{}"),
        &[
            "1800000001|1.1|NONE|1001|AGENTLOGIN|SIP/7031-0000000a",
            "1800000104|2.1|sales|Agent/1001|CONNECT|4|2.2|3",
        ],
    );
    assert_eq!(names(&events), ["1001"]);
}

#[test]
fn the_reason_of_a_pause_comes_before_or_after_it() {
    let reason = "1800000100|NONE|NONE|Agent/1004|PAUSEREASON|lunch";
    let pause = "1800000100|NONE|NONE|Agent/1004|PAUSEALL|";
    for order in [[reason, pause], [pause, reason]] {
        let events = read_all(&mut queue_log("{}"), &order);
        let last = events.last().map(|event| event.kind.clone());
        let Some(Kind::AgentState(said)) = last else { panic!("{events:?}") };
        assert_eq!((said.status, said.reason.as_deref()), (AgentStatus::Paused, Some("lunch")));
    }
    // One that belongs to no pause is not kept for the next.
    let late = "1800000200|NONE|NONE|Agent/1004|PAUSEALL|";
    let events = read_all(&mut queue_log("{}"), &[reason, late]);
    assert!(matches!(&events[0].kind, Kind::AgentState(said) if said.reason.is_none()));
}

#[test]
fn nobody_is_logged_in_by_an_unpause_after_the_logoff() {
    let mut log = queue_log("{}");
    let logs_off = [
        "1800000000|NONE|sales|Anna|ADDMEMBER|",
        "1800000100|NONE|sales|Anna|REMOVEMEMBER|",
        "1800000100|NONE|sales|Anna|UNPAUSE|",
        "1800000100|NONE|NONE|Anna|UNPAUSEALL|",
        "1800000500|NONE|NONE|Anna|UNPAUSEALL|",
    ];
    let events = read_all(&mut log, &logs_off);
    assert_eq!(states(&events).last(), Some(&("Anna", AgentStatus::Offline)));
    // But by the next login.
    let events = read_all(&mut log, &["1800000600|NONE|sales|Anna|ADDMEMBER|"]);
    assert_eq!(states(&events), [("Anna", AgentStatus::Available)]);
}
