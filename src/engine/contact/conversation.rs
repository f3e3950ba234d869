//! A written conversation's course: the customer writes, a human replies, it is settled.
//!
//! Which of our messages answer: a human's, when it can be read where the customer asked. To a
//! public question only a public reply is an answer; in a private conversation every message of
//! an agent is one. Machines and other customers never answer.

use super::fact::{Fact, What};
use super::mark::Mark;
use super::milestones::Once;
use super::state::{ContactState, Outcome, Phase, Surroundings};
use crate::config::model::Clock as PolicyClock;
use crate::engine::counting::Field;
use crate::engine::ids::{Flow, NO_AGENT, NO_QUEUE, QueueId};
use crate::engine::promise::End;
use crate::engine::timers::NEVER;
use crate::event::{Author, Millis, Sentiment, UnixMs};

/// Longer silences before an agent's message are not work on the contact: active time is made of
/// the shorter ones, up to this much of each.
const ACTIVE_MS_MAX: Millis = 5 * 60_000;

impl ContactState {
    pub(in crate::engine) fn conversation_step(&mut self, fact: &Fact, idle_gap_ms: Millis) {
        let at_ms = fact.at_ms;
        match fact.what {
            What::Opened { outbound: true, .. } => {
                if self.is_closed(at_ms, idle_gap_ms) {
                    self.begin_outbound(fact.queue, at_ms, idle_gap_ms);
                }
            }
            What::Opened { outbound: false, .. } => {
                if self.is_closed(at_ms, idle_gap_ms) || self.progress.outbound {
                    self.begin(fact.queue, at_ms, idle_gap_ms);
                }
            }
            What::Customer { public, mood, complaint, spam } => {
                let said = Said { public, mood, complaint, spam };
                self.customer_wrote(fact, said, idle_gap_ms);
            }
            What::Peer => self.peer_wrote(fact),
            What::Agent { public } => self.agent_wrote(fact, public, idle_gap_ms),
            What::Bot => self.bot_wrote(at_ms),
            What::Queued => self.conversation_queued(fact, idle_gap_ms),
            What::Answered => self.conversation_answered(fact),
            What::Transferred { to, to_agent } => {
                if to_agent || to != NO_QUEUE {
                    self.mark(Field::Transfers, fact);
                }
                self.conversation_transferred(at_ms, to);
            }
            What::Abandoned => self.close(Outcome::Abandoned, at_ms),
            What::Left(flow) => self.close(Outcome::FlowedOut(flow), at_ms),
            What::Resolved { by } => self.conversation_resolved(fact, by),
            What::Reopened => self.conversation_reopened(fact),
            // How an agent is rung and wraps up says nothing about who waits for a reply.
            What::Ringing
            | What::RingMissed
            | What::Held
            | What::Resumed
            | What::TalkEnded
            | What::WrappedUp
            | What::Prioritized(_)
            | What::Removed { .. }
            | What::RatingRequested
            | What::Rated(_) => {}
        }
        let is_message = |what| {
            matches!(what, What::Customer { .. } | What::Agent { .. } | What::Bot | What::Peer)
        };
        if is_message(fact.what) {
            self.progress.last_activity_ms = at_ms;
        }
    }

    /// Nothing is open: none, settled, or answered and then silent for the idle gap.
    fn is_closed(&self, at_ms: UnixMs, idle_gap_ms: Millis) -> bool {
        match self.progress.phase {
            Phase::Idle | Phase::Over => true,
            Phase::Tentative | Phase::Waiting => false,
            Phase::Open => {
                self.progress.pending.is_none()
                    && at_ms.saturating_sub(self.progress.last_activity_ms) > idle_gap_ms
            }
        }
    }

    fn begin(&mut self, queue: QueueId, at_ms: UnixMs, idle_gap_ms: Millis) {
        self.end_conversation(
            at_ms.min(self.progress.last_activity_ms.saturating_add(idle_gap_ms)),
        );
        self.progress.outbound = false;
        self.progress.asked_in_public = false;
        self.progress.once = Once::NONE;
        self.progress.opening_ms = at_ms;
        self.progress.last_activity_ms = at_ms;
        self.enter(queue, at_ms, Phase::Tentative, true);
        self.start_clock(PolicyClock::FirstResponse, queue, at_ms);
        self.start_clock(PolicyClock::Resolution, queue, at_ms);
        self.ask(queue, at_ms);
    }

    fn begin_outbound(&mut self, queue: QueueId, at_ms: UnixMs, idle_gap_ms: Millis) {
        self.end_conversation(
            at_ms.min(self.progress.last_activity_ms.saturating_add(idle_gap_ms)),
        );
        self.progress.outbound = true;
        self.progress.asked_in_public = false;
        self.progress.once = Once::NONE;
        self.progress.opening_ms = at_ms;
        self.progress.last_activity_ms = at_ms;
        self.enter(queue, at_ms, Phase::Tentative, true);
        self.leave(Outcome::Answered, at_ms, None);
        self.progress.pending = None;
    }

    /// The customer waits for us from now on.
    fn ask(&mut self, queue: QueueId, at_ms: UnixMs) {
        self.progress.pending = Some((at_ms, queue));
        self.start_clock(PolicyClock::NextResponse, queue, at_ms);
        for clock in self.running_clocks(PolicyClock::Resolution) {
            clock.resume(at_ms);
        }
    }

    /// They wait no longer: a human replied (`Done`), or it need not be (`Dropped`).
    fn stop_asking(&mut self, end: End) {
        self.progress.pending = None;
        self.end_clocks(PolicyClock::NextResponse, end);
    }

    fn customer_wrote(&mut self, fact: &Fact, said: Said, idle_gap_ms: Millis) {
        if self.is_closed(fact.at_ms, idle_gap_ms) {
            let queue = if fact.queue == NO_QUEUE { self.queue() } else { fact.queue };
            self.begin(queue, fact.at_ms, idle_gap_ms);
        }
        if said.spam {
            self.mark(Field::Spam, fact);
            if !self.progress.once.heard && !self.progress.once.responded && !self.progress.outbound
            {
                self.begin_nothing();
            }
        }
        self.progress.once.heard = true;
        if self.progress.once.spam {
            return;
        }
        if self.progress.pending.is_none() && self.progress.phase != Phase::Over {
            self.ask(self.queue(), fact.at_ms);
        }
        self.progress.asked_in_public |= said.public;
        self.progress.traits.public |= said.public;
        self.heard(fact, said.public, said.mood, said.complaint);
    }

    /// What seemed to be a contact began with spam: it is none.
    fn begin_nothing(&mut self) {
        self.progress.once.spam = true;
        if let Some(segment) = self.stays.last_mut() {
            segment.offered = false;
        }
        let at_ms = self.progress.opening_ms;
        self.drop_clocks(at_ms);
        self.progress.pending = None;
        self.progress.phase = Phase::Over;
    }

    fn agent_wrote(&mut self, fact: &Fact, public: bool, idle_gap_ms: Millis) {
        let at_ms = fact.at_ms;
        if self.progress.phase == Phase::Idle {
            // We wrote first.
            self.begin_outbound(fact.queue, at_ms, idle_gap_ms);
            return;
        }
        if fact.agent != NO_AGENT {
            self.progress.once.agent = fact.agent;
        }
        let answers = public || !self.progress.asked_in_public;
        if !answers || self.progress.phase == Phase::Over || self.is_closed(at_ms, idle_gap_ms) {
            return;
        }
        let silent_ms = at_ms.saturating_sub(self.progress.last_activity_ms);
        self.progress.once.active_ms += silent_ms.clamp(0, ACTIVE_MS_MAX);
        if self.is_waiting() {
            self.leave(Outcome::Answered, at_ms, None);
        }
        if let Some((since_ms, _)) = self.progress.pending {
            let took_ms = at_ms.saturating_sub(since_ms);
            let mark = self.marked(Field::Replies, fact).took(took_ms);
            self.marks.push(mark);
        }
        if let Some(segment) = self.stays.last_mut()
            && segment.offered
            && segment.outcome == Outcome::Answered
            && !self.progress.once.responded
        {
            segment.response = Some((at_ms, at_ms.saturating_sub(self.progress.opening_ms).max(0)));
        }
        self.human_replied(at_ms);
    }

    /// Whatever ran until a human took it up.
    fn human_replied(&mut self, at_ms: UnixMs) {
        self.reached(at_ms);
        self.stop_asking(End::Done(at_ms));
        self.end_clocks(PolicyClock::FirstResponse, End::Done(at_ms));
        // It is for the customer to go on.
        for clock in self.running_clocks(PolicyClock::Resolution) {
            clock.paused_ms = clock.paused_ms.or(Some(at_ms));
        }
    }

    fn conversation_answered(&mut self, fact: &Fact) {
        if self.progress.phase == Phase::Idle {
            return;
        }
        self.progress.once.agent = fact.agent;
        if self.is_waiting() {
            self.leave(Outcome::Answered, fact.at_ms, fact.length.ms());
        }
        self.stop_asking(End::Done(fact.at_ms));
    }

    fn peer_wrote(&mut self, fact: &Fact) {
        let waits = self.progress.pending.is_some() && !self.progress.once.responded;
        if waits && !self.progress.once.peer_responded && !self.progress.outbound {
            self.progress.once.peer_responded = true;
            self.mark(Field::PeerAnswers, fact);
            self.mark(Field::FirstAnswers, fact);
        }
    }

    fn conversation_resolved(&mut self, fact: &Fact, by: Author) {
        if self.progress.phase == Phase::Idle {
            return;
        }
        if !self.progress.outbound && !self.progress.once.spam {
            self.settled(fact, by);
        }
        self.end_clocks(PolicyClock::Resolution, End::Done(fact.at_ms));
        self.close(Outcome::FlowedOut(Flow::Resolved), fact.at_ms);
    }

    fn conversation_reopened(&mut self, fact: &Fact) {
        if self.progress.phase != Phase::Over || self.progress.once.spam {
            return;
        }
        self.progress.phase = Phase::Open;
        self.progress.last_activity_ms = fact.at_ms;
        if let Some(resolved_ms) = self.progress.once.resolved_ms {
            self.mark(Field::Reopened, fact);
            self.restart_resolution_clock(resolved_ms, fact.at_ms);
        }
    }

    fn bot_wrote(&mut self, at_ms: UnixMs) {
        if let Some(segment) = self.stays.last_mut()
            && segment.offered
            && self.progress.phase != Phase::Over
            && !self.progress.once.bot_responded
        {
            segment.bot_response =
                Some((at_ms, at_ms.saturating_sub(self.progress.opening_ms).max(0)));
            self.progress.once.bot_responded = true;
        }
    }

    fn conversation_queued(&mut self, fact: &Fact, idle_gap_ms: Millis) {
        let at_ms = fact.at_ms;
        if self.is_closed(at_ms, idle_gap_ms) {
            self.begin(fact.queue, at_ms, idle_gap_ms);
            self.progress.phase = Phase::Waiting;
            return;
        }
        match self.progress.phase {
            Phase::Tentative => {
                if fact.queue != NO_QUEUE {
                    self.move_stay(fact.queue);
                }
                self.progress.phase = Phase::Waiting;
            }
            _ if self.is_here(fact) => {}
            Phase::Waiting => {
                self.leave(Outcome::FlowedOut(Flow::Overflow), at_ms, None);
                self.enter(fact.queue, at_ms, Phase::Waiting, false);
                self.progress.pending =
                    self.progress.pending.map(|(since_ms, _)| (since_ms, fact.queue));
            }
            Phase::Open | Phase::Over | Phase::Idle => {
                self.enter(fact.queue, at_ms, Phase::Waiting, false);
                match self.progress.pending {
                    Some((since_ms, _)) => self.progress.pending = Some((since_ms, fact.queue)),
                    None => self.ask(fact.queue, at_ms),
                }
            }
        }
    }

    fn move_stay(&mut self, queue: QueueId) {
        if let Some(segment) = self.stays.last_mut() {
            segment.queue = queue;
        }
        self.progress.pending = self.progress.pending.map(|(since_ms, _)| (since_ms, queue));
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
        self.progress.pending = self.progress.pending.map(|(since_ms, _)| (since_ms, to));
    }

    fn close(&mut self, outcome: Outcome, at_ms: UnixMs) {
        if self.is_waiting() {
            self.leave(outcome, at_ms, None);
        }
        if self.progress.phase != Phase::Idle {
            self.progress.phase = Phase::Over;
        }
        self.stop_asking(End::Dropped(at_ms));
        self.drop_clocks(at_ms);
    }

    /// What is known of a conversation only when the next begins, or nothing more will come.
    fn end_conversation(&mut self, over_ms: UnixMs) {
        if self.stays.is_empty() {
            return;
        }
        self.conclude();
        let Once { active_ms, responded, agent, .. } = self.progress.once;
        if responded && !self.progress.outbound {
            let end_ms = self.progress.once.resolved_ms.unwrap_or(self.progress.last_activity_ms);
            let elapsed_ms = end_ms.saturating_sub(self.progress.opening_ms);
            let mark = Mark::new(Field::HandledWritten, end_ms, self.queue());
            self.marks.push(mark.by(agent).took(active_ms).and(elapsed_ms));
        }
        self.drop_clocks(over_ms);
    }

    /// Over by silence, or lost. Says when to look again.
    pub(in crate::engine) fn conversation_finish(&mut self, around: Surroundings<'_>) -> UnixMs {
        let now_ms = around.now_ms;
        let lost_ms =
            self.progress.opening_ms.max(self.progress.last_activity_ms) + around.lost_after_ms;
        if self.progress.pending.is_some() && now_ms > lost_ms {
            self.close(Outcome::FlowedOut(Flow::Lost), lost_ms);
        }
        let silent_ms = self.progress.last_activity_ms.saturating_add(around.idle_gap_ms);
        match self.progress.phase {
            Phase::Over => self.end_conversation(now_ms),
            Phase::Open if self.progress.pending.is_none() && now_ms > silent_ms => {
                self.end_conversation(silent_ms);
            }
            Phase::Open if self.progress.pending.is_none() => return silent_ms + 1,
            Phase::Idle => {}
            Phase::Open | Phase::Tentative | Phase::Waiting => return lost_ms + 1,
        }
        NEVER
    }
}

/// What the host's rules and the network say of a customer's message.
#[derive(Clone, Copy)]
struct Said {
    public: bool,
    mood: Sentiment,
    complaint: bool,
    spam: bool,
}
