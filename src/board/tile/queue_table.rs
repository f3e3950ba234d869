//! `queue_table`: one row for each queue, the same numbers side by side.
//!
//! What burns stands first: the queues that ask for action, of those the one in which somebody has
//! waited longest. Others stand in the file's order, else in that of their titles.

use super::table::{Row, Table};
use super::{Asked, State, Tile};
use crate::board::figures::Scene;
use crate::board::reader::{Element, Section};
use crate::language::Language;
use crate::scope::Selector;

/// Columns where the file names none.
const COLUMNS_DEFAULT: [&str; 5] =
    ["waiting", "longest_wait_now", "service_level", "answered", "abandoned"];

/// How long the longest waiting of a queue has waited.
const LONGEST_WAIT: &str = "longest_wait_now";

struct QueueTable {
    table: Table,
    /// Only these, in this order; empty means all.
    queues: Vec<String>,
    selectors: Vec<Selector>,
}

pub(super) const EXAMPLE: &str = r#"columns = ["waiting", { kpi = "service_level", title = "Service" }]
queues = ["sales"]
[[tile.rule]]
of = "waiting"
when = ">= 10"
tone = "bad""#;

pub(super) fn parse(section: &Section<'_>) -> Option<Box<dyn Tile>> {
    let queues = parse_queues(section);
    let table = Table::parse(section, &COLUMNS_DEFAULT);
    let selectors = table.selectors(|selector| selector.queue = Some(String::new()));
    Some(Box::new(QueueTable { table, queues, selectors }))
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

impl QueueTable {
    fn row(&self, queue: &str, scene: &Scene<'_>) -> (Row, State) {
        let name = scene.site.queue_in_words(queue, scene.language);
        let select = |to: &mut Selector| to.queue = Some(queue.to_owned());
        let (mut row, state) = self.table.row(name, scene, select);
        row.haste = self.table.number(LONGEST_WAIT, scene, select).filter(|wait| *wait > 0.0);
        (row, state)
    }
}

impl Tile for QueueTable {
    fn render(&self, scene: &Scene<'_>) -> String {
        let queues =
            if self.queues.is_empty() { scene.figures.queues() } else { self.queues.clone() };
        let (mut rows, states): (Vec<Row>, Vec<State>) =
            queues.iter().map(|queue| self.row(queue, scene)).unzip();
        if self.queues.is_empty() {
            rows.sort_by(|a, b| a.name.cmp(&b.name));
        }
        self.table.show(scene.language, (rows, states))
    }

    fn title(&self, language: Language) -> Option<String> {
        Some(language.say("tile-queue-table"))
    }

    fn asked(&self) -> Vec<Asked> {
        self.table.asked()
    }

    fn rows(&self) -> Option<&'static str> {
        Some("queue")
    }

    fn sound(&self) -> Option<&'static str> {
        self.table.sound()
    }

    fn subtitle(&self, scene: &Scene<'_>) -> Option<String> {
        self.table.subtitle(scene)
    }

    fn selectors(&self) -> Vec<&Selector> {
        self.selectors.iter().collect()
    }
}
