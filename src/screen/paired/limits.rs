//! What pairing may cost, and how often somebody was refused for it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::Paired;
use crate::config::model;
use crate::telemetry::{Seldom, names};
use crate::words::words;

words! {
    /// A limit of `[pairing]`. Few and fixed: it is a metric's label, and the key that sets it.
    pub enum PairLimit [name, from_name] {
        /// Codes that can be approved at one time.
        Codes = "codes_max",
        /// The same, of one address.
        CodesPerAddress = "codes_per_address_max",
        /// Wrong codes within `code_lifetime`.
        Wrong = "wrong_max",
        /// The same, of one address.
        WrongPerAddress = "wrong_per_address_max",
        /// Paired screens.
        Screens = "screens_max",
        /// A picture that a screen has drawn of itself.
        PictureBytes = "picture_bytes_max",
        /// Such pictures that nobody has looked at.
        Pictures = "pictures_max",
    }
}

impl PairLimit {
    /// What is too many.
    pub(super) fn words(self) -> &'static str {
        match self {
            PairLimit::Codes => "too many screens wait to be paired",
            PairLimit::CodesPerAddress => "too many screens of this address wait to be paired",
            PairLimit::Wrong | PairLimit::WrongPerAddress => {
                "too many wrong codes; try again in some minutes"
            }
            PairLimit::PictureBytes => "the picture of the screen is too large",
            PairLimit::Pictures => "too many pictures of screens wait to be looked at",
            PairLimit::Screens => "as many screens are paired as may be; revoke one first",
        }
    }
}

/// `[pairing]`.
pub type PairLimits = model::Pairing;

/// How often each limit has refused somebody.
#[derive(Debug, Default)]
pub(super) struct Refusals([Refused; PairLimit::ALL.len()]);

#[derive(Debug, Default)]
struct Refused {
    total: AtomicU64,
    lines: Seldom,
}

impl Refusals {
    pub(super) fn note(&self, limit: PairLimit) {
        let refused = &self.0[limit as usize];
        refused.total.fetch_add(1, Ordering::Relaxed);
        if let Some(left_out) = refused.lines.now() {
            tracing::warn!(limit = limit.name(), left_out, "refused by a limit of pairing");
        }
    }
}

impl Paired {
    /// Tells Prometheus.
    pub fn publish(&self) {
        for limit in PairLimit::ALL {
            let total = self.refusals.0[limit as usize].total.load(Ordering::Relaxed);
            names::PAIRING_REFUSED.reach(&[limit.name()], total);
        }
        names::SCREENS_PAIRED.set(&[], self.list().len() as f64);
        let restarted = self.turns_restarted.load(Ordering::Relaxed);
        names::SCREEN_TURNS_RESTARTED.reach(&[], restarted);
    }
}

/// In milliseconds, as everything here is counted.
pub(super) fn ms(length: Duration) -> i64 {
    i64::try_from(length.as_millis()).unwrap_or(i64::MAX)
}
