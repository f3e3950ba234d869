//! The parts of a report, each from the engine and the KPIs.

use super::{Course, Kept, Kind, Noted, Peak, Row, Table, Worst, cell, known, span};
use crate::board::annotations::{Annotation, volume};
use crate::board::figures::Site;
use crate::config::model::{ReportOf, ShowAgents};
use crate::engine::{Engine, Quarters};
use crate::kpi::value::Figure;
use crate::kpi::{self, Kpi};
use crate::scope::Selector;

/// What is said of each channel, queue, agent and policy.
const OF_CHANNELS: [&str; 7] =
    ["volume", "service_level", "answer_rate", "asa", "frt_median", "csat", "cost"];
const OF_QUEUES: [&str; 6] =
    ["offered", "service_level", "abandon_rate_net", "asa", "frt_median", "transfers_per_contact"];
const OF_AGENTS: [&str; 5] = ["answered", "aht", "frt_median", "transfers_per_contact", "csat"];
const OF_TOPICS: [&str; 2] = ["topic_contacts", "topic_share"];
/// Busiest and worst quarters of an hour.
const QUARTERS_SHOWN: usize = 5;
/// A quarter of an hour with fewer contacts is no proof of anything.
const COUNTED_MIN: i64 = 3;

/// What all parts are asked for by.
pub(super) struct Asked<'a> {
    pub(super) engine: &'a Engine,
    pub(super) site: &'a Site,
    pub(super) quarters: Quarters,
    /// Whose contacts the report is about.
    pub(super) all: &'a Selector,
    pub(super) of: &'a ReportOf,
}

impl Asked<'_> {
    /// Contacts of some quarters.
    fn contacts(&self, quarters: Quarters) -> f64 {
        let kpi = kpi::find("volume");
        let figure = kpi.map(|kpi| kpi::compute_quarters(kpi, self.engine, self.all, quarters));
        if let Some(Figure::Number(number)) = figure { number } else { 0.0 }
    }
}

pub(super) fn policies(asked: &Asked<'_>, when: &'static str) -> Vec<Kept> {
    let Some(kpi) = kpi::find("sla_met") else { return Vec::new() };
    let wanted = &asked.of.policies;
    let all = asked.engine.rules().policies.iter();
    let policies = all.filter(|it| wanted.is_empty() || wanted.contains(&it.name)).map(|policy| {
        let selector = Selector { policy: Some(policy.name.clone()), ..asked.all.clone() };
        let past = kpi::past(kpi, asked.engine, &selector, asked.quarters, when);
        let met = cell(&past, kpi);
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

pub(super) fn tables(asked: &Asked<'_>) -> Vec<Table> {
    let (engine, site, all) = (asked.engine, asked.site, asked.all);
    let is_in = |one: &Option<String>, name: &str| one.as_deref().is_none_or(|one| one == name);
    let channels = engine.channels().filter(|name| is_in(&all.channel, name)).map(|name| {
        let selector = Selector { channel: Some(name.to_owned()), ..all.clone() };
        (site.channel_title(name).to_owned(), selector)
    });
    let queues = engine.queues().filter(|name| is_in(&all.queue, name)).map(|name| {
        let selector = Selector { queue: Some(name.to_owned()), ..all.clone() };
        (site.queue_title(name).to_owned(), selector)
    });
    let agents = engine.people().map(|name| {
        let selector = Selector { agent: Some(name.to_owned()), ..all.clone() };
        (site.agent_title_in(engine, name), selector)
    });
    let topics = engine
        .topics()
        .map(|name| (name.to_owned(), Selector { topic: Some(name.to_owned()), ..all.clone() }));
    let tables = [
        table("Channel", &OF_CHANNELS, channels.collect(), asked),
        table("Queue", &OF_QUEUES, queues.collect(), asked),
        table("Agent", &OF_AGENTS, agents.collect(), asked),
        table("Topic", &OF_TOPICS, topics.collect(), asked),
    ];
    tables.into_iter().filter(|table| !table.rows.is_empty() && !table.kpis.is_empty()).collect()
}

fn table(
    of: &'static str,
    ids: &[&str],
    named: Vec<(String, Selector)>,
    asked: &Asked<'_>,
) -> Table {
    let (engine, site, quarters) = (asked.engine, asked.site, asked.quarters);
    let kpis: Vec<&'static Kpi> = known(ids).collect();
    let mut rows: Vec<Row> = named
        .into_iter()
        .map(|(name, selector)| {
            let cells = kpis
                .iter()
                .map(|kpi| cell(&kpi::past(kpi, engine, &selector, quarters, "then"), kpi));
            let cells = cells.collect();
            let is_told = selector.agent.is_none() || site.agents.show == ShowAgents::Name;
            Row { name, selector: is_told.then_some(selector), cells }
        })
        .filter(|row| row.cells.iter().any(|cell| cell.value.is_some_and(|value| value != 0.0)))
        .collect();
    let first = |row: &Row| row.cells.first().and_then(|cell| cell.value).unwrap_or_default();
    rows.sort_by(|a, b| first(b).total_cmp(&first(a)).then_with(|| a.name.cmp(&b.name)));
    let columns = kpis.iter().map(|kpi| kpi.title).collect();
    Table { of, columns, kpis: kpis.iter().map(|kpi| kpi.id).collect(), rows }
}

pub(super) fn course(asked: &Asked<'_>, kind: Kind) -> Course {
    let per_step = match kind {
        Kind::Daily => 1,
        Kind::Weekly => 4,
    };
    let contacts: Vec<f64> = asked.quarters.each().map(|quarter| asked.contacts(quarter)).collect();
    let steps = contacts.chunks(per_step).map(|step| step.iter().sum());
    Course { quarters: per_step, contacts: steps.collect() }
}

pub(super) fn peaks(asked: &Asked<'_>, held: &[&Annotation]) -> Vec<Peak> {
    let mut all: Vec<(f64, Quarters)> = asked
        .quarters
        .each()
        .map(|quarter| (asked.contacts(quarter), quarter))
        .filter(|(contacts, _)| *contacts > 0.0)
        .collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    let peak = |(contacts, quarter): (f64, Quarters)| Peak {
        at_ms: quarter.from_ms(),
        when: span::quarter(quarter.from_ms(), &asked.engine.rules().time_zone),
        contacts,
        annotations: held
            .iter()
            .filter(|one| one.from_ms < quarter.to_ms() && one.end_ms() >= quarter.from_ms())
            .map(|one| one.title.clone())
            .collect(),
    };
    all.into_iter().take(QUARTERS_SHOWN).map(peak).collect()
}

pub(super) fn worst(asked: &Asked<'_>) -> Vec<Worst> {
    let Some(kpi) = kpi::find("service_level") else { return Vec::new() };
    let mut all: Vec<(f64, Quarters, kpi::Past)> = asked
        .quarters
        .each()
        .filter_map(|quarter| {
            let when = "in that quarter of an hour";
            let past = kpi::past(kpi, asked.engine, asked.all, quarter, when);
            let Figure::Number(share) = past.figure else { return None };
            (past.count("counted")? >= COUNTED_MIN).then_some((share, quarter, past))
        })
        .collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let worst = |(_, quarter, past): (f64, Quarters, kpi::Past)| Worst {
        at_ms: quarter.from_ms(),
        when: span::quarter(quarter.from_ms(), &asked.engine.rules().time_zone),
        service_level: cell(&past, kpi),
        in_time: past.count("in_time").unwrap_or_default(),
        counted: past.count("counted").unwrap_or_default(),
        sentence: past.sentence,
    };
    all.into_iter().take(QUARTERS_SHOWN).map(worst).collect()
}

pub(super) fn noted(engine: &Engine, annotation: &Annotation) -> Noted {
    let from_ms = annotation.from_ms;
    let to_ms = annotation.end_ms().max(from_ms + volume::SPAN_MIN_MS);
    let per_hour = |from_ms, to_ms| volume::per_hour(engine, annotation, from_ms, to_ms);
    let length_ms = to_ms - from_ms;
    Noted {
        title: annotation.title.clone(),
        kind: annotation.kind.id(),
        from_ms,
        from: span::moment(from_ms, &engine.rules().time_zone),
        before: per_hour(from_ms - length_ms, from_ms),
        during: per_hour(from_ms, to_ms),
        after: per_hour(to_ms, to_ms + length_ms),
    }
}
