//! The journal's files deleted, replaced or swept away under a running server: it is noticed
//! before anything more is acknowledged, and what was acknowledged is kept.

use std::fs;
use std::path::Path;

use tablica::clock;
use tablica::journal::JournalError;

use crate::support::damage::{beside, newest_day_file};
use crate::support::journal::{Notebook, Running, ids, opened};
use crate::support::server::{Server, Site, telegram_message};
use crate::support::wait::{until, until_async, until_so};

const TODAY: &str = "channel=telegram&window=today";

fn delete(path: &Path) {
    for path in [path.to_owned(), beside(path, "-wal"), beside(path, "-shm")] {
        fs::remove_file(path).expect("the server has made it");
    }
}

async fn post(server: &Server, id: u64) -> u16 {
    let message = telegram_message(id, id, "hello");
    server.telegram(&message).await.expect("an answer").status().as_u16()
}

/// What happens to a state folder, and what the log says of it.
type Accident = (&'static str, fn(&Site));

const ACCIDENTS: [Accident; 5] = [
    ("deleted", |site| delete(&newest_day_file(&site.path("state")))),
    ("deleted", |site| fs::remove_file(newest_day_file(&site.path("state"))).expect("deleted")),
    ("replaced", |site| {
        let day = newest_day_file(&site.path("state"));
        fs::copy(&day, beside(&day, ".copy")).expect("copied");
        fs::rename(beside(&day, ".copy"), day).expect("renamed");
    }),
    ("deleted", |site| fs::remove_dir_all(site.path("state/journal")).expect("deleted")),
    ("deleted", |site| fs::remove_dir_all(site.path("state")).expect("swept")),
];

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_its_file_and_a_kill() {
    let new = Site::new("");
    // Compiles the plugins once for all of them.
    assert!(new.start().await.stop().success());
    for (word, accident) in ACCIDENTS {
        let site = new.copy();
        let server = site.start().await;
        for id in 1..=3 {
            assert_eq!(post(&server, id).await, 200);
        }
        accident(&site);
        server.counts("tablica_journal_outages_total", 1).await;
        until(&format!("the log says {word}: {}", server.output()), || {
            server.output().lines().any(|line| line.contains(word) && line.contains(".sqlite"))
        });
        until_async("it takes events again", async || post(&server, 4).await == 200).await;
        // Another server must not come into the same folder meanwhile.
        let second = site.command(&["serve"]);
        let said = String::from_utf8_lossy(&second.stderr).into_owned();
        assert!(said.contains("another tablica is using"), "{said}");
        server.kill();

        let server = site.start().await;
        server.settles("offered", TODAY, 4.0).await;
        assert!(server.stop().success());
    }
}

#[tokio::test]
async fn an_append_after_its_file_is_deleted_is_refused_and_the_next_ones_are_durable() {
    let state = tempfile::tempdir().expect("a folder");
    let notebook = Notebook::default();
    let running = Running::start(opened(state.path(), &notebook, clock::now_ms));
    let mut durable = Vec::new();
    let mut refused = None;
    // The writer also looks by itself while it has nothing to do: then nothing is refused.
    for round in 0.. {
        let id = format!("before-{round}");
        running.append([id.as_str()]).await;
        durable.push(id);
        delete(&newest_day_file(state.path()));
        let event = crate::support::journal::event(&format!("after-{round}"));
        match running.handle.append(vec![event.clone()], None).await {
            Ok(()) => durable.push(event.id),
            Err(error) => {
                refused = Some(error);
                break;
            }
        }
        assert!(round < 20, "it is never noticed");
    }
    let Some(JournalError::Unwritable { path, reason }) = refused else { panic!("{refused:?}") };
    assert!(path.ends_with(".sqlite") && reason.contains("deleted"), "{path}: {reason}");
    until_so("it writes again", || running.handle.is_writable()).await;
    running.append(["last"]).await;
    durable.push("last".to_owned());
    running.thread.stop().await;
    let opened = opened(state.path(), &notebook, clock::now_ms);
    let found: Vec<String> = ids(&opened, 0).into_iter().map(|(_, id)| id).collect();
    assert_eq!(found, durable);
    assert!(notebook.bad_rows.lock().expect("rows").is_empty());
}

/// SQLite's log holds the newest commits: a server that goes on writing into a deleted one loses
/// them with its process.
#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_write_ahead_log_costs_nothing() {
    let site = Site::new("");
    let server = site.start().await;
    for id in 1..=3 {
        assert_eq!(post(&server, id).await, 200);
    }
    fs::remove_file(beside(&newest_day_file(&site.path("state")), "-wal"))
        .expect("the log was there");
    until_async("it takes events", async || post(&server, 4).await == 200).await;
    until(&format!("the log says so: {}", server.output()), || {
        server.output().lines().any(|line| line.contains("-wal") && line.contains("deleted"))
    });
    assert_eq!(post(&server, 5).await, 200);
    server.kill();
    let server = site.start().await;
    server.settles("offered", TODAY, 5.0).await;
    assert!(server.stop().success());
}

/// The same for what is set aside undecoded, and for annotations: they are acknowledged as well.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_side_files_acknowledge_survives_them() {
    let site = Site::new("");
    let server = site.start().await;
    let annotate = async |id: &str| {
        let body = serde_json::json!({
            "id": id, "kind": "outage", "title": "VPN down", "from": "2026-03-02 09:00"
        });
        let client = crate::support::server::client();
        let post = client.post(server.admin_url("/api/v1/annotations"));
        let post = post.header("content-type", "application/json").body(body.to_string());
        post.send().await.expect("an answer").status()
    };
    server.telegram("no update 1").await.expect("an answer");
    assert!(annotate("one").await.is_success());
    for name in ["quarantine.sqlite", "annotations.sqlite"] {
        delete(&site.path("state").join(name));
    }
    until_async("it is set aside on disk", async || {
        let answer = server.telegram("no update 2").await.expect("an answer");
        answer.status() != 503
    })
    .await;
    until_async("it is kept", async || annotate("two").await.is_success()).await;
    server.kill();
    let list = site.command(&["quarantine", "list", "--json"]);
    let entries: serde_json::Value = serde_json::from_slice(&list.stdout).expect("JSON");
    assert!(entries.as_array().expect("a list").len() >= 2, "{entries}");
    let server = site.start().await;
    let kept = server.json("/api/v1/annotations").await.to_string();
    assert!(kept.contains("\"one\"") && kept.contains("\"two\""), "{kept}");
    assert!(server.stop().success());
}
