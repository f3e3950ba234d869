//! `promises_at_risk`: the promises that break next, counting down, and apart from them how many
//! are missed already.

use std::collections::BTreeMap;

use serde::Serialize;

use super::measure::Measure;
use super::{Face, Tile, Tone, calm, rows};
use crate::board::figures::Scene;
use crate::board::lists::{Breaking, Missed};
use crate::board::reader::Section;
use crate::kpi;
use crate::language::Language;
use crate::scope::Selector;

/// More rows cannot be read.
const ROWS_LIMIT: usize = 24;
/// Of what is missed already, the policies and queues with the most.
const MISSED_ROWS_MAX: usize = 3;

struct PromisesAtRisk {
    /// How many are at risk: its state is the list's.
    at_risk: Measure,
    rows_max: usize,
}

#[derive(Serialize)]
struct Body {
    heads: [String; 3],
    rows: Vec<Row>,
    missed_title: String,
    missed: Vec<MissedRow>,
    missed_count: u32,
    empty: String,
}

#[derive(Serialize)]
struct Row {
    policy: String,
    queue: String,
    count: u32,
    due: String,
    tone: Tone,
}

#[derive(Serialize)]
struct MissedRow {
    policy: String,
    queue: String,
    count: u32,
}

pub(super) const EXAMPLE: &str = r#"queue = "sales""#;

pub(super) fn parse(section: &Section<'_>) -> Option<Box<dyn Tile>> {
    let name = |key| section.text(key).map(|at| at.value.to_owned());
    let selector = Selector {
        channel: name("channel"),
        queue: name("queue"),
        policy: name("policy"),
        ..Selector::default()
    };
    let rows_max = rows::max(section, ROWS_LIMIT);
    let at_risk = Measure::plain(kpi::find("sla_at_risk")?, selector, None);
    Some(Box::new(PromisesAtRisk { at_risk, rows_max }))
}

fn policy_title(policy: &str, scene: &Scene<'_>) -> String {
    let known = scene.site.policies.get(policy);
    known.map_or_else(|| policy.to_owned(), |facts| facts.title.clone())
}

fn row(promise: Breaking, scene: &Scene<'_>) -> Row {
    let (due, tone) = calm::countdown(&promise.deadline, scene.now_ms, scene.language);
    Row {
        policy: policy_title(&promise.policy, scene),
        queue: scene.site.queue_in_words(&promise.queue, scene.language),
        count: promise.count,
        due,
        tone,
    }
}

/// By policy and queue, the most first.
fn missed_rows(missed: Vec<Missed>, scene: &Scene<'_>) -> Vec<MissedRow> {
    let mut sums: BTreeMap<(String, String), u32> = BTreeMap::new();
    for Missed { policy, queue, count } in missed {
        *sums.entry((policy, queue)).or_default() += count;
    }
    let rows = sums.into_iter().map(|((policy, queue), count)| MissedRow {
        policy: policy_title(&policy, scene),
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
        let missed_count = missed.iter().map(|it| it.count).sum();
        let rows: Vec<Row> = breaking.map(|promise| row(promise, scene)).collect();
        let worst = rows.iter().map(|row| row.tone).max().unwrap_or(Tone::Plain);
        let tone = if missed_count > 0 { Tone::Bad } else { worst };
        let is_known = missed_count > 0 || !rows.is_empty();
        let state = if is_known { reading.state.at_least_counted() } else { reading.state };
        let body = Body {
            heads: ["list-policy", "list-queue", "list-due"].map(|word| language.say(word)),
            rows,
            missed_title: language.say("list-already-missed"),
            missed: missed_rows(missed, scene),
            missed_count,
            empty: language.say("list-nothing-at-risk"),
        };
        Face { state, tone, note: reading.note, body }.encode()
    }

    fn title(&self, language: Language) -> Option<String> {
        Some(language.say("tile-promises-at-risk"))
    }

    fn subtitle(&self, scene: &Scene<'_>) -> Option<String> {
        Some(self.at_risk.subtitle(scene))
    }

    fn selectors(&self) -> Vec<&Selector> {
        vec![&self.at_risk.selector]
    }
}
