//! Figures that need weeks: jumps, forecasts, changes in a week, whether customers came again.

use std::collections::BTreeSet;

use tablica::engine::Engine;
use tablica::event::{
    Author, CustomerKey, Event, Kind, Medium, Mention, Message, Millis, Sentiment, UnixMs,
};
use tablica::kpi::{self, value::Figure};
use tablica::scope::{Selector, Window};

use super::dice::Dice;
use super::draw::Scenario;
use super::pen::{Pen, opening};
use super::world::{DAY, HOUR, MINUTE, TUESDAY, WORLDS};

const WEEK: Millis = 7 * DAY;
const QUARTER: Millis = 15 * MINUTE;
/// A full hour of the sixth week.
const NOW: UnixMs = TUESDAY + 14 * HOUR;

/// Five weeks and some, from before this time of the week on: most happens at this time of the
/// week, some at any time.
fn five_weeks(bytes: Vec<u8>) -> Scenario {
    let (mut pen, mut dice) = (Pen::default(), Dice::new(bytes));
    pen.thread("pbx", "first", Some("care"));
    pen.opened(NOW - 5 * WEEK - 3 * DAY, opening(Medium::Call, false, None), None);
    pen.tell(NOW - 5 * WEEK - 3 * DAY, Kind::Queued);
    for number in 0..240 {
        let week = dice.below(6) as Millis;
        let in_week = if dice.chance(70) {
            dice.length(-2 * HOUR, 90 * MINUTE)
        } else {
            dice.length(-4 * DAY, 0)
        };
        let at_ms = NOW - week * WEEK + in_week;
        if at_ms > NOW {
            continue;
        }
        let queue = dice.one(&["sales", "care"]);
        if dice.chance(70) {
            pen.customer = vec![CustomerKey(format!("k{}", dice.below(60)))];
        }
        let customer = pen.customer.clone();
        match dice.below(3) {
            0 => {
                pen.thread("fb", &format!("m{number}"), Some(queue));
                let sentiment = dice.one(&[Sentiment::Negative, Sentiment::Neutral]);
                let mention = Mention { public: true, sentiment, ..Mention::default() };
                pen.tell(at_ms, Kind::Mention(mention));
            }
            1 => {
                pen.thread("pbx", &format!("c{number}"), Some(queue));
                pen.customer = customer;
                pen.opened(at_ms, opening(Medium::Call, false, None), None);
                pen.tell(at_ms, Kind::Queued);
                pen.answered(at_ms + 10_000, "ann", None);
                pen.ended(at_ms + 70_000, "ann", [None, None]);
            }
            _ => {
                pen.thread("web", &format!("t{number}"), Some(queue));
                pen.customer = customer;
                let topics = if dice.chance(50) { vec!["refund".to_owned()] } else { Vec::new() };
                let sentiment = dice.one(&[Sentiment::Negative, Sentiment::Unknown]);
                let message = Message {
                    medium: Medium::Chat,
                    author: Author::Customer,
                    sentiment,
                    topics,
                    ..Message::default()
                };
                pen.wrote(at_ms, None, message);
                pen.resolved(at_ms + MINUTE, None, Author::Agent);
            }
        }
    }
    let mut events = pen.events;
    events.sort_by_key(Event::known_ms);
    events.retain(|event| event.at_ms <= NOW);
    Scenario { world: WORLDS[1], events, now_ms: NOW }
}

/// What came in, or was said: when, on which channel, in which queue.
struct Seen<'a> {
    at_ms: UnixMs,
    event: &'a Event,
}

fn is_in(selector: &Selector, event: &Event) -> bool {
    selector.channel.as_ref().is_none_or(|channel| *channel == event.channel)
        && selector.queue.as_ref().is_none_or(|queue| Some(queue) == event.queue.as_ref())
}

/// The events of that kind that are selected.
fn seen<'a>(
    scenario: &'a Scenario,
    selector: &Selector,
    is_it: impl Fn(&Kind) -> bool,
) -> Vec<Seen<'a>> {
    let events =
        scenario.events.iter().filter(|event| is_it(&event.kind) && is_in(selector, event));
    events.map(|event| Seen { at_ms: event.at_ms, event }).collect()
}

fn between(seen: &[Seen<'_>], from_ms: UnixMs, to_ms: UnixMs) -> f64 {
    seen.iter().filter(|it| from_ms <= it.at_ms && it.at_ms < to_ms).count() as f64
}

/// Each contact of the scenario begins with one of these, and has only one.
fn is_beginning(kind: &Kind) -> bool {
    matches!(kind, Kind::Opened(_) | Kind::Message(_))
}

fn is_negative(kind: &Kind) -> bool {
    match kind {
        Kind::Mention(mention) => mention.sentiment == Sentiment::Negative,
        Kind::Message(message) => message.sentiment == Sentiment::Negative,
        _ => false,
    }
}

/// How many deviations the last full hour is from the same hours of the four weeks before.
fn jump(seen: &[Seen<'_>]) -> f64 {
    let hour = |week: Millis| {
        let end_ms = NOW - week * WEEK;
        between(seen, end_ms - HOUR, end_ms)
    };
    let usual: Vec<_> = (1..=4).map(hour).collect();
    let mean = usual.iter().sum::<f64>() / 4.0;
    let variance = usual.iter().map(|count| (count - mean).powi(2)).sum::<f64>() / 3.0;
    let deviation = if variance == 0.0 { mean.sqrt().max(1.0) } else { variance.sqrt() };
    (hour(0) - mean) / deviation
}

/// The mean of the same quarters of an hour in the five weeks before, of the next four.
fn forecast(offered: &[Seen<'_>]) -> f64 {
    let quarters = (0..4).map(|quarter| NOW + quarter * QUARTER);
    let weeks = |from_ms: UnixMs| {
        (1..=5).map(move |week| {
            between(offered, from_ms - week * WEEK, from_ms - week * WEEK + QUARTER)
        })
    };
    quarters.map(|from_ms| weeks(from_ms).sum::<f64>() / 5.0).sum()
}

/// How much more than in the same span a week before.
fn change(about: &[Seen<'_>], from_ms: UnixMs) -> Option<f64> {
    let now = between(about, from_ms, NOW);
    let before = between(about, from_ms - WEEK, NOW - WEEK);
    (before > 0.0).then(|| (now - before) / before)
}

/// The share of known customers' contacts of that span after which they did not come again in time.
/// `None`: nobody known. An error: it depends on how a day more or less is counted.
fn not_again(came: &[Seen<'_>], from_ms: UnixMs, to_ms: UnixMs) -> Result<Option<f64>, ()> {
    let known = came
        .iter()
        .filter(|it| from_ms <= it.at_ms && it.at_ms < to_ms && !it.event.customer.is_empty());
    let share = |within_ms: Millis| {
        let again = known.clone().map(|it| {
            let keys: BTreeSet<_> = it.event.customer.iter().collect();
            came.iter().any(|other| {
                let apart_ms = other.at_ms - it.at_ms;
                let is_same = other.event.customer.iter().any(|key| keys.contains(key));
                is_same && 0 < apart_ms && apart_ms <= within_ms
            })
        });
        let again: Vec<_> = again.collect();
        let count = again.iter().filter(|again| **again).count() as f64;
        (!again.is_empty()).then(|| 1.0 - count / again.len() as f64)
    };
    let shares = [WEEK, WEEK - DAY, WEEK + DAY].map(share);
    if shares.iter().all(|it| *it == shares[0]) { Ok(shares[0]) } else { Err(()) }
}

/// A line for each figure that is not what it must be.
struct Check<'a> {
    engine: &'a Engine,
    findings: Vec<String>,
    compared: usize,
}

impl Check<'_> {
    fn is(&mut self, id: &str, selector: &Selector, window: Window, expected: Option<f64>) {
        let kpi = kpi::find(id).expect("a KPI of that id");
        let value = kpi::compute(kpi, self.engine, selector, window, NOW);
        self.compared += 1;
        let is_right = match (expected, value.figure) {
            (Some(expected), Figure::Number(got)) => (expected - got).abs() < 1e-9,
            (None, Figure::NoData) => true,
            _ => false,
        };
        if !is_right {
            self.findings.push(format!(
                "{id}{:?} {}: expected {expected:?}, got {:?}: {}",
                selector.words(),
                window.id(),
                value.figure,
                value.receipt.sentence
            ));
        }
    }
}

fn selectors() -> Vec<Selector> {
    let mut selectors = vec![Selector::default()];
    selectors.extend(["pbx", "web"].map(Selector::channel));
    selectors.extend(["sales", "care"].map(Selector::queue));
    selectors
}

#[test]
fn figures_of_weeks_are_what_the_definitions_say() {
    let mut findings = Vec::new();
    for case in 0..4u64 {
        let mut state = case.wrapping_mul(0x9E37_79B9_7F4A_7C15) + 1;
        let bytes = std::iter::repeat_with(|| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 24) as u8
        });
        let scenario = five_weeks(bytes.take(4000).collect());
        findings.extend(wrong_figures(&scenario));
    }
    assert!(findings.is_empty(), "\n{}", findings.join("\n"));
}

fn wrong_figures(scenario: &Scenario) -> Vec<String> {
    let about =
        |selector: &Selector| Selector { topic: Some("refund".to_owned()), ..selector.clone() };
    let mut watched = selectors();
    watched.extend(selectors().iter().map(about));
    let engine = super::compare::play(scenario, &watched);
    let mut check = Check { engine: &engine, findings: Vec::new(), compared: 0 };
    let day_ms = TUESDAY + i64::from(WORLDS[1].day_start_hour) * HOUR;
    for selector in selectors() {
        let came = seen(scenario, &selector, is_beginning);
        let mentions = seen(scenario, &selector, |kind| matches!(kind, Kind::Mention(_)));
        let negative = seen(scenario, &selector, is_negative);
        if selector.channel.is_none() {
            check.is("mentions_jump", &selector, Window::Min60, Some(jump(&mentions)));
        }
        check.is("negative_jump", &selector, Window::Min60, Some(jump(&negative)));
        check.is("contacts_jump", &selector, Window::Min60, Some(jump(&came)));
        check.is("forecast_contacts", &selector, Window::Now, Some(forecast(&came)));
        let refund = seen(scenario, &selector, |kind| match kind {
            Kind::Message(message) => message.topics.contains(&"refund".to_owned()),
            _ => false,
        });
        for (window, from_ms) in
            [(Window::Min60, NOW - HOUR), (Window::Today, day_ms), (Window::Hours24, NOW - DAY)]
        {
            check.is("topic_change", &about(&selector), window, change(&refund, from_ms));
        }
        let everybody = seen(scenario, &Selector::default(), is_beginning);
        if selector == Selector::default()
            && let Ok(share) = not_again(&everybody, day_ms - WEEK, NOW - WEEK)
        {
            check.is("fcr", &selector, Window::Today, share);
        }
    }
    assert!(check.compared > 20);
    check.findings
}
