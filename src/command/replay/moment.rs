//! `--at`: one moment, every number with its receipt, for all contacts, each queue and channel.

use std::io::{self, Write};

use serde::Serialize;

use super::args::Format;
use super::fold::Fold;
use super::select::{Figure, Selection, health};
use super::{ReplayError, csv, span};
use crate::engine::Engine;
use crate::event::UnixMs;
use crate::scope::Selector;

/// Folds until then and prints.
pub(super) fn print(
    mut fold: Fold<1>,
    at_ms: UnixMs,
    selection: &Selection,
    format: Format,
    out: &mut dyn Write,
) -> Result<(), ReplayError> {
    fold.advance(at_ms);
    let [engine] = &fold.engines;
    selection.check(engine)?;
    let (unreadable, left_out) = (fold.unreadable(), fold.left_out());
    let report = Report { engine, at_ms, selection, unreadable, left_out };
    match format {
        Format::Text => report.write_table(out)?,
        Format::Json => report.write_json(out)?,
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
    unreadable: u64,
    /// Events of a file that were known only later.
    left_out: Option<u64>,
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
            events_left_out: self.left_out,
            events_unreadable: self.unreadable,
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
        if let Some(left_out) = self.left_out.filter(|left_out| *left_out > 0) {
            writeln!(out, "Left out, known only later: {left_out} events")?;
        }
        if self.unreadable > 0 {
            writeln!(out, "Left out, unreadable in the journal: {} events", self.unreadable)?;
        }
        for faults in self.faults() {
            let ChannelFaults { channel, duplicates, clamped, late, not_understood } = faults;
            if duplicates + clamped + late + not_understood > 0 {
                writeln!(
                    out,
                    "Channel {channel}: {duplicates} duplicates, {clamped} from the future, \
                     {late} too late, {not_understood} not understood"
                )?;
            }
        }
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
                let feeds = figure.value.coverage.channels.iter();
                let feeds = feeds.map(|one| format!("{} ({})", one.channel, health(one.feed)));
                writeln!(out, "  from: {}", feeds.collect::<Vec<_>>().join(", "))?;
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

fn heading(selector: &Selector) -> String {
    match (&selector.queue, &selector.channel) {
        (Some(queue), None) => format!("Queue {queue}"),
        (Some(queue), Some(channel)) => format!("Queue {queue} on channel {channel}"),
        (None, Some(channel)) => format!("Channel {channel}"),
        (None, None) => "All contacts".to_owned(),
    }
}
