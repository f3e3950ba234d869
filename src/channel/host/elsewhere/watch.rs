//! Looks after a process while it compiles: tells when it takes long, and ends it when it takes too long by
//! the clock on the wall. The kernel counts what it takes of a processor; one that stands still takes nothing.

use std::process::Child;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};

/// What takes longer is told.
const SLOW_AFTER: Duration = Duration::from_secs(1);

/// Who looks after a process.
pub(super) struct Watch {
    pid: Pid,
    wall_timeout: Duration,
}

impl Watch {
    pub(super) fn of(process: &Child, wall_timeout: Duration) -> Self {
        Self { pid: Pid::from_child(process), wall_timeout }
    }

    /// Returns when the process has ended, or whether it was ended: `ended` is dropped by whoever has
    /// waited by [`Watch::wait`]. Nobody has asked for its status until then, so its number is no other's.
    pub(super) fn look_after(&self, ended: &Receiver<()>, slow: impl FnOnce()) -> bool {
        let goes_on = |time| ended.recv_timeout(time) == Err(RecvTimeoutError::Timeout);
        let soon = SLOW_AFTER.min(self.wall_timeout);
        if !goes_on(soon) {
            return false;
        }
        slow();
        if !goes_on(self.wall_timeout.saturating_sub(soon)) {
            return false;
        }
        // It may have ended by itself a moment ago, which is as good.
        let _ = kill_process(self.pid, Signal::KILL);
        true
    }

    /// Waits until the process has ended; its status stays to be asked for.
    pub(super) fn wait(&self) {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        // It is our child, so it can be waited for; who asks for its status hears of anything else.
        let _ = rustix::io::retry_on_intr(|| waitid(WaitId::Pid(self.pid), options));
    }
}
