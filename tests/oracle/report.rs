//! All differences of a run, grouped by KPI: one clear line each, and the smallest scenario.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use tablica::scope::Window;

use super::compare::{Comparison, Difference};
use super::draw::Scenario;
use super::pen::line;
use super::smallest::{by_question, smallest};
use super::world::TUESDAY;

/// Differences of one KPI, by how contacts were selected.
#[derive(Default)]
struct Group {
    count: usize,
    /// The smallest scenario so far in which it came up.
    example: Option<(Scenario, Difference)>,
}

/// Groups of one KPI of which an example is told.
const EXAMPLES_MAX: usize = 3;
/// After so long no smaller scenario is looked for any more: one that differs is told as it is.
const SEARCH: Duration = Duration::from_secs(60);

#[derive(Default)]
pub(super) struct Report {
    /// Which the days were drawn with.
    seed: u64,
    /// By KPI, then by the keys of the selector.
    groups: BTreeMap<&'static str, BTreeMap<String, Group>>,
    compared: usize,
    left_out: BTreeMap<String, usize>,
    /// Receipts of another span than their window's: the first of each window.
    spans: BTreeMap<Window, String>,
    scenarios: usize,
}

impl Report {
    pub(super) fn of(seed: u64) -> Self {
        Report { seed, ..Report::default() }
    }

    pub(super) fn add(&mut self, scenario: &Scenario, difference: Difference) {
        let by_keys = self.groups.entry(difference.question.kpi.id).or_default();
        let group = by_keys.entry(difference.question.keys()).or_default();
        group.count += 1;
        let events = scenario.events.len();
        if group.example.as_ref().is_none_or(|(other, _)| events < other.events.len()) {
            group.example = Some((scenario.clone(), difference));
        }
    }

    /// A scenario is done.
    pub(super) fn count(&mut self, comparison: &Comparison<'_>) {
        self.scenarios += 1;
        self.compared += comparison.compared;
        for (window, words) in &comparison.spans {
            self.spans.entry(*window).or_insert_with(|| words.clone());
        }
        for (name, count) in &comparison.left_out {
            *self.left_out.entry(name.clone()).or_insert(0) += count;
        }
    }

    /// Fails with everything that was found.
    pub(super) fn assert_empty(self) {
        let mut text = format!(
            "seed {}: {} answers were compared on {} days; undecided:\n",
            self.seed, self.compared, self.scenarios
        );
        for (name, count) in &self.left_out {
            let _ = writeln!(text, "  {count:>7}  {name}");
        }
        println!("{text}");
        let began = Instant::now();
        for words in self.spans.values() {
            let _ = writeln!(text, "\n== receipts of {words}");
        }
        for (kpi, by_keys) in &self.groups {
            let count: usize = by_keys.values().map(|group| group.count).sum();
            let _ = writeln!(text, "\n== {kpi}: {count} answers differ");
            let mut groups: Vec<_> = by_keys.iter().collect();
            groups.sort_by_key(|(keys, _)| (keys.matches('+').count(), keys.len()));
            let mut shown: Vec<Scenario> = Vec::new();
            for (index, (keys, group)) in groups.into_iter().enumerate() {
                let keys = if keys.is_empty() { "everything" } else { keys };
                let _ = writeln!(text, "  by {keys}: {} differ", group.count);
                let Some(example) = group.example.as_ref().filter(|_| index < EXAMPLES_MAX) else {
                    continue;
                };
                if began.elapsed() > SEARCH {
                    let _ = writeln!(text, "    {}", said(&example.1));
                    continue;
                }
                let (scenario, difference) = smaller(example);
                if shown.iter().any(|other| other.events == scenario.events) {
                    let _ = writeln!(
                        text,
                        "    the same scenario shows {}",
                        difference.question.words()
                    );
                } else {
                    text.push_str(&tell(&scenario, &difference));
                    shown.push(scenario);
                }
            }
        }
        assert!(self.groups.is_empty() && self.spans.is_empty(), "{text}");
    }
}

/// As small as the example gets.
fn smaller((scenario, difference): &(Scenario, Difference)) -> (Scenario, Difference) {
    let found = smallest(scenario, by_question(&difference.question));
    found.unwrap_or((scenario.clone(), difference.clone()))
}

fn said(difference: &Difference) -> String {
    let Difference { question, expected, got } = difference;
    format!("{}: expected {expected}, got {got}", question.words())
}

/// One line, and the events.
pub(super) fn tell(scenario: &Scenario, difference: &Difference) -> String {
    let mut text = format!("    {}\n", said(difference));
    for event in &scenario.events {
        let _ = writeln!(text, "        {}", line(event, TUESDAY));
    }
    let hours = (scenario.now_ms - TUESDAY) as f64 / 3_600_000.0;
    let world = scenario.world;
    let _ = writeln!(
        text,
        "        asked at {hours:.3} h of Tuesday UTC; {}, days from {}:00",
        world.zone, world.day_start_hour
    );
    text
}
