//! A contact that goes on elsewhere: in another interaction, or when the customer is called back.

use serde::{Deserialize, Serialize};

use super::fact::{Fact, What};
use super::mark::Mark;
use super::state::ContactState;
use super::stay::Outcome;
use crate::engine::ids::Flow;
use crate::engine::timers::NEVER;
use crate::event::UnixMs;

/// Contacts of one thread that wait for a callback and of which that is remembered, once the facts
/// that say so are no longer kept.
const UNCALLED_MAX: usize = 64;

/// A contact that is over and waits for a callback.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Uncalled {
    by_ms: UnixMs,
    /// What it counts as when none comes, and its place among the marks.
    mark: Mark,
    pub(super) place: usize,
}

impl ContactState {
    /// Of that moment the network says, too, that the contact goes on elsewhere: it is not settled.
    pub(super) fn is_merged(fact: &Fact, later: &[Fact]) -> bool {
        let mut now = later.iter().take_while(|it| it.at_ms == fact.at_ms);
        now.any(|it| it.what == What::Merged)
    }

    /// It goes on in another interaction: there the customer asks for an answer, not here.
    pub(super) fn conversation_merged(&mut self, at_ms: UnixMs) {
        if !self.progress.once.responded {
            self.ask_no_longer();
        }
        self.close(Outcome::FlowedOut(Flow::Merged), at_ms);
        self.progress.once.merged = true;
    }

    /// None of the stays of the contact that is under way asks for a first answer.
    pub(super) fn ask_no_longer(&mut self) {
        let episode = self.episode_number();
        self.stays.iter_mut().filter(|stay| stay.episode == episode).for_each(|stay| {
            stay.asks = false;
        });
    }

    /// Before an answer it leaves its queue; after one there is only the promise.
    pub(super) fn callback_promised(&mut self, fact: &Fact) {
        if self.is_waiting() {
            self.close(Outcome::FlowedOut(Flow::Callback), fact.at_ms);
        }
        self.agree_on_callback(fact);
    }

    /// When a callback that is still to come was promised for; the last word counts.
    pub(super) fn agree_on_callback(&mut self, fact: &Fact) {
        let last = self.stays.last().map(|last| last.outcome);
        if last == Some(Outcome::FlowedOut(Flow::Callback)) {
            let due_ms = fact.measured.time_ms();
            self.progress.once.callback_due_ms = due_ms.or(self.progress.once.callback_due_ms);
        }
    }

    /// Whose callback does not come by then counts so: that is told where it would have been told
    /// had nothing been promised.
    pub(super) fn wait_for_call(&mut self, by_ms: UnixMs, mark: Mark) {
        self.uncalled.push(Uncalled { by_ms, mark, place: self.marks.len() });
    }

    /// Those whose time is up by then count. Says when the next one's is.
    pub(super) fn count_uncalled(&mut self, now_ms: UnixMs) -> UnixMs {
        let (mut due_ms, mut counted) = (NEVER, 0);
        let marks = &mut self.marks;
        self.uncalled.retain_mut(|it| {
            it.place += counted;
            if it.by_ms > now_ms {
                due_ms = due_ms.min(it.by_ms);
                return true;
            }
            marks.insert(it.place, it.mark);
            counted += 1;
            false
        });
        due_ms
    }

    /// Lets go of the oldest.
    pub(super) fn forget_uncalled(&mut self) {
        let too_many = self.uncalled.len().saturating_sub(UNCALLED_MAX);
        self.uncalled.drain(..too_many);
    }
}
