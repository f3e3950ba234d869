//! The only place that reads a clock, or holds a thread until one has moved on. Everything else
//! gets the time as an argument.
//!
//! A machine's clock can jump: somebody sets it, a virtual machine wakes up, a battery is empty.
//! Counting must not follow a jump that lasts for seconds, so [`now_ms`] holds the time as it was
//! before, and follows only when the jump lasts ([`Steady`]).

mod steady;

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use rustix::time::{ClockId, clock_gettime};

use crate::event::{Millis, UnixMs};

pub use steady::{Change, JUMP_MS, State, Steady};

/// A jump that lasts so long is followed, unless [`set_hold`] says otherwise.
const HOLD: Duration = Duration::from_secs(60);

static START: LazyLock<Instant> = LazyLock::new(Instant::now);
static STEADY: LazyLock<Mutex<Steady>> =
    LazyLock::new(|| Mutex::new(Steady::new(wall_ms(), run_ms(), hold_ms(HOLD))));
/// What [`STEADY`] takes for right, so that most readings need no lock: the wall clock less the
/// time that this process runs, and whether that is in doubt.
static OFFSET_MS: AtomicI64 = AtomicI64::new(0);
static IS_SURE: AtomicBool = AtomicBool::new(false);

/// The time now. A jump of the machine's clock is followed only when it lasts.
pub fn now_ms() -> UnixMs {
    let (wall_ms, run_ms) = (wall_ms(), run_ms());
    if IS_SURE.load(Ordering::Acquire) {
        let is_as_before = wall_ms - run_ms - OFFSET_MS.load(Ordering::Relaxed);
        if is_as_before.abs() <= JUMP_MS {
            return wall_ms;
        }
    }
    with_steady(|steady| {
        let (now_ms, change) = steady.read(wall_ms, run_ms);
        if let Some(change) = change {
            tell(change);
        }
        now_ms
    })
}

/// What is known of jumps of the machine's clock.
pub fn state() -> State {
    with_steady(|steady| steady.state(run_ms()))
}

/// How long a jump has to last until it is followed.
pub fn set_hold(hold: Duration) {
    with_steady(|steady| steady.set_hold(hold_ms(hold)));
}

/// The time has come at least so far: a machine's clock that is further behind than a jump has
/// been set back, and is followed only when that lasts.
pub fn begin_at(known_ms: UnixMs) {
    with_steady(|steady| {
        if let Some(change) = steady.begin_at(known_ms, run_ms()) {
            tell(change);
        }
    });
}

/// The time has been as sure as this for so long that what is old by it may be deleted.
pub fn is_sure_enough_to_delete() -> bool {
    state().steady_ms >= steady::DELETES_AFTER_MS
}

fn with_steady<T>(look: impl FnOnce(&mut Steady) -> T) -> T {
    // Nothing in it can be half done.
    let mut steady = STEADY.lock().unwrap_or_else(PoisonError::into_inner);
    let seen = look(&mut steady);
    OFFSET_MS.store(steady.offset_ms(), Ordering::Relaxed);
    IS_SURE.store(!steady.is_held(), Ordering::Release);
    seen
}

fn tell(change: Change) {
    match change {
        Change::Held { by_ms, hold_ms } => tracing::warn!(
            by_s = by_ms / 1000,
            hold_s = hold_ms / 1000,
            "the machine's clock jumped: counting goes on by the time before, and follows the \
             clock when this lasts for `server.clock_hold`"
        ),
        Change::Returned { by_ms } => tracing::warn!(
            by_s = by_ms / 1000,
            "the machine's clock jumped back to where it was: nothing was counted by the wrong time"
        ),
        Change::Followed { by_ms } => tracing::warn!(
            by_s = by_ms / 1000,
            "the machine's clock keeps its new time: counting follows it, and what was counted \
             is counted anew from the journal"
        ),
    }
}

fn hold_ms(hold: Duration) -> Millis {
    Millis::try_from(hold.as_millis()).unwrap_or(Millis::MAX)
}

/// How long this process runs: it never jumps.
fn run_ms() -> Millis {
    Millis::try_from(START.elapsed().as_millis()).unwrap_or(Millis::MAX)
}

/// The machine's clock.
fn wall_ms() -> UnixMs {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// A point to measure a length of time from; never goes backwards.
pub fn monotonic() -> Instant {
    Instant::now()
}

/// How long this thread has had a processor: what others take of the machine is not in it.
pub fn thread_cpu() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    // Neither is ever negative.
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default())
}

/// Holds this thread for a while. Not for tasks: these have Tokio's timers.
pub fn pause(length: Duration) {
    thread::sleep(length);
}
