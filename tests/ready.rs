//! Readiness follows the engine: while it is behind the journal, what walls and the API show is
//! old, and `/readyz` says so, at the start as well as later.

use std::path::Path;

use crate::support::server::{Site, append, get, unix_seconds};
use crate::support::wait::until_async;

/// Calls that take the engine a while, and a commit at a time is folded.
const CALLS: i64 = 4_000;

/// Calls of the last hour, each answered, at once.
fn many_calls(queue_log: &Path, name: &str) {
    let now = unix_seconds();
    let line = |call: i64| {
        let at = now - 3000 + call * 2900 / CALLS;
        format!(
            "{at}|{name}-{call}|sales|NONE|ENTERQUEUE||600100200|1\n\
             {}|{name}-{call}|sales|Agent/7|CONNECT|5|leg-{call}|3\n",
            at + 5
        )
    };
    append(queue_log, &(0..CALLS).map(line).collect::<String>());
}

/// The status of an answer and what it says; nothing while nobody answers.
async fn readiness(url: &str) -> Option<(u16, String)> {
    let answer = get(url.to_owned()).await.ok()?;
    Some((answer.status().as_u16(), answer.text().await.ok()?))
}

async fn until_ready_says(url: &str, status: u16, words: &str) {
    until_async(&format!("{url} is {status} and says {words:?}"), async || {
        readiness(url).await.is_some_and(|(is, said)| is == status && said.contains(words))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_engine_is_behind_the_journal_the_server_is_not_ready() {
    let site = Site::new("");
    let config = std::fs::read_to_string(site.config()).unwrap();
    let config = config.replacen("[server]", "[server]\nengine_behind_max = \"1ms\"", 1);
    std::fs::write(site.config(), config).unwrap();
    let server = site.start().await;
    many_calls(&site.queue_log(), "a");
    until_ready_says(&server.url("/readyz"), 503, "behind the journal").await;
    until_ready_says(&server.url("/readyz"), 200, "ok").await;
    server.settles("offered", "window=60m&queue=sales", CALLS as f64).await;
    for metric in ["tablica_engine_behind_seconds", "tablica_engine_behind_events"] {
        server.counts(metric, 0).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_journal_is_counted_again_a_start_lives_and_is_not_ready() {
    let site = Site::new("").with_fixed_ports();
    let server = site.start().await;
    many_calls(&site.queue_log(), "a");
    server.settles("offered", "window=60m&queue=sales", CALLS as f64).await;
    let (ready, alive) = (server.url("/readyz"), server.url("/livez"));
    let (wall, admin) = (server.url("/wall/floor"), server.admin_url("/readyz"));
    let webhook = server.url("/in/telegram");
    server.kill();
    // A snapshot may have been kept: without one everything is counted again.
    let _ = std::fs::remove_dir_all(site.path("state/snapshots"));
    let here = tokio::runtime::Handle::current();
    let started = tokio::task::spawn_blocking(move || (here.block_on(site.start()), site));
    until_ready_says(&ready, 503, "counted again").await;
    until_ready_says(&admin, 503, "counted again").await;
    assert_eq!(get(alive).await.unwrap().status().as_u16(), 200);
    for (url, is_page) in [(wall, true), (webhook, false)] {
        let answer = get(url).await.unwrap();
        assert_eq!(answer.status().as_u16(), 503);
        assert!(answer.headers().contains_key("retry-after"));
        let text = answer.text().await.unwrap();
        assert_eq!(text.contains("wall.js"), is_page, "a wall comes alive by itself: {text}");
        assert_eq!(text.contains("<p>the server starts"), is_page, "{text}");
    }
    let (server, _site) = started.await.unwrap();
    until_ready_says(&ready, 200, "ok").await;
    server.settles("offered", "window=60m&queue=sales", CALLS as f64).await;
}
