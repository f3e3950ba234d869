//! What a policy promises a customer, and how that stands: running, at risk, breached, met,
//! paused.
//!
//! A contact's course gives its [`Clock`]s; each policy that covers the contact makes a
//! [`Promise`] of each clock of its kind. How a promise stands depends on the moment, so every
//! promise also says when to look again: when it comes to be at risk, when it is broken, when the
//! business day ends or begins. That is what makes an alert come in time and not with the next
//! event.

use serde::{Deserialize, Serialize};

use super::clock::{Clock, End};
use super::policies::PolicyRules;
use crate::config::model::PolicyFrom;
use crate::engine::counting::{Entry, Field, Fields, Item};
use crate::engine::ids::{PersonId, QueueId, Standing, WordId};
use crate::engine::timers::NEVER;
use crate::event::{Millis, UnixMs};

/// Deadlines are kept to the second, the one in which they pass: so few different ones, however many promises are open, that
/// keeping them in order is cheap.
const DEADLINE_STEP_MS: Millis = 1000;

/// What one policy promises of one clock, how that stands, and when to look again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Promise {
    pub(in crate::engine) policy: WordId,
    /// The policy is for complaints only.
    pub(in crate::engine) to_complaint: bool,
    /// The clock, by its place among the contact's.
    pub(in crate::engine) clock: u16,
    /// Which contact of the thread it was made to.
    pub(in crate::engine) episode: u16,
    pub(in crate::engine) queue: QueueId,
    pub(in crate::engine) agent: PersonId,
    /// The same agent had another promise of that kind to the same contact.
    pub(in crate::engine) again: bool,
    pub(in crate::engine) standing: Option<Standing>,
    /// When it breaks, in steps of [`DEADLINE_STEP_MS`]; [`NEVER`] unless its clock runs.
    pub(in crate::engine) due_ms: UnixMs,
    /// When it was kept (true) or broken.
    pub(in crate::engine) verdict: Option<(UnixMs, bool)>,
    /// It was broken elsewhere, before the contact came to the policy's queues.
    pub(in crate::engine) broken_before: bool,
    /// When it ceased to be one: nothing was to be waited for any more.
    pub(in crate::engine) left_ms: Option<UnixMs>,
}

fn second_after(at_ms: UnixMs) -> UnixMs {
    at_ms.saturating_add(DEADLINE_STEP_MS - 1).div_euclid(DEADLINE_STEP_MS) * DEADLINE_STEP_MS
}

impl Promise {
    /// How the promise of a policy stands at `now_ms`, and when to look again. The contact came to
    /// the policy's queues at `arrived_ms`: what was broken before is counted then.
    pub(in crate::engine) fn of(
        clock: &Clock,
        agent: PersonId,
        (policy, rules): (WordId, &PolicyRules),
        arrived_ms: UnixMs,
        now_ms: UnixMs,
    ) -> (Promise, UnixMs) {
        let start_ms = match rules.from {
            PolicyFrom::Opening => clock.start_ms,
            PolicyFrom::Arrival => arrived_ms,
        };
        let due_ms = clock.runs_out_ms(start_ms, &rules.calendar, rules.target_ms);
        let counted_ms = |due_ms: UnixMs| due_ms.max(arrived_ms).min(now_ms);
        let broken_by = |at_ms: UnixMs| due_ms.is_some_and(|due_ms| due_ms < at_ms);
        let promise = |standing, verdict| Promise {
            policy,
            to_complaint: rules.complaints,
            clock: 0,
            episode: clock.episode,
            queue: clock.queue,
            agent,
            again: clock.again,
            standing,
            due_ms: NEVER,
            verdict,
            broken_before: verdict.is_some_and(|(_, kept)| !kept)
                && due_ms.is_some_and(|due_ms| due_ms < arrived_ms),
            left_ms: None,
        };
        match clock.end {
            // A clock that was dropped counts only if it had run out before.
            Some(End::Dropped(at_ms)) if !broken_by(at_ms) => {
                let left_ms = Some(at_ms.min(now_ms));
                (Promise { left_ms, ..promise(None, None) }, NEVER)
            }
            Some(End::Done(at_ms)) if !broken_by(at_ms) => {
                // A network's clock may run ahead of ours a little: not in the future.
                (promise(None, Some((at_ms.min(now_ms), true))), NEVER)
            }
            Some(_) => {
                let at_ms = counted_ms(due_ms.unwrap_or(now_ms));
                (promise(None, Some((at_ms, false))), NEVER)
            }
            None if broken_by(now_ms) => {
                let verdict = Some((counted_ms(due_ms.unwrap_or(now_ms)), false));
                (promise(Some(Standing::Breached), verdict), NEVER)
            }
            None => {
                let warn_ms = clock.runs_out_ms(start_ms, &rules.calendar, rules.warn_ms);
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
                let due_ms = due_ms.filter(|_| runs).map_or(NEVER, second_after);
                (Promise { due_ms, ..promise(Some(standing), None) }, next_ms)
            }
        }
    }

    /// It was broken before the contact left the policy's queues and came back to them.
    pub(in crate::engine) fn stay_broken(&mut self, before: &Promise) {
        let is_later =
            |it: (UnixMs, bool)| it.1 || before.verdict.is_some_and(|first| first.0 < it.0);
        if self.verdict.is_none_or(is_later) {
            (self.verdict, self.left_ms) = (before.verdict, None);
            self.broken_before = before.broken_before;
            self.standing = self.standing.map(|_| Standing::Breached);
            self.due_ms = NEVER;
        }
    }

    /// Under its policy, and among the complaints if it was made to one.
    pub(in crate::engine) fn counted_as(&self) -> impl Iterator<Item = bool> + use<> {
        [false, true].into_iter().take(1 + usize::from(self.to_complaint))
    }

    /// What it counts as: what has become of it, and how it stands now.
    pub(in crate::engine) fn entries(&self, among_complaints: bool) -> [Option<Entry>; 2] {
        [self.verdict(among_complaints), self.standing(among_complaints)]
    }

    /// What has become of it, under its policy or, `among_complaints`, at a place that names none.
    fn verdict(&self, among_complaints: bool) -> Option<Entry> {
        if let Some(left_ms) = self.left_ms.filter(|_| !among_complaints) {
            return Some(Entry::new(left_ms, Fields::of(Field::PolicyLeft)));
        }
        let (at_ms, kept) = self.verdict?;
        let field = match (among_complaints, kept) {
            (false, true) => Field::PolicyMet,
            (false, false) => Field::PolicyBreached,
            (true, true) => Field::ComplaintsInTime,
            (true, false) => Field::ComplaintsLate,
        };
        let mut fields = Fields::of(field);
        if self.again && !among_complaints {
            fields.add(Field::PolicyAgain);
        }
        if self.broken_before && !among_complaints {
            fields.add(Field::PolicyBrokenBefore);
        }
        Some(Entry::new(at_ms, fields))
    }

    /// How it stands now, which no verdict is, and when it breaks.
    pub(in crate::engine) fn standing(&self, among_complaints: bool) -> Option<Entry> {
        let standing = self.standing?;
        let breaks = self.due_ms != NEVER && !among_complaints;
        let deadline = breaks.then_some((Item::Deadline, 1));
        let others = [Some((Item::Standing(standing), 1)), deadline];
        Some(Entry { others, ..Entry::new(self.due_ms, Fields::default()) })
    }
}
