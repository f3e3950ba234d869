//! `gauge`: one KPI on a scale, with its target marked.

use serde::Serialize;

use super::measure::{Measure, Number};
use super::{Asked, Face, Tile, rule};
use crate::board::figures::Scene;
use crate::board::reader::Section;
use crate::kpi::value::Unit;
use crate::language::Language;
use crate::scope::Selector;

struct Gauge {
    measure: Measure,
    min: f64,
    max: f64,
}

#[derive(Serialize)]
struct Body {
    #[serde(flatten)]
    number: Number,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<f64>,
    min: f64,
    max: f64,
}

pub(super) const EXAMPLE: &str = r#"kpi = "service_level"
[[tile.rule]]
when = "< 70%"
tone = "warn""#;

pub(super) fn parse(section: &Section<'_>) -> Option<Box<dyn Tile>> {
    let (min, max) = (section.number("min"), section.number("max"));
    let measure = Measure::parse_with_rules(section)?;
    let min = min.map_or(0.0, |at| at.value);
    let max = match max {
        Some(at) => at.value,
        None if measure.kpi.unit == Unit::Ratio => 1.0,
        None => {
            section.problem("`max` is missing: where does the scale end?");
            return None;
        }
    };
    if min >= max {
        section.problem(format_args!("`min` ({min}) must be below `max` ({max})"));
        return None;
    }
    Some(Box::new(Gauge { measure, min, max }))
}

impl Tile for Gauge {
    fn render(&self, scene: &Scene<'_>) -> String {
        let reading = self.measure.read(scene);
        let body =
            Body { number: reading.number, target: reading.target, min: self.min, max: self.max };
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
