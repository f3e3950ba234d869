//! What became of the messages, by door: the generator's one line of news.

use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use super::traffic::Door;

/// Counts, shared by all lanes.
#[derive(Debug, Default)]
pub struct Tally {
    doors: [Counts; 3],
    /// The door's words at the first refusal: one is enough to see what is wrong.
    first_refusal: OnceLock<String>,
}

#[derive(Debug, Default)]
struct Counts {
    sent: AtomicU64,
    accepted: AtomicU64,
    refused: AtomicU64,
    retried: AtomicU64,
}

/// Totals at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Handed to a lane, by door: Telegram, web form, queue_log.
    pub sent: [u64; 3],
    /// The door said yes.
    pub accepted: u64,
    /// The door said no, for good.
    pub refused: u64,
    /// The door was shut or said "later"; tried again each time.
    pub retried: u64,
}

impl Tally {
    /// A message is on its way.
    pub fn sent(&self, door: Door) {
        self.counts(door).sent.fetch_add(1, Ordering::Relaxed);
    }

    /// The door took so many.
    pub fn accepted(&self, door: Door, count: u64) {
        self.counts(door).accepted.fetch_add(count, Ordering::Relaxed);
    }

    /// The door refused so many, and why.
    pub fn refused(&self, door: Door, count: u64, why: &str) {
        self.counts(door).refused.fetch_add(count, Ordering::Relaxed);
        self.first_refusal.get_or_init(|| format!("{door}: {why}"));
    }

    /// The door said "later".
    pub fn retried(&self, door: Door) {
        self.counts(door).retried.fetch_add(1, Ordering::Relaxed);
    }

    /// The sums now.
    pub fn totals(&self) -> Totals {
        let sum = |pick: fn(&Counts) -> &AtomicU64| {
            self.doors.iter().map(|counts| pick(counts).load(Ordering::Relaxed)).sum()
        };
        Totals {
            sent: self.doors.each_ref().map(|counts| counts.sent.load(Ordering::Relaxed)),
            accepted: sum(|counts| &counts.accepted),
            refused: sum(|counts| &counts.refused),
            retried: sum(|counts| &counts.retried),
        }
    }

    /// Why the first refused message was refused.
    pub fn first_refusal(&self) -> Option<&str> {
        self.first_refusal.get().map(String::as_str)
    }

    fn counts(&self, door: Door) -> &Counts {
        &self.doors[door as usize]
    }
}

impl fmt::Display for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Door::Telegram => "telegram",
            Door::WebForm => "webform",
            Door::QueueLog => "queue_log",
        })
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [telegram, webform, queue_log] = self.sent;
        write!(
            f,
            "sent {} (telegram {telegram}, webform {webform}, queue_log {queue_log})  \
             accepted {}  refused {}  retried {}",
            telegram + webform + queue_log,
            self.accepted,
            self.refused,
            self.retried
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_sums_the_doors_and_keeps_the_first_refusal() {
        let tally = Tally::default();
        tally.sent(Door::Telegram);
        tally.sent(Door::QueueLog);
        tally.accepted(Door::QueueLog, 1);
        tally.refused(Door::Telegram, 1, "401 Unauthorized");
        tally.refused(Door::Telegram, 1, "another");
        assert_eq!(
            tally.totals().to_string(),
            "sent 2 (telegram 1, webform 0, queue_log 1)  accepted 1  refused 2  retried 0"
        );
        assert_eq!(tally.first_refusal(), Some("telegram: 401 Unauthorized"));
    }
}
