//! How long a call may take: by the time that its thread has had a processor, so that a busy
//! machine is not held against the plugin; and by the wall clock, so that every call ends.
//!
//! wasmtime stops at every turn of its clock and asks [`Deadline::look`]. The clocks are read
//! here; a call runs on one thread from its beginning to its end.
//!
//! The processor's clock is a system call, which takes a good part of the time in which a plugin
//! decodes a message. So it is read at most once in a [`TICK`], which is as exact as the turns are.

use std::cell::Cell;
use std::time::{Duration, Instant};

use wasmtime::UpdateDeadline;

use super::engine::TICK;
use crate::clock;

/// Which of the two has run out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RanOut {
    /// The plugin's own time.
    Processor,
    /// Everybody's.
    Wall,
}

/// The deadline of the call that runs.
#[derive(Debug)]
pub(super) struct Deadline {
    call_timeout: Duration,
    wall_timeout: Duration,
    began: Began,
    ran_out: Option<RanOut>,
}

/// When the call began, by both clocks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Began {
    processor: Duration,
    wall: Instant,
}

thread_local! {
    /// When this thread last read its clock of the processor, and what it showed.
    static LAST_READ: Cell<Option<(Instant, Duration)>> = const { Cell::new(None) };
}

/// How long this thread has had a processor, or more by less than a tick: who begins from there gets
/// no less time than promised.
fn processor_at(wall: Instant) -> Duration {
    if let Some((read_at, processor)) = LAST_READ.get() {
        let since = wall.saturating_duration_since(read_at);
        if since < TICK {
            return processor + since;
        }
    }
    let processor = clock::thread_cpu();
    LAST_READ.set(Some((wall, processor)));
    processor
}

impl Began {
    fn now() -> Self {
        let wall = clock::monotonic();
        Self { processor: processor_at(wall), wall }
    }

    /// Time of the processor and time since.
    fn spent(&self) -> (Duration, Duration) {
        (clock::thread_cpu().saturating_sub(self.processor), self.wall.elapsed())
    }

    /// The same of a call that is over. A short one is taken to have had a processor all the time.
    pub(super) fn took(&self) -> (Duration, Duration) {
        match self.wall.elapsed() {
            short if short < TICK => (short, short),
            _ => self.spent(),
        }
    }
}

impl Deadline {
    pub(super) fn new(call_timeout: Duration, wall_timeout: Duration) -> Self {
        Self { call_timeout, wall_timeout, began: Began::now(), ran_out: None }
    }

    /// Calls may take so long from now on, of the processor's time.
    pub(super) fn allow(&mut self, call_timeout: Duration) {
        self.call_timeout = call_timeout;
    }

    /// A call begins. Gives the number of turns after which to [`look`](Self::look).
    pub(super) fn begin(&mut self) -> u64 {
        self.began = Began::now();
        self.ran_out = None;
        // Nobody has more time of the processor than passes.
        ticks(self.call_timeout.min(self.wall_timeout))
    }

    /// The turns are over: is the time?
    pub(super) fn look(&mut self) -> UpdateDeadline {
        let (processor, wall) = self.began.spent();
        self.ran_out = if processor >= self.call_timeout {
            Some(RanOut::Processor)
        } else if wall >= self.wall_timeout {
            Some(RanOut::Wall)
        } else {
            let left = (self.call_timeout - processor).min(self.wall_timeout - wall);
            return UpdateDeadline::Continue(ticks(left));
        };
        UpdateDeadline::Interrupt
    }

    pub(super) fn began(&self) -> Began {
        self.began
    }

    pub(super) fn ran_out(&self) -> Option<RanOut> {
        self.ran_out
    }
}

/// The epoch may be about to turn: one more, so that nobody gets less time than promised.
fn ticks(timeout: Duration) -> u64 {
    let ticks = timeout.as_nanos().div_ceil(TICK.as_nanos());
    u64::try_from(ticks).unwrap_or(u64::MAX / 2).min(u64::MAX / 2) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(3600);

    #[test]
    fn a_thread_that_waits_uses_up_the_wall_clock_only() {
        let mut deadline = Deadline::new(Duration::from_secs(1), LONG);
        deadline.begin();
        // As if it had begun long ago and never had a processor since.
        deadline.began.wall -= Duration::from_secs(60);
        assert!(matches!(deadline.look(), UpdateDeadline::Continue(ticks) if ticks > 1));
        assert_eq!(deadline.ran_out(), None);
        deadline.began.wall -= LONG;
        assert!(matches!(deadline.look(), UpdateDeadline::Interrupt));
        assert_eq!(deadline.ran_out(), Some(RanOut::Wall));
        deadline.begin();
        assert_eq!(deadline.ran_out(), None);
    }

    #[test]
    fn a_thread_that_works_uses_up_its_own_time() {
        let mut deadline = Deadline::new(Duration::from_millis(5), LONG);
        assert_eq!(deadline.begin(), 2);
        while deadline.began.spent().0 < Duration::from_millis(5) {
            std::hint::spin_loop();
        }
        assert!(matches!(deadline.look(), UpdateDeadline::Interrupt));
        assert_eq!(deadline.ran_out(), Some(RanOut::Processor));
    }
}
