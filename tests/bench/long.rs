//! Contacts with many events: what one more event of them costs, against contacts with few.

use std::hint::black_box;

use tablica::engine::Engine;
use tablica::event::{Author, Event, Kind, Medium, Message};

use crate::center::{START_MS, rules};
use crate::process::cpu_ns;
use crate::table::{Row, median};

/// Events of each side, in contacts of so many.
const EVENTS: usize = 40_000;
const FEW: usize = 10;
const MANY: usize = 2000;
/// What one event may cost more because its contact has many.
const TIMES_MAX: f64 = 10.0;

/// How the events of a contact follow each other.
#[derive(Clone, Copy)]
enum Kindred {
    /// The customer and an agent write in turn, each minute.
    Conversation,
    /// The same, and every third message comes after the next one.
    OutOfOrder,
    /// Topics, many in one moment, of an interaction of which nothing else is known.
    Topics,
    /// A call that rings at one agent after the other, many in one second.
    Rings,
}

/// One row for each way.
pub(crate) fn many_events(rounds: usize) -> Vec<Row> {
    [
        ("a conversation", Kindred::Conversation),
        ("a conversation out of order", Kindred::OutOfOrder),
        ("topics of one moment", Kindred::Topics),
        ("a call that rings", Kindred::Rings),
    ]
    .map(|(what, kindred)| row(what, kindred, rounds))
    .into()
}

fn row(what: &str, kindred: Kindred, rounds: usize) -> Row {
    let (few, many) = (events(kindred, FEW), events(kindred, MANY));
    let rounds: Vec<_> = (0..rounds).map(|_| (event_ns(&few), event_ns(&many))).collect();
    let ratio = median(rounds.iter().map(|(few, many)| many / few).collect());
    let ns = |of: fn(&(f64, f64)) -> f64| median(rounds.iter().map(of).collect());
    Row {
        what: format!("{what} of {MANY} events"),
        ours: format!("{:.0} ns per event", ns(|(_, many)| *many)),
        against: format!("of {FEW} {:.0} ns", ns(|(few, _)| *few)),
        figure: ratio,
        figure_text: format!("{ratio:.2}×"),
        limit: Some(TIMES_MAX),
    }
}

fn event_ns(events: &[Event]) -> f64 {
    let mut engine = Engine::new(rules());
    let before = cpu_ns(std::process::id());
    for event in events {
        engine.apply(event, event.received_ms);
        engine.take_observations().for_each(drop);
    }
    let spent = cpu_ns(std::process::id()) - before;
    black_box(engine.version());
    spent as f64 / events.len() as f64
}

/// The events of all contacts, one of each in turn.
fn events(kindred: Kindred, of_each: usize) -> Vec<Event> {
    let contacts = EVENTS / of_each;
    let of_one = |place| (0..contacts).map(move |contact| (contact, place));
    (0..of_each).flat_map(of_one).map(|it| event(kindred, it)).collect()
}

fn event(kindred: Kindred, (contact, place): (usize, usize)) -> Event {
    let second = 1000;
    let minute = 60 * second;
    let together = 20;
    let (at_ms, agent, kind) = match kindred {
        Kindred::Conversation => (place as i64 * minute, place % 2, message(place)),
        Kindred::OutOfOrder => {
            let place =
                if place % 3 == 0 { place + 1 } else { place - usize::from(place % 3 == 1) };
            (place as i64 * minute, place % 2, message(place))
        }
        Kindred::Topics => {
            ((place / together) as i64, 0, Kind::Tagged(vec![String::from("delivery")]))
        }
        Kindred::Rings => {
            let kind = match place {
                0 => Kind::Queued,
                _ => Kind::OfferedToAgent,
            };
            ((place / together) as i64 * second, place % together, kind)
        }
    };
    Event {
        id: format!("{contact}-{place}"),
        channel: String::from("chat"),
        at_ms: START_MS + at_ms,
        received_ms: START_MS + place as i64 * minute,
        interaction: format!("contact-{contact}"),
        queue: Some(format!("queue-{}", contact % 50)),
        agent: (agent > 0).then(|| format!("agent-{agent}")),
        customer: Vec::new(),
        kind,
        order: None,
        refers: None,
        same_as: None,
        attrs: Default::default(),
    }
}

fn message(place: usize) -> Kind {
    let author = if place.is_multiple_of(2) { Author::Customer } else { Author::Agent };
    Kind::Message(Message { medium: Medium::Chat, author, ..Message::default() })
}
