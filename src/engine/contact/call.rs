//! A call's course: in line, ringing, answered, on hold, ended.

use super::fact::{Fact, Weight, What};
use super::progress::{Pending, Phase};
use super::state::{ContactState, Surroundings};
use super::stay::Outcome;
use crate::config::model::Clock as PolicyClock;
use crate::engine::counting::Field;
use crate::engine::ids::{AgentId, Flow, NO_AGENT, NO_QUEUE, QueueId};
use crate::engine::people::{AtWork, Work};
use crate::engine::promise::End;
use crate::event::{Millis, UnixMs};

/// Agents ringing for one call at once that are followed.
const RINGING_MAX: usize = 16;

impl ContactState {
    pub(super) fn call_step(&mut self, fact: &Fact, around: Surroundings<'_>) {
        let at_ms = fact.at_ms;
        match fact.what {
            What::Opened { outbound, .. } => {
                if self.progress.phase == Phase::Idle {
                    self.progress.outbound = outbound;
                    self.open_call(fact.queue, at_ms);
                    self.enter(fact.queue, at_ms, Phase::Tentative, true);
                }
            }
            What::Queued => self.call_queued(fact),
            What::Ringing => self.ring(fact.agent, at_ms),
            What::RingMissed => {
                let agent = fact.agent;
                self.stop_work(at_ms, |it| it.agent == agent && it.work == Work::Ringing);
                self.mark(Field::RingsMissed, fact);
            }
            What::Answered => self.call_answered(fact, around),
            What::Held => self.turn_work(Work::Talking, Work::Hold, at_ms),
            What::Resumed => self.turn_work(Work::Hold, Work::Talking, at_ms),
            What::Transferred { to, .. } => self.call_transferred(fact, to, around),
            What::TalkEnded => self.call_ended(fact, around),
            What::WrappedUp => self.wrap_up(fact),
            What::Abandoned => {
                if self.is_waiting() && self.ends_here(fact) {
                    self.call_leaves(Outcome::Abandoned, at_ms, fact.measured.length_ms());
                }
            }
            What::Left(flow) => {
                if self.is_waiting() && self.ends_here(fact) {
                    self.call_leaves(Outcome::FlowedOut(flow), at_ms, None);
                }
            }
            What::CallbackPromised => {
                if self.is_waiting() && self.ends_here(fact) {
                    self.call_leaves(Outcome::FlowedOut(Flow::Callback), at_ms, None);
                }
                self.agree_on_callback(fact);
            }
            What::Merged => self.call_merged(fact, around),
            // Who gets it has not taken it yet.
            What::Assigned { .. } => self.progress.once.agent = fact.agent,
            // Of what nobody began, nothing is settled.
            What::Resolved { .. } if self.progress.phase == Phase::Idle => {}
            What::Resolved { by } => {
                if self.is_waiting() {
                    self.call_leaves(Outcome::FlowedOut(Flow::Resolved), at_ms, None);
                }
                self.end_talk(fact, around);
                self.come_to_an_end(at_ms);
                self.settled(fact, by);
                self.end_clocks(PolicyClock::Resolution, self.end_of_settled(at_ms, by));
            }
            What::Reopened => {
                if self.progress.once.resolved_ms.is_some() && self.is_found_again(at_ms, around) {
                    self.mark(Field::Reopened, fact);
                    self.progress.once.resolved_ms = None;
                    let runs = self.running_clocks(PolicyClock::Resolution).next().is_some();
                    if !runs && !self.progress.outbound {
                        self.start_clock(PolicyClock::Resolution, self.queue(), at_ms);
                    }
                }
            }
            // Of a call, nothing is written; transcripts only say how it sounded.
            What::Customer { public, mood, weight, .. } => {
                self.heard(fact, public, mood, weight == Weight::Complaint);
            }
            // A call waits in line, or for nobody.
            What::Awaits(_)
            | What::EditedToComplain
            | What::Undelivered { .. }
            | What::Peer
            | What::Bot
            | What::Agent { .. }
            | What::Prioritized(_)
            | What::Removed { .. }
            | What::RatingRequested
            | What::Rated(_)
            | What::About(_) => {}
        }
    }

    /// It goes on in another interaction.
    fn call_merged(&mut self, fact: &Fact, around: Surroundings<'_>) {
        if matches!(self.progress.phase, Phase::Idle | Phase::Over) {
            return;
        }
        if self.is_waiting() {
            if !self.progress.once.responded {
                self.ask_no_longer();
            }
            self.call_leaves(Outcome::FlowedOut(Flow::Merged), fact.at_ms, None);
        } else {
            self.end_talk(fact, around);
            self.come_to_an_end(fact.at_ms);
        }
        self.end_clocks(PolicyClock::Resolution, End::Dropped(fact.at_ms));
    }

    /// The contact begins here.
    fn open_call(&mut self, queue: QueueId, at_ms: UnixMs) {
        (self.progress.opening_ms, self.progress.asked_ms) = (at_ms, at_ms);
        if !self.progress.outbound {
            self.start_clock(PolicyClock::Resolution, queue, at_ms);
        }
    }

    fn call_queued(&mut self, fact: &Fact) {
        match self.progress.phase {
            Phase::Tentative => {
                if let Some(stay) = self.stays.last_mut() {
                    stay.offered_at_ms = fact.at_ms;
                    stay.outcome_at_ms = fact.at_ms;
                    stay.queue = if fact.queue == NO_QUEUE { stay.queue } else { fact.queue };
                }
                self.progress.phase = Phase::Waiting;
            }
            // Said again.
            Phase::Waiting if self.is_here(fact) => {}
            Phase::Waiting => {
                self.call_leaves(Outcome::FlowedOut(Flow::Overflow), fact.at_ms, None);
                self.enter_next(fact.queue, fact.at_ms, Phase::Waiting);
            }
            Phase::Idle => {
                self.open_call(fact.queue, fact.at_ms);
                self.enter(fact.queue, fact.at_ms, Phase::Waiting, true);
            }
            Phase::Open | Phase::Over => {
                self.count_hand_over(fact);
                self.enter_next(fact.queue, fact.at_ms, Phase::Waiting);
            }
        }
    }

    /// Who had an agent and comes to another queue was handed on, even if nobody said so.
    fn count_hand_over(&mut self, fact: &Fact) {
        let was_answered = self.stays.last().is_some_and(|it| it.outcome == Outcome::Answered);
        if was_answered && self.progress.handed_on_ms.is_none() {
            self.mark(Field::Transfers, fact);
        }
    }

    fn call_answered(&mut self, fact: &Fact, around: Surroundings<'_>) {
        let at_ms = fact.at_ms;
        let wait_ms = fact.measured.length_ms();
        // Where its `queued` is not known, the call waited as long as the network says, or
        // since it was handed on.
        let began_ms = match wait_ms {
            Some(wait_ms) => at_ms.saturating_sub(wait_ms),
            None => self.progress.handed_on_ms.unwrap_or(at_ms),
        };
        self.progress.once.agent = fact.agent;
        let talks = |it: &AtWork| it.work.is_in_call() && it.agent == fact.agent;
        if !self.is_waiting() && self.is_here(fact) && self.work.iter().any(talks) {
            return; // Said again.
        }
        if self.is_waiting() {
            if !self.is_here(fact) {
                let stay = self.stays.last();
                let began_ms = stay.map_or(began_ms, |stay| began_ms.max(stay.offered_at_ms));
                self.call_leaves(Outcome::FlowedOut(Flow::Overflow), began_ms, None);
                self.enter_next(fact.queue, began_ms, Phase::Waiting);
            }
            self.call_leaves(Outcome::Answered, at_ms, wait_ms);
        } else if self.progress.phase == Phase::Idle {
            self.open_call(fact.queue, began_ms);
            self.enter(fact.queue, began_ms, Phase::Waiting, true);
            self.call_leaves(Outcome::Answered, at_ms, wait_ms);
        } else if !self.is_here(fact) {
            self.count_hand_over(fact);
            self.enter_next(fact.queue, began_ms, Phase::Waiting);
            self.call_leaves(Outcome::Answered, at_ms, wait_ms);
        } else if self.stays.last().is_some_and(|last| last.outcome == Outcome::Answered) {
            // Another agent of the same queue took it over.
            self.progress.phase = Phase::Open;
        }
        self.progress.handed_on_ms = None;
        self.reached(at_ms);
        if self.others_talk(fact.agent) {
            // Whoever had it has done their part, even if nobody said so.
            self.end_talk(fact, around);
        }
        let agent = fact.agent;
        self.stop_work(at_ms, |it| it.work != Work::WrappingUp || it.agent == agent);
        self.start_talk(agent, at_ms);
    }

    fn call_transferred(&mut self, fact: &Fact, to: QueueId, around: Surroundings<'_>) {
        let at_ms = fact.at_ms;
        // Told again when the call waits in the next queue, it is the same hand-over.
        let is_told_again = self.is_waiting() && !self.is_here(fact);
        if !is_told_again && !matches!(self.progress.phase, Phase::Over | Phase::Idle) {
            self.mark(Field::Transfers, fact);
        }
        if self.is_waiting() && self.is_here(fact) {
            self.call_leaves(Outcome::FlowedOut(Flow::Transferred), at_ms, None);
            if to != NO_QUEUE {
                self.enter_next(to, at_ms, Phase::Tentative);
            }
        } else if self.progress.phase == Phase::Open {
            self.end_talk(fact, around);
            self.come_to_an_end(at_ms);
            self.progress.handed_on_ms = Some(at_ms);
        }
    }

    fn call_ended(&mut self, fact: &Fact, around: Surroundings<'_>) {
        let talker = self.work.iter().find(|it| it.work.is_in_call()).map(|it| it.agent);
        let is_of_an_old_leg = self.leg_told_again(fact, talker).is_some();
        if is_of_an_old_leg {
            return self.end_talk(fact, around);
        }
        if self.is_waiting() && talker.is_none() && self.is_here(fact) {
            // Who has talked was answered, even if nobody said so.
            let talked_ms = fact.measured.length_ms().unwrap_or_default();
            let began_ms = fact.at_ms.saturating_sub(talked_ms);
            let offered_ms = self.stays.last().map_or(began_ms, |last| last.offered_at_ms);
            self.progress.once.agent = fact.agent;
            self.call_leaves(Outcome::Answered, began_ms.max(offered_ms), None);
            self.reached(began_ms.max(offered_ms));
        }
        self.end_talk(fact, around);
        if self.progress.phase == Phase::Open {
            self.come_to_an_end(fact.at_ms);
        }
    }

    fn call_leaves(&mut self, outcome: Outcome, at_ms: UnixMs, wait_ms: Option<Millis>) {
        self.leave(outcome, at_ms, wait_ms);
        self.stop_work(at_ms, |it| it.work == Work::Ringing);
        let goes_on = matches!(
            outcome,
            Outcome::Answered | Outcome::FlowedOut(Flow::Transferred | Flow::Overflow)
        );
        if !goes_on {
            self.end_clocks(PolicyClock::Resolution, End::Dropped(at_ms));
        }
    }

    fn ring(&mut self, agent: AgentId, at_ms: UnixMs) {
        let rings = |it: &AtWork| it.agent == agent && it.work == Work::Ringing;
        let has_room = self.work.len() < RINGING_MAX && !self.work.iter().any(rings);
        // An offer may be told before the queueing: it rings from Idle on.
        if agent != NO_AGENT && has_room && self.progress.phase != Phase::Over {
            self.work.push(AtWork { agent, work: Work::Ringing, since_ms: at_ms });
        }
    }

    /// Somebody else than this agent, if it is known who this is, talks or holds.
    pub(super) fn others_talk(&self, agent: AgentId) -> bool {
        let is_other = |other| agent != NO_AGENT && other != agent;
        self.work.iter().any(|it| it.work.is_in_call() && is_other(it.agent))
    }

    /// Calls that nobody will end: lost by a restart of the network's side, or by age.
    /// Says when to look again.
    pub(super) fn call_finish(&mut self, around: Surroundings<'_>) -> UnixMs {
        let call_ms_max = around.limits.call_max_ms;
        let mut due_ms = self.finish_legs(around);
        let mut restarts_ms = std::mem::take(&mut self.restarts_ms);
        let mut lost_at = |since_ms: UnixMs| {
            let later = around.restarts_ms.partition_point(|restart| *restart <= since_ms);
            let restart = around.restarts_ms.get(later).copied();
            restarts_ms.extend(restart);
            let too_old_ms = since_ms.saturating_add(call_ms_max);
            if around.now_ms <= too_old_ms {
                due_ms = due_ms.min(too_old_ms.saturating_add(1));
            }
            let aged = (around.now_ms > too_old_ms).then_some(too_old_ms);
            [restart, aged].into_iter().flatten().min()
        };
        if self.is_waiting()
            && let Some(stay) = self.stays.last()
            && let Some(at_ms) = lost_at(stay.offered_at_ms)
        {
            self.call_leaves(Outcome::FlowedOut(Flow::Lost), at_ms, None);
        }
        self.work.retain(|it| lost_at(it.since_ms).is_none());
        self.restarts_ms = restarts_ms;
        if self.progress.phase == Phase::Over && !self.stays.is_empty() {
            self.conclude(around);
        }
        self.progress.pending = match self.stays.last() {
            Some(last) if self.is_waiting() && last.offered => {
                Some(Pending { since_ms: last.offered_at_ms, queue: last.queue })
            }
            _ => None,
        };
        // Most networks never say that a caller's matter is settled.
        let lost_ms = self.progress.opening_ms.saturating_add(around.limits.lost_after_ms);
        if self.running_clocks(PolicyClock::Resolution).next().is_none() {
            return due_ms;
        }
        if around.now_ms <= lost_ms {
            return due_ms.min(lost_ms + 1);
        }
        self.end_clocks(PolicyClock::Resolution, End::Dropped(lost_ms));
        due_ms
    }
}
