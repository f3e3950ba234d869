//! `agents`: who does what, and for how long: by state, the longest in it first.
//!
//! Agents are called by their alias, or by what else the site's `[agents]` allows.

use serde::Serialize;

use super::measure::Measure;
use super::rule::{self, Called, Look, Mark, Rule, Subject, Whose};
use super::{Face, Tile, calm};
use crate::board::figures::Scene;
use crate::board::length;
use crate::board::lists::Person;
use crate::board::reader::{Element, Section, suggest};
use crate::event::AgentStatus;
use crate::kpi;
use crate::kpi::value::{Better, Unit};
use crate::language::Language;
use crate::scope::Selector;

/// More cannot be read; the others are counted.
const PEOPLE_LIMIT: usize = 80;
/// What rules look at: how long somebody has been in any state, or, by a state's name, in that one.
const TIME: Subject = Subject::new("time", Unit::Seconds);
/// In this order, where the file names none: first those who are there for the next contact.
const STATES_DEFAULT: [AgentStatus; 6] = [
    AgentStatus::Available,
    AgentStatus::Ringing,
    AgentStatus::Talking,
    AgentStatus::Hold,
    AgentStatus::AfterWork,
    AgentStatus::Paused,
];

struct AgentsTile {
    /// How many are available: its state is the list's.
    available: Measure,
    states: Vec<AgentStatus>,
    rows_max: usize,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
struct Body {
    counts: Vec<Count>,
    people: Vec<Cell>,
    more: usize,
    empty: String,
    #[serde(flatten)]
    called: Called,
}

#[derive(Serialize)]
struct Count {
    status: AgentStatus,
    word: String,
    count: usize,
}

#[derive(Serialize)]
struct Cell {
    name: String,
    status: AgentStatus,
    /// What they do, or why they pause.
    word: String,
    time: String,
    #[serde(flatten)]
    raised: Mark,
}

pub(super) const EXAMPLE: &str = r#"states = ["available", "paused"]
[[tile.rule]]
of = "paused"
when = "> 20m"
tone = "warn""#;

pub(super) fn parse(section: &Section<'_>) -> Option<Box<dyn Tile>> {
    let name = |key| section.text(key).map(|at| at.value.to_owned());
    let selector =
        Selector { channel: name("channel"), queue: name("queue"), ..Selector::default() };
    let states = parse_states(section);
    let rows_max = match section.whole("rows_max") {
        None => PEOPLE_LIMIT,
        Some(at) => match usize::try_from(at.value) {
            Ok(rows) if (1..=PEOPLE_LIMIT).contains(&rows) => rows,
            _ => {
                let must = format_args!("`rows_max` must be 1 to {PEOPLE_LIMIT}");
                section.problem_at(at.offset, must);
                PEOPLE_LIMIT
            }
        },
    };
    let in_states = AgentStatus::ALL.map(in_state);
    let subjects: Vec<Subject> = [TIME].into_iter().chain(in_states).collect();
    let rules = rule::parse_of(section, &subjects);
    let available = Measure::plain(kpi::find("agents_available")?, selector, None);
    Some(Box::new(AgentsTile { available, states, rows_max, rules }))
}

fn in_state(status: AgentStatus) -> Subject {
    Subject::new(status.word(), Unit::Seconds)
}

fn parse_states(section: &Section<'_>) -> Vec<AgentStatus> {
    let Some(elements) = section.list("states") else { return STATES_DEFAULT.to_vec() };
    let known = AgentStatus::ALL.map(AgentStatus::word);
    let mut states = Vec::new();
    for element in elements {
        let (word, offset) = match &element {
            Element::Text(at) => (at.value, at.offset),
            Element::Table(at) => ("", at.offset),
        };
        match AgentStatus::from_word(word) {
            Some(status) if !states.contains(&status) => states.push(status),
            Some(_) => section.problem_at(offset, format_args!("\"{word}\" stands there twice")),
            None => section.problem_at(
                offset,
                format_args!("unknown state \"{word}\"; {}", suggest(word, &known)),
            ),
        }
    }
    states
}

impl AgentsTile {
    fn rank(&self, person: &Person) -> Option<usize> {
        self.states.iter().position(|status| *status == person.status)
    }
}

fn cell(person: Person, rules: &[Rule], called: &mut Called, scene: &Scene<'_>) -> Cell {
    let time_ms = calm::step(scene.now_ms) - person.since_ms;
    // A time that only grows does not flicker: nothing is remembered of it.
    let calm = Scene { held: None, ..*scene };
    let mut raised = Mark::default();
    for subject in [TIME, in_state(person.status)] {
        // Far below 2^53.
        let number = time_ms as f64 / 1000.0;
        let look = Look { subject, number, whose: Whose::Nobody, row: (), min_volume: 0 };
        let found = rule::raised(rules, &look, &calm);
        let row = (person.title.as_str(), person.title.as_str());
        let mark = called.raise(row, found, (Unit::Seconds, Better::Lower), scene);
        raised = raised.or_graver(mark);
    }
    let state = || scene.language.agent_status(person.status);
    Cell {
        word: person.reason.clone().unwrap_or_else(state),
        time: length::in_list(time_ms, scene.language),
        status: person.status,
        name: person.title,
        raised,
    }
}

impl Tile for AgentsTile {
    fn render(&self, scene: &Scene<'_>) -> String {
        let language = scene.language;
        let reading = self.available.read(scene);
        let mut people = scene.figures.people(&self.available.selector, &self.states, scene.site);
        people.sort_by(|a, b| {
            (self.rank(a), a.since_ms, &a.title).cmp(&(self.rank(b), b.since_ms, &b.title))
        });
        let counts = self.states.iter().map(|status| Count {
            status: *status,
            word: language.agent_status(*status),
            count: people.iter().filter(|person| person.status == *status).count(),
        });
        let counts = counts.filter(|count| count.count > 0).collect();
        let more = people.len().saturating_sub(self.rows_max);
        let mut called = Called::default();
        let rules = rule::unless_old(&self.rules, reading.state);
        let people = people.into_iter().map(|person| cell(person, rules, &mut called, scene));
        let mut people: Vec<Cell> = people.collect();
        people.sort_by_key(|cell| std::cmp::Reverse(cell.raised.tone));
        people.truncate(self.rows_max);
        let state =
            if people.is_empty() { reading.state } else { reading.state.at_least_counted() };
        let tone = called.tone();
        let body = Body { counts, people, more, empty: language.say("list-nobody-here"), called };
        Face { state, tone, note: reading.note, body }.encode()
    }

    fn title(&self, language: Language) -> Option<String> {
        Some(language.say("tile-agents"))
    }

    fn subtitle(&self, scene: &Scene<'_>) -> Option<String> {
        Some(self.available.subtitle(scene))
    }

    fn sound(&self) -> Option<&'static str> {
        rule::sound(&self.rules)
    }

    fn selectors(&self) -> Vec<&Selector> {
        vec![&self.available.selector]
    }
}
