//! A contact as the engine keeps it: its facts, and what was counted for it.

use serde::{Deserialize, Serialize};

use super::agents::Agents;
use super::books::Books;
use super::call::CALL_MS_MAX;
use super::counted::Counted;
use super::fact::{AgentId, Fact, Flow};
use super::few::Few;
use super::machine::{Class, Machine, Outcome, Span, Surroundings, Work};
use super::observe::Observations;
use super::policies::Policies;
use super::posting::Posting;
use super::promise::Promise;
use super::slice::{Axes, NOBODY, WordId};
use super::timers::NEVER;
use super::visits::{Regulars, Visit};
use crate::event::{Millis, UnixMs};

/// Topics of one contact; it counts under no further one.
const TOPICS_MAX: usize = 32;
/// Times that one contact's customer came in that are remembered beyond its facts.
const EARLIER_MAX: usize = 32;
/// Identifiers of one contact's customer.
const IDENTIFIERS_MAX: usize = 16;

/// See the module.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Contact {
    pub(super) channel: u16,
    /// Sorted.
    facts: Vec<Fact>,
    /// Where the facts that are no longer kept have led.
    base: Option<Box<Machine>>,
    /// Topics that came up since it was last settled.
    new_topics: Vec<WordId>,
    /// Hashes of the customer's identifiers, sorted.
    customer: Few<u64, 2>,
    counted: Counted,
    work: Few<(AgentId, Work, UnixMs), 1>,
    spans: Vec<Span>,
    /// When it was last heard of.
    pub(super) touched_ms: UnixMs,
    /// When time alone will change what it counts as.
    pub(super) due_ms: UnixMs,
    /// The earliest timer that is set for it.
    pub(super) timer_ms: UnixMs,
}

/// What a contact is settled against.
pub(super) struct Desk<'a> {
    pub(super) machine: &'a mut Machine,
    pub(super) books: &'a mut Books,
    pub(super) agents: &'a mut Agents,
    pub(super) regulars: &'a mut Regulars,
    pub(super) policies: &'a Policies,
    pub(super) observations: &'a mut Observations,
    pub(super) around: Surroundings<'a>,
}

impl Contact {
    pub(super) fn new(channel: u16) -> Self {
        Contact {
            channel,
            facts: Vec::with_capacity(2),
            base: None,
            new_topics: Vec::new(),
            customer: Few::default(),
            counted: Counted::default(),
            work: Few::default(),
            spans: Vec::new(),
            touched_ms: 0,
            due_ms: NEVER,
            timer_ms: NEVER,
        }
    }

    /// Takes a fact to its place by time.
    pub(super) fn insert(&mut self, fact: Fact) {
        let later = self.facts.iter().rev().take_while(|held| **held > fact).count();
        self.facts.insert(self.facts.len() - later, fact);
    }

    /// It is about that, too.
    pub(super) fn add_topic(&mut self, topic: WordId) {
        let known = &self.counted.topics;
        let has_room = known.len() + self.new_topics.len() < TOPICS_MAX;
        if has_room && !known.contains(&topic) && !self.new_topics.contains(&topic) {
            self.new_topics.push(topic);
        }
    }

    /// The customer is known by that, too. True when that is news.
    pub(super) fn add_identifier(&mut self, identifier: u64) -> bool {
        let place = self.customer.binary_search(&identifier);
        if self.customer.len() < IDENTIFIERS_MAX
            && let Err(place) = place
        {
            self.customer.insert(place, identifier);
            return true;
        }
        false
    }

    pub(super) fn identifiers(&self) -> &[u64] {
        &self.customer
    }

    /// Derives its course anew and counts the difference. Says when to look again.
    pub(super) fn settle(&mut self, key: u64, desk: &mut Desk<'_>) -> UnixMs {
        desk.machine.reset(self.base.as_deref());
        desk.machine.run(&self.facts, desk.around);
        let mut due_ms = desk.machine.finish(desk.around);
        let mut before = Few::default();
        if desk.machine.traits != self.counted.traits || !self.new_topics.is_empty() {
            before = self.counted.clear(key, self.channel, desk.books, desk.agents);
            self.counted.traits = desk.machine.traits;
            self.counted.topics.extend(std::mem::take(&mut self.new_topics));
            self.counted.topics.sort_unstable();
        }
        due_ms = due_ms.min(self.settle_postings(&before, desk));
        self.settle_marks(desk);
        due_ms = due_ms.min(self.settle_promises(desk));
        due_ms = due_ms.min(self.settle_pending(key, desk));
        due_ms = due_ms.min(self.settle_work(key, desk));
        self.settle_visits(key, desk);
        if self.facts.len() >= desk.around.facts_max {
            self.condense(desk.machine, desk.around);
        }
        due_ms
    }

    /// The older half of the facts becomes a state, into which nothing can be inserted any more;
    /// what it led to stays counted as it is.
    fn condense(&mut self, all: &Machine, around: Surroundings<'_>) {
        let mut base = self.base.take().unwrap_or_else(|| Box::new(Machine::new()));
        let old = older_half(&self.facts);
        base.run_first(&self.facts[..old], all, around);
        self.facts.drain(..old);
        let counted = &mut self.counted;
        let settled = base.segments.len().saturating_sub(1).min(counted.postings.len());
        let came_in = base.segments[..settled].iter().rev().find(|one| one.first);
        base.once.came_in = came_in.map(|one| (one.offered_at_ms, one.queue)).or(base.once.came_in);
        base.segments.drain(..settled);
        let gone = counted.postings.drain(..settled).filter(|one| one.first && one.offered);
        counted.earlier.extend(gone.map(|one| (one.offered_at_ms, one.queue, one.agent)));
        let too_many = counted.earlier.len().saturating_sub(EARLIER_MAX);
        counted.earlier.drain(..too_many);
        let marks = base.marks.len().min(counted.marks.len());
        base.marks.clear();
        counted.marks.drain(..marks);
        let spans = base.spans.len().min(self.spans.len());
        base.spans.clear();
        self.spans.drain(..spans);
        let stays = base.drop_stopped_clocks();
        let place = |clock: usize| stays[..clock.min(stays.len())].iter().filter(|it| **it).count();
        let later = stays.len() - place(stays.len());
        counted.promises.retain(|promise| {
            let clock = usize::from(promise.clock);
            let is_later = clock >= stays.len();
            let now = if is_later { clock - later } else { place(clock) };
            promise.clock = u16::try_from(now).unwrap_or(u16::MAX);
            is_later || stays[clock]
        });
        self.base = Some(base);
    }

    fn settle_postings(&mut self, before: &[Posting], desk: &mut Desk<'_>) -> UnixMs {
        let Desk { machine, books, agents, observations, .. } = desk;
        let (channel, counted) = (self.channel, &mut self.counted);
        let now_ms = books.moment.now_ms;
        let mut due_ms = NEVER;
        for (index, segment) in machine.segments.iter().enumerate() {
            let promises = books.promises(segment.queue);
            let agent = agents.person(segment.agent);
            let new = Posting::of(segment, agent, machine.class, promises, now_ms);
            if new.is_waiting() && new.decided_at_ms.is_none() {
                let threshold_ms = promises.threshold_ms(new.class);
                due_ms = due_ms.min(new.offered_at_ms.saturating_add(threshold_ms + 1));
            }
            let old = counted.postings.get(index).copied();
            if old == Some(new) {
                continue;
            }
            observations.note(channel, old.as_ref().or(before.get(index)), &new);
            match old {
                Some(old) => {
                    books.post(&counted.at(channel, old.queue, old.agent), &old, -1);
                    counted.postings[index] = new;
                }
                None => counted.postings.push(new),
            }
            books.post(&counted.at(channel, new.queue, new.agent), &new, 1);
        }
        while counted.postings.len() > machine.segments.len() {
            let Some(gone) = counted.postings.pop() else { break };
            books.post(&counted.at(channel, gone.queue, gone.agent), &gone, -1);
        }
        due_ms
    }

    fn settle_marks(&mut self, desk: &mut Desk<'_>) {
        let Desk { machine, books, agents, .. } = desk;
        let (channel, counted) = (self.channel, &mut self.counted);
        let now_ms = books.moment.now_ms;
        for mark in &mut machine.marks {
            // A network's clock may run ahead of ours a little: nothing is counted in the future.
            mark.at_ms = mark.at_ms.min(now_ms);
        }
        let same = counted.marks.iter().zip(&machine.marks).take_while(|(a, b)| a == b).count();
        for gone in counted.marks.drain(same..).collect::<Vec<_>>() {
            counted.mark(channel, &gone, agents, books, -1);
        }
        for new in &machine.marks[same..] {
            counted.mark(channel, new, agents, books, 1);
            counted.marks.push(*new);
        }
    }

    fn settle_promises(&mut self, desk: &mut Desk<'_>) -> UnixMs {
        let Desk { machine, books, agents, policies, .. } = desk;
        let (channel, counted) = (self.channel, &mut self.counted);
        if policies.is_empty() {
            return NEVER;
        }
        let now_ms = books.moment.now_ms;
        let (mut place, mut due_ms) = (0, NEVER);
        for (index, clock) in machine.clocks.iter().enumerate() {
            let agent = agents.person(clock.agent);
            for policy in policies.covering(channel, clock, &counted.traits) {
                let (mut new, next_ms) = Promise::of(clock, agent, policy, now_ms);
                new.clock = u16::try_from(index).unwrap_or(u16::MAX);
                due_ms = due_ms.min(next_ms);
                let old = counted.promises.get(place).copied();
                if old != Some(new) {
                    if let Some(old) = old {
                        counted.promise(channel, &old, books, -1);
                        counted.promises[place] = new;
                    } else {
                        counted.promises.push(new);
                    }
                    counted.promise(channel, &new, books, 1);
                }
                place += 1;
            }
        }
        while counted.promises.len() > place {
            let Some(gone) = counted.promises.pop() else { break };
            counted.promise(channel, &gone, books, -1);
        }
        due_ms
    }

    /// Who waits: in the list of the queue in which they wait now.
    fn settle_pending(&mut self, key: u64, desk: &mut Desk<'_>) -> UnixMs {
        let class = desk.machine.class;
        let pending = desk.machine.pending.map(|(since_ms, queue)| (since_ms, queue, class));
        if pending != self.counted.pending {
            self.counted.stop_pending(key, self.channel, desk.books);
            if let Some((since_ms, queue, class)) = pending {
                let at = self.counted.at(self.channel, queue, NOBODY);
                desk.books.each(&at, |cell| cell.start_pending(since_ms, key, class));
            }
            self.counted.pending = pending;
        }
        match pending {
            Some((since_ms, _, Class::Voice)) => since_ms.saturating_add(CALL_MS_MAX + 1),
            _ => NEVER,
        }
    }

    fn settle_work(&mut self, key: u64, desk: &mut Desk<'_>) -> UnixMs {
        let Machine { work, spans, .. } = &*desk.machine;
        if work[..] != self.work[..] {
            desk.agents.change_work(key, &self.work, work);
            self.work.clear();
            self.work.extend_from_slice(work);
        }
        if *spans != self.spans {
            desk.agents.change_spans(&self.spans, spans);
            self.spans.clone_from(spans);
        }
        let ends = work.iter().map(|(_, _, since_ms)| since_ms.saturating_add(CALL_MS_MAX + 1));
        ends.min().unwrap_or(NEVER)
    }

    /// Each time that the customer came in.
    fn settle_visits(&mut self, key: u64, desk: &mut Desk<'_>) {
        let Some(customer) = self.customer.first().copied() else { return };
        let counted = &mut self.counted;
        let came_in = counted.postings.iter().filter(|posting| posting.first && posting.offered);
        let came_in = came_in.map(|one| (one.offered_at_ms, one.queue, one.agent));
        let channel = self.channel;
        let visits = counted.earlier.iter().copied().chain(came_in);
        let visits = visits.map(|(at_ms, queue, agent)| Visit {
            at_ms,
            contact: key,
            channel,
            queue,
            agent,
        });
        if visits.clone().eq(counted.visits.iter().copied()) {
            return;
        }
        let visits: Vec<Visit> = visits.collect();
        for gone in counted.visits.iter() {
            desk.regulars.remove(customer, *gone, desk.books);
        }
        for new in &visits {
            desk.regulars.add(customer, *new, desk.books);
        }
        counted.visits.clear();
        counted.visits.extend(visits);
    }

    /// Nothing more is due in it.
    pub(super) fn is_done(&self) -> bool {
        self.counted.pending.is_none()
            && self.work.is_empty()
            && !self.counted.postings.iter().any(Posting::is_waiting)
            && !self.counted.promises.iter().any(|promise| promise.standing.is_some())
    }

    /// When it may be forgotten.
    pub(super) fn forgotten_ms(&self, memory_ms: Millis) -> UnixMs {
        self.touched_ms.saturating_add(memory_ms + 1)
    }

    /// Takes it out of everything live; who still waited counts as lost.
    pub(super) fn give_up(mut self, key: u64, books: &mut Books, agents: &mut Agents) {
        let (channel, counted) = (self.channel, &mut self.counted);
        counted.stop_pending(key, channel, books);
        agents.change_work(key, &self.work, &[]);
        for promise in counted.promises.iter() {
            for at in counted.promised_at(channel, promise) {
                promise.stand(&at, books, -1);
            }
        }
        let now_ms = books.moment.now_ms;
        for before in counted.postings.iter().filter(|posting| posting.is_waiting()) {
            let lost = Posting {
                outcome: Outcome::FlowedOut(Flow::Lost),
                outcome_at_ms: now_ms,
                wait_ms: now_ms.saturating_sub(before.offered_at_ms),
                decided_at_ms: before.decided_at_ms.or(Some(now_ms)),
                ..*before
            };
            let at = counted.at(channel, before.queue, before.agent);
            books.post(&at, before, -1);
            books.post(&at, &lost, 1);
        }
    }

    /// Counts all of it in cells that are counted from now on.
    pub(super) fn post_anew(&self, key: u64, only: Axes, books: &mut Books, agents: &Agents) {
        self.counted.post_anew(key, self.channel, only, books, agents);
    }
}

/// How many of the facts make the older half. Facts of the same time stay together: which of them
/// comes first is decided among all of them.
fn older_half(facts: &[Fact]) -> usize {
    let half = facts.len() / 2;
    let parts = |place: &usize| facts[place - 1].at_ms < facts[*place].at_ms;
    let before = (1..=half).rev().find(parts);
    before.or_else(|| (half + 1..facts.len()).find(parts)).unwrap_or(half)
}
