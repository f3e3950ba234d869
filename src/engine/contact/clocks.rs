//! The clocks of a contact: which customer's wait they measure, when they start, stand and stop.

use super::once::Once;
use super::parts::Part;
use super::state::ContactState;
use super::stay::{Outcome, Stay};
use crate::config::model::Clock as PolicyClock;
use crate::engine::ids::{Class, NO_QUEUE, QueueId};
use crate::engine::promise::{Clock, End};
use crate::event::{Author, UnixMs};

impl ContactState {
    /// The customer waits for that from now on; one who has complained, by the policies for
    /// complaints, too.
    pub(super) fn start_clock(&mut self, kind: PolicyClock, queue: QueueId, at_ms: UnixMs) {
        let clock = Clock::new(kind, queue, at_ms).of(self.episode_number());
        if self.progress.once.complained_ms.is_some() {
            self.clocks.push(clock.clone().of_complaint());
        }
        self.clocks.push(clock);
    }

    /// What is promised to complaints runs from the message that complains.
    pub(super) fn start_complaint_clocks(&mut self, at_ms: UnixMs) {
        let kinds: &[PolicyClock] = match self.progress.class {
            Class::Voice if self.is_waiting() => &[PolicyClock::Answer, PolicyClock::Resolution],
            Class::Voice => &[PolicyClock::Resolution],
            // Nobody waits for a reply: an earlier message was changed.
            Class::Written if self.progress.pending.is_none() => &[PolicyClock::Resolution],
            Class::Written => {
                &[PolicyClock::FirstResponse, PolicyClock::NextResponse, PolicyClock::Resolution]
            }
        };
        if self.progress.outbound && self.progress.class == Class::Voice {
            return;
        }
        let (queue, episode) = (self.queue(), self.episode_number());
        let clocks = kinds.iter().map(|kind| Clock::new(*kind, queue, at_ms).of(episode));
        self.clocks.extend(clocks.map(Clock::of_complaint));
    }

    /// Changes the clocks of a kind that still run.
    pub(super) fn running_clocks(&mut self, kind: PolicyClock) -> impl Iterator<Item = &mut Clock> {
        self.clocks.iter_mut().filter(move |clock| clock.kind == kind && clock.end.is_none())
    }

    /// Those of a kind that still run end so.
    pub(super) fn end_clocks(&mut self, kind: PolicyClock, end: End) {
        let Once { agent, parts, .. } = &mut self.progress.once;
        let running = |clock: &&mut Clock| clock.kind == kind && clock.end.is_none();
        for clock in self.clocks.iter_mut().filter(running) {
            clock.end = Some(end);
            clock.agent = *agent;
            clock.again = parts.take(*agent, part_of(clock));
        }
    }

    /// How the promise of a resolution ends with it: what a bot settled without a human leaves it.
    pub(super) fn end_of_settled(&self, at_ms: UnixMs, by: Author) -> End {
        match by {
            Author::Bot if !self.progress.once.responded => End::Dropped(at_ms),
            _ => End::Done(at_ms),
        }
    }

    /// Whatever still runs need not come any more.
    pub(super) fn drop_clocks(&mut self, at_ms: UnixMs) {
        for clock in self.clocks.iter_mut().filter(|clock| clock.end.is_none()) {
            clock.end = Some(End::Dropped(at_ms));
            clock.again = self.progress.once.parts.take(clock.agent, part_of(clock));
        }
    }

    /// How the stay in the queue ended, for the clock that began with it.
    pub(super) fn stop_answer_clock(&mut self, outcome: Outcome, at_ms: UnixMs) {
        let end = match outcome {
            Outcome::Answered => End::Done(at_ms),
            _ => End::Dropped(at_ms),
        };
        self.end_clocks(PolicyClock::Answer, end);
    }

    /// The clock stopped when the contact left its last queue unanswered: the next queue has it run on.
    pub(super) fn may_go_on(&self, clock: &Clock) -> bool {
        let left_ms = self.left_waiting_ms();
        left_ms.is_some_and(|left_ms| stopped_then(clock, self.episode_number(), left_ms))
    }

    /// When the contact left its last queue unanswered, if so.
    fn left_waiting_ms(&self) -> Option<UnixMs> {
        let episode = self.episode_number();
        let last = self.stays.last().filter(|stay| stay.episode == episode);
        last.and_then(Stay::left_waiting_ms)
    }

    /// Those that stopped when the contact left its last queue unanswered run on, in this one.
    pub(super) fn answer_clocks_go_on(&mut self, queue: QueueId) {
        let Some(left_ms) = self.left_waiting_ms() else { return };
        let episode = self.episode_number();
        let Once { agent, parts, .. } = &self.progress.once;
        for clock in self.clocks.iter_mut().filter(|clock| stopped_then(clock, episode, left_ms)) {
            clock.end = None;
            clock.move_to(queue, left_ms);
            (clock.agent, clock.again) = (*agent, parts.had(*agent, part_of(clock)));
        }
    }

    /// The queue where they run, and have run all the time, is known now: that is no move.
    pub(super) fn name_queue_of_clocks(&mut self, queue: QueueId) {
        let episode = self.episode_number();
        for clock in &mut self.clocks {
            if clock.episode == episode && clock.queue == NO_QUEUE {
                clock.queue = queue;
            }
        }
    }

    /// Clocks run in the queue where the contact is, for the agent who works on it.
    pub(super) fn move_clocks(&mut self, at_ms: UnixMs) {
        let Some(stay) = self.stays.last() else { return };
        let offered_at_ms = stay.offered_at_ms;
        let (queue, episode) = (self.queue(), self.episode_number());
        let waits_on = self.progress.waits_on;
        let Once { agent, parts, .. } = &mut self.progress.once;
        let agent = *agent;
        for clock in self.clocks.iter_mut().filter(|clock| clock.episode == episode) {
            let part = part_of(clock);
            if clock.end.is_some() {
                if clock.is_nobodys() {
                    clock.agent = agent;
                    clock.again = parts.take(agent, part);
                }
                continue;
            }
            if clock.agent != agent && clock.has_left_with_agent() {
                parts.take(clock.agent, part);
            }
            clock.move_to(queue, at_ms);
            (clock.agent, clock.again) = (agent, parts.had(agent, part));
            let is_of_stay = clock.kind == PolicyClock::Answer && !clock.is_of_complaint;
            if is_of_stay && !waits_on {
                clock.start_ms = offered_at_ms;
            }
        }
    }
}

/// The promise of an answer that nobody needed to keep from then on.
fn stopped_then(clock: &Clock, episode: u16, at_ms: UnixMs) -> bool {
    clock.kind == PolicyClock::Answer
        && clock.episode == episode
        && clock.end == Some(End::Dropped(at_ms))
}

fn part_of(clock: &Clock) -> Part {
    Part::of_clock(clock.kind, clock.is_of_complaint)
}
