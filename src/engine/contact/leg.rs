//! A leg of a call: one agent's talk with the customer, its time on hold, and the after-work.
//!
//! Networks tell one end of a talk by several events: that the call was handed on, and that the
//! talk has ended. Both are the same leg, which counts once, when its handling is over.

use serde::{Deserialize, Serialize};

use super::fact::{Fact, What};
use super::state::{ContactState, Surroundings};
use crate::engine::counting::{Entry, Field, Fields, Length, Sum};
use crate::engine::ids::{AgentId, NO_AGENT, NO_QUEUE, QueueId};
use crate::engine::people::{AtWork, Span, Work};
use crate::engine::rules::Tells;
use crate::event::{Millis, UnixMs};

/// Talk and hold of a leg under way, as far as they are over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Talk {
    talk_ms: Millis,
    hold_ms: Millis,
}

impl Talk {
    /// Nobody has talked yet.
    pub(super) const NONE: Talk = Talk { talk_ms: 0, hold_ms: 0 };
}

/// See the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Leg {
    pub(in crate::engine) episode: u16,
    pub(in crate::engine) queue: QueueId,
    pub(in crate::engine) agent: AgentId,
    talk_ms: Millis,
    hold_ms: Millis,
    ended_ms: UnixMs,
    /// The network said of this leg that the talk has ended.
    is_told: bool,
    /// When after-work ended, as the network said.
    wrapped_up_ms: Option<UnixMs>,
    /// When it counts: as soon as the handling is over. None while after-work lasts.
    pub(in crate::engine) handled_ms: Option<UnixMs>,
}

impl Leg {
    /// Nothing that is still to come can change it.
    pub(super) fn is_complete(&self, tells: Tells) -> bool {
        self.is_told && (self.wrapped_up_ms.is_some() || !tells.wrapped_up)
    }

    /// What it counts as, once it is handled.
    pub(super) fn entry(&self) -> Option<Entry> {
        let at_ms = self.handled_ms?;
        let after_work_ms = self.wrapped_up_ms.map(|at_ms| at_ms.saturating_sub(self.ended_ms));
        let mut fields = Fields::of(Field::Handled);
        if after_work_ms.is_some() {
            fields.add(Field::WrapUps);
        }
        Some(Entry {
            sums: [
                Some((Sum::Talk, self.talk_ms)),
                Some((Sum::Hold, self.hold_ms)),
                after_work_ms.map(|it| (Sum::AfterWork, it.max(0))),
            ],
            lengths: [Some((Length::Handle, self.talk_ms + self.hold_ms)), None],
            ..Entry::new(at_ms, fields)
        })
    }
}

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
        if !around.tells.wrapped_up {
            // Nobody would say when it ends.
            self.work.retain(|it| it.work != Work::WrappingUp);
        }
        if talker.is_none() && !(is_told && fact.measured.length_ms().is_some()) {
            return;
        }
        let Talk { talk_ms, hold_ms } = std::mem::replace(&mut self.progress.talk, Talk::NONE);
        let mut leg = Leg {
            episode: self.episode_number(),
            queue: if fact.queue == NO_QUEUE { self.queue() } else { fact.queue },
            agent: talker.unwrap_or(match fact.agent {
                NO_AGENT => self.progress.once.agent,
                agent => agent,
            }),
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
        let mut due_ms = UnixMs::MAX;
        for leg in &mut self.legs {
            if !around.tells.wrapped_up {
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
        let queue = self.queue();
        let longest_ms = around.thresholds(queue).wrap_up_max_ms;
        let spans = &mut self.spans;
        self.work.retain(|it| {
            let over_ms = it.since_ms.saturating_add(longest_ms);
            let is_over = it.work == Work::WrappingUp && over_ms < around.now_ms;
            if is_over {
                let AtWork { agent, work, since_ms } = *it;
                spans.push(Span { from_ms: since_ms, to_ms: over_ms, agent, work });
            }
            !is_over
        });
        due_ms
    }
}

impl Leg {
    /// Takes the network's own measure. Without one of the hold, that of the talk holds both.
    fn measure(&mut self, fact: &Fact) {
        self.is_told = true;
        match (fact.measured.length_ms(), fact.measured.hold_ms()) {
            (Some(talk_ms), Some(hold_ms)) => (self.talk_ms, self.hold_ms) = (talk_ms, hold_ms),
            (Some(both_ms), None) => self.talk_ms = (both_ms - self.hold_ms).max(0),
            (None, Some(hold_ms)) => {
                let both_ms = self.talk_ms + self.hold_ms;
                (self.talk_ms, self.hold_ms) = ((both_ms - hold_ms).max(0), hold_ms);
            }
            (None, None) => {}
        }
    }
}
