//! Who is a member of which queue, what a network counts itself, and who an agent is.

use super::script::*;
use crate::engine::{Engine, Rules};
use crate::event::{AgentKnown, AgentState, AgentStatus, Gauge, Kind, Member, Membership};
use crate::scope::Window;

fn member(change: Membership) -> Kind {
    Kind::Member(Member { change, reason: None })
}

fn paused(reason: &str) -> Kind {
    Kind::Member(Member { change: Membership::Paused, reason: Some(reason.to_owned()) })
}

fn state(status: AgentStatus) -> Kind {
    Kind::AgentState(AgentState { status, reason: None })
}

/// Of all, or of a queue: how many are available, paused, offline.
fn states(engine: &Engine, of: &str) -> [u32; 3] {
    let selector = if of.is_empty() { all() } else { queue(of) };
    let agents = engine.agents(&selector);
    [AgentStatus::Available, AgentStatus::Paused, AgentStatus::Offline]
        .map(|status| agents.get(&status).copied().unwrap_or_default())
}

const AVAILABLE: [u32; 3] = [1, 0, 0];
const PAUSED: [u32; 3] = [0, 1, 0];
const OFFLINE: [u32; 3] = [0, 0, 1];

/// Ann's day in two queues, and what she is after each of its steps.
fn day() -> (Script, Vec<[u32; 3]>) {
    let steps = [
        ("sales", member(Membership::Joined), AVAILABLE),
        ("support", member(Membership::Joined), AVAILABLE),
        ("sales", paused("lunch"), AVAILABLE),
        ("support", paused("lunch"), PAUSED),
        ("sales", member(Membership::Resumed), AVAILABLE),
        ("sales", member(Membership::Left), PAUSED),
        ("support", member(Membership::Left), OFFLINE),
        ("support", member(Membership::Joined), AVAILABLE),
    ];
    let mut script = Script::on("phone");
    let mut expected = Vec::new();
    for (second, (queue, kind, states)) in (0..).zip(steps) {
        script.contact("", queue).agent("ann").kind(f64::from(second) * 60.0, kind);
        expected.push(states);
    }
    (script, expected)
}

#[test]
fn logged_in_in_one_queue_and_paused_in_all_of_them() {
    let (script, expected) = day();
    for (count, expected) in (1..).zip(expected) {
        let engine = fold(&script.events[..count], 1000.0);
        assert_eq!(states(&engine, ""), expected, "after {count}");
    }
    let engine = fold(&script.events[..4], 1000.0);
    assert_eq!(engine.pauses(&all()).into_iter().collect::<Vec<_>>(), [("lunch", 1)]);
    // Available 0–180 and 240–300, paused 180–240 and 300–360, offline 360–420.
    let engine = fold(&script.events, 420.0);
    assert_eq!(number(&engine, "time_available", &all(), Window::Today), 240.0);
    assert_eq!(number(&engine, "time_paused", &all(), Window::Today), 120.0);
}

#[test]
fn in_whatever_order_it_is_told() {
    let (script, _) = day();
    let in_order = fold(&script.events, 1000.0);
    let mut events = script.events;
    for turn in 0..events.len() {
        events.rotate_left(1);
        events.swap(0, turn);
        let engine = fold(&events, 1000.0);
        assert_eq!(states(&engine, ""), states(&in_order, ""));
        let times = |engine: &Engine| engine.state_times(&all(), (at(0.0), at(1000.0)));
        assert_eq!(times(&engine), times(&in_order), "{turn}");
    }
}

#[test]
fn agents_of_a_queue_are_its_members_where_the_network_tells() {
    let mut script = Script::on("phone");
    script.contact("", "sales").agent("ann").kind(0.0, member(Membership::Joined));
    script.contact("c1", "support").queued(10.0).agent("ann").answered(11.0).ended(20.0);
    script.contact("c2", "support").queued(10.0).agent("ben").answered(11.0);
    let engine = fold(&script.events, 30.0);
    assert_eq!(states(&engine, "sales"), AVAILABLE);
    assert_eq!(states(&engine, "support"), [0; 3], "a call of another queue makes no member");
    assert_eq!(number(&engine, "agents_talking", &queue("support"), Window::Now), 1.0, "ben");
    script.contact("", "sales").agent("ann").kind(40.0, member(Membership::Left));
    let engine = fold(&script.events, 50.0);
    assert_eq!((states(&engine, "sales"), states(&engine, "")), ([0; 3], OFFLINE));
}

#[test]
fn the_networks_word_on_the_agent_goes_on_as_ever() {
    let mut script = Script::on("phone");
    script.contact("", "sales").agent("ann").kind(0.0, state(AgentStatus::Paused));
    script.kind(10.0, member(Membership::Joined));
    assert_eq!(states(&fold(&script.events, 20.0), ""), PAUSED, "joined, and still on a break");
    script.kind(30.0, state(AgentStatus::Available));
    assert_eq!(states(&fold(&script.events, 40.0), ""), AVAILABLE);
}

#[test]
fn memberships_gauges_and_titles_survive_a_restart() {
    let (mut script, _) = day();
    script
        .contact("", "sales")
        .kind(1.0, Kind::Gauge(Gauge { name: "waiting".into(), value: 3.0 }));
    let known = AgentKnown { title: Some("Ann B.".into()), teams: vec!["east".into()] };
    script.contact("", "").agent("ann").kind(2.0, Kind::AgentKnown(known));
    let engine = fold(&script.events, 1000.0);
    let restored = Engine::restore(Rules::default(), &engine.snapshot()).expect("a snapshot");
    assert_eq!(states(&restored, ""), states(&engine, ""));
    assert!(restored.network_gauges().eq(engine.network_gauges()));
    assert_eq!(restored.agent_profile("ann"), engine.agent_profile("ann"));
    assert_eq!(engine.agent_profile("ann").title.as_deref(), Some("Ann B."));
    assert_eq!(engine.agent_profile("ben").title, None);
}

#[test]
fn of_each_count_of_the_networks_own_the_latest_is_kept() {
    let mut script = Script::on("phone");
    let gauge = |value| Kind::Gauge(Gauge { name: "waiting".to_owned(), value });
    script.contact("", "sales").kind(20.0, gauge(4.0)).kind(10.0, gauge(3.0));
    script.contact("", "").kind(15.0, gauge(7.5)).kind(30.0, gauge(f64::NAN));
    let engine = fold(&script.events, 40.0);
    let held: Vec<_> = engine.network_gauges().map(|it| (it.queue, it.value, it.at_ms)).collect();
    assert_eq!(held, [("", 7.5, at(15.0)), ("sales", 4.0, at(20.0))]);
    let refused = |engine: &Engine| {
        let limits = engine.limits_hit().each();
        limits.into_iter().find(|it| it.limit == "gauges").map(|it| it.hits)
    };
    assert_eq!(refused(&engine), Some(1), "what is no number");
    assert_eq!(course(&engine, &all()), [0; 5], "no figure of ours");
    for number in 0..1001 {
        let name = format!("gauge {number}");
        script.kind(50.0, Kind::Gauge(Gauge { name, value: 1.0 }));
    }
    let engine = fold(&script.events, 60.0);
    assert_eq!((engine.network_gauges().count(), refused(&engine)), (1000, Some(4)));
}
