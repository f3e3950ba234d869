//! A written conversation's course: the customer writes, a human replies, it is settled.
//!
//! Which of our messages answer: a human's, when it can be read where the customer asked. To a
//! public question only a public reply is an answer; in a private conversation every message of
//! an agent is one. Machines, other customers and assignments never answer.

use super::fact::{Fact, Weight, What};
use super::once::Once;
use super::parts::Part;
use super::progress::{Pending, Phase};
use super::state::{ContactState, Surroundings};
use super::stay::{Outcome, Reply};
use crate::config::model::Clock as PolicyClock;
use crate::engine::counting::Field;
use crate::engine::ids::{Flow, NO_AGENT, NO_QUEUE, QueueId};
use crate::engine::promise::End;
use crate::event::{Author, Millis, Sentiment, UnixMs};

/// Longer silences before an agent's message are not work on the contact: active time is made of
/// the shorter ones, up to this much of each.
const ACTIVE_MS_MAX: Millis = 5 * 60_000;
impl ContactState {
    pub(super) fn conversation_step(
        &mut self,
        fact: &Fact,
        later: &[Fact],
        around: Surroundings<'_>,
    ) {
        let at_ms = fact.at_ms;
        self.come_back_by(at_ms);
        self.lose_by(at_ms, around);
        let was_closed = self.is_closed(at_ms, around);
        match fact.what {
            What::Opened { outbound: true, .. } => {
                if self.is_closed(at_ms, around) {
                    self.begin_outbound(fact.queue, at_ms, around);
                }
            }
            What::Opened { outbound: false, .. } => {
                if self.is_closed(at_ms, around) || self.progress.outbound {
                    self.begin(fact.queue, at_ms, around);
                }
            }
            What::Customer { public, mood, weight, id } => {
                let said = Said { public, mood, weight, id };
                if self.is_reopened_by(fact, later) && self.is_found_again(at_ms, around) {
                    self.conversation_reopened(fact);
                }
                self.customer_wrote(fact, said, around);
            }
            What::Peer => self.peer_wrote(fact),
            What::Agent { public, .. } => self.agent_wrote(fact, public, around),
            What::Bot if was_closed => {}
            What::Bot => self.bot_wrote(at_ms),
            What::Queued => self.conversation_queued(fact, around),
            What::Answered | What::Assigned { taken: false } => self.assigned(fact, was_closed),
            What::Assigned { taken: true } if was_closed => {}
            What::Assigned { taken: true } => self.progress.once.agent = NO_AGENT,
            What::Transferred { to, to_agent } => {
                if to_agent || to != NO_QUEUE {
                    self.mark(Field::Transfers, fact);
                }
                self.conversation_transferred(at_ms, to);
            }
            What::Abandoned => self.close(Outcome::Abandoned, at_ms),
            What::Left(flow) => self.close(Outcome::FlowedOut(flow), at_ms),
            What::CallbackPromised => self.callback_promised(fact),
            What::Merged if was_closed => {}
            What::Merged => self.conversation_merged(at_ms),
            What::Resolved { .. } if ContactState::is_merged(fact, later) => {}
            What::Resolved { by } => {
                if let Some(reply) = self.closing_reply(fact, later) {
                    self.agent_wrote(&reply, reply.is_public(), around);
                    self.progress.last_activity_ms = at_ms;
                }
                self.conversation_resolved(fact, by);
            }
            What::Awaits(_) if was_closed => {}
            What::Awaits(awaits) => self.defer(fact, awaits),
            What::EditedToComplain if was_closed => {}
            What::EditedToComplain => self.complained(fact),
            What::Reopened if !self.is_found_again(at_ms, around) => {}
            What::Reopened => self.conversation_reopened(fact),
            What::Removed { by: Author::Customer, of } => self.customer_took_back(of, at_ms),
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
            | What::Rated(_)
            | What::Undelivered { .. }
            | What::About(_) => {}
        }
        // What is over stays over: only the customer can begin again.
        let goes_on = match fact.what {
            What::Customer { .. } => true,
            What::Agent { .. } | What::Bot | What::Peer => !was_closed,
            _ => false,
        };
        if goes_on {
            self.progress.last_activity_ms = at_ms;
        }
    }

    fn begin(&mut self, queue: QueueId, at_ms: UnixMs, around: Surroundings<'_>) {
        self.begin_anew(at_ms, around);
        self.progress.outbound = false;
        self.enter(queue, at_ms, Phase::Tentative, true);
        self.start_clock(PolicyClock::FirstResponse, queue, at_ms);
        self.start_clock(PolicyClock::Resolution, queue, at_ms);
        self.ask(queue, at_ms);
    }

    fn begin_outbound(&mut self, queue: QueueId, at_ms: UnixMs, around: Surroundings<'_>) {
        self.begin_anew(at_ms, around);
        self.progress.outbound = true;
        self.enter(queue, at_ms, Phase::Tentative, true);
        self.leave(Outcome::Answered, at_ms, None);
        self.stop_pending();
    }

    /// Another contact of the thread: the one before is over, and nothing of it goes on.
    fn begin_anew(&mut self, at_ms: UnixMs, around: Surroundings<'_>) {
        self.end_conversation(at_ms.min(self.silent_since(around)), around);
        self.next_episode();
        (self.progress.deferred, self.progress.came_back_ms) = (None, 0);
        self.progress.asked_in_public = false;
        self.progress.once = Once::NONE;
        (self.progress.opening_ms, self.progress.asked_ms) = (at_ms, at_ms);
        self.progress.last_activity_ms = at_ms;
    }

    /// The customer waits for us from now on.
    pub(super) fn ask(&mut self, queue: QueueId, at_ms: UnixMs) {
        self.progress.pending = Some(Pending { since_ms: at_ms, queue });
        self.start_clock(PolicyClock::NextResponse, queue, at_ms);
        for clock in self.running_clocks(PolicyClock::Resolution) {
            clock.resume(at_ms);
        }
    }

    fn stop_pending(&mut self) {
        self.progress.pending = None;
        self.progress.asked = 0;
    }

    /// They wait no longer: a human replied (`Done`), or it need not be (`Dropped`).
    pub(super) fn stop_asking(&mut self, end: End) {
        self.stop_pending();
        self.end_clocks(PolicyClock::NextResponse, end);
    }

    fn customer_wrote(&mut self, fact: &Fact, said: Said, around: Surroundings<'_>) {
        self.come_back(fact.at_ms);
        if self.is_closed(fact.at_ms, around) {
            let queue = if fact.queue == NO_QUEUE { self.queue() } else { fact.queue };
            self.begin(queue, fact.at_ms, around);
        }
        let is_known_spam = self.progress.once.spam;
        self.progress.asked_in_public |= said.public;
        self.episode().public |= said.public;
        if said.weight == Weight::Spam {
            self.mark(Field::Spam, fact);
            let once = &self.progress.once;
            if !once.heard && !once.responded && !self.progress.outbound {
                self.begin_nothing();
            }
        }
        self.progress.once.heard = true;
        if is_known_spam || self.progress.once.spam {
            return;
        }
        if self.progress.pending.is_none() && self.progress.phase != Phase::Over {
            self.ask(self.queue(), fact.at_ms);
        }
        self.remember_asked(said.id, fact.at_ms);
        if said.weight != Weight::Spam {
            self.heard(fact, said.public, said.mood, said.weight == Weight::Complaint);
        }
    }

    /// What seemed to be a contact began with spam: it is none.
    fn begin_nothing(&mut self) {
        self.progress.once.spam = true;
        if let Some(stay) = self.stays.last_mut() {
            stay.offered = false;
        }
        let (at_ms, episode) = (self.progress.opening_ms, self.episode_number());
        self.clocks.retain(|clock| clock.episode != episode);
        self.stop_pending();
        self.come_to_an_end(at_ms);
    }

    fn agent_wrote(&mut self, fact: &Fact, public: bool, around: Surroundings<'_>) {
        let at_ms = fact.at_ms;
        if self.progress.phase == Phase::Idle {
            // We wrote first.
            self.begin_outbound(fact.queue, at_ms, around);
            return;
        }
        if fact.agent != NO_AGENT {
            self.progress.once.agent = fact.agent;
        }
        let answers = public || !self.progress.asked_in_public;
        if !answers || self.progress.phase == Phase::Over || self.is_closed(at_ms, around) {
            return;
        }
        let silent_ms = at_ms.saturating_sub(self.progress.last_activity_ms);
        self.progress.once.active_ms += silent_ms.clamp(0, ACTIVE_MS_MAX);
        if self.is_waiting() {
            self.leave(Outcome::Answered, at_ms, None);
        }
        if let Some(pending) = self.progress.pending {
            let took_ms = at_ms.saturating_sub(pending.since_ms);
            let mark = self.marked(Field::Replies, fact).took(took_ms);
            let again = self.progress.once.parts.take(mark.agent, Part::REPLY);
            self.marks.push(if again { mark.again() } else { mark });
        }
        let took_ms = at_ms.saturating_sub(self.progress.asked_ms).max(0);
        if let Some(stay) = self.stays.last_mut()
            && stay.offered
            && stay.outcome == Outcome::Answered
            && !self.progress.once.responded
        {
            stay.response = Some(Reply { at_ms, took_ms });
        }
        self.human_replied(at_ms);
    }

    /// Whatever ran until a human took it up.
    fn human_replied(&mut self, at_ms: UnixMs) {
        self.reached(at_ms);
        self.stop_asking(End::Done(at_ms));
        self.end_clocks(PolicyClock::FirstResponse, End::Done(at_ms));
        self.stand_for_the_customer();
        // It is for the customer to go on.
        for clock in self.running_clocks(PolicyClock::Resolution) {
            clock.paused_ms = clock.paused_ms.or(Some(at_ms));
        }
    }

    /// An agent is to take care of it. That is no answer: the customer waits on.
    fn assigned(&mut self, fact: &Fact, was_closed: bool) {
        if self.progress.phase == Phase::Idle {
            return;
        }
        self.progress.once.agent = fact.agent;
        let is_first = !self.progress.once.assigned && !self.progress.outbound;
        if is_first && !was_closed && !self.progress.once.spam {
            let took_ms = fact.at_ms.saturating_sub(self.progress.opening_ms);
            let mark = self.marked(Field::Assignments, fact).took(took_ms);
            self.marks.push(mark);
        }
        self.progress.once.assigned = true;
    }

    fn peer_wrote(&mut self, fact: &Fact) {
        let once = &self.progress.once;
        let waits = self.progress.pending.is_some() && !once.responded;
        if waits && !once.peer_responded && !self.progress.outbound {
            self.progress.once.peer_responded = true;
            self.mark(Field::PeerAnswers, fact);
            self.mark(Field::FirstAnswers, fact);
        }
    }

    fn conversation_resolved(&mut self, fact: &Fact, by: Author) {
        if self.progress.phase == Phase::Idle || self.progress.once.merged {
            return;
        }
        if !self.progress.outbound && !self.progress.once.spam {
            self.settled(fact, by);
        }
        self.end_clocks(PolicyClock::Resolution, self.end_of_settled(fact.at_ms, by));
        self.close(Outcome::FlowedOut(Flow::Resolved), fact.at_ms);
    }

    fn bot_wrote(&mut self, at_ms: UnixMs) {
        let took_ms = at_ms.saturating_sub(self.progress.opening_ms).max(0);
        if let Some(stay) = self.stays.last_mut()
            && stay.offered
            && !self.progress.once.bot_responded
        {
            stay.bot_response = Some(Reply { at_ms, took_ms });
            self.progress.once.bot_responded = true;
        }
    }

    fn conversation_queued(&mut self, fact: &Fact, around: Surroundings<'_>) {
        let at_ms = fact.at_ms;
        if self.is_closed(at_ms, around) {
            self.begin(fact.queue, at_ms, around);
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
                self.enter_next(fact.queue, at_ms, Phase::Waiting);
                self.move_pending(fact.queue);
            }
            Phase::Open | Phase::Over | Phase::Idle => {
                self.enter(fact.queue, at_ms, Phase::Waiting, false);
                match self.progress.pending {
                    Some(_) => self.move_pending(fact.queue),
                    None => self.ask(fact.queue, at_ms),
                }
            }
        }
    }

    fn move_stay(&mut self, queue: QueueId) {
        if let Some(stay) = self.stays.last_mut() {
            stay.queue = queue;
        }
        self.move_pending(queue);
    }

    /// Who waits, waits there, since when they did.
    fn move_pending(&mut self, queue: QueueId) {
        if let Some(pending) = &mut self.progress.pending {
            pending.queue = queue;
        }
    }

    /// To another queue; from agent to agent within one, the customer waits on where they were.
    fn conversation_transferred(&mut self, at_ms: UnixMs, to: QueueId) {
        if to == NO_QUEUE || to == self.queue() {
            return;
        }
        if self.is_waiting() {
            self.leave(Outcome::FlowedOut(Flow::Transferred), at_ms, None);
            self.enter_next(to, at_ms, Phase::Tentative);
        } else {
            self.progress.moved_to = Some(to);
        }
        self.move_pending(to);
    }

    pub(super) fn close(&mut self, outcome: Outcome, at_ms: UnixMs) {
        if self.is_waiting() {
            self.leave(outcome, at_ms, None);
        }
        self.progress.deferred = None;
        if self.progress.phase != Phase::Idle {
            self.come_to_an_end(at_ms);
        }
        self.stop_asking(End::Dropped(at_ms));
        self.drop_clocks(at_ms);
    }
}

/// What the host's rules and the network say of a customer's message.
#[derive(Clone, Copy)]
struct Said {
    public: bool,
    mood: Sentiment,
    weight: Weight,
    id: u32,
}
