//! The page of a receipt: a sentence first, then the figures below it, in the board's language.

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, PreEscaped, html};

use super::super::address::{is_only_here, part};
use super::super::page::{Width, shell};
use super::{Number, ROWS_MAX, Rows, Sheet, chart, qr};
use crate::board::format;
use crate::kpi::text;
use crate::kpi::value::{Figure, Unit};
use crate::scope::{FeedHealth, Window};

/// The page.
pub(super) fn of(sheet: &Sheet) -> Response {
    let language = sheet.language;
    let say = |words: &str| language.say(words);
    let chosen = sheet.rows.as_ref().and_then(|rows| rows.chosen.as_deref());
    let title = if sheet.title.is_empty() { &sheet.tile } else { &sheet.title };
    let body = html! {
        p.crumbs {
            a href="../../" { (say("page-boards")) } " › "
            a href={ "../../wall/" (part(&sheet.board)) } { (sheet.board_title) }
            " › " (say("page-receipt"))
        }
        header {
            h1 { (title) @if let Some(row) = chosen { " · " (row_title(sheet, row)) } }
            p.lead {
                @if !sheet.subtitle.is_empty() { (sheet.subtitle) " · " }
                (say("page-as-of")) " " (clock(sheet, sheet.at_ms))
            }
        }
        div.columns {
            main {
                @if let Some(rows) = &sheet.rows { (row_links(sheet, rows)) }
                @for number in &sheet.numbers { (section(sheet, number)) }
            }
            aside { (take_along(sheet)) }
        }
    };
    let name = format!("{title} · {}", sheet.board_title);
    shell(StatusCode::OK, language, &name, Width::Wide, &body)
}

/// The page for a phone: code and address.
fn take_along(sheet: &Sheet) -> Markup {
    let Some(address) = &sheet.address else { return html! {} };
    let say = |words: &str| sheet.language.say(words);
    html! {
        @if let Some(code) = qr::svg(address) { (PreEscaped(code)) }
        p { (say("page-take-it")) }
        p.soft { (address) }
        @if is_only_here(address) { p.soft { (say("page-only-here")) } }
    }
}

fn row_links(sheet: &Sheet, rows: &Rows) -> Markup {
    let link = |query: String, name: &str, is_chosen: bool| {
        html! {
            @if is_chosen { strong { (name) } } @else {
                a href={ (part(&sheet.tile)) (query) } { (name) }
            }
        }
    };
    let all = sheet.language.say("page-all-rows");
    html! {
        nav.rows aria-label=(sheet.language.say("page-rows")) {
            (link(String::new(), &all, rows.chosen.is_none()))
            @for name in rows.names.iter().take(ROWS_MAX) {
                @let query = format!("?{}={}", rows.key, part(name));
                (link(query, &row_title(sheet, name), rows.chosen.as_ref() == Some(name)))
            }
        }
    }
}

fn row_title(sheet: &Sheet, name: &str) -> String {
    let site = &sheet.site;
    match sheet.rows.as_ref().map(|rows| rows.key) {
        Some("queue") => site.queue_in_words(name, sheet.language),
        Some("channel") => site.channel_title(name).to_owned(),
        Some("policy") => site.policy_title(name).to_owned(),
        _ => name.to_owned(),
    }
}

fn section(sheet: &Sheet, number: &Number) -> Markup {
    let (language, value) = (sheet.language, &number.value);
    let say = |words: &str| language.say(words);
    let receipt = &value.receipt;
    let zone = &sheet.site.time_zone;
    let label = |number| in_line(Figure::Number(number), value.unit, sheet);
    let course = chart::line(&number.course, label, zone, sheet.at_ms);
    html! {
        section.number id=(value.kpi) {
            h2 {
                (language.kpi_title(value.kpi))
                @if let Some(whose) = whose(sheet, number) { " · " (whose) }
                // By its id it is found in the API and in the documentation, whatever the language.
                " " code { (value.kpi) }
            }
            (figure(value.figure, value.unit, sheet))
            @if !receipt.sentence.is_empty() { p.sentence { (receipt.sentence) } }
            h3 { (say("page-last-hour")) }
            @if let Some(course) = course { (course) } @else { p.soft { (say("page-no-course")) } }
            h3 { (say("page-meaning")) }
            p { (number.kpi.doc) }
            h3 { (say("page-formula")) }
            p { (receipt.expression) " " code { (receipt.formula) } }
            p.soft { (number.kpi.source) " · " code { (receipt.source) } }
            @if !receipt.counts.is_empty() {
                h3 { (say("page-counts")) }
                table { @for count in &receipt.counts {
                    tr { td { code { (count.name) } } td.amount { (text::count(count.value)) } }
                } }
            }
            @if !receipt.thresholds_ms.is_empty() {
                h3 { (say("page-thresholds")) }
                table { @for threshold in &receipt.thresholds_ms {
                    tr {
                        td { code { (threshold.name) } }
                        td.amount { (format::span(threshold.value, language)) }
                    }
                } }
            }
            h3 { (say("page-window")) }
            p { (span(sheet, number)) }
            h3 { (say("page-channels")) }
            (coverage(sheet, number))
            @if !receipt.variants.is_empty() {
                h3 { (say("page-variants")) }
                table { @for variant in &receipt.variants {
                    tr {
                        td { code { (variant.formula) } }
                        td.amount { (in_line(variant.figure, value.unit, sheet)) }
                    }
                } }
            }
        }
    }
}

/// Whose number it is, beside the rest of the page: an agent by what people may read of them.
fn whose(sheet: &Sheet, number: &Number) -> Option<String> {
    let site = &sheet.site;
    let row = sheet.rows.as_ref().filter(|rows| rows.chosen.is_some()).map(|rows| rows.key);
    let words = number.value.selector.words();
    let told =
        words.into_iter().filter(|(key, _)| Some(*key) != row).map(|(key, name)| match key {
            "agent" => site.agent_title(&name),
            "queue" => site.queue_title(&name).to_owned(),
            "channel" => site.channel_title(&name).to_owned(),
            "policy" => site.policy_title(&name).to_owned(),
            _ => format!("{key}: {name}"),
        });
    let told: Vec<String> = told.collect();
    (!told.is_empty()).then(|| told.join(" · "))
}

fn figure(figure: Figure, unit: Unit, sheet: &Sheet) -> Markup {
    match figure {
        Figure::Number(number) if number.is_finite() => {
            let written = format::figure(number, unit, sheet.language);
            let unit = if unit == Unit::Money { &*sheet.site.currency } else { written.unit };
            html! { p.figure { (written.text) @if !unit.is_empty() { small { (unit) } } } }
        }
        other => html! { p class="figure none" { (in_line(other, unit, sheet)) } },
    }
}

fn in_line(figure: Figure, unit: Unit, sheet: &Sheet) -> String {
    let language = sheet.language;
    match figure {
        Figure::Number(number) if number.is_finite() => {
            format::with_currency(number, unit, language, &sheet.site.currency)
        }
        Figure::Number(_) | Figure::NoData => language.say("page-no-data"),
        Figure::NotApplicable => language.say("page-not-applicable"),
        Figure::Concealed => language.say("page-concealed"),
    }
}

/// "last 60 min · 2026-03-02 10:42 – 11:42 · Europe/Warsaw"
fn span(sheet: &Sheet, number: &Number) -> String {
    let window = &number.value.receipt.window;
    if window.window == Window::Now {
        return sheet.language.say("page-at-this-moment");
    }
    let from_to = text::span((window.from_ms, window.to_ms), &sheet.site.time_zone);
    let mut parts: Vec<String> = sheet.language.window(window.window).into_iter().collect();
    parts.push(from_to.replace(" to ", " – "));
    parts.push(window.time_zone.clone());
    parts.join(" · ")
}

fn coverage(sheet: &Sheet, number: &Number) -> Markup {
    let language = sheet.language;
    let channels = &number.value.coverage.channels;
    if channels.is_empty() {
        return html! { p.soft { (language.say("page-no-channels")) } };
    }
    html! {
        table { @for channel in channels {
            tr {
                td { (sheet.site.channel_title(&channel.channel)) }
                td { (language.say(health(channel.feed))) }
                td.soft { @match channel.last_event_ms {
                    Some(at_ms) => {
                        (language.say("page-last-event")) " " (clock(sheet, at_ms))
                    },
                    None => (language.say("page-never")),
                } }
            }
        } }
    }
}

fn health(feed: FeedHealth) -> &'static str {
    match feed {
        FeedHealth::Live => "page-live",
        FeedHealth::Late => "page-late",
        FeedHealth::Silent => "page-silent",
        FeedHealth::NoData => "page-never",
    }
}

/// "14:02" of the page's day, else with the date.
fn clock(sheet: &Sheet, at_ms: i64) -> String {
    let zone = &sheet.site.time_zone;
    let date = |at_ms| {
        let at = jiff::Timestamp::from_millisecond(at_ms).ok()?;
        Some(zone.to_datetime(at).date())
    };
    let time = format::clock_time(at_ms, zone);
    match date(at_ms) {
        Some(day) if date(sheet.at_ms) != Some(day) => format!("{day} {time}"),
        _ => time,
    }
}
