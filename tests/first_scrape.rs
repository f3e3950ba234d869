//! A counter that appears with its first increment is invisible to `rate()` and `increase()`: all
//! that the config knows is counted from 0 at the first scrape.

use expect_test::expect_file;

use crate::support::server::{SECRET_ENV, Site};

/// Two channels, of which one names its queue itself, and two queues.
fn site() -> Site {
    let site = Site::new("");
    // A phone system that is not there is an event.
    std::fs::write(site.queue_log(), "").expect("a queue log");
    let config = format!(
        r#"
[server]
listen = "127.0.0.1:0"
admin_listen = "127.0.0.1:0"
state_dir = "state"

[channel.pbx]
plugin = "asterisk-queuelog"
file = "queue_log"

[channel.shop]
plugin = "webform"
queue = "care"
secret = {{ env = "{SECRET_ENV}" }}

[queue.sales]

[queue.care]

[policy.calls]
kinds = ["call"]
queues = ["sales"]
clock = "answer"
target = "30s"

[policy.forms]
channels = ["shop"]
clock = "first_response"
target = "10m"
"#
    );
    std::fs::write(site.config(), config).expect("the config is written");
    site
}

/// A plugin is called when it starts, and where it stands may be committed by then.
const NOT_ZERO: [&str; 2] = ["tablica_plugin_call", "tablica_journal_commit"];

/// Counters, and counts of histograms, with their values where these are no accident.
fn counters(metrics: &str) -> String {
    let is_counter = |line: &&str| {
        let name = line.split(['{', ' ']).next().unwrap_or_default();
        let is_ours = name.starts_with("tablica_");
        is_ours && (name.ends_with("_total") || name.ends_with("_count"))
    };
    let told = |line: &str| match NOT_ZERO.iter().any(|name| line.starts_with(name)) {
        true => line.rsplit_once(' ').expect("a value").0.to_owned(),
        false => line.to_owned(),
    };
    let mut lines: Vec<String> = metrics.lines().filter(is_counter).map(told).collect();
    lines.sort();
    lines.join("\n") + "\n"
}

#[tokio::test(flavor = "multi_thread")]
async fn counters_of_all_that_the_config_names_are_at_0_at_the_first_scrape() {
    let site = site();
    let server = site.start().await;
    let first = counters(&server.metrics().await);
    let of_a_place = "channel=\"pbx\",queue=\"sales\"} 0";
    for series in [
        format!("tablica_offered_total{{{of_a_place}"),
        format!("tablica_abandoned_total{{{of_a_place}"),
        "tablica_offered_total{channel=\"shop\",queue=\"care\"} 0".to_owned(),
        format!("tablica_policy_breached_total{{policy=\"calls\",{of_a_place}"),
        "tablica_quarantined_total{channel=\"shop\",reason=\"bad_input\"} 0".to_owned(),
        "tablica_channel_limited_total{channel=\"pbx\",limit=\"fetches\"} 0".to_owned(),
        "tablica_refused_total{limit=\"connections_max\"} 0".to_owned(),
        "tablica_files_set_aside_total{file=\"roll-ups\"} 0".to_owned(),
        "tablica_answer_wait_seconds_count{queue=\"sales\"} 0".to_owned(),
    ] {
        assert!(first.lines().any(|line| line == series), "{series} is not in\n{first}");
    }
    expect_file!["data/first_scrape.txt"].assert_eq(&first);
}
