//! What comes twice is counted once, also over restarts, and a limit that is hit is said everywhere.

use crate::support::server::{Server, Site, append, telegram_message, unix_seconds};
use crate::support::wait::{until, until_async};

const OFTEN: &str = "[journal]\nsnapshot_every = \"1s\"";

fn has_snapshot(site: &Site) -> bool {
    let files = std::fs::read_dir(site.path("state/snapshots")).into_iter().flatten().flatten();
    files.filter(|file| file.path().extension().is_some_and(|it| it == "snapshot")).count() > 0
}

async fn deliver(server: &Server) {
    for update in 1..=3 {
        let answer = server.telegram(&telegram_message(update, 4000 + update, "hello")).await;
        assert_eq!(answer.expect("an answer").status(), 200);
    }
}

async fn limit(server: &Server, name: &str) -> u64 {
    let limits = server.json("/api/v1/limits").await;
    let all = limits["limits"].as_array().expect("a list");
    let found = all.iter().find(|limit| limit["limit"] == name).expect("a limit of that name");
    assert!(found["means"].as_str().is_some_and(|text| text.len() > 20), "{found}");
    found["hits"].as_u64().expect("a number")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_again_after_a_kill_is_recognised_by_ids_beside_the_snapshot() {
    let site = Site::new(OFTEN);
    // The phone system is there, and says nothing.
    std::fs::write(site.queue_log(), "").expect("a queue log");
    let server = site.start().await;
    deliver(&server).await;
    server.settles("offered", "channel=telegram&window=today", 3.0).await;
    until("a snapshot", || has_snapshot(&site));
    // The one that is under way now may lack some events; the one after it has them all.
    let kept = server.json("/api/v1/limits").await["kept"].clone();
    assert_eq!(kept[1]["what"], "duplicate_ids");
    assert_eq!(kept[1]["kept"], 3);
    server.kill();

    let server = site.start().await;
    deliver(&server).await;
    server.counts(r#"tablica_events_duplicate_total{channel="telegram"}"#, 3).await;
    assert_eq!(server.kpi("offered", "channel=telegram&window=today").await, Some(3.0));
    assert!(server.stop().success());

    // The stop kept a snapshot that needs the ids. Without them everything is counted again.
    for file in ["ids.sqlite", "ids.sqlite-wal", "ids.sqlite-shm"] {
        let _ = std::fs::remove_file(site.path("state").join(file));
    }
    let server = site.start().await;
    server.tells("it needs ids of events that are lost");
    deliver(&server).await;
    server.counts(r#"tablica_events_duplicate_total{channel="telegram"}"#, 6).await;
    assert_eq!(server.kpi("offered", "channel=telegram&window=today").await, Some(3.0));
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_that_somebody_deletes_under_the_server_are_stored_again() {
    let site = Site::new(OFTEN);
    let server = site.start().await;
    deliver(&server).await;
    until("a snapshot", || has_snapshot(&site));
    let file = site.path("state/ids.sqlite");
    std::fs::remove_file(&file).expect("a file");
    until("the file again", || file.exists());
    server.kill();
    let server = site.start().await;
    deliver(&server).await;
    server.counts(r#"tablica_events_duplicate_total{channel="telegram"}"#, 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_of_the_engine_that_is_hit_is_a_metric_an_answer_and_a_line_in_the_log() {
    let site = Site::new("[contacts]\nduplicate_ids_max = 1000");
    let server = site.start().await;
    assert_eq!(limit(&server, "duplicate_ids").await, 0);
    server.counts(r#"tablica_engine_limited_total{limit="duplicate_ids"}"#, 0).await;
    let began = unix_seconds() - 60;
    let call = |n| format!("{began}|call-{n}|sales|NONE|ENTERQUEUE||600100200|1\n");
    append(&site.queue_log(), &(0..1200).map(call).collect::<String>());
    server.settles("offered", "queue=sales&window=today", 1200.0).await;
    let hits = limit(&server, "duplicate_ids").await;
    // Each line is two events: of 2400 ids some 1000 are kept.
    assert!((1400..1500).contains(&hits), "{hits} ids are forgotten, the oldest");
    server.counts(r#"tablica_engine_limited_total{limit="duplicate_ids"}"#, hits).await;
    until_async("the log's line", async || {
        let said = server.output();
        said.contains("a limit of the engine was hit") && said.contains("duplicate_ids_max")
    })
    .await;
}
