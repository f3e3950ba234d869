//! `queue_table`: one row for each queue, the same numbers side by side.
//!
//! Rows stand in the order of their titles, so that a queue is always looked for in the same
//! place. Where there are more queues than rows, those that ask most for action stay.

use super::table::{Row, Table};
use super::{Asked, State, Tile};
use crate::board::figures::Scene;
use crate::board::reader::{Element, Section};

/// Columns where the file names none.
const COLUMNS_DEFAULT: [&str; 5] =
    ["waiting", "longest_wait_now", "service_level", "answered", "abandoned"];

struct QueueTable {
    table: Table,
    /// Only these, in this order; empty means all.
    queues: Vec<String>,
}

pub(super) fn parse(section: &Section<'_>) -> Option<Box<dyn Tile>> {
    let queues = parse_queues(section);
    Some(Box::new(QueueTable { table: Table::parse(section, &COLUMNS_DEFAULT), queues }))
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
        let name = match queue {
            "" => scene.language.no_queue(),
            named => scene.site.queue_title(named),
        };
        self.table.row(name.to_owned(), scene, |to| to.queue = Some(queue.to_owned()))
    }
}

impl Tile for QueueTable {
    fn render(&self, scene: &Scene<'_>) -> String {
        let queues =
            if self.queues.is_empty() { scene.figures.queues() } else { self.queues.clone() };
        let (mut rows, states): (Vec<Row>, Vec<State>) =
            queues.iter().map(|queue| self.row(queue, scene)).unzip();
        let more = self.table.keep_urgent(&mut rows);
        if self.queues.is_empty() || more > 0 {
            rows.sort_by(|a, b| a.name.cmp(&b.name));
        }
        self.table.encode(rows, more, states.into_iter().max().unwrap_or(State::Live))
    }

    fn asked(&self) -> Vec<Asked> {
        self.table.asked()
    }

    fn rows(&self) -> Option<&'static str> {
        Some("queue")
    }

    fn subtitle(&self, scene: &Scene<'_>) -> Option<String> {
        self.table.subtitle(scene)
    }
}
