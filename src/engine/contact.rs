//! A contact as the engine keeps it: its facts, and what was counted for it.

use serde::{Deserialize, Serialize};

use super::agents::Agents;
use super::books::Books;
use super::call::CALL_MS_MAX;
use super::fact::{AgentId, Fact, Flow, QueueId};
use super::machine::{Class, Machine, Outcome, Surroundings, Work};
use super::observe::Observations;
use super::posting::Posting;
use super::timers::NEVER;
use crate::event::{Millis, UnixMs};

/// Facts kept apart; of a longer conversation the older half becomes one state, into which
/// nothing can be inserted any more.
const FACTS_MAX: usize = 64;

/// See the module.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Contact {
    pub(super) channel: u16,
    /// Sorted.
    facts: Vec<Fact>,
    /// Where the facts that are no longer kept have led.
    base: Option<Box<Machine>>,
    postings: Vec<Posting>,
    pending: Option<(UnixMs, QueueId, Class)>,
    work: Vec<(AgentId, Work, UnixMs)>,
    /// When it was last heard of.
    pub(super) touched_ms: UnixMs,
    /// The earliest timer that is set for it.
    pub(super) timer_ms: UnixMs,
}

/// What a contact is settled against.
pub(super) struct Desk<'a> {
    pub(super) machine: &'a mut Machine,
    pub(super) books: &'a mut Books,
    pub(super) agents: &'a mut Agents,
    pub(super) observations: &'a mut Observations,
    pub(super) around: Surroundings<'a>,
}

impl Contact {
    pub(super) fn new(channel: u16) -> Self {
        Contact {
            channel,
            facts: Vec::with_capacity(2),
            base: None,
            postings: Vec::with_capacity(1),
            pending: None,
            work: Vec::new(),
            touched_ms: 0,
            timer_ms: NEVER,
        }
    }

    /// Takes a fact to its place by time.
    pub(super) fn insert(&mut self, fact: Fact, around: Surroundings<'_>) {
        let later = self.facts.iter().rev().take_while(|held| **held > fact).count();
        self.facts.insert(self.facts.len() - later, fact);
        if self.facts.len() >= FACTS_MAX {
            self.condense(around);
        }
    }

    /// The older half of the facts becomes a state; stays that are over stay counted as they are.
    fn condense(&mut self, around: Surroundings<'_>) {
        let mut base = self.base.take().unwrap_or_else(|| Box::new(Machine::new()));
        base.run(&self.facts[..FACTS_MAX / 2], around);
        self.facts.drain(..FACTS_MAX / 2);
        let settled = base.segments.len().saturating_sub(1).min(self.postings.len());
        base.segments.drain(..settled);
        self.postings.drain(..settled);
        self.base = Some(base);
    }

    /// Derives its course anew and counts the difference. Says when to look again.
    pub(super) fn settle(&mut self, key: u64, desk: &mut Desk<'_>) -> UnixMs {
        let machine = &mut *desk.machine;
        machine.reset(self.base.as_deref());
        machine.run(&self.facts, desk.around);
        machine.finish(desk.around);
        let mut due_ms = NEVER;
        for (index, segment) in machine.segments.iter().enumerate() {
            let (moment, cell) = desk.books.open(self.channel, segment.queue);
            let new = Posting::of(segment, machine.class, &cell.promises, moment.now_ms);
            if new.is_waiting() && new.decided_at_ms.is_none() {
                let threshold_ms = cell.promises.threshold_ms(new.class);
                due_ms = due_ms.min(new.offered_at_ms.saturating_add(threshold_ms + 1));
            }
            match self.postings.get_mut(index) {
                Some(old) if *old == new => continue,
                Some(old) => {
                    let before = std::mem::replace(old, new);
                    let (moment, cell) = desk.books.open(self.channel, before.queue);
                    cell.post(&moment, &before, -1);
                    desk.observations.note(self.channel, Some(&before), &new);
                }
                None => {
                    self.postings.push(new);
                    desk.observations.note(self.channel, None, &new);
                }
            }
            let (moment, cell) = desk.books.open(self.channel, new.queue);
            cell.post(&moment, &new, 1);
        }
        for gone in self.postings.drain(machine.segments.len()..) {
            let (moment, cell) = desk.books.open(self.channel, gone.queue);
            cell.post(&moment, &gone, -1);
        }
        due_ms.min(self.settle_pending(key, desk)).min(self.settle_work(key, desk))
    }

    /// Who waits: in the list of the queue in which they wait now.
    fn settle_pending(&mut self, key: u64, desk: &mut Desk<'_>) -> UnixMs {
        let class = desk.machine.class;
        let pending = desk.machine.pending.map(|(since_ms, queue)| (since_ms, queue, class));
        if pending != self.pending {
            self.stop_pending(key, desk.books);
            if let Some((since_ms, queue, class)) = pending {
                desk.books.cell(self.channel, queue).start_pending(since_ms, key, class);
            }
            self.pending = pending;
        }
        match pending {
            Some((since_ms, _, Class::Voice)) => since_ms.saturating_add(CALL_MS_MAX + 1),
            _ => NEVER,
        }
    }

    fn stop_pending(&mut self, key: u64, books: &mut Books) {
        if let Some((since_ms, queue, class)) = self.pending.take() {
            books.cell(self.channel, queue).stop_pending(since_ms, key, class);
        }
    }

    fn settle_work(&mut self, key: u64, desk: &mut Desk<'_>) -> UnixMs {
        let work = &desk.machine.work;
        if *work != self.work {
            desk.agents.change_work(key, &self.work, work);
            self.work.clear();
            self.work.extend_from_slice(work);
        }
        let ends = work.iter().map(|(_, _, since_ms)| since_ms.saturating_add(CALL_MS_MAX + 1));
        ends.min().unwrap_or(NEVER)
    }

    /// Nothing more is due in it.
    pub(super) fn is_done(&self) -> bool {
        self.pending.is_none()
            && self.work.is_empty()
            && !self.postings.iter().any(Posting::is_waiting)
    }

    /// When it may be forgotten.
    pub(super) fn forgotten_ms(&self, memory_ms: Millis) -> UnixMs {
        self.touched_ms.saturating_add(memory_ms + 1)
    }

    /// Takes it out of everything live; who still waited counts as lost.
    pub(super) fn give_up(mut self, key: u64, books: &mut Books, agents: &mut Agents) {
        self.stop_pending(key, books);
        agents.change_work(key, &self.work, &[]);
        for before in self.postings.iter().filter(|posting| posting.is_waiting()) {
            let (moment, cell) = books.open(self.channel, before.queue);
            let lost = Posting {
                outcome: Outcome::FlowedOut(Flow::Lost),
                outcome_at_ms: moment.now_ms,
                wait_ms: moment.now_ms.saturating_sub(before.offered_at_ms),
                decided_at_ms: before.decided_at_ms.or(Some(moment.now_ms)),
                ..*before
            };
            cell.post(&moment, before, -1);
            cell.post(&moment, &lost, 1);
        }
    }
}
