//! `number`: one KPI, as large as the tile allows.

use super::measure::Measure;
use super::{Asked, Face, Tile};
use crate::board::figures::Scene;
use crate::board::reader::Section;
use crate::language::Language;
use crate::scope::Selector;

struct NumberTile(Measure);

pub(super) fn parse(section: &Section<'_>) -> Option<Box<dyn Tile>> {
    Some(Box::new(NumberTile(Measure::parse(section)?)))
}

impl Tile for NumberTile {
    fn render(&self, scene: &Scene<'_>) -> String {
        let reading = self.0.read(scene);
        Face { state: reading.state, tone: reading.tone, note: reading.note, body: reading.number }
            .encode()
    }

    fn subtitle(&self, scene: &Scene<'_>) -> Option<String> {
        Some(self.0.subtitle(scene))
    }

    fn selectors(&self) -> Vec<&Selector> {
        vec![&self.0.selector]
    }

    fn kpi(&self) -> Option<&'static str> {
        Some(self.0.kpi.id)
    }

    fn asked(&self) -> Vec<Asked> {
        vec![Asked::by(&self.0)]
    }

    fn title(&self, language: Language) -> Option<String> {
        Some(language.kpi_title(self.0.kpi.id))
    }
}
