//! What Grafana would ask: every query of every dashboard and every rule that ships, asked of a real
//! Prometheus that scrapes a real server with the demo's traffic and the rules that ship.
//!
//! A query that gives nothing shows an empty panel, and nobody notices: it gives something here, or
//! stands in a list with the reason why it cannot.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::support::process::Watched;
use crate::support::prometheus::{Alertmanager, Prometheus, files};
use crate::support::server::{SECRET_ENV, Server, Site, tablica};

/// Recorded series need two scrapes and two evaluations, histograms somebody who answers; the machine
/// may be busy.
const DATA_MAX: Duration = Duration::from_secs(300);

/// Queries that give nothing on a demo's young server that is well, by a part of them, and why; `$` is a
/// query's end.
const MAY_BE_EMPTY: [(&str, &str); 14] = [
    ("offset 1w", "no Prometheus of a test is a week old"),
    (">= on (job, instance,", "one of two: a queue is at its goal or below it"),
    ("< on (job, instance,", "the other of the two"),
    ("> on (job, instance, channel)", "no channel is silent for so long"),
    ("tablica_jump_deviations", "what is usual is known after weeks"),
    ("tablica_agents_required", "and so is how many are needed"),
    ("tablica_logins_total", "the demo has no section access"),
    ("tablica_access_limited_total", "the same"),
    ("tablica_oidc_logins_total", "and no provider"),
    ("tablica_network_reported", "none of the demo's networks tells figures of its own"),
    ("tablica_report_", "the demo sends no report"),
    ("tablica_alert_messages_total", "and tells nobody of alerts"),
    ("ALERTS", "nothing is wrong"),
    (" > 0$", "what is counted there did not happen"),
];

/// Of what alerts ask for, too: what exists only after it has happened.
const MAY_BE_MISSING: [&str; 4] = [
    "tablica_jump_deviations",
    "tablica_logins_total",
    "tablica_files_set_aside_total",
    "tablica_report_undelivered",
];

fn has(expr: &str, part: &str) -> bool {
    format!("{expr}$").contains(part)
}

fn may_be_empty(expr: &str) -> bool {
    MAY_BE_EMPTY.iter().any(|(part, _)| has(expr, part))
}

/// Everything that has a dashboard's or a rule's query, and the query itself, with variables as
/// Grafana fills them in.
fn queries() -> Vec<(String, String)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("grafana");
    let mut queries = Vec::new();
    for path in files(&folder.join("dashboards"), "json") {
        let page: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let name = page["title"].as_str().unwrap();
        for panel in panels(&page) {
            for target in panel["targets"].as_array().into_iter().flatten() {
                let title = format!("{name} / {}", panel["title"].as_str().unwrap());
                queries.push((title, filled(target["expr"].as_str().unwrap())));
            }
        }
    }
    assert!(queries.len() > 150, "{}", queries.len());
    queries
}

/// Panels, also those in folded rows.
fn panels(page: &Value) -> Vec<&Value> {
    let top = page["panels"].as_array().unwrap();
    let inner = top.iter().filter_map(|panel| panel["panels"].as_array()).flatten();
    top.iter().filter(|panel| panel["type"] != "row").chain(inner).collect()
}

fn filled(expr: &str) -> String {
    let values = [
        ("$__rate_interval", "20s"),
        ("$__range", "5m"),
        ("$job", "tablica"),
        ("$instance", ".+"),
        ("$channel", ".*"),
        ("$queue", ".*"),
    ];
    let filled =
        values.iter().fold(expr.to_owned(), |text, (name, value)| text.replace(name, value));
    assert!(!filled.contains('$'), "a variable is left: {filled}");
    filled
}

/// Recorded series, and the metrics that alerts ask for.
fn rules() -> (Vec<String>, Vec<String>) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("grafana/mixin/rules.json");
    let all: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let groups = all["groups"].as_array().unwrap().iter();
    let rules: Vec<&Value> = groups.flat_map(|group| group["rules"].as_array().unwrap()).collect();
    let recorded = rules.iter().filter_map(|rule| rule["record"].as_str()).map(str::to_owned);
    let mut metrics: Vec<String> = Vec::new();
    for expr in rules.iter().filter_map(|rule| rule["expr"].as_str()) {
        let words = expr.split(|c: char| !(c.is_ascii_alphanumeric() || "_:".contains(c)));
        metrics.extend(words.filter(|it| it.starts_with("tablica_")).map(str::to_owned));
    }
    metrics.sort();
    metrics.dedup();
    (recorded.collect(), metrics)
}

/// The demo's contact center, a few times as busy, so that there is something in each queue at once.
fn traffic(site: &Site, server: &Server) -> Watched {
    let mut simulate = tablica();
    simulate
        .args(["simulate", "--telegram", &server.url("/in/telegram")])
        .args(["--telegram-secret-env", SECRET_ENV, "--webform", &server.url("/in/webform")])
        .args(["--webform-secret-env", SECRET_ENV, "--networks", &server.url("/in/")])
        .args(["--networks-secret-env", SECRET_ENV, "--queue-log"])
        .arg(site.queue_log())
        .args(["--as-if", "10:00", "--warm-up", "20m", "--rate", "9", "--staff", "9"]);
    Watched::start(&mut simulate)
}

async fn television(server: &Server) -> WebSocketStream<TcpStream> {
    let url = server.url("/ws/v1/boards/floor?screen=hall").replace("http://", "ws://");
    let authority = url.split('/').nth(2).expect("an authority").to_owned();
    let stream = TcpStream::connect(authority).await.expect("the server listens");
    client_async(url, stream).await.expect("let in").0
}

#[tokio::test(flavor = "multi_thread")]
async fn every_query_of_dashboards_and_rules_gives_something_in_a_real_prometheus() {
    let site = Site::demo();
    let with_agents = "[telemetry]\nagent_labels = true\n\n[topics]";
    site.configure("[topics]", with_agents);
    let server = site.start().await;
    let _tv = television(&server).await;
    let target = server.admin_authority().parse().expect("an address");
    let (asked, metrics_site) = (queries(), rules());
    // Prometheus first: what a counter had before it is no growth.
    let alertmanager = Alertmanager::start();
    let prometheus = Prometheus::start(target, &alertmanager);
    prometheus.wait_for_sample("tablica_build_info", &[], DATA_MAX);
    let _traffic = traffic(&site, &server);
    let asking = tokio::task::spawn_blocking(move || {
        let (recorded, metrics) = metrics_site;
        let mut left: BTreeMap<String, String> = BTreeMap::new();
        for (title, expr) in asked {
            if may_be_empty(&expr) {
                // It need not give anything, but Prometheus must take it.
                prometheus.ask(&expr).unwrap_or_else(|error| panic!("{title}: {error}"));
            } else {
                left.insert(expr, title);
            }
        }
        left.extend(recorded.into_iter().map(|series| (series, "recorded".to_owned())));
        let named = metrics.into_iter().filter(|it| !MAY_BE_MISSING.contains(&it.as_str()));
        left.extend(named.map(|metric| (metric, "named by an alert".to_owned())));
        let begun = Instant::now();
        while !left.is_empty() && begun.elapsed() < DATA_MAX {
            left.retain(|expr, title| {
                prometheus.ask(expr).unwrap_or_else(|error| panic!("{title}: {error}")) == 0
            });
        }
        let empty: Vec<String> =
            left.iter().map(|(expr, title)| format!("{title}: {expr}")).collect();
        assert!(empty.is_empty(), "no data:\n{}\n", empty.join("\n"));
    });
    asking.await.unwrap();
    drop(alertmanager);
}

/// Each reason is still one: a part that no query has any more is taken out.
#[test]
fn each_query_that_may_be_empty_is_there() {
    let asked = queries();
    for (part, why) in MAY_BE_EMPTY {
        assert!(asked.iter().any(|(_, expr)| has(expr, part)), "{part} ({why}): nobody asks");
    }
}

/// The config that the compose file mounts, with the secret that it asks for.
#[test]
fn the_config_of_the_compose_file_is_good() {
    let config = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("grafana/tablica.toml");
    let mut check = tablica();
    check.env("TABLICA_WEBFORM_SECRET", "compose-secret-0123456789");
    let output = check.args(["check", "--config"]).arg(config).output().expect("tablica runs");
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}
