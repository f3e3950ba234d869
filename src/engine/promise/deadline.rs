//! How long there is still time to keep a promise, or how late it is already, in the open time of
//! whoever made it.

use super::calendar::Calendar;
use super::clock::Clock;
use super::policies::PolicyRules;
use crate::config::model::PolicyFrom;
use crate::event::{Millis, UnixMs};

/// A promise that is neither kept nor dropped yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// When it breaks, or broke.
    pub due_ms: UnixMs,
    /// Open time until then; below 0 when it is late.
    pub left_ms: Millis,
    /// So much of its time is over that its policy warns.
    pub is_at_risk: bool,
    /// Nobody is at work now: its time stands.
    pub is_paused: bool,
}

impl Deadline {
    /// Of a policy's promise that a clock measures. None while it is the customer's turn: no moment
    /// is known then.
    pub(in crate::engine) fn of(
        clock: &Clock,
        rules: &PolicyRules,
        arrived_ms: UnixMs,
        now_ms: UnixMs,
    ) -> Option<Deadline> {
        let start_ms = match rules.from {
            PolicyFrom::Opening => clock.start_ms,
            PolicyFrom::Arrival => arrived_ms,
        };
        let runs_out_ms = |length_ms| clock.runs_out_ms(start_ms, &rules.calendar, length_ms);
        let warned_ms = runs_out_ms(rules.warn_ms);
        Some(Deadline::at(runs_out_ms(rules.target_ms)?, warned_ms, &rules.calendar, now_ms))
    }

    /// Of what is due then and worth a look from then on, as it stands now.
    pub(in crate::engine) fn at(
        due_ms: UnixMs,
        warned_ms: Option<UnixMs>,
        calendar: &Calendar,
        now_ms: UnixMs,
    ) -> Deadline {
        let (left_ms, late_ms) =
            (calendar.open_ms_between(now_ms, due_ms), calendar.open_ms_between(due_ms, now_ms));
        Deadline {
            due_ms,
            left_ms: if now_ms > due_ms { -late_ms } else { left_ms },
            is_at_risk: warned_ms.is_some_and(|warned_ms| warned_ms <= now_ms),
            is_paused: !calendar.is_open(now_ms),
        }
    }

    /// It is broken already.
    pub fn is_late_at(&self, now_ms: UnixMs) -> bool {
        self.due_ms < now_ms
    }
}
