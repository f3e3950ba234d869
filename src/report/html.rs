//! A report as a page that prints on two sheets: of each list it shows the most telling lines and
//! says how many more there are. Nothing is left out of CSV and JSON.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{Cell, Kind, NOTHING, Report, Table, chart};
use crate::config::model::ShowAgents;
use crate::kpi::value::Unit;
use crate::kpi::{self, text};

const STYLE: &str = include_str!("report.css");
/// Rows of a table: the busiest.
const ROWS_MAX: usize = 8;
/// Policies: those that were not kept come first.
const POLICIES_MAX: usize = 8;
/// Annotations: the first ones.
const ANNOTATIONS_MAX: usize = 5;

/// The whole page, with nothing to load.
pub(super) fn page(report: &Report) -> String {
    let kind = match report.kind {
        Kind::Daily => "Daily report",
        Kind::Weekly => "Weekly report",
    };
    // A day that begins at night is worth a word.
    let begins = report.hours.first().filter(|clock| *clock != "00:00");
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
                    p {
                        (kind) " · " strong { (report.dates) } " · " (report.time_zone)
                        @if let Some(clock) = begins { ", days from " (clock) }
                        @if report.is_provisional { " · " (provisional(report)) }
                    }
                }
                (headline(report))
                (policies(report))
                section {
                    h2 { "Contacts " (chart::step_name(&report.course)) }
                    (chart::bars(report))
                }
                div.columns { (peaks(report)) (worst(report)) }
                (notes(report))
                div.tables { @for table in &report.tables { (figures(report, table)) } }
                footer { (legend(report)) }
            }
        }
    };
    page.into_string()
}

/// Contacts that are still open may change it.
fn provisional(report: &Report) -> Markup {
    html! { strong { "provisional" } " until " (report.final_at) }
}

fn legend(report: &Report) -> Markup {
    html! {
        "Every figure is computed from counts of the same quarters of an hour as on the wall. "
        @if report.agents == ShowAgents::Alias { "Agents appear under aliases. " }
        "“concealed”: of fewer than five contacts of one agent. “–”: makes no sense there. "
        "“no data”: nothing was counted."
        @if report.is_provisional {
            " “provisional”: contacts that are still open may change figures of their day."
        }
    }
}

/// Where nothing was counted in either span there is nothing to say.
fn headline(report: &Report) -> Markup {
    let before = match report.kind {
        Kind::Daily => "day before: ",
        Kind::Weekly => "week before: ",
    };
    let told = report.headline.iter().filter(|line| {
        let before = line.before.as_ref().and_then(|before| before.value);
        line.now.value.or(before).is_some()
    });
    html! {
        section.headline {
            @for line in told {
                div.number title=(line.sentence) {
                    span.title { (line.title) (currency(report, line.kpi)) }
                    span.value { (line.now.display) (of_ratings(&line.now)) }
                    @if let Some(cell) = &line.before { span.before { (before) span { (cell.display) } } }
                }
            }
        }
    }
}

/// ", EUR" for amounts of money.
fn currency(report: &Report, id: &str) -> String {
    let is_money = kpi::find(id).is_some_and(|kpi| kpi.unit == Unit::Money);
    if is_money { format!(", {}", report.currency) } else { String::new() }
}

fn of_ratings(cell: &Cell) -> Markup {
    html! { @if let Some(ratings) = cell.ratings { small { " of " (text::count(ratings)) } } }
}

fn more(shown: usize, all: usize) -> Markup {
    html! { @if all > shown { p.more { "and " (all - shown) " more in CSV and JSON" } } }
}

fn policies(report: &Report) -> Markup {
    if report.policies.is_empty() {
        return html! {};
    }
    let mut policies: Vec<_> = report.policies.iter().collect();
    policies.sort_by_key(|policy| policy.kept != Some(false));
    html! {
        section {
            h2 { "What was promised" }
            table {
                thead { tr { th { "Policy" } th.figure { "Goal" } th.figure { "Met" } th {} th { "How" } } }
                tbody {
                    @for policy in policies.iter().take(POLICIES_MAX) {
                        tr {
                            td.name.cut title=(policy.title) { (policy.title) }
                            td.figure { (text::percent(policy.goal)) }
                            td.figure { (policy.met.display) }
                            @match policy.kept {
                                Some(true) => td.kept { "✓ kept" },
                                Some(false) => td.broken { "✗ not kept" },
                                None => td {},
                            }
                            td.how title=(policy.sentence) { div { (policy.sentence) } }
                        }
                    }
                }
            }
            (more(POLICIES_MAX, policies.len()))
        }
    }
}

fn peaks(report: &Report) -> Markup {
    html! {
        section {
            h2 { "Busiest quarter hours · contacts" }
            table {
                @for peak in &report.peaks {
                    tr {
                        td { (peak.when) }
                        td.figure { (format!("{:.0}", peak.contacts)) }
                        td.how.cut { (peak.annotations.join(", ")) }
                    }
                }
            }
        }
    }
}

fn worst(report: &Report) -> Markup {
    html! {
        section {
            h2 { "Worst quarter hours · in time" }
            table {
                @for worst in &report.worst {
                    tr title=(worst.sentence) {
                        td { (worst.when) }
                        td.figure { (text::count(worst.in_time)) " of " (text::count(worst.counted)) }
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
    let volume = |volume: Option<f64>| volume.map_or(NOTHING.to_owned(), |it| format!("{it:.1}"));
    html! {
        section {
            h2 { "What happened · contacts per hour before, during and after" }
            table {
                tbody {
                    @for note in report.annotations.iter().take(ANNOTATIONS_MAX) {
                        tr {
                            td { (note.from) }
                            td.wide.cut title=(note.title) { (note.kind) ": " (note.title) }
                            @for part in [note.before, note.during, note.after] {
                                td.figure { (volume(part)) }
                            }
                        }
                    }
                }
            }
            (more(ANNOTATIONS_MAX, report.annotations.len()))
        }
    }
}

fn figures(report: &Report, table: &Table) -> Markup {
    html! {
        section {
            table {
                thead {
                    tr {
                        th { (table.of) }
                        @for (title, kpi) in table.columns.iter().zip(&table.kpis) {
                            th.figure { (title) (currency(report, kpi)) }
                        }
                    }
                }
                tbody {
                    @for row in table.rows.iter().take(ROWS_MAX) {
                        tr {
                            td.name.cut title=(row.name) { (row.name) }
                            @for cell in &row.cells {
                                td.figure { (cell.display) (of_ratings(cell)) }
                            }
                        }
                    }
                }
            }
            (more(ROWS_MAX, table.rows.len()))
        }
    }
}
