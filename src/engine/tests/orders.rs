//! Properties: the order of arrival doesn't matter, and the books always balance.

use proptest::prelude::*;
use proptest::sample::Index;

use super::script::*;
use crate::config::model::Clock;
use crate::engine::{Engine, Field, Rules};
use crate::event::{
    AgentState, AgentStatus, Author, Event, Feed, FeedState, Kind, LeftReason, Medium, Resolved,
};
use crate::kpi;
use crate::kpi::value::{Selector, Window};

/// One step in a contact's life: so many seconds after the one before.
type Step = (u8, u16, u8, u8);

const QUEUES: [&str; 3] = ["sales", "support", ""];
const AGENTS: [&str; 3] = ["ann", "ben", "cem"];

fn call(script: &mut Script, contact: usize, start: u32, steps: &[Step]) {
    let mut second = f64::from(start);
    script.contact(&format!("call{contact}"), QUEUES[contact % 2]);
    if contact.is_multiple_of(3) {
        script.opened(second - 2.0, Medium::Call);
    }
    script.queued(second);
    for (what, seconds, queue, agent) in steps {
        second += f64::from(*seconds % 90);
        script.agent(AGENTS[usize::from(agent % 3)]);
        let other = QUEUES[usize::from(queue % 2)];
        match what % 12 {
            0 => script.kind(second, Kind::OfferedToAgent),
            1 => script.kind(second, Kind::RingMissed(Default::default())),
            2 | 3 => script.answered(second),
            4 => script.kind(second, Kind::Held),
            5 => script.kind(second, Kind::Resumed),
            6 => script.ended(second),
            7 => script.abandoned(second),
            8 => script.left(second, LeftReason::Timeout),
            9 => script.transferred(second, (queue % 2 == 0).then_some(other)).queue(other),
            10 => script.queue(other).queued(second),
            _ => script.kind(second, Kind::WrappedUp),
        };
    }
}

fn conversation(script: &mut Script, contact: usize, start: u32, steps: &[Step]) {
    let mut second = f64::from(start);
    script.contact(&format!("talk{contact}"), QUEUES[contact % 3]);
    for (what, seconds, queue, agent) in steps {
        second += f64::from(*seconds);
        script.agent(AGENTS[usize::from(agent % 3)]);
        match what % 14 {
            0..=2 => script.wrote(second, Author::Customer),
            3 | 4 => script.wrote(second, Author::Agent),
            5 => script.wrote(second, Author::Bot),
            6 => script.kind(second, Kind::Resolved(Resolved::default())),
            7 => script.kind(second, Kind::Reopened),
            8 => script.transferred(second, Some(QUEUES[usize::from(queue % 2)])),
            9 => script.wrote(second, Author::Peer),
            10 => script.complained(second),
            11 => script.rated(second, f64::from(*queue % 11), 10.0),
            12 => script.kind(second, Kind::RatingRequested),
            _ => script.opened(second, Medium::Chat),
        };
    }
}

prop_compose! {
    /// Calls and conversations of two hours, with agents' states and a restart.
    fn traffic()(
        calls in prop::collection::vec((0..3600u32, prop::collection::vec(any::<Step>(), 0..8)), 1..8),
        talks in prop::collection::vec((0..3600u32, prop::collection::vec(
            (any::<u8>(), 0..2000u16, any::<u8>(), any::<u8>()), 1..10)), 1..6),
        states in prop::collection::vec((0..7000u32, 0..7usize, 0..3usize), 0..6),
        restart in proptest::option::of(0..7000u32),
    ) -> Vec<Event> {
        let mut script = Script::on("desk");
        for (contact, (start, steps)) in calls.iter().enumerate() {
            call(&mut script, contact, *start, steps);
        }
        for (contact, (start, steps)) in talks.iter().enumerate() {
            conversation(&mut script, contact, *start, steps);
        }
        for (second, status, agent) in states {
            let all = [
                AgentStatus::Available, AgentStatus::Ringing, AgentStatus::Talking,
                AgentStatus::Hold, AgentStatus::AfterWork, AgentStatus::Paused,
                AgentStatus::Offline,
            ];
            let state = AgentState { status: all[status], reason: None };
            script.contact("", "").agent(AGENTS[agent]);
            script.kind(f64::from(second), Kind::AgentState(state));
        }
        if let Some(second) = restart {
            let feed = Feed { state: FeedState::Restarted };
            script.contact("", "").kind(f64::from(second), Kind::Feed(feed));
        }
        script.events.sort_by_key(|event| event.at_ms);
        script.events
    }
}

/// Promises to everybody, and more to those who complain.
fn rules() -> Rules {
    let policies = [(Clock::FirstResponse, false), (Clock::Resolution, true)];
    let policies = policies.map(|(clock, complaints)| policy(clock, 600, complaints));
    Rules { policies: Vec::from(policies), ..Rules::default() }
}

const END: f64 = 5.0 * 3600.0;

fn selectors() -> Vec<Selector> {
    QUEUES.iter().take(2).map(|name| queue(name)).chain([all()]).collect()
}

/// Everything that a wall could show.
fn figures(engine: &Engine) -> Vec<String> {
    let mut figures = Vec::new();
    for selector in selectors() {
        for kpi in kpi::registry() {
            for window in Window::ALL {
                let value = kpi::compute(kpi, engine, &selector, window, engine.now_ms());
                let (figure, counts) = (value.figure, value.receipt.counts);
                let place = format!("{:?} {}", selector.queue, window.id());
                figures.push(format!("{} {place}: {figure:?} {counts:?}", kpi.id));
            }
        }
    }
    figures
}

fn assert_balanced(engine: &Engine) {
    for view in engine.select(&all()) {
        for window in Window::ALL {
            let tally = view.tally(window);
            let get = |field| tally.get(field);
            let known = get(Field::Answered)
                + get(Field::Abandoned)
                + get(Field::FlowedOut)
                + get(Field::Waiting);
            assert_eq!(get(Field::Offered), known, "{} {}", view.queue(), window.id());
            let parts = [
                Field::Offered,
                Field::Answered,
                Field::Abandoned,
                Field::FlowedOut,
                Field::Waiting,
                Field::Decided,
                Field::Responses,
            ];
            assert!(parts.into_iter().all(|field| get(field) >= 0), "{tally:?}");
        }
        assert!(i64::from(view.waiting()) >= view.tally(Window::Min60).get(Field::Waiting));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Live, each event in its time; or all at the end, in any order, some of them repeatedly:
    /// the same figures.
    #[test]
    fn any_order_with_repetitions_ends_the_same(
        events in traffic(),
        swaps in prop::collection::vec((any::<Index>(), any::<Index>()), 0..200),
        again in prop::collection::vec(any::<Index>(), 0..20),
    ) {
        let live = fold_with(rules(), &events, END);
        let mut mixed = events.clone();
        for index in again {
            mixed.push(events[index.index(events.len())].clone());
        }
        for (one, other) in swaps {
            let (one, other) = (one.index(mixed.len()), other.index(mixed.len()));
            mixed.swap(one, other);
        }
        let mut late = Engine::new(rules());
        for event in &mixed {
            late.apply(event, at(END));
        }
        for (live, late) in figures(&live).into_iter().zip(figures(&late)) {
            prop_assert_eq!(live, late);
        }
    }

    /// `offered = answered + abandoned + flowed_out + waiting` after every event and tick.
    #[test]
    fn the_books_balance_at_every_moment(
        events in traffic(),
        delays in prop::collection::vec(0..600i64, 1..50),
    ) {
        let mut engine = Engine::new(rules());
        // Some events come late, so that they meet a world that has moved on.
        let mut arriving: Vec<_> = events
            .iter()
            .zip(delays.iter().cycle())
            .map(|(event, delay)| (event.at_ms + delay * 1000, event))
            .collect();
        arriving.sort_by_key(|(known_ms, _)| *known_ms);
        for (known_ms, event) in arriving {
            engine.apply(event, known_ms);
            assert_balanced(&engine);
            engine.tick(known_ms + 20_000);
            assert_balanced(&engine);
        }
        engine.tick(at(40.0 * 3600.0));
        assert_balanced(&engine);
    }

    /// A restored engine goes on as if nothing had been, to the byte.
    #[test]
    fn a_snapshot_and_the_tail_equal_the_whole(events in traffic(), cut in any::<Index>()) {
        let cut = cut.index(events.len());
        let whole = fold_with(rules(), &events, END);
        let mut first = Engine::new(rules());
        for event in &events[..cut] {
            first.apply(event, event.known_ms());
        }
        let bytes = first.snapshot();
        let mut second = Engine::restore(rules(), &bytes).expect("own snapshot");
        prop_assert_eq!(second.snapshot(), bytes);
        for event in &events[cut..] {
            second.apply(event, event.known_ms());
        }
        second.tick(at(END));
        prop_assert_eq!(second.snapshot(), whole.snapshot());
    }
}
