//! Reports that prove how it went: a day or a week, from the same figures as the wall.
//!
//! Made of what the engine holds of past quarters of an hour (from the roll-ups, where a command
//! makes the report); every figure is computed by the KPI of its name. Knows no file and no
//! clock. `html`, `csv` and JSON show the same [`Report`].

mod csv;
mod html;
mod span;

#[cfg(test)]
mod tests;

use serde::Serialize;

pub use span::{Kind, Span};

use crate::board::annotations::Annotation;
use crate::board::figures::Site;
use crate::engine::{Engine, Quarters};
use crate::event::UnixMs;
use crate::kpi::value::{Figure, Selector, Unit};
use crate::kpi::{self, Kpi, text};

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
/// What is said of each channel, queue, agent and policy.
const OF_CHANNELS: [&str; 7] =
    ["volume", "service_level", "answer_rate", "asa", "frt_median", "csat", "cost"];
const OF_QUEUES: [&str; 6] =
    ["offered", "service_level", "abandon_rate_net", "asa", "frt_median", "transfers_per_contact"];
const OF_AGENTS: [&str; 5] = ["answered", "aht", "frt_median", "transfers_per_contact", "csat"];
const OF_TOPICS: [&str; 2] = ["topic_contacts", "topic_share"];
/// Rows of a table; the busiest, and a line says how many more there are.
const ROWS_MAX: usize = 12;
/// Busiest and worst quarters of an hour.
const QUARTERS_SHOWN: usize = 5;
/// A quarter of an hour with fewer contacts is no proof of anything.
const COUNTED_MIN: i64 = 3;

/// A day or a week. See the module.
#[derive(Debug, PartialEq, Serialize)]
pub struct Report {
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
    /// The site's zone.
    pub time_zone: String,
    /// The numbers that matter most, and what they were the span before.
    pub headline: Vec<Line>,
    /// What was promised, and kept.
    pub policies: Vec<Kept>,
    /// By channel, queue, agent (by alias) and topic.
    pub tables: Vec<Table>,
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
    /// In the span before.
    pub before: Cell,
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
    /// The busiest first.
    pub rows: Vec<Row>,
    /// Rows that are left out.
    pub more: usize,
}

/// A row of a table.
#[derive(Debug, PartialEq, Serialize)]
pub struct Row {
    /// Title or alias.
    pub name: String,
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
    /// "Mon, 09:15–09:30".
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
    /// "Mon, 09:15–09:30".
    pub when: String,
    /// Its service level.
    pub service_level: Cell,
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
    /// "Mon 09:00".
    pub from: String,
    /// In as long a span before it, while it lasted, and in as long a span after it.
    pub before: f64,
    /// See `before`.
    pub during: f64,
    /// See `before`.
    pub after: f64,
}

impl Report {
    /// The report of a span.
    pub fn of(engine: &Engine, site: &Site, annotations: &[Annotation], span: &Span) -> Report {
        let rules = engine.rules();
        let quarters = span.quarters();
        let earlier = span.earlier(rules).map(|span| span.quarters());
        let all = Selector::default();
        let headline = known(&HEADLINE).map(|kpi| {
            let past = kpi::past(kpi, engine, &all, quarters);
            let before = earlier.map(|quarters| kpi::compute_quarters(kpi, engine, &all, quarters));
            Line {
                kpi: kpi.id,
                title: kpi.title,
                now: cell(past.figure, kpi.unit),
                before: cell(before.unwrap_or(Figure::NoData), kpi.unit),
                sentence: past.sentence,
            }
        });
        let held = annotations
            .iter()
            .filter(|one| one.from_ms < span.to_ms && one.end_ms() >= span.from_ms);
        let held: Vec<&Annotation> = held.collect();
        Report {
            site: site.name.clone(),
            kind: span.kind,
            dates: span.dates(),
            from_ms: span.from_ms,
            to_ms: span.to_ms,
            time_zone: rules.time_zone.iana_name().unwrap_or("fixed offset").to_owned(),
            headline: headline.filter(|line| line.now.display != NOTHING).collect(),
            policies: policies(engine, quarters),
            tables: tables(engine, site, quarters),
            course: course(engine, span),
            peaks: peaks(engine, quarters, &held),
            worst: worst(engine, quarters),
            annotations: held.iter().map(|one| noted(engine, one)).collect(),
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

/// What is written where a figure makes no sense.
const NOTHING: &str = "–";

fn cell(figure: Figure, unit: Unit) -> Cell {
    let display = match figure {
        Figure::NotApplicable => NOTHING.to_owned(),
        figure => text::figure(figure, unit),
    };
    let value = if let Figure::Number(number) = figure { Some(number) } else { None };
    Cell { value, display }
}

/// Those KPIs that there are.
fn known<'a>(ids: &'a [&str]) -> impl Iterator<Item = &'static Kpi> + 'a {
    ids.iter().filter_map(|id| kpi::find(id))
}

fn number(id: &str, engine: &Engine, selector: &Selector, quarters: Quarters) -> f64 {
    let figure = kpi::find(id).map(|kpi| kpi::compute_quarters(kpi, engine, selector, quarters));
    if let Some(Figure::Number(number)) = figure { number } else { 0.0 }
}

fn policies(engine: &Engine, quarters: Quarters) -> Vec<Kept> {
    let Some(kpi) = kpi::find("sla_met") else { return Vec::new() };
    let policies = engine.rules().policies.iter().map(|policy| {
        let selector = Selector { policy: Some(policy.name.clone()), ..Selector::default() };
        let past = kpi::past(kpi, engine, &selector, quarters);
        let met = cell(past.figure, kpi.unit);
        Kept {
            policy: policy.name.clone(),
            title: policy.title.clone().unwrap_or_else(|| policy.name.clone()),
            goal: policy.goal,
            kept: met.value.map(|share| share >= policy.goal),
            met,
            sentence: past.sentence,
        }
    });
    policies.collect()
}

fn tables(engine: &Engine, site: &Site, quarters: Quarters) -> Vec<Table> {
    let channels = engine
        .channels()
        .map(|name| (site.channel_title(name).to_owned(), Selector::channel(name)));
    let queues =
        engine.queues().map(|name| (site.queue_title(name).to_owned(), Selector::queue(name)));
    let agents = engine.people().map(|name| {
        let selector = Selector { agent: Some(name.to_owned()), ..Selector::default() };
        (text::alias(name), selector)
    });
    let topics = engine.topics().map(|name| {
        (name.to_owned(), Selector { topic: Some(name.to_owned()), ..Selector::default() })
    });
    let all = [
        table("Channel", &OF_CHANNELS, channels.collect(), engine, quarters),
        table("Queue", &OF_QUEUES, queues.collect(), engine, quarters),
        table("Agent", &OF_AGENTS, agents.collect(), engine, quarters),
        table("Topic", &OF_TOPICS, topics.collect(), engine, quarters),
    ];
    all.into_iter().filter(|table| !table.rows.is_empty() && !table.kpis.is_empty()).collect()
}

fn table(
    of: &'static str,
    ids: &[&str],
    named: Vec<(String, Selector)>,
    engine: &Engine,
    quarters: Quarters,
) -> Table {
    let kpis: Vec<&'static Kpi> = known(ids).collect();
    let mut rows: Vec<Row> = named
        .into_iter()
        .map(|(name, selector)| {
            let cells = kpis
                .iter()
                .map(|kpi| cell(kpi::compute_quarters(kpi, engine, &selector, quarters), kpi.unit));
            Row { name, cells: cells.collect() }
        })
        .filter(|row| row.cells.iter().any(|cell| cell.value.is_some_and(|value| value != 0.0)))
        .collect();
    let first = |row: &Row| row.cells.first().and_then(|cell| cell.value).unwrap_or_default();
    rows.sort_by(|a, b| first(b).total_cmp(&first(a)).then_with(|| a.name.cmp(&b.name)));
    let more = rows.len().saturating_sub(ROWS_MAX);
    rows.truncate(ROWS_MAX);
    let columns = kpis.iter().map(|kpi| kpi.title).collect();
    Table { of, columns, kpis: kpis.iter().map(|kpi| kpi.id).collect(), rows, more }
}

fn course(engine: &Engine, span: &Span) -> Course {
    let per_step = match span.kind {
        Kind::Daily => 1,
        Kind::Weekly => 4,
    };
    let contacts: Vec<f64> = span
        .quarters()
        .each()
        .map(|quarter| number("volume", engine, &Selector::default(), quarter))
        .collect();
    let steps = contacts.chunks(per_step).map(|step| step.iter().sum());
    Course { quarters: per_step, contacts: steps.collect() }
}

fn peaks(engine: &Engine, quarters: Quarters, held: &[&Annotation]) -> Vec<Peak> {
    let mut all: Vec<(f64, Quarters)> = quarters
        .each()
        .map(|quarter| (number("volume", engine, &Selector::default(), quarter), quarter))
        .filter(|(contacts, _)| *contacts > 0.0)
        .collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    let peak = |(contacts, quarter): (f64, Quarters)| Peak {
        at_ms: quarter.from_ms(),
        when: span::quarter(quarter.from_ms(), &engine.rules().time_zone),
        contacts,
        annotations: held
            .iter()
            .filter(|one| one.from_ms < quarter.to_ms() && one.end_ms() >= quarter.from_ms())
            .map(|one| one.title.clone())
            .collect(),
    };
    all.into_iter().take(QUARTERS_SHOWN).map(peak).collect()
}

fn worst(engine: &Engine, quarters: Quarters) -> Vec<Worst> {
    let Some(kpi) = kpi::find("service_level") else { return Vec::new() };
    let mut all: Vec<(f64, Quarters, kpi::Past)> = quarters
        .each()
        .filter_map(|quarter| {
            let past = kpi::past(kpi, engine, &Selector::default(), quarter);
            let Figure::Number(share) = past.figure else { return None };
            let counted = past.counts.iter().find(|count| count.name == "counted")?;
            (counted.value >= COUNTED_MIN).then_some((share, quarter, past))
        })
        .collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let worst = |(_, quarter, past): (f64, Quarters, kpi::Past)| Worst {
        at_ms: quarter.from_ms(),
        when: span::quarter(quarter.from_ms(), &engine.rules().time_zone),
        service_level: cell(past.figure, kpi.unit),
        sentence: past.sentence,
    };
    all.into_iter().take(QUARTERS_SHOWN).map(worst).collect()
}

fn noted(engine: &Engine, annotation: &Annotation) -> Noted {
    let hour_ms = 3_600_000;
    let (from_ms, to_ms) =
        (annotation.from_ms, annotation.end_ms().max(annotation.from_ms + hour_ms));
    let selector = Selector {
        channel: annotation.channel.clone(),
        queue: annotation.queue.clone(),
        ..Selector::default()
    };
    let per_hour = |from_ms: UnixMs, to_ms: UnixMs| {
        let quarters = Quarters::between(from_ms, to_ms);
        let hours = (quarters.to_ms() - quarters.from_ms()) as f64 / hour_ms as f64;
        if hours <= 0.0 { 0.0 } else { number("volume", engine, &selector, quarters) / hours }
    };
    let length_ms = to_ms - from_ms;
    Noted {
        title: annotation.title.clone(),
        kind: annotation.kind.id(),
        from: span::moment(from_ms, &engine.rules().time_zone),
        before: per_hour(from_ms - length_ms, from_ms),
        during: per_hour(from_ms, to_ms),
        after: per_hour(to_ms, to_ms + length_ms),
    }
}
