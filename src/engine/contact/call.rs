//! A call's course: in line, ringing, answered, on hold, ended.

use super::fact::{Fact, What};
use super::state::{ContactState, Outcome, Phase, Surroundings};
use crate::config::model::Clock as PolicyClock;
use crate::engine::counting::Field;
use crate::engine::ids::{AgentId, Flow, NO_AGENT, NO_QUEUE};
use crate::engine::people::{Span, Work};
use crate::engine::promise::End;
use crate::engine::timers::NEVER;
use crate::event::{Millis, UnixMs};

/// A call whose end was not seen for so long is `lost`, whatever the network still says.
pub(in crate::engine) const CALL_MS_MAX: Millis = 12 * 3_600_000;
/// Agents ringing for one call at once that are followed.
const RINGING_MAX: usize = 16;

impl ContactState {
    pub(in crate::engine) fn call_step(&mut self, fact: &Fact) {
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
                self.stop_work(at_ms, |agent, work| (agent, work) == (fact.agent, Work::Ringing));
                self.mark(Field::RingsMissed, fact);
            }
            What::Answered => self.call_answered(fact),
            What::Held => self.turn_work(Work::Talking, Work::Hold, at_ms),
            What::Resumed => self.turn_work(Work::Hold, Work::Talking, at_ms),
            What::Transferred { to, .. } => self.call_transferred(fact, to),
            What::TalkEnded => self.call_ended(fact),
            What::WrappedUp => self.call_wrapped_up(fact),
            What::Abandoned => {
                if self.is_waiting() && self.is_here(fact) {
                    self.call_leaves(Outcome::Abandoned, at_ms, fact.length.ms());
                }
            }
            What::Left(flow) => {
                if self.is_waiting() && self.is_here(fact) {
                    self.call_leaves(Outcome::FlowedOut(flow), at_ms, None);
                }
            }
            // Of what nobody began, nothing is settled.
            What::Resolved { .. } if self.progress.phase == Phase::Idle => {}
            What::Resolved { by } => {
                if self.is_waiting() {
                    self.call_leaves(Outcome::FlowedOut(Flow::Resolved), at_ms, None);
                }
                self.end_talk(fact);
                self.progress.phase = Phase::Over;
                self.settled(fact, by);
                self.end_clocks(PolicyClock::Resolution, End::Done(at_ms));
            }
            What::Reopened => {
                if let Some(resolved_ms) = self.progress.once.resolved_ms {
                    self.mark(Field::Reopened, fact);
                    let runs = self.running_clocks(PolicyClock::Resolution).next().is_some();
                    if !runs && !self.progress.outbound {
                        self.restart_resolution_clock(resolved_ms, at_ms);
                    }
                }
            }
            // Of a call, nothing is written; transcripts only say how it sounded.
            What::Customer { public, mood, complaint, .. } => {
                self.heard(fact, public, mood, complaint);
            }
            What::Peer
            | What::Bot
            | What::Agent { .. }
            | What::Prioritized(_)
            | What::Removed { .. }
            | What::RatingRequested
            | What::Rated(_) => {}
        }
    }

    /// The contact begins here.
    fn open_call(&mut self, queue: u16, at_ms: UnixMs) {
        self.progress.opening_ms = at_ms;
        if !self.progress.outbound {
            self.start_clock(PolicyClock::Resolution, queue, at_ms);
        }
    }

    fn call_wrapped_up(&mut self, fact: &Fact) {
        let is_theirs = |agent| fact.agent == NO_AGENT || fact.agent == agent;
        let ended = self.work.iter().copied();
        let ended: Vec<_> = ended
            .filter(|(agent, work, _)| *work == Work::WrappingUp && is_theirs(*agent))
            .collect();
        for (agent, _, since_ms) in ended {
            let took_ms = fact.at_ms.saturating_sub(since_ms);
            let mark = self.marked(Field::WrapUps, fact).by(agent).took(took_ms);
            self.marks.push(mark);
        }
        self.stop_work(fact.at_ms, |agent, work| work == Work::WrappingUp && is_theirs(agent));
    }

    fn call_queued(&mut self, fact: &Fact) {
        match self.progress.phase {
            Phase::Tentative => {
                if let Some(segment) = self.stays.last_mut() {
                    segment.offered_at_ms = fact.at_ms;
                    segment.outcome_at_ms = fact.at_ms;
                    segment.queue = if fact.queue == NO_QUEUE { segment.queue } else { fact.queue };
                }
                self.progress.phase = Phase::Waiting;
            }
            // Said again.
            Phase::Waiting if self.is_here(fact) => {}
            Phase::Waiting => {
                self.call_leaves(Outcome::FlowedOut(Flow::Overflow), fact.at_ms, None);
                self.enter(fact.queue, fact.at_ms, Phase::Waiting, false);
            }
            Phase::Idle | Phase::Open | Phase::Over => {
                let first = self.progress.phase == Phase::Idle;
                if first {
                    self.open_call(fact.queue, fact.at_ms);
                }
                self.enter(fact.queue, fact.at_ms, Phase::Waiting, first);
            }
        }
    }

    fn call_answered(&mut self, fact: &Fact) {
        let at_ms = fact.at_ms;
        // Where its `queued` is not known, the call waited as long as the network says, or
        // since it was handed on.
        let began_ms = match fact.length.ms() {
            Some(wait_ms) => at_ms.saturating_sub(wait_ms),
            None => self.progress.handed_on_ms.unwrap_or(at_ms),
        };
        self.progress.once.agent = fact.agent;
        if self.is_waiting() {
            if !self.is_here(fact) {
                let began_ms = self
                    .stays
                    .last()
                    .map_or(began_ms, |segment| began_ms.max(segment.offered_at_ms));
                self.call_leaves(Outcome::FlowedOut(Flow::Overflow), began_ms, None);
                self.enter(fact.queue, began_ms, Phase::Waiting, false);
            }
            self.call_leaves(Outcome::Answered, at_ms, fact.length.ms());
        } else if self.progress.phase == Phase::Idle || !self.is_here(fact) {
            let first = self.progress.phase == Phase::Idle;
            if first {
                self.open_call(fact.queue, began_ms);
            }
            self.enter(fact.queue, began_ms, Phase::Waiting, first);
            self.call_leaves(Outcome::Answered, at_ms, fact.length.ms());
        } else if self.stays.last().is_some_and(|last| last.outcome == Outcome::Answered) {
            // Another agent of the same queue took it over.
            self.progress.phase = Phase::Open;
        }
        self.reached(at_ms);
        if self.others_talk(fact.agent) {
            // Whoever had it has done their part, even if nobody said so.
            self.end_talk(fact);
        }
        self.stop_work(at_ms, |agent, work| work != Work::WrappingUp || agent == fact.agent);
        self.progress.leg_ms = (0, 0);
        if fact.agent != NO_AGENT {
            self.work.push((fact.agent, Work::Talking, at_ms));
        }
    }

    fn call_transferred(&mut self, fact: &Fact, to: u16) {
        let at_ms = fact.at_ms;
        if self.progress.phase != Phase::Over && self.progress.phase != Phase::Idle {
            self.mark(Field::Transfers, fact);
        }
        if self.is_waiting() && self.is_here(fact) {
            self.call_leaves(Outcome::FlowedOut(Flow::Transferred), at_ms, None);
            if to != NO_QUEUE {
                self.enter(to, at_ms, Phase::Tentative, false);
            }
        } else if self.progress.phase == Phase::Open {
            self.end_talk(fact);
            self.progress.phase = Phase::Over;
            self.progress.handed_on_ms = Some(at_ms);
        }
    }

    fn call_ended(&mut self, fact: &Fact) {
        let talks = self.work.iter().any(|(_, work, _)| matches!(work, Work::Talking | Work::Hold));
        if self.is_waiting() && !talks && self.is_here(fact) {
            // Who has talked was answered, even if nobody said so.
            let began_ms = fact.at_ms.saturating_sub(fact.length.ms().unwrap_or_default());
            let offered_ms = self.stays.last().map_or(began_ms, |last| last.offered_at_ms);
            self.progress.once.agent = fact.agent;
            self.call_leaves(Outcome::Answered, began_ms.max(offered_ms), None);
            self.reached(began_ms.max(offered_ms));
        }
        self.end_talk(fact);
        if self.progress.phase == Phase::Open {
            self.progress.phase = Phase::Over;
        }
    }

    fn call_leaves(&mut self, outcome: Outcome, at_ms: UnixMs, wait_ms: Option<Millis>) {
        self.leave(outcome, at_ms, wait_ms);
        self.stop_work(at_ms, |_, work| work == Work::Ringing);
        let goes_on = matches!(
            outcome,
            Outcome::Answered | Outcome::FlowedOut(Flow::Transferred | Flow::Overflow)
        );
        if !goes_on {
            self.end_clocks(PolicyClock::Resolution, End::Dropped(at_ms));
        }
    }

    fn ring(&mut self, agent: AgentId, at_ms: UnixMs) {
        let rings = |(ringing, work, _): &(AgentId, Work, UnixMs)| {
            (*ringing, *work) == (agent, Work::Ringing)
        };
        let has_room = self.work.len() < RINGING_MAX && !self.work.iter().any(rings);
        // An offer may be told before the queueing: it rings from Idle on.
        if agent != NO_AGENT && has_room && self.progress.phase != Phase::Over {
            self.work.push((agent, Work::Ringing, at_ms));
        }
    }

    /// Somebody else than this agent, if it is known who this is, talks or holds.
    pub(in crate::engine) fn others_talk(&self, agent: AgentId) -> bool {
        let talks = |work| matches!(work, Work::Talking | Work::Hold);
        let other = |other| agent != NO_AGENT && other != agent;
        self.work.iter().any(|(agent, work, _)| talks(*work) && other(*agent))
    }

    fn turn_work(&mut self, from: Work, to: Work, at_ms: UnixMs) {
        for (agent, work, since_ms) in &mut self.work {
            if *work != from {
                continue;
            }
            let took_ms = at_ms.saturating_sub(*since_ms).max(0);
            match from {
                Work::Talking => self.progress.leg_ms.0 += took_ms,
                Work::Hold => self.progress.leg_ms.1 += took_ms,
                Work::Ringing | Work::WrappingUp => {}
            }
            if took_ms > 0 {
                let (agent, work) = (*agent, *work);
                self.spans.push(Span { from_ms: *since_ms, to_ms: at_ms, agent, work });
            }
            (*work, *since_ms) = (to, at_ms);
        }
    }

    /// The talk is over: the leg is handled, wrap-up may follow.
    fn end_talk(&mut self, fact: &Fact) {
        let talks = |work| matches!(work, Work::Talking | Work::Hold);
        let agent = self.work.iter().find(|(_, work, _)| talks(*work)).map(|(agent, _, _)| *agent);
        self.turn_work(Work::Talking, Work::WrappingUp, fact.at_ms);
        self.turn_work(Work::Hold, Work::WrappingUp, fact.at_ms);
        let measured_ms = fact.length.ms().filter(|_| fact.what == What::TalkEnded);
        if agent.is_none() && measured_ms.is_none() {
            return;
        }
        let (talked_ms, held_ms) = std::mem::take(&mut self.progress.leg_ms);
        // The network's measure holds both.
        let talked_ms = measured_ms.map_or(talked_ms, |both_ms| (both_ms - held_ms).max(0));
        let mark = self.marked(Field::Handled, fact).took(talked_ms).and(held_ms);
        self.marks.push(agent.map_or(mark, |agent| mark.by(agent)));
    }

    /// Calls that nobody will end: lost by a restart of the network's side, or by age.
    /// Says when to look again.
    pub(in crate::engine) fn call_finish(&mut self, around: Surroundings<'_>) -> UnixMs {
        let mut restarts_ms = std::mem::take(&mut self.restarts_ms);
        let mut lost_at = |since_ms: UnixMs| {
            let later = around.restarts_ms.partition_point(|restart| *restart <= since_ms);
            let restart = around.restarts_ms.get(later).copied();
            restarts_ms.extend(restart);
            let too_old = since_ms.saturating_add(CALL_MS_MAX);
            let aged = (around.now_ms > too_old).then_some(too_old);
            [restart, aged].into_iter().flatten().min()
        };
        if self.is_waiting()
            && let Some(segment) = self.stays.last()
            && let Some(at_ms) = lost_at(segment.offered_at_ms)
        {
            self.call_leaves(Outcome::FlowedOut(Flow::Lost), at_ms, None);
        }
        self.work.retain(|(_, _, since_ms)| lost_at(*since_ms).is_none());
        self.restarts_ms = restarts_ms;
        if self.progress.phase == Phase::Over && !self.stays.is_empty() {
            self.conclude();
        }
        self.progress.pending = match self.stays.last() {
            Some(last) if self.is_waiting() && last.offered => {
                Some((last.offered_at_ms, last.queue))
            }
            _ => None,
        };
        // Most networks never say that a caller's matter is settled.
        let lost_ms = self.progress.opening_ms.saturating_add(around.lost_after_ms);
        if self.running_clocks(PolicyClock::Resolution).next().is_none() {
            return NEVER;
        }
        if around.now_ms <= lost_ms {
            return lost_ms + 1;
        }
        self.end_clocks(PolicyClock::Resolution, End::Dropped(lost_ms));
        NEVER
    }
}
