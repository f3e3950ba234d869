//! One contact: what is remembered of it, and how a look at it changes the books.
//!
//! Its facts are all that is kept, and the moment of the last look: what it then counted as
//! follows from them ([`Course`]). So a fact that arrives late, twice or out of order costs no
//! more than any other, and a contact is small.

use serde::{Deserialize, Serialize};

use super::at::{Like, Only};
use super::course::{CameIn, Course, Ledgers};
use super::fact::Fact;
use super::feed::FeedLog;
use super::few::Few;
use super::machine::{Machine, Surroundings};
use super::slice::WordId;
use super::timers::NEVER;
use crate::event::{Millis, UnixMs};

/// Topics of one contact; it counts under no further one.
const TOPICS_MAX: usize = 32;
/// Times that one contact's customer came in that are remembered beyond its facts.
const EARLIER_MAX: usize = 32;
/// So many times as many facts are kept of a contact of which it is not clear yet what it is.
const UNCLEAR: usize = 4;
/// Facts for which room is made at once.
const FACTS_MORE: usize = 2;
/// Identifiers of one contact's customer.
const IDENTIFIERS_MAX: usize = 16;

/// See the module.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Contact {
    pub(super) channel: u16,
    /// Nothing more is due in it.
    pub(super) is_done: bool,
    /// Sorted.
    facts: Vec<Fact>,
    /// Sorted.
    topics: Few<WordId, 4>,
    /// Hashes of the customer's identifiers, sorted.
    customer: Few<u64, 2>,
    past: Option<Box<Past>>,
    /// When it was last looked at: it counts as it then was. None yet of a new one.
    counted_ms: Option<UnixMs>,
    /// When it was last heard of.
    pub(super) touched_ms: UnixMs,
    /// When time alone will change what it counts as.
    pub(super) due_ms: UnixMs,
    /// The earliest timer that is set for it.
    pub(super) timer_ms: UnixMs,
}

/// What few contacts have.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Past {
    /// Where the facts that are no longer kept have led.
    base: Option<Machine>,
    /// Times that the customer came in, of stays that are no longer kept: they become visits when
    /// the customer is recognised later.
    earlier: Vec<CameIn>,
    /// Restarts of the network's side that mattered at the last look, sorted.
    restarts_ms: Vec<UnixMs>,
}

/// What a look at a contact has to take into account; nothing where only time has passed.
#[derive(Default)]
pub(super) struct News<'a> {
    pub(super) fact: Option<Fact>,
    pub(super) topics: &'a [WordId],
    /// Hashes of the customer's identifiers.
    pub(super) customer: &'a [u64],
}

/// What a contact is looked at with. The courses are memory that one contact after another uses.
pub(super) struct Desk<'a> {
    pub(super) before: &'a mut Course,
    pub(super) now: &'a mut Course,
    pub(super) feeds: &'a [FeedLog],
    /// But for the restarts, which belong to the channel.
    pub(super) around: Surroundings<'a>,
    pub(super) ledgers: Ledgers<'a>,
}

impl Contact {
    pub(super) fn new(channel: u16) -> Self {
        Contact {
            channel,
            is_done: false,
            facts: Vec::new(),
            topics: Few::default(),
            customer: Few::default(),
            past: None,
            counted_ms: None,
            touched_ms: 0,
            due_ms: NEVER,
            timer_ms: NEVER,
        }
    }

    /// Takes a fact to its place by time. True when it is the last.
    fn insert(&mut self, fact: Fact) -> bool {
        if self.facts.len() == self.facts.capacity() {
            // Few contacts have many, and those grow slowly.
            self.facts.reserve_exact(FACTS_MORE);
        }
        let later = self.facts.iter().rev().take_while(|held| **held > fact).count();
        self.facts.insert(self.facts.len() - later, fact);
        later == 0
    }

    /// It is about that, too.
    fn add_topic(&mut self, topic: WordId) {
        if self.topics.len() < TOPICS_MAX
            && let Err(place) = self.topics.binary_search(&topic)
        {
            self.topics.insert(place, topic);
        }
    }

    /// The customer is known by that, too. True when that is news.
    fn add_identifier(&mut self, identifier: u64) -> bool {
        if self.customer.len() < IDENTIFIERS_MAX
            && let Err(place) = self.customer.binary_search(&identifier)
        {
            self.customer.insert(place, identifier);
            return true;
        }
        false
    }

    fn base(&self) -> Option<&Machine> {
        self.past.as_ref().and_then(|past| past.base.as_ref())
    }

    /// What holds around it at a moment, as far as it knew then.
    fn around<'a>(&'a self, at_ms: UnixMs, around: Surroundings<'a>) -> Surroundings<'a> {
        let restarts_ms = self.past.as_ref().map_or(&[][..], |past| &past.restarts_ms);
        Surroundings { now_ms: at_ms, restarts_ms, ..around }
    }

    /// Takes what is new and counts the difference. Says when to look again.
    pub(super) fn look(&mut self, key: u64, news: &News<'_>, desk: &mut Desk<'_>) -> UnixMs {
        let Desk { before, now, ledgers, feeds, around } = desk;
        let restarts_ms = &feeds[usize::from(self.channel)].restarts_ms;
        let around = Surroundings { restarts_ms, ..*around };
        self.derive(before, &mut now.machine, around);
        self.take_fact(news.fact, &mut now.machine, around);
        news.topics.iter().for_each(|topic| self.add_topic(*topic));
        let identifiers = news.customer.iter();
        if identifiers.filter(|one| self.add_identifier(**one)).count() > 0 {
            ledgers.regulars.link(&self.customer, ledgers.books);
        }
        let finished_ms = now.machine.finish(around);
        now.at_ms = around.now_ms;
        self.tell(now);
        let settled = before.settled_in(now);
        before.read(self.channel, (None, settled), ledgers);
        let due_ms = now.read(self.channel, (Some(before), settled), ledgers);
        now.replace(before, (key, self.channel), ledgers);
        self.is_done = now.is_done();
        self.counted_ms = Some(around.now_ms);
        self.keep_restarts(&now.machine.restarts_ms);
        let is_clear = self.is_clear() || self.facts.len() >= UNCLEAR * around.facts_max;
        if self.facts.len() >= around.facts_max && is_clear {
            self.condense(key, desk);
        }
        due_ms.min(finished_ms)
    }

    /// Derives what it was counted as; nothing for a new contact. The other machine comes to stand
    /// where the facts lead, before time has its say.
    fn derive(&self, before: &mut Course, now: &mut Machine, around: Surroundings<'_>) {
        now.reset(self.base());
        let Some(counted_ms) = self.counted_ms else { return before.clear() };
        let around = self.around(counted_ms, around);
        now.run(&self.facts, around);
        before.machine.become_like(now);
        before.machine.finish(around);
        before.at_ms = counted_ms;
        self.tell(before);
    }

    /// Takes a fact to its place, and the machine to where all facts lead.
    fn take_fact(&mut self, fact: Option<Fact>, machine: &mut Machine, around: Surroundings<'_>) {
        let Some(fact) = fact else { return };
        let is_last = self.insert(fact);
        if !is_last || !machine.go_on(self.base(), &self.facts, around) {
            machine.reset(self.base());
            machine.run(&self.facts, around);
        }
    }

    /// What a course has to know beside the machine.
    fn tell(&self, course: &mut Course) {
        course.like = Like::NOW;
        course.topics.clear();
        course.topics.extend_from_slice(&self.topics);
        course.customer = self.customer.first().copied();
        course.earlier.clear();
        if let Some(past) = &self.past {
            course.earlier.extend_from_slice(&past.earlier);
        }
    }

    fn keep_restarts(&mut self, restarts_ms: &[UnixMs]) {
        if !restarts_ms.is_empty() || self.past.is_some() {
            let past = self.past.get_or_insert_default();
            past.restarts_ms = restarts_ms.to_vec();
            past.restarts_ms.sort_unstable();
            past.restarts_ms.dedup();
        }
    }

    /// What it counts as, whole: `desk.before`.
    fn course(&self, desk: &mut Desk<'_>) {
        let Desk { before: course, ledgers, around, .. } = desk;
        course.clear();
        let Some(counted_ms) = self.counted_ms else { return };
        let around = self.around(counted_ms, *around);
        course.machine.reset(self.base());
        course.machine.run(&self.facts, around);
        course.machine.finish(around);
        course.at_ms = counted_ms;
        self.tell(course);
        course.read(self.channel, Default::default(), ledgers);
    }

    /// No further fact can show the older half of the facts in another light: it is known what the
    /// contact is made of, and nothing more will be of the same time as they.
    fn is_clear(&self) -> bool {
        let ends = self.facts.first().zip(self.facts.last());
        let is_said = self.base().is_some() || self.facts.iter().any(Fact::says_class);
        is_said && ends.is_some_and(|(first, last)| first.at_ms < last.at_ms)
    }

    /// The older half of the facts becomes a state, into which nothing can be inserted any more;
    /// what it led to stays counted as it is.
    fn condense(&mut self, key: u64, desk: &mut Desk<'_>) {
        let (channel, around) = (self.channel, desk.around);
        desk.now.read(channel, Default::default(), &desk.ledgers);
        let kept = &mut *desk.now;
        let past = self.past.get_or_insert_default();
        let base = past.base.get_or_insert_with(Machine::new);
        let old = older_half(&self.facts);
        base.run_first(&self.facts[..old], &kept.machine, around);
        self.facts.drain(..old);
        let settled = base.segments.len().saturating_sub(1).min(kept.postings.len());
        let came_in = base.segments[..settled].iter().rev().find(|one| one.first);
        base.once.came_in = came_in.map(|one| (one.offered_at_ms, one.queue)).or(base.once.came_in);
        base.segments.drain(..settled);
        kept.machine.segments.drain(..settled);
        let gone = kept.postings.drain(..settled).filter(|one| one.first && one.offered);
        past.earlier.extend(gone.map(|one| (one.offered_at_ms, one.queue, one.agent)));
        let too_many = past.earlier.len().saturating_sub(EARLIER_MAX);
        past.earlier.drain(..too_many);
        let marks = base.marks.len().min(kept.machine.marks.len());
        base.marks.clear();
        kept.machine.marks.drain(..marks);
        let spans = base.spans.len().min(kept.machine.spans.len());
        base.spans.clear();
        kept.machine.spans.drain(..spans);
        let stays = base.drop_stopped_clocks();
        let place = |clock: usize| stays[..clock.min(stays.len())].iter().filter(|it| **it).count();
        let later = stays.len() - place(stays.len());
        kept.promises.retain_mut(|(promise, _)| {
            let clock = usize::from(promise.clock);
            let is_later = clock >= stays.len();
            let now = if is_later { clock - later } else { place(clock) };
            promise.clock = u16::try_from(now).unwrap_or(u16::MAX);
            is_later || stays[clock]
        });
        // With fewer facts the rest may look different: it counts as it will be derived.
        self.tell(desk.now);
        self.course(desk);
        let Desk { before: derived, now: kept, ledgers, .. } = desk;
        ledgers.books.open();
        kept.settled_in(derived);
        derived.replace(kept, (key, channel), ledgers);
    }

    /// When it may be forgotten.
    pub(super) fn forgotten_ms(&self, memory_ms: Millis) -> UnixMs {
        self.touched_ms.saturating_add(memory_ms + 1)
    }

    /// Takes it out of everything live; who still waited counts as lost.
    pub(super) fn give_up(self, key: u64, desk: &mut Desk<'_>) {
        self.course(desk);
        desk.before.give_up(key, self.channel, &mut desk.ledgers);
    }

    /// Puts all of it into cells that are counted, or keep the last hour, from now on.
    pub(super) fn put_anew(&self, key: u64, only: Only, desk: &mut Desk<'_>) {
        self.course(desk);
        desk.before.put_anew(key, self.channel, only, &mut desk.ledgers);
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
