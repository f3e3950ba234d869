//! Who answers the phones: agents with shifts, breaks and the queues they serve.

use crate::event::UnixMs;

use super::day::Day;
use super::people;

/// The queues of the center, most urgent first.
pub const QUEUES: [&str; 3] = ["sales", "support", "billing"];

/// First and last minute of the day of each kind of shift, and how many of 24 agents work it.
const SHIFTS: [(i64, i64, usize); 4] = [
    (7 * 60, 15 * 60 + 30, 9),
    (9 * 60, 17 * 60 + 30, 9),
    (12 * 60, 20 * 60 + 30, 5),
    (20 * 60, 7 * 60 + 30, 1),
];

/// Why agents take breaks, and for how many minutes at the median.
pub const BREAKS: [(&str, f64); 4] =
    [("break", 7.0), ("lunch", 25.0), ("training", 15.0), ("back office", 10.0)];

/// What an agent is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// At home.
    Off,
    /// Ready, since then.
    Idle(UnixMs),
    /// This call rings at them.
    Ringing(u64),
    /// In this call.
    Talking(u64),
    /// Writing up the last call.
    WrappingUp,
    /// On a break.
    Paused,
}

/// One agent.
#[derive(Clone, Debug)]
pub struct Agent {
    /// As the phone system calls them.
    pub name: String,
    /// Indexes into [`QUEUES`].
    pub queues: &'static [usize],
    /// What they are doing.
    pub doing: Doing,
    /// First and last minute of the day.
    pub shift: (i64, i64),
    /// Goes home, or on a break for this reason, as soon as the call is done.
    pub after_call: Option<AfterCall>,
}

/// What an agent does once the call is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterCall {
    /// The shift is over.
    GoHome,
    /// A break, for this one of [`BREAKS`].
    Break(usize),
}

impl Agent {
    /// Whether their shift is on.
    pub fn on_shift(&self, day: &Day, at_ms: UnixMs) -> bool {
        let minute = day.time_of_day_ms(at_ms) / 60_000;
        let (begin, end) = self.shift;
        if begin < end { (begin..end).contains(&minute) } else { minute >= begin || minute < end }
    }

    /// Whether they could take a call of this queue now.
    pub fn serves(&self, queue: usize) -> bool {
        matches!(self.doing, Doing::Idle(_)) && self.queues.contains(&queue)
    }
}

/// The whole staff of the phones, `count` strong, nobody at work yet.
pub fn hire(count: usize) -> Vec<Agent> {
    let cycle: usize = SHIFTS.iter().map(|(_, _, share)| share).sum();
    (0..count)
        .map(|number| Agent {
            name: people::agent_name(number),
            queues: [&[0, 2][..], &[1], &[0, 1, 2]][number % 3],
            doing: Doing::Off,
            // 7 and 24 have no common divisor: a small staff has people in every shift too.
            shift: shift_of(number * 7 % cycle),
            after_call: None,
        })
        .collect()
}

fn shift_of(mut place: usize) -> (i64, i64) {
    for (begin, end, share) in SHIFTS {
        if place < share {
            return (begin, end);
        }
        place -= share;
    }
    (0, 24 * 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on_shift_at(agents: &[Agent], hour: i64) -> usize {
        let day = Day::utc(1);
        agents.iter().filter(|agent| agent.on_shift(&day, hour * 3_600_000)).count()
    }

    #[test]
    fn most_work_by_day_and_somebody_at_night() {
        let agents = hire(24);
        assert_eq!(on_shift_at(&agents, 10), 18);
        assert_eq!(on_shift_at(&agents, 13), 23);
        assert_eq!(on_shift_at(&agents, 2), 1);
    }

    #[test]
    fn each_queue_is_served_in_the_morning() {
        let agents = hire(24);
        for (queue, name) in QUEUES.iter().enumerate() {
            let day = Day::utc(1);
            let serving = agents
                .iter()
                .filter(|agent| agent.queues.contains(&queue))
                .filter(|agent| agent.on_shift(&day, 10 * 3_600_000))
                .count();
            assert!(serving >= 5, "{name} is served by {serving}");
        }
    }
}
