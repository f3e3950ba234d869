//! What a replay prints: every KPI for all contacts, for each channel and for each queue.

use std::io::{self, Write};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::engine::Engine;
use crate::event::UnixMs;
use crate::kpi::value::{FeedHealth, Selector, Value, Window};
use crate::kpi::{self, text};

/// The figures of one moment.
pub(super) struct Report<'a> {
    pub(super) engine: &'a Engine,
    pub(super) at_ms: UnixMs,
    /// Windows of the flow KPIs.
    pub(super) windows: Vec<Window>,
    /// Events that were known only later.
    pub(super) left_out: u64,
}

/// A value as it is printed in JSON: with what it is called and how it is written.
#[derive(Serialize)]
struct Figure {
    title: &'static str,
    /// "81.13 %"
    display: String,
    #[serde(flatten)]
    value: Value,
}

#[derive(Serialize)]
struct Document {
    at: String,
    at_ms: UnixMs,
    /// Events that were known only after `at`.
    events_left_out: u64,
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
    pub(super) fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        let kpis = self.selectors().iter().flat_map(|selector| self.figures(selector)).collect();
        let document = Document {
            at: self.at(),
            at_ms: self.at_ms,
            events_left_out: self.left_out,
            faults: self.faults(),
            kpis,
        };
        serde_json::to_writer_pretty(&mut *out, &document)?;
        writeln!(out)
    }

    pub(super) fn write_table(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "At {}", self.at())?;
        if self.left_out > 0 {
            writeln!(out, "Left out, known only later: {} events", self.left_out)?;
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
        for selector in self.selectors() {
            writeln!(out, "\n{}", heading(&selector))?;
            let figures = self.figures(&selector);
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
                let feeds = feeds.map(|one| format!("{} {}", one.channel, health(one.feed)));
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

    /// All contacts first, then by queue, then by channel.
    fn selectors(&self) -> Vec<Selector> {
        let queues = self.engine.queues().map(|queue| Selector::queue(queue));
        let channels = self.engine.channels().map(|channel| Selector::channel(channel));
        std::iter::once(Selector::default()).chain(queues).chain(channels).collect()
    }

    fn figures(&self, selector: &Selector) -> Vec<Figure> {
        let mut figures = Vec::new();
        for kpi in kpi::registry() {
            let windows = if kpi.is_state { &[Window::Now] } else { self.windows.as_slice() };
            for window in windows {
                let value = kpi::compute(kpi, self.engine, selector, *window, self.at_ms);
                let display = text::figure(value.figure, value.unit);
                figures.push(Figure { title: kpi.title, display, value });
            }
        }
        figures
    }

    fn at(&self) -> String {
        let zone: &TimeZone = &self.engine.rules().time_zone;
        match Timestamp::from_millisecond(self.at_ms) {
            Ok(at) => at.to_zoned(zone.clone()).to_string(),
            Err(_) => self.at_ms.to_string(),
        }
    }
}

fn heading(selector: &Selector) -> String {
    match (&selector.queue, &selector.channel) {
        (Some(queue), _) => format!("Queue {queue}"),
        (None, Some(channel)) => format!("Channel {channel}"),
        (None, None) => "All contacts".to_owned(),
    }
}

fn health(feed: FeedHealth) -> &'static str {
    match feed {
        FeedHealth::Live => "(live)",
        FeedHealth::Late => "(late)",
        FeedHealth::Silent => "(silent)",
        FeedHealth::NoData => "(no data)",
    }
}
