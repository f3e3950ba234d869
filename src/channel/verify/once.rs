//! A signature that leaves out the body is good for one body: whoever has seen the request could else
//! sign any other with it, for as long as it is fresh.
//!
//! The same request may come again: a network that had no answer repeats it.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::event::{UnixMs, millis};

/// Signatures that are remembered; of more the oldest is forgotten. No network of mails or the like sends so
/// many in the minutes for which one is fresh.
const SIGNATURES_MAX: usize = 100_000;

/// Which body each signature came with.
#[derive(Debug)]
pub(super) struct Once {
    /// Older ones are refused in any case.
    kept: Duration,
    hashes: RandomState,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    /// By the signature: its body.
    bodies: HashMap<u64, u64>,
    /// As they came.
    order: VecDeque<(UnixMs, u64)>,
}

impl Once {
    /// `tolerance`: as far as a time of signing may be from now, before it or behind it.
    pub(super) fn new(tolerance: Duration) -> Self {
        let kept = tolerance.saturating_mul(2);
        Once { kept, hashes: RandomState::new(), seen: Mutex::default() }
    }

    /// The signature, which is genuine, has not come with another body.
    pub(super) fn is_of(&self, signature: &[u8], body: &[u8], now_ms: UnixMs) -> bool {
        let (signature, body) = (self.hashes.hash_one(signature), self.hashes.hash_one(body));
        let seen = &mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let kept_from_ms = now_ms.saturating_sub(millis(self.kept));
        while let Some((at_ms, oldest)) = seen.order.front().copied()
            && (at_ms < kept_from_ms || seen.order.len() >= SIGNATURES_MAX)
        {
            seen.order.pop_front();
            seen.bodies.remove(&oldest);
        }
        match seen.bodies.get(&signature) {
            Some(known) => *known == body,
            None => {
                seen.bodies.insert(signature, body);
                seen.order.push_back((now_ms, signature));
                true
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_good_for_one_body_however_often_that_comes() {
        let once = Once::new(Duration::from_secs(300));
        assert!(once.is_of(b"a", b"one", 0));
        assert!(once.is_of(b"a", b"one", 1_000));
        assert!(!once.is_of(b"a", b"two", 2_000));
        assert!(once.is_of(b"b", b"two", 3_000));
        assert!(!once.is_of(b"a", b"two", 600_000), "it can be fresh for twice the tolerance");
        // By then its time is too long ago, whatever it comes with.
        assert!(once.is_of(b"a", b"two", 601_001));
    }

    #[test]
    fn no_more_are_remembered_than_the_limit() {
        let once = Once::new(Duration::from_secs(300));
        for number in 0..SIGNATURES_MAX + 10 {
            assert!(once.is_of(&number.to_le_bytes(), b"body", 0));
        }
        let seen = once.seen.lock().expect("it is whole");
        assert_eq!((seen.bodies.len(), seen.order.len()), (SIGNATURES_MAX, SIGNATURES_MAX));
    }
}
