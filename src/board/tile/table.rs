//! What the tables have in common: columns of KPIs, a row for each thing, what burns first.
//!
//! Every row is sent: the page turns through those that do not fit. Rows that ask for action stand
//! first, and of those that ask alike the one that has waited longest. The row that the board's
//! large figures are about is pinned: it stays in view whatever the page turns to.

use serde::Serialize;

use super::measure::{Measure, Number, kpi_ids, parse_window};
use super::rule::{self, Alarm, Called, Rule, Subject};
use super::{Asked, Face, State, Tone};
use crate::board::figures::Scene;
use crate::board::reader::{Element, Section, suggest};
use crate::kpi;
use crate::kpi::value::Unit;
use crate::language::{Language, Text};
use crate::scope::{Selector, Window};

/// More columns cannot be read from five metres.
const COLUMNS_MAX: usize = 8;

/// Columns, and how many rows there may be where the file says so.
pub(super) struct Table {
    columns: Vec<Column>,
    channel: Option<String>,
    window: Window,
    rows_max: Option<usize>,
    rules: Vec<Rule>,
}

struct Column {
    /// The file's; else the number has one.
    title: Option<Text>,
    measure: Measure,
}

#[derive(Serialize)]
struct Body {
    columns: Vec<Head>,
    rows: Vec<Row>,
    more: usize,
    #[serde(flatten)]
    called: Called,
}

#[derive(Serialize)]
struct Head {
    id: &'static str,
    title: String,
}

/// One thing's numbers.
#[derive(Serialize)]
pub(super) struct Row {
    pub(super) name: String,
    cells: Vec<Cell>,
    /// Always in view, whatever page the rest of the table is turned to.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pinned: bool,
    /// How grave the rule is that holds in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    raised: Option<Tone>,
    #[serde(skip)]
    tone: Tone,
    /// What the gravest of its rules says.
    #[serde(skip)]
    call: Option<(Tone, Option<String>, Alarm)>,
    /// How long somebody has waited, or whatever else asks for haste; in any unit.
    #[serde(skip)]
    pub(super) haste: Option<f64>,
    /// The first column's number, to sort by.
    #[serde(skip)]
    pub(super) first: Option<f64>,
}

#[derive(Serialize)]
struct Cell {
    text: String,
    tone: Tone,
    /// Instead of its tone's shape.
    #[serde(skip_serializing_if = "Option::is_none")]
    icon: Option<&'static str>,
}

impl Table {
    /// Reads `columns`, `channel`, `window`, `rows_max`, and the `[[tile.rule]]` sections.
    pub(super) fn parse(section: &Section<'_>, columns_default: &[&str]) -> Table {
        let window = parse_window(section);
        let channel = section.text("channel").map(|at| at.value.to_owned());
        let rows_max = section.whole("rows_max");
        let selector = Selector { channel: channel.clone(), ..Selector::default() };
        let mut columns = Vec::new();
        match section.list("columns") {
            Some(elements) => {
                if elements.is_empty() || elements.len() > COLUMNS_MAX {
                    let found = elements.len();
                    section.problem(format_args!("1 to {COLUMNS_MAX} `columns`, not {found}"));
                }
                for element in elements {
                    columns.extend(parse_column(section, element, &selector, window));
                }
            }
            None => {
                for kpi in columns_default.iter().filter_map(|id| kpi::find(id)) {
                    columns.push(Column {
                        title: None,
                        measure: Measure::plain(kpi, selector.clone(), window),
                    });
                }
            }
        }
        let rows_max = rows_max.and_then(|at| {
            let rows = usize::try_from(at.value).ok().filter(|rows| *rows > 0);
            if rows.is_none() {
                section.problem_at(at.offset, "`rows_max` must be 1 or more");
            }
            rows
        });
        let kpis = || columns.iter().map(|column| column.measure.kpi);
        let subjects: Vec<Subject> = kpis().map(Subject::kpi).collect();
        let rules = rule::parse_of_kpis(section, &subjects, "column");
        for column in &mut columns {
            column.measure.rules = rule::of(&rules, column.measure.kpi.id);
        }
        Table { columns, channel, window: window.unwrap_or(Window::Min15), rows_max, rules }
    }

    /// The numbers of what `select` narrows a column's selector to.
    pub(super) fn row(
        &self,
        name: String,
        scene: &Scene<'_>,
        select: impl Fn(&mut Selector),
    ) -> (Row, State) {
        let mut row = Row {
            name,
            cells: Vec::new(),
            pinned: false,
            raised: None,
            tone: Tone::Plain,
            call: None,
            haste: None,
            first: None,
        };
        let mut state = State::Live;
        for (place, column) in self.columns.iter().enumerate() {
            let mut measure = column.measure.clone();
            select(&mut measure.selector);
            let reading = measure.read(scene);
            if matches!(reading.state, State::Late | State::Stale) {
                state = State::Late;
            }
            if place == 0 {
                row.first = reading.number.value;
            }
            row.tone = row.tone.max(reading.tone);
            let Number { text, unit, .. } = reading.number;
            let text = match (&*unit, measure.kpi.unit) {
                ("", _) => text,
                (unit, Unit::Money) => format!("{text}\u{a0}{unit}"),
                (unit, _) => format!("{text}{unit}"),
            };
            let alarm = reading.number.alarm;
            let icon = alarm.as_ref().and_then(Alarm::icon);
            row.cells.push(Cell { text, tone: reading.tone, icon });
            if let Some(alarm) = alarm
                && row.raised.is_none_or(|before| reading.tone > before)
            {
                row.raised = Some(reading.tone);
                row.call = Some((reading.tone, reading.number.word, alarm));
            }
        }
        (row, state)
    }

    /// A KPI's number for what `select` narrows to, whether or not it is a column.
    pub(super) fn number(
        &self,
        kpi: &str,
        scene: &Scene<'_>,
        select: impl Fn(&mut Selector),
    ) -> Option<f64> {
        let mut selector = Selector { channel: self.channel.clone(), ..Selector::default() };
        select(&mut selector);
        let measure = Measure::plain(kpi::find(kpi)?, selector, Some(self.window));
        measure.read(scene).number.value
    }

    /// The tile's value of these rows, what burns first; each with the state of its numbers.
    pub(super) fn show(&self, language: Language, rows: (Vec<Row>, Vec<State>)) -> String {
        let (mut rows, states) = rows;
        Table::lead_with_what_burns(&mut rows);
        let mut called = Called::default();
        for row in &mut rows {
            if let Some(call) = row.call.take() {
                called.add((&row.name, &row.name), call);
            }
        }
        let more = self.keep_first(&mut rows);
        let state = states.into_iter().max().unwrap_or(State::Live);
        self.encode(language, (rows, more), called, state)
    }

    /// Puts what burns first: bad, warned of, others; of each the hastiest, then as they stood.
    /// The first one that burns and the hastiest of all are pinned.
    fn lead_with_what_burns(rows: &mut [Row]) {
        let burns = |row: &Row| if row.tone > Tone::Good { row.tone } else { Tone::Plain };
        let haste = |row: &Row| row.haste.unwrap_or(f64::NEG_INFINITY);
        rows.sort_by(|a, b| burns(b).cmp(&burns(a)).then_with(|| haste(b).total_cmp(&haste(a))));
        let hastiest = rows
            .iter()
            .enumerate()
            .filter(|(_, row)| row.haste.is_some())
            // Of equals the first.
            .rev()
            .max_by(|(_, a), (_, b)| haste(a).total_cmp(&haste(b)))
            .map(|(at, _)| at);
        let first = rows.first().filter(|row| burns(row) > Tone::Plain).map(|_| 0);
        for at in [first, hastiest].into_iter().flatten() {
            rows[at].pinned = true;
        }
    }

    /// Keeps as many rows as the file allows; says how many more there were.
    fn keep_first(&self, rows: &mut Vec<Row>) -> usize {
        let rows_max = self.rows_max.unwrap_or(usize::MAX);
        let more = rows.len().saturating_sub(rows_max);
        rows.truncate(rows_max);
        more
    }

    /// The tile's value.
    fn encode(
        &self,
        language: Language,
        (rows, more): (Vec<Row>, usize),
        called: Called,
        state: State,
    ) -> String {
        let state = if rows.is_empty() { State::NoData } else { state };
        let columns = self.columns.iter();
        let columns = columns.map(|column| column.head(language)).collect();
        let tone = called.tone();
        Face { state, tone, note: None, body: Body { columns, rows, more, called } }.encode()
    }

    /// What its gravest rule plays.
    pub(super) fn sound(&self) -> Option<&'static str> {
        rule::sound(&self.rules)
    }

    /// Each column over all rows.
    pub(super) fn asked(&self) -> Vec<Asked> {
        self.columns.iter().map(|column| Asked::by(&column.measure)).collect()
    }

    /// "Telegram · last 15 min"
    pub(super) fn subtitle(&self, scene: &Scene<'_>) -> Option<String> {
        let mut parts = Vec::new();
        parts.extend(self.channel.as_deref().map(|c| scene.site.channel_title(c).to_owned()));
        parts.extend(scene.language.window(self.window));
        Some(parts.join(" · "))
    }

    /// What `select` narrows the columns' selectors to: the engine has to count by that. Their
    /// names come from the figures, so here one stands for all.
    pub(super) fn selectors(&self, select: impl Fn(&mut Selector)) -> Vec<Selector> {
        let columns = self.columns.iter().map(|column| {
            let mut selector = column.measure.selector.clone();
            select(&mut selector);
            selector
        });
        columns.collect()
    }
}

impl Column {
    fn head(&self, language: Language) -> Head {
        let id = self.measure.kpi.id;
        let title = self.title.as_ref().map(|title| title.of(language));
        Head { id, title: title.unwrap_or_else(|| language.kpi_column(id)) }
    }
}

/// A KPI's id, or a table with `kpi`, `title`, `window`, `warn`, `bad`, `target`.
fn parse_column(
    section: &Section<'_>,
    element: Element<'_>,
    selector: &Selector,
    window: Option<Window>,
) -> Option<Column> {
    match element {
        Element::Text(id) => {
            let Some(kpi) = kpi::find(id.value) else {
                section.problem_at(
                    id.offset,
                    format_args!("unknown kpi \"{}\"; {}", id.value, suggest(id.value, &kpi_ids())),
                );
                return None;
            };
            let measure = Measure::plain(kpi, selector.clone(), window);
            Some(Column { title: None, measure })
        }
        Element::Table(at) => {
            let what = format!("{}, column", section.what);
            let own = Section::new(section.source, what, at.offset, at.value);
            let title = own.words("title");
            let own_window = own.has("window");
            let parsed = Measure::parse(&own);
            own.finish();
            let mut measure = parsed?;
            if !own_window {
                measure.window = Measure::plain(measure.kpi, Selector::default(), window).window;
            }
            measure.selector.channel = measure.selector.channel.or(selector.channel.clone());
            Some(Column { title, measure })
        }
    }
}
