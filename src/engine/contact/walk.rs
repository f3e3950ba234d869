//! How a state goes through a contact's facts.
//!
//! They are sorted by their own time. Networks that count in whole seconds give several the same,
//! and a telephone switch writes those in any order: of them the one that makes sense in the
//! present state goes first ([`ContactState::turn`]). What is said in writing stays in the order
//! in which it arrived. Where the network numbers them, its numbers decide before all that.

use smallvec::SmallVec;

use super::closing::is_one_act;
use super::fact::{Fact, Place, What};
use super::progress::Phase;
use super::state::{ContactState, Surroundings};
use crate::engine::ids::{AgentId, Class};
use crate::engine::people::Work;
use crate::event::Medium;

/// Facts of the same time among which the one that makes sense is looked for. Of more the first so
/// many come first, by their place.
const TOGETHER_MAX: usize = 64;

/// Whose turn it is among facts of the same time: the lower the sooner.
mod turns {
    /// Out of a queue at once: before anything else.
    pub(super) const LEFT_AT_ONCE: u8 = 0;
    /// Into a queue, and answered there at once.
    pub(super) const ANSWERED_AT_ONCE: u8 = 1;
    pub(super) const AS_USUAL: u8 = 2;
    /// The end of a stay that has not begun yet.
    pub(super) const WAITS_FOR_ITS_STAY: u8 = 3;
    /// The beginning of the next stay: the present one ends first.
    pub(super) const WAITS_FOR_AN_END: u8 = 4;
    /// What a contact is about is known once it has begun.
    pub(super) const TOPICS: u8 = 5;
}

impl ContactState {
    /// Takes all facts, which are sorted.
    pub(super) fn run(&mut self, facts: &[Fact], around: Surroundings<'_>) {
        self.prepare(facts);
        self.run_on(facts, facts.len(), around);
    }

    /// What all facts say together.
    pub(super) fn prepare(&mut self, facts: &[Fact]) {
        if !self.progress.is_class_known {
            self.progress.class = Class::of_all(facts);
        }
        self.learn_undelivered(facts);
        self.learn_medium(facts);
    }

    /// The first medium that is told.
    pub(super) fn learn_medium(&mut self, facts: &[Fact]) {
        if self.progress.medium == Medium::Unknown {
            let mut known = facts.iter().map(|fact| fact.medium);
            let known = known.find(|one| *one != Medium::Unknown);
            self.progress.medium = known.unwrap_or_default();
        }
    }

    /// With these new ones among them all facts say the same class as those before.
    pub(super) fn is_class_of(
        &self,
        base: Option<&ContactState>,
        facts: &[Fact],
        new: &[Fact],
    ) -> bool {
        let class = self.progress.class;
        let agrees = |it: &Fact| it.supposed_class().is_none_or(|said| said == class);
        base.is_some() || new.iter().all(agrees) || class == Class::of_all(facts)
    }

    /// Goes on with the last `count` facts, where it has taken the others from `base` on. False
    /// when that may lead elsewhere than taking all of them.
    pub(super) fn go_on(
        &mut self,
        base: Option<&ContactState>,
        (facts, count): (&[Fact], usize),
        around: Surroundings<'_>,
    ) -> bool {
        let (others, new) = facts.split_at(facts.len() - count);
        let Some(first) = new.first() else { return true };
        let is_same_class = self.is_class_of(base, facts, new);
        let is_later = others.last().is_none_or(|before| before.at_ms < first.at_ms);
        let looks_back = others
            .last()
            .is_some_and(|before| new.iter().any(|fact| ContactState::looks_back(fact, before)));
        let tells_of_failed = new.iter().any(|it| matches!(it.what, What::Undelivered { .. }));
        // Of whom it was not known that they are in a ticket, silence may have ended a contact.
        let medium = new.iter().map(|fact| fact.medium).find(|one| *one != Medium::Unknown);
        let is_new_medium =
            self.progress.medium == Medium::Unknown && medium == Some(Medium::Ticket);
        if !is_same_class
            || !is_later
            || looks_back
            || is_one_act(others, new)
            || tells_of_failed
            || (is_new_medium && !others.is_empty())
        {
            return false;
        }
        if self.progress.medium == Medium::Unknown {
            self.progress.medium = medium.unwrap_or_default();
        }
        self.run_on(new, new.len(), around);
        true
    }

    /// Takes the first of all facts, of which the others are known already: `all` is where they
    /// lead together.
    pub(super) fn run_first(
        &mut self,
        facts: &[Fact],
        all: &ContactState,
        around: Surroundings<'_>,
    ) {
        (self.progress.class, self.progress.is_class_known) = (all.progress.class, true);
        self.progress.medium = all.progress.medium;
        self.share_undelivered(all);
        self.run_on(facts, facts.len(), around);
    }

    fn rings_at(&self, agent: AgentId) -> bool {
        self.work.iter().any(|it| it.work == Work::Ringing && it.agent == agent)
    }

    /// Takes the first `count` facts; what they mean may depend on those after them.
    pub(super) fn run_on(&mut self, facts: &[Fact], count: usize, around: Surroundings<'_>) {
        let mut rest = facts;
        while let [first, ..] = rest
            && rest.len() > facts.len() - count
        {
            let at_once = rest.iter().take_while(|fact| fact.at_ms == first.at_ms);
            let together = at_once.take(TOGETHER_MAX).count();
            match &rest[..together] {
                [only] => self.step(only, rest, around),
                group if self.progress.class == Class::Written => {
                    self.step_in_writing(group, rest, around);
                }
                group => self.step_together(group, rest, around),
            }
            rest = &rest[together..];
        }
    }

    /// Facts of the same time that are said in writing: as they arrived, and topics once the
    /// contact has begun.
    fn step_in_writing(&mut self, group: &[Fact], rest: &[Fact], around: Surroundings<'_>) {
        let is_topic = |fact: &&Fact| matches!(fact.what, What::About(_));
        let (said, topics) =
            (group.iter().filter(|it| !is_topic(it)), group.iter().filter(is_topic));
        for fact in said.chain(topics) {
            self.step(fact, rest, around);
        }
    }

    /// Facts of a call of the same time: again and again the one whose turn it is.
    fn step_together(&mut self, group: &[Fact], rest: &[Fact], around: Surroundings<'_>) {
        let mut left: SmallVec<[&Fact; 8]> = group.iter().collect();
        // Of those that the network numbers, the next one only. Topics wait in any case.
        let is_told = |fact: &&&Fact| fact.place.is_told() && !matches!(fact.what, What::About(_));
        while let Some((index, _)) = {
            let next = left.iter().filter(is_told).map(|fact| fact.place).min();
            let may_come = |fact: &&Fact| !is_told(&fact) || Some(fact.place) == next;
            let candidates = left.iter().enumerate().filter(|(_, fact)| may_come(fact));
            candidates.min_by_key(|(_, fact)| self.place(fact, &left))
        } {
            let fact = left.remove(index);
            self.step(fact, rest, around);
        }
    }

    fn place(&self, fact: &Fact, group: &[&Fact]) -> (u8, u8, Place) {
        (self.turn(fact, group), fact.what.rank(), fact.place)
    }

    /// When, among a call's facts of the same time, it is this one's turn.
    fn turn(&self, fact: &Fact, group: &[&Fact]) -> u8 {
        use What::{Abandoned, Answered, Left, Queued, TalkEnded, Transferred};
        let gives_up = |it: &Fact| matches!(it.what, Abandoned | Left(_));
        let leaves = |it: &Fact| gives_up(it) || matches!(it.what, Transferred { .. });
        let is_there = |it: &&&Fact| it.queue == fact.queue;
        let left_at_once = || group.iter().filter(is_there).any(|it| leaves(it));
        let had_at_once = || {
            let mut there = group.iter().filter(is_there);
            there.any(|it| matches!(it.what, Answered | TalkEnded))
        };
        let is_here = self.is_here(fact);
        match (self.progress.phase, fact.what) {
            (_, What::About(_)) => turns::TOPICS,
            // An end that belongs to another stay waits for that stay to begin.
            (Phase::Waiting, _) if leaves(fact) && !is_here => turns::WAITS_FOR_ITS_STAY,
            // Handed on into one queue, and from there at once into the next.
            (Phase::Tentative, Queued)
                if !is_here && group.iter().any(|it| leaves(it) && self.is_here(it)) =>
            {
                turns::WAITS_FOR_AN_END
            }
            // One who waits, or talks, leaves before entering anew.
            (Phase::Waiting | Phase::Open, Queued) => turns::WAITS_FOR_AN_END,
            // Answered in the next stay, of which the same moment tells the beginning.
            (Phase::Waiting, Answered) => {
                let leaves_here = group.iter().any(|it| leaves(it) && self.is_here(it));
                let enters_there =
                    group.iter().any(|it| it.what == Queued && it.queue == fact.queue);
                let is_of_the_next =
                    if is_here { leaves_here && enters_there } else { leaves_here || enters_there };
                if is_of_the_next { turns::WAITS_FOR_ITS_STAY } else { turns::AS_USUAL }
            }
            (Phase::Open, Answered) if !is_here || self.others_talk(fact.agent) => {
                turns::WAITS_FOR_AN_END
            }
            // Who gave up before anybody talked to them has not been answered: the line is cut, no more.
            (Phase::Tentative | Phase::Waiting, TalkEnded)
                if is_here && group.iter().any(|it| gives_up(it) && self.is_here(it)) =>
            {
                turns::WAITS_FOR_AN_END
            }
            // Of several queues, the one that is left again at once comes first.
            (_, Queued) if left_at_once() => turns::LEFT_AT_ONCE,
            (_, Queued) if had_at_once() => turns::ANSWERED_AT_ONCE,
            (Phase::Over, What::Reopened) => turns::LEFT_AT_ONCE,
            // It rings once more at the same agent: the ring before has ended first.
            (_, What::Ringing) if self.rings_at(fact.agent) => turns::WAITS_FOR_AN_END,
            (Phase::Open, What::Resumed) if self.work.iter().any(|it| it.work == Work::Hold) => {
                turns::LEFT_AT_ONCE
            }
            _ => turns::AS_USUAL,
        }
    }
}
