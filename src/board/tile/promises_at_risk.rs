//! `promises_at_risk`: the promises that break next, counting down, and apart from them how many
//! are missed already.

use std::collections::BTreeMap;

use serde::Serialize;

use super::measure::Measure;
use super::rule::{self, Called, Look, Mark, Rule, Subject, Whose};
use super::{Face, Tile, Tone, calm, rows};
use crate::board::figures::Scene;
use crate::board::lists::{Breaking, Missed};
use crate::board::reader::Section;
use crate::kpi;
use crate::kpi::value::{Better, Unit};
use crate::language::Language;
use crate::scope::Selector;

/// More rows cannot be read.
const ROWS_LIMIT: usize = 24;
/// Of what is missed already, the policies and queues with the most.
const MISSED_ROWS_MAX: usize = 3;
/// What rules look at: how long each promise can still be kept, and how many are missed already.
const LEFT: Subject = Subject { is_promised: true, ..Subject::new("left", Unit::Seconds) };
const MISSED: Subject = Subject::new("missed", Unit::Count);

struct PromisesAtRisk {
    /// How many are at risk: its state is the list's.
    at_risk: Measure,
    rows_max: usize,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
struct Body {
    heads: [String; 3],
    rows: Vec<Row>,
    missed_title: String,
    missed: Vec<MissedRow>,
    missed_count: u32,
    empty: String,
    #[serde(flatten)]
    called: Called,
}

#[derive(Serialize)]
struct Row {
    policy: String,
    queue: String,
    count: u32,
    due: String,
    tone: Tone,
    #[serde(flatten)]
    raised: Mark,
}

#[derive(Serialize)]
struct MissedRow {
    policy: String,
    queue: String,
    count: u32,
}

pub(super) const EXAMPLE: &str = r#"queue = "sales"
[[tile.rule]]
of = "left"
when = "< 5m"
tone = "bad""#;

pub(super) fn parse(section: &Section<'_>) -> Option<Box<dyn Tile>> {
    let name = |key| section.text(key).map(|at| at.value.to_owned());
    let selector = Selector {
        channel: name("channel"),
        queue: name("queue"),
        policy: name("policy"),
        ..Selector::default()
    };
    let rows_max = rows::max(section, ROWS_LIMIT);
    let rules = rule::parse_of(section, &[LEFT, MISSED]);
    let at_risk = Measure::plain(kpi::find("sla_at_risk")?, selector, None);
    Some(Box::new(PromisesAtRisk { at_risk, rows_max, rules }))
}

fn row(promise: Breaking, scene: &Scene<'_>) -> Row {
    let (due, tone) = calm::countdown(&promise.deadline, scene.now_ms, scene.language);
    Row {
        policy: scene.site.policy_title(&promise.policy).to_owned(),
        queue: scene.site.queue_in_words(&promise.queue, scene.language),
        count: promise.count,
        due,
        tone,
        raised: Mark::default(),
    }
}

fn row_called(promise: Breaking, rules: &[Rule], called: &mut Called, scene: &Scene<'_>) -> Row {
    // What only shrinks does not flicker: nothing is remembered of it.
    let calm = Scene { held: None, ..*scene };
    let left_ms = calm::left_ms(&promise.deadline, scene.now_ms);
    let whose = Whose::Queue(&promise.queue);
    // Far below 2^53.
    let number = left_ms as f64 / 1000.0;
    let look = Look { subject: LEFT, number, whose, row: (), min_volume: 0 };
    let of = format!("{} · {}", promise.policy, promise.deadline.due_ms);
    let raised = match promise.deadline.is_paused {
        true => None,
        false => rule::raised(rules, &look, &calm),
    };
    let mut row = row(promise, scene);
    row.raised = called.raise((&of, &row.policy), raised, (LEFT.unit, Better::Higher), scene);
    row.tone = row.raised.over(row.tone);
    row
}

fn call_missed(count: u32, rules: &[Rule], called: &mut Called, scene: &Scene<'_>) {
    let number = f64::from(count);
    let look = Look { subject: MISSED, number, whose: Whose::Nobody, row: (), min_volume: 0 };
    let raised = rule::raised(rules, &look, scene);
    called.raise((MISSED.name, ""), raised, (MISSED.unit, Better::Lower), scene);
}

/// By policy and queue, the most first.
fn missed_rows(missed: Vec<Missed>, scene: &Scene<'_>) -> Vec<MissedRow> {
    let mut sums: BTreeMap<(String, String), u32> = BTreeMap::new();
    for Missed { policy, queue, count } in missed {
        *sums.entry((policy, queue)).or_default() += count;
    }
    let rows = sums.into_iter().map(|((policy, queue), count)| MissedRow {
        policy: scene.site.policy_title(&policy).to_owned(),
        queue: scene.site.queue_in_words(&queue, scene.language),
        count,
    });
    let mut rows: Vec<MissedRow> = rows.collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.count));
    rows.truncate(MISSED_ROWS_MAX);
    rows
}

impl Tile for PromisesAtRisk {
    fn render(&self, scene: &Scene<'_>) -> String {
        let (selector, language) = (&self.at_risk.selector, scene.language);
        let reading = self.at_risk.read(scene);
        let breaking = scene.figures.breaking(selector, self.rows_max).into_iter();
        let missed = scene.figures.missed(selector);
        let missed_count: u32 = missed.iter().map(|it| it.count).sum();
        let mut called = Called::default();
        let rules = rule::unless_old(&self.rules, reading.state);
        let rows = breaking.map(|promise| row_called(promise, rules, &mut called, scene));
        let rows: Vec<Row> = rows.collect();
        call_missed(missed_count, rules, &mut called, scene);
        let worst = rows.iter().map(|row| row.tone).max().unwrap_or(Tone::Plain);
        let tone = if missed_count > 0 { Tone::Bad } else { worst.max(called.tone()) };
        let is_known = missed_count > 0 || !rows.is_empty();
        let state = if is_known { reading.state.at_least_counted() } else { reading.state };
        let body = Body {
            heads: ["list-policy", "list-queue", "list-due"].map(|word| language.say(word)),
            rows,
            missed_title: language.say("list-already-missed"),
            missed: missed_rows(missed, scene),
            missed_count,
            empty: language.say("list-nothing-at-risk"),
            called,
        };
        Face { state, tone, note: reading.note, body }.encode()
    }

    fn title(&self, language: Language) -> Option<String> {
        Some(language.say("tile-promises-at-risk"))
    }

    fn subtitle(&self, scene: &Scene<'_>) -> Option<String> {
        Some(self.at_risk.subtitle(scene))
    }

    fn sound(&self) -> Option<&'static str> {
        rule::sound(&self.rules)
    }

    fn selectors(&self) -> Vec<&Selector> {
        vec![&self.at_risk.selector]
    }
}
