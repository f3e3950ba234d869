//! `quality`: what customers say of us when they are asked, each figure with how many said so.
//!
//! A figure that nobody has given anything for is left out, unless the file names it: a site asks on
//! one scale, and the figures of others stay empty for ever. Few ratings are called few.

use std::borrow::Cow;

use serde::Serialize;

use super::measure::{self, Measure, parse_window};
use super::trust::trust;
use super::{Asked, Face, State, Tile, Tone, rows};
use crate::board::figures::Scene;
use crate::board::format;
use crate::board::reader::{Element, Section, suggest};
use crate::kpi::value::{Figure, Unit, Value};
use crate::kpi::{self, Kpi};
use crate::language::Language;
use crate::scope::{Selector, Window};

/// In this order.
const FIGURES: [&str; 4] = ["csat", "nps", "csi", "rating"];
/// The mean rating says the same as the share of good ones, to most people.
const FIGURES_DEFAULT: [&str; 3] = ["csat", "nps", "csi"];
/// The dimension of a rating of everything.
const OVERALL: &str = "overall";
/// More cannot be read.
const DIMENSIONS_LIMIT: usize = 12;
struct Quality {
    figures: Vec<Measure>,
    /// Shown although there is nothing to show.
    is_named: bool,
    response: Measure,
    /// Of each dimension.
    rated: Measure,
    rows_max: usize,
}

#[derive(Serialize)]
struct Body {
    figures: Vec<Cell>,
    /// "41% of those asked answered (52 of 130)".
    #[serde(skip_serializing_if = "Option::is_none")]
    response: Option<String>,
    dimensions: Vec<Dimension>,
    more: usize,
    empty: String,
}

#[derive(Serialize)]
struct Cell {
    name: String,
    text: String,
    unit: Cow<'static, str>,
    /// "52 ratings", "only 7 ratings".
    detail: String,
    tone: Tone,
    #[serde(skip_serializing_if = "Option::is_none")]
    word: Option<String>,
    is_few: bool,
}

#[derive(Serialize)]
struct Dimension {
    name: String,
    text: String,
    /// How many ratings.
    detail: String,
    share: f64,
    is_few: bool,
}

pub(super) const EXAMPLE: &str = r#"figures = ["csat", "nps"]"#;

pub(super) fn parse(section: &Section<'_>) -> Option<Box<dyn Tile>> {
    let name = |key| section.text(key).map(|at| at.value.to_owned());
    let selector = Selector {
        channel: name("channel"),
        queue: name("queue"),
        topic: name("topic"),
        ..Selector::default()
    };
    let window = parse_window(section).unwrap_or(Window::Today);
    let min_volume = section.whole("min_volume").map(|at| at.value);
    let rows_max = rows::max(section, DIMENSIONS_LIMIT);
    let limits = ["target", "warn", "bad"].map(|key| {
        let at = section.number(key)?;
        if !(0.0..=1.0).contains(&at.value) {
            section.problem_at(at.offset, "a share is between 0 and 1 (0.8 is 80%)");
        }
        Some(at.value)
    });
    let named = parse_figures(section);
    let is_named = named.is_some();
    let measure = |kpi: &'static Kpi| {
        let measure = Measure::plain(kpi, selector.clone(), Some(window));
        Measure { min_volume, ..measure }
    };
    let figures = named.unwrap_or_else(|| FIGURES_DEFAULT.to_vec());
    let figures = figures.into_iter().filter_map(kpi::find).map(|kpi| {
        let mut measure = measure(kpi);
        if kpi.id == "csat" {
            let [target, warn, bad] = limits;
            measure.target = target;
            measure.limits = measure::Limits { warn, bad };
        }
        measure
    });
    let mut rated = measure(kpi::find("csat")?);
    rated.selector.dimension = Some(String::new());
    let response = measure(kpi::find("rating_response_rate")?);
    let figures = figures.collect();
    Some(Box::new(Quality { figures, is_named, response, rated, rows_max }))
}

fn parse_figures(section: &Section<'_>) -> Option<Vec<&'static str>> {
    let mut named = Vec::new();
    for element in section.list("figures")? {
        let (word, offset) = match &element {
            Element::Text(at) => (at.value, at.offset),
            Element::Table(at) => ("", at.offset),
        };
        match FIGURES.iter().find(|known| **known == word) {
            Some(known) if named.contains(known) => {
                section.problem_at(offset, format_args!("\"{word}\" stands there twice"));
            }
            Some(known) => named.push(*known),
            None => section.problem_at(
                offset,
                format_args!("unknown figure \"{word}\"; {}", suggest(word, &FIGURES)),
            ),
        }
    }
    Some(named)
}

/// How many ratings stand behind it.
fn ratings(value: &Value) -> i64 {
    let count = |name| measure::count(value, name).unwrap_or_default();
    match value.kpi {
        "nps" => count("ratings_to_ten"),
        "csi" => count("good") + count("bad"),
        _ => count("ratings"),
    }
}

impl Quality {
    fn is_few(&self, ratings: i64, scene: &Scene<'_>) -> bool {
        ratings < self.response.min_volume.unwrap_or(i64::from(scene.site.min_volume))
    }

    fn cell(&self, measure: &Measure, value: &Value, scene: &Scene<'_>) -> Option<Cell> {
        let language = scene.language;
        let ratings = ratings(value);
        let is_known = matches!(value.figure, Figure::Number(_));
        let is_only_good = value.kpi == "csi" && !is_known && ratings > 0;
        if !is_known && !is_only_good && !self.is_named {
            return None;
        }
        let number = measure.judged(value, scene);
        let is_few = ratings > 0 && self.is_few(ratings, scene);
        let text = match value.figure {
            _ if is_only_good => "∞".to_owned(),
            Figure::Number(points) if measure.kpi.unit == Unit::Points && points > 0.0 => {
                format!("+{}", number.number.text)
            }
            Figure::Number(_) => number.number.text.replace('-', "−"),
            _ => number.number.text,
        };
        Some(Cell {
            name: language.kpi_title(measure.kpi.id),
            text,
            unit: number.number.unit,
            detail: if is_few { language.only_ratings(ratings) } else { language.ratings(ratings) },
            tone: number.tone,
            word: number.number.word,
            is_few,
        })
    }

    fn dimension(&self, name: &str, scene: &Scene<'_>) -> Option<Dimension> {
        let mut measure = self.rated.clone();
        measure.selector.dimension = Some(name.to_owned());
        let value = measure.value(scene);
        let Figure::Number(share) = value.figure else { return None };
        let ratings = ratings(&value);
        Some(Dimension {
            name: scene.language.dimension(name),
            text: format::figure_in_line(share, value.unit, scene.language),
            detail: format::count(ratings as f64, scene.language),
            // To the thousandth: less cannot be seen, and would change the tile.
            share: (share * 1000.0).round() / 1000.0,
            is_few: self.is_few(ratings, scene),
        })
    }

    fn response(&self, value: &Value, scene: &Scene<'_>) -> Option<String> {
        let language = scene.language;
        let Figure::Number(rate) = value.figure else { return None };
        let count = |name| {
            let count = measure::count(value, name).unwrap_or_default();
            format::count(count as f64, language)
        };
        let counts = language.of(&count("ratings_of_asked"), &count("requests"));
        Some(language.asked_answered(&format::figure_in_line(rate, value.unit, language), &counts))
    }
}

impl Tile for Quality {
    fn render(&self, scene: &Scene<'_>) -> String {
        let response = self.response.value(scene);
        let values: Vec<Value> = self.figures.iter().map(|it| it.value(scene)).collect();
        let coverage = values.iter().chain([&response]).map(|value| &value.coverage);
        let (trusted, note) = trust(coverage, scene);
        let cells = self.figures.iter().zip(&values);
        let figures: Vec<Cell> =
            cells.filter_map(|(measure, value)| self.cell(measure, value, scene)).collect();
        let names = scene.figures.dimensions();
        // What is rated as a whole stands above.
        let names = names.iter().filter(|name| *name != OVERALL);
        let dimensions = names.filter_map(|name| self.dimension(name, scene));
        let mut dimensions: Vec<Dimension> = dimensions.collect();
        // The worst first; what few have said last.
        dimensions.sort_by(|a, b| {
            (a.is_few.cmp(&b.is_few))
                .then_with(|| a.share.total_cmp(&b.share))
                .then_with(|| a.name.cmp(&b.name))
        });
        let more = dimensions.len().saturating_sub(self.rows_max);
        dimensions.truncate(self.rows_max);
        let is_rated = !dimensions.is_empty() || values.iter().any(|value| ratings(value) > 0);
        let state = if is_rated { trusted } else { State::NoData };
        let tone = figures.iter().map(|cell| cell.tone).max().unwrap_or(Tone::Plain);
        let tone = if tone == Tone::Good { Tone::Plain } else { tone };
        let response = self.response(&response, scene);
        let empty = scene.language.say("quality-no-ratings");
        let body = Body { figures, response, dimensions, more, empty };
        Face { state, tone, note, body }.encode()
    }

    fn title(&self, language: Language) -> Option<String> {
        Some(language.say("tile-quality"))
    }

    fn subtitle(&self, scene: &Scene<'_>) -> Option<String> {
        Some(self.response.subtitle(scene))
    }

    fn selectors(&self) -> Vec<&Selector> {
        vec![&self.response.selector, &self.rated.selector]
    }

    fn asked(&self) -> Vec<Asked> {
        self.figures.iter().chain([&self.response]).map(Asked::by).collect()
    }
}
