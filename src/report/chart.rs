//! Contacts along the time, as a picture.

use maud::{Markup, html};

use super::{Course, Kind, Report};

/// The picture's size, in its own units.
const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 180.0;

/// "by hour"
pub(super) fn step_name(course: &Course) -> &'static str {
    if course.quarters == 1 { "by quarter hour" } else { "by hour" }
}

/// Bars, with a line for each day of a week or each three hours of a day.
pub(super) fn bars(report: &Report) -> Markup {
    let course = &report.course;
    let most = course.contacts.iter().copied().fold(1.0, f64::max);
    let width = WIDTH / course.contacts.len().max(1) as f64;
    let per_line = match report.kind {
        Kind::Daily => 12,
        Kind::Weekly => 24,
    };
    html! {
        svg viewBox=(format!("0 0 {WIDTH} {}", HEIGHT + 24.0)) role="img" aria-label="Contacts along the time" {
            @for line in 0..=course.contacts.len() / per_line {
                @let x = (line * per_line) as f64 * width;
                line.grid x1=(x) x2=(x) y1="0" y2=(HEIGHT) {}
            }
            @for (step, contacts) in course.contacts.iter().enumerate() {
                @let height = contacts / most * (HEIGHT - 16.0);
                rect.bar x=(step as f64 * width) y=(HEIGHT - height) width=(width * 0.85) height=(height) {}
            }
            text.scale x="2" y="12" { (format!("{most:.0}")) }
            @for (index, label) in labels(report).iter().enumerate() {
                text.scale x=((index * per_line) as f64 * width + 3.0) y=(HEIGHT + 17.0) { (label) }
            }
        }
    }
}

fn labels(report: &Report) -> Vec<String> {
    match report.kind {
        Kind::Daily => report.hours.clone(),
        Kind::Weekly => {
            ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].map(str::to_owned).to_vec()
        }
    }
}
