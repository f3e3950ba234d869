//! What is printed: a line now and then, and everything at the end.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::time::Duration;

use super::Run;
use super::ledger::{Door, Note};
use super::oracle::RollUps;
use super::site::DAY_MS;

/// What the last look found.
pub(super) struct End {
    /// Numbers of the API that a replay gave, too.
    pub(super) replayed: usize,
    pub(super) roll_ups: RollUps,
    /// Entries of quarantine that are there once more.
    pub(super) quarantined_again: usize,
}

/// How far it is.
pub(super) fn line(run: &Run, kill: u64, took: Duration) -> String {
    let ledger = run.ledger();
    let sum = |of: fn(super::ledger::Tally) -> u64| {
        Door::ALL.iter().map(|door| of(ledger.tally(*door))).sum::<u64>()
    };
    format!(
        "{kill} kills in {} s: {} sent, {} acknowledged, {} sent again, all counted once; \
         last start {:.1} s",
        took.as_secs(),
        sum(|tally| tally.sent),
        sum(|tally| tally.acknowledged),
        sum(|tally| tally.again),
        run.usual_start().as_secs_f64()
    )
}

/// The whole table.
pub(super) fn whole(run: &Run, end: &End, took: Duration) -> String {
    let kills = run.kills.lock().expect("kills");
    let count: u64 = kills.values().map(|(came, missed)| came + missed).sum();
    let mut text = format!("\nkilled {count} times in {} s\n\n", took.as_secs());
    let starts = run.starts.lock().expect("starts");
    let longest = starts.iter().max().copied().unwrap_or_default();
    let mut sorted = starts.clone();
    sorted.sort();
    let middle = sorted.get(sorted.len() / 2).copied().unwrap_or_default();
    // A text takes all that is written to it.
    let _ = writeln!(text, "| kill | times | moment missed |\n|---|---:|---:|");
    for (moment, (came, missed)) in &*kills {
        let _ = writeln!(text, "| {} | {} | {missed} |", moment.name(), came + missed);
    }
    let _ = writeln!(
        text,
        "\n| door | sent | acknowledged | counted | in quarantine | sent again | told later |\n\
         |---|---:|---:|---:|---:|---:|---:|"
    );
    let ledger = run.ledger();
    for door in Door::ALL {
        let tally = ledger.tally(door);
        let bad = ledger.bad().values().filter(|bad| bad.door == door).count();
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {bad} | {} | {} |",
            door.channel(),
            tally.sent,
            tally.acknowledged,
            end.roll_ups.counted.get(&door).copied().unwrap_or_default(),
            tally.again,
            tally.later
        );
    }
    let days: BTreeSet<_> =
        ledger.counts().keys().map(|(_, quarter_ms, _)| quarter_ms.div_euclid(DAY_MS)).collect();
    let notes = |wanted| ledger.notes.values().filter(|note| **note == wanted).count();
    let _ = writeln!(
        text,
        "\nin quarantine: {} inputs, {} more entries of the same ones\n\
         annotations: {} made and there, {} removed and gone\n\
         rotations: {} of logs, {} of keys\n\
         starts to ready: {}, middle {:.2} s, longest {:.2} s\n\
         days: {}\n\
         at the end: {} events in the journal, {} rows of roll-ups equal to their fold, {} numbers \
         of the API equal to their replay",
        ledger.bad().len(),
        end.quarantined_again,
        notes(Note::Made),
        notes(Note::Gone),
        ledger.rotations,
        ledger.key_rotations,
        starts.len(),
        middle.as_secs_f64(),
        longest.as_secs_f64(),
        days.len(),
        end.roll_ups.events,
        end.roll_ups.rows,
        end.replayed
    );
    text
}
