//! From a network's bytes to somebody being called: a real server, a real Prometheus with the
//! rules that ship, a real Alertmanager.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::time::Duration;

use crate::support::prometheus::{Alertmanager, Prometheus, check_metrics};
use crate::support::server::{SECRET_ENV, Site, append, client, tablica, unix_seconds};
use crate::support::wait::until_async;

/// The alerts wait 30 s before they fire; the machine may be busy.
const ALERT_MAX: Duration = Duration::from_secs(120);
/// More calls than the alert's guard against too few.
const CALLS: i64 = 16;

/// Calls to a queue, three minutes ago: one of four is answered in time, one too late, and two
/// hang up after a minute.
fn bad_quarter_of_an_hour(queue: &str) -> String {
    let mut lines = String::new();
    for call in 0..CALLS {
        let at = unix_seconds() - 180 + call;
        writeln!(lines, "{at}|bad-{call}|{queue}|NONE|ENTERQUEUE||60010{call:04}|1").unwrap();
        let (wait, how) = match call % 4 {
            0 => (5, format!("Agent/7|CONNECT|5|leg-{call}|3")),
            1 => (40, format!("Agent/7|CONNECT|40|leg-{call}|3")),
            _ => (60, "NONE|ABANDON|1|1|60".to_owned()),
        };
        writeln!(lines, "{}|bad-{call}|{queue}|{how}", at + wait).unwrap();
    }
    lines
}

/// An alert with its labels and the beginning of what it says; figures move on between two looks.
fn told(labels: &serde_json::Value, words: &serde_json::Value) -> String {
    let mut labels = labels.as_object().cloned().unwrap_or_default();
    labels.remove("job");
    let summary = words["summary"].as_str().unwrap_or_default();
    let beginning = summary.split(' ').next().unwrap_or_default();
    format!("{} {beginning}", serde_json::Value::Object(labels))
}

#[tokio::test(flavor = "multi_thread")]
async fn late_answers_and_a_silent_channel_call_somebody() {
    let site = Site::new(&format!(
        r#"
[alerts]
look_every = "1s"

[queue.sales]
answer_threshold = "20s"
goal = 0.8

[queue.support]

[channel.chat]
plugin = "webform"
queue = "support"
secret = {{ env = "{SECRET_ENV}" }}
late_after = "1s"
silent_after = "2s"
"#
    ));
    let server = site.start().await;
    let form = serde_json::json!({
        "id": "1", "time": unix_seconds(), "interaction": "1", "kind": "opened"
    });
    assert!(server.signed("chat", &form.to_string()).await.status().is_success());

    let alertmanager = Alertmanager::start();
    let target = server.admin_authority().parse().expect("an address");
    let prometheus = Prometheus::start(target, &alertmanager);
    // A counter that Prometheus first sees after the calls would not have risen for it.
    prometheus.wait_for_sample("tablica_sl_decided_total", &[("queue", "sales")], ALERT_MAX);
    append(&site.queue_log(), &bad_quarter_of_an_hour("sales"));
    server.settles("offered", "queue=sales&window=today", CALLS as f64).await;
    check_metrics(&server.metrics().await);

    let sales = [("queue", "sales"), ("severity", "page")];
    let alert = prometheus.wait_for_alert("ServiceLevelBelowGoal", &sales, ALERT_MAX);
    let summary = alert["annotations"]["summary"].as_str().expect("a summary");
    assert!(summary.starts_with("sales: only 25"), "{summary}");
    alertmanager.wait_for_alert("ServiceLevelBelowGoal", &sales, ALERT_MAX);

    // Half of them hung up, and the goal lets one of five be late.
    let alert = prometheus.wait_for_alert("AbandonedMany", &sales, ALERT_MAX);
    let summary = alert["annotations"]["summary"].as_str().expect("a summary");
    assert!(summary.starts_with("sales: 50% of the customers gave up"), "{summary}");

    let chat = [("channel", "chat")];
    prometheus.wait_for_alert("ChannelFeedSilent", &chat, ALERT_MAX);
    alertmanager.wait_for_alert("ChannelFeedSilent", &chat, ALERT_MAX);

    let pending = prometheus.alerts();
    assert_eq!(pending.len(), 3, "nothing else is wrong: {pending:?}");

    // Who has no Prometheus is told the same.
    let of_prometheus: BTreeSet<String> =
        pending.iter().map(|alert| told(&alert["labels"], &alert["annotations"])).collect();
    until_async("the server's own alerts to be Prometheus'", async || {
        let answer = client().get(server.admin_url("/api/v1/alerts")).send().await;
        let text = answer.expect("an answer").text().await.expect("a body");
        let own: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let own = own["alerts"].as_array().cloned().unwrap_or_default();
        let own: BTreeSet<String> = own.iter().map(|alert| told(&alert["labels"], alert)).collect();
        own == of_prometheus
    })
    .await;
}

/// What `tablica rules` writes is what a real promtool and a real Prometheus take.
#[test]
fn rules_are_listed_and_written_for_prometheus_by_a_config() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = folder.path().join("tablica.toml");
    let text =
        "[alerts]\noff = [\"AbandonedMany\"]\ngrafana_url = \"https://grafana.example.org/\"\n";
    std::fs::write(&config, text).expect("a config");
    let said = |arguments: &[&str]| {
        let mut tablica = tablica();
        let output = tablica.arg("rules").args(arguments).output().expect("tablica runs");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).expect("text")
    };
    let listed = said(&[]);
    assert!(listed.lines().count() >= 37, "{listed}");
    let line = "PolicyAtRisk                   page    after 30 s    Promises are about to break\n";
    assert!(listed.contains(line), "{listed}");
    let (config, out) = (config.display().to_string(), folder.path().join("rules"));
    let out_text = out.display().to_string();
    assert!(said(&["--config", &config]).contains("after 30 s    Many customers give up (off)\n"));
    let written = said(&["--config", &config, "--out", &out_text]);
    assert_eq!(written.lines().count(), 6, "{written}");
    let mut promtool = std::process::Command::new("promtool");
    promtool.args(["check", "rules"]);
    for file in std::fs::read_dir(&out).expect("a folder") {
        promtool.arg(file.expect("a file").path());
    }
    let checked = promtool.output().expect("promtool runs");
    assert!(checked.status.success(), "{checked:?}");
    let center = std::fs::read_to_string(out.join("contact_center.yml")).expect("rules");
    assert!(!center.contains("AbandonedMany") && center.contains("alert: PolicyAtRisk"));
    assert!(center.contains("'https://grafana.example.org/d/tablica-queue?"), "{center}");

    // A name that is none is told before anything is written or started.
    std::fs::write(folder.path().join("bad.toml"), "[alerts]\noff = [\"AbandonedMeny\"]\n")
        .expect("a config");
    let mut check = tablica();
    check.args(["check", "--config"]).arg(folder.path().join("bad.toml"));
    let told = check.output().expect("tablica runs");
    let text = String::from_utf8_lossy(&told.stdout) + String::from_utf8_lossy(&told.stderr);
    assert!(!told.status.success() && text.contains("did you mean `AbandonedMany`?"), "{text}");
}
