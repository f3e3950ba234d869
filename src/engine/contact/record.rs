//! One contact: what is remembered of it, and how a look at it changes the cells.
//!
//! Its facts are all that is kept, and the moment of the last look: what it then counted as
//! follows from them ([`Counted`]). So a fact that arrives late, twice or out of order costs no
//! more than any other, and a contact is small.

use serde::{Deserialize, Serialize};

use super::counted::{CameIn, Counted, Targets};
use super::difference::Whose;
use super::fact::Fact;
use super::state::{ContactState, Surroundings};
use crate::engine::cells::Only;
use crate::engine::feed::FeedLog;
use crate::engine::ids::WordId;
use crate::engine::timers::NEVER;
use crate::event::{Millis, UnixMs};
use smallvec::SmallVec;

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
pub(in crate::engine) struct Contact {
    pub(in crate::engine) channel: u16,
    /// Nothing more is due in it.
    pub(in crate::engine) is_done: bool,
    /// Sorted.
    facts: Vec<Fact>,
    /// Sorted.
    topics: SmallVec<[WordId; 4]>,
    /// Hashes of the customer's identifiers, sorted.
    customer: SmallVec<[u64; 2]>,
    past: Option<Box<Past>>,
    /// When it was last looked at: it counts as it then was. None yet of a new one.
    counted_ms: Option<UnixMs>,
    /// When it was last heard of.
    pub(in crate::engine) touched_ms: UnixMs,
    /// When time alone will change what it counts as.
    pub(in crate::engine) due_ms: UnixMs,
    /// The earliest timer that is set for it.
    pub(in crate::engine) timer_ms: UnixMs,
}

/// What few contacts have.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Past {
    /// Where the facts that are no longer kept have led.
    base: Option<ContactState>,
    /// Times that the customer came in, of stays that are no longer kept: they become visits when
    /// the customer is recognised later.
    earlier: Vec<CameIn>,
    /// Restarts of the network's side that mattered at the last look, sorted.
    restarts_ms: Vec<UnixMs>,
}

/// What a look at a contact has to take into account; nothing where only time has passed.
#[derive(Default)]
pub(in crate::engine) struct News<'a> {
    pub(in crate::engine) fact: Option<Fact>,
    pub(in crate::engine) topics: &'a [WordId],
    /// Hashes of the customer's identifiers.
    pub(in crate::engine) customer: &'a [u64],
}

/// What a contact is looked at with. The courses are memory that one contact after another uses.
pub(in crate::engine) struct Workspace<'a> {
    pub(in crate::engine) before: &'a mut Counted,
    pub(in crate::engine) now: &'a mut Counted,
    pub(in crate::engine) feeds: &'a [FeedLog],
    /// But for the restarts, which belong to the channel.
    pub(in crate::engine) around: Surroundings<'a>,
    pub(in crate::engine) targets: Targets<'a>,
}

impl Contact {
    pub(in crate::engine) fn new(channel: u16) -> Self {
        Contact {
            channel,
            is_done: false,
            facts: Vec::new(),
            topics: SmallVec::new(),
            customer: SmallVec::new(),
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

    fn whose(&self, key: u64) -> Whose {
        Whose { key, channel: self.channel }
    }

    fn base(&self) -> Option<&ContactState> {
        self.past.as_ref().and_then(|past| past.base.as_ref())
    }

    /// What holds around it at a moment, as far as it knew then.
    fn around<'a>(&'a self, at_ms: UnixMs, around: Surroundings<'a>) -> Surroundings<'a> {
        let restarts_ms = self.past.as_ref().map_or(&[][..], |past| &past.restarts_ms);
        Surroundings { now_ms: at_ms, restarts_ms, ..around }
    }

    /// Takes what is new and counts the difference. Says when to look again.
    pub(in crate::engine) fn update(
        &mut self,
        key: u64,
        news: &News<'_>,
        workspace: &mut Workspace<'_>,
    ) -> UnixMs {
        let Workspace { before, now, targets, feeds, around } = workspace;
        let restarts_ms = &feeds[usize::from(self.channel)].restarts_ms;
        let around = Surroundings { restarts_ms, ..*around };
        self.derive(before, &mut now.state, around);
        self.take_fact(news.fact, &mut now.state, around);
        news.topics.iter().for_each(|topic| self.add_topic(*topic));
        let identifiers = news.customer.iter();
        if identifiers.filter(|one| self.add_identifier(**one)).count() > 0 {
            targets.regulars.link(&self.customer, targets.cells);
        }
        let finished_ms = now.state.finish(around);
        now.at_ms = around.now_ms;
        self.tell(now);
        let settled = before.settled_in(now);
        before.read(self.channel, (None, settled), targets);
        let due_ms = now.read(self.channel, (Some(before), settled), targets);
        now.replace(before, self.whose(key), targets);
        self.is_done = now.is_done();
        self.counted_ms = Some(around.now_ms);
        self.keep_restarts(&now.state.restarts_ms);
        let is_clear = self.is_clear() || self.facts.len() >= UNCLEAR * around.facts_max;
        if self.facts.len() >= around.facts_max && is_clear {
            self.condense(key, workspace);
        }
        due_ms.min(finished_ms)
    }

    /// Derives what it was counted as; nothing for a new contact. The other state comes to stand
    /// where the facts lead, before time has its say.
    fn derive(&self, before: &mut Counted, now: &mut ContactState, around: Surroundings<'_>) {
        now.reset(self.base());
        let Some(counted_ms) = self.counted_ms else { return before.clear() };
        let around = self.around(counted_ms, around);
        now.run(&self.facts, around);
        before.state.clone_from(now);
        before.state.finish(around);
        before.at_ms = counted_ms;
        self.tell(before);
    }

    /// Takes a fact to its place, and the state to where all facts lead.
    fn take_fact(
        &mut self,
        fact: Option<Fact>,
        state: &mut ContactState,
        around: Surroundings<'_>,
    ) {
        let Some(fact) = fact else { return };
        let is_last = self.insert(fact);
        if !is_last || !state.go_on(self.base(), &self.facts, around) {
            state.reset(self.base());
            state.run(&self.facts, around);
        }
    }

    /// What a course has to know beside the state.
    fn tell(&self, course: &mut Counted) {
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

    /// What it counts as, whole: `workspace.before`.
    fn course(&self, workspace: &mut Workspace<'_>) {
        let Workspace { before: course, targets, around, .. } = workspace;
        course.clear();
        let Some(counted_ms) = self.counted_ms else { return };
        let around = self.around(counted_ms, *around);
        course.state.reset(self.base());
        course.state.run(&self.facts, around);
        course.state.finish(around);
        course.at_ms = counted_ms;
        self.tell(course);
        course.read(self.channel, Default::default(), targets);
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
    fn condense(&mut self, key: u64, workspace: &mut Workspace<'_>) {
        let (channel, around) = (self.channel, workspace.around);
        workspace.now.read(channel, Default::default(), &workspace.targets);
        let kept = &mut *workspace.now;
        let past = self.past.get_or_insert_default();
        let base = past.base.get_or_insert_with(ContactState::new);
        let old = older_half(&self.facts);
        base.run_first(&self.facts[..old], &kept.state, around);
        self.facts.drain(..old);
        let settled = base.stays.len().saturating_sub(1).min(kept.stays.len());
        let came_in = base.stays[..settled].iter().rev().find(|one| one.first);
        base.progress.once.came_in =
            came_in.map(|one| (one.offered_at_ms, one.queue)).or(base.progress.once.came_in);
        base.stays.drain(..settled);
        kept.state.stays.drain(..settled);
        let gone = kept.stays.drain(..settled).filter(|one| one.first && one.offered);
        past.earlier.extend(gone.map(|one| (one.offered_at_ms, one.queue, one.agent)));
        let too_many = past.earlier.len().saturating_sub(EARLIER_MAX);
        past.earlier.drain(..too_many);
        let marks = base.marks.len().min(kept.state.marks.len());
        base.marks.clear();
        kept.state.marks.drain(..marks);
        let spans = base.spans.len().min(kept.state.spans.len());
        base.spans.clear();
        kept.state.spans.drain(..spans);
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
        self.tell(workspace.now);
        self.course(workspace);
        let Workspace { before: derived, now: kept, targets, .. } = workspace;
        kept.settled_in(derived);
        derived.replace(kept, Whose { key, channel }, targets);
    }

    /// When it may be forgotten.
    pub(in crate::engine) fn forgotten_ms(&self, memory_ms: Millis) -> UnixMs {
        self.touched_ms.saturating_add(memory_ms + 1)
    }

    /// Takes it out of everything live; who still waited counts as lost.
    pub(in crate::engine) fn give_up(self, key: u64, workspace: &mut Workspace<'_>) {
        self.course(workspace);
        workspace.before.give_up(self.whose(key), &mut workspace.targets);
    }

    /// Puts all of it into cells that are counted, or keep the last hour, from now on.
    pub(in crate::engine) fn put_anew(&self, key: u64, only: Only, workspace: &mut Workspace<'_>) {
        self.course(workspace);
        workspace.before.put_anew(self.whose(key), only, &mut workspace.targets);
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
