//! Ids of the events that the engine has seen, beside its snapshots: with them a snapshot of a large
//! site would be hundreds of megabytes, each minute.
//!
//! The engine hands its new ids out in numbered batches; this stores them in `ids.sqlite` and gives
//! them back at a start. What a batch means is the engine's business. A snapshot that lacks ids is
//! passed over, and what it knew is counted again from the journal: so a damaged file is set aside
//! and a new one begun.

use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::Arc;

use rusqlite::{Connection, TransactionBehavior, params};

use super::side_file::{Kind, SideFile, version};
use super::sqlite::open_read_only;
use super::{Observer, SideFileError, Silent};

static KIND: Kind = Kind {
    name: "ids of events",
    file: "ids.sqlite",
    version: 1,
    schema: "
-- One row: a piece of the ids that came between two snapshots.
CREATE TABLE IF NOT EXISTS piece (
    batch INTEGER NOT NULL,
    number INTEGER NOT NULL,
    ids BLOB NOT NULL,
    PRIMARY KEY (batch, number)
) STRICT;
",
    pragmas: "",
    lost: "nothing: the next start counts everything again from the journal, which takes longer",
};

/// Ids that came between two snapshots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdBatch {
    /// Replaces what is stored under this number and later ones.
    pub number: u64,
    /// The first batch that is still needed together with this one.
    pub needed_from: u64,
    /// Opaque; given back in this order.
    pub pieces: Vec<Vec<u8>>,
}

/// What became of batches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// They are on disk, and so are all that they need.
    Whole,
    /// They are on disk, and some that they need are not.
    WithGap,
}

/// The file, opened by the one who writes it.
pub struct SeenIds {
    file: SideFile,
}

impl SeenIds {
    /// As [`SeenIds::open_with`], without anybody who is told.
    pub fn open(state_dir: &Path) -> Result<Self, SideFileError> {
        Self::open_with(state_dir, Arc::new(Silent))
    }

    /// Opens the file of a state folder, readable by its owner alone; makes it when there is none.
    /// A damaged one is set aside.
    pub fn open_with(state_dir: &Path, observer: Arc<dyn Observer>) -> Result<Self, SideFileError> {
        Ok(Self { file: SideFile::open(&KIND, state_dir, observer)? })
    }

    /// Writes batches, all or none, in place of those of their numbers and later ones; forgets those
    /// before `forget_before`.
    pub fn write(
        &mut self,
        batches: &[IdBatch],
        forget_before: Option<u64>,
    ) -> Result<Stored, SideFileError> {
        self.file.change(|file| write(file, batches, forget_before))
    }

    /// Gives each stored piece of these batches, in order.
    pub fn load(
        &self,
        batches: RangeInclusive<u64>,
        take: impl FnMut(&[u8]),
    ) -> Result<(), SideFileError> {
        self.file.ask(|file| load(file, batches, take)).map(Option::unwrap_or_default)
    }
}

/// As [`SeenIds::load`], for one who only reads; a server may be writing the file.
pub fn load_beside(
    state_dir: &Path,
    batches: RangeInclusive<u64>,
    take: impl FnMut(&[u8]),
) -> Result<(), SideFileError> {
    let path = state_dir.join(KIND.file);
    if !path.exists() {
        return Ok(());
    }
    let loaded = open_read_only(&path).and_then(|(file, _)| match version(&file)? {
        found if found == KIND.version => load(&file, batches, take),
        // Of a newer Tablica, or not made yet: there is nothing that this one could read.
        _ => Ok(()),
    });
    loaded.map_err(|source| SideFileError::Database { name: KIND.name, path, source })
}

fn load(
    connection: &Connection,
    batches: RangeInclusive<u64>,
    mut take: impl FnMut(&[u8]),
) -> rusqlite::Result<()> {
    let sql = "SELECT ids FROM piece WHERE batch BETWEEN ?1 AND ?2 ORDER BY batch, number";
    let mut pieces = connection.prepare(sql)?;
    let mut rows =
        pieces.query(params![sql_number(*batches.start()), sql_number(*batches.end())])?;
    while let Some(row) = rows.next()? {
        take(row.get_ref(0)?.as_blob()?);
    }
    Ok(())
}

fn write(
    connection: &mut Connection,
    batches: &[IdBatch],
    forget_before: Option<u64>,
) -> rusqlite::Result<Stored> {
    let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut stored = Stored::Whole;
    {
        let mut put =
            change.prepare_cached("INSERT INTO piece (batch, number, ids) VALUES (?1, ?2, ?3)")?;
        for IdBatch { number, needed_from, pieces } in batches {
            let (batch, needed_from) = (sql_number(*number), sql_number(*needed_from));
            change.execute("DELETE FROM piece WHERE batch >= ?1", [batch])?;
            // A batch without ids has a row, too, so that a missing one is noticed.
            let none = [Vec::new()];
            let pieces = if pieces.is_empty() { &none[..] } else { pieces };
            for (number, piece) in (0i64..).zip(pieces) {
                put.execute(params![batch, number, piece])?;
            }
            let sql = "SELECT count(DISTINCT batch) FROM piece WHERE batch >= ?1 AND batch < ?2";
            let there: i64 = change.query_row(sql, [needed_from, batch], |row| row.get(0))?;
            stored = match there == batch.saturating_sub(needed_from) {
                true => Stored::Whole,
                false => Stored::WithGap,
            };
        }
    }
    if let Some(batch) = forget_before {
        change.execute("DELETE FROM piece WHERE batch < ?1", [sql_number(batch)])?;
    }
    change.commit()?;
    Ok(stored)
}

/// SQLite knows no larger numbers; one batch a minute does not come so far.
fn sql_number(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(number: u64, needed_from: u64, pieces: &[&str]) -> IdBatch {
        let pieces = pieces.iter().map(|piece| piece.as_bytes().to_vec()).collect();
        IdBatch { number, needed_from, pieces }
    }

    fn stored(ids: &SeenIds, batches: RangeInclusive<u64>) -> Vec<String> {
        let mut pieces = Vec::new();
        ids.load(batches, |piece| pieces.push(String::from_utf8_lossy(piece).into_owned()))
            .expect("a readable file");
        pieces
    }

    #[test]
    fn batches_come_back_in_order_and_also_beside_the_server() {
        let state = tempfile::tempdir().expect("a folder");
        let mut ids = SeenIds::open(state.path()).expect("a file");
        let first = [batch(1, 1, &["a", "b"]), batch(2, 1, &[])];
        assert_eq!(ids.write(&first, None).expect("room"), Stored::Whole);
        assert_eq!(ids.write(&[batch(3, 1, &["c"])], None).expect("room"), Stored::Whole);
        assert_eq!(stored(&ids, 1..=3), ["a", "b", "", "c"]);
        assert_eq!(stored(&ids, 2..=2), [""]);
        let mut beside = Vec::new();
        load_beside(state.path(), 1..=1, |piece| beside.extend_from_slice(piece)).expect("a file");
        assert_eq!(beside, b"ab");
    }

    #[test]
    fn a_batch_takes_the_place_of_what_came_after_the_snapshot_that_a_start_began_with() {
        let state = tempfile::tempdir().expect("a folder");
        let mut ids = SeenIds::open(state.path()).expect("a file");
        let before = [batch(1, 1, &["a"]), batch(2, 1, &["b"]), batch(3, 1, &["c"])];
        ids.write(&before, None).expect("room");
        ids.write(&[batch(2, 1, &["x"])], None).expect("room");
        assert_eq!(stored(&ids, 1..=9), ["a", "x"]);
    }

    #[test]
    fn what_is_not_needed_any_more_is_forgotten_and_what_is_missing_is_said() {
        let state = tempfile::tempdir().expect("a folder");
        let mut ids = SeenIds::open(state.path()).expect("a file");
        ids.write(&[batch(1, 1, &["a"]), batch(2, 1, &["b"])], None).expect("room");
        let whole = ids.write(&[batch(3, 2, &["c"])], Some(2)).expect("room");
        assert_eq!((whole, stored(&ids, 1..=3)), (Stored::Whole, vec!["b".into(), "c".into()]));
        assert_eq!(ids.write(&[batch(4, 1, &["d"])], None).expect("room"), Stored::WithGap);
        assert_eq!(ids.write(&[batch(5, 5, &["e"])], None).expect("room"), Stored::Whole);
    }
}
