//! A report as a page that prints on two sheets.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{Course, Kind, NOTHING, Report, Table};
use crate::config::model::ShowAgents;

const STYLE: &str = include_str!("report.css");
/// Rows of a table; the busiest, and a line says how many more there are.
const ROWS_MAX: usize = 12;
/// The picture's size, in its own units.
const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 180.0;

/// The whole page, with nothing to load.
pub(super) fn page(report: &Report) -> String {
    let kind = match report.kind {
        Kind::Daily => "Daily report",
        Kind::Weekly => "Weekly report",
    };
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                title { (report.site) " · " (kind) " · " (report.dates) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { (report.site) }
                    p { (kind) " · " strong { (report.dates) } " · " (report.time_zone) }
                }
                (headline(report))
                (policies(report))
                section {
                    h2 { "Contacts " (step_name(&report.course)) }
                    (chart(report))
                }
                div.columns { (moments(report)) (notes(report)) }
                div.tables { @for table in &report.tables { (figures(table)) } }
                footer {
                    "Every figure is computed from counts of the same quarters of an hour as on \
                     the wall; agents appear "
                    @if report.agents == ShowAgents::Alias { "under aliases, and " }
                    "with five contacts or more."
                }
            }
        }
    };
    page.into_string()
}

fn headline(report: &Report) -> Markup {
    html! {
        section.headline {
            @for line in &report.headline {
                div.number title=(line.sentence) {
                    span.title { (line.title) }
                    span.value { (line.now.display) }
                    @if let Some(before) = &line.before { span.before { "before: " (before.display) } }
                }
            }
        }
    }
}

fn policies(report: &Report) -> Markup {
    if report.policies.is_empty() {
        return html! {};
    }
    html! {
        section {
            h2 { "What was promised" }
            table {
                thead { tr { th { "Policy" } th.figure { "Goal" } th.figure { "Met" } th {} th { "How" } } }
                tbody {
                    @for policy in &report.policies {
                        tr {
                            td { (policy.title) }
                            td.figure { (format!("{:.0} %", policy.goal * 100.0)) }
                            td.figure { (policy.met.display) }
                            @match policy.kept {
                                Some(true) => td.kept { "✓ kept" },
                                Some(false) => td.broken { "✗ not kept" },
                                None => td {},
                            }
                            td.how { (policy.sentence) }
                        }
                    }
                }
            }
        }
    }
}

fn moments(report: &Report) -> Markup {
    html! {
        section {
            h2 { "Busiest quarter hours" }
            table {
                @for peak in &report.peaks {
                    tr {
                        td { (peak.when) }
                        td.figure { (format!("{:.0}", peak.contacts)) }
                        td.how { (peak.annotations.join(", ")) }
                    }
                }
            }
        }
        section {
            h2 { "Worst quarter hours" }
            table {
                @for worst in &report.worst {
                    tr title=(worst.sentence) {
                        td { (worst.when) }
                        td.figure { (worst.service_level.display) }
                    }
                }
            }
        }
    }
}

fn notes(report: &Report) -> Markup {
    if report.annotations.is_empty() {
        return html! {};
    }
    html! {
        section {
            h2 { "What happened · contacts per hour" }
            table {
                thead { tr { th {} th {} th.figure { "before" } th.figure { "during" } th.figure { "after" } } }
                tbody {
                    @for note in &report.annotations {
                        tr {
                            td { (note.from) }
                            td { (note.title) " (" (note.kind) ")" }
                            @for volume in [note.before, note.during, note.after] {
                                td.figure { (volume.map_or(NOTHING.to_owned(), |it| format!("{it:.1}"))) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn figures(table: &Table) -> Markup {
    html! {
        section {
            table {
                thead { tr { th { (table.of) } @for column in &table.columns { th.figure { (column) } } } }
                tbody {
                    @for row in table.rows.iter().take(ROWS_MAX) {
                        tr {
                            td { (row.name) }
                            @for cell in &row.cells { td.figure { (cell.display) } }
                        }
                    }
                }
            }
            @if table.rows.len() > ROWS_MAX {
                p.more { "and " (table.rows.len() - ROWS_MAX) " more in CSV and JSON" }
            }
        }
    }
}

fn step_name(course: &Course) -> &'static str {
    if course.quarters == 1 { "by quarter hour" } else { "by hour" }
}

/// Bars, with a line for each day of a week or each three hours of a day.
fn chart(report: &Report) -> Markup {
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
