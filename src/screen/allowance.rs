//! How much a screen may say, in bytes: pieces of no length make no message that could be counted.

use std::sync::atomic::{AtomicI64, Ordering};

/// Bytes of a screen in a second; a well-behaved one says a hundred per frame.
pub const BYTES_PER_SECOND_MAX: u16 = 8 * 1024;

/// What a connection may still say. The connection counts what it reads, and ends when there is
/// nothing left; the screen's session gives anew. What is no screen may say anything.
#[derive(Debug)]
pub struct Allowance(AtomicI64);

impl Default for Allowance {
    fn default() -> Self {
        Self(AtomicI64::new(i64::MAX))
    }
}

impl Allowance {
    /// As much as may be said in the second that begins.
    pub(super) fn renew(&self) {
        self.0.store(BYTES_PER_SECOND_MAX.into(), Ordering::Relaxed);
    }

    /// So much was said. False when it was too much.
    pub fn take(&self, bytes: usize) -> bool {
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        self.0.fetch_sub(bytes, Ordering::Relaxed) >= bytes
    }

    pub(super) fn is_exceeded(&self) -> bool {
        self.0.load(Ordering::Relaxed) < 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_screen_may_say_so_much_a_second_and_others_anything() {
        let allowance = Allowance::default();
        assert!(allowance.take(1 << 40));
        allowance.renew();
        assert!(allowance.take(usize::from(BYTES_PER_SECOND_MAX)) && !allowance.is_exceeded());
        assert!(!allowance.take(1) && allowance.is_exceeded());
        allowance.renew();
        assert!(allowance.take(1));
    }
}
