//! Which of the customer's messages wait for a reply, and what it means that one of them is taken back.

use std::num::NonZeroU32;

use super::state::ContactState;
use super::stay::Outcome;
use crate::config::model::Clock as PolicyClock;
use crate::engine::ids::Flow;
use crate::engine::promise::End;
use crate::event::UnixMs;

/// Messages of one contact that are known again when they are taken back.
const REMEMBERED_MAX: usize = 32;

impl ContactState {
    /// One more waits for a reply.
    pub(super) fn remember_asked(&mut self, id: u32, at_ms: UnixMs) {
        self.progress.asked = self.progress.asked.saturating_add(1);
        if self.asked.len() >= REMEMBERED_MAX {
            self.asked.remove(0);
        }
        self.asked.push((id, at_ms));
    }

    /// The customer removed what they wrote: who has nothing left to answer does not wait. What was
    /// replied to before is nobody's wait any more.
    pub(super) fn customer_took_back(&mut self, message: Option<NonZeroU32>, at_ms: UnixMs) {
        let which = message.and_then(|of| self.asked.iter().rposition(|(it, _)| *it == of.get()));
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
        if self.progress.asked > 0 {
            return self.wait_since_first_asked();
        }
        if self.progress.pending.is_none() {
            return;
        }
        if self.is_waiting() {
            self.close(Outcome::FlowedOut(Flow::Withdrawn), at_ms);
        } else {
            self.stop_asking(End::Dropped(at_ms));
        }
    }

    /// Who took back what they had written first waits since the next of their messages.
    fn wait_since_first_asked(&mut self) {
        let waiting = usize::try_from(self.progress.asked).unwrap_or(usize::MAX);
        let first = self.asked.len().checked_sub(waiting).and_then(|place| self.asked.get(place));
        let Some((_, first_ms)) = first.copied() else { return };
        let Some(pending) = &mut self.progress.pending else { return };
        pending.since_ms = pending.since_ms.max(first_ms);
        let since_ms = pending.since_ms;
        for clock in self.running_clocks(PolicyClock::NextResponse) {
            clock.start_ms = clock.start_ms.max(since_ms);
        }
    }
}
