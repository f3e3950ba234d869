//! `number`: one KPI, as large as the tile allows; and where it goes.

use serde::Serialize;

use super::compare::{self, Trend};
use super::measure::{Measure, Number};
use super::{Asked, Face, Tile, rule};
use crate::board::figures::Scene;
use crate::board::reader::Section;
use crate::kpi::Earlier;
use crate::language::Language;
use crate::scope::Selector;

struct NumberTile {
    measure: Measure,
    compare: Option<Earlier>,
}

#[derive(Serialize)]
struct Body {
    #[serde(flatten)]
    number: Number,
    #[serde(skip_serializing_if = "Option::is_none")]
    trend: Option<Trend>,
}

pub(super) const EXAMPLE: &str = r#"kpi = "offered"
compare = "yesterday"
[[tile.rule]]
when = ">= 10"
tone = "bad"
sound = "alert""#;

pub(super) fn parse(section: &Section<'_>) -> Option<Box<dyn Tile>> {
    let Some(measure) = Measure::parse_with_rules(section) else {
        // Known all the same.
        section.text("compare");
        return None;
    };
    let compare = compare::parse(section, &measure);
    Some(Box::new(NumberTile { measure, compare }))
}

impl Tile for NumberTile {
    fn render(&self, scene: &Scene<'_>) -> String {
        let reading = self.measure.read(scene);
        let is_shown = reading.number.value.is_some();
        let compare = self.compare.filter(|_| is_shown);
        let trend = compare.and_then(|by| Trend::of(&self.measure, by, scene));
        let body = Body { number: reading.number, trend };
        Face { state: reading.state, tone: reading.tone, note: reading.note, body }.encode()
    }

    fn subtitle(&self, scene: &Scene<'_>) -> Option<String> {
        Some(self.measure.subtitle(scene))
    }

    fn selectors(&self) -> Vec<&Selector> {
        vec![&self.measure.selector]
    }

    fn kpi(&self) -> Option<&'static str> {
        Some(self.measure.kpi.id)
    }

    fn sound(&self) -> Option<&'static str> {
        rule::sound(&self.measure.rules)
    }

    fn asked(&self) -> Vec<Asked> {
        vec![Asked::by(&self.measure)]
    }

    fn title(&self, language: Language) -> Option<String> {
        Some(language.kpi_title(self.measure.kpi.id))
    }
}
