//! Lines for spreadsheets (RFC 4180): a header, then a line for each number.

use std::io::{self, Write};

use super::figures;
use super::select::{Figure, coverage, of};
use crate::kpi::value;

/// The columns of [`figure`].
pub(super) const HEADER: [&str; 10] =
    ["at", "kpi", "selector", "window", "value", "state", "unit", "display", "formula", "coverage"];

/// A number's line.
pub(super) fn figure(at: &str, figure: &Figure) -> [String; 10] {
    let value = &figure.value;
    [
        at.to_owned(),
        value.kpi.to_owned(),
        of(&value.selector),
        value.receipt.window.window.id().to_owned(),
        number(value.figure),
        figures::state(value.figure).to_owned(),
        json_word(value.unit),
        figure.display.clone(),
        value.receipt.formula.to_owned(),
        coverage(value),
    ]
}

/// The figure as a number, empty where there is none.
pub(super) fn number(figure: value::Figure) -> String {
    figures::number(figure).map_or_else(String::new, |number| number.to_string())
}

/// A unit as the API writes it.
fn json_word(unit: value::Unit) -> String {
    let word = serde_json::to_value(unit).ok();
    word.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
}

/// One line.
pub(super) fn line(out: &mut dyn Write, cells: &[impl AsRef<str>]) -> io::Result<()> {
    for (at, cell) in cells.iter().enumerate() {
        let comma = if at == 0 { "" } else { "," };
        let cell = cell.as_ref();
        if cell.contains(['"', ',', '\n', '\r']) {
            write!(out, "{comma}\"{}\"", cell.replace('"', "\"\""))?;
        } else {
            write!(out, "{comma}{cell}")?;
        }
    }
    write!(out, "\r\n")
}
