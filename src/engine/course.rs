//! What a contact counts as.
//!
//! Nothing of that is kept: it follows from the contact's facts and the moment at which it was
//! last looked at, so it is derived again whenever it is to be taken out of the books.

use super::agents::Agents;
use super::at::{At, Like, Only};
use super::books::Books;
use super::call::CALL_MS_MAX;
use super::fact::QueueId;
use super::machine::{Class, Machine, Segment};
use super::mark::Mark;
use super::observe::Observations;
use super::policies::Policies;
use super::posting::Posting;
use super::promise::{End, Promise};
use super::slice::{NOBODY, PersonId, Place, WordId};
use super::timers::NEVER;
use super::visits::{Regulars, Visit};
use crate::event::UnixMs;

/// When a contact's customer came in, to which queue and whom.
pub(super) type CameIn = (UnixMs, QueueId, PersonId);

/// See the module.
#[derive(Debug)]
pub(super) struct Course {
    pub(super) machine: Machine,
    /// Sorted.
    pub(super) topics: Vec<WordId>,
    /// From [`Settled::stays`] on.
    pub(super) postings: Vec<Posting>,
    /// Of the clocks that are not in [`Settled::ended`]; and when time alone will change each.
    pub(super) promises: Vec<(Promise, UnixMs)>,
    /// Stays that are no longer kept, with which the customer came in.
    pub(super) earlier: Vec<CameIn>,
    /// The customer can be recognised by this.
    pub(super) customer: Option<u64>,
    /// The moment at which it holds.
    pub(super) at_ms: UnixMs,
    /// What the contact is like in it.
    pub(super) like: Like,
}

/// What is the same in two courses, whatever the moment.
#[derive(Clone, Copy, Default)]
pub(super) struct Settled {
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
pub(super) struct Ledgers<'a> {
    pub(super) books: &'a mut Books,
    pub(super) agents: &'a mut Agents,
    pub(super) regulars: &'a mut Regulars,
    pub(super) policies: &'a Policies,
    pub(super) observations: &'a mut Observations,
}

impl Course {
    pub(super) fn new() -> Self {
        Course {
            machine: Machine::new(),
            topics: Vec::new(),
            postings: Vec::new(),
            promises: Vec::new(),
            earlier: Vec::new(),
            customer: None,
            at_ms: 0,
            like: Like::NOW,
        }
    }

    /// Counts as nothing.
    pub(super) fn clear(&mut self) {
        self.machine.reset(None);
        self.topics.clear();
        self.postings.clear();
        self.promises.clear();
        self.earlier.clear();
        self.customer = None;
    }

    /// What of both courses need not be looked at; nothing of contacts that count elsewhere now.
    pub(super) fn settled_in(&mut self, now: &Course) -> Settled {
        let is_like = self.machine.traits == now.machine.traits && self.topics == now.topics;
        self.like = if is_like { Like::NOW } else { Like::BEFORE };
        if !is_like {
            return Settled::default();
        }
        let (before, after) = (&self.machine, &now.machine);
        let stays = before.segments.iter().zip(&after.segments);
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

    /// Derives what follows from the machine, which has finished, with help of what held before.
    /// Says when to look again.
    pub(super) fn read(
        &mut self,
        channel: u16,
        (before, settled): (Option<&Course>, Settled),
        ledgers: &Ledgers<'_>,
    ) -> UnixMs {
        let now_ms = self.at_ms;
        for mark in &mut self.machine.marks {
            // A network's clock may run ahead of ours a little: nothing is counted in the future.
            mark.at_ms = mark.at_ms.min(now_ms);
        }
        let (class, mut due_ms) = (self.machine.class, NEVER);
        self.postings.clear();
        for segment in self.machine.segments.iter().skip(settled.stays) {
            let promises = ledgers.books.promises(segment.queue);
            let agent = ledgers.agents.person(segment.agent);
            let posting = Posting::of(segment, agent, class, promises, now_ms);
            if posting.is_waiting() && posting.decided_at_ms.is_none() {
                let threshold_ms = promises.threshold_ms(class);
                due_ms = due_ms.min(posting.offered_at_ms.saturating_add(threshold_ms + 1));
            }
            self.postings.push(posting);
        }
        self.promises.clear();
        if !ledgers.policies.is_empty() {
            let mut known = before.map_or(&[][..], |before| &before.promises);
            for (index, clock) in self.machine.clocks.iter().enumerate() {
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
                let agent = ledgers.agents.person(clock.agent);
                for policy in ledgers.policies.covering(channel, clock, &self.machine.traits) {
                    let (promise, next_ms) = Promise::of(clock, agent, policy, now_ms);
                    self.promises.push((Promise { clock: number, ..promise }, next_ms));
                }
            }
            let next_ms = self.promises.iter().map(|(_, next_ms)| *next_ms);
            due_ms = next_ms.fold(due_ms, UnixMs::min);
        }
        let lost = |since_ms: UnixMs| since_ms.saturating_add(CALL_MS_MAX + 1);
        if let Some((since_ms, _)) = self.machine.pending.filter(|_| class == Class::Voice) {
            due_ms = due_ms.min(lost(since_ms));
        }
        let ends = self.machine.work.iter().map(|(_, _, since_ms)| lost(*since_ms));
        ends.fold(due_ms, UnixMs::min)
    }

    /// Nothing more is due in it.
    pub(super) fn is_done(&self) -> bool {
        self.machine.pending.is_none()
            && self.machine.work.is_empty()
            && !self.machine.segments.iter().any(Segment::is_waiting)
            && !self.promises.iter().any(|(promise, _)| promise.standing.is_some())
    }

    pub(super) fn visits(
        &self,
        key: u64,
        channel: u16,
        agents: &Agents,
    ) -> impl Iterator<Item = Visit> {
        let came_in = self.machine.segments.iter().filter(|stay| stay.first && stay.offered);
        let came_in = came_in.map(|stay| {
            (stay.offered_at_ms.min(self.at_ms), stay.queue, agents.person(stay.agent))
        });
        let all = self.earlier.iter().copied().chain(came_in);
        let all = all.filter(|_| self.customer.is_some());
        all.map(move |(at_ms, queue, agent)| Visit { at_ms, contact: key, channel, queue, agent })
    }

    /// The customer waits since then, in that queue.
    pub(super) fn pending(&self) -> Option<(UnixMs, QueueId, Class)> {
        self.machine.pending.map(|(since_ms, queue)| (since_ms, queue, self.machine.class))
    }

    pub(super) fn stop_pending(&self, key: u64, channel: u16, books: &mut Books) {
        if let Some((since_ms, queue, class)) = self.pending() {
            let at = self.at(channel, queue, NOBODY);
            books.each(&at, |cell| cell.stop_pending(since_ms, key, class));
        }
    }

    /// Who waits: in the list of the queue in which they wait now.
    pub(super) fn start_pending(
        &self,
        key: u64,
        channel: u16,
        only: Option<Only>,
        books: &mut Books,
    ) {
        if let Some((since_ms, queue, class)) = self.pending() {
            let at = At { only, ..self.at(channel, queue, NOBODY) };
            books.each(&at, |cell| cell.start_pending(since_ms, key, class));
        }
    }

    pub(super) fn at(&self, channel: u16, queue: QueueId, agent: PersonId) -> At<'_> {
        let place = Place::new(channel, queue, agent).of(&self.machine.traits);
        At { place, topics: &self.topics, like: self.like, only: None }
    }

    pub(super) fn marked_at(&self, channel: u16, mark: &Mark, agents: &Agents) -> At<'_> {
        let at = self.at(channel, mark.queue, agents.person(mark.agent));
        At { place: at.place.labelled(mark.label), ..at }
    }

    /// Under its policy, or among the complaints.
    pub(super) fn promised_at(
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
