//! Which of the customer's messages wait for a reply, and what it means that one of them is taken back.

use std::num::NonZeroU32;

use super::state::ContactState;
use super::stay::Outcome;
use crate::engine::ids::Flow;
use crate::engine::promise::End;
use crate::event::UnixMs;

/// Messages of one contact that are known again when they are taken back.
const REMEMBERED_MAX: usize = 32;

impl ContactState {
    /// One more waits for a reply.
    pub(super) fn remember_asked(&mut self, id: u32) {
        self.progress.asked = self.progress.asked.saturating_add(1);
        if self.asked.len() >= REMEMBERED_MAX {
            self.asked.remove(0);
        }
        self.asked.push(id);
    }

    /// The customer removed what they wrote: who has nothing left to answer does not wait. What was
    /// replied to before is nobody's wait any more.
    pub(super) fn customer_took_back(&mut self, message: Option<NonZeroU32>, at_ms: UnixMs) {
        let which = message.and_then(|of| self.asked.iter().rposition(|it| *it == of.get()));
        if let Some(place) = which {
            let waiting = usize::try_from(self.progress.asked).unwrap_or(usize::MAX);
            let first_waiting = self.asked.len().saturating_sub(waiting);
            if place < first_waiting {
                return;
            }
            // It stands among those that wait no longer.
            self.asked[first_waiting..=place].rotate_right(1);
        }
        self.progress.asked = self.progress.asked.saturating_sub(1);
        if self.progress.asked > 0 || self.progress.pending.is_none() {
            return;
        }
        if self.is_waiting() {
            self.close(Outcome::FlowedOut(Flow::Withdrawn), at_ms);
        } else {
            self.stop_asking(End::Dropped(at_ms));
        }
    }
}
