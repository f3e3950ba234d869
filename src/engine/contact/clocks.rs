//! The clocks of a contact: which customer's wait they measure, when they start, stand and stop.

use super::state::{ContactState, Outcome};
use crate::config::model::Clock as PolicyClock;
use crate::engine::ids::{NO_AGENT, QueueId};
use crate::engine::promise::{Clock, End};
use crate::event::UnixMs;

impl ContactState {
    /// The customer waits for that from now on.
    pub(in crate::engine) fn start_clock(
        &mut self,
        kind: PolicyClock,
        queue: QueueId,
        at_ms: UnixMs,
    ) {
        let complains = self.progress.once.complained_ms.is_some();
        self.clocks.push(Clock { complains, ..Clock::new(kind, queue, at_ms) });
    }

    /// Changes the clocks of a kind that still run.
    pub(in crate::engine) fn running_clocks(
        &mut self,
        kind: PolicyClock,
    ) -> impl Iterator<Item = &mut Clock> {
        self.clocks.iter_mut().filter(move |clock| clock.kind == kind && clock.end.is_none())
    }

    /// Those of a kind that still run end so.
    pub(in crate::engine) fn end_clocks(&mut self, kind: PolicyClock, end: End) {
        let agent = self.progress.once.agent;
        for clock in self.running_clocks(kind) {
            clock.end = Some(end);
            clock.agent = agent;
        }
    }

    /// Whatever still runs need not come any more.
    pub(in crate::engine) fn drop_clocks(&mut self, at_ms: UnixMs) {
        for clock in self.clocks.iter_mut().filter(|clock| clock.end.is_none()) {
            clock.end = Some(End::Dropped(at_ms));
        }
    }

    /// Lets go of clocks that have stopped for good, except the one that a reopened matter goes on
    /// with. Says of each whether it stays.
    pub(in crate::engine) fn drop_stopped_clocks(&mut self) -> Vec<bool> {
        let is_resolution = |clock: &Clock| clock.kind == PolicyClock::Resolution;
        let last = self.clocks.iter().rposition(is_resolution);
        let clocks = self.clocks.iter().enumerate();
        let stays: Vec<bool> =
            clocks.map(|(place, clock)| clock.end.is_none() || Some(place) == last).collect();
        let mut each = stays.iter();
        self.clocks.retain(|_| each.next().copied().unwrap_or(true));
        stays
    }

    /// A settled matter is open again: its clock runs on from where it had stopped.
    pub(in crate::engine) fn restart_resolution_clock(
        &mut self,
        resolved_ms: UnixMs,
        at_ms: UnixMs,
    ) {
        let is_resolution = |clock: &&Clock| clock.kind == PolicyClock::Resolution;
        let before = self.clocks.iter().rev().find(is_resolution);
        let mut clock = Clock::new(PolicyClock::Resolution, self.queue(), self.progress.opening_ms);
        if let Some(before) = before {
            clock.pauses.clone_from(&before.pauses);
            clock.paused_ms = before.paused_ms;
        }
        clock.complains = self.progress.once.complained_ms.is_some();
        clock.paused_ms = clock.paused_ms.or(Some(resolved_ms));
        clock.resume(at_ms);
        self.clocks.push(clock);
    }

    /// How the stay in the queue ended, for the clock that began with it.
    pub(in crate::engine) fn stop_answer_clock(&mut self, outcome: Outcome, at_ms: UnixMs) {
        let end = match outcome {
            Outcome::Answered => End::Done(at_ms),
            _ => End::Dropped(at_ms),
        };
        self.end_clocks(PolicyClock::Answer, end);
    }

    /// Clocks run in the queue where the contact is, for the agent who works on it.
    pub(in crate::engine) fn move_clocks(&mut self) {
        let Some(segment) = self.stays.last() else { return };
        let (queue, offered_at_ms) = (segment.queue, segment.offered_at_ms);
        let (agent, opening_ms) = (self.progress.once.agent, self.progress.opening_ms);
        for clock in self.clocks.iter_mut().filter(|clock| clock.start_ms >= opening_ms) {
            let is_theirs = match clock.end {
                None => true,
                Some(End::Done(_)) => clock.agent == NO_AGENT,
                Some(End::Dropped(_)) => false,
            };
            if is_theirs {
                clock.agent = agent;
            }
        }
        for clock in self.clocks.iter_mut().filter(|clock| clock.end.is_none()) {
            clock.queue = queue;
            if clock.kind == PolicyClock::Answer {
                clock.start_ms = offered_at_ms;
            }
        }
    }
}
