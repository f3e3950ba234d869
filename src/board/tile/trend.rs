//! `trend`: one to four KPIs over the last hour, minute by minute, the annotations that may explain
//! them, the goal, and the same hour a day or a week before.

use serde::Serialize;

use super::compare;
use super::limits;
use super::measure::{Measure, kpi_ids, parse_kpi, parse_selector};
use super::rule::{self, Called, Look, Rule, Subject, Whose};
use super::trust::trust;
use super::verdict;
use super::{Asked, Face, State, Tile};
use crate::board::annotations::{Filter, Marks};
use crate::board::figures::Scene;
use crate::board::reader::{Element, Section, suggest};
use crate::event::UnixMs;
use crate::kpi::value::{Figure, Unit};
use crate::kpi::{self, Earlier, Series};
use crate::language::{Language, Text};
use crate::scope::{Selector, Window};

/// More lines cannot be told apart from five metres.
const LINES_MAX: usize = 4;
/// What is known of the past is known by the quarter of an hour.
const QUARTER_MS: i64 = 15 * MINUTE_MS;
const MINUTE_MS: i64 = 60_000;
/// Times that reach so far are drawn in minutes.
const MINUTES_FROM_S: f64 = 180.0;

struct Trend {
    lines: Vec<Measure>,
    /// What the file calls each line.
    titles: Vec<Option<Text>>,
    target: Option<f64>,
    compare: Option<Earlier>,
    rules: Vec<Rule>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target_text: Option<String>,
    /// The first line's number at the same time before: of the same steps.
    #[serde(skip_serializing_if = "Option::is_none")]
    earlier: Option<Line>,
    #[serde(flatten)]
    marks: Marks<'a>,
    #[serde(flatten)]
    called: Called,
}

#[derive(Serialize)]
struct Line {
    name: String,
    values: Vec<Option<f64>>,
}

pub(super) const EXAMPLE: &str = r#"series = ["offered", { kpi = "offered", channel = "telegram" }]
[[tile.rule]]
of = "offered"
when = ">= 20"
tone = "warn""#;

pub(super) fn parse(section: &Section<'_>) -> Option<Box<dyn Tile>> {
    let selector = parse_selector(section);
    let target = section.number("target").map(|at| at.value);
    let Some(series) = section.list("series") else {
        section.text("compare");
        rule::parse(section, None);
        if !section.has("series") {
            section.problem("`series` is missing: a list of one to four KPIs");
        }
        return None;
    };
    let count = series.len();
    let found = series.into_iter().filter_map(|element| line(section, element, &selector));
    let (lines, titles): (Vec<Measure>, Vec<Option<Text>>) = found.unzip();
    let compare = match lines.first() {
        Some(first) => compare::parse(section, first),
        None => section.text("compare").and(None),
    };
    if count == 0 || count > LINES_MAX {
        section.problem(format_args!("`series` takes one to four KPIs, not {count}"));
    }
    let units = |one: &Measure, other: &Measure| one.kpi.unit == other.kpi.unit;
    if let Some(pair) = lines.windows(2).find(|pair| !units(&pair[0], &pair[1])) {
        section.problem(format_args!(
            "`series`: {} and {} are not of one unit, and there is one axis",
            pair[0].kpi.id, pair[1].kpi.id
        ));
    }
    // What is promised is promised of contacts, not of a minute.
    let subject = |line: &Measure| Subject { is_promised: false, ..Subject::kpi(line.kpi) };
    let subjects: Vec<Subject> = lines.iter().map(subject).collect();
    let rules = rule::parse_of_kpis(section, &subjects, "series");
    if let Some(rate) = lines.iter().find(|it| kpi::is_rate(it.kpi) && !rules.is_empty()) {
        section.problem(format_args!(
            "{} of one minute is of few contacts: put the rule on a `number` or a `gauge`",
            rate.kpi.id
        ));
    }
    (lines.len() == count && count > 0)
        .then(|| Box::new(Trend { lines, titles, target, compare, rules }) as Box<dyn Tile>)
}

/// A KPI's id, or a table with `kpi`, `title` and whatever contacts are selected by.
fn line(
    section: &Section<'_>,
    element: Element<'_>,
    selector: &Selector,
) -> Option<(Measure, Option<Text>)> {
    match element {
        Element::Text(id) => {
            let kpi = kpi::find(id.value);
            if kpi.is_none() {
                section.problem_at(
                    id.offset,
                    format_args!("unknown kpi \"{}\"; {}", id.value, suggest(id.value, &kpi_ids())),
                );
            }
            Some((Measure::plain(kpi?, selector.clone(), Some(Window::Min60)), None))
        }
        Element::Table(at) => {
            let what = format!("{}, series", section.what);
            let own = Section::new(section.source, what, at.offset, at.value);
            let title = own.words("title");
            let (kpi, mut narrowed) = (parse_kpi(&own), parse_selector(&own));
            if !own.has("kpi") {
                own.problem("`kpi` is missing: which number?");
            }
            own.finish();
            let Selector { channel, queue, .. } = selector;
            narrowed.channel = narrowed.channel.or_else(|| channel.clone());
            narrowed.queue = narrowed.queue.or_else(|| queue.clone());
            Some((Measure::plain(kpi?, narrowed, Some(Window::Min60)), title))
        }
    }
}

/// The steps that are over: a minute under way would look like a collapse, once each minute.
fn complete(series: &Series, now_ms: UnixMs) -> Vec<Option<f64>> {
    let Series { from_ms, step_ms, values } = series;
    let over = (now_ms - from_ms).checked_div(*step_ms).and_then(|steps| steps.try_into().ok());
    values.iter().take(over.unwrap_or(0)).copied().collect()
}

/// How the axis counts: by what a number is divided, and what is said of it.
struct Axis {
    divisor: f64,
    words: Option<String>,
}

impl Axis {
    fn of(&self, number: f64) -> f64 {
        // To the hundredth: less cannot be seen, and would change the tile.
        (number / self.divisor * 100.0).round() / 100.0
    }
}

impl Trend {
    /// Each step of a count that is no state is what came in one minute.
    fn is_flow(line: &Measure) -> bool {
        line.kpi.unit == Unit::Count && !line.kpi.is_state
    }

    fn axis(&self, most: f64, scene: &Scene<'_>) -> Axis {
        let unit = self.lines.first().map(|line| line.kpi.unit);
        let language = scene.language;
        match unit {
            Some(Unit::Ratio) => Axis { divisor: 0.01, words: Some("%".to_owned()) },
            Some(Unit::Seconds) if most >= MINUTES_FROM_S => {
                Axis { divisor: 60.0, words: Some(language.say("unit-minute")) }
            }
            Some(Unit::Seconds) => Axis { divisor: 1.0, words: Some(language.say("unit-second")) },
            _ if self.lines.iter().all(Trend::is_flow) => {
                Axis { divisor: 1.0, words: Some(language.per_minute()) }
            }
            _ => Axis { divisor: 1.0, words: None },
        }
    }

    /// The file's, else what was promised, where all lines are of one number.
    fn goal(&self, scene: &Scene<'_>) -> Option<f64> {
        let first = self.lines.first()?;
        let is_one = self.lines.iter().all(|line| line.kpi.id == first.kpi.id);
        self.target.or_else(|| limits::promised(first, scene.site).filter(|_| is_one))
    }

    /// What the file calls a line, else whom it is about, else its number.
    fn name(&self, place: usize, scene: &Scene<'_>) -> String {
        let line = &self.lines[place];
        if let Some(title) = self.titles.get(place).and_then(Option::as_ref) {
            return title.of(scene.language);
        }
        let others = || self.lines.iter().filter(|other| other.kpi.id == line.kpi.id);
        match (&line.selector.queue, &line.selector.channel) {
            (Some(queue), _) if others().any(|it| it.selector.queue.as_ref() != Some(queue)) => {
                scene.site.queue_in_words(queue, scene.language)
            }
            (_, Some(channel))
                if others().any(|it| it.selector.channel.as_ref() != Some(channel)) =>
            {
                scene.site.channel_title(channel).to_owned()
            }
            _ => scene.language.kpi_title(line.kpi.id),
        }
    }

    /// The first line's number a day or a week before: known by the quarter of an hour, and drawn
    /// from the middle of each to that of the next.
    fn earlier(&self, by: Earlier, from_ms: UnixMs, steps: usize, scene: &Scene<'_>) -> Line {
        let name = scene.language.say(match by {
            Earlier::Yesterday => "trend-yesterday",
            Earlier::LastWeek => "trend-last-week",
        });
        let Some(line) = self.lines.first() else { return Line { name, values: Vec::new() } };
        let per = if Trend::is_flow(line) { (QUARTER_MS / MINUTE_MS) as f64 } else { 1.0 };
        let first_ms = from_ms.div_euclid(QUARTER_MS) * QUARTER_MS - QUARTER_MS;
        let quarters = steps as i64 * MINUTE_MS / QUARTER_MS + 3;
        let numbers: Vec<Option<f64>> = (0..quarters)
            .map(|quarter| {
                let at_ms = first_ms + quarter * QUARTER_MS;
                let number = scene.figures.quarter(line.kpi, &line.selector, at_ms, by);
                number.map(|number| number / per)
            })
            .collect();
        let at = |place: i64| {
            usize::try_from(place).ok().and_then(|place| numbers.get(place).copied().flatten())
        };
        let values = (0..steps as i64).map(|step| {
            // From the middle of the first quarter to the middle of the step, in quarters.
            let since_ms = from_ms + step * MINUTE_MS + MINUTE_MS / 2 - first_ms - QUARTER_MS / 2;
            let (left, rest) = (since_ms.div_euclid(QUARTER_MS), since_ms.rem_euclid(QUARTER_MS));
            let share = rest as f64 / QUARTER_MS as f64;
            match (at(left), at(left + 1)) {
                (Some(one), Some(other)) => Some(one + (other - one) * share),
                // Only within its own quarter.
                (Some(one), None) if share <= 0.5 => Some(one),
                (None, Some(other)) if share > 0.5 => Some(other),
                _ => None,
            }
        });
        Line { name, values: values.collect() }
    }

    /// What the rules say of each line's last minute that is over.
    fn call(&self, series: &[Line], trusted: State, scene: &Scene<'_>) -> Called {
        let mut called = Called::default();
        let rules = rule::unless_old(&self.rules, trusted);
        for (place, (line, drawn)) in self.lines.iter().zip(series).enumerate() {
            let Some(number) = drawn.values.last().copied().flatten() else { continue };
            let subject = Subject::kpi(line.kpi);
            let row = (place, &line.selector);
            let look = Look { subject, number, whose: Whose::Nobody, row, min_volume: 0 };
            let Some(raised) = rule::raised(rules, &look, scene) else { continue };
            let said = || verdict::word(line.kpi, number, None, raised.tone, scene.language);
            let word = raised.word.clone().or_else(said);
            called.add((&drawn.name, &drawn.name), (raised.tone, word, raised.alarm));
        }
        called
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
        let (mut from_ms, mut step_ms) = (0, MINUTE_MS);
        let (mut series, mut coverage, mut parts) = (Vec::new(), Vec::new(), Vec::new());
        for (place, line) in self.lines.iter().enumerate() {
            let found = scene.figures.series(line.kpi, &line.selector);
            let values = complete(&found, scene.now_ms);
            let name = self.name(place, scene);
            (from_ms, step_ms) = (found.from_ms, found.step_ms);
            let value = scene.figures.value(line.kpi, &line.selector, line.window, scene.now_ms);
            if let Figure::Number(number) = value.figure {
                let written = scene.in_line(number, value.unit);
                parts.push(format!("{name} {written}"));
            }
            series.push(Line { name, values });
            coverage.push(value.coverage);
        }
        let (mut state, note) = trust(&coverage, scene);
        if series.iter().all(|line| line.values.iter().all(Option::is_none)) {
            state = State::NoData;
        }
        let steps = series.iter().map(|line| line.values.len()).max().unwrap_or(0);
        let earlier = self.compare.map(|by| self.earlier(by, from_ms, steps, scene));
        // A line of nothing is none.
        let mut earlier = earlier.filter(|line| line.values.iter().any(Option::is_some));
        let called = self.call(&series, state, scene);
        let target = self.goal(scene);
        let drawn = series.iter().chain(&earlier).flat_map(|line| &line.values).copied().flatten();
        let axis = self.axis(drawn.chain(target).fold(0.0, f64::max), scene);
        for value in series.iter_mut().chain(&mut earlier).flat_map(|line| &mut line.values) {
            *value = value.map(|number| axis.of(number));
        }
        let unit = self.lines.first().map_or(Unit::Count, |line| line.kpi.unit);
        let body = Body {
            from_ms,
            step_ms,
            series,
            text: parts.join(" · "),
            target_text: target.map(|target| scene.goal(target, unit)),
            target: target.map(|target| axis.of(target)),
            earlier,
            axis: axis.words,
            marks: self.marks(from_ms, scene),
            called,
        };
        let tone = body.called.tone();
        Face { state, tone, note, body }.encode()
    }

    fn title(&self, language: Language) -> Option<String> {
        Some(language.say("tile-trend"))
    }

    fn subtitle(&self, scene: &Scene<'_>) -> Option<String> {
        self.lines.first().map(|line| line.subtitle(scene))
    }

    fn sound(&self) -> Option<&'static str> {
        rule::sound(&self.rules)
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
