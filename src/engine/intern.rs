//! Names become small numbers once, so that nothing is compared or allocated per event.
//!
//! The hash is our own because snapshots keep its results: it may never change.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use serde::{Deserialize, Serialize, Serializer};

/// A map whose order nobody may look at: what leaves the engine is sorted first.
pub(in crate::engine) type Map<K, V> = HashMap<K, V, BuildHasherDefault<StableHasher>>;

/// A fast hash that is the same in every build and on every machine.
#[derive(Default)]
pub(in crate::engine) struct StableHasher(u64);

const FOLD: u64 = 0x9e37_79b9_7f4a_7c15;

fn fold(a: u64, b: u64) -> u64 {
    let wide = u128::from(a) * u128::from(b);
    // Both halves: every bit of the input reaches every bit of the result.
    (wide as u64) ^ ((wide >> 64) as u64)
}

impl Hasher for StableHasher {
    fn write(&mut self, bytes: &[u8]) {
        let mut words = bytes.chunks_exact(8);
        for word in &mut words {
            let mut eight = [0; 8];
            eight.copy_from_slice(word);
            self.write_u64(u64::from_le_bytes(eight));
        }
        let rest = words.remainder();
        let mut eight = [0; 8];
        eight[..rest.len()].copy_from_slice(rest);
        // The length keeps "a" and "a\0" apart.
        self.write_u64(u64::from_le_bytes(eight) ^ ((bytes.len() as u64) << 56));
    }

    fn write_u8(&mut self, value: u8) {
        self.write_u64(u64::from(value));
    }

    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = fold(self.0 ^ value ^ 0xa076_1d64_78bd_642f, FOLD ^ self.0.rotate_left(29));
    }

    fn finish(&self) -> u64 {
        fold(self.0 ^ 0xe703_7ed1_a0b4_28db, FOLD)
    }
}

/// The hash of a name within a scope, such as an event's id within its channel.
pub(in crate::engine) fn scoped_hash(scope: u16, name: &str) -> u64 {
    let mut hasher = StableHasher::default();
    hasher.write_u64(u64::from(scope) | 1 << 32);
    hasher.write(name.as_bytes());
    hasher.finish()
}

/// Names and their numbers, in order of appearance.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "Vec<String>")]
pub(in crate::engine) struct Names {
    names: Vec<String>,
    numbers: Map<String, u16>,
}

impl Names {
    pub(in crate::engine) fn find(&self, name: &str) -> Option<u16> {
        self.numbers.get(name).copied()
    }

    /// The name's number, a new one if there is room for it under `names_max`.
    pub(in crate::engine) fn intern(&mut self, name: &str, names_max: usize) -> Option<u16> {
        if let Some(number) = self.find(name) {
            return Some(number);
        }
        let number = u16::try_from(self.names.len()).ok()?;
        if self.names.len() >= names_max {
            return None;
        }
        self.names.push(name.to_owned());
        self.numbers.insert(name.to_owned(), number);
        Some(number)
    }

    pub(in crate::engine) fn name(&self, number: u16) -> &str {
        self.names.get(usize::from(number)).map_or("", String::as_str)
    }

    /// How many there are; never fewer later on.
    pub(in crate::engine) fn count(&self) -> usize {
        self.names.len()
    }

    pub(in crate::engine) fn iter(&self) -> impl Iterator<Item = (u16, &str)> {
        (0..).zip(self.names.iter().map(String::as_str))
    }
}

impl From<Vec<String>> for Names {
    fn from(names: Vec<String>) -> Self {
        let numbers = (0..).zip(&names).map(|(number, name)| (name.clone(), number)).collect();
        Names { names, numbers }
    }
}

impl Serialize for Names {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.names.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_number_and_the_limit_holds() {
        let mut names = Names::default();
        assert_eq!(names.intern("sales", 2), Some(0));
        assert_eq!(names.intern("support", 2), Some(1));
        assert_eq!(names.intern("sales", 2), Some(0));
        assert_eq!(names.intern("billing", 2), None);
        assert_eq!(names.name(1), "support");
    }

    /// Snapshots hold these hashes: a change of the function is a change of the format.
    #[test]
    fn the_hash_never_changes_and_tells_neighbours_apart() {
        let mut seen = std::collections::BTreeSet::new();
        for scope in 0..4 {
            for number in 0..10_000 {
                assert!(seen.insert(scoped_hash(scope, &format!("call-{number}"))));
            }
        }
        assert_ne!(scoped_hash(0, "a"), scoped_hash(0, "a\0"));
        expect_test::expect!["fb91eeba23a594c7"]
            .assert_eq(&format!("{:016x}", scoped_hash(7, "telegram:42")));
    }
}
