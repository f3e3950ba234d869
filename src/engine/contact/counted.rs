//! What a contact counts as.
//!
//! Nothing of that is kept: it follows from the contact's facts and the moment at which it was
//! last looked at, so it is derived again whenever it is to be taken out of the books.

use super::call::CALL_MS_MAX;
use super::mark::Mark;
use super::state::{ContactState, Stay};
use super::stay_count::StayCount;
use crate::engine::cells::Cells;
use crate::engine::cells::Place;
use crate::engine::cells::Visitor;
use crate::engine::cells::At;
use crate::engine::ids::Class;
use crate::engine::ids::QueueId;
use crate::engine::ids::{NOBODY, PersonId, WordId};
use crate::engine::observations::Observations;
use crate::engine::people::Agents;
use crate::engine::people::{Regulars, Visit};
use crate::engine::promise::End;
use crate::engine::promise::Policies;
use crate::engine::promise::Promise;
use crate::engine::timers::NEVER;
use crate::event::UnixMs;

/// When a contact's customer came in, to which queue and whom.
pub(in crate::engine) type CameIn = (UnixMs, QueueId, PersonId);

/// See the module.
#[derive(Debug)]
pub(in crate::engine) struct Counted {
    pub(in crate::engine) state: ContactState,
    /// Sorted.
    pub(in crate::engine) topics: Vec<WordId>,
    /// From [`Settled::stays`] on.
    pub(in crate::engine) stays: Vec<StayCount>,
    /// Of the clocks that are not in [`Settled::ended`]; and when time alone will change each.
    pub(in crate::engine) promises: Vec<(Promise, UnixMs)>,
    /// Stays that are no longer kept, with which the customer came in.
    pub(in crate::engine) earlier: Vec<CameIn>,
    /// The customer can be recognised by this.
    pub(in crate::engine) customer: Option<u64>,
    /// The moment at which it holds.
    pub(in crate::engine) at_ms: UnixMs,
}

/// What is the same in two courses, whatever the moment.
#[derive(Clone, Copy, Default)]
pub(in crate::engine) struct Settled {
    /// The first so many stays.
    stays: usize,
    /// These clocks, which have ended, one bit each.
    ended: u64,
    /// These clocks, which run: what they promise is the same until its time comes.
    running: u64,
}

/// Clocks that are told apart in [`Settled`].
const CLOCKS_MAX: usize = 64;

fn has(clocks: u64, index: usize) -> bool {
    index < CLOCKS_MAX && clocks >> index & 1 == 1
}

/// What a course is counted with.
pub(in crate::engine) struct Targets<'a> {
    pub(in crate::engine) cells: &'a mut Cells,
    pub(in crate::engine) agents: &'a mut Agents,
    pub(in crate::engine) regulars: &'a mut Regulars,
    pub(in crate::engine) policies: &'a Policies,
    pub(in crate::engine) observations: &'a mut Observations,
}

impl Counted {
    pub(in crate::engine) fn new() -> Self {
        Counted {
            state: ContactState::new(),
            topics: Vec::new(),
            stays: Vec::new(),
            promises: Vec::new(),
            earlier: Vec::new(),
            customer: None,
            at_ms: 0,
        }
    }

    /// Counts as nothing.
    pub(in crate::engine) fn clear(&mut self) {
        self.state.reset(None);
        self.topics.clear();
        self.stays.clear();
        self.promises.clear();
        self.earlier.clear();
        self.customer = None;
    }

    /// What of both courses need not be looked at; nothing of contacts that count elsewhere now.
    pub(in crate::engine) fn settled_in(&mut self, now: &Counted) -> Settled {
        let is_same_place =
            self.state.progress.traits == now.state.progress.traits && self.topics == now.topics;
        if !is_same_place {
            return Settled::default();
        }
        let (before, after) = (&self.state, &now.state);
        let stays = before.stays.iter().zip(&after.stays);
        let stays = stays.take_while(|(a, b)| a.is_over_by(self.at_ms) && a == b).count();
        let mut settled = Settled { stays, ..Settled::default() };
        let clocks = before.clocks.iter().zip(&after.clocks).take(CLOCKS_MAX).enumerate();
        for (index, (clock, _)) in clocks.filter(|(_, (a, b))| a == b) {
            match clock.end {
                None => settled.running |= 1 << index,
                Some(End::Done(at_ms) | End::Dropped(at_ms)) if at_ms <= self.at_ms => {
                    settled.ended |= 1 << index;
                }
                Some(_) => {}
            }
        }
        settled
    }

    /// Derives what follows from the state, which has finished, with help of what held before.
    /// Says when to look again.
    pub(in crate::engine) fn read(
        &mut self,
        channel: u16,
        (before, settled): (Option<&Counted>, Settled),
        targets: &Targets<'_>,
    ) -> UnixMs {
        let now_ms = self.at_ms;
        for mark in &mut self.state.marks {
            // A network's clock may run ahead of ours a little: nothing is counted in the future.
            mark.at_ms = mark.at_ms.min(now_ms);
        }
        let (class, mut due_ms) = (self.state.progress.class, NEVER);
        self.stays.clear();
        for segment in self.state.stays.iter().skip(settled.stays) {
            let thresholds = targets.cells.thresholds(segment.queue);
            let agent = targets.agents.person(segment.agent);
            let stay = StayCount::of(segment, agent, class, thresholds, now_ms);
            if stay.is_waiting() && stay.decided_at_ms.is_none() {
                let threshold_ms = thresholds.threshold_ms(class);
                due_ms = due_ms.min(stay.offered_at_ms.saturating_add(threshold_ms + 1));
            }
            self.stays.push(stay);
        }
        self.promises.clear();
        if !targets.policies.is_empty() {
            let mut known = before.map_or(&[][..], |before| &before.promises);
            for (index, clock) in self.state.clocks.iter().enumerate() {
                if has(settled.ended, index) {
                    continue;
                }
                let number = u16::try_from(index).unwrap_or(u16::MAX);
                let passed = known.iter().take_while(|(it, _)| it.clock < number).count();
                let count = known[passed..].iter().take_while(|(it, _)| it.clock == number).count();
                let same = &known[passed..passed + count];
                known = &known[passed + count..];
                let holds = same.iter().all(|(_, next_ms)| *next_ms > now_ms);
                if before.is_some() && has(settled.running, index) && holds {
                    self.promises.extend_from_slice(same);
                    continue;
                }
                let agent = targets.agents.person(clock.agent);
                for policy in targets.policies.covering(channel, clock, &self.state.progress.traits)
                {
                    let (promise, next_ms) = Promise::of(clock, agent, policy, now_ms);
                    self.promises.push((Promise { clock: number, ..promise }, next_ms));
                }
            }
            let next_ms = self.promises.iter().map(|(_, next_ms)| *next_ms);
            due_ms = next_ms.fold(due_ms, UnixMs::min);
        }
        let lost = |since_ms: UnixMs| since_ms.saturating_add(CALL_MS_MAX + 1);
        if let Some((since_ms, _)) = self.state.progress.pending.filter(|_| class == Class::Voice) {
            due_ms = due_ms.min(lost(since_ms));
        }
        let ends = self.state.work.iter().map(|(_, _, since_ms)| lost(*since_ms));
        ends.fold(due_ms, UnixMs::min)
    }

    /// Nothing more is due in it.
    pub(in crate::engine) fn is_done(&self) -> bool {
        self.state.progress.pending.is_none()
            && self.state.work.is_empty()
            && !self.state.stays.iter().any(Stay::is_waiting)
            && !self.promises.iter().any(|(promise, _)| promise.standing.is_some())
    }

    pub(in crate::engine) fn visits(
        &self,
        key: u64,
        channel: u16,
        agents: &Agents,
    ) -> impl Iterator<Item = Visit> {
        let came_in = self.state.stays.iter().filter(|stay| stay.first && stay.offered);
        let came_in = came_in.map(|stay| {
            (stay.offered_at_ms.min(self.at_ms), stay.queue, agents.person(stay.agent))
        });
        let all = self.earlier.iter().copied().chain(came_in);
        let all = all.filter(|_| self.customer.is_some());
        all.map(move |(at_ms, queue, agent)| Visit { at_ms, contact: key, channel, queue, agent })
    }

    /// The customer waits since then, in that queue.
    pub(in crate::engine) fn pending(&self) -> Option<(UnixMs, QueueId, Class)> {
        self.state
            .progress
            .pending
            .map(|(since_ms, queue)| (since_ms, queue, self.state.progress.class))
    }

    /// Nobody waits any more: out of the list of the queue in which they waited.
    pub(super) fn stop_pending(&self, key: u64, channel: u16, visitor: &mut Visitor<'_>) {
        if let Some((since_ms, queue, class)) = self.pending() {
            let at = self.at(channel, queue, NOBODY);
            visitor.each(at, |cell| cell.stop_pending(since_ms, key, class));
        }
    }

    /// Who waits: in the list of the queue in which they wait now.
    pub(super) fn start_pending(&self, key: u64, channel: u16, visitor: &mut Visitor<'_>) {
        if let Some((since_ms, queue, class)) = self.pending() {
            let at = self.at(channel, queue, NOBODY);
            visitor.each(at, |cell| cell.start_pending(since_ms, key, class));
        }
    }

    pub(in crate::engine) fn at(&self, channel: u16, queue: QueueId, agent: PersonId) -> At<'_> {
        let place = Place::new(channel, queue, agent).of(&self.state.progress.traits);
        At { place, topics: &self.topics }
    }

    pub(in crate::engine) fn marked_at(
        &self,
        channel: u16,
        mark: &Mark,
        agents: &Agents,
    ) -> At<'_> {
        let at = self.at(channel, mark.queue, agents.person(mark.agent));
        At { place: at.place.labelled(mark.label), ..at }
    }

    /// Under its policy, or among the complaints.
    pub(in crate::engine) fn promised_at(
        &self,
        channel: u16,
        promise: &Promise,
        among_complaints: bool,
    ) -> At<'_> {
        let at = self.at(channel, promise.queue, promise.agent);
        let label = (!among_complaints).then_some(promise.policy);
        At { place: at.place.labelled(label), ..at }
    }
}
