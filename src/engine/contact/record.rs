//! One contact: what is remembered of it, and how a look at it changes the cells.
//!
//! Its facts are all that is kept, and the moment of the last look: what it then counted as
//! follows from them ([`Counted`]). So a fact that arrives late, twice or out of order costs no
//! more than any other, and a contact is small.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::counted::{CameIn, Counted, Targets};
use super::difference::Whose;
use super::fact::{Fact, What};
use super::reopening::Reopenings;
use super::state::{ContactState, Surroundings};
use super::walked::{self, Walked};
use crate::engine::cells::Only;
use crate::engine::feed::FeedLog;
use crate::engine::rules::{Limits, Tells, Told};
use crate::engine::timers::NEVER;
use crate::event::UnixMs;

/// Times that one contact's customer came in that are remembered beyond its facts.
const EARLIER_MAX: usize = 32;
/// So many times as many facts are kept of a contact of which it is not clear yet what it is.
const UNCLEAR: usize = 4;
/// Facts for which room is made at once.
const FACTS_MORE: usize = 2;
/// Identifiers of one contact's customer.
const IDENTIFIERS_MAX: usize = 16;

/// What is remembered of one contact: its facts, and when it was looked at last.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::engine) struct Contact {
    pub(in crate::engine) channel: u16,
    /// Nothing more is due in it.
    pub(in crate::engine) is_done: bool,
    /// Something is promised that has neither come nor been dropped.
    is_promised: bool,
    /// Sorted.
    facts: Vec<Fact>,
    /// Hashes of the customer's identifiers, sorted.
    customer: SmallVec<[u64; 2]>,
    past: Option<Box<Past>>,
    /// When it was last looked at: it counts as it then was. None yet of a new one.
    counted_ms: Option<UnixMs>,
    /// What was known then of what its network tells.
    tells: Tells,
    /// When time alone will change one of its promises.
    promises_due_ms: UnixMs,
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
    /// When the last of those happened: nothing can be inserted before it.
    base_ms: UnixMs,
    /// Times that the customer came in, of stays that are no longer kept: they become visits when
    /// the customer is recognised later.
    earlier: Vec<CameIn>,
    /// Restarts of the network's side that mattered at the last look, sorted.
    restarts_ms: Vec<UnixMs>,
    /// Where the older of many facts lead.
    #[serde(skip)]
    walked: Option<Walked>,
}

/// What a look at a contact has to take into account; nothing where only time has passed.
#[derive(Default)]
pub(in crate::engine) struct News<'a> {
    /// Of one event.
    pub(in crate::engine) facts: &'a [Fact],
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
            is_promised: false,
            facts: Vec::new(),
            customer: SmallVec::new(),
            past: None,
            counted_ms: None,
            tells: Tells::default(),
            promises_due_ms: NEVER,
            touched_ms: 0,
            due_ms: NEVER,
            timer_ms: NEVER,
        }
    }

    /// Takes a fact to its place by time. True when it is the last.
    fn insert(&mut self, fact: Fact) -> bool {
        if self.facts.len() == self.facts.capacity() {
            // Few contacts have many.
            self.facts.reserve_exact(FACTS_MORE.max(self.facts.len() / 4));
        }
        let later = self.facts.iter().rev().take_while(|held| **held > fact).count();
        let place = self.facts.len() - later;
        self.facts.insert(place, fact);
        if let Some(past) = &mut self.past {
            let base = past.base.as_ref();
            past.walked.take_if(|it| !it.holds_with(&self.facts, place, base));
        }
        later == 0
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
        Surroundings { now_ms: at_ms, restarts_ms, tells: self.tells, ..around.on(self.channel) }
    }

    /// Takes what is new and counts the difference. Says when to look again.
    pub(in crate::engine) fn update(
        &mut self,
        key: u64,
        news: &News<'_>,
        workspace: &mut Workspace<'_>,
    ) -> UnixMs {
        let Workspace { before, now, targets, feeds, around } = workspace;
        let feed = &feeds[usize::from(self.channel)];
        let around = Surroundings {
            restarts_ms: &feed.restarts_ms,
            tells: feed.tells,
            ..around.on(self.channel)
        };
        self.derive(before, &mut now.state, around);
        self.take_facts(news.facts, &mut now.state, around);
        let identifiers = news.customer.iter();
        if identifiers.filter(|one| self.add_identifier(**one)).count() > 0 {
            targets.regulars.link(&self.customer, targets.cells);
        }
        let finished_ms = now.state.finish(around);
        now.at_ms = around.now_ms;
        self.tell(now);
        let settled = before.settled_in(now, self.promises_due_ms);
        before.derive(self.channel, (None, settled), around, targets);
        let due = now.derive(self.channel, (Some(before), settled), around, targets);
        now.replace(before, self.whose(key), targets);
        if !settled.are_promises_same {
            (self.promises_due_ms, self.is_promised) = (due.promises_ms, now.is_promised());
        }
        let is_done = now.is_done();
        (self.counted_ms, self.tells) = (Some(around.now_ms), feed.tells);
        self.keep_restarts(&now.state.restarts_ms);
        self.keep_walked(around);
        let facts_max = around.limits.facts_max;
        if let Some(old) = self.condensable(facts_max) {
            workspace.around.tells = feed.tells;
            self.condense(key, old, workspace);
        }
        self.is_done = is_done && !self.is_promised;
        due.stays_ms.min(self.promises_due_ms).min(finished_ms)
    }

    /// It happened before what is kept of the contact: it cannot be counted any more.
    pub(in crate::engine) fn is_too_late(&self, at_ms: UnixMs) -> bool {
        self.past.as_ref().is_some_and(|past| past.base.is_some() && at_ms <= past.base_ms)
    }

    /// It says of a message of ours that it failed, and that message is no longer kept: its reply
    /// stays counted.
    pub(in crate::engine) fn has_let_go_of(&self, fact: &Fact) -> bool {
        let What::Undelivered { of } = fact.what else { return false };
        let is_it = |it: &Fact| matches!(it.what, What::Agent { id, .. } if id == of);
        self.base().is_some_and(|base| !base.is_undelivered(of)) && !self.facts.iter().any(is_it)
    }

    /// Its network tells something by now that was not known when it was last looked at.
    pub(in crate::engine) fn is_outdated(&self, feeds: &[FeedLog]) -> bool {
        self.tells != feeds[usize::from(self.channel)].tells
    }

    /// Derives what it was counted as; nothing for a new contact. The other state comes to stand
    /// where the facts lead, before time has its say.
    fn derive(&self, before: &mut Counted, now: &mut ContactState, around: Surroundings<'_>) {
        let Some(counted_ms) = self.counted_ms else {
            now.reset(self.base());
            return before.clear();
        };
        let then = self.around(counted_ms, around);
        self.lead(now, then);
        before.state.clone_from(now);
        before.state.finish(then);
        before.at_ms = counted_ms;
        self.tell(before);
        if self.tells != around.tells {
            self.lead(now, around);
        }
    }

    /// Where all facts lead, before time has its say.
    fn lead(&self, state: &mut ContactState, around: Surroundings<'_>) {
        let walked = self.past.as_ref().and_then(|past| past.walked.as_ref());
        if let Some(walked) = walked.filter(|it| it.fits(around.tells)) {
            return walked.lead(state, &self.facts, around);
        }
        state.reset(self.base());
        state.run(&self.facts, around);
    }

    fn keep_walked(&mut self, around: Surroundings<'_>) {
        if self.facts.len() < around.limits.many_facts {
            return;
        }
        let past = self.past.get_or_insert_default();
        let walked = past.walked.take();
        past.walked = walked::go_further(walked, past.base.as_ref(), &self.facts, around);
    }

    /// Takes facts of one event to their place, and the state to where all facts lead.
    fn take_facts(&mut self, new: &[Fact], state: &mut ContactState, around: Surroundings<'_>) {
        let mut are_last = true;
        for fact in new {
            are_last &= self.insert(*fact);
        }
        let facts = (&self.facts[..], new.len());
        if !are_last || !state.go_on(self.base(), facts, around) {
            self.lead(state, around);
        }
    }

    /// What has to be known beside the state.
    fn tell(&self, counted: &mut Counted) {
        counted.customer = self.customer.first().copied();
        counted.earlier.clear();
        if let Some(past) = &self.past {
            counted.earlier.extend_from_slice(&past.earlier);
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

    /// Where it stood when it was last looked at; nothing of one that was not yet.
    pub(super) fn as_counted(&self, around: Surroundings<'_>) -> Option<ContactState> {
        let around = self.around(self.counted_ms?, around);
        let mut state = ContactState::new();
        self.lead(&mut state, around);
        state.finish(around);
        Some(state)
    }

    /// What it counts as, whole: `workspace.before`. Says when time alone will change one of its
    /// promises.
    fn derive_whole(&self, workspace: &mut Workspace<'_>) -> UnixMs {
        let Workspace { before: counted, targets, around, .. } = workspace;
        counted.clear();
        let Some(counted_ms) = self.counted_ms else { return NEVER };
        let around = self.around(counted_ms, *around);
        self.lead(&mut counted.state, around);
        counted.state.finish(around);
        counted.at_ms = counted_ms;
        self.tell(counted);
        counted.derive(self.channel, Default::default(), around, targets).promises_ms
    }

    /// How many of the facts, about half, are old enough to be condensed. None while there are few
    /// or a further fact may show them in another light: it is not known what the contact is made
    /// of, or all is too new.
    fn condensable(&self, facts_max: usize) -> Option<usize> {
        let count = self.facts.len();
        if count < facts_max {
            return None;
        }
        let is_said = self.base().is_some() || self.facts.iter().any(Fact::says_class);
        let clear = || {
            let reopenings = Reopenings::of(&self.facts);
            older_half(count, |place| reopenings.stay_apart(&self.facts, place))
        };
        // Of far too many, facts of the same time at least stay together: which of them comes
        // first is decided among all of them.
        let parts = |place: usize| self.facts[place - 1].at_ms < self.facts[place].at_ms;
        let unclear = || older_half(count, parts).unwrap_or(count / 2);
        let clear = if is_said { clear() } else { None };
        clear.or_else(|| (count >= UNCLEAR * facts_max).then(unclear))
    }

    /// The older facts, so many, become a state, into which nothing can be inserted any more; what
    /// it led to stays counted as it is.
    fn condense(&mut self, key: u64, old: usize, workspace: &mut Workspace<'_>) {
        let (channel, around) = (self.channel, workspace.around);
        workspace.now.derive(channel, Default::default(), around, &workspace.targets);
        let kept = &mut *workspace.now;
        let past = self.past.get_or_insert_default();
        past.walked = None;
        let base = past.base.get_or_insert_with(ContactState::new);
        base.run_first(&self.facts[..old], &kept.state, around);
        past.base_ms = self.facts[old - 1].at_ms;
        self.facts.drain(..old);
        let dropped = base.drop_settled(around);
        past.earlier.extend(kept.drop(&dropped));
        let too_many = past.earlier.len().saturating_sub(EARLIER_MAX);
        past.earlier.drain(..too_many);
        // With fewer facts the rest may look different: it counts as it will be derived.
        self.tell(workspace.now);
        self.promises_due_ms = self.derive_whole(workspace);
        let Workspace { before: derived, now: kept, targets, .. } = workspace;
        self.is_promised = derived.is_promised();
        derived.replace(kept, Whose { key, channel }, targets);
    }

    /// When it may be forgotten.
    pub(in crate::engine) fn forgotten_ms(&self, limits: &Limits) -> UnixMs {
        let memory_ms = match self.tells.resolved {
            Told::Never => limits.memory_ms(),
            Told::Unknown | Told::Learned | Told::Declared => limits.reopen_memory_ms(),
        };
        self.touched_ms.saturating_add(memory_ms + 1)
    }

    /// Takes it out of everything live; who still waited counts as lost.
    pub(in crate::engine) fn give_up(self, key: u64, workspace: &mut Workspace<'_>) {
        self.derive_whole(workspace);
        workspace.before.give_up(self.whose(key), &mut workspace.targets);
    }

    /// Puts all of it into cells that are counted, or keep the last hour, from now on.
    pub(in crate::engine) fn put_anew(&self, key: u64, only: Only, workspace: &mut Workspace<'_>) {
        self.derive_whole(workspace);
        workspace.before.put_anew(self.whose(key), only, &mut workspace.targets);
    }
}

/// The place nearest to the middle, the first half rather than the second, where a list of so many
/// can be parted.
fn older_half(count: usize, can_part: impl Fn(usize) -> bool) -> Option<usize> {
    let half = count / 2;
    let first = (1..=half).rev().find(|place| can_part(*place));
    first.or_else(|| (half + 1..count).find(|place| can_part(*place)))
}
