//! What became of messages.

use std::collections::BTreeMap;

use super::desk::named;
use super::history::Ms;

/// What became of messages to a receiver, since the server started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Delivery {
    /// When the receiver took one last.
    pub(crate) sent_ms: Option<Ms>,
    /// Why the last one was not taken; none if it was.
    pub(crate) trouble: Option<String>,
    /// How many were taken.
    pub(crate) sent: u64,
    /// How many tries failed.
    pub(crate) failed: u64,
}

impl Delivery {
    /// Notes that one was taken, or why not.
    pub(super) fn note(&mut self, outcome: &Result<(), String>, now_ms: Ms) {
        match outcome {
            Ok(()) => {
                self.sent += 1;
                (self.sent_ms, self.trouble) = (Some(now_ms), None);
            }
            Err(why) => {
                self.failed += 1;
                self.trouble = Some(why.clone());
            }
        }
    }
}

/// Of those who have several addresses all together.
pub(super) fn by_name(deliveries: &BTreeMap<String, Delivery>) -> BTreeMap<String, Delivery> {
    let mut all: BTreeMap<String, Delivery> = BTreeMap::new();
    for (receiver, delivery) in deliveries {
        let sum = all.entry(named(receiver).to_owned()).or_default();
        sum.sent += delivery.sent;
        sum.failed += delivery.failed;
        sum.sent_ms = sum.sent_ms.max(delivery.sent_ms);
        sum.trouble = sum.trouble.take().or_else(|| delivery.trouble.clone());
    }
    all
}
