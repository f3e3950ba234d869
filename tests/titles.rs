//! Titles are for people: changed in the config, they are on the walls and in the API without a
//! restart. What needs one is named in the log.

use crate::support::server::{Server, Site, append, unix_seconds};
use crate::support::wait::{until, until_async};

const CONFIG: &str = r#"
[queue.sales]
title = "Sales"
"#;

fn change(site: &Site, from: &str, to: &str) {
    let config = std::fs::read_to_string(site.config()).unwrap();
    assert!(config.contains(from), "{from} is not in the config");
    std::fs::write(site.config(), config.replacen(from, to, 1)).unwrap();
}

/// Waits until the floor's wall, or a document of the API, holds these words.
async fn until_in(server: &Server, path: &str, words: &str) {
    until_async(&format!("{words:?} in {path}, log {}", server.output()), async || {
        server.json(path).await.to_string().contains(words)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_title_is_on_the_walls_and_in_the_api_without_a_restart() {
    let site = Site::new(CONFIG);
    let server = site.start().await;
    append(&site.queue_log(), &format!("{}|c-1|sales|NONE|ENTERQUEUE||1|1\n", unix_seconds()));
    until_in(&server, "/api/v1/boards/floor", "\"Sales\"").await;
    change(&site, "title = \"Sales\"", "title = \"New customers\"");
    until_in(&server, "/api/v1/boards/floor", "New customers").await;
    change(&site, "file = \"queue_log\"", "file = \"queue_log\"\ntitle = \"Telephone\"");
    until_in(&server, "/api/v1/boards/floor", "Telephone").await;
    until_in(&server, "/api/v1/channels", "Telephone").await;
    change(&site, "title = \"New customers\"", "");
    until_in(&server, "/api/v1/boards/floor", "\"sales\"").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_a_reload_or_a_restart_is_named_once_and_changes_nothing() {
    let site = Site::new(CONFIG);
    let server = site.start().await;
    change(&site, "title = \"Sales\"", "title = \"Deals\"\nanswer_threshold = \"7s\"\ngoal = 0.9");
    until_in(&server, "/api/v1/boards/floor", "\"Deals\"").await;
    let log = || server.output();
    let named = |line: &str| line.contains("queue.sales.answer_threshold, queue.sales.goal");
    until(&format!("the log names the keys: {}", log()), || log().lines().any(named));
    let told = log().lines().find(|line| named(line)).unwrap().to_owned();
    assert!(told.contains("SIGHUP") && !told.contains("sales.title"), "{told}");
    change(&site, "[site]", "[journal]\nkeep = \"40d\"\n[site]");
    let named = |line: &str| line.contains("restart") && line.contains("journal.keep");
    until(&format!("the log names the key: {}", log()), || log().lines().any(named));
    let goal = "tablica_queue_goal_ratio{queue=\"sales\"} 0.8";
    assert!(server.metrics().await.lines().any(|line| line == goal), "the old goal holds");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mistake_in_the_config_is_said_and_titles_stay() {
    let site = Site::new(CONFIG);
    let server = site.start().await;
    append(&site.queue_log(), &format!("{}|c-1|sales|NONE|ENTERQUEUE||1|1\n", unix_seconds()));
    until_in(&server, "/api/v1/boards/floor", "\"Sales\"").await;
    change(&site, "title = \"Sales\"", "titel = \"Deals\"");
    until("the log names the mistake", || server.output().contains("queue.sales.titel"));
    until_in(&server, "/api/v1/boards/floor", "\"Sales\"").await;
    change(&site, "titel = \"Deals\"", "title = \"Deals\"");
    until_in(&server, "/api/v1/boards/floor", "\"Deals\"").await;
}
