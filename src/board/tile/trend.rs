//! `trend`: one or two KPIs over the last hour, minute by minute, and the annotations that may
//! explain them.

use serde::Serialize;

use super::measure::{Measure, kpi_ids, parse_selector};
use super::trust::trust;
use super::{Asked, Face, State, Tile, Tone};
use crate::board::annotations::{Filter, Marks};
use crate::board::figures::Scene;
use crate::board::format;
use crate::board::reader::{Element, Section, suggest};
use crate::event::UnixMs;
use crate::kpi::value::{Figure, Unit};
use crate::kpi::{self, Series};
use crate::language::Language;
use crate::scope::{Selector, Window};

/// More lines cannot be told apart from five metres.
const LINES_MAX: usize = 2;

struct Trend {
    lines: Vec<Measure>,
}

#[derive(Serialize)]
struct Body<'a> {
    from_ms: i64,
    step_ms: i64,
    series: Vec<Line>,
    text: String,
    /// What the axis counts: "per minute".
    #[serde(skip_serializing_if = "Option::is_none")]
    axis: Option<String>,
    #[serde(flatten)]
    marks: Marks<'a>,
}

#[derive(Serialize)]
struct Line {
    name: String,
    values: Vec<Option<f64>>,
}

pub(super) fn parse(section: &Section<'_>) -> Option<Box<dyn Tile>> {
    let selector = parse_selector(section);
    let Some(series) = section.list("series") else {
        if !section.has("series") {
            section.problem("`series` is missing: a list of one or two KPIs");
        }
        return None;
    };
    let mut lines = Vec::new();
    for element in &series {
        match element {
            Element::Text(id) => match kpi::find(id.value) {
                Some(kpi) => {
                    lines.push(Measure::plain(kpi, selector.clone(), Some(Window::Min60)));
                }
                None => section.problem_at(
                    id.offset,
                    format_args!("unknown kpi \"{}\"; {}", id.value, suggest(id.value, &kpi_ids())),
                ),
            },
            Element::Table(at) => {
                section.problem_at(at.offset, "`series` is a list of KPI ids in quotes");
            }
        }
    }
    if series.is_empty() || series.len() > LINES_MAX {
        section.problem(format_args!("`series` takes one or two KPIs, not {}", series.len()));
    }
    (lines.len() == series.len() && !lines.is_empty())
        .then(|| Box::new(Trend { lines }) as Box<dyn Tile>)
}

/// The steps that are over: a minute under way would look like a collapse, once each minute.
fn complete(series: &Series, now_ms: UnixMs) -> Vec<Option<f64>> {
    let Series { from_ms, step_ms, values } = series;
    let over = (now_ms - from_ms).checked_div(*step_ms).and_then(|steps| steps.try_into().ok());
    values.iter().take(over.unwrap_or(0)).copied().collect()
}

impl Trend {
    /// Each step of a count that is no state is what came in one minute.
    fn axis(&self, scene: &Scene<'_>) -> Option<String> {
        let is_flow = |line: &Measure| line.kpi.unit == Unit::Count && !line.kpi.is_state;
        self.lines.iter().all(is_flow).then(|| scene.language.per_minute())
    }

    /// What happened while the line was drawn, to those whom it shows.
    fn marks<'a>(&self, from_ms: UnixMs, scene: &Scene<'a>) -> Marks<'a> {
        let Some(line) = self.lines.first() else { return Marks::default() };
        let filter = Filter {
            from_ms: Some(from_ms),
            to_ms: Some(scene.now_ms),
            channel: line.selector.channel.clone(),
            queue: line.selector.queue.clone(),
        };
        Marks::of(scene.annotations, &filter)
    }
}

impl Tile for Trend {
    fn render(&self, scene: &Scene<'_>) -> String {
        let mut body = Body {
            from_ms: 0,
            step_ms: 60_000,
            series: Vec::new(),
            text: String::new(),
            axis: self.axis(scene),
            marks: Marks::default(),
        };
        let mut coverage = Vec::new();
        let mut parts = Vec::new();
        for line in &self.lines {
            let series = scene.figures.series(line.kpi, &line.selector);
            let values = complete(&series, scene.now_ms);
            let name = scene.language.kpi_title(line.kpi.id);
            (body.from_ms, body.step_ms) = (series.from_ms, series.step_ms);
            body.series.push(Line { name: name.clone(), values });
            let value = scene.figures.value(line.kpi, &line.selector, line.window, scene.now_ms);
            if let Figure::Number(number) = value.figure {
                let written = format::figure_in_line(number, value.unit, scene.language);
                parts.push(format!("{name} {written}"));
            }
            coverage.push(value.coverage);
        }
        let (mut state, note) = trust(&coverage, scene);
        if body.series.iter().all(|line| line.values.iter().all(Option::is_none)) {
            state = State::NoData;
        }
        body.text = parts.join(" · ");
        body.marks = self.marks(body.from_ms, scene);
        Face { state, tone: Tone::Plain, note, body }.encode()
    }

    fn title(&self, language: Language) -> Option<String> {
        Some(language.say("tile-trend"))
    }

    fn subtitle(&self, scene: &Scene<'_>) -> Option<String> {
        self.lines.first().map(|line| line.subtitle(scene))
    }

    fn selectors(&self) -> Vec<&Selector> {
        self.lines.iter().map(|line| &line.selector).collect()
    }

    fn asked(&self) -> Vec<Asked> {
        self.lines.iter().map(Asked::by).collect()
    }

    fn kpi(&self) -> Option<&'static str> {
        self.lines.first().map(|line| line.kpi.id)
    }
}
