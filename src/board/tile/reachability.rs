//! `reachability`: who came and never got an answer from a human, channel by channel, the worst first.
//!
//! Over the last 48 hours as a rule: whoever came this morning may still get one, and whoever was promised
//! a callback is counted only when a day has passed without it.

use serde::Serialize;

use super::limits::{settled, tone, worse};
use super::measure::{self, Limits, Measure, parse_window};
use super::rule::{self, Called, Look, Mark, Rule, Subject, Whose};
use super::trust::trust;
use super::{Asked, Face, State, Tile, Tone, rows};
use crate::board::figures::Scene;
use crate::board::format;
use crate::board::reader::Section;
use crate::kpi;
use crate::kpi::value::{Better, Figure, Unit, Value};
use crate::language::Language;
use crate::scope::{Selector, Window};

/// More rows cannot be read.
const ROWS_LIMIT: usize = 24;
/// What rules look at, of each channel: which part of the contacts was never answered, and how many.
const SHARE: Subject = Subject::new("share", Unit::Ratio);
const NEVER: Subject = Subject::new("never", Unit::Count);

struct Reachability {
    never: Measure,
    /// What its numbers are of, whichever channel.
    selector: Selector,
    rows_max: usize,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
struct Body {
    /// Of all channels together.
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<Total>,
    rows: Vec<Row>,
    more: usize,
    empty: String,
    #[serde(flatten)]
    called: Called,
}

#[derive(Serialize)]
struct Total {
    text: String,
    /// "of 1,204 never got an answer · 2.8%".
    words: String,
}

#[derive(Serialize)]
struct Row {
    name: String,
    text: String,
    /// "3% of 402".
    detail: String,
    tone: Tone,
    /// Of the longest.
    share: f64,
    #[serde(flatten)]
    raised: Mark,
    #[serde(skip)]
    never: i64,
    #[serde(skip)]
    contacts: i64,
}

impl Row {
    fn rate(&self) -> f64 {
        // Counts of contacts are far below 2^53.
        self.never as f64 / self.contacts.max(1) as f64
    }
}

pub(super) const EXAMPLE: &str = r#"window = "48h"
[[tile.rule]]
of = "share"
when = "> 10%"
tone = "bad""#;

pub(super) fn parse(section: &Section<'_>) -> Option<Box<dyn Tile>> {
    if section.has("channel") {
        section.problem("a `reachability` tile has a row for each channel: no `channel`");
    }
    let queue = section.text("queue").map(|at| at.value.to_owned());
    let public = section.truth("public").map(|at| at.value);
    let window = parse_window(section).unwrap_or(Window::Hours48);
    let min_volume = section.whole("min_volume").map(|at| at.value);
    let rows_max = rows::max(section, ROWS_LIMIT);
    let [warn, bad] = ["warn", "bad"].map(|key| {
        let at = section.number(key)?;
        if !(0.0..=1.0).contains(&at.value) {
            section.problem_at(at.offset, "a share is between 0 and 1 (0.8 is 80%)");
        }
        Some(at.value)
    });
    if warn.zip(bad).is_some_and(|(warn, bad)| bad < warn) {
        section.problem("`bad` must be above `warn` (a share of the contacts)");
    }
    let selector = Selector { queue, public, ..Selector::default() };
    let never = Measure::plain(kpi::find("never_answered")?, selector.clone(), Some(window));
    let never = Measure { limits: Limits { warn, bad }, min_volume, ..never };
    let selector = Selector { channel: Some(String::new()), ..selector };
    let rules = rule::parse_of(section, &[SHARE, NEVER]);
    Some(Box::new(Reachability { never, selector, rows_max, rules }))
}

impl Reachability {
    /// None of a channel in which nobody came.
    fn row(&self, channel: &str, scene: &Scene<'_>) -> Option<Row> {
        let mut measure = self.never.clone();
        measure.selector.channel = Some(channel.to_owned());
        let [contacts, never] = counts(&measure.value(scene))?;
        let mut row = Row {
            name: scene.site.channel_title(channel).to_owned(),
            text: format::count(never as f64, scene.language),
            detail: String::new(),
            tone: Tone::Plain,
            share: 0.0,
            raised: Mark::default(),
            never,
            contacts,
        };
        row.detail = part(&row, scene.language);
        row.tone = self.tone(&row, &measure.selector, scene);
        (contacts > 0).then_some(row)
    }

    fn enough(&self, scene: &Scene<'_>) -> i64 {
        self.never.min_volume.unwrap_or(i64::from(scene.site.min_volume))
    }

    /// Asks the rules about a channel; about its share not of few contacts.
    fn call(&self, row: &mut Row, rules: &[Rule], called: &mut Called, scene: &Scene<'_>) {
        // Counts of contacts are far below 2^53.
        let values = [(SHARE, row.rate()), (NEVER, row.never as f64)];
        for (subject, number) in values {
            if subject.name == SHARE.name && row.contacts < self.enough(scene) {
                continue;
            }
            let whose = Whose::Nobody;
            let look = Look { subject, number, whose, row: row.name.as_str(), min_volume: 0 };
            let raised = rule::raised(rules, &look, scene);
            let of = (row.name.as_str(), row.name.as_str());
            let mark = called.raise(of, raised, (subject.unit, Better::Lower), scene);
            row.raised = row.raised.or_graver(mark);
        }
        row.tone = row.raised.over(row.tone);
    }

    /// By the share, where the file says from which on, and not of few contacts.
    fn tone(&self, row: &Row, selector: &Selector, scene: &Scene<'_>) -> Tone {
        if row.contacts < self.enough(scene) {
            return Tone::Plain;
        }
        let of = |rate| tone(Better::Lower, rate, None, self.never.limits);
        let numbers = (row.rate(), worse(row.rate(), Unit::Ratio, Better::Lower));
        settled(scene, ("reachability", selector, self.never.window.id()), numbers, of)
    }
}

/// Contacts, and those of them that were never answered.
fn counts(value: &Value) -> Option<[i64; 2]> {
    let Figure::Number(_) = value.figure else { return None };
    Some([measure::count(value, "contacts")?, measure::count(value, "never_answered")?])
}

/// "3% of 402".
fn part(row: &Row, language: Language) -> String {
    let rate = format::figure_in_line(row.rate(), Unit::Ratio, language);
    language.of(&rate, &format::count(row.contacts as f64, language))
}

impl Tile for Reachability {
    fn render(&self, scene: &Scene<'_>) -> String {
        let language = scene.language;
        let all = self.never.value(scene);
        let (trusted, note) = trust([&all.coverage], scene);
        let channels = scene.figures.channels();
        let mut rows: Vec<Row> =
            channels.iter().filter_map(|channel| self.row(channel, scene)).collect();
        let mut called = Called::default();
        let rules = rule::unless_old(&self.rules, trusted);
        for row in &mut rows {
            self.call(row, rules, &mut called, scene);
        }
        rows.sort_by(|a, b| {
            (b.tone.max(Tone::Good).cmp(&a.tone.max(Tone::Good)))
                .then_with(|| b.never.cmp(&a.never))
                .then_with(|| b.rate().total_cmp(&a.rate()))
                .then_with(|| b.contacts.cmp(&a.contacts))
                .then_with(|| a.name.cmp(&b.name))
        });
        let most = rows.iter().map(|row| row.never).max().unwrap_or_default();
        for row in &mut rows {
            // To the thousandth: less cannot be seen, and would change the tile.
            let share = if most > 0 { row.never as f64 / most as f64 } else { 0.0 };
            row.share = (share * 1000.0).round() / 1000.0;
        }
        let more = rows.len().saturating_sub(self.rows_max);
        rows.truncate(self.rows_max);
        let state = if rows.is_empty() { State::NoData } else { trusted };
        let tone = rows.iter().map(|row| row.tone).max().unwrap_or(Tone::Plain);
        let tone = if tone == Tone::Good { Tone::Plain } else { tone };
        let total = counts(&all).filter(|[contacts, _]| *contacts > 0).map(|[contacts, never]| {
            let contacts = format::count(contacts as f64, language);
            let words = language.never_answered_of(&contacts);
            Total { text: format::count(never as f64, language), words }
        });
        let empty = language.say("reachability-none");
        Face { state, tone, note, body: Body { total, rows, more, empty, called } }.encode()
    }

    fn title(&self, language: Language) -> Option<String> {
        Some(language.kpi_title("never_answered"))
    }

    fn subtitle(&self, scene: &Scene<'_>) -> Option<String> {
        Some(self.never.subtitle(scene))
    }

    fn sound(&self) -> Option<&'static str> {
        rule::sound(&self.rules)
    }

    fn selectors(&self) -> Vec<&Selector> {
        vec![&self.never.selector, &self.selector]
    }

    fn kpi(&self) -> Option<&'static str> {
        Some("never_answered")
    }

    fn asked(&self) -> Vec<Asked> {
        vec![Asked::by(&self.never)]
    }

    fn rows(&self) -> Option<&'static str> {
        Some("channel")
    }
}
