//! The recorder behind every handle, and its text for Prometheus.

use std::time::Duration;

use metrics_exporter_prometheus::{
    BuildError, Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder,
};
use metrics_util::MetricKindMask;

use super::names::{self, Buckets, Kind};
use super::process;
use crate::config::model::Queues;

/// `Content-Type` of [`Exporter::render`].
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// How often [`Exporter::upkeep`] wants to be called; in between histograms keep every sample.
pub const UPKEEP_EVERY: Duration = Duration::from_secs(5);

/// A gauge that nobody has set for so long is gone: a queue that was removed, a screen that was
/// switched off.
const GAUGE_IDLE: Duration = Duration::from_secs(60);

/// Seconds; the queues' own thresholds come in between.
const ANSWER_SECONDS: &[f64] = &[5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0];
const REPLY_SECONDS: &[f64] = &[60.0, 300.0, 900.0, 1800.0, 3600.0, 14_400.0, 86_400.0, 172_800.0];
const WORK_SECONDS: &[f64] = &[
    0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025,
    0.05, 0.1, 0.25, 1.0,
];

/// Renders what the recorder holds. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Exporter {
    recorder: PrometheusHandle,
}

/// The recorder cannot be made or put in place.
#[derive(Debug, thiserror::Error)]
#[error("cannot install the metrics recorder: {0}")]
pub struct InstallError(#[from] BuildError);

impl Exporter {
    /// Makes the process's recorder, with a bucket limit exactly at each queue's thresholds.
    /// Handles that were taken before lead nowhere: call it first.
    pub fn install(queues: &Queues) -> Result<Self, InstallError> {
        let (recorder, exporter) = Self::build(queues)?;
        metrics::set_global_recorder(recorder).map_err(BuildError::from)?;
        Ok(exporter)
    }

    /// As [`Exporter::install`], for a recorder that only the caller uses.
    pub fn build(queues: &Queues) -> Result<(PrometheusRecorder, Self), InstallError> {
        let mut builder =
            PrometheusBuilder::new().idle_timeout(MetricKindMask::GAUGE, Some(GAUGE_IDLE));
        for metric in names::ALL {
            if let Kind::Histogram(buckets) = metric.kind {
                let matcher = Matcher::Full(metric.name.to_owned());
                builder = builder.set_buckets_for_metric(matcher, &limits(buckets, queues))?;
            }
        }
        let recorder = builder.build_recorder();
        metrics::with_local_recorder(&recorder, describe);
        let exporter = Self { recorder: recorder.handle() };
        Ok((recorder, exporter))
    }

    /// The text that Prometheus scrapes. Rendered on a thread of its own: thousands of series
    /// take milliseconds.
    pub async fn render(&self) -> String {
        let exporter = self.clone();
        // Fails only when the runtime is going down; nobody will read the answer then.
        tokio::task::spawn_blocking(move || exporter.render_here()).await.unwrap_or_default()
    }

    /// As [`Exporter::render`], on the caller's thread.
    pub fn render_here(&self) -> String {
        let mut text = self.recorder.render();
        process::render(&mut text);
        text
    }

    /// Folds what histograms have collected. Call it every [`UPKEEP_EVERY`].
    pub fn upkeep(&self) {
        self.recorder.run_upkeep();
    }
}

/// Gives every metric of the table its help text.
fn describe() {
    metrics::with_recorder(|recorder| {
        for metric in names::ALL {
            let (name, help) = (metric.name.into(), metric.help.into());
            match metric.kind {
                Kind::Counter => recorder.describe_counter(name, None, help),
                Kind::Gauge => recorder.describe_gauge(name, None, help),
                Kind::Histogram(_) => recorder.describe_histogram(name, None, help),
            }
        }
    });
}

/// A list's limits and the thresholds of every queue, in order, each once.
fn limits(buckets: Buckets, queues: &Queues) -> Vec<f64> {
    let rules = || std::iter::once(&queues.default).chain(queues.named.values());
    let (fixed, thresholds): (&[f64], Vec<Duration>) = match buckets {
        Buckets::Answer => (ANSWER_SECONDS, rules().map(|queue| queue.answer_threshold).collect()),
        Buckets::Reply => (REPLY_SECONDS, rules().map(|queue| queue.reply_threshold).collect()),
        Buckets::Work => (WORK_SECONDS, Vec::new()),
    };
    let mut limits = fixed.to_vec();
    limits.extend(thresholds.iter().map(Duration::as_secs_f64));
    limits.sort_by(f64::total_cmp);
    limits.dedup();
    limits
}
