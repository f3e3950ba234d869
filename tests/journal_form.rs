//! A journal across versions: a day that was begun by one before is written further and read as ever;
//! what a newer one wrote is said to be so, and costs nothing else.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use tablica::event::{Event, UnixMs};
use tablica::journal;
use tempfile::TempDir;

use crate::support::journal::{Notebook, Running, event, ids, opened};

/// Events in the fixture.
const OLD: u64 = 114;

/// In the day of the fixture.
fn now() -> UnixMs {
    1_795_306_000_000
}

/// The day file that a version wrote which knew JSON lines alone.
fn with_json_rows() -> TempDir {
    let state = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir(state.path().join("journal")).unwrap();
    let fixture =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/journal_of_json_rows.sqlite");
    fs::copy(fixture, day_file(state.path())).unwrap();
    state
}

fn day_file(state: &Path) -> PathBuf {
    state.join("journal/2026-11-22.sqlite")
}

fn sqlite(state: &Path) -> Connection {
    Connection::open(day_file(state)).unwrap()
}

fn format(state: &Path) -> i64 {
    sqlite(state).pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
}

/// What stands in the row that begins with this number.
fn row(state: &Path, first: u64) -> Vec<u8> {
    let sql = format!("SELECT json_bytes, lines FROM batches WHERE first = {first}");
    let (bytes, packed): (u32, Vec<u8>) =
        sqlite(state).query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    lz4_flex::block::decompress(&packed, bytes as usize).unwrap()
}

/// Puts another row in its place, as if it had been written so.
fn put_row(state: &Path, first: u64, count: u32, row: &[u8]) {
    let packed = lz4_flex::block::compress(row);
    let sealed = [&first.to_le_bytes()[..], &count.to_le_bytes(), &packed].concat();
    let crc = crc32fast::hash(&sealed);
    let sql = "UPDATE batches SET lines = ?1, json_bytes = ?2, crc = ?3 WHERE first = ?4";
    let (bytes, first) = (i64::try_from(row.len()).unwrap(), i64::try_from(first).unwrap());
    sqlite(state).execute(sql, (packed, bytes, crc, first)).unwrap();
}

fn events(state: &Path) -> Vec<(u64, Event)> {
    journal::read(state).unwrap().events().collect::<Result<_, _>>().expect("events")
}

async fn append(state: &Path, ids: &[&str]) {
    let mut running = Running::start(opened(state, &Notebook::default(), now));
    running.append(ids.iter().copied()).await;
    running.committed.close();
    running.thread.stop().await;
}

#[tokio::test]
async fn a_day_of_json_lines_is_written_further_and_all_of_it_is_read() {
    let state = with_json_rows();
    let state = state.path();
    let before = events(state);
    assert_eq!(before.len() as u64, OLD);
    let opened_again = opened(state, &Notebook::default(), now);
    assert_eq!(opened_again.last_sequence(), OLD);
    assert_eq!(opened_again.cursor("phones", "source"), Some(&b"100"[..]));
    assert_eq!(ids(&opened_again, 0).len() as u64, OLD);
    drop(opened_again);
    assert_eq!(format(state), 1, "who only reads leaves it to versions before");

    append(state, &["new", "newer"]).await;
    assert_eq!(format(state), 2, "a version before refuses it, and sets nothing aside");
    assert_eq!((row(state, 1)[0], row(state, OLD + 1)[0]), (b'{', 1));
    let after = events(state);
    assert_eq!(after[..OLD as usize], before);
    assert_eq!(after[OLD as usize..], [(OLD + 1, event("new")), (OLD + 2, event("newer"))]);
    let opened_again = opened(state, &Notebook::default(), now);
    let from_the_middle: Vec<_> = opened_again.tail(100).unwrap().collect();
    assert_eq!(from_the_middle, after[100..]);
    drop(opened_again);
    let check = journal::check(state).unwrap();
    assert_eq!((check.ok, check.events), (true, OLD + 2));

    // A repair takes over rows of both forms.
    sqlite(state).execute("UPDATE batches SET crc = 0 WHERE first = 14", []).unwrap();
    let repaired = journal::repair(state).unwrap();
    assert_eq!(repaired.files[0].events, OLD + 2 - 13);
    let left: Vec<_> = after.into_iter().filter(|(it, _)| !(14..27).contains(it)).collect();
    assert_eq!(events(state), left);
}

#[tokio::test]
async fn a_row_of_a_newer_form_is_set_aside_by_that_name() {
    let state = tempfile::tempdir().expect("a temporary folder");
    let state = state.path();
    append(state, &["one", "two", "three"]).await;
    let mut newer = row(state, 2);
    newer[0] = 2;
    put_row(state, 2, 1, &newer);
    let check = journal::check(state).unwrap();
    assert!(check.lost[0].reason.contains("a newer Tablica wrote it"), "{check:?}");
    let notebook = Notebook::default();
    for _ in 0..2 {
        let opened = opened(state, &notebook, now);
        assert_eq!(ids(&opened, 0), [(1, "one".to_owned()), (3, "three".to_owned())]);
    }
    let told = notebook.bad_rows.lock().unwrap().clone();
    assert_eq!(told.len(), 1, "told once: {told:?}");
    assert!(told[0].reason.contains("a newer Tablica wrote it"), "{}", told[0]);
}

#[tokio::test]
async fn an_event_of_a_newer_kind_is_set_down_readably_and_its_neighbours_are_read() {
    let state = tempfile::tempdir().expect("a temporary folder");
    let state = state.path();
    let running = Running::start(opened(state, &Notebook::default(), now));
    running.handle.append(["one", "two", "six"].map(event).to_vec(), None).await.unwrap();
    running.thread.stop().await;
    // A byte, and three events of the same length, each behind it.
    let written = row(state, 1);
    let length = written.len() / 3;
    assert_eq!((written.len() % 3, written[0]), (1, 1));
    let mut two = written[1 + length + 4..1 + 2 * length].to_vec();
    let queued = two.windows(3).position(|it| it == [0x82, 2, 0x80]).expect("its kind");
    two.splice(queued..queued + 3, [0x82, 0x18, 200, 0x80]);
    let head = u32::try_from(two.len()).unwrap().to_le_bytes();
    let newer = [&written[..=length], &head, &two, &written[1 + 2 * length..]].concat();
    put_row(state, 1, 3, &newer);

    let notebook = Notebook::default();
    let opened = opened(state, &notebook, now);
    assert_eq!(ids(&opened, 0), [(1, "one".to_owned()), (3, "six".to_owned())]);
    let told = notebook.bad_rows.lock().unwrap().clone();
    assert_eq!((told[0].first, told[0].count), (2, 1));
    assert!(told[0].reason.contains("a newer Tablica wrote it"), "{}", told[0]);
    let bytes = "SELECT bytes FROM bad_rows WHERE first = 2";
    let bytes: Vec<u8> = sqlite(state).query_row(bytes, [], |row| row.get(0)).unwrap();
    assert_eq!(
        String::from_utf8(bytes).expect("a text"),
        r#"["two", "phone", 1795305600000, 1795305600250, [200, []], "call-two", "sales"]"#
    );
}
