//! Writing events down as one would tell them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::model::{Clock, PolicyFrom, Queue};
use crate::engine::{Engine, PolicyRules, Rules};
use crate::event::{
    Abandoned, Answered, Author, Direction, Event, Kind, Left, LeftReason, Medium, Message, Opened,
    Rated, TalkEnded, Transferred, UnixMs,
};
use crate::kpi;
use crate::kpi::value::{Figure, Value};
use crate::scope::{Selector, Window};

/// Monday 2026-03-02, 08:00 UTC: second 0 of all scripts.
pub(crate) const START_MS: UnixMs = 1_772_438_400_000;

/// Events of one channel in the making. Each `kind` is said of the contact, queue and agent set
/// last.
#[derive(Clone, Default)]
pub(crate) struct Script {
    pub(crate) events: Vec<Event>,
    channel: String,
    contact: String,
    queue: Option<String>,
    agent: Option<String>,
}

impl Script {
    pub(crate) fn on(channel: &str) -> Self {
        Script { channel: channel.to_owned(), ..Script::default() }
    }

    pub(crate) fn contact(&mut self, contact: &str, queue: &str) -> &mut Self {
        self.contact = contact.to_owned();
        self.queue = (!queue.is_empty()).then(|| queue.to_owned());
        self.agent = None;
        self
    }

    pub(crate) fn queue(&mut self, queue: &str) -> &mut Self {
        self.queue = (!queue.is_empty()).then(|| queue.to_owned());
        self
    }

    pub(crate) fn agent(&mut self, agent: &str) -> &mut Self {
        self.agent = Some(agent.to_owned());
        self
    }

    pub(crate) fn kind(&mut self, second: f64, kind: Kind) -> &mut Self {
        self.events.push(Event {
            id: format!("{}", self.events.len() + 1),
            channel: self.channel.clone(),
            at_ms: at(second),
            received_ms: 0,
            interaction: self.contact.clone(),
            queue: self.queue.clone(),
            agent: self.agent.clone(),
            customer: Vec::new(),
            kind,
            order: None,
            refers: None,
            same_as: None,
            attrs: BTreeMap::new(),
        });
        self
    }

    pub(crate) fn opened(&mut self, second: f64, medium: Medium) -> &mut Self {
        let opened =
            Opened { medium, direction: Direction::Inbound, public: false, priority: None };
        self.kind(second, Kind::Opened(opened))
    }

    pub(crate) fn queued(&mut self, second: f64) -> &mut Self {
        self.kind(second, Kind::Queued)
    }

    pub(crate) fn answered(&mut self, second: f64) -> &mut Self {
        self.kind(second, Kind::Answered(Answered::default()))
    }

    pub(crate) fn abandoned(&mut self, second: f64) -> &mut Self {
        self.kind(second, Kind::Abandoned(Abandoned::default()))
    }

    pub(crate) fn ended(&mut self, second: f64) -> &mut Self {
        self.kind(second, Kind::TalkEnded(TalkEnded::default()))
    }

    pub(crate) fn left(&mut self, second: f64, reason: LeftReason) -> &mut Self {
        self.kind(second, Kind::Left(Left { reason }))
    }

    pub(crate) fn transferred(&mut self, second: f64, to_queue: Option<&str>) -> &mut Self {
        let to_queue = to_queue.map(str::to_owned);
        self.kind(second, Kind::Transferred(Transferred { to_queue, ..Transferred::default() }))
    }

    pub(crate) fn wrote(&mut self, second: f64, author: Author) -> &mut Self {
        self.message(second, author, false)
    }

    pub(crate) fn complained(&mut self, second: f64) -> &mut Self {
        let message = Message { author: Author::Customer, complaint: true, ..Message::default() };
        self.kind(second, Kind::Message(Message { medium: Medium::Message, ..message }))
    }

    pub(crate) fn rated(&mut self, second: f64, score: f64, scale: f64) -> &mut Self {
        self.kind(second, Kind::Rated(Rated { dimension: "overall".to_owned(), score, scale }))
    }

    pub(crate) fn message(&mut self, second: f64, author: Author, public: bool) -> &mut Self {
        let medium = Medium::Message;
        self.kind(second, Kind::Message(Message { medium, author, public, ..Message::default() }))
    }
}

pub(crate) fn at(second: f64) -> UnixMs {
    START_MS + (second * 1000.0).round() as i64
}

/// Folds the events as they come and lets time pass until `until` seconds.
pub(crate) fn fold_with(rules: Rules, events: &[Event], until: f64) -> Engine {
    let mut engine = Engine::new(rules);
    for event in events {
        engine.apply(event, event.known_ms());
    }
    engine.tick(at(until));
    engine
}

/// Folds the events as they come, by the default rules.
pub(crate) fn fold(events: &[Event], until: f64) -> Engine {
    fold_with(Rules::default(), events, until)
}

/// A promise to all, or to those who complain, around the clock.
pub(crate) fn policy(clock: Clock, target_s: i64, complaints: bool) -> PolicyRules {
    PolicyRules {
        name: format!("{clock:?} {complaints}"),
        title: None,
        channels: Vec::new(),
        queues: Vec::new(),
        kinds: Vec::new(),
        priorities: Vec::new(),
        public: None,
        complaints,
        clock,
        from: PolicyFrom::Opening,
        target_ms: target_s * 1000,
        warn_ms: target_s * 750,
        goal: 0.8,
        calendar: Arc::default(),
        hours: "around the clock".to_owned(),
    }
}

/// Rules with a queue of its own thresholds.
pub(crate) fn rules_with(name: &str, change: impl FnOnce(&mut Queue)) -> Rules {
    let mut rules = Rules::default();
    let mut queue = rules.queues.default.clone();
    change(&mut queue);
    rules.queues.named.insert(name.to_owned(), queue);
    rules
}

pub(crate) fn all() -> Selector {
    Selector::default()
}

pub(crate) fn queue(name: &str) -> Selector {
    Selector::queue(name)
}

pub(crate) fn value(engine: &Engine, id: &str, selector: &Selector, window: Window) -> Value {
    let kpi = kpi::find(id).expect("a KPI of that id");
    kpi::compute(kpi, engine, selector, window, engine.now_ms())
}

/// The figure as it would be written: "81.13 %", "no data".
pub(crate) fn shown(engine: &Engine, id: &str, selector: &Selector, window: Window) -> String {
    let value = value(engine, id, selector, window);
    kpi::text::figure(value.figure, value.unit)
}

pub(crate) fn number(engine: &Engine, id: &str, selector: &Selector, window: Window) -> f64 {
    match value(engine, id, selector, window).figure {
        Figure::Number(number) => number,
        other => unreachable!("{id}: {other:?}"),
    }
}

/// Offered, answered, abandoned, flowed out, waiting of a queue today.
pub(crate) fn course(engine: &Engine, selector: &Selector) -> [i64; 5] {
    ["offered", "answered", "abandoned", "flowed_out", "waiting"].map(|name| {
        let value = value(engine, "offered", selector, Window::Today);
        let count = value.receipt.counts.into_iter().find(|count| count.name == name);
        count.map_or(0, |count| count.value)
    })
}

/// The published worked example: 1000 answered, 860 of them within 20 s; 60 abandoned, 20 of
/// them within 20 s, 10 of these within 5 s. One call every 30 s from 08:00 on, the rare kinds
/// spread among the others.
pub(crate) fn reference() -> Vec<Event> {
    let mut script = Script::on("phone");
    let (mut in_time, mut late, mut gave_up) = (0, 0, 0);
    for call in 0..1060 {
        let offered = f64::from(call) * 30.0;
        script.contact(&format!("call-{:04}", call + 1), "sales").queued(offered);
        // Of each 53 calls 3 are abandoned, 7 answered late and 43 answered in time.
        match call % 53 {
            5 | 23 | 41 => {
                let wait = match gave_up % 6 {
                    0 => 1 + gave_up / 6 % 5,
                    3 => 6 + gave_up / 6 % 15,
                    _ => 21 + gave_up % 60,
                };
                gave_up += 1;
                script.abandoned(offered + f64::from(wait));
            }
            2 | 9 | 17 | 28 | 33 | 44 | 50 => {
                let wait = 21 + late % 40;
                late += 1;
                script.agent("ann").answered(offered + f64::from(wait));
            }
            _ => {
                let wait = 1 + in_time % 20;
                in_time += 1;
                script.agent("ben").answered(offered + f64::from(wait));
            }
        }
    }
    // By the time of happening: calls overlap.
    script.events.sort_by_key(|event| event.at_ms);
    for (number, event) in script.events.iter_mut().enumerate() {
        event.id = format!("{}", number + 1);
    }
    script.events
}
