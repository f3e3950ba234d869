//! Wall time that does not follow a jump of the machine's clock at once. Pure: both clocks are
//! arguments.

use crate::event::{Millis, UnixMs};

/// A wall clock that moves so much further than time has passed, or less, has jumped. Smaller steps
/// are followed at once: time servers make them.
pub const JUMP_MS: Millis = 10_000;
/// Nothing is deleted by its age before the time has been sure for so long.
pub(super) const DELETES_AFTER_MS: Millis = 3_600_000;
/// Before this program was made: a clock that says so is never followed. 2026-01-01.
const EARLIEST_MS: UnixMs = 1_767_225_600_000;

/// What became of a jump.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The clock jumped by so much (ahead, or back when negative) and is not followed yet.
    Held {
        /// How far.
        by_ms: Millis,
        /// For how long it is not followed.
        hold_ms: Millis,
    },
    /// It jumped back to where it was, in time.
    Returned {
        /// How far it had jumped.
        by_ms: Millis,
    },
    /// It stayed where it is: the time is what it says.
    Followed {
        /// How far it jumped.
        by_ms: Millis,
    },
}

/// What is known of jumps, for those who watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// How far the clock is from the time that counts, while a jump is not followed.
    pub held_by_ms: Option<Millis>,
    /// Jumps ahead since the start.
    pub jumps_ahead: u64,
    /// Jumps back since the start.
    pub jumps_back: u64,
    /// Jumps that were followed since the start.
    pub followed: u64,
    /// How long the time has been sure: since the start, or since the last jump.
    pub steady_ms: Millis,
}

/// Knows the time by a clock that may jump and by one that never does.
#[derive(Debug)]
pub struct Steady {
    hold_ms: Millis,
    /// The wall clock less the time that the process runs, as it is taken for right.
    offset_ms: Millis,
    held: Option<Held>,
    jumps_ahead: u64,
    jumps_back: u64,
    followed: u64,
    /// Since when of the process's time the wall clock is believed.
    sure_from_ms: Millis,
}

/// A jump that is not followed yet.
#[derive(Clone, Copy, Debug)]
struct Held {
    /// Since when of the process's time.
    since_ms: Millis,
    /// The wall clock less the time that the process runs, since then.
    offset_ms: Millis,
}

impl Steady {
    /// Believes the wall clock as it is; `run_ms` is how long the process runs.
    pub fn new(wall_ms: UnixMs, run_ms: Millis, hold_ms: Millis) -> Self {
        Self {
            hold_ms,
            offset_ms: wall_ms - run_ms,
            held: None,
            jumps_ahead: 0,
            jumps_back: 0,
            followed: 0,
            sure_from_ms: run_ms,
        }
    }

    /// See [`super::set_hold`].
    pub fn set_hold(&mut self, hold_ms: Millis) {
        self.hold_ms = hold_ms;
    }

    /// See [`super::begin_at`].
    pub fn begin_at(&mut self, known_ms: UnixMs, run_ms: Millis) -> Option<Change> {
        let now_ms = self.offset_ms + run_ms;
        if self.held.is_some() || now_ms + JUMP_MS >= known_ms {
            return None;
        }
        let offset_ms = self.offset_ms;
        self.offset_ms = known_ms - run_ms;
        Some(self.hold(offset_ms, run_ms))
    }

    /// The time, and what has just become of a jump.
    pub fn read(&mut self, wall_ms: UnixMs, run_ms: Millis) -> (UnixMs, Option<Change>) {
        let offset_ms = wall_ms - run_ms;
        let by_ms = offset_ms - self.offset_ms;
        if by_ms.abs() <= JUMP_MS {
            let returned = self.held.take().map(|held| {
                self.sure_from_ms = run_ms;
                Change::Returned { by_ms: held.offset_ms - self.offset_ms }
            });
            return (wall_ms, returned);
        }
        let now_ms = self.offset_ms + run_ms;
        match self.held {
            Some(held) if (offset_ms - held.offset_ms).abs() <= JUMP_MS => {
                if run_ms - held.since_ms < self.hold_ms || wall_ms < EARLIEST_MS {
                    return (now_ms, None);
                }
                self.held = None;
                self.offset_ms = offset_ms;
                self.sure_from_ms = run_ms;
                self.followed += 1;
                (wall_ms, Some(Change::Followed { by_ms }))
            }
            // It jumped, or once more.
            _ => (now_ms, Some(self.hold(offset_ms, run_ms))),
        }
    }

    fn hold(&mut self, offset_ms: Millis, run_ms: Millis) -> Change {
        self.held = Some(Held { since_ms: run_ms, offset_ms });
        let by_ms = offset_ms - self.offset_ms;
        if by_ms > 0 {
            self.jumps_ahead += 1;
        } else {
            self.jumps_back += 1;
        }
        Change::Held { by_ms, hold_ms: self.hold_ms }
    }

    /// What is taken for right: the wall clock less the time that the process runs.
    pub fn offset_ms(&self) -> Millis {
        self.offset_ms
    }

    /// A jump is not followed yet.
    pub fn is_held(&self) -> bool {
        self.held.is_some()
    }

    /// For those who watch.
    pub fn state(&self, run_ms: Millis) -> State {
        State {
            held_by_ms: self.held.map(|held| held.offset_ms - self.offset_ms),
            jumps_ahead: self.jumps_ahead,
            jumps_back: self.jumps_back,
            followed: self.followed,
            steady_ms: if self.is_held() { 0 } else { run_ms - self.sure_from_ms },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-28, noon.
    const NOON_MS: UnixMs = 1_795_867_200_000;
    const DAY_MS: Millis = 86_400_000;

    /// Read once a second; gives what is counted by each second, less the time that passed.
    fn read(steady: &mut Steady, seconds: std::ops::Range<i64>, by_ms: Millis) -> Vec<Millis> {
        let read = |second| {
            let run_ms = second * 1000;
            steady.read(NOON_MS + run_ms + by_ms, run_ms).0 - NOON_MS - run_ms
        };
        seconds.map(read).collect()
    }

    fn steady() -> Steady {
        Steady::new(NOON_MS, 0, 60_000)
    }

    #[test]
    fn a_jump_of_days_for_seconds_changes_nothing() {
        let mut steady = steady();
        assert!(read(&mut steady, 0..30, 0).iter().all(|it| *it == 0));
        assert!(read(&mut steady, 30..80, 3 * DAY_MS).iter().all(|it| *it == 0));
        assert_eq!(steady.state(80_000).held_by_ms, Some(3 * DAY_MS));
        assert!(read(&mut steady, 80..200, 0).iter().all(|it| *it == 0));
        let state = steady.state(200_000);
        assert_eq!((state.jumps_ahead, state.jumps_back, state.followed), (1, 0, 0));
        assert_eq!((state.held_by_ms, state.steady_ms), (None, 120_000));
    }

    #[test]
    fn a_jump_that_lasts_is_followed_in_both_directions() {
        for by_ms in [2 * 3_600_000, -2 * 3_600_000] {
            let mut steady = steady();
            let seen = read(&mut steady, 0..100, by_ms);
            assert!(seen[..60].iter().all(|it| *it == 0), "{seen:?}");
            assert!(seen[60..].iter().all(|it| *it == by_ms), "{seen:?}");
            assert_eq!(steady.state(100_000).followed, 1);
        }
    }

    #[test]
    fn who_jumps_again_and_again_is_followed_when_that_ends() {
        let mut steady = steady();
        for (round, by_ms) in [DAY_MS, 2 * DAY_MS, 3 * DAY_MS].into_iter().enumerate() {
            let from = i64::try_from(round).unwrap() * 50;
            assert!(read(&mut steady, from..from + 50, by_ms).iter().all(|it| *it == 0));
        }
        assert_eq!(read(&mut steady, 150..170, 3 * DAY_MS).last(), Some(&(3 * DAY_MS)));
    }

    #[test]
    fn small_steps_are_followed_at_once() {
        let mut steady = steady();
        assert_eq!(read(&mut steady, 1..2, 9_000), [9_000]);
        assert_eq!(read(&mut steady, 2..3, -9_000), [-9_000]);
        assert_eq!(steady.state(3000).jumps_ahead, 0);
    }

    #[test]
    fn a_start_behind_what_is_known_goes_on_from_there_until_it_lasts() {
        let mut steady = steady();
        let told = steady.begin_at(NOON_MS + DAY_MS, 0);
        assert_eq!(told, Some(Change::Held { by_ms: -DAY_MS, hold_ms: 60_000 }));
        let seen = read(&mut steady, 0..100, 0);
        assert!(seen[..60].iter().all(|it| *it == DAY_MS) && seen[60..].iter().all(|it| *it == 0));
        assert_eq!(steady.begin_at(NOON_MS + 5000, 100_000), None);
    }

    #[test]
    fn a_clock_of_before_this_program_is_never_followed() {
        let mut steady = Steady::new(0, 0, 60_000);
        assert!(steady.begin_at(NOON_MS, 0).is_some());
        let (now_ms, change) = steady.read(3_600_000, 3_600_000);
        assert_eq!((now_ms, change), (NOON_MS + 3_600_000, None));
        let (now_ms, change) = steady.read(NOON_MS + 3_601_000, 3_601_000);
        assert_eq!(now_ms, NOON_MS + 3_601_000);
        assert_eq!(change, Some(Change::Returned { by_ms: -NOON_MS }));
    }
}
