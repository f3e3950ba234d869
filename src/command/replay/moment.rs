//! `--at`: one moment, every number with its receipt, for all contacts, each queue and channel.

use std::io::{self, Write};

use serde::Serialize;

use super::args::{Format, Look};
use super::fold::{Fold, LeftOut};
use super::select::{Figure, Selection, heading};
use super::{ReplayError, csv, figures, notes, span};
use crate::engine::Engine;
use crate::event::UnixMs;

/// Folds until then and prints.
pub(super) fn print(
    mut fold: Fold<1>,
    at_ms: UnixMs,
    selection: &Selection,
    look: &Look,
    out: &mut dyn Write,
) -> Result<(), ReplayError> {
    fold.advance(at_ms);
    let [engine] = &fold.engines;
    selection.check(engine)?;
    let report = Report { engine, at_ms, selection, left_out: fold.left_out() };
    match look.format {
        Format::Text => report.write_table(out)?,
        Format::Json => report.write_json(out)?,
        Format::Jsonl => {
            let zone = &engine.rules().time_zone;
            figures::write(at_ms, zone, &selection.all(engine, at_ms), &look.details, out)?;
        }
        Format::Csv => report.write_csv(out)?,
    }
    out.flush()?;
    Ok(())
}

/// The figures of one moment.
struct Report<'a> {
    engine: &'a Engine,
    at_ms: UnixMs,
    selection: &'a Selection,
    left_out: LeftOut,
}

#[derive(Serialize)]
struct Document {
    at: String,
    at_ms: UnixMs,
    /// Events of a file that were known only after `at`.
    #[serde(skip_serializing_if = "Option::is_none")]
    events_left_out: Option<u64>,
    /// Events of the journal that could not be read back.
    events_unreadable: u64,
    /// By channel, what could not be counted as it came.
    faults: Vec<ChannelFaults>,
    kpis: Vec<Figure>,
}

#[derive(Serialize)]
struct ChannelFaults {
    channel: String,
    duplicates: u64,
    clamped: u64,
    late: u64,
    not_understood: u64,
}

impl Report<'_> {
    fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        let document = Document {
            at: self.at(),
            at_ms: self.at_ms,
            events_left_out: self.left_out.later,
            events_unreadable: self.left_out.unreadable,
            faults: self.faults(),
            kpis: self.selection.all(self.engine, self.at_ms),
        };
        serde_json::to_writer_pretty(&mut *out, &document)?;
        writeln!(out)
    }

    fn write_csv(&self, out: &mut dyn Write) -> io::Result<()> {
        csv::line(out, &csv::HEADER)?;
        let at = self.at();
        for figure in self.selection.all(self.engine, self.at_ms) {
            csv::line(out, &csv::figure(&at, &figure))?;
        }
        Ok(())
    }

    fn write_table(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "At {}", self.at())?;
        notes::write_left_out(self.left_out, out)?;
        notes::write_faults(self.engine, out)?;
        for selector in self.selection.selectors(self.engine) {
            writeln!(out, "\n{}", heading(&selector))?;
            let figures = self.selection.figures(self.engine, &selector, self.at_ms);
            let width = |of: fn(&Figure) -> usize| figures.iter().map(of).max().unwrap_or(0);
            let ids = width(|figure| figure.value.kpi.len());
            let displays = width(|figure| figure.display.len());
            for Figure { display, value, .. } in &figures {
                let (id, window) = (value.kpi, value.receipt.window.window.id());
                let sentence = &value.receipt.sentence;
                writeln!(out, "  {id:<ids$}  {window:<5}  {display:>displays$}  {sentence}")?;
            }
            if let Some(figure) = figures.first() {
                let channels = notes::channels(&figure.value.coverage, self.engine);
                writeln!(out, "  {channels}")?;
            }
        }
        Ok(())
    }

    fn faults(&self) -> Vec<ChannelFaults> {
        let faults = self.engine.faults().map(|(channel, faults)| ChannelFaults {
            channel: channel.to_owned(),
            duplicates: faults.duplicates,
            clamped: faults.clamped,
            late: faults.late,
            not_understood: faults.not_understood,
        });
        faults.collect()
    }

    fn at(&self) -> String {
        span::full(&self.engine.rules().time_zone, self.at_ms)
    }
}
