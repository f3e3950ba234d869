//! The journal as its callers see it: what is acknowledged stays, in order, whatever happens to
//! the files.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};

use tablica::clock;
use tablica::event::{Kind, Rated, UnixMs};
use tablica::journal::{Append, Cursor, JournalError, OpenError, open};
use tempfile::TempDir;
use tokio::sync::mpsc;

use crate::support::journal::{Notebook, Running, event, ids, opened, settings};

const DAY_MS: UnixMs = 24 * 60 * 60 * 1000;

fn state() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// The day files, oldest first.
fn day_files(state: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(state.join("journal"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "sqlite"))
        .collect();
    files.sort();
    files
}

fn names(paths: &[PathBuf]) -> Vec<&str> {
    paths.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect()
}

fn numbered(ids: &[&str]) -> Vec<(u64, String)> {
    (1..).zip(ids.iter().map(|id| (*id).to_owned())).collect()
}

/// A journal with one row per id, stopped.
async fn with_rows(state: &Path, ids: &[&str]) {
    let mut running = Running::start(opened(state, &Notebook::default(), clock::now_ms));
    running.append(ids.iter().copied()).await;
    running.committed.close();
    running.thread.stop().await;
}

#[tokio::test]
async fn concurrent_appends_share_commits_and_come_back_in_order() {
    let state = state();
    let notebook = Notebook::default();
    let mut running = Running::start(opened(state.path(), &notebook, clock::now_ms));
    let appends = (0..200).map(|number| {
        let handle = running.handle.clone();
        tokio::spawn(async move {
            handle
                .append(vec![event(&format!("{number}-a")), event(&format!("{number}-b"))], None)
                .await
        })
    });
    for append in appends.collect::<Vec<_>>() {
        append.await.unwrap().expect("the append is durable");
    }
    running.thread.stop().await;
    let mut forwarded = Vec::new();
    while let Some(committed) = running.committed.recv().await {
        forwarded
            .extend((committed.first..).zip(committed.events.into_iter().map(|event| event.id)));
    }

    let journaled = ids(&opened(state.path(), &notebook, clock::now_ms), 0);
    assert_eq!(journaled, forwarded, "the engine gets what is on disk, in that order");
    assert_eq!(journaled.len(), 400);
    assert!((1..).zip(&journaled).all(|(expected, (sequence, _))| expected == *sequence));
    for pair in journaled.chunks(2) {
        let (a, b) = (&pair[0].1, &pair[1].1);
        assert_eq!(a.strip_suffix("-a"), b.strip_suffix("-b"), "an append stays together");
    }
    let commits = notebook.commits.lock().unwrap();
    assert_eq!(commits.iter().sum::<usize>(), 400);
    assert!(commits.iter().all(|events| *events <= settings().commit_events_max + 1));
}

#[tokio::test]
async fn the_tail_begins_in_the_middle_of_a_row() {
    let state = state();
    let running = Running::start(opened(state.path(), &Notebook::default(), clock::now_ms));
    let three = ["one", "two", "three"].map(event).to_vec();
    running.handle.append(three, None).await.unwrap();
    running.append(["four"]).await;
    running.thread.stop().await;

    let opened = opened(state.path(), &Notebook::default(), clock::now_ms);
    assert_eq!(opened.last_sequence(), 4);
    assert_eq!(ids(&opened, 1), numbered(&["one", "two", "three", "four"])[1..]);
    assert_eq!(ids(&opened, 3), [(4, "four".to_owned())]);
    assert!(ids(&opened, 4).is_empty());
}

#[tokio::test]
async fn a_full_queue_is_busy_at_once_and_gives_the_append_back() {
    let state = state();
    let mut settings = settings();
    settings.pending_max = 2;
    // An engine that takes nothing holds up the writer, and the writer the queue.
    let (to_engine, mut committed) = mpsc::channel(1);
    let (handle, thread) = open(&settings, state.path()).unwrap().start(to_engine).unwrap();
    let refused = loop {
        let append = Append { events: vec![event("x")], cursors: Vec::new(), done: Vec::new() };
        if let Err(refused) = handle.try_append(append) {
            break refused;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(refused.1, JournalError::Busy { pending: 2 });
    assert_eq!(refused.0.events, [event("x")]);

    committed.close();
    thread.stop().await;
    let append = handle.append(vec![event("late")], None).await;
    assert_eq!(append, Err(JournalError::Closed));
}

#[tokio::test]
async fn an_event_that_would_not_read_back_is_refused_alone() {
    let state = state();
    let running = Running::start(opened(state.path(), &Notebook::default(), clock::now_ms));
    let mut odd = event("odd");
    odd.kind = Kind::Rated(Rated { dimension: "clear".into(), score: f64::NAN, scale: 5.0 });
    let (refused, kept) = tokio::join!(
        running.handle.append(vec![event("before"), odd], None),
        running.handle.append(vec![event("good")], None),
    );
    assert!(matches!(refused, Err(JournalError::Invalid { event, .. }) if event == "odd"));
    kept.expect("the neighbour is durable");
    assert!(running.handle.is_writable());
    running.thread.stop().await;
    let opened = opened(state.path(), &Notebook::default(), clock::now_ms);
    assert_eq!(ids(&opened, 0), numbered(&["good"]));
}

#[test]
fn two_servers_cannot_open_the_same_state() {
    let state = state();
    let first = open(&settings(), state.path()).unwrap();
    let Err(error) = open(&settings(), state.path()) else { panic!("opened twice") };
    assert!(matches!(error, OpenError::InUse { .. }));
    assert!(error.to_string().contains("server.state_dir"), "says what to do: {error}");
    drop(first);
    open(&settings(), state.path()).expect("free again");
}

#[tokio::test]
async fn nobody_else_can_read_it() {
    let state = state();
    let running = Running::start(opened(state.path(), &Notebook::default(), clock::now_ms));
    running.append(["one"]).await;
    running.handle.save_snapshot(1, vec![1]).await.unwrap();
    for folder in ["journal", "snapshots"] {
        let folder = state.path().join(folder);
        assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
        // While the journal runs: SQLite's companions are there, too.
        for file in fs::read_dir(&folder).unwrap() {
            let file = file.unwrap();
            let mode = file.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "{}", file.path().display());
        }
    }
    running.thread.stop().await;
}

#[tokio::test]
async fn midnight_begins_a_file_takes_the_cursors_along_and_forgets_old_days() {
    static NOW_MS: AtomicI64 = AtomicI64::new(1_795_305_600_000); // 2026-11-22, midnight
    let now = || NOW_MS.load(Ordering::Relaxed);
    let state = state();
    let notebook = Notebook::default();
    let mut running = Running::start(opened(state.path(), &notebook, now));
    let cursor =
        |bytes: &[u8]| Cursor { channel: "phone".into(), part: "source", bytes: bytes.to_vec() };
    running.handle.append(vec![event("first")], Some(cursor(b"100"))).await.unwrap();
    running.handle.append(Vec::new(), Some(cursor(b"200"))).await.unwrap();
    for _ in 0..2 {
        NOW_MS.fetch_add(DAY_MS, Ordering::Relaxed);
        running.append(["next day"]).await;
    }
    assert_eq!(
        names(&day_files(state.path())),
        ["2026-11-22.sqlite", "2026-11-23.sqlite", "2026-11-24.sqlite"]
    );
    // A clock that is set back does not tear the order.
    NOW_MS.fetch_sub(2 * DAY_MS, Ordering::Relaxed);
    running.append(["clock set back"]).await;
    // Three days are kept: on the 27th the 23rd is over for exactly three days.
    NOW_MS.fetch_add(5 * DAY_MS, Ordering::Relaxed);
    running.append(["much later"]).await;
    running.committed.close();
    running.thread.stop().await;

    assert_eq!(names(&day_files(state.path())), ["2026-11-24.sqlite", "2026-11-27.sqlite"]);
    let opened = opened(state.path(), &notebook, now);
    assert_eq!(opened.cursor("phone", "source"), Some(&b"200"[..]));
    assert_eq!(opened.cursor("phone", "plugin"), None);
    assert_eq!(opened.last_sequence(), 5);
    assert_eq!(
        ids(&opened, 0),
        [(3, "next day".into()), (4, "clock set back".into()), (5, "much later".into())]
    );
    assert!(notebook.bad_rows.lock().unwrap().is_empty());
}

#[tokio::test]
async fn the_last_day_that_has_events_is_never_forgotten() {
    static NOW_MS: AtomicI64 = AtomicI64::new(1_795_305_600_000); // 2026-11-22, midnight
    let now = || NOW_MS.load(Ordering::Relaxed);
    let state = state();
    let mut running = Running::start(opened(state.path(), &Notebook::default(), now));
    running.append(["long ago"]).await;
    // A day of which only a cursor is known, and then today, both beyond the three days kept.
    NOW_MS.fetch_add(10 * DAY_MS, Ordering::Relaxed);
    let cursor = Cursor { channel: "phone".into(), part: "source", bytes: vec![1] };
    running.handle.append(Vec::new(), Some(cursor)).await.unwrap();
    NOW_MS.fetch_add(10 * DAY_MS, Ordering::Relaxed);
    running.append(["today"]).await;
    running.committed.close();
    running.thread.stop().await;
    let days = day_files(state.path());
    assert_eq!(names(&days), ["2026-11-22.sqlite", "2026-12-02.sqlite", "2026-12-12.sqlite"]);
}

/// Changes the only day file as no server would.
fn tamper(state: &Path, sql: &str) {
    let file = rusqlite::Connection::open(&day_files(state)[0]).unwrap();
    file.execute_batch(sql).unwrap();
}

#[tokio::test]
async fn a_damaged_row_is_set_aside_once_and_the_rest_is_read() {
    for (damage, reason) in [
        ("UPDATE batches SET lines = x'00' WHERE first = 2", "checksum"),
        ("UPDATE batches SET json_bytes = -1 WHERE first = 2", "length"),
        ("UPDATE batches SET count = 7 WHERE first = 2", "checksum"),
    ] {
        let state = state();
        with_rows(state.path(), &["one", "two", "three"]).await;
        tamper(state.path(), damage);
        let notebook = Notebook::default();
        for start in 1..=2 {
            let opened = opened(state.path(), &notebook, clock::now_ms);
            assert_eq!(
                ids(&opened, 0),
                [(1, "one".into()), (3, "three".into())],
                "start {start} after {damage}"
            );
        }
        let told = notebook.bad_rows.lock().unwrap().clone();
        assert_eq!(told.len(), 1, "told once: {told:?}");
        assert_eq!(told[0].first, 2);
        assert!(told[0].reason.contains(reason), "{}", told[0]);
    }
}

#[tokio::test]
async fn numbers_of_a_damaged_last_row_are_not_given_out_again() {
    let state = state();
    with_rows(state.path(), &["one", "two"]).await;
    tamper(state.path(), "UPDATE batches SET crc = 0 WHERE first = 2");
    assert_eq!(ids(&opened(state.path(), &Notebook::default(), clock::now_ms), 0).len(), 1);
    with_rows(state.path(), &["three"]).await;
    let opened = opened(state.path(), &Notebook::default(), clock::now_ms);
    assert_eq!(ids(&opened, 0), [(1, "one".into()), (3, "three".into())]);
}

#[tokio::test]
async fn one_event_that_cannot_be_read_does_not_take_its_row_along() {
    let state = state();
    let running = Running::start(opened(state.path(), &Notebook::default(), clock::now_ms));
    let three = ["one", "two", "three"].map(event).to_vec();
    running.handle.append(three, None).await.unwrap();
    running.thread.stop().await;
    // As a later version might have written it: a kind that this one does not know.
    let json: String = ["one", "two", "three"]
        .map(|id| serde_json::to_string(&event(id)).unwrap() + "\n")
        .concat()
        .replacen("\"queued\"", "\"levitated\"", 2)
        .replacen("\"levitated\"", "\"queued\"", 1);
    let lines = lz4_flex::block::compress(json.as_bytes());
    let sealed = [&1u64.to_le_bytes()[..], &3u32.to_le_bytes(), &lines].concat();
    tamper(
        state.path(),
        &format!(
            "UPDATE batches SET lines = x'{}', json_bytes = {}, crc = {}",
            hex::encode(&lines),
            json.len(),
            crc32fast::hash(&sealed)
        ),
    );
    let notebook = Notebook::default();
    let opened = opened(state.path(), &notebook, clock::now_ms);
    assert_eq!(ids(&opened, 0), [(1, "one".into()), (3, "three".into())]);
    let told = notebook.bad_rows.lock().unwrap().clone();
    assert_eq!((told[0].first, told[0].count), (2, 1));
    assert!(told[0].reason.contains("levitated"), "{}", told[0]);
}

#[tokio::test]
async fn a_file_that_is_no_journal_is_set_aside_and_the_server_starts() {
    let state = state();
    with_rows(state.path(), &["one"]).await;
    let journal = state.path().join("journal");
    fs::write(journal.join("2199-01-01.sqlite"), "a note that somebody left here\n".repeat(99))
        .unwrap();
    let notebook = Notebook::default();
    let opened = opened(state.path(), &notebook, clock::now_ms);
    assert_eq!(ids(&opened, 0), numbered(&["one"]));
    assert_eq!(notebook.set_aside.lock().unwrap().len(), 1);
    assert!(journal.join("2199-01-01.sqlite.damaged").exists());
    drop(opened);
    with_rows(state.path(), &["two"]).await;
}

#[tokio::test]
async fn a_newer_format_is_refused_and_not_touched() {
    let state = state();
    with_rows(state.path(), &["one"]).await;
    tamper(state.path(), "PRAGMA user_version = 99");
    let Err(error) = open(&settings(), state.path()) else { panic!("opened") };
    assert!(error.to_string().contains("newer tablica"), "{error}");
    assert_eq!(day_files(state.path()).len(), 1, "not set aside");
}

#[tokio::test]
async fn the_newest_snapshot_that_can_be_believed_is_used() {
    let state = state();
    let notebook = Notebook::default();
    let running = Running::start(opened(state.path(), &notebook, clock::now_ms));
    for sequence in [7, 8, 9] {
        running
            .handle
            .save_snapshot(sequence, vec![u8::try_from(sequence).unwrap()])
            .await
            .unwrap();
    }
    running.thread.stop().await;
    let found = || -> Vec<u64> {
        let opened = opened(state.path(), &notebook, clock::now_ms);
        opened.snapshots().unwrap().map(|snapshot| snapshot.sequence).collect()
    };
    assert_eq!(found(), [9, 8], "the newest two are kept");

    let newest = state.path().join("snapshots/00000000000000000009.snapshot");
    let mut bytes = fs::read(&newest).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&newest, bytes).unwrap();
    assert_eq!(found(), [8], "a damaged one gives way to the one before");
    assert_eq!(*notebook.bad_snapshots.lock().unwrap(), 1);

    fs::write(state.path().join("snapshots/00000000000000000008.snapshot"), "").unwrap();
    assert!(found().is_empty(), "without any, everything is folded");
    // The journal itself is gone, and yet no number of the snapshots' is given out again.
    with_rows(state.path(), &["later"]).await;
    let opened = opened(state.path(), &notebook, clock::now_ms);
    assert_eq!(ids(&opened, 0), [(10, "later".to_owned())]);
}
