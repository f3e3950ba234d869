//! Where the journal says that the clock was set, and what that means for the events before.
//!
//! What was received while the clock was wrong has the wrong time. The writer notes in the day's
//! file when its time has moved otherwise than time passes; who reads the events gives them the
//! time that they would have had.

use rusqlite::Connection;

use super::day_file::to_sql;
use crate::clock::JUMP_MS;
use crate::event::{Event, Millis, UnixMs};
use crate::journal::Sequence;

/// One row of it; made when there is something to say.
const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS clock_set (
    first INTEGER NOT NULL, before_ms INTEGER NOT NULL, now_ms INTEGER NOT NULL
) STRICT;
";

/// The clock was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ClockSet {
    /// The first event that was received by the new time.
    pub(super) first: Sequence,
    /// What it would have been by the old time.
    pub(super) before_ms: UnixMs,
    /// What it was instead.
    pub(super) now_ms: UnixMs,
}

impl ClockSet {
    fn by_ms(&self) -> Millis {
        self.now_ms.saturating_sub(self.before_ms)
    }

    /// Notes it, within the transaction of the events from `first` on.
    pub(super) fn write(&self, file: &Connection) -> rusqlite::Result<()> {
        file.execute_batch(SCHEMA)?;
        file.execute(
            "INSERT INTO clock_set (first, before_ms, now_ms) VALUES (?1, ?2, ?3)",
            (to_sql(self.first), self.before_ms, self.now_ms),
        )?;
        Ok(())
    }

    /// Takes back what was noted with events from this number on.
    pub(super) fn forget_from(file: &Connection, first: Sequence) -> rusqlite::Result<()> {
        if has_table(file)? {
            file.execute("DELETE FROM clock_set WHERE first >= ?1", [to_sql(first)])?;
        }
        Ok(())
    }

    /// What a file says, in order.
    pub(super) fn read(file: &Connection) -> rusqlite::Result<Vec<ClockSet>> {
        if !has_table(file)? {
            return Ok(Vec::new());
        }
        file.prepare("SELECT first, before_ms, now_ms FROM clock_set ORDER BY rowid")?
            .query_map([], |row| {
                let first: i64 = row.get(0)?;
                let (before_ms, now_ms) = (row.get(1)?, row.get(2)?);
                Ok(ClockSet { first: first.try_into().unwrap_or(0), before_ms, now_ms })
            })?
            .collect()
    }
}

fn has_table(file: &Connection) -> rusqlite::Result<bool> {
    let is_there = "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'clock_set')";
    file.query_row(is_there, [], |row| row.get(0))
}

/// Events that were received while the clock was wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Wrong {
    from: Sequence,
    /// The first one after them.
    to: Sequence,
    /// So much ahead of the right time; behind it when negative.
    by_ms: Millis,
    /// Only those received after that: of the others it is not known.
    after_ms: UnixMs,
}

/// What is to be known of the clock to read a journal.
#[derive(Clone, Debug, Default)]
pub struct RightTimes {
    wrong: Vec<Wrong>,
}

impl RightTimes {
    /// By what the files say, oldest first. Who sets the clock ahead and later back by as much, or
    /// the other way round, has mended it: it was wrong in between. Who only sets it back found it
    /// ahead.
    pub(super) fn of(sets: impl IntoIterator<Item = ClockSet>) -> RightTimes {
        let mut open: Vec<ClockSet> = Vec::new();
        let mut wrong = Vec::new();
        for set in sets {
            let is_mended = |last: &mut ClockSet| (last.by_ms() + set.by_ms()).abs() <= JUMP_MS;
            match open.pop_if(is_mended) {
                Some(last) => wrong.push(Wrong {
                    from: last.first,
                    to: set.first,
                    by_ms: last.by_ms(),
                    after_ms: UnixMs::MIN,
                }),
                None => open.push(set),
            }
        }
        let back = open.into_iter().filter(|set| set.by_ms() < 0);
        wrong.extend(back.map(|set| Wrong {
            from: 0,
            to: set.first,
            by_ms: -set.by_ms(),
            after_ms: set.now_ms,
        }));
        RightTimes { wrong }
    }

    /// Gives an event the time at which it was received by the right clock; also as its own time,
    /// when the network gave it none.
    pub(super) fn set_right(&self, sequence: Sequence, event: &mut Event) {
        if event.received_ms == 0 {
            return;
        }
        for wrong in &self.wrong {
            let is_meant = (wrong.from..wrong.to).contains(&sequence);
            if is_meant && event.received_ms > wrong.after_ms {
                if event.at_ms == event.received_ms {
                    event.at_ms = event.at_ms.saturating_sub(wrong.by_ms);
                }
                event.received_ms = event.received_ms.saturating_sub(wrong.by_ms);
            }
        }
    }

    /// A state after that event, at that time, was counted by a wrong clock.
    pub fn spoil(&self, sequence: Sequence, now_ms: UnixMs) -> bool {
        self.wrong.iter().any(|wrong| {
            let is_from_then = sequence.saturating_add(1) >= wrong.from && sequence < wrong.to;
            is_from_then && now_ms > wrong.after_ms.saturating_add(JUMP_MS)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Kind;

    const HOUR_MS: Millis = 3_600_000;
    const NOON_MS: UnixMs = 1_795_867_200_000;

    fn set(first: Sequence, by_ms: Millis) -> ClockSet {
        ClockSet { first, before_ms: NOON_MS, now_ms: NOON_MS + by_ms }
    }

    /// When an event is taken to have happened, and to have been received, in milliseconds from
    /// noon.
    fn right(
        times: &RightTimes,
        sequence: Sequence,
        at_ms: Millis,
        received_ms: Millis,
    ) -> [i64; 2] {
        let mut event = Event {
            id: String::new(),
            channel: "phone".to_owned(),
            at_ms: NOON_MS + at_ms,
            received_ms: NOON_MS + received_ms,
            interaction: String::new(),
            queue: None,
            agent: None,
            customer: Vec::new(),
            kind: Kind::Queued,
            order: None,
            refers: None,
            same_as: None,
            attrs: Default::default(),
        };
        times.set_right(sequence, &mut event);
        [event.at_ms - NOON_MS, event.received_ms - NOON_MS]
    }

    #[test]
    fn what_was_received_between_ahead_and_back_was_ahead() {
        let times = RightTimes::of([set(10, 48 * HOUR_MS), set(20, -48 * HOUR_MS)]);
        let ahead = 48 * HOUR_MS;
        assert_eq!(right(&times, 9, 5, 5), [5, 5]);
        assert_eq!(right(&times, 10, ahead + 7, ahead + 7), [7, 7]);
        // The network's own time is right.
        assert_eq!(right(&times, 19, 8, ahead + 9), [8, 9]);
        assert_eq!(right(&times, 20, 11, 11), [11, 11]);
        assert!(times.spoil(12, NOON_MS) && times.spoil(9, NOON_MS) && !times.spoil(20, NOON_MS));
    }

    #[test]
    fn what_was_received_between_back_and_ahead_was_behind() {
        let times = RightTimes::of([set(10, -HOUR_MS), set(20, HOUR_MS)]);
        assert_eq!(right(&times, 12, 3 - HOUR_MS, 3 - HOUR_MS), [3, 3]);
        assert_eq!(right(&times, 9, 3, 3), [3, 3]);
    }

    #[test]
    fn a_clock_that_is_only_set_back_was_ahead_since_nobody_knows_when() {
        let times = RightTimes::of([set(20, -2 * HOUR_MS)]);
        let now = -2 * HOUR_MS;
        assert_eq!(right(&times, 19, 0, 0), [now, now]);
        // It may be right: it is not after the new time.
        assert_eq!(right(&times, 3, now - 5, now - 5), [now - 5, now - 5]);
        assert_eq!(right(&times, 20, now + 1, now + 1), [now + 1, now + 1]);
        assert!(times.spoil(19, NOON_MS) && !times.spoil(19, NOON_MS + now));
    }

    #[test]
    fn a_clock_that_is_only_set_ahead_changes_nothing_before() {
        let times = RightTimes::of([set(10, HOUR_MS)]);
        assert_eq!(right(&times, 9, 1, 1), [1, 1]);
        assert!(!times.spoil(9, NOON_MS));
    }
}
