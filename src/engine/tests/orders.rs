//! Properties: the order of arrival doesn't matter, and the books always balance.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::Index;

use super::script::*;
use super::traffic::{QUEUES, rules, traffic};
use crate::engine::{Engine, Field, Rules};
use crate::event::{Author, Event, Kind, Resolved, UnixMs};
use crate::kpi;
use crate::scope::{Selector, Window};

/// Contacts from which it is known what the network tells.
fn what_it_tells() -> Vec<Event> {
    let mut script = Script::on("desk");
    script.contact("abandoned", "support").queued(-300.0).abandoned(-290.0);
    script.contact("wrapped-up", "support").agent("ben").queued(-280.0).answered(-270.0);
    script.ended(-260.0).kind(-250.0, Kind::WrappedUp);
    script.contact("resolved", "support").wrote(-240.0, Author::Customer);
    script.wrote(-230.0, Author::Agent).kind(-220.0, Kind::Resolved(Resolved::default()));
    for event in &mut script.events {
        event.id = format!("before {}", event.id);
    }
    script.events
}

pub(crate) const END: f64 = 6.0 * 3600.0;

/// The base, and all that contacts can be selected by.
pub(crate) fn selectors() -> Vec<Selector> {
    let one = |key: &str, value: &str| {
        let mut selector = Selector::default();
        selector.set(key, value).expect("a key and its word");
        selector
    };
    let more = [
        ("agent", "ann"),
        ("topic", "invoice"),
        ("policy", "urgent"),
        ("policy", "solve"),
        ("kind", "message"),
        ("priority", "high"),
        ("public", "true"),
        ("dimension", "clear"),
    ];
    let more = more.map(|(key, value)| one(key, value));
    QUEUES.iter().take(2).map(|name| queue(name)).chain([all()]).chain(more).collect()
}

/// An engine that counts by all of that, whatever is asked first.
pub(in crate::engine) fn engine() -> Engine {
    engine_with(rules())
}

fn engine_with(rules: Rules) -> Engine {
    let mut engine = Engine::new(rules);
    for selector in selectors() {
        assert!(engine.watch(&selector));
    }
    engine
}

/// When each event is known, in that order. Some come late, so that they meet a world that has moved on.
pub(crate) fn arriving<'a>(events: &'a [Event], delays_s: &[i64]) -> Vec<(UnixMs, &'a Event)> {
    let delays = delays_s.iter().cycle();
    let known = events.iter().zip(delays).map(|(event, delay)| (event.at_ms + delay * 1000, event));
    let mut arriving: Vec<_> = known.collect();
    arriving.sort_by_key(|(known_ms, _)| *known_ms);
    arriving
}

fn live(events: &[Event]) -> Engine {
    told(engine(), events)
}

/// Each event in its time.
fn told(mut engine: Engine, events: &[Event]) -> Engine {
    for event in events {
        engine.apply(event, event.known_ms());
    }
    engine.tick(at(END));
    engine
}

/// Everything that a wall could show.
pub(crate) fn figures(engine: &Engine, selectors: &[Selector]) -> Vec<String> {
    let mut figures = Vec::new();
    for selector in selectors {
        let windows: &[Window] =
            if *selector == all() { &Window::ALL } else { &[Window::Min60, Window::Hours24] };
        for kpi in kpi::registry() {
            for &window in windows.iter().filter(|it| !kpi.is_state || **it != Window::Min60) {
                let value = kpi::compute(kpi, engine, selector, window, engine.now_ms());
                let (figure, counts) = (value.figure, value.receipt.counts);
                let place = format!("{:?} {}", selector.words(), window.id());
                figures.push(format!("{} {place}: {figure:?} {counts:?}", kpi.id));
            }
        }
    }
    figures
}

fn assert_balanced(engine: &Engine) {
    let by_agent = Selector { agent: Some("ann".to_owned()), ..all() };
    for view in engine.select(&all()).into_iter().chain(engine.select(&by_agent)) {
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

/// Events of one contact and one moment change places with each other until they stand in the
/// order in which they were told.
fn keep_moments_in_order(told: &[Event], mixed: &mut [Event]) {
    let moment = |event: &Event| (event.channel.clone(), event.interaction.clone(), event.at_ms);
    let mut places: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (place, event) in mixed.iter().enumerate() {
        places.entry(moment(event)).or_default().push(place);
    }
    let number = |event: &Event| told.iter().position(|it| it.id == event.id);
    for places in places.values().filter(|places| places.len() > 1) {
        let mut events: Vec<_> = places.iter().map(|place| mixed[*place].clone()).collect();
        events.sort_by_key(number);
        for (place, event) in places.iter().zip(events) {
            mixed[*place] = event;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// Live, each event in its time; or all at the end, in any order, some of them repeatedly:
    /// the same figures. Only what one contact tells of one moment stays in its order.
    #[test]
    fn any_order_with_repetitions_ends_the_same(
        events in traffic(),
        swaps in prop::collection::vec((any::<Index>(), any::<Index>()), 0..200),
        again in prop::collection::vec(any::<Index>(), 0..20),
    ) {
        let live = live(&events);
        let mut mixed = events.clone();
        for index in again {
            mixed.push(events[index.index(events.len())].clone());
        }
        for (one, other) in swaps {
            let (one, other) = (one.index(mixed.len()), other.index(mixed.len()));
            mixed.swap(one, other);
        }
        keep_moments_in_order(&events, &mut mixed);
        let mut late = engine();
        for event in &mixed {
            late.apply(event, at(END));
        }
        let asked = selectors();
        for (live, late) in figures(&live, &asked).into_iter().zip(figures(&late, &asked)) {
            prop_assert_eq!(live, late);
        }
    }

    /// Of which only the newer facts are kept, a contact counts as if all were.
    #[test]
    fn condensed_contacts_count_the_same(events in traffic(), facts_max in 4..24usize) {
        // What the older half counted stays where it was counted, whatever the contact is found
        // to be about later.
        let mut rules = rules();
        for policy in &mut rules.policies {
            (policy.public, policy.priorities) = (None, Vec::new());
        }
        // What a network is found to tell shows only facts that are kept in another light.
        let mut events = [what_it_tells(), events].concat();
        // That a message failed which is no longer kept is counted as late.
        events.retain(|event| !matches!(event.kind, Kind::Delivery(_)));
        let mut condensed = engine_with(rules.clone());
        condensed.limits.facts_max = facts_max;
        let condensed = told(condensed, &events);
        let whole = told(engine_with(rules), &events);
        let mut asked = selectors();
        asked.retain(|it| it.topic.is_none() && it.public.is_none() && it.priority.is_none());
        for (whole, condensed) in figures(&whole, &asked).into_iter().zip(figures(&condensed, &asked)) {
            prop_assert_eq!(whole, condensed);
        }
    }

    /// `offered = answered + abandoned + flowed_out + waiting` after every event and tick.
    #[test]
    fn the_books_balance_at_every_moment(
        events in traffic(),
        delays in prop::collection::vec(0..600i64, 1..50),
    ) {
        let mut engine = engine();
        for (known_ms, event) in arriving(&events, &delays) {
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
        let whole = live(&events);
        let mut first = engine();
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
