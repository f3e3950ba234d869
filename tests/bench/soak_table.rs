//! What the soak prints: a line for each minute, and what all of it says.

use std::time::Duration;

use crate::contacts::{InAll, Tally};

const MIB: f64 = 1024.0 * 1024.0;
/// Memory that rises by a smaller share of itself has not grown: it goes up and down by more.
const GROWTH: f64 = 0.02;

/// What was seen in one minute.
pub(crate) struct Minute {
    /// Since the start.
    pub(crate) at: Duration,
    pub(crate) resident: u64,
    /// Since the start.
    pub(crate) acknowledged: u64,
    /// Of this minute.
    pub(crate) times_us: Vec<u32>,
    pub(crate) screens: u64,
    /// Since the start.
    pub(crate) frames: u64,
    /// Since the start.
    pub(crate) limits: Vec<(String, u64)>,
}

/// All of it.
pub(crate) struct Table {
    /// Since the start, in seconds, and resident memory in MiB.
    memory: Vec<(f64, f64)>,
    /// Of every answer, by its time in tenths of a millisecond up to ten seconds.
    times: Vec<u64>,
    last: Duration,
    acknowledged: u64,
    frames: u64,
    limits: Vec<(String, u64)>,
}

impl Table {
    /// Above the lines.
    pub(crate) const HEAD: &str = "| time | RSS | acknowledged | events/s | p50 | p99 | screens | frames/s | limits hit |\n|---:|---:|---:|---:|---:|---:|---:|---:|---|";

    pub(crate) fn new() -> Self {
        Self {
            memory: Vec::new(),
            times: vec![0; 100_001],
            last: Duration::ZERO,
            acknowledged: 0,
            frames: 0,
            limits: Vec::new(),
        }
    }

    /// Notes the server's memory at a moment.
    pub(crate) fn memory(&mut self, at: Duration, resident: u64) {
        self.memory.push((at.as_secs_f64(), resident as f64 / MIB));
    }

    /// How long ago the last line was.
    pub(crate) fn since_last(&self, at: Duration) -> Duration {
        at.saturating_sub(self.last)
    }

    /// Takes a minute in and gives its line.
    pub(crate) fn line(&mut self, mut minute: Minute) -> String {
        let seconds = self.since_last(minute.at).as_secs_f64();
        let events = (minute.acknowledged - self.acknowledged) as f64 / seconds;
        let frames = (minute.frames - self.frames) as f64 / seconds;
        for time in &minute.times_us {
            let tenth = (*time as usize / 100).min(self.times.len() - 1);
            self.times[tenth] += 1;
        }
        minute.times_us.sort_unstable();
        let at = |share: f64| {
            let index = (minute.times_us.len() as f64 * share) as usize;
            f64::from(minute.times_us.get(index).copied().unwrap_or_default()) / 1000.0
        };
        let line = format!(
            "| {} | {:.1} MiB | {} | {events:.0} | {:.1} ms | {:.1} ms | {} | {frames:.0} | {} |",
            clock(minute.at),
            minute.resident as f64 / MIB,
            minute.acknowledged,
            at(0.5),
            at(0.99),
            minute.screens,
            listed(&minute.limits),
        );
        (self.last, self.acknowledged) = (minute.at, minute.acknowledged);
        (self.frames, self.limits) = (minute.frames, minute.limits);
        line
    }

    /// What all of it says.
    pub(crate) fn end(&self, tally: &Tally, counted: InAll, open: usize, painted: u64) -> String {
        let mut curve: Vec<String> = Vec::new();
        let every = (self.memory.len() / 30).max(1);
        for (at, mib) in self.memory.iter().step_by(every) {
            curve.push(format!("{} {mib:.0}", clock(Duration::from_secs_f64(*at))));
        }
        let from = self.memory.last().map_or(0.0, |(at, _)| at / 3.0);
        let late: Vec<_> = self.memory.iter().copied().filter(|(at, _)| *at >= from).collect();
        let per_second = slope(&late);
        let span = late.last().map_or(0.0, |(at, _)| at - from);
        let (rise, usual) = (per_second * span, late.first().map_or(0.0, |(_, mib)| *mib));
        let InAll { events, contacts } = tally.in_all();
        let verdict = if tally.sent() == events && counted == tally.in_all() {
            "nothing lost"
        } else {
            "LOST"
        };
        format!(
            "\nRSS, MiB: {}\n\
             RSS in the last two thirds: {}, {rise:+.1} MiB in {span:.0} s, {:+.1} MiB per hour\n\
             sent {} events of {contacts} contacts, acknowledged {events}, counted {} of {}: {verdict}\n\
             told to come later and sent again: {}\n\
             webhooks: p50 {:.1} ms, p99 {:.1} ms\n\
             screens open at the end: {open}; pictures acknowledged: {painted}; frames sent: {}\n\
             limits hit: {}",
            curve.join(", "),
            if rise > usual * GROWTH { "grew" } else { "did not grow" },
            per_second * 3600.0,
            tally.sent(),
            counted.events,
            counted.contacts,
            tally.later(),
            self.quantile_ms(0.5),
            self.quantile_ms(0.99),
            self.frames,
            listed(&self.limits),
        )
    }

    fn quantile_ms(&self, share: f64) -> f64 {
        let all: u64 = self.times.iter().sum();
        let wanted = (all as f64 * share) as u64;
        let mut seen = 0;
        let tenth = self.times.iter().position(|count| {
            seen += count;
            seen > wanted
        });
        tenth.map_or(f64::NAN, |tenth| tenth as f64 / 10.0)
    }
}

/// By least squares, in units of the second for one of the first.
fn slope(points: &[(f64, f64)]) -> f64 {
    let count = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let (mut along, mut across) = (0.0, 0.0);
    for point in points {
        along += (point.0 - x) * (point.1 - y);
        across += (point.0 - x).powi(2);
    }
    if across > 0.0 { along / across } else { 0.0 }
}

fn clock(at: Duration) -> String {
    format!("{}:{:02}", at.as_secs() / 60, at.as_secs() % 60)
}

fn listed(limits: &[(String, u64)]) -> String {
    if limits.is_empty() {
        return "none".to_owned();
    }
    limits.iter().map(|(name, count)| format!("{name} {count}")).collect::<Vec<_>>().join(", ")
}
