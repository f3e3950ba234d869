//! A set of ids that grows without a pause.
//!
//! A hash table moves everything in it when it grows. A large set is many small tables, so that
//! one of them moves at a time.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

/// A set of so many ids is parted.
const PARTED_AT: usize = 1 << 16;
const TABLES: usize = 64;
/// The bits of an id that name its table: others than those that name its place in the table.
const TABLE_SHIFT: u32 = 40;

type Table = HashSet<u64, BuildHasherDefault<AsItIs>>;

/// Ids are hashes already.
#[derive(Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn write(&mut self, bytes: &[u8]) {
        // Ids are written by `write_u64`; any other value is folded, not lost.
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, id: u64) {
        self.0 = id;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct IdSet {
    /// One, or [`TABLES`].
    tables: Vec<Table>,
    len: usize,
    sum: u64,
}

impl IdSet {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// All ids added up, overflow dropped.
    pub(super) fn sum(&self) -> u64 {
        self.sum
    }

    pub(super) fn contains(&self, id: u64) -> bool {
        self.tables.get(table(id, self.tables.len())).is_some_and(|ids| ids.contains(&id))
    }

    pub(super) fn insert(&mut self, id: u64) {
        if self.tables.is_empty() {
            self.tables.push(Table::default());
        }
        if self.len == PARTED_AT {
            self.part();
        }
        let table = table(id, self.tables.len());
        if self.tables[table].insert(id) {
            self.len += 1;
            self.sum = self.sum.wrapping_add(id);
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = u64> {
        self.tables.iter().flatten().copied()
    }

    fn part(&mut self) {
        let mut parted = vec![Table::default(); TABLES];
        for id in self.iter() {
            parted[table(id, TABLES)].insert(id);
        }
        self.tables = parted;
    }
}

fn table(id: u64, tables: usize) -> usize {
    if tables < TABLES { 0 } else { (id >> TABLE_SHIFT) as usize % TABLES }
}
