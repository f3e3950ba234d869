//! What a contact lets go of when only its newer facts are kept: all that no later fact can change.
//!
//! What is let go of stays counted as it is, so it must be exactly the same in the state where the
//! older facts lead, the base, and in what the contact counts as.

use super::counted::{CameIn, Counted};
use super::ratings::is_rating;
use super::state::{ContactState, Surroundings};
use crate::engine::counting::Field;

/// Clocks that have stopped and still wait for an agent to be named, of those that are kept.
const NOBODYS_CLOCKS_MAX: usize = 16;

/// What a base has let go of.
pub(super) struct Dropped {
    /// Of each stay, clock: whether it is gone.
    stays: Vec<bool>,
    clocks: Vec<bool>,
    /// How many of the oldest, but for those that can still change.
    marks: usize,
    /// How many of the oldest.
    legs: usize,
    spans: usize,
    /// The contact of the thread that is under way.
    episode: u16,
}

impl ContactState {
    /// Lets go of what no later fact can change.
    pub(super) fn drop_settled(&mut self, around: Surroundings<'_>) -> Dropped {
        self.count_uncalled(around.now_ms);
        let episode = self.episode_number();
        let last = self.stays.len().saturating_sub(1);
        let responded = self.progress.once.responded;
        let stays = self.stays.iter().enumerate().map(|(place, stay)| {
            // When it is opened again before anybody replied, the customer asked only then.
            let may_ask_later = stay.asks && stay.episode == episode && !responded;
            place < last && !may_ask_later
        });
        let is_nobodys =
            |place: &usize| self.clocks[*place].end.is_some() && self.clocks[*place].is_nobodys();
        let nobodys = (0..self.clocks.len()).rev().filter(is_nobodys).take(NOBODYS_CLOCKS_MAX);
        let kept_from = nobodys.last().unwrap_or(self.clocks.len());
        let clocks = self.clocks.iter().enumerate().map(|(place, clock)| {
            let waits_for_agent =
                clock.is_nobodys() && clock.episode == episode && place >= kept_from;
            clock.end.is_some() && !waits_for_agent && !self.may_go_on(clock)
        });
        let mut dropped = Dropped {
            stays: stays.collect(),
            clocks: clocks.collect(),
            marks: 0,
            legs: self.legs.iter().take_while(|leg| leg.is_complete(around.tells)).count(),
            spans: self.spans.len(),
            episode,
        };
        dropped.marks = self.drop_marks(episode, usize::MAX);
        self.forget_undelivered();
        self.forget_uncalled();
        self.drop_others(&dropped);
        dropped
    }

    /// Lets go of so many marks, the oldest first, but for those that a later fact can still
    /// change: the customer rates the same thing once more, an agent takes the complaint up.
    fn drop_marks(&mut self, episode: u16, most: usize) -> usize {
        let mut dropped = 0;
        let gone = self.marks.iter().map(|mark| {
            let can_change =
                mark.episode == episode && (is_rating(mark) || mark.field == Field::Complaints);
            let goes = !can_change && dropped < most;
            dropped += usize::from(goes);
            goes
        });
        let gone: Vec<bool> = gone.collect();
        for uncalled in &mut self.uncalled {
            uncalled.place -= gone[..uncalled.place].iter().filter(|goes| **goes).count();
        }
        drop_those(&mut self.marks, &gone);
        dropped
    }

    fn drop_others(&mut self, dropped: &Dropped) {
        drop_those(&mut self.stays, &dropped.stays);
        drop_those(&mut self.clocks, &dropped.clocks);
        self.legs.drain(..dropped.legs.min(self.legs.len()));
        self.spans.drain(..dropped.spans.min(self.spans.len()));
    }
}

impl Counted {
    /// Lets go of what the base has let go of. Says when the customer came in during that.
    pub(super) fn drop(&mut self, dropped: &Dropped) -> Vec<CameIn> {
        let gone = self.stays.iter().zip(&dropped.stays).filter(|(_, gone)| **gone);
        let came_in = gone.filter(|(it, _)| it.stay.first && it.stay.offered);
        let came_in = came_in.map(|(it, _)| CameIn {
            at_ms: it.stay.offered_at_ms,
            queue: it.stay.queue,
            agent: it.person,
        });
        let came_in = came_in.collect();
        self.state.drop_marks(dropped.episode, dropped.marks);
        self.state.drop_others(dropped);
        drop_those(&mut self.stays, &dropped.stays);
        let is_gone = |clock: usize| dropped.clocks.get(clock).copied().unwrap_or(false);
        self.promises.retain_mut(|(promise, _)| {
            let clock = usize::from(promise.clock);
            let before = (0..clock).filter(|it| is_gone(*it)).count();
            promise.clock = u16::try_from(clock - before).unwrap_or(u16::MAX);
            !is_gone(clock)
        });
        came_in
    }
}

/// Takes those out of a list of which it is said that they are gone.
fn drop_those<T>(list: &mut Vec<T>, gone: &[bool]) {
    let mut gone = gone.iter();
    list.retain(|_| !gone.next().copied().unwrap_or(false));
}
