//! Events by their times, and an engine that has seen them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use tablica::config::{self, Environment};
use tablica::engine::{Engine, Rules};
use tablica::event::{Answered, Author, CustomerKey, Event, Kind, Medium, Message, UnixMs};
use tablica::kpi;
use tablica::kpi::value::{Figure, Value};
use tablica::scope::{Selector, Window};

/// Monday 2026-05-04, midnight UTC: second 0.
pub(crate) const MIDNIGHT_MS: UnixMs = 1_777_852_800_000;
pub(crate) const HOUR: f64 = 3600.0;
pub(crate) const DAY: f64 = 86_400.0;

pub(crate) fn at(second: f64) -> UnixMs {
    MIDNIGHT_MS + (second * 1000.0).round() as UnixMs
}

/// What a config decides of numbers.
pub(crate) fn rules(config: &str) -> Rules {
    let config = config::load_text(config, "a.toml", PathBuf::new(), &Environment::default());
    Rules::from(&config.unwrap_or_else(|problems| panic!("{problems}")))
}

/// Where something happened, to which contact, and who did it; "" is nobody's.
#[derive(Clone, Copy, Default)]
pub(crate) struct Of<'a> {
    pub(crate) channel: &'a str,
    pub(crate) contact: &'a str,
    pub(crate) queue: &'a str,
    pub(crate) agent: &'a str,
    pub(crate) customer: &'a str,
}

/// Events that are told one after the other.
#[derive(Clone, Default)]
pub(crate) struct Story {
    pub(crate) events: Vec<Event>,
}

impl Story {
    pub(crate) fn tell(&mut self, second: f64, of: Of<'_>, kind: Kind) -> &mut Self {
        let named = |name: &str| (!name.is_empty()).then(|| name.to_owned());
        self.events.push(Event {
            id: format!("{}", self.events.len() + 1),
            channel: of.channel.to_owned(),
            at_ms: at(second),
            received_ms: 0,
            interaction: of.contact.to_owned(),
            queue: named(of.queue),
            agent: named(of.agent),
            customer: named(of.customer).map(CustomerKey).into_iter().collect(),
            kind,
            order: None,
            refers: None,
            same_as: None,
            attrs: BTreeMap::new(),
        });
        self
    }

    /// The events by their times, those of the same time as they were told.
    pub(crate) fn sorted(&self) -> Vec<Event> {
        let mut events = self.events.clone();
        events.sort_by_key(|event| event.at_ms);
        events
    }

    /// An engine that has learned of each event when it happened, at that second.
    pub(crate) fn by(&self, rules: Rules, watched: &[Selector], second: f64) -> Engine {
        let mut engine = Engine::new(rules);
        for selector in watched {
            assert!(engine.watch(selector), "{selector:?} is counted");
        }
        for event in self.sorted().iter().filter(|event| event.at_ms <= at(second)) {
            engine.apply(event, event.at_ms);
        }
        engine.tick(at(second));
        engine
    }
}

pub(crate) fn answered() -> Kind {
    Kind::Answered(Answered::default())
}

/// A private message.
pub(crate) fn message(medium: Medium, author: Author) -> Kind {
    Kind::Message(Message { medium, author, ..Message::default() })
}

/// By keys and their words.
pub(crate) fn of(words: &[(&str, &str)]) -> Selector {
    let mut selector = Selector::default();
    for (key, word) in words {
        selector.set(key, word).expect("a key and its word");
    }
    selector
}

pub(crate) fn value(engine: &Engine, id: &str, selector: &Selector, window: Window) -> Value {
    let kpi = kpi::find(id).unwrap_or_else(|| panic!("there is no KPI {id}"));
    kpi::compute(kpi, engine, selector, window, engine.now_ms())
}

pub(crate) fn number(engine: &Engine, id: &str, selector: &Selector, window: Window) -> f64 {
    match value(engine, id, selector, window).figure {
        Figure::Number(number) => number,
        other => panic!("{id} is {other:?}"),
    }
}
