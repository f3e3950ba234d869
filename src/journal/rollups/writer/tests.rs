//! What the thread does with what it is handed, and with a disk that refuses.

use rusqlite::Connection;

use super::*;
use crate::journal::rollups::{QUARTER_MS, open};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn row(quarter: i64, slice: &str, offered: u32) -> Row {
    let counts = format!(r#"{{"offered":{offered}}}"#);
    Row { quarter_ms: quarter * QUARTER_MS, slice: slice.to_owned(), counts }
}

#[tokio::test]
async fn what_was_flushed_or_joined_is_on_disk() {
    let folder = tempfile::tempdir().expect("folder");
    let (rollups, thread) = open(folder.path(), DAY).expect("open").start().expect("start");
    for offered in 0..50 {
        let mut rows = vec![row(1, "queue=sales", offered), row(1, "", offered)];
        // A full queue gives the rows back, and takes them later.
        while let Err(refused) = rollups.save(rows, Some(QUARTER_MS)) {
            rows = refused.rows;
            tokio::task::yield_now().await;
        }
    }
    rollups.flush().await.expect("on disk");
    assert_eq!(rollups.counts().waiting.load(Ordering::Relaxed), 0);
    let written = rollups.counts().written.load(Ordering::Relaxed);
    assert!((2..=100).contains(&written), "{written} of 100, newer ones over older ones");

    rollups.save(vec![row(2, "", 7)], Some(QUARTER_MS)).expect("taken");
    drop(rollups);
    tokio::task::spawn_blocking(|| thread.join()).await.expect("join");
    let store = open(folder.path(), DAY).expect("open");
    let rows = store.load(0, i64::MAX).expect("load");
    assert_eq!(rows, [row(1, "", 49), row(1, "queue=sales", 49), row(2, "", 7)]);
}

#[tokio::test]
async fn what_the_disk_refuses_is_kept_and_written_later() {
    let folder = tempfile::tempdir().expect("folder");
    let (rollups, _thread) = open(folder.path(), DAY).expect("open").start().expect("start");
    let other = Connection::open(folder.path().join("rollups.sqlite")).expect("open");
    other
        .execute_batch(
            "CREATE TRIGGER refuse BEFORE INSERT ON rollup \
             BEGIN SELECT RAISE(ABORT, 'disk full'); END",
        )
        .expect("a disk that refuses");
    rollups.save(vec![row(1, "a", 1)], Some(QUARTER_MS)).expect("taken");
    rollups.save(vec![row(1, "a", 2)], Some(QUARTER_MS)).expect("taken");
    assert!(matches!(rollups.flush().await, Err(RollupError::Unwritten { rows: 1 })));
    assert_eq!(rollups.counts().waiting.load(Ordering::Relaxed), 1);
    assert!(rollups.counts().failures.load(Ordering::Relaxed) > 0);

    other.execute_batch("DROP TRIGGER refuse").expect("a disk that takes");
    rollups.flush().await.expect("on disk");
    let sql = "SELECT counts ->> 'offered' FROM rollup";
    assert_eq!(other.query_row(sql, [], |row| row.get::<_, i64>(0)).expect("the row"), 2);
}

#[tokio::test]
async fn more_rows_than_may_wait_are_given_back_and_counted() {
    let folder = tempfile::tempdir().expect("folder");
    let (rollups, _thread) = open(folder.path(), DAY).expect("open").start().expect("start");
    // As if the disk were slow: nothing is written while these wait.
    rollups.counts.waiting.store(ROWS_WAITING_MAX, Ordering::Relaxed);
    let refused = rollups.save(vec![row(1, "a", 1)], Some(0)).expect_err("too many wait");
    assert_eq!(refused.rows, [row(1, "a", 1)]);
    assert_eq!(rollups.counts().refused.load(Ordering::Relaxed), 1);
    rollups.counts.waiting.store(0, Ordering::Relaxed);
    rollups.save(refused.rows, Some(0)).expect("taken");
    rollups.flush().await.expect("on disk");
}

#[tokio::test]
async fn old_rows_are_forgotten_once_a_day_by_the_time_given() {
    let folder = tempfile::tempdir().expect("folder");
    let (rollups, _thread) = open(folder.path(), DAY).expect("open").start().expect("start");
    let pruned = || rollups.counts().pruned.load(Ordering::Relaxed);
    let quarters_a_day = 96;
    rollups.save(vec![row(0, "a", 1), row(90, "a", 1)], Some(0)).expect("taken");
    rollups.flush().await.expect("on disk");
    rollups.save(Vec::new(), Some(95 * QUARTER_MS)).expect("taken");
    rollups.flush().await.expect("on disk");
    assert_eq!(pruned(), 0);
    rollups.save(Vec::new(), Some((quarters_a_day + 1) * QUARTER_MS)).expect("taken");
    rollups.flush().await.expect("on disk");
    assert_eq!(pruned(), 1, "the first quarter is older than a day now");
}
