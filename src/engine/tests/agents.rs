//! Agents' states.

use super::script::*;
use crate::engine::{Engine, Rules};
use crate::event::{AgentState, AgentStatus, Kind};
use crate::scope::{Selector, Window};

fn state(status: AgentStatus) -> Kind {
    Kind::AgentState(AgentState { status, reason: None })
}

/// Which state the only agent is in.
fn only(engine: &Engine) -> AgentStatus {
    let agents = engine.agents(&all());
    assert_eq!(agents.len(), 1, "{agents:?}");
    *agents.keys().next().expect("one")
}

#[test]
fn a_call_takes_an_agent_through_its_states() {
    let mut script = Script::on("phone");
    script.contact("c1", "sales").queued(0.0).agent("ann");
    let steps = [
        (Kind::OfferedToAgent, AgentStatus::Ringing),
        (Kind::Answered(Default::default()), AgentStatus::Talking),
        (Kind::Held, AgentStatus::Hold),
        (Kind::Resumed, AgentStatus::Talking),
    ];
    for (second, (kind, expected)) in (1..).zip(steps) {
        script.kind(f64::from(second), kind);
        assert_eq!(only(&fold(&script.events, 10.0)), expected);
    }
    // Nobody ever said that they are ready for the next call.
    script.ended(9.0);
    let engine = fold(&script.events, 10.0);
    assert_eq!(number(&engine, "agents_unknown", &all(), Window::Now), 1.0);
    assert_eq!(number(&engine, "agents_available", &all(), Window::Now), 0.0);
}

#[test]
fn after_work_where_the_network_ends_it() {
    let mut script = Script::on("phone");
    script.contact("c1", "sales").queued(0.0).agent("ann").answered(1.0).ended(2.0);
    script.kind(3.0, Kind::WrappedUp);
    assert_eq!(fold(&script.events, 10.0).agents_unknown(&all()), 1, "no state was ever told");
    script.contact("c2", "sales").queued(11.0).agent("ann").answered(12.0).ended(13.0);
    assert_eq!(only(&fold(&script.events, 14.0)), AgentStatus::AfterWork);
}

#[test]
fn a_pause_during_a_call_comes_true_when_it_ends() {
    let mut script = Script::on("phone");
    script.contact("c1", "sales").queued(0.0).agent("ann").answered(1.0);
    script.contact("", "sales").agent("ann").kind(5.0, state(AgentStatus::Paused));
    assert_eq!(only(&fold(&script.events, 6.0)), AgentStatus::Talking);
    script.contact("c1", "sales").agent("ann").ended(9.0);
    assert_eq!(only(&fold(&script.events, 10.0)), AgentStatus::Paused);
}

#[test]
fn the_networks_later_word_wins_over_a_call_whose_end_was_missed() {
    let mut script = Script::on("phone");
    script.contact("c1", "sales").queued(0.0).agent("ann").answered(1.0);
    script.contact("", "").agent("ann").kind(100.0, state(AgentStatus::Available));
    assert_eq!(only(&fold(&script.events, 101.0)), AgentStatus::Available);
}

#[test]
fn whoever_takes_a_call_is_logged_in_again() {
    let mut script = Script::on("phone");
    script.contact("", "").agent("ann").kind(0.0, state(AgentStatus::Offline));
    assert_eq!(only(&fold(&script.events, 1.0)), AgentStatus::Offline);
    script.contact("c1", "sales").queued(2.0).agent("ann").answered(3.0).ended(9.0);
    assert_eq!(only(&fold(&script.events, 10.0)), AgentStatus::Available);
}

#[test]
fn agents_of_a_queue_are_those_who_serve_it() {
    let mut script = Script::on("phone");
    script.contact("c1", "sales").queued(0.0).agent("ann").answered(1.0);
    script.contact("c2", "support").queued(0.0).agent("ben").answered(1.0);
    let engine = fold(&script.events, 5.0);
    assert_eq!(number(&engine, "agents_talking", &all(), Window::Now), 2.0);
    assert_eq!(number(&engine, "agents_talking", &queue("sales"), Window::Now), 1.0);
    let nowhere = Selector::channel("telegram");
    assert_eq!(shown(&engine, "agents_talking", &nowhere, Window::Now), "no data");
}

/// One name is one person within a channel; over channels only where the operator says so.
#[test]
fn a_person_of_two_channels_is_counted_once_and_is_as_busy_as_the_busier() {
    let mut desk = Script::on("desk");
    desk.contact("", "").agent("8812").kind(0.0, state(AgentStatus::Available));
    let mut phone = Script::on("phone");
    phone.contact("", "").agent("SIP/101").kind(0.0, state(AgentStatus::Available));
    phone.contact("c1", "sales").queued(600.0).agent("SIP/101").answered(600.0).ended(1200.0);
    let mut events: Vec<_> = desk.events.into_iter().chain(phone.events).collect();
    let ended = events.split_off(events.len() - 1);
    let two = fold(&events, 900.0);
    assert_eq!(number(&two, "agents_available", &all(), Window::Now), 1.0);
    assert_eq!(number(&two, "agents_talking", &all(), Window::Now), 1.0);
    let mut rules = Rules::default();
    for (channel, name) in [("phone", "SIP/101"), ("desk", "8812")] {
        rules.people.insert((channel.to_owned(), name.to_owned()), "Anna".to_owned());
    }
    let one = fold_with(rules.clone(), &events, 900.0);
    assert_eq!(only(&one), AgentStatus::Talking);
    assert_eq!(one.agents(&all())[&AgentStatus::Talking], 1);
    events.extend(ended);
    let later = fold_with(rules, &events, 1800.0);
    assert_eq!(number(&later, "agents_available", &all(), Window::Now), 1.0);
    // Half an hour of one person: ten minutes in a call, the rest available.
    assert_eq!(number(&later, "time_talking", &all(), Window::Today), 600.0);
    assert_eq!(number(&later, "time_available", &all(), Window::Today), 1200.0);
}
