//! Every series of a busy server, by name and labels: dashboards and alerts are written by them.

use std::fmt::Write;

use expect_test::expect_file;
use tokio::net::TcpStream;
use tokio_tungstenite::client_async;

use crate::support::prometheus::check_metrics;
use crate::support::server::{SECRET_ENV, Server, Site, append, telegram_message, unix_seconds};
use crate::support::wait::until_async;

const CONFIG: &str = r#"
[telemetry]
agent_labels = true

[queue.sales]
answer_threshold = "17s"

[policy.calls]
kinds = ["call"]
clock = "answer"
target = "30s"
goal = 0.85

[policy.forms]
channels = ["webform"]
clock = "first_response"
target = "10m"
goal = 0.8

[channel.quiet]
plugin = "webform"
queue = "quiet"
"#;

/// As many calls as it takes until something is said of an agent, and one that nobody takes.
fn calls() -> String {
    let mut lines = String::new();
    for call in 0..6 {
        let at = unix_seconds() - 300 + call;
        writeln!(lines, "{at}|call-{call}|sales|NONE|ENTERQUEUE||60010{call:04}|1").unwrap();
        if call == 0 {
            writeln!(lines, "{}|call-0|sales|NONE|ABANDON|1|1|9", at + 9).unwrap();
            continue;
        }
        writeln!(lines, "{}|call-{call}|sales|Agent/7|CONNECT|5|leg|3", at + 5).unwrap();
        writeln!(lines, "{}|call-{call}|sales|Agent/7|COMPLETEAGENT|5|60|1", at + 65).unwrap();
    }
    lines
}

/// A customer's message in a business account's chat, and the owner's reply.
async fn conversation(server: &Server) {
    for (update, from) in [(1, 4001), (2, 7)] {
        let message = serde_json::json!({
            "update_id": update,
            "business_message": {
                "business_connection_id": "b1",
                "message_id": update,
                "from": {"id": from, "is_bot": false, "first_name": "Somebody"},
                "chat": {"id": 4001, "type": "private", "first_name": "Customer"},
                "date": unix_seconds(),
                "text": "about my order"
            }
        });
        let answer = server.telegram(&message.to_string()).await.expect("an answer");
        assert!(answer.status().is_success());
    }
}

/// Names and labels, help and type; not the values, nor what differs from process to process.
fn series(metrics: &str) -> String {
    let version = format!("version=\"{}\"", env!("CARGO_PKG_VERSION"));
    let name = |line: &str| match line.strip_prefix('#') {
        Some(_) => line.to_owned(),
        None => line.rsplit_once(' ').expect("a value").0.replace(&version, "version=\"…\""),
    };
    let mut lines: Vec<String> =
        metrics.lines().filter(|line| !line.is_empty()).map(name).collect();
    // Help and type first, then the series of the same metric.
    lines.sort_by_key(|line| {
        let plain = line.trim_start_matches("# HELP ").trim_start_matches("# TYPE ");
        (plain.split([' ', '{']).next().unwrap_or_default().to_owned(), line.clone())
    });
    lines.join("\n") + "\n"
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_server_has_these_series_and_no_others() {
    let secret = format!("secret = {{ env = \"{SECRET_ENV}\" }}\n");
    let site = Site::new(&format!("{CONFIG}{secret}"));
    // What is usual of a channel is computed when a server starts: it should know them all.
    let server = site.start().await;
    append(&site.queue_log(), &calls());
    let update = telegram_message(9, 4009, "hello");
    assert!(server.telegram(&update).await.expect("an answer").status().is_success());
    let form = |id: &str| {
        let form = serde_json::json!({
            "id": id, "time": unix_seconds(), "interaction": id, "kind": "opened"
        });
        form.to_string()
    };
    assert!(server.webform(&form("f-1")).await.status().is_success());
    assert!(server.signed("quiet", &form("q-1")).await.status().is_success());
    server.settles("offered", "queue=sales&window=today", 6.0).await;
    assert!(server.stop().success());

    let server = site.start().await;
    append(&site.queue_log(), &calls().replace("call-", "again-"));
    assert!(server.webform(&form("f-2")).await.status().is_success());
    assert!(server.telegram("no update").await.expect("an answer").status().is_success());
    conversation(&server).await;
    let wall = server.url("/ws/v1/boards/floor").replace("http://", "ws://");
    let authority = wall.split('/').nth(2).expect("an authority");
    let stream = TcpStream::connect(authority).await.expect("the server listens");
    let _wall = client_async(wall.as_str(), stream).await.expect("a wall is let in");
    server.settles("offered", "queue=sales&window=today", 12.0).await;
    until_async("everything has happened", async || {
        let metrics = server.metrics().await;
        [
            "tablica_agent_handled_total",
            "tablica_answer_wait_seconds_count{queue=\"sales\"} 5",
            "tablica_first_response_seconds_count{queue=\"messages\"} 1",
            "tablica_quarantined_total{channel=\"telegram\"",
            "tablica_screen_picture_age_seconds",
            "tablica_jump_deviations{channel=\"quiet\"",
            "tablica_plugin_call_seconds_count{channel=\"pbx\"}",
        ]
        .iter()
        .all(|part| metrics.contains(part))
    })
    .await;
    let metrics = server.metrics().await;
    check_metrics(&metrics);
    expect_file!["data/metrics.txt"].assert_eq(&series(&metrics));
}
