//! The letter as a page that mail programs show: they know tables and styles in place, and little else.

use maud::{DOCTYPE, Markup, html};

use super::words::Said;
use crate::report::{Cell, Table};

/// Figures of the headline beside each other.
const BESIDE: usize = 4;
/// Rows of a table: the busiest.
const ROWS_MAX: usize = 8;
/// Policies: those that were not kept come first.
const POLICIES_MAX: usize = 12;
/// Annotations: the first ones.
const ANNOTATIONS_MAX: usize = 6;
/// Of the highest bar, in pixels.
const BAR_HEIGHT: f64 = 90.0;

const FONT: &str = "font-family:'Segoe UI',Roboto,Helvetica,Arial,sans-serif;";
const SHEET: &str = "width:100%;max-width:840px;background:#ffffff;border:1px solid #d6dee6;";
const TABLE: &str = "width:100%;border-collapse:collapse;";
const HEAD: &str = "padding:6px 0 6px 12px;border-bottom:1px solid #c3ccd5;text-align:right;\
    font-size:12px;font-weight:600;color:#52606d;vertical-align:bottom;";
const FIRST_HEAD: &str = "padding:6px 0;border-bottom:1px solid #c3ccd5;text-align:left;\
    font-size:12px;font-weight:600;color:#52606d;vertical-align:bottom;";
const NAME: &str = "padding:6px 0;border-bottom:1px solid #e4e9ee;font-size:14px;color:#1b2430;\
    word-break:break-word;";
const FIGURE: &str = "padding:6px 0 6px 12px;border-bottom:1px solid #e4e9ee;text-align:right;\
    font-size:14px;color:#1b2430;white-space:nowrap;";
const SOFT: &str = "font-size:12px;color:#66727e;";
const TITLE: &str = "margin:26px 0 8px 0;font-size:15px;font-weight:600;color:#1f5f8b;";

pub(super) fn page(said: &Said<'_>) -> String {
    let report = said.report;
    let page = html! {
        (DOCTYPE)
        html lang=(said.language.id()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                title { (said.kind()) " " (said.dates()) " · " (report.site) }
            }
            body style={ "margin:0;padding:16px;background:#eef2f5;color:#1b2430;" (FONT) } {
                table role="presentation" align="center" style={ (SHEET) "margin:0 auto;border-collapse:separate;" } {
                    tr { td style="padding:22px 28px 6px 28px;border-top:4px solid #1f5f8b;" {
                        h1 style="margin:0 0 4px 0;font-size:22px;font-weight:600;" { (report.site) }
                        p style="margin:0;font-size:15px;color:#3b4854;" {
                            (said.kind()) " · " strong { (said.dates()) }
                            " · " (report.time_zone)
                        }
                        @if let Some(about) = &said.around.about {
                            p style="margin:6px 0 0 0;font-size:15px;" { strong { (about) } }
                        }
                        @if let Some(why) = said.provisional() {
                            p style="margin:10px 0 0 0;padding:8px 12px;background:#fff4d6;font-size:13px;" { (why) }
                        }
                    } }
                    tr { td style="padding:6px 28px 24px 28px;" {
                        (headline(said))
                        (policies(said))
                        (bars(said))
                        (quarters(said))
                        (notes(said))
                        @for table in &report.tables { (figures(said, table)) }
                    } }
                    tr { td style="padding:14px 28px 18px 28px;background:#f6f8fa;" {
                        @if let Some(link) = &said.around.link {
                            p style="margin:0 0 8px 0;font-size:14px;" {
                                a href=(link) style="color:#1f5f8b;" { (said.say("report-link")) }
                            }
                        }
                        @for line in said.footer() {
                            p style={ "margin:0 0 4px 0;" (SOFT) } { (line) }
                        }
                    } }
                }
            }
        }
    };
    page.into_string()
}

fn headline(said: &Said<'_>) -> Markup {
    let lines: Vec<_> = said.headline().collect();
    html! {
        @if lines.is_empty() { p style="margin:18px 0;font-size:15px;" { (said.say("report-nothing")) } }
        table role="presentation" style={ (TABLE) "table-layout:fixed;" } {
            @for row in lines.chunks(BESIDE) {
                tr {
                    @for line in row {
                        td style="padding:12px 12px 8px 0;vertical-align:top;border-bottom:1px solid #eef2f5;" {
                            div style={ (SOFT) } { (said.title(line.kpi)) }
                            div style="font-size:23px;font-weight:600;white-space:nowrap;line-height:1.35;" {
                                (said.figure(&line.now, line.kpi))
                            }
                            @if let Some(ratings) = said.ratings(&line.now) {
                                div style={ (SOFT) } { (ratings) }
                            }
                            @if let Some(before) = &line.before {
                                div style={ (SOFT) } { (said.before(before, line.kpi)) }
                            }
                        }
                    }
                    @for _ in row.len()..BESIDE { td {} }
                }
            }
        }
    }
}

fn policies(said: &Said<'_>) -> Markup {
    let mut policies: Vec<_> = said.report.policies.iter().collect();
    policies.sort_by_key(|policy| policy.kept != Some(false));
    html! {
        @if !policies.is_empty() {
            h2 style=(TITLE) { (said.say("report-promised")) }
            table style=(TABLE) {
                tr {
                    th style=(FIRST_HEAD) { (said.say("report-policy")) }
                    th style=(HEAD) { (said.say("report-goal")) }
                    th style=(HEAD) { (said.say("report-met")) }
                    th style=(HEAD) {}
                }
                @for policy in policies.iter().take(POLICIES_MAX) {
                    tr {
                        td style=(NAME) { (policy.title) }
                        td style=(FIGURE) { (said.share(policy.goal)) }
                        td style=(FIGURE) { (said.figure(&policy.met, "sla_met")) }
                        @match policy.kept {
                            Some(true) => td style={ (FIGURE) "color:#1d6f42;" } { "✓ " (said.say("report-kept")) },
                            Some(false) => td style={ (FIGURE) "color:#a3241d;font-weight:600;" } {
                                "✗ " (said.say("report-broken"))
                            },
                            None => td style=(FIGURE) {},
                        }
                    }
                }
            }
            (more(said, POLICIES_MAX, policies.len()))
        }
    }
}

/// Cells with a height: what every mail program draws.
fn bars(said: &Said<'_>) -> Markup {
    let bars = said.bars();
    let most = bars.iter().map(|bar| bar.contacts).fold(1.0, f64::max);
    html! {
        h2 style=(TITLE) { (said.bars_title()) }
        table role="presentation" style={ (TABLE) "table-layout:fixed;" } {
            tr {
                @for bar in &bars {
                    @let height = (bar.contacts / most * BAR_HEIGHT).round();
                    td style="padding:0 2px;vertical-align:bottom;text-align:center;height:112px;" {
                        div style="font-size:11px;color:#3b4854;" {
                            @if bar.contacts > 0.0 { (said.count(bar.contacts)) }
                        }
                        div style={ "background:#3d7ea6;font-size:0;line-height:0;height:" (height) "px;" } {}
                    }
                }
            }
            tr {
                @for bar in &bars {
                    td style={ "padding:4px 0 0 0;border-top:1px solid #c3ccd5;text-align:center;" (SOFT) } { (bar.label) }
                }
            }
        }
    }
}

fn quarters(said: &Said<'_>) -> Markup {
    let report = said.report;
    html! {
        @if !report.peaks.is_empty() {
            h2 style=(TITLE) { (said.say("report-busiest")) }
            table style=(TABLE) {
                @for peak in &report.peaks {
                    tr {
                        td style=(NAME) {
                            (said.quarter(peak.at_ms))
                            @if !peak.annotations.is_empty() {
                                span style=(SOFT) { " · " (peak.annotations.join(", ")) }
                            }
                        }
                        td style=(FIGURE) { (said.count(peak.contacts)) }
                    }
                }
            }
        }
        @if !report.worst.is_empty() {
            h2 style=(TITLE) { (said.say("report-worst")) }
            table style=(TABLE) {
                @for worst in &report.worst {
                    tr {
                        td style=(NAME) { (said.quarter(worst.at_ms)) }
                        td style=(FIGURE) {
                            (said.language.of(&said.count(worst.in_time as f64), &said.count(worst.counted as f64)))
                        }
                        td style=(FIGURE) { (said.figure(&worst.service_level, "service_level")) }
                    }
                }
            }
        }
    }
}

fn notes(said: &Said<'_>) -> Markup {
    let notes = &said.report.annotations;
    html! {
        @if !notes.is_empty() {
            h2 style=(TITLE) { (said.say("report-happened")) }
            p style={ "margin:0 0 4px 0;" (SOFT) } { (said.say("report-per-hour")) }
            table style=(TABLE) {
                @for noted in notes.iter().take(ANNOTATIONS_MAX) {
                    tr {
                        td style=(NAME) {
                            (said.moment(noted.from_ms, false)) " · " (said.noted_kind(noted)) ": " (noted.title)
                        }
                        @for volume in [noted.before, noted.during, noted.after] {
                            td style=(FIGURE) { (said.per_hour(volume)) }
                        }
                    }
                }
            }
            (more(said, ANNOTATIONS_MAX, notes.len()))
        }
    }
}

fn figures(said: &Said<'_>, table: &Table) -> Markup {
    let cell = |kpi: &str, cell: &Cell| {
        html! {
            (said.figure(cell, kpi))
            @if let Some(ratings) = said.ratings(cell) { br; span style=(SOFT) { (ratings) } }
        }
    };
    html! {
        h2 style=(TITLE) { (said.rows_are(table)) }
        table style=(TABLE) {
            tr {
                th style=(FIRST_HEAD) {}
                @for kpi in &table.kpis { th style=(HEAD) { (said.column(kpi)) } }
            }
            @for row in table.rows.iter().take(ROWS_MAX) {
                tr {
                    td style=(NAME) { (row.name) }
                    @for (kpi, it) in table.kpis.iter().zip(&row.cells) { td style=(FIGURE) { (cell(kpi, it)) } }
                }
            }
        }
        (more(said, ROWS_MAX, table.rows.len()))
    }
}

fn more(said: &Said<'_>, shown: usize, all: usize) -> Markup {
    html! {
        @if let Some(more) = said.more(shown, all) { p style={ "margin:6px 0 0 0;" (SOFT) } { (more) } }
    }
}
