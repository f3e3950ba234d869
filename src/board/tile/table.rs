//! What the tables have in common: columns of KPIs, a row for each thing, what is left out.

use serde::Serialize;

use super::measure::{Measure, kpi_ids, parse_window};
use super::{Asked, Face, State, Tone};
use crate::board::figures::Scene;
use crate::board::reader::{Element, Section, suggest};
use crate::kpi;
use crate::scope::{Selector, Window};

/// More columns cannot be read from five metres.
const COLUMNS_MAX: usize = 8;

/// Columns, and how many rows there may be.
pub(super) struct Table {
    columns: Vec<Column>,
    channel: Option<String>,
    window: Window,
    rows_max: usize,
}

struct Column {
    title: String,
    measure: Measure,
}

#[derive(Serialize)]
struct Body<'a> {
    columns: Vec<Head<'a>>,
    rows: Vec<Row>,
    more: usize,
}

#[derive(Serialize)]
struct Head<'a> {
    id: &'static str,
    title: &'a str,
}

/// One thing's numbers.
#[derive(Serialize)]
pub(super) struct Row {
    pub(super) name: String,
    cells: Vec<Cell>,
    #[serde(skip)]
    tone: Tone,
    /// The first column's number, to sort by.
    #[serde(skip)]
    pub(super) first: Option<f64>,
}

#[derive(Serialize)]
struct Cell {
    text: String,
    tone: Tone,
}

impl Table {
    /// Reads `columns`, `channel`, `window`, `rows_max`.
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
                        title: kpi.title.to_owned(),
                        measure: Measure::plain(kpi, selector.clone(), window),
                    });
                }
            }
        }
        // A row needs about two thirds of a grid row; the head takes one and the title another.
        let height = section.whole("h").map_or(4, |at| at.value.clamp(2, 12));
        let fitting = usize::try_from((height - 1) * 3 / 2).unwrap_or(1).max(1);
        let rows_max = match rows_max {
            Some(at) if at.value >= 1 => usize::try_from(at.value).unwrap_or(fitting),
            Some(at) => {
                section.problem_at(at.offset, "`rows_max` must be 1 or more");
                fitting
            }
            None => fitting,
        };
        Table { columns, channel, window: window.unwrap_or(Window::Min15), rows_max }
    }

    /// The numbers of what `select` narrows a column's selector to.
    pub(super) fn row(
        &self,
        name: String,
        scene: &Scene<'_>,
        select: impl Fn(&mut Selector),
    ) -> (Row, State) {
        let mut row = Row { name, cells: Vec::new(), tone: Tone::Plain, first: None };
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
            let text = match reading.number.unit {
                "" => reading.number.text,
                unit => format!("{}{unit}", reading.number.text),
            };
            row.cells.push(Cell { text, tone: reading.tone });
        }
        (row, state)
    }

    /// Keeps the rows that ask most for action, of equals the first; says how many more there
    /// were.
    pub(super) fn keep_urgent(&self, rows: &mut Vec<Row>) -> usize {
        let more = rows.len().saturating_sub(self.rows_max);
        if more > 0 {
            rows.sort_by_key(|row| std::cmp::Reverse(row.tone));
            rows.truncate(self.rows_max);
        }
        more
    }

    /// Keeps the first rows; says how many more there were.
    pub(super) fn keep_first(&self, rows: &mut Vec<Row>) -> usize {
        let more = rows.len().saturating_sub(self.rows_max);
        rows.truncate(self.rows_max);
        more
    }

    /// The tile's value.
    pub(super) fn encode(&self, rows: Vec<Row>, more: usize, state: State) -> String {
        let state = if rows.is_empty() { State::NoData } else { state };
        let columns = self.columns.iter();
        let columns = columns.map(|c| Head { id: c.measure.kpi.id, title: &c.title }).collect();
        Face { state, tone: Tone::Plain, note: None, body: Body { columns, rows, more } }.encode()
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
            Some(Column { title: kpi.title.to_owned(), measure })
        }
        Element::Table(at) => {
            let what = format!("{}, column", section.what);
            let own = Section::new(section.source, what, at.offset, at.value);
            let title = own.text("title").map(|at| at.value.to_owned());
            let own_window = own.has("window");
            let parsed = Measure::parse(&own);
            own.finish();
            let mut measure = parsed?;
            if !own_window {
                measure.window = Measure::plain(measure.kpi, Selector::default(), window).window;
            }
            measure.selector.channel = measure.selector.channel.or(selector.channel.clone());
            Some(Column { title: title.unwrap_or_else(|| measure.kpi.title.to_owned()), measure })
        }
    }
}
