//! What the server tells Prometheus: everything that was recorded, and the process itself.

use std::time::Duration;

use super::form::Form;
use super::names::Buckets;
use super::process;
use super::recorder::Recorder;
use crate::config::model::Queues;

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
    recorder: Recorder,
}

/// The recorder cannot be put in place.
#[derive(Debug, thiserror::Error)]
#[error("cannot install the metrics recorder: the process has one already")]
pub struct InstallError;

impl Exporter {
    /// Makes the process's recorder, with a bucket limit exactly at each queue's thresholds.
    /// Handles that were taken before lead nowhere: call it first.
    pub fn install(queues: &Queues) -> Result<Self, InstallError> {
        let (recorder, exporter) = Self::build(queues);
        metrics::set_global_recorder(recorder).map_err(|_| InstallError)?;
        Ok(exporter)
    }

    /// As [`Exporter::install`], for a recorder that only the caller uses.
    pub fn build(queues: &Queues) -> (Recorder, Self) {
        let recorder = Recorder::new(|buckets| limits(buckets, queues));
        (recorder.clone(), Self { recorder })
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
        self.render_as(Form::Text)
    }

    /// As [`Exporter::render_here`], in either form.
    pub fn render_as(&self, form: Form) -> String {
        let mut text = String::new();
        self.recorder.write(&mut text, form);
        process::render(&mut text, form);
        if form == Form::OpenMetrics {
            // Without it a reader takes the answer for cut off.
            text.push_str("# EOF\n");
        }
        text
    }
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
