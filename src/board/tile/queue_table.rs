//! `queue_table`: one row for each queue, the same numbers side by side.
//!
//! Rows stand in the order of their titles, so that a queue is always looked for in the same
//! place. Where there are more queues than rows, those that ask most for action stay.

use serde::Serialize;

use super::measure::{Measure, kpi_ids, parse_window};
use super::{Face, State, Tile, Tone};
use crate::board::figures::Scene;
use crate::board::reader::{Element, Section, suggest};
use crate::kpi;
use crate::kpi::value::{Selector, Window};

/// Columns where the file names none.
const COLUMNS_DEFAULT: [&str; 5] =
    ["waiting", "longest_wait_now", "service_level", "answered", "abandoned"];

/// More columns cannot be read from five metres.
const COLUMNS_MAX: usize = 8;

struct QueueTable {
    columns: Vec<Column>,
    /// Only these, in this order; empty means all.
    queues: Vec<String>,
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

#[derive(Serialize)]
struct Row {
    name: String,
    cells: Vec<Cell>,
    #[serde(skip)]
    tone: Tone,
}

#[derive(Serialize)]
struct Cell {
    text: String,
    tone: Tone,
}

pub(super) fn parse(section: &Section<'_>) -> Option<Box<dyn Tile>> {
    let window = parse_window(section);
    let channel = section.text("channel").map(|at| at.value.to_owned());
    let queues = parse_queues(section);
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
            for kpi in COLUMNS_DEFAULT.into_iter().filter_map(kpi::find) {
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
    let window = window.unwrap_or(Window::Min15);
    Some(Box::new(QueueTable { columns, queues, channel, window, rows_max }))
}

fn parse_queues(section: &Section<'_>) -> Vec<String> {
    let mut queues = Vec::new();
    for element in section.list("queues").unwrap_or_default() {
        match element {
            Element::Text(name) => queues.push(name.value.to_owned()),
            Element::Table(at) => section.problem_at(at.offset, "`queues` is a list of names"),
        }
    }
    queues
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

impl QueueTable {
    fn row(&self, queue: &str, scene: &Scene<'_>, state: &mut State) -> Row {
        let mut cells = Vec::with_capacity(self.columns.len());
        for column in &self.columns {
            let mut measure = column.measure.clone();
            measure.selector.queue = Some(queue.to_owned());
            let reading = measure.read(scene);
            if matches!(reading.state, State::Late | State::Stale) {
                *state = State::Late;
            }
            let text = match reading.number.unit {
                "" => reading.number.text,
                unit => format!("{}{unit}", reading.number.text),
            };
            cells.push(Cell { text, tone: reading.tone });
        }
        let tone = cells.iter().map(|cell| cell.tone).max().unwrap_or(Tone::Plain);
        let name = match queue {
            "" => scene.language.no_queue(),
            named => scene.site.queue_title(named),
        };
        Row { name: name.to_owned(), cells, tone }
    }
}

impl Tile for QueueTable {
    fn render(&self, scene: &Scene<'_>) -> String {
        let queues =
            if self.queues.is_empty() { scene.figures.queues() } else { self.queues.clone() };
        let mut state = State::Live;
        let mut rows: Vec<Row> =
            queues.iter().map(|queue| self.row(queue, scene, &mut state)).collect();
        let more = rows.len().saturating_sub(self.rows_max);
        if more > 0 {
            rows.sort_by_key(|row| std::cmp::Reverse(row.tone));
            rows.truncate(self.rows_max);
        }
        if self.queues.is_empty() || more > 0 {
            rows.sort_by(|a, b| a.name.cmp(&b.name));
        }
        if rows.is_empty() {
            state = State::NoData;
        }
        let columns = self.columns.iter();
        let columns = columns.map(|c| Head { id: c.measure.kpi.id, title: &c.title }).collect();
        Face { state, tone: Tone::Plain, note: None, body: Body { columns, rows, more } }.encode()
    }

    fn subtitle(&self, scene: &Scene<'_>) -> Option<String> {
        let mut parts = Vec::new();
        parts.extend(self.channel.as_deref().map(|c| scene.site.channel_title(c).to_owned()));
        parts.extend(scene.language.window(self.window));
        Some(parts.join(" · "))
    }
}
