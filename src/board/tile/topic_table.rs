//! `topic_table`: what customers write about: what asks for action first, then the most frequent.
//!
//! Alike rows are sorted by their first column. Topics of which nothing came in are left out: a site's
//! rules may know a hundred.

use super::table::{Row, Table};
use super::{Asked, State, Tile};
use crate::board::figures::Scene;
use crate::board::reader::Section;
use crate::language::Language;
use crate::scope::Selector;

/// Columns where the file names none.
const COLUMNS_DEFAULT: [&str; 3] = ["topic_contacts", "topic_share", "topic_change"];

struct TopicTable {
    table: Table,
    selectors: Vec<Selector>,
}

fn of(topic: &str) -> impl Fn(&mut Selector) {
    move |selector| selector.topic = Some(topic.to_owned())
}

pub(super) const EXAMPLE: &str = r#"columns = ["volume", { kpi = "csat", title = "Satisfied" }]
[[tile.rule]]
of = "csat"
when = "< 50%"
tone = "bad""#;

pub(super) fn parse(section: &Section<'_>) -> Option<Box<dyn Tile>> {
    let table = Table::parse(section, &COLUMNS_DEFAULT);
    let selectors = table.selectors(of(""));
    Some(Box::new(TopicTable { table, selectors }))
}

impl Tile for TopicTable {
    fn render(&self, scene: &Scene<'_>) -> String {
        let topics = scene.figures.topics();
        let rows = topics.iter().map(|topic| self.table.row(topic.clone(), scene, of(topic)));
        let (mut rows, states): (Vec<Row>, Vec<State>) =
            rows.filter(|(row, _)| row.first.is_some_and(|first| first > 0.0)).unzip();
        let first = |row: &Row| row.first.unwrap_or_default();
        rows.sort_by(|a, b| first(b).total_cmp(&first(a)).then_with(|| a.name.cmp(&b.name)));
        self.table.show(scene.language, (rows, states))
    }

    fn title(&self, language: Language) -> Option<String> {
        Some(language.say("tile-topic-table"))
    }

    fn asked(&self) -> Vec<Asked> {
        self.table.asked()
    }

    fn rows(&self) -> Option<&'static str> {
        Some("topic")
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
