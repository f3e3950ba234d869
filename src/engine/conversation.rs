//! A written conversation's course: the customer writes, a human replies, it is settled.
//!
//! Which of our messages answer: a human's, when it can be read where the customer asked. To a
//! public question only a public reply is an answer; in a private conversation every message of
//! an agent is one. Machines and other customers never answer.

use super::fact::{Fact, Flow, NO_QUEUE, QueueId, What};
use super::machine::{Machine, Outcome, Phase};
use crate::event::{Millis, UnixMs};

impl Machine {
    pub(super) fn conversation_step(&mut self, fact: &Fact, idle_gap_ms: Millis) {
        let at_ms = fact.at_ms;
        match fact.what {
            What::Opened { outbound: true } => {
                if self.is_closed(at_ms, idle_gap_ms) {
                    self.begin_outbound(fact.queue, at_ms);
                }
            }
            What::Opened { outbound: false } => {
                if self.is_closed(at_ms, idle_gap_ms) || self.outbound {
                    self.begin(fact.queue, at_ms);
                }
            }
            What::Customer { public } => self.customer_wrote(fact, public, idle_gap_ms),
            What::Agent { public } => self.agent_wrote(fact, public, idle_gap_ms),
            What::Bot => self.bot_wrote(at_ms),
            What::Queued => self.conversation_queued(fact, idle_gap_ms),
            What::Answered => {
                if self.is_waiting() {
                    self.leave(Outcome::Answered, at_ms, fact.length_ms);
                }
                self.pending = None;
            }
            What::Transferred { to } => self.conversation_transferred(at_ms, to),
            What::Abandoned => self.close(Outcome::Abandoned, at_ms),
            What::Left(flow) => self.close(Outcome::FlowedOut(flow), at_ms),
            What::Resolved => self.close(Outcome::FlowedOut(Flow::Resolved), at_ms),
            What::Reopened => {
                if self.phase == Phase::Over {
                    self.phase = Phase::Open;
                    self.last_activity_ms = at_ms;
                }
            }
            // How an agent is rung and wraps up says nothing about who waits for a reply.
            What::Ringing
            | What::RingMissed
            | What::Held
            | What::Resumed
            | What::TalkEnded
            | What::WrappedUp => {}
        }
        if matches!(fact.what, What::Customer { .. } | What::Agent { .. } | What::Bot) {
            self.last_activity_ms = at_ms;
        }
    }

    /// Nothing is open: none, settled, or answered and then silent for the idle gap.
    fn is_closed(&self, at_ms: UnixMs, idle_gap_ms: Millis) -> bool {
        match self.phase {
            Phase::Idle | Phase::Over => true,
            Phase::Tentative | Phase::Waiting => false,
            Phase::Open => {
                self.pending.is_none() && at_ms.saturating_sub(self.last_activity_ms) > idle_gap_ms
            }
        }
    }

    fn begin(&mut self, queue: QueueId, at_ms: UnixMs) {
        self.outbound = false;
        self.asked_in_public = false;
        (self.responded, self.bot_responded) = (false, false);
        self.opening_ms = at_ms;
        self.last_activity_ms = at_ms;
        self.enter(queue, at_ms, Phase::Tentative, true);
        self.pending = Some((at_ms, queue));
    }

    fn begin_outbound(&mut self, queue: QueueId, at_ms: UnixMs) {
        self.outbound = true;
        self.asked_in_public = false;
        self.last_activity_ms = at_ms;
        self.enter(queue, at_ms, Phase::Tentative, true);
        self.leave(Outcome::Answered, at_ms, None);
        self.pending = None;
    }

    fn customer_wrote(&mut self, fact: &Fact, public: bool, idle_gap_ms: Millis) {
        if self.is_closed(fact.at_ms, idle_gap_ms) {
            let queue = if fact.queue == NO_QUEUE { self.queue() } else { fact.queue };
            self.begin(queue, fact.at_ms);
        } else if self.pending.is_none() {
            self.pending = Some((fact.at_ms, self.queue()));
        }
        self.asked_in_public |= public;
    }

    fn agent_wrote(&mut self, fact: &Fact, public: bool, idle_gap_ms: Millis) {
        let at_ms = fact.at_ms;
        if self.phase == Phase::Idle {
            // We wrote first.
            self.begin_outbound(fact.queue, at_ms);
            return;
        }
        let answers = public || !self.asked_in_public;
        if !answers || self.phase == Phase::Over || self.is_closed(at_ms, idle_gap_ms) {
            return;
        }
        if self.is_waiting() {
            self.leave(Outcome::Answered, at_ms, None);
        }
        if let Some(segment) = self.segments.last_mut()
            && segment.offered
            && segment.outcome == Outcome::Answered
            && !self.responded
        {
            segment.response = Some((at_ms, at_ms.saturating_sub(self.opening_ms).max(0)));
            self.responded = true;
        }
        self.pending = None;
    }

    fn bot_wrote(&mut self, at_ms: UnixMs) {
        if let Some(segment) = self.segments.last_mut()
            && segment.offered
            && self.phase != Phase::Over
            && !self.bot_responded
        {
            segment.bot_response = Some((at_ms, at_ms.saturating_sub(self.opening_ms).max(0)));
            self.bot_responded = true;
        }
    }

    fn conversation_queued(&mut self, fact: &Fact, idle_gap_ms: Millis) {
        let at_ms = fact.at_ms;
        if self.is_closed(at_ms, idle_gap_ms) {
            self.begin(fact.queue, at_ms);
            self.phase = Phase::Waiting;
            return;
        }
        match self.phase {
            Phase::Tentative => {
                if fact.queue != NO_QUEUE {
                    self.move_stay(fact.queue);
                }
                self.phase = Phase::Waiting;
            }
            _ if self.is_here(fact) => {}
            Phase::Waiting => {
                self.leave(Outcome::FlowedOut(Flow::Overflow), at_ms, None);
                self.enter(fact.queue, at_ms, Phase::Waiting, false);
                self.pending = self.pending.map(|(since_ms, _)| (since_ms, fact.queue));
            }
            Phase::Open | Phase::Over | Phase::Idle => {
                self.enter(fact.queue, at_ms, Phase::Waiting, false);
                let since_ms = self.pending.map_or(at_ms, |(since_ms, _)| since_ms);
                self.pending = Some((since_ms, fact.queue));
            }
        }
    }

    fn move_stay(&mut self, queue: QueueId) {
        if let Some(segment) = self.segments.last_mut() {
            segment.queue = queue;
        }
        self.pending = self.pending.map(|(since_ms, _)| (since_ms, queue));
    }

    /// To another queue; from agent to agent within one, the customer waits on where they were.
    fn conversation_transferred(&mut self, at_ms: UnixMs, to: QueueId) {
        if to == NO_QUEUE || to == self.queue() {
            return;
        }
        if self.is_waiting() {
            self.leave(Outcome::FlowedOut(Flow::Transferred), at_ms, None);
            self.enter(to, at_ms, Phase::Tentative, false);
        }
        self.pending = self.pending.map(|(since_ms, _)| (since_ms, to));
    }

    fn close(&mut self, outcome: Outcome, at_ms: UnixMs) {
        if self.is_waiting() {
            self.leave(outcome, at_ms, None);
        }
        if self.phase != Phase::Idle {
            self.phase = Phase::Over;
        }
        self.pending = None;
    }
}
