//! A start with damaged files beside the journal, or without room on the disk: the server starts
//! from what is whole, says what is not, and shows its walls.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::damage::{beside, newest_day_file, set_aside_in, spoil_table};
use crate::support::server::{Server, Site, append, client, get, telegram_message, unix_seconds};
use crate::support::wait::{until, until_async};

const TODAY: &str = "channel=telegram&window=today";

async fn post(server: &Server, id: u64) -> u16 {
    let message = telegram_message(id, id, "hello");
    server.telegram(&message).await.expect("an answer").status().as_u16()
}

/// Three messages, a call from a tailed log, an annotation, something in quarantine; then a stop.
async fn a_day(site: &Site) {
    let server = site.start().await;
    for id in 1..=3 {
        assert_eq!(post(&server, id).await, 200);
    }
    server.telegram("no update").await.expect("an answer");
    let (now, log) = (unix_seconds(), site.queue_log());
    append(&log, &format!("{now}|c-1|sales|NONE|ENTERQUEUE||600100200|1\n"));
    let body = r#"{"id":"vpn","kind":"outage","title":"VPN down","from":"2026-03-02 09:00"}"#;
    let annotate = client().post(server.admin_url("/api/v1/annotations"));
    let annotate = annotate.header("content-type", "application/json").body(body);
    assert!(annotate.send().await.expect("an answer").status().is_success());
    server.settles("offered", "queue=sales&window=today", 1.0).await;
    assert!(server.stop().success());
}

fn state(site: &Site, name: &str) -> PathBuf {
    site.path("state").join(name)
}

fn newest_snapshot(site: &Site) -> PathBuf {
    let entries = fs::read_dir(state(site, "snapshots")).expect("the folder");
    entries.map(|entry| entry.expect("an entry").path()).max().expect("a snapshot")
}

fn replace(path: &Path, by: impl FnOnce(&Path)) {
    fs::remove_file(path).expect("it was there");
    by(path);
}

fn make_fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo (coreutils)").success());
}

/// What is damaged, how, the label by which it is counted, and the folder in which it is set
/// aside.
type Damage = (&'static str, fn(&Site), &'static str, &'static str);

const DAMAGES: [Damage; 13] = [
    ("no database", |site| fill(&state(site, "quarantine.sqlite")), "quarantine", ""),
    ("a page", |site| spoil_table(&state(site, "quarantine.sqlite"), "entry"), "quarantine", ""),
    (
        "a named pipe",
        |site| replace(&state(site, "quarantine.sqlite"), make_fifo),
        "quarantine",
        "",
    ),
    ("no database", |site| fill(&state(site, "annotations.sqlite")), "annotations", ""),
    (
        "a page",
        |site| spoil_table(&state(site, "annotations.sqlite"), "annotation"),
        "annotations",
        "",
    ),
    (
        "a folder",
        |site| replace(&state(site, "annotations.sqlite"), |path| fs::create_dir(path).unwrap()),
        "annotations",
        "",
    ),
    ("no database", |site| fill(&state(site, "rollups.sqlite")), "roll-ups", ""),
    ("a named pipe", |site| replace(&state(site, "rollups.sqlite"), make_fifo), "roll-ups", ""),
    ("cut", |site| fs::write(newest_snapshot(site), "tablica").unwrap(), "snapshot", "snapshots"),
    (
        "stray",
        |site| {
            let stray = state(site, "snapshots").join(format!("{}.snapshot", u64::MAX));
            fs::copy(newest_snapshot(site), stray).expect("copied");
        },
        "snapshot",
        "snapshots",
    ),
    (
        "stray and empty",
        |site| {
            let stray = state(site, "snapshots").join(format!("{}.snapshot", i64::MAX));
            fs::write(stray, "").expect("written");
        },
        "snapshot",
        "snapshots",
    ),
    (
        "stray, by a number that a journal could have",
        |site| {
            let stray = state(site, "snapshots").join(format!("{}.snapshot", 1u64 << 53));
            fs::write(stray, "").expect("written");
        },
        "snapshot",
        "snapshots",
    ),
    (
        "a folder",
        |site| fs::create_dir(state(site, "journal").join("2199-01-01.sqlite")).unwrap(),
        "journal",
        "journal",
    ),
];

fn fill(path: &Path) {
    fs::write(path, "no database".repeat(1000)).expect("written");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_side_file_is_set_aside_with_a_warning_and_a_count() {
    let whole = Site::new("");
    a_day(&whole).await;
    for (how, damage, label, folder) in DAMAGES {
        let case = format!("{label}: {how}");
        let site = whole.copy();
        damage(&site);
        let server = site.start().await;
        let series = format!("tablica_files_set_aside_total{{file=\"{label}\"}}");
        server.counts(&series, 1).await;
        let aside = set_aside_in(&state(&site, folder));
        assert!(!aside.is_empty(), "{case}: nothing is set aside");
        server.tells(&aside[0]);
        let log = server.output();
        let told = log.lines().any(|line| line.contains(&aside[0]) && line.contains("WARN"));
        assert!(told, "{case}: {aside:?} in {log}");
        assert_eq!(post(&server, 4).await, 200, "{case}");
        server.settles("offered", TODAY, 4.0).await;
        assert!(
            get(server.url("/api/v1/boards/floor")).await.expect("answered").status().is_success()
        );
        server.telegram("no update either").await.expect("an answer");
        server.kill();
        let server = site.start().await;
        server.settles("offered", TODAY, 4.0).await;
        assert!(server.stop().success(), "{case}");
        assert_eq!(set_aside_in(&state(&site, folder)), aside, "{case}: once, and it stays");
    }
}

/// A second damaged file must not take the place of the first: that one is kept, too.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_set_aside_before_is_not_written_over() {
    let site = Site::new("");
    for times in 1..=2 {
        a_day(&site).await;
        fs::write(state(&site, "quarantine.sqlite"), format!("damage {times}").repeat(999))
            .expect("written");
    }
    assert!(site.start().await.stop().success());
    let aside = set_aside_in(&site.path("state"));
    let texts: Vec<String> =
        aside.iter().map(|name| fs::read_to_string(state(&site, name)).expect("text")).collect();
    assert!(texts.iter().any(|text| text.starts_with("damage 1")), "{aside:?}");
    assert!(texts.iter().any(|text| text.starts_with("damage 2")), "{aside:?}");
}

/// Tables of a day file beside its events.
#[tokio::test(flavor = "multi_thread")]
async fn a_bad_page_of_cursors_or_of_notes_keeps_every_event_and_the_next_ones_come_in() {
    let whole = Site::new("");
    a_day(&whole).await;
    for table in ["cursors", "begins", "bad_rows", "probe"] {
        let site = whole.copy();
        spoil_table(&newest_day_file(&site.path("state")), table);
        let server = site.start().await;
        server.settles("offered", TODAY, 3.0).await;
        until_async("it takes events", async || post(&server, 4).await == 200).await;
        let (now, log) = (unix_seconds(), site.queue_log());
        append(&log, &format!("{now}|c-2|sales|NONE|ENTERQUEUE||600100200|1\n"));
        server.settles("offered", "queue=sales&window=today", 2.0).await;
        if table == "cursors" {
            let lost = |line: &str| line.contains("cursors") && line.contains("WARN");
            until(&format!("what is lost is said: {}", server.output()), || {
                server.output().lines().any(lost)
            });
        }
        server.kill();
        let server = site.start().await;
        server.settles("offered", TODAY, 4.0).await;
        server.settles("offered", "queue=sales&window=today", 2.0).await;
        assert!(server.stop().success(), "{table}");
    }
}

async fn is_ready(server: &Server) -> bool {
    get(server.url("/readyz")).await.expect("it lives").status().is_success()
}

#[tokio::test(flavor = "multi_thread")]
async fn without_room_a_start_shows_walls_turns_webhooks_away_and_recovers_by_itself() {
    let whole = Site::new("");
    a_day(&whole).await;
    for killed in [false, true] {
        let site = whole.copy();
        if killed {
            let server = site.start().await;
            assert_eq!(post(&server, 4).await, 200);
            server.kill();
        }
        let before = if killed { 4.0 } else { 3.0 };
        let server = site.start_without_room();
        server.settles("offered", TODAY, before).await;
        assert!(
            get(server.url("/api/v1/boards/floor")).await.expect("answered").status().is_success()
        );
        assert!(server.json("/api/v1/annotations").await.to_string().contains("VPN down"));
        for (body, what) in [
            (telegram_message(5, 5, "hello"), "an event"),
            ("no update".to_owned(), "what cannot be decoded"),
        ] {
            let refused = server.telegram(&body).await.expect("an answer");
            assert_eq!(refused.status(), 503, "{what}");
            assert!(refused.headers().contains_key("retry-after"), "{what}");
        }
        assert!(!is_ready(&server).await);
        server.limit_file_size("unlimited");
        until_async("it recovers by itself", async || is_ready(&server).await).await;
        assert_eq!(post(&server, 5).await, 200);
        until_async("the quarantine takes", async || {
            server.telegram("no update").await.expect("an answer").status() != 503
        })
        .await;
        let (now, log) = (unix_seconds(), site.queue_log());
        append(&log, &format!("{now}|c-2|sales|NONE|ENTERQUEUE||600100200|1\n"));
        server.settles("offered", "queue=sales&window=today", 2.0).await;
        server.kill();
        let server = site.start().await;
        server.settles("offered", TODAY, before + 1.0).await;
        server.settles("offered", "queue=sales&window=today", 2.0).await;
        assert!(server.stop().success());
        let nothing: [&str; 0] = [];
        assert_eq!(set_aside_in(&site.path("state")), nothing, "a full disk is no damage");
        assert_eq!(set_aside_in(&site.path("state/journal")), nothing);
    }
}

/// The first start of all, before there is any file.
#[tokio::test(flavor = "multi_thread")]
async fn the_first_start_without_room_becomes_a_server_when_there_is_some() {
    let site = Site::new("");
    let server = site.start_without_room();
    assert!(get(server.url("/api/v1/boards/floor")).await.expect("answered").status().is_success());
    assert_eq!(post(&server, 1).await, 503);
    server.limit_file_size("unlimited");
    until_async("it takes events", async || post(&server, 1).await == 200).await;
    server.kill();
    let server = site.start().await;
    // The same event again is the same one: the keys that hashed it are on disk.
    assert_eq!(post(&server, 1).await, 200);
    server.settles("offered", TODAY, 1.0).await;
    server.counts("tablica_events_duplicate_total{channel=\"telegram\"}", 1).await;
    assert!(server.stop().success());
}

/// Without room for more files a start is the same; what cannot be kept is counted.
#[tokio::test(flavor = "multi_thread")]
async fn room_and_files_left_on_the_disk_are_shown_and_a_snapshot_that_is_not_kept_is_counted() {
    let site = Site::new("[journal]\nsnapshot_every = \"1s\"\n");
    let server = site.start().await;
    for gauge in ["tablica_state_free_bytes ", "tablica_state_free_files "] {
        until_async(&format!("{gauge}is shown"), async || {
            let metrics = server.metrics().await;
            let mut shown = metrics.lines().filter_map(|line| line.strip_prefix(gauge));
            shown.next().and_then(|free| free.parse::<f64>().ok()).is_some_and(|free| free > 0.0)
        })
        .await;
    }
    // A file in place of the folder: no snapshot can be made, as without inodes.
    let snapshots = state(&site, "snapshots");
    fs::rename(&snapshots, beside(&snapshots, ".away")).expect("renamed");
    fs::write(&snapshots, "").expect("written");
    append(&site.queue_log(), &format!("{}|c|sales|NONE|ENTERQUEUE||1|1\n", unix_seconds()));
    until_async("it is counted", async || {
        let metrics = server.metrics().await;
        let failed = "tablica_snapshots_failed_total ";
        metrics.lines().any(|line| line.strip_prefix(failed).is_some_and(|count| count != "0"))
    })
    .await;
}
