//! Who talks to a caller: from the answer to the end of after-work.

use super::fact::{Fact, What};
use super::leg::{Leg, Talk};
use super::parts::Part;
use super::state::{ContactState, Surroundings};
use crate::engine::ids::{AgentId, NO_AGENT, NO_QUEUE};
use crate::engine::people::{AtWork, Span, Work};
use crate::engine::rules::Told;
use crate::engine::timers::NEVER;
use crate::event::UnixMs;

impl ContactState {
    /// Agents who talk, or hold, become those who do something else.
    pub(super) fn turn_work(&mut self, from: Work, to: Work, at_ms: UnixMs) {
        for it in self.work.iter_mut().filter(|it| it.work == from) {
            let took_ms = at_ms.saturating_sub(it.since_ms).max(0);
            match from {
                Work::Talking => self.progress.talk.talk_ms += took_ms,
                Work::Hold => self.progress.talk.hold_ms += took_ms,
                Work::Ringing | Work::WrappingUp => {}
            }
            if took_ms > 0 {
                let AtWork { agent, work, since_ms } = *it;
                self.spans.push(Span { from_ms: since_ms, to_ms: at_ms, agent, work });
            }
            (it.work, it.since_ms) = (to, at_ms);
        }
    }

    /// A leg begins.
    pub(super) fn start_talk(&mut self, agent: AgentId, at_ms: UnixMs) {
        self.progress.talk = Talk::NONE;
        if agent != NO_AGENT {
            self.work.push(AtWork { agent, work: Work::Talking, since_ms: at_ms });
        }
    }

    /// The talk is over, by a fact that says so or from which it follows.
    pub(super) fn end_talk(&mut self, fact: &Fact, around: Surroundings<'_>) {
        let talker = self.work.iter().find(|it| it.work.is_in_call()).map(|it| it.agent);
        let is_told = fact.what == What::TalkEnded;
        if is_told && let Some(leg) = self.leg_told_again(fact, talker) {
            return leg.measure(fact);
        }
        self.turn_work(Work::Talking, Work::WrappingUp, fact.at_ms);
        self.turn_work(Work::Hold, Work::WrappingUp, fact.at_ms);
        if !around.tells.wrapped_up.is_told() {
            // Nobody would say when it ends.
            self.work.retain(|it| it.work != Work::WrappingUp);
        }
        if talker.is_none() && !(is_told && fact.measured.length_ms().is_some()) {
            return;
        }
        let Talk { talk_ms, hold_ms } = std::mem::replace(&mut self.progress.talk, Talk::NONE);
        let agent = talker.unwrap_or(match fact.agent {
            NO_AGENT => self.progress.once.agent,
            agent => agent,
        });
        let mut leg = Leg {
            episode: self.episode_number(),
            queue: if fact.queue == NO_QUEUE { self.queue() } else { fact.queue },
            agent,
            again: self.progress.once.parts.take(agent, Part::TALK),
            talk_ms,
            hold_ms,
            ended_ms: fact.at_ms,
            is_told,
            wrapped_up_ms: None,
            handled_ms: None,
        };
        if is_told {
            leg.measure(fact);
        }
        self.legs.push(leg);
    }

    /// The leg that has ended already and of which a fact tells the end once more.
    pub(super) fn leg_told_again(
        &mut self,
        fact: &Fact,
        talker: Option<AgentId>,
    ) -> Option<&mut Leg> {
        let (agent, queue, here) = (fact.agent, fact.queue, self.queue());
        let is_of_another = talker.is_none_or(|talker| {
            (agent != NO_AGENT && talker != agent) || (queue != NO_QUEUE && queue != here)
        });
        let is_the_same = |leg: &&mut Leg| {
            !leg.is_told
                && (agent == NO_AGENT || leg.agent == NO_AGENT || leg.agent == agent)
                && (queue == NO_QUEUE || leg.queue == NO_QUEUE || leg.queue == queue)
        };
        self.legs.iter_mut().rev().find(is_the_same).filter(|_| is_of_another)
    }

    /// After-work is done.
    pub(super) fn wrap_up(&mut self, fact: &Fact) {
        let is_theirs = |agent| fact.agent == NO_AGENT || fact.agent == agent;
        let ended = |it: &AtWork| it.work == Work::WrappingUp && is_theirs(it.agent);
        for leg in self.legs.iter_mut().rev() {
            let is_open = leg.wrapped_up_ms.is_none();
            if is_open && (is_theirs(leg.agent) || leg.agent == NO_AGENT) {
                leg.wrapped_up_ms = Some(fact.at_ms.max(leg.ended_ms));
                break;
            }
        }
        self.stop_work(fact.at_ms, ended);
    }

    /// After-work that nobody ended is over after the queue's longest. Says when the next one is.
    pub(super) fn finish_legs(&mut self, around: Surroundings<'_>) -> UnixMs {
        let mut due_ms = NEVER;
        let wrapped_up = around.tells.wrapped_up;
        for leg in &mut self.legs {
            // Nobody says when after-work ends, or not of this call.
            let is_said = leg.wrapped_up_ms.is_some() || wrapped_up == Told::Declared;
            if !(wrapped_up.is_told() && is_said) {
                leg.handled_ms = Some(leg.ended_ms.min(around.now_ms));
                continue;
            }
            let longest_ms = around.thresholds(leg.queue).wrap_up_max_ms;
            let at_latest_ms = leg.ended_ms.saturating_add(longest_ms);
            if leg.wrapped_up_ms.is_none_or(|at_ms| at_ms > at_latest_ms) {
                leg.wrapped_up_ms = (at_latest_ms < around.now_ms).then_some(at_latest_ms);
            }
            leg.handled_ms = leg.wrapped_up_ms.map(|at_ms| at_ms.min(around.now_ms));
            if leg.wrapped_up_ms.is_none() {
                due_ms = due_ms.min(at_latest_ms.saturating_add(1));
            }
        }
        if !self.work.iter().any(|it| it.work == Work::WrappingUp) {
            return due_ms;
        }
        // The call may be in another queue by now.
        let here = self.queue();
        let ended: Vec<_> = self.legs.iter().map(|it| (it.agent, it.ended_ms, it.queue)).collect();
        self.stop_work_at(|it| {
            if it.work != Work::WrappingUp {
                return None;
            }
            let of_leg = |(agent, ended_ms, _): &&_| (*agent, *ended_ms) == (it.agent, it.since_ms);
            let queue = ended.iter().rfind(of_leg).map_or(here, |(_, _, queue)| *queue);
            let longest_ms = around.thresholds(queue).wrap_up_max_ms;
            let over_ms = it.since_ms.saturating_add(longest_ms);
            if over_ms >= around.now_ms {
                due_ms = due_ms.min(over_ms.saturating_add(1));
                return None;
            }
            Some(over_ms)
        });
        due_ms
    }
}
