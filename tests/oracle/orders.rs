//! Contacts of up to 400 facts, told in any order, and with single facts that come late.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use proptest::prelude::*;
use tablica::engine::Engine;
use tablica::event::{Event, UnixMs};
use tablica::kpi::{self, value::Figure};
use tablica::scope::{Selector, Window};

use super::compare::{Difference, Question, play};
use super::draw::{Scenario, long_threads};
use super::questions::{singles, table};
use super::report::tell;
use super::smallest::smallest;
use super::table::drawn;

const SCENARIOS: usize = 2;
/// So many facts of each scenario come late, one at a time.
const LATE_FACTS: usize = 2;
const WINDOWS: [Window; 2] = [Window::Now, Window::Today];

fn questions() -> Vec<Question> {
    table(&singles()).filter(|question| WINDOWS.contains(&question.window)).collect()
}

/// The events in another order. Those of one thread and one moment keep theirs: it is all that is
/// known of it.
fn shuffled(events: &[Event], seed: usize) -> Vec<Event> {
    let place = |event: &Event| {
        let mut hash = DefaultHasher::new();
        (seed, &event.channel, &event.id).hash(&mut hash);
        hash.finish()
    };
    let mut together: BTreeMap<_, Vec<u64>> = BTreeMap::new();
    let moment = |event: &Event| (event.channel.clone(), event.interaction.clone(), event.at_ms);
    for event in events {
        together.entry(moment(event)).or_default().push(place(event));
    }
    for places in together.values_mut() {
        places.sort_unstable_by(|a, b| b.cmp(a));
    }
    let mut placed: Vec<(u64, Event)> = Vec::new();
    for event in events {
        let next = together.get_mut(&moment(event)).and_then(Vec::pop);
        placed.push((next.unwrap_or_default(), event.clone()));
    }
    placed.sort_by_key(|(place, _)| *place);
    placed.into_iter().map(|(_, event)| event).collect()
}

/// All of them are told at the end.
fn told_at(events: Vec<Event>, now_ms: UnixMs) -> Vec<Event> {
    let late = events.into_iter().map(|event| Event { received_ms: now_ms, ..event });
    late.collect()
}

fn late_events(engine: &Engine) -> u64 {
    engine.faults().map(|(_, faults)| faults.late).sum()
}

fn figure(engine: &Engine, question: &Question) -> Figure {
    let Question { kpi, selector, window } = question;
    kpi::compute(kpi, engine, selector, *window, engine.now_ms()).figure
}

fn is_same(one: Figure, other: Figure) -> bool {
    match (one, other) {
        (Figure::Number(one), Figure::Number(other)) => (one - other).abs() <= 1e-9 * one.abs(),
        _ => one == other,
    }
}

/// How a figure of the one differs from that of the other.
fn differs(question: &Question, one: &Engine, other: &Engine) -> Option<Difference> {
    let (expected, got) = (figure(one, question), figure(other, question));
    (!is_same(expected, got)).then(|| Difference {
        question: question.clone(),
        expected: format!("{expected:?}, as in order"),
        got: format!("{got:?}"),
    })
}

/// What differed, by KPI: how often, and an example.
#[derive(Default)]
struct Findings(BTreeMap<&'static str, (usize, Option<Example>)>);

/// A scenario, how it is told, and what is asked.
type Example = (Scenario, Question, Telling);

/// How a scenario is told to the second engine.
#[derive(Clone)]
enum Telling {
    /// In another order, all at the end.
    Shuffled(usize),
    /// In order, but for the event of that channel and id, which comes at the end.
    Late(String, String),
}

impl Telling {
    fn of(&self, scenario: &Scenario) -> Scenario {
        let events = match self {
            Telling::Shuffled(seed) => told_at(shuffled(&scenario.events, *seed), scenario.now_ms),
            Telling::Late(channel, id) => {
                let is_it = |event: &&Event| event.channel == *channel && event.id == *id;
                let (late, mut events): (Vec<_>, Vec<_>) =
                    scenario.events.iter().cloned().partition(|event| is_it(&event));
                events.extend(told_at(late, scenario.now_ms));
                events
            }
        };
        Scenario { events, ..scenario.clone() }
    }

    /// The difference to telling it in order. Facts that could not be counted are counted as late,
    /// and a single one that is changes nothing.
    fn differs(&self, scenario: &Scenario, question: &Question) -> Option<Difference> {
        let watched = [question.selector.clone()];
        let told = play(&self.of(scenario), &watched);
        if late_events(&told) == 0 {
            return differs(question, &play(scenario, &watched), &told);
        }
        let Telling::Late(channel, id) = self else { return None };
        let mut without = scenario.clone();
        without.events.retain(|event| event.channel != *channel || event.id != *id);
        differs(question, &play(&without, &watched), &told)
    }
}

impl Findings {
    fn compare(&mut self, scenario: &Scenario, telling: &Telling, questions: &[Question]) {
        let watched = singles();
        let told = play(&telling.of(scenario), &watched);
        let late = late_events(&told);
        if late > 0 && matches!(telling, Telling::Shuffled(_)) {
            return; // what could not be counted is counted as late, for all to see
        }
        let mut base = scenario.clone();
        if let Telling::Late(channel, id) = telling
            && late > 0
        {
            base.events.retain(|event| event.channel != *channel || event.id != *id);
        }
        let base = play(&base, &watched);
        for question in questions {
            if differs(question, &base, &told).is_some() {
                let found = self.0.entry(question.kpi.id).or_default();
                found.0 += 1;
                let events = found.1.as_ref().map_or(usize::MAX, |(other, ..)| other.events.len());
                if scenario.events.len() < events {
                    found.1 = Some((scenario.clone(), question.clone(), telling.clone()));
                }
            }
        }
    }

    fn assert_none(self) {
        let mut text = String::new();
        for (kpi, (count, example)) in &self.0 {
            text.push_str(&format!("\n== {kpi}: {count} answers differ by the order of telling\n"));
            let Some((scenario, question, telling)) = example else { continue };
            let found = smallest(scenario, |it| telling.differs(it, question));
            if let Some((scenario, difference)) = found {
                text.push_str(&tell(&telling.of(&scenario), &difference));
            }
        }
        assert!(self.0.is_empty(), "{text}");
    }
}

#[test]
fn any_order_of_telling_gives_the_same_figures() {
    let mut findings = Findings::default();
    let questions = questions();
    for (seed, scenario) in drawn(long_threads(), 11, SCENARIOS).enumerate() {
        findings.compare(&scenario, &Telling::Shuffled(seed), &questions);
    }
    findings.assert_none();
}

#[test]
fn a_late_fact_counts_or_is_counted_as_late() {
    let mut findings = Findings::default();
    let questions = questions();
    for (number, scenario) in drawn(long_threads(), 13, SCENARIOS).enumerate() {
        let count = scenario.events.len();
        for late in 0..LATE_FACTS {
            let event = &scenario.events[(number * 31 + late * count / LATE_FACTS) % count];
            let is_alone = scenario.events.iter().all(|other| {
                other.id == event.id
                    || (&other.channel, &other.interaction, other.at_ms)
                        != (&event.channel, &event.interaction, event.at_ms)
            });
            if is_alone {
                let telling = Telling::Late(event.channel.clone(), event.id.clone());
                findings.compare(&scenario, &telling, &questions);
            }
        }
    }
    findings.assert_none();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20, failure_persistence: None, ..ProptestConfig::default() })]

    /// The recount itself knows no order, and no repetition.
    #[test]
    fn the_recount_does_not_depend_on_the_order(scenario in long_threads(), seed in 0..1000usize) {
        use super::{compare::Comparison, reading::Reading, recount::Recount};
        let mut events = shuffled(&scenario.events, seed);
        events.extend(events.iter().take(20).cloned().collect::<Vec<_>>());
        let events = told_at(events, scenario.now_ms);
        let mixed = Scenario { events, ..scenario.clone() };
        let recounts = [&scenario, &mixed].map(|it| Recount::of(it, Reading::default()));
        let selector = Selector::default();
        for question in table(&[selector]).filter(|question| question.window != Window::Now) {
            let [one, other] = recounts.each_ref().map(|it| Comparison::answer_of(it, &question));
            prop_assert_eq!(one, other, "{}", question.words());
        }
    }
}
