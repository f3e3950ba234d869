//! What a contact counts as.
//!
//! Nothing of that is kept: it follows from the contact's facts and the moment at which it was
//! last looked at, so it is derived again whenever it is to be counted no longer.

use serde::{Deserialize, Serialize};

use super::leg::Leg;
use super::mark::Mark;
use super::progress::Pending;
use super::state::{ContactState, Episode, Surroundings};
use super::stay::Stay;
use super::stay_count::StayCount;
use crate::engine::cells::{At, Cells, Place, Visitor};
use crate::engine::ids::{Class, NOBODY, PersonId, QueueId, WordId};
use crate::engine::observations::Observations;
use crate::engine::people::{Agents, Regulars, Visit};
use crate::engine::promise::{Clock, End, Policies, PolicyRules, Promise};
use crate::engine::timers::NEVER;
use crate::event::{Awaits, UnixMs};

/// When a contact's customer came in, to which queue and whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct CameIn {
    pub(in crate::engine) at_ms: UnixMs,
    pub(in crate::engine) queue: QueueId,
    pub(in crate::engine) agent: PersonId,
}

/// What a contact counts as at one moment.
#[derive(Debug)]
pub(in crate::engine) struct Counted {
    pub(in crate::engine) state: ContactState,
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

/// What is the same in what a contact counted as and counts as, whatever the moment.
#[derive(Clone, Copy, Default)]
pub(in crate::engine) struct Settled {
    /// The first so many stays.
    stays: usize,
    /// These clocks, which have ended, one bit each.
    ended: u64,
    /// These clocks, which run: what they promise is the same until its time comes.
    running: u64,
    /// All promises: no clock has changed, and the time of none has come.
    pub(super) are_promises_same: bool,
}

/// When time alone will change what a contact counts as.
#[derive(Clone, Copy)]
pub(super) struct Due {
    pub(super) stays_ms: UnixMs,
    /// Of the promises that are not the same as before.
    pub(super) promises_ms: UnixMs,
}

/// Clocks that are told apart in [`Settled`].
const CLOCKS_MAX: usize = 64;

fn has(clocks: u64, index: usize) -> bool {
    index < CLOCKS_MAX && clocks >> index & 1 == 1
}

/// What a contact is counted in.
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
        self.stays.clear();
        self.promises.clear();
        self.earlier.clear();
        self.customer = None;
    }

    /// What of both need not be looked at; nothing of contacts that count elsewhere now. No
    /// promise changes by itself before `promises_due_ms`.
    pub(in crate::engine) fn settled_in(&self, now: &Counted, promises_due_ms: UnixMs) -> Settled {
        if !now.is_same_place(self) {
            return Settled::default();
        }
        let (before, after) = (&self.state, &now.state);
        let stays = before.stays.iter().zip(&after.stays);
        let stays = stays.take_while(|(a, b)| a.is_over_by(self.at_ms) && a == b).count();
        let are_promises_same = now.at_ms < promises_due_ms && before.clocks == after.clocks;
        let mut settled = Settled { stays, are_promises_same, ..Settled::default() };
        if are_promises_same {
            return settled;
        }
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

    /// What was counted counts at the same places: what was said of each contact of the thread is
    /// the same. What is told before anything is known of a contact counts as of one like any.
    pub(super) fn is_same_place(&self, before: &Counted) -> bool {
        let (now, then) = (&self.state, &before.state);
        let is_same = |number: usize| match (now.episodes.get(number), then.episodes.get(number)) {
            (Some(one), Some(other)) => one == other,
            (Some(one), None) | (None, Some(one)) => *one == Episode::default(),
            (None, None) => true,
        };
        now.progress.medium == then.progress.medium && (0..then.episodes.len().max(1)).all(is_same)
    }

    /// Derives what follows from the state, which has finished, with help of what held before.
    pub(super) fn derive(
        &mut self,
        channel: u16,
        (before, settled): (Option<&Counted>, Settled),
        around: Surroundings<'_>,
        targets: &Targets<'_>,
    ) -> Due {
        let now_ms = self.at_ms;
        for mark in &mut self.state.marks {
            // A network's clock may run ahead of ours a little: nothing is counted in the future.
            mark.at_ms = mark.at_ms.min(now_ms);
        }
        Due {
            stays_ms: self.derive_stays(settled, around, targets.agents),
            promises_ms: self.derive_promises(channel, (before, settled), targets),
        }
    }

    fn derive_stays(
        &mut self,
        settled: Settled,
        around: Surroundings<'_>,
        agents: &Agents,
    ) -> UnixMs {
        let (class, mut due_ms) = (self.state.progress.class, NEVER);
        self.stays.clear();
        for stay in self.state.stays.iter().skip(settled.stays) {
            let thresholds = around.thresholds(stay.queue);
            let agent = agents.person(stay.agent);
            let count = StayCount::of(stay, agent, class, thresholds, self.at_ms);
            if count.stay.is_waiting() && count.decided_at_ms.is_none() {
                let threshold_ms = thresholds.threshold_ms(class);
                due_ms = due_ms.min(count.stay.offered_at_ms.saturating_add(threshold_ms + 1));
            }
            self.stays.push(count);
        }
        due_ms
    }

    fn derive_promises(
        &mut self,
        channel: u16,
        (before, settled): (Option<&Counted>, Settled),
        targets: &Targets<'_>,
    ) -> UnixMs {
        self.promises.clear();
        let (policies, now_ms) = (targets.policies, self.at_ms);
        if policies.is_empty() || settled.are_promises_same {
            return NEVER;
        }
        let mut known = before.map_or(&[][..], |before| &before.promises);
        for (index, clock) in self.state.clocks.iter().enumerate() {
            if has(settled.ended, index) {
                continue;
            }
            let number = u16::try_from(index).unwrap_or(u16::MAX);
            if before.is_some() && has(settled.running, index) {
                let passed = known.partition_point(|(it, _)| it.clock < number);
                let count = known[passed..].iter().take_while(|(it, _)| it.clock == number).count();
                let (same, rest) = known[passed..].split_at(count);
                known = rest;
                if same.iter().all(|(_, next_ms)| *next_ms > now_ms) {
                    self.promises.extend_from_slice(same);
                    continue;
                }
            }
            let traits = self.state.traits(clock.episode);
            let promise = |clock: &Clock, policy: (WordId, &PolicyRules)| {
                let agent = targets.agents.person(clock.agent);
                let arrived_ms = policies.arrived_ms(policy.0, clock);
                let (promise, next_ms) = Promise::of(clock, agent, policy, arrived_ms, now_ms);
                (Promise { clock: number, ..promise }, next_ms)
            };
            let first = self.promises.len();
            for policy in policies.covering(channel, clock, &traits) {
                self.promises.push(promise(clock, policy));
            }
            if !clock.has_moved() {
                continue;
            }
            // What a team had broken before the contact went on stays broken, of that time, though
            // it comes back to the team.
            for (then, left_ms) in clock.when_it_left() {
                for policy in policies.covering(channel, &then, &traits) {
                    let mut made = self.promises[first..].iter_mut();
                    let made = made.find(|(it, _)| it.policy == policy.0);
                    if made.is_some() && policies.arrived_ms(policy.0, clock) < left_ms {
                        continue; // From one of the policy's queues to another.
                    }
                    let left = promise(&then, policy);
                    match (left.0.verdict, made) {
                        (None, _) => {}
                        (Some(_), None) => self.promises.push(left),
                        (Some(_), Some((it, next_ms))) => {
                            it.stay_broken(&left.0);
                            *next_ms = NEVER;
                        }
                    }
                }
            }
            self.promises[first..].sort_by_key(|(promise, _)| promise.policy);
        }
        self.promises.iter().map(|(_, next_ms)| *next_ms).fold(NEVER, UnixMs::min)
    }

    /// Nothing more is to come in it, but for promises.
    pub(in crate::engine) fn is_done(&self) -> bool {
        self.state.progress.pending.is_none()
            && self.state.progress.deferred.is_none()
            && self.state.work.is_empty()
            && !self.state.stays.iter().any(Stay::is_waiting)
    }

    /// Something is promised that has neither come nor been dropped.
    pub(super) fn is_promised(&self) -> bool {
        self.promises.iter().any(|(promise, _)| promise.standing.is_some())
    }

    pub(in crate::engine) fn visits(
        &self,
        key: u64,
        channel: u16,
        agents: &Agents,
    ) -> impl Iterator<Item = Visit> {
        let came_in = self.state.stays.iter().filter(|stay| stay.first && stay.offered);
        let came_in = came_in.map(|stay| CameIn {
            at_ms: stay.offered_at_ms.min(self.at_ms),
            queue: stay.queue,
            agent: agents.person(stay.agent),
        });
        let all = self.earlier.iter().copied().chain(came_in);
        let all = all.filter(|_| self.customer.is_some());
        all.map(move |CameIn { at_ms, queue, agent }| Visit {
            at_ms,
            contact: key,
            channel,
            queue,
            agent,
        })
    }

    /// Who waits, by which reading, in which contact of the thread.
    pub(super) fn pending(&self) -> Option<(Pending, Class, u16)> {
        let progress = &self.state.progress;
        let pending = progress.pending?;
        Some((pending, progress.class, self.state.episode_number()))
    }

    /// Nobody waits any more: out of the list of the queue in which they waited.
    pub(super) fn stop_pending(&self, key: u64, channel: u16, visitor: &mut Visitor<'_>) {
        if let Some((pending, class, episode)) = self.pending() {
            let at = self.at(channel, pending.queue, NOBODY, episode);
            visitor.each(at, |cell| cell.waiters.stop(class, (pending.since_ms, key)));
        }
    }

    /// Who waits: in the list of the queue in which they wait now.
    pub(super) fn start_pending(&self, key: u64, channel: u16, visitor: &mut Visitor<'_>) {
        if let Some((pending, class, episode)) = self.pending() {
            let at = self.at(channel, pending.queue, NOBODY, episode);
            visitor.each(at, |cell| cell.waiters.start(class, (pending.since_ms, key)));
        }
    }

    /// For whom or what the contact waits that is not us, where, and in which contact of the thread.
    pub(super) fn awaits(&self) -> Option<(Awaits, QueueId, u16)> {
        let (awaits, queue) = self.state.awaits()?;
        Some((awaits, queue, self.state.episode_number()))
    }

    /// It waits there so (+1), or no longer.
    pub(super) fn count_awaited(&self, channel: u16, sign: i32, visitor: &mut Visitor<'_>) {
        if let Some((awaits, queue, episode)) = self.awaits() {
            let at = self.at(channel, queue, NOBODY, episode);
            visitor.each(at, |cell| cell.count_awaited(awaits, sign));
        }
    }

    pub(super) fn at(&self, channel: u16, queue: QueueId, agent: PersonId, episode: u16) -> At<'_> {
        let place = Place::new(channel, queue, agent).of(&self.state.traits(episode));
        At { place, topics: self.state.topics(episode) }
    }

    pub(super) fn stay_at(&self, channel: u16, count: &StayCount) -> At<'_> {
        self.at(channel, count.stay.queue, count.person, count.stay.episode)
    }

    pub(super) fn marked_at(&self, channel: u16, mark: &Mark, agents: &Agents) -> At<'_> {
        let at = self.at(channel, mark.queue, agents.person(mark.agent), mark.episode);
        At { place: at.place.labelled(mark.label), ..at }
    }

    pub(super) fn leg_at(&self, channel: u16, leg: &Leg, agents: &Agents) -> At<'_> {
        self.at(channel, leg.queue, agents.person(leg.agent), leg.episode)
    }

    /// Under its policy, or among the complaints.
    pub(super) fn promised_at(
        &self,
        channel: u16,
        promise: &Promise,
        among_complaints: bool,
    ) -> At<'_> {
        let at = self.at(channel, promise.queue, promise.agent, promise.episode);
        let label = (!among_complaints).then_some(promise.policy);
        At { place: at.place.labelled(label), ..at }
    }
}
