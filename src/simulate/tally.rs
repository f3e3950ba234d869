//! What became of the messages, by door: the generator's one line of news.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use super::door::Door;

/// Counts, shared by all lanes.
#[derive(Debug, Default)]
pub struct Tally {
    doors: BTreeMap<Door, Counts>,
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Handed to a lane, by door.
    pub sent: BTreeMap<Door, u64>,
    /// The door said yes.
    pub accepted: u64,
    /// The door said no, for good.
    pub refused: u64,
    /// The door was shut or said "later"; tried again each time.
    pub retried: u64,
}

impl Tally {
    /// For these doors; of others nothing is counted.
    pub fn of(doors: impl IntoIterator<Item = Door>) -> Self {
        let doors = doors.into_iter().map(|door| (door, Counts::default())).collect();
        Self { doors, first_refusal: OnceLock::new() }
    }

    /// A message is on its way.
    pub fn sent(&self, door: Door) {
        self.add(door, |counts| &counts.sent, 1);
    }

    /// The door took so many.
    pub fn accepted(&self, door: Door, count: u64) {
        self.add(door, |counts| &counts.accepted, count);
    }

    /// The door refused so many, and why.
    pub fn refused(&self, door: Door, count: u64, why: &str) {
        self.add(door, |counts| &counts.refused, count);
        self.first_refusal.get_or_init(|| format!("{door}: {why}"));
    }

    /// The door said "later".
    pub fn retried(&self, door: Door) {
        self.add(door, |counts| &counts.retried, 1);
    }

    /// The sums now.
    pub fn totals(&self) -> Totals {
        let sum = |pick: fn(&Counts) -> &AtomicU64| {
            self.doors.values().map(|counts| pick(counts).load(Ordering::Relaxed)).sum()
        };
        let sent = |(door, counts): (&Door, &Counts)| (*door, counts.sent.load(Ordering::Relaxed));
        Totals {
            sent: self.doors.iter().map(sent).collect(),
            accepted: sum(|counts| &counts.accepted),
            refused: sum(|counts| &counts.refused),
            retried: sum(|counts| &counts.retried),
        }
    }

    /// Why the first refused message was refused.
    pub fn first_refusal(&self) -> Option<&str> {
        self.first_refusal.get().map(String::as_str)
    }

    fn add(&self, door: Door, pick: fn(&Counts) -> &AtomicU64, count: u64) {
        if let Some(counts) = self.doors.get(&door) {
            pick(counts).fetch_add(count, Ordering::Relaxed);
        }
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by_door: Vec<String> =
            self.sent.iter().map(|(door, count)| format!("{door} {count}")).collect();
        write!(
            f,
            "sent {} ({})  accepted {}  refused {}  retried {}",
            self.sent.values().sum::<u64>(),
            by_door.join(", "),
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
        let tally = Tally::of([Door::TELEGRAM, Door::named("vk"), Door::QUEUE_LOG]);
        tally.sent(Door::TELEGRAM);
        tally.sent(Door::QUEUE_LOG);
        tally.accepted(Door::QUEUE_LOG, 1);
        tally.refused(Door::TELEGRAM, 1, "401 Unauthorized");
        tally.refused(Door::TELEGRAM, 1, "another");
        assert_eq!(
            tally.totals().to_string(),
            "sent 2 (queue_log 1, telegram 1, vk 0)  accepted 1  refused 2  retried 0"
        );
        assert_eq!(tally.first_refusal(), Some("telegram: 401 Unauthorized"));
    }
}
