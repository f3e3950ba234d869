//! A settled matter that is open again.

use smallvec::SmallVec;

use super::closing::is_one_act;
use super::fact::{Fact, What};
use super::progress::Phase;
use super::state::{ContactState, Surroundings};
use crate::config::model::Clock as PolicyClock;
use crate::engine::counting::Field;
use crate::event::{Millis, UnixMs};

/// A customer's message and the network's word that the contact is open again are one reopening
/// when they are not further apart.
const ONE_REOPENING_MS: Millis = 60_000;

impl ContactState {
    /// Whoever opens it again finds it: it was over no longer than `contacts.reopen_within` ago.
    pub(super) fn is_found_again(&self, at_ms: UnixMs, around: Surroundings<'_>) -> bool {
        let over_ms = self.progress.over_ms.max(self.progress.last_activity_ms);
        self.progress.phase != Phase::Over
            || at_ms.saturating_sub(over_ms) <= around.limits.reopen_within_ms
    }

    /// The network says, at once or a little later, that this message reopens the contact.
    pub(super) fn is_reopened_by(&self, fact: &Fact, later: &[Fact]) -> bool {
        let is_settled =
            self.progress.phase == Phase::Over && self.progress.once.resolved_ms.is_some();
        let until_ms = fact.at_ms.saturating_add(ONE_REOPENING_MS);
        let soon = || later.iter().take_while(|it| it.at_ms <= until_ms);
        is_settled && soon().any(|it| it.what == What::Reopened)
    }

    /// A fact of that kind can change what an earlier one means.
    pub(super) fn looks_back(fact: &Fact, before: &Fact) -> bool {
        fact.what == What::Reopened && fact.at_ms.saturating_sub(before.at_ms) <= ONE_REOPENING_MS
    }

    /// The matter is open again. Whom no human had replied to asks for a first answer once more.
    pub(super) fn conversation_reopened(&mut self, fact: &Fact) {
        let at_ms = fact.at_ms;
        // What only waited for something was never closed.
        self.come_back(at_ms);
        if self.progress.phase != Phase::Over || self.progress.once.spam {
            return;
        }
        self.progress.once.merged = false;
        let was_settled = self.progress.once.resolved_ms.take().is_some();
        if was_settled {
            self.mark(Field::Reopened, fact);
        }
        self.progress.last_activity_ms = at_ms;
        let queue = self.queue();
        if self.progress.once.responded || self.progress.outbound {
            self.progress.phase = Phase::Open;
            if was_settled && !self.progress.outbound {
                self.start_clock(PolicyClock::Resolution, queue, at_ms);
            }
            return;
        }
        self.ask_no_longer();
        self.progress.asked_ms = at_ms;
        self.enter(queue, at_ms, Phase::Tentative, false);
        self.stays.iter_mut().rev().take(1).for_each(|stay| stay.asks = true);
        self.start_clock(PolicyClock::FirstResponse, queue, at_ms);
        self.start_clock(PolicyClock::Resolution, queue, at_ms);
        self.ask(queue, at_ms);
    }
}

/// When the network says of a contact that it is open again.
pub(super) struct Reopenings {
    at_ms: SmallVec<[UnixMs; 4]>,
}

impl Reopenings {
    /// Of facts, which are sorted.
    pub(super) fn of(facts: &[Fact]) -> Self {
        let reopened = facts.iter().filter(|it| it.what == What::Reopened);
        Reopenings { at_ms: reopened.map(|it| it.at_ms).collect() }
    }

    /// No fact from that place on changes what the ones before it mean.
    pub(super) fn are_apart(&self, facts: &[Fact], place: usize) -> bool {
        let (before, after) = facts.split_at(place);
        let Some((last, next)) = before.last().zip(after.first()) else { return false };
        let later = self.at_ms.partition_point(|at_ms| *at_ms <= last.at_ms);
        let until_ms = last.at_ms.saturating_add(ONE_REOPENING_MS);
        let is_reopened = self.at_ms.get(later).is_some_and(|at_ms| *at_ms <= until_ms);
        last.at_ms < next.at_ms && !is_reopened && !is_one_act(before, after)
    }

    /// The same, and none to come does.
    pub(super) fn stay_apart(&self, facts: &[Fact], place: usize) -> bool {
        let (before, after) = facts.split_at(place);
        let Some((last, newest)) = before.last().zip(after.last()) else { return false };
        newest.at_ms > last.at_ms.saturating_add(ONE_REOPENING_MS) && self.are_apart(facts, place)
    }
}
