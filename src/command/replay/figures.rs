//! Numbers as lines of JSON, each a document of its own: what it is of, and what it is.

use std::io::{self, Write};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::args::Detail;
use super::select::Figure;
use crate::event::UnixMs;
use crate::kpi::value::{self, Count, Unit};
use crate::scope::{Coverage, Selector, Window};

/// A number's line. The first seven are always there; of a figure that is no number, `value` is
/// null.
#[derive(Serialize)]
struct Line<'a> {
    at: String,
    kpi: &'a str,
    selector: &'a Selector,
    window: Window,
    state: &'static str,
    value: Option<f64>,
    unit: Unit,
    #[serde(skip_serializing_if = "Option::is_none")]
    display: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sentence: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    formula: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    counts: Option<&'a [Count]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<&'a Coverage>,
}

/// Writes a line for each number, with the details that were asked for.
pub(super) fn write(
    at_ms: UnixMs,
    zone: &TimeZone,
    figures: &[Figure],
    details: &[Detail],
    out: &mut dyn Write,
) -> io::Result<()> {
    for Figure { display, value, .. } in figures {
        let receipt = &value.receipt;
        let has = |detail| details.contains(&detail);
        let span = has(Detail::Span);
        let line = Line {
            at: moment(zone, at_ms),
            kpi: value.kpi,
            selector: &value.selector,
            window: receipt.window.window,
            state: state(value.figure),
            value: number(value.figure),
            unit: value.unit,
            display: has(Detail::Display).then_some(display),
            sentence: has(Detail::Sentence).then_some(&receipt.sentence),
            formula: has(Detail::Formula).then_some(receipt.formula),
            counts: has(Detail::Counts).then_some(&receipt.counts),
            from: span.then(|| moment(zone, receipt.window.from_ms)),
            to: span.then(|| moment(zone, receipt.window.to_ms)),
            coverage: has(Detail::Coverage).then_some(&value.coverage),
        };
        self::line(out, &line)?;
    }
    Ok(())
}

/// One document and the end of its line.
pub(super) fn line(out: &mut dyn Write, document: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, document)?;
    writeln!(out)
}

/// A moment as every reader of JSON takes it (RFC 3339), by the site's clock.
pub(super) fn moment(zone: &TimeZone, at_ms: UnixMs) -> String {
    match Timestamp::from_millisecond(at_ms) {
        Ok(at) => at.display_with_offset(zone.to_offset(at)).to_string(),
        Err(_) => at_ms.to_string(),
    }
}

/// A figure's state as the API writes it.
pub(super) fn state(figure: value::Figure) -> &'static str {
    match figure {
        value::Figure::Number(_) => "number",
        value::Figure::NoData => "no_data",
        value::Figure::NotApplicable => "not_applicable",
        value::Figure::Concealed => "concealed",
    }
}

/// The number, where there is one.
pub(super) fn number(figure: value::Figure) -> Option<f64> {
    match figure {
        value::Figure::Number(number) => Some(number),
        value::Figure::NoData | value::Figure::NotApplicable | value::Figure::Concealed => None,
    }
}
