//! A contact that goes on elsewhere: in another interaction, or when the customer is called back.

use super::fact::{Fact, What};
use super::state::ContactState;
use super::stay::Outcome;
use crate::engine::ids::Flow;
use crate::event::UnixMs;

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
}
