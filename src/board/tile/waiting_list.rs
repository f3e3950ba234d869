//! `waiting_list`: who waits, the longest waiting first, and by when each should have an answer.
//!
//! A contact is shown by a few letters that say nothing else: no name, no number, no id of its
//! network stands on a wall.

use serde::Serialize;

use super::measure::Measure;
use super::rule::{self, Called, Look, Mark, Rule, Subject, Whose};
use super::{Face, State, Tile, Tone, calm, rows};
use crate::board::figures::Scene;
use crate::board::format;
use crate::board::length;
use crate::board::lists::Waiting;
use crate::board::reader::Section;
use crate::kpi;
use crate::kpi::value::{Better, Unit};
use crate::language::Language;
use crate::scope::Selector;

/// More rows cannot be read; and for each one the contact is looked at.
const ROWS_LIMIT: usize = 24;
/// What rules look at, in each row: how long somebody has waited, and how long there is still time.
const WAIT: Subject = Subject { is_promised: true, ..Subject::new("wait", Unit::Seconds) };
const LEFT: Subject = Subject { is_promised: true, ..Subject::new("left", Unit::Seconds) };

struct WaitingList {
    /// How many wait: its state is the list's.
    waiting: Measure,
    /// Only those in writing, or only the others.
    in_writing: Option<bool>,
    rows_max: usize,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
struct Body {
    heads: [String; 5],
    rows: Vec<Row>,
    more: usize,
    empty: String,
    #[serde(flatten)]
    called: Called,
}

#[derive(Serialize)]
struct Row {
    mark: String,
    channel: String,
    queue: String,
    since: String,
    waits: String,
    due: String,
    tone: Tone,
    #[serde(flatten)]
    raised: Mark,
}

pub(super) const EXAMPLE: &str = r#"contacts = "calls"
[[tile.rule]]
of = "wait"
when = "> 2 * answer_threshold"
tone = "bad""#;

pub(super) fn parse(section: &Section<'_>) -> Option<Box<dyn Tile>> {
    let name = |key| section.text(key).map(|at| at.value.to_owned());
    let selector =
        Selector { channel: name("channel"), queue: name("queue"), ..Selector::default() };
    let in_writing = section.one_of("contacts", &["calls", "written"], |word| match word {
        "calls" => Some(false),
        "written" => Some(true),
        _ => None,
    });
    let rows_max = rows::max(section, ROWS_LIMIT);
    let rules = rule::parse_of(section, &[WAIT, LEFT]);
    let waiting = Measure::plain(kpi::find("waiting")?, selector, None);
    Some(Box::new(WaitingList { waiting, in_writing, rows_max, rules }))
}

fn row(contact: &Waiting, scene: &Scene<'_>) -> Row {
    let (site, language) = (scene.site, scene.language);
    let (due, tone) = calm::countdown(&contact.deadline, scene.now_ms, language);
    Row {
        mark: contact.mark.clone(),
        channel: site.channel_title(&contact.channel).to_owned(),
        queue: scene.site.queue_in_words(&contact.queue, scene.language),
        since: format::clock_time(contact.since_ms, &site.time_zone),
        waits: length::in_list(calm::step(scene.now_ms) - contact.since_ms, language),
        due,
        tone,
        raised: Mark::default(),
    }
}

/// Asks the rules about a contact. What only grows, or only shrinks, does not flicker: nothing is
/// remembered of it.
fn call(contact: &Waiting, row: &mut Row, rules: &[Rule], called: &mut Called, scene: &Scene<'_>) {
    let scene = Scene { held: None, ..*scene };
    let whose = Whose::Queue(&contact.queue);
    // As the list tells the time: all rows change together.
    let waited_ms = calm::step(scene.now_ms) - contact.since_ms;
    for (subject, ms, better) in [
        (WAIT, waited_ms, Better::Lower),
        (LEFT, calm::left_ms(&contact.deadline, scene.now_ms), Better::Higher),
    ] {
        if subject.name == LEFT.name && contact.deadline.is_paused {
            continue;
        }
        // Far below 2^53.
        let number = ms as f64 / 1000.0;
        let look = Look { subject, number, whose, row: &contact.mark, min_volume: 0 };
        let raised = rule::raised(rules, &look, &scene);
        let mark = called.raise((&row.mark, &row.mark), raised, (subject.unit, better), &scene);
        row.raised = row.raised.or_graver(mark);
    }
    row.tone = row.raised.over(row.tone);
}

impl Tile for WaitingList {
    fn render(&self, scene: &Scene<'_>) -> String {
        let reading = self.waiting.read(scene);
        // A rule may hold for who has waited less, by a stricter promise.
        let asked = if self.rules.is_empty() { self.rows_max } else { ROWS_LIMIT };
        let (first, all) = scene.figures.waiting(&self.waiting.selector, self.in_writing, asked);
        let (mut called, rules) = (Called::default(), rule::unless_old(&self.rules, reading.state));
        let mut rows: Vec<Row> = Vec::new();
        for contact in &first {
            let mut row = row(contact, scene);
            call(contact, &mut row, rules, &mut called, scene);
            rows.push(row);
        }
        rows.sort_by_key(|row| std::cmp::Reverse(row.raised.tone));
        rows.truncate(self.rows_max);
        let more = all.saturating_sub(rows.len());
        let tone = rows.iter().map(|row| row.tone).max().unwrap_or(Tone::Plain);
        let state = if rows.is_empty() { reading.state } else { reading.state.at_least_counted() };
        let words = ["list-contact", "list-channel", "list-queue", "list-waits", "list-due"];
        let body = Body {
            heads: words.map(|word| scene.language.say(word)),
            rows,
            more,
            empty: scene.language.say("list-nobody-waits"),
            called,
        };
        Face { state, tone, note: reading.note, body }.encode()
    }

    fn title(&self, language: Language) -> Option<String> {
        Some(language.say("tile-waiting-list"))
    }

    fn subtitle(&self, scene: &Scene<'_>) -> Option<String> {
        Some(self.waiting.subtitle(scene))
    }

    fn sound(&self) -> Option<&'static str> {
        rule::sound(&self.rules)
    }

    fn selectors(&self) -> Vec<&Selector> {
        vec![&self.waiting.selector]
    }
}

impl State {
    /// Something is shown, so it is not "no data".
    pub(super) fn at_least_counted(self) -> State {
        if matches!(self, State::Late | State::Stale) { self } else { State::Live }
    }
}
