//! What a running server says when it is asked: figures, documents, metrics.

use std::cell::Cell;

use super::server::{Server, get};
use super::wait::{until_async, until_or_told};

impl Server {
    /// A JSON document of the API.
    pub(crate) async fn json(&self, path: &str) -> serde_json::Value {
        let answer = get(self.url(path)).await.expect("an answer");
        let text = answer.text().await.expect("a body");
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error} in {text}"))
    }

    /// The figure of one KPI, if it is a number.
    pub(crate) async fn kpi(&self, id: &str, filters: &str) -> Option<f64> {
        let document = self.json(&format!("/api/v1/kpis/{id}/receipt?{filters}")).await;
        document["figure"]["value"].as_f64()
    }

    /// Waits until a KPI has a figure.
    pub(crate) async fn settles(&self, id: &str, filters: &str, figure: f64) {
        let last = Cell::new(None);
        let what = || {
            let found = last.get();
            format!("{id}{{{filters}}} = {figure}, which is {found:?}; log {}", self.output())
        };
        until_or_told(what, async || {
            last.set(self.kpi(id, filters).await);
            last.get() == Some(figure)
        })
        .await;
    }

    /// Waits until one counter of `/metrics`, its labels included, has a value.
    pub(crate) async fn counts(&self, series: &str, value: u64) {
        let line = format!("{series} {value}");
        until_async(&line, async || self.metrics().await.lines().any(|found| found == line)).await;
    }

    /// What Prometheus would see.
    pub(crate) async fn metrics(&self) -> String {
        let answer = get(self.admin_url("/metrics")).await.expect("an answer");
        answer.text().await.expect("a body")
    }
}
