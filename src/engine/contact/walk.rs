//! How a machine goes through a contact's facts.
//!
//! They are sorted by their own time. Networks that count in whole seconds give several the same:
//! of those, the one that makes sense in the present state goes first ([`ContactState::turn`]).

use super::fact::{Fact, What};
use super::state::{ContactState, Phase, Surroundings};
use crate::engine::ids::Class;
use crate::engine::people::Work;
use crate::event::Medium;

impl ContactState {
    /// Takes all facts, which are sorted by time.
    pub(in crate::engine) fn run(&mut self, facts: &[Fact], around: Surroundings<'_>) {
        self.prepare(facts);
        self.walk(facts, around);
    }

    /// What all facts say together.
    fn prepare(&mut self, facts: &[Fact]) {
        if self.progress.phase == Phase::Idle {
            self.progress.class = Class::of_all(facts);
        }
        if self.progress.traits.medium == Medium::Unknown {
            let mut known = facts.iter().map(|fact| fact.medium);
            let known = known.find(|one| *one != Medium::Unknown);
            self.progress.traits.medium = known.unwrap_or_default();
        }
    }

    /// Goes on with the last of all facts, where it has taken the others from `base` on. False
    /// when that may lead elsewhere than taking all of them.
    pub(in crate::engine) fn go_on(
        &mut self,
        base: Option<&ContactState>,
        facts: &[Fact],
        around: Surroundings<'_>,
    ) -> bool {
        let [others @ .., last] = facts else { return true };
        let began = base.is_some_and(|base| base.progress.phase != Phase::Idle);
        let same_class = began || self.progress.class == Class::of_all(facts);
        let is_later = others.last().is_none_or(|before| before.at_ms < last.at_ms);
        if !same_class || !is_later {
            return false;
        }
        if self.progress.traits.medium == Medium::Unknown {
            self.progress.traits.medium = last.medium;
        }
        self.step(last, around);
        true
    }

    /// Takes the first of all facts, of which the others are known already: `all` is where they
    /// lead together.
    pub(in crate::engine) fn run_first(
        &mut self,
        facts: &[Fact],
        all: &ContactState,
        around: Surroundings<'_>,
    ) {
        self.progress.class = all.progress.class;
        self.progress.traits.medium = all.progress.traits.medium;
        self.walk(facts, around);
    }

    fn walk(&mut self, facts: &[Fact], around: Surroundings<'_>) {
        let mut rest = facts;
        while let [first, ..] = rest {
            let together = rest.iter().take_while(|fact| fact.at_ms == first.at_ms).count();
            let (group, later) = rest.split_at(together);
            match group {
                [only] => self.step(only, around),
                _ => self.step_together(group, around),
            }
            rest = later;
        }
    }

    /// Facts of the same time: again and again the one whose turn it is.
    fn step_together(&mut self, group: &[Fact], around: Surroundings<'_>) {
        let mut left: Vec<&Fact> = group.iter().collect();
        while let Some((index, _)) =
            left.iter().enumerate().min_by_key(|(_, fact)| (self.turn(fact, &left), **fact))
        {
            let fact = left.remove(index);
            self.step(fact, around);
        }
    }

    /// When, among facts of the same time, it is this one's turn: the lower the sooner.
    fn turn(&self, fact: &Fact, group: &[&Fact]) -> u8 {
        let ends_here = |other: &Fact| {
            use What::{Abandoned, Answered, Left, TalkEnded, Transferred};
            let ends = matches!(other.what, Abandoned | Answered | Left(_) | Transferred { .. });
            (ends || other.what == TalkEnded) && other.queue == fact.queue
        };
        match (self.progress.phase, fact.what) {
            // An end that belongs to another stay waits for that stay to begin.
            (Phase::Waiting, What::Abandoned | What::Left(_) | What::Transferred { .. })
                if !self.is_here(fact) =>
            {
                3
            }
            // One who waits, or talks, leaves before entering anew.
            (Phase::Waiting | Phase::Open, What::Queued) => 4,
            (Phase::Open, What::Answered)
                if !self.is_here(fact) || self.others_talk(fact.agent) =>
            {
                4
            }
            // Of several queues, the one that is left again at once comes first.
            (_, What::Queued) if group.iter().any(|other| ends_here(other)) => 0,
            (Phase::Over, What::Reopened) => 0,
            (Phase::Open, What::Resumed) if self.work.iter().any(|(_, w, _)| *w == Work::Hold) => 0,
            _ => 1,
        }
    }
}
