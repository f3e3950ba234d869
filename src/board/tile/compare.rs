//! `compare`: a number against the same time yesterday or last week, as an arrow and a difference.

use serde::Serialize;

use super::Tone;
use super::measure::Measure;
use crate::board::figures::Scene;
use crate::board::format;
use crate::board::length;
use crate::board::reader::Section;
use crate::event::Millis;
use crate::kpi::Earlier;
use crate::kpi::compared::Compared;
use crate::kpi::value::{Better, Unit};
use crate::scope::Window;

/// Smaller changes are none.
const LEAST_CHANGE: f64 = 0.005;

/// Differences of times are told to the second below two minutes.
const EXACT_BELOW_MS: Millis = 120_000;

/// Where a number goes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Trend {
    direction: Direction,
    /// "+12%": nothing where nothing has changed.
    text: String,
    /// "vs yesterday".
    words: String,
    tone: Tone,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Direction {
    Up,
    Down,
    Same,
}

/// Reads `compare`.
pub(super) fn parse(section: &Section<'_>, measure: &Measure) -> Option<Earlier> {
    let known = ["yesterday", "last_week"];
    let by = section.one_of("compare", &known, |word| match word {
        "yesterday" => Some(Earlier::Yesterday),
        "last_week" => Some(Earlier::LastWeek),
        _ => None,
    })?;
    if measure.kpi.is_state {
        let id = measure.kpi.id;
        section
            .problem(format_args!("`compare` needs a number over a time; {id} is a state of now"));
    } else if measure.window == Window::Min5 {
        section.problem("`compare` compares whole quarters of an hour: `window` 15m or longer");
    }
    Some(by)
}

impl Trend {
    /// None where nothing is known of then.
    pub(super) fn of(measure: &Measure, by: Earlier, scene: &Scene<'_>) -> Option<Trend> {
        let compared =
            scene.figures.compared(measure.kpi, &measure.selector, measure.window, by)?;
        let words = scene.language.say(match by {
            Earlier::Yesterday => "list-than-yesterday",
            Earlier::LastWeek => "list-than-last-week",
        });
        let Compared { now, then } = compared;
        let change = match measure.kpi.unit {
            Unit::Ratio => now - then,
            _ if then == 0.0 => now,
            _ => (now - then) / then.abs(),
        };
        if change.abs() < LEAST_CHANGE {
            let (direction, tone) = (Direction::Same, Tone::Plain);
            return Some(Trend { direction, text: String::new(), words, tone });
        }
        let direction = if change > 0.0 { Direction::Up } else { Direction::Down };
        let tone = match (measure.kpi.better, direction) {
            (Better::Neither, _) | (_, Direction::Same) => Tone::Plain,
            (Better::Higher, Direction::Up) | (Better::Lower, Direction::Down) => Tone::Good,
            _ => Tone::Warn,
        };
        let text = difference(compared, measure.kpi.unit, scene);
        Some(Trend { direction, text, words, tone })
    }
}

/// "+12%", "−3 pts", "+18 min".
fn difference(Compared { now, then }: Compared, unit: Unit, scene: &Scene<'_>) -> String {
    let language = scene.language;
    let by = now - then;
    let sign = if by > 0.0 { '+' } else { '−' };
    let amount = by.abs();
    let text = match unit {
        Unit::Ratio => {
            let points = format::figure(amount * 100.0, Unit::Points, language).text;
            format!("{points}\u{a0}{}", language.say("list-points"))
        }
        Unit::Seconds => {
            // `as` saturates: right for text.
            let ms = (amount * 1000.0) as i64;
            if ms < EXACT_BELOW_MS {
                format::span(ms, language)
            } else {
                length::in_list(ms, language)
            }
        }
        Unit::Count if then != 0.0 => format::figure_in_line(
            (amount / then.abs() * 100.0).round() / 100.0,
            Unit::Ratio,
            language,
        ),
        Unit::Money => scene.in_line(amount, unit),
        Unit::Count | Unit::Points | Unit::Number => format::figure(amount, unit, language).text,
    };
    format!("{sign}{text}")
}
