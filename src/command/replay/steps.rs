//! `--from … --to …`: the numbers at each step. Written as the fold goes: a long span costs no
//! memory.

use std::io::{self, Write};

use serde::Serialize;

use super::args::{Format, Look};
use super::fold::{Fold, LeftOut};
use super::select::{Figure, Selection, name};
use super::span::Span;
use super::{ReplayError, csv, figures, notes};
use crate::event::UnixMs;

/// One moment in JSON.
#[derive(Serialize)]
struct Step {
    at: String,
    at_ms: UnixMs,
    kpis: Vec<Figure>,
}

/// Folds through the span and prints.
pub(super) fn print(
    mut fold: Fold<1>,
    span: &Span,
    selection: &Selection,
    look: &Look,
    out: &mut dyn Write,
) -> Result<(), ReplayError> {
    let format = look.format;
    begin(span, format, out)?;
    for (number, at_ms) in span.moments().enumerate() {
        fold.advance(at_ms);
        let figures = selection.all(&fold.engines[0], at_ms);
        match format {
            Format::Text => table(&span.short(at_ms), &figures, out)?,
            Format::Csv => {
                let at = span.full(at_ms);
                for figure in &figures {
                    csv::line(out, &csv::figure(&at, figure))?;
                }
            }
            Format::Jsonl => figures::write(at_ms, span.zone(), &figures, &look.details, out)?,
            Format::Json => {
                let comma = if number == 0 { "" } else { "," };
                writeln!(out, "{comma}")?;
                let step = Step { at: span.full(at_ms), at_ms, kpis: figures };
                serde_json::to_writer(&mut *out, &step).map_err(io::Error::from)?;
            }
        }
    }
    end(&fold, format, out)?;
    out.flush()?;
    Ok(selection.check(&fold.engines[0])?)
}

fn begin(span: &Span, format: Format, out: &mut dyn Write) -> io::Result<()> {
    let (from, to, step) = (span.full(span.from_ms), span.full(span.to_ms), span.step());
    match format {
        Format::Text => {
            writeln!(out, "From {from} to {to}, every {step}: {}", span.told())
        }
        Format::Csv => csv::line(out, &csv::HEADER),
        Format::Jsonl => Ok(()),
        Format::Json => {
            let (from, to, step_ms) = (text(&from), text(&to), span.step_ms);
            write!(out, "{{\"from\":{from},\"to\":{to},\"step_ms\":{step_ms},\"steps\":[")
        }
    }
}

fn end(fold: &Fold<1>, format: Format, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Text => {
            // Of a span it goes without saying that what came after it is not in it.
            let left_out = LeftOut { later: None, ..fold.left_out() };
            if left_out.unreadable > 0 {
                writeln!(out)?;
            }
            notes::write_left_out(left_out, out)
        }
        Format::Csv | Format::Jsonl => Ok(()),
        Format::Json => writeln!(out, "\n],\"events_unreadable\":{}}}", fold.unreadable()),
    }
}

/// One moment's numbers, one on each line, with its sentence.
fn table(at: &str, figures: &[Figure], out: &mut dyn Write) -> io::Result<()> {
    let names: Vec<String> =
        figures.iter().map(|figure| name(figure.value.kpi, &figure.value.selector)).collect();
    let wide = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or(0);
    let names_wide = wide(&mut names.iter().map(|name| name.chars().count()));
    let displays_wide = wide(&mut figures.iter().map(|figure| figure.display.chars().count()));
    if figures.len() > 1 {
        writeln!(out)?;
    }
    for (name, Figure { display, value, .. }) in names.iter().zip(figures) {
        let (window, sentence) = (value.receipt.window.window.id(), &value.receipt.sentence);
        writeln!(
            out,
            "{at}  {name:<names_wide$}  {window:<5}  {display:>displays_wide$}  {sentence}"
        )?;
    }
    Ok(())
}

/// A text in JSON.
fn text(text: &str) -> serde_json::Value {
    serde_json::Value::from(text)
}
