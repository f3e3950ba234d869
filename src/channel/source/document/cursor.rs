//! Which documents of a folder have been given, in a few kilobytes however many there are.
//!
//! A document has a [`Mark`]: its time, and a hash of its name. Documents are given in the order of their
//! marks, so nearly all that were given lie below one mark, the floor. Above it those are named that
//! were given, [`NEAR_MAX`] of them at most: a file that arrives a little out of order is not missed.
//! Names do not stand in it: they may tell of customers.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Documents above the floor that are remembered one by one.
pub(super) const NEAR_MAX: usize = 256;

/// When a document came, and which it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) struct Mark {
    /// Nanoseconds since 1970.
    pub(super) time: i64,
    /// Of its name.
    pub(super) key: u64,
}

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Given {
    floor: Option<Mark>,
    /// In order.
    near: Vec<Mark>,
    /// The last change of name, place or content that a given document had; nanoseconds since 1970. What lies
    /// below the floor and was changed later has come since.
    changed: i64,
}

/// What the journal keeps.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    /// A hash of what is read: what is said of one folder says nothing of another.
    place: u64,
    given: Given,
}

impl Given {
    /// Whether a document was given.
    pub(super) fn has(&self, mark: &Mark) -> bool {
        self.floor.is_some_and(|floor| *mark <= floor) || self.near.binary_search(mark).is_ok()
    }

    /// Whether a document counts as given by its time only, though it was put there after all that were.
    pub(super) fn passes_over(&self, mark: &Mark, changed: i64) -> bool {
        self.floor.is_some_and(|floor| *mark <= floor) && changed > self.changed
    }

    /// A document was given that was last changed then.
    pub(super) fn add(&mut self, mark: Mark, changed: i64) {
        self.changed = self.changed.max(changed);
        if self.has(&mark) {
            return;
        }
        if let Err(at) = self.near.binary_search(&mark) {
            self.near.insert(at, mark);
        }
        if self.near.len() > NEAR_MAX {
            self.floor = Some(self.near.remove(0));
        }
    }

    /// For the journal.
    pub(super) fn to_bytes(&self, place: u64) -> Vec<u8> {
        // Numbers only: there is nothing that could fail.
        postcard::to_stdvec(&Kept { place, given: self.clone() }).unwrap_or_default()
    }

    /// From the journal; none when it is of another place or cannot be read.
    pub(super) fn from_bytes(bytes: &[u8], place: u64) -> Option<Self> {
        let kept: Kept = postcard::from_bytes(bytes).ok()?;
        (kept.place == place).then_some(kept.given)
    }
}

/// A short name for a long one.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    let digest: [u8; 32] = Sha256::digest(bytes).into();
    let [a, b, c, d, e, f, g, h, ..] = digest;
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_thousand_documents_fit_into_a_few_kilobytes() {
        let mut given = Given::default();
        for time in 0..100_000 {
            given.add(Mark { time, key: hash(&time.to_be_bytes()) }, time);
        }
        let bytes = given.to_bytes(1);
        assert!(bytes.len() < 8 * 1024, "{} bytes", bytes.len());
        assert_eq!(Given::from_bytes(&bytes, 1), Some(given.clone()));
        assert_eq!(Given::from_bytes(&bytes, 2), None, "it is another folder's");
        assert_eq!(Given::from_bytes(&bytes[..bytes.len() / 2], 1), None);
        for time in 0..100_000 {
            assert!(given.has(&Mark { time, key: hash(&time.to_be_bytes()) }));
        }
        assert!(!given.has(&Mark { time: 100_000, key: 0 }));
    }

    #[test]
    fn what_comes_a_little_late_is_not_missed() {
        let mut given = Given::default();
        (0..100).for_each(|time| given.add(Mark { time: time * 10, key: 1 }, 0));
        assert!(!given.has(&Mark { time: 15, key: 1 }));
        given.add(Mark { time: 15, key: 1 }, 0);
        assert!(given.has(&Mark { time: 15, key: 1 }));
    }
}
