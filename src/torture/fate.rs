//! What a simulated disk does with each call: by a plan that was drawn from the seed, it refuses
//! some, and at one of them the power is cut or the process killed.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::ops::Range;

use rand::rngs::StdRng;
use rand::{Rng, RngExt};
use rustix::io::Errno;

/// What is asked of a disk.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Call {
    Open,
    Make,
    MakeFolder,
    Read,
    Write,
    Truncate,
    Sync,
    SyncFolder,
    Rename,
    Remove,
    SharedMemory,
}

impl Call {
    /// It changes something, or makes it last: crashes and faults are counted in these.
    fn is_change(self) -> bool {
        !matches!(self, Call::Open | Call::Read)
    }

    /// It needs room on the disk.
    fn takes_room(self) -> bool {
        matches!(
            self,
            Call::Make | Call::MakeFolder | Call::Write | Call::SharedMemory | Call::Rename
        )
    }
}

/// How a call is refused.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Refusal {
    /// EIO.
    Broken,
    /// ENOSPC.
    Full,
}

impl Refusal {
    pub(super) fn error(self) -> io::Error {
        match self {
            Refusal::Broken => Errno::IO.into(),
            Refusal::Full => Errno::NOSPC.into(),
        }
    }
}

/// What becomes of a call.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub(super) enum Verdict {
    Done,
    Refused(Refusal),
    /// The machine, or the process, is no more: nothing happens, and nobody hears of it.
    Dead,
}

/// Which calls a fault concerns.
#[derive(Clone, Copy, Debug)]
enum Concerns {
    /// All that need room; the refusal is "full".
    Room,
    Writes,
    Syncs,
    Names,
    Reads,
    Changes,
    /// Also those that only read.
    All,
}

impl Concerns {
    fn has(self, call: Call) -> bool {
        match self {
            Concerns::Room => call.takes_room(),
            Concerns::Writes => matches!(call, Call::Write | Call::Truncate | Call::Make),
            Concerns::Syncs => matches!(call, Call::Sync | Call::SyncFolder),
            Concerns::Names => matches!(call, Call::Rename | Call::Remove | Call::MakeFolder),
            Concerns::Reads => !call.is_change(),
            Concerns::Changes => call.is_change(),
            Concerns::All => true,
        }
    }
}

/// A time, counted in changes, in which some calls are refused.
#[derive(Clone, Debug)]
struct Fault {
    during: Range<u64>,
    concerns: Concerns,
}

/// What happens to one life of the process.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    /// The change at which it ends.
    dies_at: Option<u64>,
    faults: Vec<Fault>,
}

impl Plan {
    /// Nothing but that no sync succeeds.
    pub(super) fn no_sync() -> Plan {
        Plan::of(Fault { during: 0..u64::MAX, concerns: Concerns::Syncs })
    }

    /// Nothing but that nothing can be read for so many calls.
    pub(super) fn unreadable(during: Range<u64>) -> Plan {
        Plan::of(Fault { during, concerns: Concerns::Reads })
    }

    fn of(fault: Fault) -> Plan {
        Plan { dies_at: None, faults: vec![fault] }
    }

    /// Draws one. A life that does not die ends when its work is done.
    pub(super) fn draw(dice: &mut StdRng, dies: bool) -> Plan {
        // Most deaths are early: a start makes some dozen changes, an append about five.
        let long = [20, 60, 200, 600][dice.random_range(0..4)];
        let dies_at = dies.then(|| dice.random_range(0..long));
        let count = [0, 0, 1, 1, 2, 4][dice.random_range(0..6)];
        let faults = (0..count).map(|_| {
            let from = dice.random_range(0..dies_at.unwrap_or(300).max(1));
            let length = [1, 1, 2, 5, 20, 60][dice.random_range(0..6)];
            let concerns = match dice.random_range(0..13) {
                0..4 => Concerns::Room,
                4..6 => Concerns::Writes,
                6..8 => Concerns::Syncs,
                8 => Concerns::Names,
                9..11 => Concerns::Changes,
                11 => Concerns::Reads,
                _ => Concerns::All,
            };
            Fault { during: from..from + length, concerns }
        });
        Plan { dies_at, faults: faults.collect() }
    }
}

/// Carries a plan out, and counts what it did.
#[derive(Debug, Default)]
pub(super) struct Fate {
    plan: Plan,
    changes: u64,
    is_dead: bool,
    /// How often which call was refused how.
    pub(super) refused: BTreeMap<(Call, Refusal), u64>,
    /// Calls that only read and were refused.
    pub(super) reads_refused: u64,
    trace: DefaultHasher,
}

impl Fate {
    /// A new life begins.
    pub(super) fn begin(&mut self, plan: Plan) {
        (self.plan, self.changes, self.is_dead) = (plan, 0, false);
    }

    pub(super) fn is_dead(&self) -> bool {
        self.is_dead
    }

    /// Its end, wherever the plan had it.
    pub(super) fn die(&mut self) {
        self.is_dead = true;
    }

    /// What becomes of this call.
    pub(super) fn judge(&mut self, call: Call) -> Verdict {
        let verdict = self.verdict(call);
        (call, verdict).hash(&mut self.trace);
        verdict
    }

    /// Stands for all calls so far and what became of them.
    pub(super) fn trace(&self) -> u64 {
        self.trace.finish()
    }

    fn verdict(&mut self, call: Call) -> Verdict {
        if self.is_dead {
            return Verdict::Dead;
        }
        if call.is_change() {
            if self.plan.dies_at.is_some_and(|at| at <= self.changes) {
                self.is_dead = true;
                return Verdict::Dead;
            }
            self.changes += 1;
        }
        let now = self.changes;
        let mut faults = self.plan.faults.iter();
        let Some(fault) = faults.find(|it| it.during.contains(&now) && it.concerns.has(call))
        else {
            return Verdict::Done;
        };
        let refusal = match fault.concerns {
            Concerns::Room => Refusal::Full,
            _ => Refusal::Broken,
        };
        *self.refused.entry((call, refusal)).or_default() += 1;
        if !call.is_change() {
            self.reads_refused += 1;
            // Who only reads must get over it, too.
            self.changes += 1;
        }
        Verdict::Refused(refusal)
    }
}

/// What is left of what was not synced when the power is cut.
#[derive(Clone, Copy, Debug)]
pub(super) enum Cut {
    /// What has been written so far, and half of what was being written.
    InOrder,
    /// Each sector and each name with this chance, in percent.
    Chance(u32),
}

impl Cut {
    pub(super) fn draw(dice: &mut StdRng) -> Cut {
        match dice.random_range(0..6) {
            0 => Cut::InOrder,
            1 => Cut::Chance(0),
            2 => Cut::Chance(100),
            3 => Cut::Chance(10),
            4 => Cut::Chance(90),
            _ => Cut::Chance(50),
        }
    }

    /// How much of so many things is left, one by one.
    pub(super) fn left(self, dice: &mut impl Rng, count: usize) -> Vec<bool> {
        let end = dice.random_range(0..=count);
        let mut is_left = |number| match self {
            Cut::InOrder => number < end,
            Cut::Chance(percent) => dice.random_range(0..100) < percent,
        };
        (0..count).map(&mut is_left).collect()
    }
}
