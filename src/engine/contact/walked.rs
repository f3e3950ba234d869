//! Where the older facts of a contact with many lead: kept, so that one more event goes through
//! the newer ones only. It is not part of a snapshot: it follows from the facts.

use super::fact::{Fact, What};
use super::reopening::Reopenings;
use super::state::{ContactState, Surroundings};
use crate::engine::rules::Tells;
use crate::event::Medium;

/// A state, and the facts that led there.
#[derive(Clone, Debug)]
pub(super) struct Walked {
    state: ContactState,
    /// The first so many of the contact's.
    count: usize,
    tells: Tells,
}

/// The older facts of a contact, as far as they were gone through already.
pub(super) fn go_further(
    walked: Option<Walked>,
    base: Option<&ContactState>,
    facts: &[Fact],
    around: Surroundings<'_>,
) -> Option<Walked> {
    // The newest, at least so many, are gone through each time: events overtake each other.
    let newest = around.limits.many_facts / 8;
    let walked = walked.filter(|it| it.tells == around.tells);
    let from = walked.as_ref().map_or(0, |it| it.count);
    if facts.len() < from + 2 * newest {
        return walked;
    }
    let reopenings = Reopenings::of(&facts[from..]);
    let can_part = |place: &usize| reopenings.are_apart(facts, *place);
    let Some(count) = (from + 1..=facts.len() - newest).rev().find(can_part) else {
        return walked;
    };
    let mut walked = walked.unwrap_or_else(|| Walked::start(base, facts, around));
    walked.state.learn_medium(&facts[from..]);
    walked.state.run_on(&facts[from..], count - from, around);
    walked.count = count;
    Some(walked)
}

impl Walked {
    fn start(base: Option<&ContactState>, facts: &[Fact], around: Surroundings<'_>) -> Self {
        let mut state = base.cloned().unwrap_or_else(ContactState::new);
        state.prepare(facts);
        Walked { state, count: 0, tells: around.tells }
    }

    /// Where all facts lead.
    pub(super) fn lead(&self, state: &mut ContactState, facts: &[Fact], around: Surroundings<'_>) {
        state.clone_from(&self.state);
        let newer = &facts[self.count..];
        state.learn_medium(newer);
        state.run_on(newer, newer.len(), around);
    }

    /// It holds for what is asked.
    pub(super) fn fits(&self, tells: Tells) -> bool {
        self.tells == tells
    }

    /// It is still where these facts lead, now that there is a new one at that place.
    pub(super) fn holds_with(
        &self,
        facts: &[Fact],
        place: usize,
        base: Option<&ContactState>,
    ) -> bool {
        let (before, new) = (&facts[self.count - 1], &facts[place]);
        place >= self.count
            && before.at_ms < new.at_ms
            && !matches!(new.what, What::Undelivered { .. })
            && !ContactState::looks_back(new, before)
            && !self.is_of_another_medium(base, facts, new)
            && self.state.is_class_of(base, facts, std::slice::from_ref(new))
    }

    /// The medium is the first that is told. The older facts may have been gone through with one that
    /// only a newer fact tells, and a late one before that tells another. One that was unknown
    /// matters where silence ends a contact.
    fn is_of_another_medium(
        &self,
        base: Option<&ContactState>,
        facts: &[Fact],
        new: &Fact,
    ) -> bool {
        let told_by_base = base.is_some_and(|it| it.progress.medium != Medium::Unknown);
        match (self.state.progress.medium, new.medium) {
            (_, Medium::Unknown) => false,
            (Medium::Unknown, told) => told == Medium::Ticket,
            (known, told) if known == told || told_by_base => false,
            (_, told) => {
                facts.iter().map(|it| it.medium).find(|it| *it != Medium::Unknown) == Some(told)
            }
        }
    }
}
