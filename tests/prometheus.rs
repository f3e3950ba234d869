//! Telemetry as Prometheus sees it: names it does not frown at, buckets at the promises, and
//! alerts that fire when they should and only then.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use metrics_exporter_prometheus::PrometheusRecorder;
use tablica::clock;
use tablica::config::model::{Queue, Queues};
use tablica::journal::{BadRow, JournalError, Observer};
use tablica::scope::FeedHealth;
use tablica::telemetry::{
    self, AgentReading, ChannelReading, DoorsReading, Exporter, FlowReading, JournalMeters,
    JumpReading, PolicyReading, PromisesReading, QueueReading, Readings, ScreenReading,
    ServiceLevelReading, TopicsReading, WaitMeters, WorkReading, names, publish,
};
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

fn queue(queue: &str, decided: u64, in_time: u64) -> QueueReading {
    let ratio = (decided > 0).then(|| in_time as f64 / decided as f64);
    QueueReading {
        queue: queue.to_owned(),
        goal: 0.8,
        waiting: 3,
        longest_wait_seconds: Some(41.5),
        service_levels: vec![ServiceLevelReading {
            window: "15m",
            formula: "sl_offered_net",
            ratio,
        }],
        sl_decided: decided,
        sl_in_time: in_time,
        recovery: (decided > 0).then_some(5.0),
        budget: None,
    }
}

fn policy(policy: &str, breached: u64) -> PolicyReading {
    let open = vec![("running", 4), ("at_risk", 1), ("breached", breached), ("paused", 0)];
    let place = PromisesReading {
        channel: "shop".to_owned(),
        queue: "care".to_owned(),
        open,
        met: 3,
        breached: 4,
    };
    PolicyReading {
        policy: policy.to_owned(),
        goal: 0.8,
        recovery: Some(13.0),
        budget: Some(5.0),
        places: vec![place],
    }
}

fn channel(channel: &str, feed: FeedHealth, last_event_ago_seconds: f64) -> ChannelReading {
    ChannelReading {
        channel: channel.to_owned(),
        feed,
        last_event_seconds: Some(clock::now_ms() as f64 / 1000.0 - last_event_ago_seconds),
        silent_after_seconds: 3600.0,
        duplicates: 4,
        clamped: 1,
        work: WorkReading { quarantined: vec![("bad_input", 1)], ..WorkReading::default() },
    }
}

fn jump(of: &'static str, deviations: Option<f64>) -> JumpReading {
    JumpReading { channel: "phone".to_owned(), of, deviations }
}

fn readings() -> Readings {
    Readings {
        queues: vec![queue("sales", 20, 15), queue("night", 0, 0)],
        policies: vec![policy("mail", 2)],
        flows: vec![FlowReading {
            channel: "phone".to_owned(),
            queue: "sales".to_owned(),
            offered: 25,
            answered: 18,
            answered_in_threshold: 15,
            abandoned: 4,
            abandoned_short: 1,
            flowed_out: 0,
            unanswered: 3,
        }],
        channels: vec![channel("phone", FeedHealth::Live, 2.0)],
        jumps: vec![jump("contacts", Some(4.2)), jump("mentions", None)],
        agents: vec![("available", 4), ("talking", 9)],
        handled_by: vec![AgentReading { agent: "Anna".to_owned(), work: "calls", handled: 7 }],
        boards: vec![("floor".to_owned(), 2)],
        screens: vec![ScreenReading {
            board: "floor".to_owned(),
            screen: "hall".to_owned(),
            picture_age_seconds: 0.4,
        }],
        journal_writable: true,
        topics: TopicsReading { rules: 7, in_order: true },
        doors: DoorsReading {
            screens_closed: vec![("slow", 1)],
            frames: vec![("delta", 7)],
            ..DoorsReading::default()
        },
        ..Readings::default()
    }
}

/// Everything happens once.
fn everything() {
    publish(&readings());
    names::PLUGIN_CALL.histogram(&["phone"]).record(3e-6);
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
    let (recorder, exporter) = Exporter::build(&queues()).unwrap();
    metrics::with_local_recorder(&recorder, everything);
    exporter.upkeep();
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
        "tablica_service_level_ratio{queue=\"sales\",window=\"15m\",formula=\"sl_offered_net\"} 0.75",
        "tablica_service_level_ratio{queue=\"night\",window=\"15m\",formula=\"sl_offered_net\"} NaN",
        "tablica_sl_decided_total{queue=\"sales\"} 20",
        "tablica_queue_recovery_contacts{queue=\"sales\"} 5",
        "tablica_queue_recovery_contacts{queue=\"night\"} NaN",
        "tablica_policy_clocks{policy=\"mail\",channel=\"shop\",queue=\"care\",state=\"breached\"} 2",
        "tablica_policy_breached_total{policy=\"mail\",channel=\"shop\",queue=\"care\"} 4",
        "tablica_policy_budget_misses{policy=\"mail\"} 5",
        "tablica_jump_deviations{channel=\"phone\",of=\"contacts\"} 4.2",
        "tablica_jump_deviations{channel=\"phone\",of=\"mentions\"} NaN",
        "tablica_channel_feed{channel=\"phone\",health=\"live\"} 1",
        "tablica_channel_feed{channel=\"phone\",health=\"silent\"} 0",
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
fn counters_never_go_down() {
    let (recorder, exporter) = Exporter::build(&queues()).unwrap();
    metrics::with_local_recorder(&recorder, || {
        for decided in [20, 5] {
            publish(&Readings { queues: vec![queue("sales", decided, 1)], ..Readings::default() });
        }
    });
    assert!(exporter.render_here().contains("tablica_sl_decided_total{queue=\"sales\"} 20\n"));
}

#[test]
fn the_rules_that_ship_are_valid_and_pass_their_tests() {
    let rules = files(&rules_dir(), "yml");
    let tests = files(&rules_dir().join("tests"), "yml");
    assert!(!rules.is_empty() && !tests.is_empty());
    for (args, files) in [(["check", "rules"], rules), (["test", "rules"], tests)] {
        let output = promtool(&args, &files, "");
        let said =
            String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "promtool {args:?}: {said}");
    }
}

/// Serves telemetry's own text, and makes it a little worse with every scrape: four contacts
/// decided, in `sales` one of them in time, in `support` all. `telegram` is silent.
async fn worsening_server() -> SocketAddr {
    let (recorder, exporter) = Exporter::build(&queues()).unwrap();
    let recorder: Arc<PrometheusRecorder> = Arc::new(recorder);
    let scrapes = Arc::new(std::sync::atomic::AtomicU64::new(0));
    let metrics = get(async move || {
        let scrape = scrapes.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let readings = Readings {
            queues: vec![
                queue("sales", 4 * scrape, scrape),
                queue("support", 4 * scrape, 4 * scrape),
            ],
            policies: vec![policy("mail", 2), policy("chats", 0)],
            channels: vec![
                channel("telegram", FeedHealth::Silent, 7200.0),
                channel("phone", FeedHealth::Live, 1.0),
            ],
            journal_writable: true,
            topics: TopicsReading { rules: 7, in_order: true },
            ..Readings::default()
        };
        metrics::with_local_recorder(&*recorder, || publish(&readings));
        ([(CONTENT_TYPE, telemetry::CONTENT_TYPE)], exporter.render().await)
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
    let server = worsening_server().await;
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
        // Nothing else is wrong, and nothing else is said: not of `support`, `phone` or `chats`.
        assert_eq!(prometheus.alerts().len(), 3, "{:?}", prometheus.alerts());
    });
    watching.await.unwrap();
}
