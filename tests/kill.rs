//! kill -9 in the middle of traffic: nothing that was answered with 2xx is lost, nothing counts
//! twice.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use rand::{RngExt, SeedableRng};

use crate::support::server::{Server, Site, telegram_message};

/// How often the server is killed.
const KILLS: u32 = 100;
/// Customers writing at the same time.
const WRITERS: u64 = 4;

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_kills_lose_no_acknowledged_event() {
    let site = Site::new("");
    let mut moments = rand::rngs::StdRng::seed_from_u64(20_261_122);
    let acknowledged = Arc::new(Mutex::new(Vec::new()));
    let sent = Arc::new(AtomicU64::new(0));
    for _ in 0..KILLS {
        let server = Arc::new(site.start().await);
        let enough = acknowledged.lock().expect("ids").len() + moments.random_range(1..40);
        let mut writers = tokio::task::JoinSet::new();
        for _ in 0..WRITERS {
            let (server, acknowledged, sent) = (server.clone(), acknowledged.clone(), sent.clone());
            writers.spawn(async move {
                // Each message opens a contact of its own, so `offered` counts them.
                loop {
                    let id = sent.fetch_add(1, Ordering::SeqCst) + 1;
                    match server.telegram(&telegram_message(id, 10_000 + id, "hello")).await {
                        Ok(answer) if answer.status().is_success() => {
                            acknowledged.lock().expect("ids").push(id);
                        }
                        _ => return,
                    }
                }
            });
        }
        while acknowledged.lock().expect("ids").len() < enough {
            tokio::task::yield_now().await;
        }
        let pid = server.pid();
        std::process::Command::new("kill").args(["-9", &pid.to_string()]).status().expect("killed");
        while writers.join_next().await.is_some() {}
    }
    let server = site.start().await;
    let filters = "channel=telegram&window=today";
    let offered = server.kpi("offered", filters).await.expect("a number");
    let acknowledged = std::mem::take(&mut *acknowledged.lock().expect("ids"));
    let sent = sent.load(Ordering::SeqCst);
    assert!(acknowledged.len() >= KILLS as usize, "{} acknowledged", acknowledged.len());
    assert!(
        (acknowledged.len() as f64..=sent as f64).contains(&offered),
        "{} acknowledged, {sent} sent, but {offered} counted",
        acknowledged.len()
    );
    let duplicates_before = duplicates(&server).await;
    // Each acknowledged one is there: sent again, all of them are duplicates.
    for id in &acknowledged {
        let answer = server.telegram(&telegram_message(*id, 10_000 + id, "hello")).await;
        assert!(answer.expect("an answer").status().is_success());
    }
    server
        .counts(
            "tablica_events_duplicate_total{channel=\"telegram\"}",
            duplicates_before + acknowledged.len() as u64,
        )
        .await;
    assert_eq!(server.kpi("offered", filters).await, Some(offered));
}

/// Writers that were cut off never repeat themselves, so this is 0 unless the journal repeats.
async fn duplicates(server: &Server) -> u64 {
    let metrics = server.metrics().await;
    let series = "tablica_events_duplicate_total{channel=\"telegram\"} ";
    let line = metrics.lines().find_map(|line| line.strip_prefix(series));
    line.and_then(|count| count.parse().ok()).unwrap_or(0)
}
