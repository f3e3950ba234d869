//! When a written conversation is over: settled, lost, or answered and then silent.

use super::once::Once;
use super::progress::Phase;
use super::state::{ContactState, Surroundings};
use super::stay::Outcome;
use crate::engine::counting::Field;
use crate::engine::ids::Flow;
use crate::engine::rules::Told;
use crate::engine::timers::NEVER;
use crate::event::{Medium, UnixMs};

impl ContactState {
    /// Nothing is open: none, settled, or answered and then silent for the idle gap. Where the
    /// network tells when a contact is settled, silence ends none.
    pub(super) fn is_closed(&self, at_ms: UnixMs, around: Surroundings<'_>) -> bool {
        match self.progress.phase {
            Phase::Idle | Phase::Over => true,
            Phase::Tentative | Phase::Waiting => false,
            Phase::Open => {
                self.progress.pending.is_none()
                    && self.progress.deferred.is_none()
                    && !self.lives_until_resolved(around)
                    && self.silent_since(around) < at_ms
            }
        }
    }

    /// The network says when it is over. Of networks of which that is not known, help desks do.
    fn lives_until_resolved(&self, around: Surroundings<'_>) -> bool {
        match around.tells.resolved {
            Told::Unknown => self.progress.medium == Medium::Ticket,
            told => told.is_told(),
        }
    }

    /// The last moment of the idle gap.
    pub(super) fn silent_since(&self, around: Surroundings<'_>) -> UnixMs {
        let quiet_ms = self.progress.last_activity_ms.max(self.progress.came_back_ms);
        quiet_ms.saturating_add(around.limits.idle_gap_ms)
    }

    /// Whom nobody has heard of for too long by that moment is lost. Says when that is.
    pub(super) fn lose_by(&mut self, at_ms: UnixMs, around: Surroundings<'_>) -> UnixMs {
        let lost_ms = self.lost_ms(around);
        let is_open = !matches!(self.progress.phase, Phase::Idle | Phase::Over);
        let waits = self.progress.pending.is_some()
            || self.progress.deferred.is_some()
            || self.lives_until_resolved(around);
        if is_open && waits && at_ms > lost_ms {
            self.close(Outcome::FlowedOut(Flow::Lost), lost_ms);
        }
        lost_ms
    }

    /// What is known of a conversation only when it is over: settled, followed by the next, or
    /// silent.
    pub(super) fn end_conversation(&mut self, over_ms: UnixMs, around: Surroundings<'_>) {
        if !self.stays.is_empty() {
            self.conclude(around);
            self.count_handled(over_ms, around);
            self.drop_clocks(over_ms);
        }
    }

    /// An agent worked on it, and it is over since then.
    fn count_handled(&mut self, over_ms: UnixMs, around: Surroundings<'_>) {
        let Once { active_ms, responded, agent, resolved_ms, .. } = self.progress.once;
        if responded && !self.progress.outbound {
            let is_over = self.progress.phase == Phase::Over;
            let at_ms = if is_over { self.progress.over_ms } else { over_ms };
            // Of whom nothing was heard any more, the last word was the end.
            let last_ms = self.progress.last_activity_ms;
            let is_lost = at_ms >= last_ms.saturating_add(around.limits.lost_after_ms);
            let left_ms = if is_over && !is_lost { at_ms } else { last_ms };
            let end_ms = resolved_ms.unwrap_or(left_ms);
            let elapsed_ms = end_ms.saturating_sub(self.progress.opening_ms);
            let mark = self.new_mark(Field::HandledWritten, at_ms, self.queue());
            self.marks.push(mark.by(agent).took(active_ms).and(elapsed_ms));
        }
    }

    /// Over by silence, or lost. Says when to look again.
    pub(super) fn conversation_finish(&mut self, around: Surroundings<'_>) -> UnixMs {
        let now_ms = around.now_ms;
        let back_ms = self.come_back_by(now_ms);
        let lost_ms = self.lose_by(now_ms, around);
        let silent_ms = self.silent_since(around);
        match self.progress.phase {
            Phase::Over => {
                self.end_conversation(now_ms, around);
                NEVER
            }
            Phase::Open if self.progress.deferred.is_some() => {
                back_ms.min(lost_ms.saturating_add(1))
            }
            Phase::Open if self.progress.pending.is_none() && now_ms > silent_ms => {
                if self.lives_until_resolved(around) {
                    // Of a network that says of some contacts only when they are settled, the
                    // handling is over as far as can be told; the contact is not.
                    let is_ticket = self.progress.medium == Medium::Ticket;
                    if around.tells.resolved != Told::Declared && !is_ticket {
                        self.count_handled(silent_ms, around);
                    }
                    return lost_ms + 1;
                }
                self.end_conversation(silent_ms, around);
                NEVER
            }
            Phase::Open if self.progress.pending.is_none() => silent_ms + 1,
            Phase::Idle => NEVER,
            Phase::Open | Phase::Tentative | Phase::Waiting => {
                back_ms.min(lost_ms.saturating_add(1))
            }
        }
    }
}
