//! A server's metrics, read as Prometheus would, and what it costs to write them.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use flate2::Compression;
use flate2::write::GzEncoder;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusRecorder};
use tablica::clock::thread_cpu;
use tablica::config::model::Queues;
use tablica::telemetry::names;
use tablica::telemetry::{Exporter, Form};

use crate::lags::quantile;
use crate::load::{self, Template};
use crate::server::{ONE_CHANNEL, Server, TOKEN};
use crate::table::{Row, median};

#[path = "../support/http.rs"]
#[expect(dead_code, reason = "the scenarios' addresses are not needed here")]
mod http;

/// Counters of inputs that a limit has turned away or held up.
const LIMITS: [&str; 9] = [
    "tablica_refused_total",
    "tablica_connections_refused_total",
    "tablica_webhooks_turned_away_total",
    "tablica_channel_limited_total",
    "tablica_mailbox_busy_total",
    "tablica_channel_appends_failed_total",
    "tablica_screens_closed_total",
    "tablica_screens_refused_total",
    "tablica_snapshots_failed_total",
];

/// One look.
pub(crate) struct Scrape(String);

impl Scrape {
    /// Asks the admin listener.
    pub(crate) fn of(admin: SocketAddr) -> anyhow::Result<Self> {
        Ok(Self(http::get(admin, "/metrics").context("no metrics")?))
    }

    /// All series of a metric together.
    pub(crate) fn sum(&self, name: &str) -> u64 {
        self.series(name).map(|(_, value)| value as u64).sum()
    }

    /// Limits that were hit, with how often: `name{labels}`.
    pub(crate) fn limits(&self) -> Vec<(String, u64)> {
        let series = LIMITS.iter().flat_map(|name| self.series(name));
        let hit = series.filter(|(_, value)| *value > 0.0);
        hit.map(|(name, value)| (name.trim_start_matches("tablica_").to_owned(), value as u64))
            .collect()
    }

    fn series<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (&'a str, f64)> {
        self.0.lines().filter_map(move |line| {
            let (series, value) = line.rsplit_once(' ')?;
            let rest = series.strip_prefix(name)?;
            (rest.is_empty() || rest.starts_with('{')).then_some(())?;
            Some((series, value.parse().ok()?))
        })
    }
}

/// Calls a second while the metrics of a thousand queues are scraped once a second, or not.
const PER_SECOND: u64 = 1000;
const QUEUES: usize = 1000;
const LENGTH: Duration = Duration::from_secs(4);

/// Limits of waits; as the default queue has them.
const WAITS: [f64; 8] = [5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0];

/// Writing so many series, by our own writer and by the exporter crate, which hold the same; rounds
/// alternate. CPU time of the thread alone.
pub(crate) fn written(rounds: usize) -> anyhow::Result<Vec<Row>> {
    [(10_000, 5.0), (50_000, 20.0)]
        .into_iter()
        .map(|(series, limit)| of_series(series, limit, rounds))
        .collect()
}

fn of_series(series: usize, limit: f64, rounds: usize) -> anyhow::Result<Row> {
    let ((recorder, exporter), theirs) = (Exporter::build(&Queues::default()), reference()?);
    metrics::with_local_recorder(&recorder, || record(series));
    metrics::with_local_recorder(&theirs, || record(series));
    let theirs = theirs.handle();
    let (mut ours_ms, mut packed_ms, mut theirs_ms) = (Vec::new(), Vec::new(), Vec::new());
    let mut size = (0, 0);
    for round in 0..=rounds {
        let (ms, text) = cpu_ms(|| exporter.render_as(Form::OpenMetrics));
        let (more_ms, packed) = cpu_ms(|| pack(&text));
        let (reference_ms, reference) = cpu_ms(|| theirs.render());
        let (ours, theirs) = (samples(&text), samples(&reference));
        anyhow::ensure!(ours == theirs, "{ours} samples against {theirs}");
        size = (text.len(), packed?.len());
        if round > 0 {
            // The first round warms up.
            ours_ms.push(ms);
            packed_ms.push(ms + more_ms);
            theirs_ms.push(reference_ms);
        }
    }
    let (ours, packed, theirs) = (median(ours_ms), median(packed_ms), median(theirs_ms));
    Ok(Row {
        what: format!("CPU of a scrape of {series} series"),
        ours: format!(
            "{ours:.2} ms; with gzip {packed:.2} ms, {} of {} KiB",
            size.1 / 1024,
            size.0 / 1024
        ),
        against: format!("metrics-exporter-prometheus {theirs:.2} ms"),
        figure: ours,
        figure_text: format!("{ours:.2} ms"),
        limit: Some(limit),
    })
}

/// The exporter crate, which has the same limits of waits.
fn reference() -> anyhow::Result<PrometheusRecorder> {
    let waits = Matcher::Full(names::ANSWER_WAIT.name.to_owned());
    Ok(PrometheusBuilder::new().set_buckets_for_metric(waits, &WAITS)?.build_recorder())
}

/// How long calls take at a steady rate, with and without a scrape each second; rounds alternate.
pub(crate) async fn while_taking_in(rounds: usize) -> anyhow::Result<Row> {
    let named: String = (0..QUEUES).map(|number| format!("[queue.{}]\n", queue(number))).collect();
    let server = Server::with(&format!("{}{named}", ONE_CHANNEL))?;
    let admin = server.admin.context("no admin listener")?;
    let template = Arc::new(Template::telegram("/in/telegram", TOKEN));
    let ids = Arc::new(AtomicU64::new(0));
    let (mut alone_ms, mut scraped_ms, mut series) = (Vec::new(), Vec::new(), 0);
    for round in 0..=rounds {
        for is_scraped in [false, true] {
            let scraping = is_scraped.then(|| tokio::spawn(every_second(admin)));
            let calls = Arc::new(Mutex::new(Vec::new()));
            let noted = Arc::clone(&calls);
            let took = move |call| noted.lock().unwrap_or_else(PoisonError::into_inner).push(call);
            load::steady_timed(server.address, &template, &ids, PER_SECOND, LENGTH, took).await?;
            if let Some(scraping) = scraping {
                scraping.abort();
            }
            let mut calls =
                std::mem::take(&mut *calls.lock().unwrap_or_else(PoisonError::into_inner));
            calls.sort_unstable();
            if round > 0 {
                // The first round warms up.
                let p99 = quantile(&calls, 0.99).as_secs_f64() * 1e3;
                (if is_scraped { &mut scraped_ms } else { &mut alone_ms }).push(p99);
            }
        }
        series = samples(&Scrape::of(admin)?.0);
    }
    let ratio =
        median(alone_ms.iter().zip(&scraped_ms).map(|(alone, with)| with / alone).collect());
    Ok(Row {
        what: format!(
            "p99 of {PER_SECOND} webhook calls/s while {series} series are scraped at 1 Hz"
        ),
        ours: format!("{:.2} ms", median(scraped_ms)),
        against: format!("without a scrape {:.2} ms", median(alone_ms)),
        figure: ratio,
        figure_text: format!("{ratio:.2}×"),
        limit: None,
    })
}

async fn every_second(admin: SocketAddr) {
    let mut beat = tokio::time::interval(Duration::from_secs(1));
    loop {
        beat.tick().await;
        // One that fails would be missed by the figures after the round.
        let _ = tokio::task::spawn_blocking(move || Scrape::of(admin).map(drop)).await;
    }
}

/// Four tenths counters, four tenths gauges, half of them with a fraction, two tenths lines of
/// histograms.
fn record(series: usize) {
    let lines_of_a_histogram = WAITS.len() + 3;
    for number in 0..series * 4 / 10 {
        names::OFFERED.reach(&["telegram", &queue(number)], number as u64 * 37);
    }
    for number in 0..series * 2 / 10 {
        let share = number as f64 / series as f64;
        names::WAITING.set(&[&queue(number)], number as f64);
        names::SERVICE_LEVEL.set(&[&queue(number), "15m", "sl_offered_net"], share);
    }
    for number in 0..series * 2 / 10 / lines_of_a_histogram {
        let waits = names::ANSWER_WAIT.histogram(&[&queue(number)]);
        (0..20).for_each(|call| waits.record((call * number % 700) as f64 + 0.3));
    }
}

fn queue(number: usize) -> String {
    format!("queue-{number:05}")
}

/// Lines with a value; the process's own are ours alone.
fn samples(text: &str) -> usize {
    text.lines().filter(|line| line.starts_with("tablica_")).count()
}

fn pack(text: &str) -> std::io::Result<Vec<u8>> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(text.as_bytes())?;
    packer.finish()
}

/// What the work took of a processor on this thread, in milliseconds.
fn cpu_ms<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let before = thread_cpu();
    let made = work();
    ((thread_cpu() - before).as_secs_f64() * 1e3, made)
}
