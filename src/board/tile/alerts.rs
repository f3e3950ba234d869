//! `alerts`: the alerts that hold, what somebody has to see to now before what can wait until later
//! today. The same alerts that receivers are told of, in the words of the floor.

use std::cmp::Reverse;

use serde::Serialize;

use super::rule::{self, Called, Look, Mark, Rule, Subject, Whose};
use super::{Face, State, Tile, Tone, calm, rows};
use crate::board::figures::Scene;
use crate::board::house::{Alert, Alerts};
use crate::board::length;
use crate::board::reader::Section;
use crate::config::model::{Audience, Severity};
use crate::event::{Millis, UnixMs};
use crate::kpi::value::Unit;
use crate::language::Language;

/// More rows cannot be read.
const ROWS_LIMIT: usize = 24;
/// Alerts are looked at each minute at least (`alerts.look_every`). Of what was seen three times as
/// long ago nobody knows whether it still holds.
const OLD_AFTER_MS: Millis = 180_000;
/// What rules look at, in each row: how long an alert has held that is to be seen to now, or today.
const PAGE: Subject = Subject::new("page", Unit::Seconds);
const TICKET: Subject = Subject::new("ticket", Unit::Seconds);
/// What tells of where an alert is, the most telling first.
const LABELS: [&str; 8] =
    ["queue", "policy", "channel", "screen", "board", "report", "file", "limit"];

struct AlertsTile {
    about: Audience,
    pages_only: bool,
    rows_max: usize,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
struct Body {
    heads: [String; 3],
    rows: Vec<Row>,
    more: usize,
    /// What is said where there is no row.
    empty: String,
    #[serde(flatten)]
    called: Called,
}

#[derive(Serialize)]
struct Row {
    title: String,
    of: String,
    /// "18 min", or that it is silenced.
    lasts: String,
    tone: Tone,
    #[serde(flatten)]
    raised: Mark,
}

pub(super) const EXAMPLE: &str = r#"about = "floor"
pages_only = true
[[tile.rule]]
of = "page"
when = ">= 1m"
tone = "bad""#;

pub(super) fn parse(section: &Section<'_>) -> Option<Box<dyn Tile>> {
    let about = section.one_of("about", &Audience::ALL.map(Audience::word), Audience::from_word);
    Some(Box::new(AlertsTile {
        about: about.unwrap_or(Audience::All),
        pages_only: section.truth("pages_only").is_some_and(|at| at.value),
        rows_max: rows::max(section, ROWS_LIMIT),
        rules: rule::parse_of(section, &[PAGE, TICKET]),
    }))
}

/// The alert in the wall's words.
fn title(alert: &Alert, language: Language) -> String {
    language.say(&format!("alert-{}", alert.name))
}

/// Which queue, channel or screen it is.
fn whose(alert: &Alert, scene: &Scene<'_>) -> String {
    let named = |label: &&str| {
        let name = alert.of.get(*label)?;
        Some(match *label {
            "queue" => scene.site.queue_in_words(name, scene.language),
            "policy" => scene.site.policy_title(name).to_owned(),
            "channel" => scene.site.channel_title(name).to_owned(),
            _ => name.clone(),
        })
    };
    LABELS.iter().filter_map(named).collect::<Vec<_>>().join(" · ")
}

/// How much an alert asks for action.
fn tone(alert: &Alert) -> Tone {
    match alert.severity {
        _ if alert.is_silenced => Tone::Plain,
        Severity::Page => Tone::Bad,
        Severity::Ticket => Tone::Warn,
    }
}

/// How long it has held, as lists tell it.
fn lasts_ms(alert: &Alert, scene: &Scene<'_>) -> Millis {
    (calm::step(scene.now_ms) - calm::step(alert.since_ms)).max(0)
}

fn lasts(alert: &Alert, scene: &Scene<'_>) -> String {
    match alert.is_silenced {
        true => scene.language.say("alerts-silenced"),
        false => length::in_list(lasts_ms(alert, scene), scene.language),
    }
}

impl AlertsTile {
    fn is_shown(&self, alert: &Alert) -> bool {
        self.about.hears_of(alert.about) && !(self.pages_only && alert.severity == Severity::Ticket)
    }
}

fn row(alert: &Alert, rules: &[Rule], called: &mut Called, scene: &Scene<'_>) -> Row {
    let (title, of) = (title(alert, scene.language), whose(alert, scene));
    let raised = match alert.is_silenced {
        // Whoever has silenced it knows of it.
        true => Mark::default(),
        false => call(alert, (&title, &of), rules, called, scene),
    };
    Row { lasts: lasts(alert, scene), title, of, tone: raised.over(tone(alert)), raised }
}

/// Asks the rules about an alert.
fn call(
    alert: &Alert,
    (title, of): (&str, &str),
    rules: &[Rule],
    called: &mut Called,
    scene: &Scene<'_>,
) -> Mark {
    let subject = match alert.severity {
        Severity::Page => PAGE,
        Severity::Ticket => TICKET,
    };
    // What only grows does not flicker: nothing is remembered of it.
    let calm = Scene { held: None, ..*scene };
    // Far below 2^53.
    let number = lasts_ms(alert, scene) as f64 / 1000.0;
    let look = Look { subject, number, whose: Whose::Nobody, row: (), min_volume: 0 };
    let Some(raised) = rule::raised(rules, &look, &calm) else { return Mark::default() };
    let row = format!("{} {:?}", alert.name, alert.of);
    let word = raised.word.unwrap_or_else(|| title.to_owned());
    called.add((&row, of), (raised.tone, Some(word), raised.alarm))
}

/// What is known, whether it is true now, and what is said where nothing holds.
fn known<'a>(scene: &Scene<'a>) -> (&'a [Alert], State, &'static str) {
    match &scene.house.alerts {
        Alerts::Unknown => (&[], State::NoData, "alerts-none"),
        Alerts::Unwatched => (&[], State::NotApplicable, "alerts-unwatched"),
        Alerts::Known { looked_ms, hold } => {
            let is_old = scene.now_ms - looked_ms > OLD_AFTER_MS;
            (hold, if is_old { State::Stale } else { State::Live }, "alerts-none")
        }
    }
}

impl Tile for AlertsTile {
    fn render(&self, scene: &Scene<'_>) -> String {
        let language = scene.language;
        let (alerts, state, empty) = known(scene);
        let mut called = Called::default();
        let shown = alerts.iter().filter(|alert| self.is_shown(alert));
        let rules = rule::unless_old(&self.rules, state);
        let rows = shown.map(|alert| (alert.since_ms, row(alert, rules, &mut called, scene)));
        let mut rows: Vec<(UnixMs, Row)> = rows.collect();
        rows.sort_by_key(|(since_ms, row)| {
            (Reverse(row.raised.tone), Reverse(row.tone), *since_ms)
        });
        let worst = rows.iter().map(|(_, row)| row.tone).max();
        let tone = match worst {
            Some(worst) => worst,
            None if state == State::Live => Tone::Good,
            None => Tone::Plain,
        };
        let more = rows.len().saturating_sub(self.rows_max);
        rows.truncate(self.rows_max);
        let body = Body {
            heads: ["list-alert", "list-alert-of", "list-alert-lasts"]
                .map(|word| language.say(word)),
            rows: rows.into_iter().map(|(_, row)| row).collect(),
            more,
            empty: language.say(empty),
            called,
        };
        Face { state, tone, note: None, body }.encode()
    }

    fn title(&self, language: Language) -> Option<String> {
        Some(language.say("tile-alerts"))
    }

    fn sound(&self) -> Option<&'static str> {
        rule::sound(&self.rules)
    }
}
