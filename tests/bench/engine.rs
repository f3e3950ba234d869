//! The engine alone, with everything hot that is counted by default (channel with queue, and by
//! agent, topic and policy of each), on a drawn day.

use std::hint::black_box;
use std::process::Command;

use tablica::engine::Engine;
use tablica::event::{Author, CustomerKey, Event, Kind, Medium, Message};

use crate::center::{Center, START_MS, rules};
use crate::day;
use crate::process::{cpu_ns, resident_bytes};
use crate::table::{Row, median};

const EVENTS_PER_SECOND_MIN: f64 = 500_000.0;
/// Conversations that are open while their memory is measured, and those before, which bring the
/// tables to their size.
const OPEN: usize = 100_000;
const BEFORE: usize = 20_000;

/// Contacts that share an identifier.
const SHARED_MAX: usize = 100_000;

/// Events are handed to the engine so many at a time.
const HANDED: usize = 256;

/// CPU time of one event, in nanoseconds. The engine gets copies, made just before, as it gets
/// what was just decoded: in near memory. What copying alone costs is taken off.
fn fold_ns(events: &[Event]) -> f64 {
    let mut engine = Engine::new(rules());
    let folded = spent_ns(events, |handed| {
        for event in &handed {
            engine.apply(event, event.known_ms());
            engine.take_observations().for_each(drop);
        }
    });
    black_box(engine.version());
    let copied = spent_ns(events, |handed| drop(black_box(handed)));
    folded.saturating_sub(copied) as f64 / events.len() as f64
}

/// CPU time that it takes to copy the events and do something with them.
fn spent_ns(events: &[Event], mut with: impl FnMut(Vec<Event>)) -> u64 {
    let before = cpu_ns(std::process::id());
    for handed in events.chunks(HANDED) {
        with(handed.to_vec());
    }
    cpu_ns(std::process::id()) - before
}

/// Events a second on one core.
pub(crate) fn alone(rounds: usize) -> Row {
    let events = day::events(&Center::USUAL);
    let ns = median((0..rounds).map(|_| fold_ns(&events)).collect());
    let Center { channels, queues, agents, .. } = Center::USUAL;
    Row {
        what: format!("engine alone: {channels} channels, {queues} queues, {agents} agents"),
        ours: format!("{:.0} events/s on one core", 1e9 / ns),
        against: format!("{EVENTS_PER_SECOND_MIN:.0} events/s"),
        figure: ns,
        figure_text: format!("{ns:.0} ns per event"),
        limit: Some(1e9 / EVENTS_PER_SECOND_MIN),
    }
}

/// The same number of events in ten times as many queues.
pub(crate) fn many_queues(rounds: usize) -> Row {
    let few = day::events(&Center::USUAL);
    let many = day::events(&Center { queues: 10 * Center::USUAL.queues, ..Center::USUAL });
    let rounds: Vec<_> = (0..rounds).map(|_| (fold_ns(&few), fold_ns(&many))).collect();
    let ratio = median(rounds.iter().map(|(few, many)| many / few).collect());
    let ns = |of: fn(&(f64, f64)) -> f64| median(rounds.iter().map(of).collect());
    Row {
        what: String::from("engine with ten times the queues"),
        ours: format!("{:.0} ns per event", ns(|(_, many)| *many)),
        against: format!("{} queues {:.0} ns", Center::USUAL.queues, ns(|(few, _)| *few)),
        figure: ratio,
        figure_text: format!("{ratio:.2}×"),
        limit: Some(1.3),
    }
}

/// Contacts of one customer who is known by an identifier that all share, and by one of their own:
/// ten times as many cost about as much each.
pub(crate) fn shared_identifier(rounds: usize) -> Row {
    let fold_ns = |count: usize| {
        let mut engine = Engine::new(rules());
        let events: Vec<_> = (0..count).map(shared).collect();
        let before = cpu_ns(std::process::id());
        for event in &events {
            engine.apply(event, event.at_ms);
            engine.take_observations().for_each(drop);
        }
        let spent = cpu_ns(std::process::id()) - before;
        black_box(engine.version());
        spent as f64 / count as f64
    };
    let rounds: Vec<_> =
        (0..rounds).map(|_| (fold_ns(SHARED_MAX / 10), fold_ns(SHARED_MAX))).collect();
    let ratio = median(rounds.iter().map(|(few, many)| many / few).collect());
    let ns = |of: fn(&(f64, f64)) -> f64| median(rounds.iter().map(of).collect());
    Row {
        what: format!("an identifier shared by {SHARED_MAX} contacts"),
        ours: format!("{:.0} ns per event", ns(|(_, many)| *many)),
        against: format!("by {} {:.0} ns", SHARED_MAX / 10, ns(|(few, _)| *few)),
        figure: ratio,
        figure_text: format!("{ratio:.2}×"),
        limit: Some(2.0),
    }
}

fn shared(number: usize) -> Event {
    let at_ms = START_MS + number as i64 * 10;
    let message = Message { medium: Medium::Chat, author: Author::Customer, ..Message::default() };
    Event {
        id: format!("shared-{number}"),
        channel: String::from("chat"),
        at_ms,
        received_ms: at_ms,
        interaction: format!("shared-{number}"),
        queue: Some(format!("queue-{}", number % 50)),
        agent: None,
        customer: vec![CustomerKey(format!("{number:032x}")), CustomerKey("0".repeat(31))],
        kind: Kind::Message(message),
        order: None,
        refers: None,
        same_as: None,
        attrs: Default::default(),
    }
}

/// Resident memory of each further conversation that is open: three messages, and a customer who
/// can be recognised.
pub(crate) fn open_contacts() -> anyhow::Result<Row> {
    let output = Command::new(std::env::current_exe()?).arg("--open-contacts").output()?;
    let bytes: f64 = String::from_utf8(output.stdout)?.trim().parse()?;
    Ok(Row {
        what: format!("memory per open contact, {OPEN} conversations"),
        ours: format!("{bytes:.0} B"),
        against: format!("the engine with {BEFORE} of them"),
        figure: bytes,
        figure_text: format!("{bytes:.0} B"),
        limit: Some(1024.0),
    })
}

/// Measures it, in a process that has done nothing else.
pub(crate) fn bytes_per_open_contact() -> f64 {
    let mut engine = Engine::new(rules());
    (0..BEFORE).for_each(|number| converse(&mut engine, number));
    let before = resident_bytes(std::process::id());
    (BEFORE..BEFORE + OPEN).for_each(|number| converse(&mut engine, number));
    let grown = resident_bytes(std::process::id()).saturating_sub(before);
    black_box(engine.version());
    grown as f64 / OPEN as f64
}

fn converse(engine: &mut Engine, number: usize) {
    let authors = [Author::Customer, Author::Agent, Author::Customer];
    for (place, author) in authors.into_iter().enumerate() {
        let at_ms = START_MS + number as i64 * 100 + place as i64 * 30;
        let message = Message { medium: Medium::Chat, author, ..Message::default() };
        let event = Event {
            id: format!("{number}-{place}"),
            channel: String::from("chat"),
            at_ms,
            received_ms: at_ms,
            interaction: format!("chat-{number}"),
            queue: Some(format!("queue-{}", number % 50)),
            agent: (author == Author::Agent).then(|| format!("agent-{}", number % 500)),
            customer: vec![CustomerKey(format!("{number:032x}"))],
            kind: Kind::Message(message),
            order: None,
            refers: None,
            same_as: None,
            attrs: Default::default(),
        };
        engine.apply(&event, at_ms);
        engine.take_observations().for_each(drop);
    }
}
