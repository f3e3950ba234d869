//! What a policy promises a customer, and how that stands: running, at risk, breached, met,
//! paused.
//!
//! A contact's course gives its [`Clock`]s; each policy that covers the contact makes a
//! [`Promise`] of each clock of its kind. How a promise stands depends on the moment, so every
//! promise also says when to look again: when it comes to be at risk, when it is broken, when the
//! business day ends or begins. That is what makes an alert come in time and not with the next
//! event.

use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::entry::{Entry, Fields, Item};
use super::fact::{AgentId, QueueId};
use super::field::Field;
use super::policies::PolicyRules;
use super::slice::{PersonId, WordId};
use super::timers::NEVER;
use crate::config::model::Clock as PolicyClock;
use crate::event::{Millis, UnixMs};

/// How an open promise stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[repr(u8)]
pub enum Standing {
    /// In time so far.
    Running,
    /// In time so far, but past the share of its target at which the policy warns.
    AtRisk,
    /// The target has passed and the clock still runs.
    Breached,
    /// The clock is stopped: outside business hours, or the customer is to answer.
    Paused,
}

impl Standing {
    /// All of them, the best first.
    pub const ALL: [Standing; 4] =
        [Standing::Running, Standing::Paused, Standing::AtRisk, Standing::Breached];
    pub(super) const COUNT: usize = Standing::ALL.len();
}

/// Something that a customer waits for, as the contact's course shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Clock {
    pub(super) kind: PolicyClock,
    pub(super) queue: QueueId,
    pub(super) agent: AgentId,
    pub(super) start_ms: UnixMs,
    /// The contact had complained before it stopped.
    pub(super) complains: bool,
    /// Times in which it was not ours to act, oldest first.
    pub(super) pauses: Vec<(UnixMs, UnixMs)>,
    /// It is not ours to act since then.
    pub(super) paused_ms: Option<UnixMs>,
    pub(super) end: Option<End>,
}

/// Pauses of one clock; it runs through further ones.
const PAUSES_MAX: usize = 256;

/// Deadlines are kept to the second: so few different ones, however many promises are open, that
/// keeping them in order is cheap.
const DEADLINE_STEP_MS: Millis = 1000;

/// How a clock stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum End {
    /// What was waited for came.
    Done(UnixMs),
    /// It need not come any more.
    Dropped(UnixMs),
}

impl Clock {
    pub(super) fn new(kind: PolicyClock, queue: QueueId, start_ms: UnixMs) -> Self {
        let agent = super::fact::NO_AGENT;
        Clock {
            kind,
            queue,
            agent,
            start_ms,
            complains: false,
            pauses: Vec::new(),
            paused_ms: None,
            end: None,
        }
    }

    /// It is ours to act again: the pause, if there is one, is over.
    pub(super) fn resume(&mut self, at_ms: UnixMs) {
        let pause = self.paused_ms.take().map(|paused_ms| (paused_ms, at_ms));
        if self.pauses.len() < PAUSES_MAX {
            self.pauses.extend(pause);
        }
    }

    /// When it will have run for `length_ms` of business time; none while it is paused.
    fn runs_out_ms(&self, calendar: &Calendar, length_ms: Millis) -> Option<UnixMs> {
        if self.pauses.is_empty() && self.paused_ms.is_none() {
            return calendar.add_open_ms(self.start_ms, length_ms);
        }
        let (mut from_ms, mut left_ms) = (self.start_ms, length_ms);
        let open_end = self.paused_ms.map(|paused_ms| (paused_ms, NEVER));
        for (pause_ms, resume_ms) in self.pauses.iter().copied().chain(open_end) {
            let ran_ms = calendar.open_ms_between(from_ms, pause_ms);
            if ran_ms >= left_ms {
                break;
            }
            if resume_ms == NEVER {
                return None;
            }
            (from_ms, left_ms) = (resume_ms, left_ms - ran_ms);
        }
        calendar.add_open_ms(from_ms, left_ms)
    }
}

/// See the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Promise {
    pub(super) policy: WordId,
    /// The policy is for complaints only.
    pub(super) to_complaint: bool,
    /// The clock, by its place among the contact's.
    pub(super) clock: u16,
    pub(super) queue: QueueId,
    pub(super) agent: PersonId,
    pub(super) standing: Option<Standing>,
    /// When it breaks, in steps of [`DEADLINE_STEP_MS`]; [`NEVER`] unless its clock runs.
    pub(super) due_ms: UnixMs,
    /// When it was kept (true) or broken.
    pub(super) verdict: Option<(UnixMs, bool)>,
}

impl Promise {
    /// How the promise of a policy stands at `now_ms`, and when to look again.
    pub(super) fn of(
        clock: &Clock,
        agent: PersonId,
        (policy, rules): (WordId, &PolicyRules),
        now_ms: UnixMs,
    ) -> (Promise, UnixMs) {
        let due_ms = clock.runs_out_ms(&rules.calendar, rules.target_ms);
        let broken_by = |at_ms: UnixMs| due_ms.is_some_and(|due_ms| due_ms < at_ms);
        let promise = |standing, verdict| Promise {
            policy,
            to_complaint: rules.complaints,
            clock: 0,
            queue: clock.queue,
            agent,
            standing,
            due_ms: NEVER,
            verdict,
        };
        match clock.end {
            // A clock that was dropped counts only if it had run out before.
            Some(End::Dropped(at_ms)) if !broken_by(at_ms) => (promise(None, None), NEVER),
            Some(End::Done(at_ms)) if !broken_by(at_ms) => {
                // A network's clock may run ahead of ours a little: not in the future.
                (promise(None, Some((at_ms.min(now_ms), true))), NEVER)
            }
            Some(_) => {
                let at_ms = due_ms.unwrap_or(now_ms).min(now_ms);
                (promise(None, Some((at_ms, false))), NEVER)
            }
            None if broken_by(now_ms) => {
                let verdict = Some((due_ms.unwrap_or(now_ms), false));
                (promise(Some(Standing::Breached), verdict), NEVER)
            }
            None => {
                let warn_ms = clock.runs_out_ms(&rules.calendar, rules.warn_ms);
                let later = |at_ms: Option<UnixMs>| at_ms.filter(|at_ms| *at_ms > now_ms);
                let turn_ms = later(rules.calendar.next_change_ms(now_ms));
                let next_ms = [later(warn_ms), due_ms.map(|due_ms| due_ms + 1), turn_ms];
                let standing = if clock.paused_ms.is_some() || !rules.calendar.is_open(now_ms) {
                    Standing::Paused
                } else if warn_ms.is_some_and(|warn_ms| warn_ms <= now_ms) {
                    Standing::AtRisk
                } else {
                    Standing::Running
                };
                let next_ms = next_ms.into_iter().flatten().min().unwrap_or(NEVER);
                let runs = standing != Standing::Paused;
                let due_ms = due_ms
                    .filter(|_| runs)
                    .map_or(NEVER, |due_ms| due_ms.div_euclid(DEADLINE_STEP_MS) * DEADLINE_STEP_MS);
                (Promise { due_ms, ..promise(Some(standing), None) }, next_ms)
            }
        }
    }

    /// Under its policy, and among the complaints if it was made to one.
    pub(super) fn counted_as(&self) -> impl Iterator<Item = bool> + use<> {
        [false, true].into_iter().take(1 + usize::from(self.to_complaint))
    }

    /// What has become of it, under its policy or, `among_complaints`, at a place that names none.
    pub(super) fn verdict(&self, among_complaints: bool) -> Option<Entry> {
        let (at_ms, kept) = self.verdict?;
        let field = match (among_complaints, kept) {
            (false, true) => Field::PolicyMet,
            (false, false) => Field::PolicyBreached,
            (true, true) => Field::ComplaintsInTime,
            (true, false) => Field::ComplaintsLate,
        };
        Some(Entry::new(at_ms, Fields::of(field)))
    }

    /// How it stands now, which no verdict is, and when it breaks.
    pub(super) fn standing(&self, among_complaints: bool) -> Option<Entry> {
        let standing = self.standing?;
        let breaks = self.due_ms != NEVER && !among_complaints;
        let deadline = breaks.then_some((Item::Deadline, 1));
        let others = [Some((Item::Standing(standing), 1)), deadline];
        Some(Entry { others, ..Entry::new(self.due_ms, Fields::default()) })
    }
}
