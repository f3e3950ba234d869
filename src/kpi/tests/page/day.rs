//! The day that the examples of `docs/kpis.md` are from: all that can happen, five weeks in a row,
//! so that every KPI has a figure.

use crate::config::model::{Clock, Shift};
use crate::engine::tests::script::*;
use crate::engine::{ChannelRules, Engine, Rules};
use crate::event::{
    AgentState, AgentStatus, Author, CustomerKey, Event, Kind, LeftReason, Medium, Mention,
    Message, Rated, Removed, Resolved, RingMissed, Sentiment,
};
use crate::scope::Selector;

const HOUR: f64 = 3600.0;
const DAY: f64 = 24.0 * HOUR;
/// The day is a Monday, five weeks after the first; these are the days before it.
const DAYS: [f64; 6] = [0.0, 7.0, 14.0, 21.0, 28.0, 34.0];
const TODAY: f64 = 35.0;
/// Everything happens within four minutes, before noon: all windows know of it.
const MORNING: f64 = 3.0 * HOUR + 56.0 * 60.0;
const NOON: f64 = 4.0 * HOUR;

/// At noon of the day, when every window knows of everything.
pub(super) fn at_noon() -> Engine {
    until(NOON)
}

/// An hour and a half later, when nothing has happened for that long.
pub(super) fn later() -> Engine {
    until(NOON + 1.5 * HOUR)
}

fn until(second: f64) -> Engine {
    let mut events = Vec::new();
    for day in DAYS {
        events.append(&mut happenings(day));
    }
    events.append(&mut happenings(TODAY));
    events.sort_by_key(|event| event.at_ms);
    let mut engine = Engine::new(rules());
    for selector in selectors().into_iter().flat_map(|(_, choices)| choices) {
        assert!(engine.watch(&selector), "{selector:?}");
    }
    for event in &events {
        engine.apply(event, event.known_ms());
    }
    engine.tick(at(TODAY * DAY + second));
    engine
}

/// By each key, what can be selected of that day; at least one choice suits every KPI that can
/// be selected by the key.
pub(super) fn selectors() -> Vec<(&'static str, Vec<Selector>)> {
    let by = |key: &'static str, words: &[&str]| {
        let select = |word: &&str| {
            let mut selector = Selector::default();
            selector.set(key, word).expect("a selector's key and word");
            selector
        };
        (key, words.iter().map(select).collect())
    };
    vec![
        by("channel", &["phone", "mail", "page"]),
        by("queue", &["sales", "care"]),
        by("agent", &["anna"]),
        by("kind", &["call", "mail"]),
        by("priority", &["normal"]),
        by("public", &["false", "true"]),
        by("topic", &["delivery"]),
        by("policy", &["Answer false", "FirstResponse false"]),
        by("dimension", &["clear"]),
    ]
}

fn rules() -> Rules {
    let mut rules = Rules::default();
    let cost = ChannelRules { cost_per_contact: Some(2.5), ..ChannelRules::default() };
    for channel in ["phone", "mail"] {
        rules.channels.insert(channel.to_owned(), cost.clone());
    }
    rules.policies = vec![
        policy(Clock::Answer, 20, false),
        policy(Clock::FirstResponse, 90, false),
        policy(Clock::FirstResponse, 30, true),
    ];
    let hour = |hour| jiff::civil::time(hour, 0, 0, 0);
    let early = Shift { title: None, start: hour(6), end: hour(14) };
    rules.shifts.insert("early".to_owned(), early);
    rules
}

fn happenings(day: f64) -> Vec<Event> {
    let start = day * DAY + MORNING;
    let mut events = calls(day, start);
    events.append(&mut mails(day, start));
    events.append(&mut attention(start));
    for (number, event) in events.iter_mut().enumerate() {
        event.id = format!("{day} {number}");
    }
    events
}

fn says(script: &mut Script, agent: &str, second: f64, status: AgentStatus) {
    let state = AgentState { status, reason: None };
    script.contact("", "").agent(agent).kind(second, Kind::AgentState(state));
}

/// Six that anna takes after boris missed them, and four that end otherwise.
fn calls(day: f64, start: f64) -> Vec<Event> {
    let mut script = Script::on("phone");
    says(&mut script, "anna", start - 60.0, AgentStatus::Available);
    says(&mut script, "boris", start - 60.0, AgentStatus::Available);
    says(&mut script, "boris", start + 20.0, AgentStatus::Paused);
    for call in 0..6 {
        let second = start + f64::from(call) * 25.0;
        script.contact(&format!("call {day} {call}"), "sales").queued(second);
        script.agent("boris").kind(second + 2.0, Kind::RingMissed(RingMissed::default()));
        script.agent("anna").answered(second + 4.0 + f64::from(call));
        script.kind(second + 12.0, Kind::Held).kind(second + 15.0, Kind::Resumed);
        script.ended(second + 20.0).kind(second + 24.0, Kind::WrappedUp);
        script.kind(second + 24.0, Kind::RatingRequested);
    }
    script.contact(&format!("moved {day}"), "sales").queued(start);
    script.agent("anna").answered(start + 160.0).transferred(start + 170.0, Some("care"));
    script.queue("care").agent("boris").answered(start + 175.0).ended(start + 180.0);
    script.contact(&format!("gone {day}"), "sales").queued(start).abandoned(start + 60.0);
    script.contact(&format!("short {day}"), "sales").queued(start).abandoned(start + 3.0);
    let callback = LeftReason::Callback;
    script.contact(&format!("callback {day}"), "sales").queued(start).left(start + 30.0, callback);
    script.contact(&format!("waits {day}"), "sales").queued(start + 200.0);
    if day < TODAY {
        script.answered(start + 210.0).ended(start + 220.0);
    }
    script.events
}

/// Six complaints that anna answers and resolves, and others in all the ways that there are.
fn mails(day: f64, start: f64) -> Vec<Event> {
    let mut script = Script::on("mail");
    for mail in 0..6 {
        let second = start + f64::from(mail);
        wrote(&mut script, &format!("mail {day} {mail}"), second);
        script.wrote(second + 5.0, Author::Bot);
        script.agent("anna").wrote(second + 20.0 + f64::from(mail), Author::Agent);
        script.wrote(second + 60.0, Author::Customer).wrote(second + 100.0, Author::Agent);
        script.kind(second + 110.0, Kind::Resolved(Resolved { by: Author::Agent }));
        script.kind(second + 115.0, Kind::RatingRequested);
        for (dimension, score) in [("overall", f64::from(mail * 2)), ("clear", 9.0)] {
            let dimension = dimension.to_owned();
            script.kind(second + 120.0, Kind::Rated(Rated { dimension, score, scale: 10.0 }));
        }
    }
    script.kind(start + 140.0, Kind::Reopened);
    for (name, by) in [("by bot", Author::Bot), ("by customer", Author::Customer)] {
        wrote(&mut script, &format!("{name} {day}"), start);
        script.kind(start + 10.0, Kind::Resolved(Resolved { by }));
    }
    wrote(&mut script, &format!("by peer {day}"), start);
    script.wrote(start + 30.0, Author::Peer);
    wrote(&mut script, &format!("unanswered {day}"), start + 200.0);
    script.events
}

/// A customer's complaint of a delivery; everybody is the same customer each week.
fn wrote(script: &mut Script, contact: &str, second: f64) {
    script.contact(contact, "care").kind(
        second,
        Kind::Message(Message {
            medium: Medium::Mail,
            author: Author::Customer,
            sentiment: Sentiment::Negative,
            topics: vec!["delivery".to_owned()],
            complaint: true,
            ..Message::default()
        }),
    );
    if let Some(event) = script.events.last_mut() {
        event.customer = vec![CustomerKey(contact.rsplit_once(' ').map_or("", |it| it.1).into())];
    }
}

/// What is said of the company in public, and to it.
fn attention(start: f64) -> Vec<Event> {
    let mut script = Script::on("page");
    for (second, sentiment) in [(0.0, Sentiment::Positive), (1.0, Sentiment::Negative)] {
        let mention = Mention { public: true, sentiment, ..Mention::default() };
        script.contact("", "").kind(start + second, Kind::Mention(mention));
    }
    let spam = Mention { public: true, spam: true, ..Mention::default() };
    script.contact("", "").kind(start + 2.0, Kind::Mention(spam));
    script.contact(&format!("post {start}"), "care").message(start + 3.0, Author::Customer, true);
    script.kind(start + 50.0, Kind::Removed(Removed { by: Author::Agent }));
    script.events
}
