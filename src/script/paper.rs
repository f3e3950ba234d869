//! `expect report sla_met{policy=mail} 83 %`: what the daily report of the last whole day shows.
//!
//! It is made as `tablica report daily` makes it, and read where a person would: at its head, in
//! the list of policies, in the tables by channel, queue, agent and topic.

use std::collections::BTreeMap;

use super::expect::Question;
use crate::board::annotations::Annotation;
use crate::board::figures::{PolicyFacts, Site};
use crate::config::model::Agents;
use crate::engine::{Engine, PolicyRules};
use crate::event::UnixMs;
use crate::kpi::text;
use crate::kpi::value::Figure;
use crate::language::Language;
use crate::report::{Cell, Kind, Report, Span};
use crate::scope::Selector;

/// What the report shows: its dates and the figure; none where it has no place for it.
pub(super) fn shown(
    engine: &Engine,
    known: &[Annotation],
    question: &Question,
    at_ms: UnixMs,
) -> Option<(String, Figure)> {
    let span = Span::last_whole(Kind::Daily, at_ms, engine.rules())?;
    let site = site(engine);
    let report = Report::of(engine, &site, known, &span);
    let figure = find(&report, &site, question).map(figure);
    figure.map(|figure| (report.dates, figure))
}

fn site(engine: &Engine) -> Site {
    let rules = engine.rules();
    let policy = |policy: &PolicyRules| {
        let title = policy.shown().to_owned();
        (policy.name.clone(), PolicyFacts { title, goal: policy.goal })
    };
    Site {
        name: String::new(),
        language: Language::default(),
        time_zone: rules.time_zone.clone(),
        queues: rules.queues.clone(),
        channels: BTreeMap::new(),
        agents: Agents::default(),
        policies: rules.policies.iter().map(policy).collect(),
        min_volume: 10,
        calendars: BTreeMap::new(),
        embed_hosts: Vec::new(),
        currency: "EUR".to_owned(),
        replay_speed: None,
    }
}

fn find<'a>(report: &'a Report, site: &Site, question: &Question) -> Option<&'a Cell> {
    let Question { kpi, selector, .. } = question;
    if *selector == Selector::default() {
        return report.headline.iter().find(|line| line.kpi == kpi.id).map(|line| &line.now);
    }
    let only = |one: Selector| *selector == one;
    if let Some(policy) = &selector.policy {
        let is_asked = only(Selector { policy: Some(policy.clone()), ..Selector::default() });
        let kept = report.policies.iter().find(|kept| kept.policy == *policy);
        return kept.map(|kept| &kept.met).filter(|_| is_asked && kpi.id == "sla_met");
    }
    let (of, row, alone) = match selector {
        Selector { channel: Some(channel), .. } => {
            ("Channel", site.channel_title(channel).to_owned(), Selector::channel(channel.as_str()))
        }
        Selector { queue: Some(queue), .. } => {
            ("Queue", site.queue_title(queue).to_owned(), Selector::queue(queue.as_str()))
        }
        Selector { agent: Some(agent), .. } => (
            "Agent",
            text::alias(agent),
            Selector { agent: Some(agent.clone()), ..Selector::default() },
        ),
        Selector { topic: Some(topic), .. } => {
            ("Topic", topic.clone(), Selector { topic: Some(topic.clone()), ..Selector::default() })
        }
        _ => return None,
    };
    let table = report.tables.iter().find(|table| table.of == of).filter(|_| only(alone))?;
    let column = table.kpis.iter().position(|id| *id == kpi.id)?;
    table.rows.iter().find(|found| found.name == row)?.cells.get(column)
}

fn figure(cell: &Cell) -> Figure {
    match (cell.value, cell.display.as_str()) {
        (Some(number), _) => Figure::Number(number),
        (None, "no data") => Figure::NoData,
        (None, "concealed") => Figure::Concealed,
        (None, _) => Figure::NotApplicable,
    }
}
