//! Reports that prove how it went: a day or a week, from the same figures as the wall.
//!
//! Made of what the engine holds of past quarters of an hour (from the roll-ups, where a command
//! makes the report); every figure is computed by the KPI of its name. Knows no file and no
//! clock. `html`, `csv`, JSON and the `letter` that goes by mail show the same [`Report`].

mod chart;
mod csv;
mod format;
mod html;
mod letter;
mod parts;
mod span;

#[cfg(test)]
mod tests;

use std::time::Duration;

use serde::Serialize;

pub use format::Format;
pub use letter::{Around, Letter, weekday};
pub use span::{Kind, Span};

use crate::board::annotations::Annotation;
use crate::board::figures::Site;
use crate::config::model::{ReportOf, ShowAgents};
use crate::engine::{Engine, Field};
use crate::event::{Millis, UnixMs};
use crate::kpi::value::Figure;
use crate::kpi::{self, Kpi, text};
use crate::scope::Selector;

/// What stands at the head of a report.
const HEADLINE: [&str; 14] = [
    "volume",
    "service_level",
    "answer_rate",
    "never_answered",
    "abandon_rate_net",
    "asa",
    "frt_median",
    "frt_p90",
    "aht",
    "csat",
    "nps",
    "fcr",
    "complaints",
    "cost",
];
/// How a day or a week went.
#[derive(Debug, PartialEq, Serialize)]
pub struct Report {
    /// Whose contacts it is about, where not all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<Selector>,
    /// The contact center.
    pub site: String,
    /// Day or week.
    pub kind: Kind,
    /// "2026-03-02", or "2026-03-02 to 2026-03-08".
    pub dates: String,
    /// Its first moment.
    pub from_ms: UnixMs,
    /// The first moment after it.
    pub to_ms: UnixMs,
    /// From when on nothing that is still open can change it.
    pub final_at_ms: UnixMs,
    /// "Tue 2026-03-03 08:00".
    pub final_at: String,
    /// It was made before that.
    pub is_provisional: bool,
    /// The site's zone.
    pub time_zone: String,
    /// The numbers that matter most, and what they were the span before.
    pub headline: Vec<Line>,
    /// What was promised, and kept.
    pub policies: Vec<Kept>,
    /// What amounts of money are in.
    pub currency: String,
    /// How agents are named.
    pub agents: ShowAgents,
    /// By channel, queue, agent and topic.
    pub tables: Vec<Table>,
    /// Every third hour of the day on its clock, from its beginning on.
    pub hours: Vec<String>,
    /// Contacts by step, oldest first.
    pub course: Course,
    /// The busiest quarters of an hour.
    pub peaks: Vec<Peak>,
    /// Those with the lowest service level.
    pub worst: Vec<Worst>,
    /// Campaigns, releases, outages, with the volume before, during and after.
    pub annotations: Vec<Noted>,
}

/// A figure as a number and as it is written.
#[derive(Debug, PartialEq, Serialize)]
pub struct Cell {
    /// `null` where there is none.
    pub value: Option<f64>,
    /// "81.90 %", "no data", "–" where it makes no sense.
    pub display: String,
    /// What `value` and `display` are made of.
    #[serde(skip)]
    pub figure: Figure,
    /// Of how many ratings it is, where it is of ratings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratings: Option<i64>,
}

/// One KPI of all contacts.
#[derive(Debug, PartialEq, Serialize)]
pub struct Line {
    /// Its id.
    pub kpi: &'static str,
    /// Its title.
    pub title: &'static str,
    /// In this report's span.
    pub now: Cell,
    /// In the span before; absent when nothing is known of it.
    pub before: Option<Cell>,
    /// How it was made, in a sentence.
    pub sentence: String,
}

/// What became of a policy.
#[derive(Debug, PartialEq, Serialize)]
pub struct Kept {
    /// Its name in the config.
    pub policy: String,
    /// What it is called.
    pub title: String,
    /// The share that was promised.
    pub goal: f64,
    /// The share that was kept.
    pub met: Cell,
    /// Whether the promise was kept; unknown without a case.
    pub kept: Option<bool>,
    /// How it was made, in a sentence.
    pub sentence: String,
}

/// Some KPIs by one thing.
#[derive(Debug, PartialEq, Serialize)]
pub struct Table {
    /// What the rows are: "Channel".
    pub of: &'static str,
    /// Titles of the columns.
    pub columns: Vec<&'static str>,
    /// Ids of the columns.
    pub kpis: Vec<&'static str>,
    /// All of them, the busiest first.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Debug, PartialEq, Serialize)]
pub struct Row {
    /// Title or alias.
    pub name: String,
    /// What the API counts the same by; absent for an agent whose name is not shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selector: Option<Selector>,
    /// One for each column.
    pub cells: Vec<Cell>,
}

/// Contacts along the time.
#[derive(Debug, PartialEq, Serialize)]
pub struct Course {
    /// Length of a step in quarters of an hour.
    pub quarters: usize,
    /// One for each step.
    pub contacts: Vec<f64>,
}

/// A busy quarter of an hour.
#[derive(Debug, PartialEq, Serialize)]
pub struct Peak {
    /// When it began.
    pub at_ms: UnixMs,
    /// "Mon 09:15–09:30".
    pub when: String,
    /// Contacts that came in.
    pub contacts: f64,
    /// What may explain it.
    pub annotations: Vec<String>,
}

/// A quarter of an hour in which promises were broken.
#[derive(Debug, PartialEq, Serialize)]
pub struct Worst {
    /// When it began.
    pub at_ms: UnixMs,
    /// "Mon 09:15–09:30".
    pub when: String,
    /// Its service level.
    pub service_level: Cell,
    /// Contacts that were served in time, of those that count.
    pub in_time: i64,
    /// See `in_time`.
    pub counted: i64,
    /// How it was made.
    pub sentence: String,
}

/// An annotation and what it did to the volume: contacts per hour.
#[derive(Debug, PartialEq, Serialize)]
pub struct Noted {
    /// The operator's words.
    pub title: String,
    /// "campaign".
    pub kind: &'static str,
    /// When it began.
    #[serde(skip)]
    pub from_ms: UnixMs,
    /// "Mon 09:00".
    pub from: String,
    /// In as long a span before it, while it lasted, and in as long a span after it: in what of
    /// these has passed and is known.
    pub before: Option<f64>,
    /// See `before`.
    pub during: Option<f64>,
    /// See `before`.
    pub after: Option<f64>,
}

impl Report {
    /// The report of a span, about all contacts.
    pub fn of(engine: &Engine, site: &Site, annotations: &[Annotation], span: &Span) -> Report {
        Report::about(engine, site, annotations, span, &ReportOf::default())
    }

    /// The report of a span, about the contacts of one queue or channel, or some policies.
    pub fn about(
        engine: &Engine,
        site: &Site,
        annotations: &[Annotation],
        span: &Span,
        of: &ReportOf,
    ) -> Report {
        let rules = engine.rules();
        let quarters = span.quarters();
        let all = Selector {
            queue: of.queue.clone(),
            channel: of.channel.clone(),
            ..Selector::default()
        };
        let known_since_ms = engine.known_since_ms(&Selector::default());
        let earlier = span.earlier(rules).map(|span| span.quarters());
        let earlier = earlier.filter(|it| known_since_ms.is_some_and(|since| since < it.to_ms()));
        let headline = known(&HEADLINE).map(|kpi| {
            let when = span.kind.when();
            let past = kpi::past(kpi, engine, &all, quarters, when);
            let before = earlier.map(|quarters| kpi::past(kpi, engine, &all, quarters, when));
            Line {
                kpi: kpi.id,
                title: kpi.title,
                now: cell(&past, kpi),
                before: before.map(|before| cell(&before, kpi)),
                sentence: past.sentence,
            }
        });
        let held = annotations
            .iter()
            .filter(|one| one.from_ms < span.to_ms && one.end_ms() >= span.from_ms)
            .filter(|one| one.explains_numbers() && concerns(one, of));
        let held: Vec<&Annotation> = held.collect();
        let asked = parts::Asked { engine, site, quarters, all: &all, of };
        let final_at_ms = final_at_ms(engine, span);
        Report {
            of: (all != Selector::default()).then(|| all.clone()),
            site: site.name.clone(),
            kind: span.kind,
            dates: span.dates(),
            from_ms: span.from_ms,
            to_ms: span.to_ms,
            final_at_ms,
            final_at: span::minute(final_at_ms, &rules.time_zone),
            is_provisional: engine.now_ms() < final_at_ms,
            time_zone: rules.time_zone.iana_name().unwrap_or("fixed offset").to_owned(),
            headline: headline.filter(|line| line.now.display != NOTHING).collect(),
            policies: parts::policies(&asked, span.kind.when()),
            currency: rules.currency.clone(),
            agents: site.agents.show,
            tables: parts::tables(&asked),
            hours: (0..8)
                .map(|part| span::clock(span.from_ms + part * 3 * 3_600_000, &rules.time_zone))
                .collect(),
            course: parts::course(&asked, span.kind),
            peaks: parts::peaks(&asked, &held),
            worst: parts::worst(&asked),
            annotations: held.iter().map(|one| parts::noted(engine, one)).collect(),
        }
    }

    /// For people, on paper or screen.
    pub fn to_html(&self) -> String {
        html::page(self)
    }

    /// For spreadsheets: one line for each figure.
    pub fn to_csv(&self) -> String {
        csv::lines(self)
    }
}

/// From when on nothing that is still open can change a span: what has no other end is over when it
/// has been silent for long enough, and whoever was promised a callback is called back by then, or
/// never.
pub fn final_at_ms(engine: &Engine, span: &Span) -> UnixMs {
    let contacts = &engine.rules().contacts;
    let cells = engine.select(&Selector::default());
    let callbacks =
        cells.iter().map(|cell| cell.quarters(span.quarters()).get(Field::FlowCallback));
    let promised =
        if callbacks.sum::<i64>() > 0 { contacts.callback_within } else { Duration::ZERO };
    let after_ms = contacts.idle_gap.max(promised).as_millis();
    span.to_ms.saturating_add(Millis::try_from(after_ms).unwrap_or(Millis::MAX))
}

/// What is noted for all queues and channels concerns each of them.
fn concerns(one: &Annotation, of: &ReportOf) -> bool {
    let fits = |own: &Option<String>, asked: &Option<String>| {
        own.is_none() || asked.is_none() || own == asked
    };
    fits(&one.queue, &of.queue) && fits(&one.channel, &of.channel)
}

/// What is written where a figure makes no sense.
const NOTHING: &str = "–";

fn cell(past: &kpi::Past, kpi: &Kpi) -> Cell {
    let display = match past.figure {
        Figure::NotApplicable => NOTHING.to_owned(),
        figure => text::figure(figure, kpi.unit),
    };
    let value = if let Figure::Number(number) = past.figure { Some(number) } else { None };
    let ratings = past.count("ratings_to_ten").or(past.count("ratings"));
    let figure = past.figure;
    Cell { value, display, figure, ratings: ratings.filter(|_| value.is_some()) }
}

/// Those KPIs that there are.
fn known<'a>(ids: &'a [&str]) -> impl Iterator<Item = &'static Kpi> + 'a {
    ids.iter().filter_map(|id| kpi::find(id))
}
