//! The last hour of a number as a line, drawn on the server: the page has no script.

use jiff::tz::TimeZone;
use maud::{Markup, html};

use crate::board::format;
use crate::event::UnixMs;
use crate::kpi::Series;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 180.0;
/// Room for the times below.
const FOOT: f64 = 26.0;
/// Room for the scale beside.
const SIDE: f64 = 74.0;
const TOP: f64 = 12.0;

/// The line, its scale as `label` says numbers; none where not a single minute has one.
pub(super) fn line(
    series: &Series,
    label: impl Fn(f64) -> String,
    zone: &TimeZone,
    now_ms: UnixMs,
) -> Option<Markup> {
    let steps = series.values.len();
    let known = series.values.iter().flatten().filter(|value| value.is_finite());
    let top = known.clone().fold(0.0_f64, |most, value| most.max(*value));
    let bottom = known.clone().fold(0.0_f64, |least, value| least.min(*value));
    if known.count() == 0 || steps < 2 {
        return None;
    }
    let span = if top > bottom { top - bottom } else { 1.0 };
    let (left, below) = (SIDE, HEIGHT - FOOT);
    // Minutes of an hour: far below 2^53.
    let x = |at: usize| left + (WIDTH - left - 4.0) * at as f64 / (steps - 1) as f64;
    let y = |value: f64| below - (below - TOP) * (value - bottom) / span;
    let middle = series.from_ms.midpoint(now_ms);
    Some(html! {
        svg.course viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" {
            line.axis x1=(left) x2=(WIDTH) y1=(below) y2=(below) {}
            line.grid x1=(left) x2=(WIDTH) y1=(TOP) y2=(TOP) {}
            text x=(left - 10.0) y=(TOP + 5.0) text-anchor="end" { (label(bottom + span)) }
            text x=(left - 10.0) y=(below + 5.0) text-anchor="end" { (label(bottom)) }
            @for (at_ms, place, anchor) in [
                (series.from_ms, left, "start"),
                (middle, f64::midpoint(left, WIDTH), "middle"),
                (now_ms, WIDTH, "end"),
            ] {
                text x=(place) y=(HEIGHT - 4.0) text-anchor=(anchor) { (format::clock_time(at_ms, zone)) }
            }
            @for run in runs(&series.values) {
                @match run {
                    Run::Dot(at, value) => circle.line cx=(round(x(at))) cy=(round(y(value))) r="2.5" {},
                    Run::Line(points) => {
                        polyline.line points=(points.iter().map(|(at, value)| {
                            format!("{},{} ", round(x(*at)), round(y(*value)))
                        }).collect::<String>()) {}
                    }
                }
            }
        }
    })
}

enum Run {
    Dot(usize, f64),
    Line(Vec<(usize, f64)>),
}

/// Minutes in a row that have a number: a gap is no zero.
fn runs(values: &[Option<f64>]) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut points: Vec<(usize, f64)> = Vec::new();
    for (at, value) in values.iter().copied().chain([None]).enumerate() {
        match value.filter(|value| value.is_finite()) {
            Some(value) => points.push((at, value)),
            None => {
                let run = std::mem::take(&mut points);
                match run.as_slice() {
                    [] => {}
                    [(at, value)] => runs.push(Run::Dot(*at, *value)),
                    _ => runs.push(Run::Line(run)),
                }
            }
        }
    }
    runs
}

fn round(length: f64) -> f64 {
    (length * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(values: Vec<Option<f64>>) -> Option<String> {
        let series = Series { from_ms: 0, step_ms: 60_000, values };
        let zone = TimeZone::UTC;
        line(&series, |value| format!("{value:.0}"), &zone, 3_600_000).map(|it| it.into_string())
    }

    #[test]
    fn a_gap_parts_the_line_and_a_lone_minute_is_a_dot() {
        let drawn = drawn(vec![Some(1.0), Some(2.0), None, Some(4.0), None]).expect("a line");
        assert_eq!(drawn.matches("<polyline").count(), 1);
        assert_eq!(drawn.matches("<circle").count(), 1);
        assert!(
            drawn.contains(">00:00<") && drawn.contains(">00:30<") && drawn.contains(">01:00<")
        );
        assert!(drawn.contains(">4<"), "the scale ends at the most: {drawn}");
    }

    #[test]
    fn an_hour_without_numbers_has_no_line() {
        assert_eq!(drawn(vec![None; 60]), None);
        assert_eq!(drawn(Vec::new()), None);
    }
}
