//! `docs/metrics.md` is the one table of metrics, for people.

use std::fs;
use std::path::Path;

use tablica::telemetry::names::{self, Kind, Metric};

const HEAD: &str = "\
<!-- Made of src/telemetry/names.rs by a test; do not edit. -->

# Metrics

What `/metrics` on the admin listener shows (`server.admin_listen`, by default `127.0.0.1:9464`).
Counters only grow; gauges are a state of this moment and are set anew each second; histograms also
have `_bucket`, `_sum` and `_count`. A figure without contacts is `NaN`. No label names a customer, and
an agent only with `telemetry.agent_labels`. The process itself is seen as `process_cpu_seconds_total`
and its like, under the names that every Prometheus client uses. The definitions behind the figures
are those of [kpis.md](kpis.md); alerts, and what to do when one fires, are in
[grafana/README.md](../grafana/README.md).

| metric | kind | labels | what it says |
|---|---|---|---|
";

fn line(metric: &Metric) -> String {
    let kind = match metric.kind {
        Kind::Counter => "counter",
        Kind::Gauge => "gauge",
        Kind::Histogram(_) => "histogram",
    };
    let labels: Vec<String> = metric.labels.iter().map(|label| format!("`{label}`")).collect();
    format!("| `{}` | {kind} | {} | {} |\n", metric.name, labels.join(", "), metric.help)
}

/// `TABLICA_BLESS=1` rewrites the page.
#[test]
fn the_page_of_all_metrics_is_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/metrics.md");
    let wanted = HEAD.to_owned() + &names::ALL.iter().copied().map(line).collect::<String>();
    if std::env::var_os("TABLICA_BLESS").is_some() {
        fs::write(&path, &wanted).unwrap();
    }
    let page = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(page, wanted, "run the tests once with TABLICA_BLESS=1");
}
