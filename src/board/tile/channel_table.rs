//! `channel_table`: one row for each channel, the same numbers side by side.

use super::table::{Row, Table};
use super::{State, Tile};
use crate::board::figures::Scene;
use crate::board::reader::Section;
use crate::language::Language;

/// Columns where the file names none: how much, who waits, how soon, who is answered, how well.
const COLUMNS_DEFAULT: [&str; 5] = ["volume", "waiting", "frt_median", "answer_rate", "csat"];

struct ChannelTable(Table);

pub(super) const EXAMPLE: &str = r#"columns = ["volume", { kpi = "waiting", title = "Waiting" }]
[[tile.rule]]
of = "waiting"
when = ">= 10"
tone = "bad""#;

pub(super) fn parse(section: &Section<'_>) -> Option<Box<dyn Tile>> {
    if section.has("channel") {
        section.problem("a `channel_table` has a row for each channel: no `channel`");
    }
    Some(Box::new(ChannelTable(Table::parse(section, &COLUMNS_DEFAULT))))
}

impl Tile for ChannelTable {
    fn render(&self, scene: &Scene<'_>) -> String {
        let row = |channel: &String| {
            let title = scene.site.channel_title(channel).to_owned();
            self.0.row(title, scene, |to| to.channel = Some(channel.clone()))
        };
        let (rows, states): (Vec<Row>, Vec<State>) =
            scene.figures.channels().iter().map(row).unzip();
        self.0.show(scene.language, (rows, states))
    }

    fn title(&self, language: Language) -> Option<String> {
        Some(language.say("tile-channel-table"))
    }

    fn sound(&self) -> Option<&'static str> {
        self.0.sound()
    }

    fn subtitle(&self, scene: &Scene<'_>) -> Option<String> {
        self.0.subtitle(scene)
    }
}
