//! Telemetry as Prometheus sees it: names it does not frown at, buckets at the promises, and
//! alerts that fire when they should and only then.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::routing::get;
use tablica::clock;
use tablica::config::model::{Queue, Queues};
use tablica::journal::{BadRow, JournalError, Observer};
use tablica::telemetry::names::{self, Kind};
use tablica::telemetry::{Exporter, Form, JournalMeters, WaitMeters};
use tokio::net::TcpListener;

use crate::support::prometheus::{
    Alertmanager, Prometheus, check_metrics, files, promtool, rules_dir,
};

/// The alerts wait 30 s before they fire; the machine may be busy.
const ALERT_MAX: Duration = Duration::from_secs(90);

fn queues() -> Queues {
    let default = Queue::default();
    let named = Queue { answer_threshold: Duration::from_millis(17_500), ..default.clone() };
    Queues { default, named: BTreeMap::from([("sales".to_owned(), named)]) }
}

/// Everything happens once; the labels' own names are their values.
fn everything() {
    for metric in names::ALL {
        match metric.kind {
            Kind::Counter => metric.reach(metric.labels, 1),
            Kind::Gauge => metric.set(metric.labels, 0.5),
            Kind::Histogram(_) => metric.histogram(metric.labels).record(3e-6),
        }
    }
    let mut waits = WaitMeters::default();
    waits.answered("sales", 17.5);
    waits.replied("sales", 901.0);
    let journal = JournalMeters::default();
    journal.committed(32, 2048, Duration::from_micros(900));
    journal.unwritable(&JournalError::Unwritable { path: "disk".into(), reason: "full".into() });
    journal.writable_again();
    journal.bad_row(&BadRow { file: "f".into(), first: 1, count: 1, reason: "checksum".into() });
}

#[test]
fn every_metric_of_the_table_is_rendered_and_promtool_has_nothing_to_remark() {
    let (recorder, exporter) = Exporter::build(&queues());
    metrics::with_local_recorder(&recorder, everything);
    let text = exporter.render_here();
    check_metrics(&text);
    for metric in names::ALL {
        assert!(text.contains(&format!("# HELP {} ", metric.name)), "{} is missing", metric.name);
        for label in metric.labels {
            let personal = ["agent", "customer", "interaction"].contains(label);
            // Of these there are none unless the operator says so.
            let asked_for = metric.name.starts_with("tablica_agent_") && *label == "agent";
            assert!(!personal || asked_for, "{} has a label {label}", metric.name);
        }
    }
    assert!(text.contains("process_resident_memory_bytes"));
    for line in [
        // A bucket ends exactly at each promise, so that Prometheus can say what was in time.
        "tablica_answer_wait_seconds_bucket{queue=\"sales\",le=\"17.5\"} 1",
        "tablica_answer_wait_seconds_bucket{queue=\"sales\",le=\"10\"} 0",
        "tablica_first_response_seconds_bucket{queue=\"sales\",le=\"900\"} 0",
        "tablica_first_response_seconds_bucket{queue=\"sales\",le=\"1800\"} 1",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
    }
}

#[test]
fn counters_never_go_down_and_what_is_not_known_is_nan() {
    let (recorder, exporter) = Exporter::build(&queues());
    metrics::with_local_recorder(&recorder, || {
        for decided in [20, 5] {
            names::SL_DECIDED.reach(&["sales"], decided);
        }
        names::BUDGET.set(&["sales"], None::<f64>);
    });
    let text = exporter.render_here();
    assert!(text.contains("tablica_sl_decided_total{queue=\"sales\"} 20\n"), "{text}");
    assert!(text.contains("tablica_queue_budget_misses{queue=\"sales\"} NaN\n"), "{text}");
}

#[test]
fn the_rules_that_ship_are_valid_and_pass_their_tests() {
    let rules = files(&rules_dir(), "yml");
    let tests = files(&rules_dir().join("tests"), "yml");
    assert!(!rules.is_empty() && !tests.is_empty());
    passes("check", rules);
    // Each evaluates all rules over hours: at once, not one after another.
    std::thread::scope(|scope| {
        for test in tests {
            scope.spawn(move || passes("test", vec![test]));
        }
    });
}

fn passes(what: &str, files: Vec<PathBuf>) {
    let output = promtool(&[what, "rules"], &files, "");
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "promtool {what} rules {files:?}: {said}");
}

/// Names as people and networks write them: nothing in them may be lost or doubled.
const NAMES: [&str; 7] =
    [r"a\b", r"a\\b", r#"a"b"#, "a\nb", r#"a\"b"#, "a\\\nb\\", "Obsługa – «нова»"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_queue_is_called_in_prometheus_what_it_is_called() {
    let server = serving(|_| NAMES.iter().for_each(|queue| names::WAITING.set(&[queue], 1.0)));
    let server = server.await;
    let watching = tokio::task::spawn_blocking(move || {
        let prometheus = Prometheus::start(server, &Alertmanager::start());
        for queue in NAMES {
            prometheus.wait_for_sample(names::WAITING.name, &[("queue", queue)], ALERT_MAX);
        }
    });
    watching.await.unwrap();
}

/// A little worse with every scrape: `sales` serves one of four contacts in time, `support` all;
/// `telegram` has been silent for two
/// hours; two mails wait beyond what was promised; figures are late for most of the time.
fn worse(scrape: u64) {
    for (queue, in_time) in [("sales", scrape), ("support", 4 * scrape)] {
        names::GOAL.set(&[queue], 0.8);
        names::SL_DECIDED.reach(&[queue], 4 * scrape);
        names::SL_IN_TIME.reach(&[queue], in_time);
    }
    for (policy, breached) in [("mail", 2.0), ("chats", 0.0)] {
        names::POLICY_BUDGET.set(&[policy], 5.0);
        for (state, open) in [("running", 4.0), ("at_risk", 1.0), ("breached", breached)] {
            names::POLICY_CLOCKS.set(&[policy, "shop", "care", state], open);
        }
    }
    names::FIGURES_STALE.reach(&[], 100 * scrape);
    let now = clock::now_ms() as f64 / 1000.0;
    for (channel, health, ago) in [("telegram", "silent", 7200.0), ("phone", "live", 1.0)] {
        names::CHANNEL_FEED.set(&[channel, health], 1.0);
        names::CHANNEL_LAST_EVENT.set(&[channel], now - ago);
        names::CHANNEL_SILENT_AFTER.set(&[channel], 3600.0);
    }
    names::BUILD_INFO.set(&[env!("CARGO_PKG_VERSION")], 1.0);
    names::JOURNAL_WRITABLE.set(&[], 1.0);
    names::TOPICS_FILE_OK.set(&[], 1.0);
}

/// Serves telemetry's own text; what is in it happens before each scrape, which it is told.
async fn serving(happens: fn(u64)) -> SocketAddr {
    let (recorder, exporter) = Exporter::build(&queues());
    let scrapes = Arc::new(std::sync::atomic::AtomicU64::new(0));
    let metrics = get(async move |asked: HeaderMap| {
        let scrape = scrapes.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        metrics::with_local_recorder(&recorder, || happens(scrape));
        // As the server does: a Prometheus asks for OpenMetrics.
        let accept = asked.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
        let form = Form::accepted(accept);
        ([(CONTENT_TYPE, form.content_type())], exporter.render_as(form))
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(
        async move { axum::serve(listener, Router::new().route("/metrics", metrics)).await },
    );
    address
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_real_prometheus_fires_and_the_alertmanager_hears_it() {
    let server = serving(worse).await;
    let watching = tokio::task::spawn_blocking(move || {
        let alertmanager = Alertmanager::start();
        let prometheus = Prometheus::start(server, &alertmanager);
        let sales = [("queue", "sales"), ("severity", "page")];
        let alert = prometheus.wait_for_alert("ServiceLevelBelowGoal", &sales, ALERT_MAX);
        let summary = alert["annotations"]["summary"].as_str().unwrap();
        assert!(summary.starts_with("sales: only 25% in time"), "{summary}");
        alertmanager.wait_for_alert("ServiceLevelBelowGoal", &sales, ALERT_MAX);
        let telegram = [("channel", "telegram")];
        prometheus.wait_for_alert("ChannelFeedSilent", &telegram, ALERT_MAX);
        alertmanager.wait_for_alert("ChannelFeedSilent", &telegram, ALERT_MAX);
        let mail = [("policy", "mail"), ("severity", "ticket")];
        let overdue = prometheus.wait_for_alert("PolicyOverdue", &mail, ALERT_MAX);
        let summary = overdue["annotations"]["summary"].as_str().unwrap();
        assert!(summary.starts_with("mail: 2 customers wait"), "{summary}");
        alertmanager.wait_for_alert("PolicyOverdue", &mail, ALERT_MAX);
        for alert in ["TablicaFreshnessBudgetBurns", "TablicaFreshnessBudgetShrinks"] {
            prometheus.wait_for_alert(alert, &[], ALERT_MAX);
            alertmanager.wait_for_alert(alert, &[], ALERT_MAX);
        }
        // Nothing else is wrong, and nothing else is said: not of `support`, `phone` or `chats`.
        assert_eq!(prometheus.alerts().len(), 5, "{:?}", prometheus.alerts());
    });
    watching.await.unwrap();
}
