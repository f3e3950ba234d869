//! What the roll-ups' file keeps, through kills, damage and company.

use std::fs;

use super::*;
use crate::journal::rollups::QUARTER_MS;

const KEEP: Duration = Duration::from_secs(35 * 24 * 60 * 60);

fn rows(entries: &[(i64, &str, &str)]) -> Rows {
    let row = |(quarter, slice, counts): &(i64, &str, &str)| {
        ((quarter * QUARTER_MS, (*slice).to_owned()), (*counts).to_owned())
    };
    entries.iter().map(row).collect()
}

/// All rows, with quarters by their number.
fn told(rows: Vec<Row>) -> Vec<(i64, String, String)> {
    rows.into_iter().map(|row| (row.quarter_ms / QUARTER_MS, row.slice, row.counts)).collect()
}

fn owned(rows: &[(i64, &str, &str)]) -> Vec<(i64, String, String)> {
    rows.iter().map(|(q, slice, counts)| (*q, (*slice).into(), (*counts).into())).collect()
}

/// Somebody else who writes.
fn other(state_dir: &Path) -> Connection {
    Connection::open(state_dir.join(KIND.file)).expect("open")
}

#[test]
fn a_row_written_again_replaces_itself() {
    let folder = tempfile::tempdir().expect("folder");
    let mut store = open(folder.path(), KEEP).expect("open");
    store.write(&rows(&[(1, "queue=sales", r#"{"offered":1}"#)])).expect("write");
    let newer = [(1, "queue=sales", r#"{"offered":3}"#), (2, "", r#"{"offered":9}"#)];
    store.write(&rows(&newer)).expect("write");
    store.write(&rows(&newer)).expect("write");
    assert_eq!(told(store.load(0, 10 * QUARTER_MS).expect("load")), owned(&newer));
}

#[test]
fn a_span_begins_with_its_first_moment_and_ends_before_its_last() {
    let folder = tempfile::tempdir().expect("folder");
    let mut store = open(folder.path(), KEEP).expect("open");
    store
        .write(&rows(&[(1, "b", "{}"), (1, "a", "{}"), (2, "a", "{}"), (3, "a", "{}")]))
        .expect("");
    let span = store.load(QUARTER_MS, 3 * QUARTER_MS).expect("load");
    assert_eq!(told(span), owned(&[(1, "a", "{}"), (1, "b", "{}"), (2, "a", "{}")]));
}

#[test]
fn counts_can_be_taken_apart_with_sqlite() {
    let folder = tempfile::tempdir().expect("folder");
    let mut store = open(folder.path(), KEEP).expect("open");
    let two = [(1, "queue=a", r#"{"offered":3}"#), (1, "queue=b", r#"{"offered":4}"#)];
    store.write(&rows(&two)).expect("write");
    let sql = "SELECT sum(counts ->> 'offered') FROM rollup";
    let offered: i64 = other(folder.path()).query_row(sql, [], |row| row.get(0)).expect("sum");
    assert_eq!(offered, 7);
}

#[test]
fn after_a_kill_everything_written_is_there() {
    let folder = tempfile::tempdir().expect("folder");
    let mut store = open(folder.path(), KEEP).expect("open");
    store.write(&rows(&[(1, "a", "{}")])).expect("write");
    let other = other(folder.path());
    let torn = other.unchecked_transaction().expect("begin");
    torn.execute("INSERT INTO rollup VALUES (9, 'torn', '{}')", []).expect("insert");
    // A copy of the files as a kill leaves them: neither closed nor checkpointed.
    let after = tempfile::tempdir().expect("folder");
    for entry in fs::read_dir(folder.path()).expect("folder") {
        let path = entry.expect("entry").path();
        fs::copy(&path, after.path().join(path.file_name().expect("name"))).expect("copy");
    }
    let store = open(after.path(), KEEP).expect("open");
    assert_eq!(told(store.load(0, i64::MAX).expect("load")), owned(&[(1, "a", "{}")]));
}

#[test]
fn what_is_older_than_it_is_kept_is_forgotten() {
    let folder = tempfile::tempdir().expect("folder");
    let mut store =
        open(folder.path(), Duration::from_millis(2 * QUARTER_MS as u64)).expect("open");
    store.write(&rows(&[(1, "a", "{}"), (2, "a", "{}"), (3, "a", "{}")])).expect("write");
    assert_eq!(store.prune(4 * QUARTER_MS).expect("prune"), 1);
    assert_eq!(told(store.load(0, i64::MAX).expect("load")).len(), 2);
}

#[test]
fn a_damaged_file_is_set_aside_and_a_new_one_begun() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join(KIND.file);
    let many: Vec<String> = (0..500).map(|n| format!("queue={n}")).collect();
    let many: Vec<_> = many.iter().map(|slice| (1, slice.as_str(), "{}")).collect();
    let mut store = open(folder.path(), KEEP).expect("open");
    store.write(&rows(&many)).expect("write");
    drop(store);
    // A page in the middle; the head stays right.
    let mut bytes = fs::read(&path).expect("read");
    let middle = bytes.len() / 2;
    bytes[middle..middle + 2048].fill(0x55);
    fs::write(&path, &bytes).expect("write");

    let mut store = open(folder.path(), KEEP).expect("begun anew");
    assert_eq!(fs::read(folder.path().join("rollups.sqlite.damaged")).expect("aside"), bytes);
    store.write(&rows(&[(1, "a", "{}")])).expect("write");
    drop(store);

    fs::write(&path, b"no database at all, and longer than the head of one").expect("write");
    let store = open(folder.path(), KEEP).expect("begun anew");
    assert!(store.load(0, i64::MAX).expect("load").is_empty());
}

#[test]
fn damage_found_while_writing_loses_no_new_row() {
    let folder = tempfile::tempdir().expect("folder");
    let mut store = open(folder.path(), KEEP).expect("open");
    other(folder.path()).execute_batch("DROP TABLE rollup").expect("drop");
    store.write(&rows(&[(1, "a", "{}")])).expect("written into a new file");
    assert_eq!(told(store.load(0, i64::MAX).expect("load")), owned(&[(1, "a", "{}")]));
}

#[test]
fn a_newer_tablicas_file_is_left_alone() {
    let folder = tempfile::tempdir().expect("folder");
    let store = open(folder.path(), KEEP).expect("open");
    other(folder.path()).pragma_update(None, "user_version", KIND.version + 1).expect("version");
    drop(store);
    assert!(matches!(
        open(folder.path(), KEEP),
        Err(RollupError::File(SideFileError::Newer { .. }))
    ));
    assert!(matches!(
        Reader::open(folder.path()),
        Err(RollupError::File(SideFileError::Newer { .. }))
    ));
}

#[test]
fn a_reader_reads_while_the_server_writes_and_after_it_has_gone() {
    let folder = tempfile::tempdir().expect("folder");
    assert!(Reader::open(folder.path()).expect("nothing there").is_none());
    let mut store = open(folder.path(), KEEP).expect("open");
    store.write(&rows(&[(1, "a", "{}")])).expect("write");
    let reader = Reader::open(folder.path()).expect("open").expect("there");
    assert_eq!(told(reader.load(0, i64::MAX).expect("load")).len(), 1);
    // Neither side waits for the other.
    let other = other(folder.path());
    let under_way = other.unchecked_transaction().expect("begin");
    under_way.execute("INSERT INTO rollup VALUES (0, 'b', '{}')", []).expect("insert");
    assert_eq!(told(reader.load(0, i64::MAX).expect("load")).len(), 1);
    under_way.commit().expect("commit");
    assert_eq!(told(reader.load(0, i64::MAX).expect("load")).len(), 2);
    drop((reader, store, other));
    let reader = Reader::open(folder.path()).expect("open").expect("there");
    assert_eq!(told(reader.load(0, i64::MAX).expect("load")).len(), 2);
}
