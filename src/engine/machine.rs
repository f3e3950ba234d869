//! A contact's course, derived from its facts.
//!
//! The facts are kept sorted by their own time and the course is derived from all of them
//! (`walk`), so the order in which they arrived, and how often, cannot matter.
//!
//! A contact is a row of [`Segment`]s, one for each stay in a queue. Two readings share the
//! machine: [`super::call`] and [`super::conversation`].

use serde::{Deserialize, Serialize};

use super::fact::{AgentId, Fact, Flow, NO_AGENT, NO_QUEUE, QueueId, What};
use super::mark::Mark;
use super::promise::Clock;
use super::side::Once;
use super::slice::Traits;
use crate::config::model::Clock as PolicyClock;
use crate::event::{Medium, Millis, UnixMs};

/// Which reading of the facts holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum Class {
    /// A call: waits in line, can be abandoned.
    Voice,
    /// A conversation in writing: waits for a human reply.
    Written,
}

/// What became of a stay in a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Outcome {
    Waiting,
    Answered,
    Abandoned,
    FlowedOut(Flow),
}

/// One stay of a contact in a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Segment {
    pub(super) queue: QueueId,
    /// False for contacts that we began: nobody was offered anything.
    pub(super) offered: bool,
    /// The contact came in with this stay; the others are later stations of the same contact.
    pub(super) first: bool,
    pub(super) offered_at_ms: UnixMs,
    pub(super) outcome: Outcome,
    pub(super) outcome_at_ms: UnixMs,
    pub(super) wait_ms: Millis,
    /// Who answered.
    pub(super) agent: AgentId,
    /// The first public human reply: when, and how long after the customer's opening.
    pub(super) response: Option<(UnixMs, Millis)>,
    /// The first answer of a bot, likewise.
    pub(super) bot_response: Option<(UnixMs, Millis)>,
}

impl Segment {
    pub(super) fn is_waiting(&self) -> bool {
        self.offered && self.outcome == Outcome::Waiting
    }

    /// It had ended by then, with everything that belongs to it.
    pub(super) fn is_over_by(&self, at_ms: UnixMs) -> bool {
        let replies = [self.response, self.bot_response].into_iter().flatten();
        let latest = replies.map(|(replied_ms, _)| replied_ms).fold(self.outcome_at_ms, i64::max);
        self.outcome != Outcome::Waiting && latest.max(self.offered_at_ms) <= at_ms
    }
}

/// Where the last segment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Phase {
    /// There is none.
    Idle,
    /// Waiting since it was opened or handed on; its own `queued` may still say better.
    Tentative,
    /// Waiting in its queue.
    Waiting,
    /// Answered; the talk, or the conversation, goes on.
    Open,
    /// Over: ended, handed on, abandoned, left, resolved.
    Over,
}

/// What an agent does for a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum Work {
    Ringing,
    WrappingUp,
    Hold,
    Talking,
}

/// Work that an agent has done for a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Span {
    pub(super) from_ms: UnixMs,
    pub(super) to_ms: UnixMs,
    pub(super) agent: AgentId,
    pub(super) work: Work,
}

/// What holds beyond the facts of the contact itself.
#[derive(Clone, Copy)]
pub(super) struct Surroundings<'a> {
    pub(super) now_ms: UnixMs,
    /// Restarts of the channel's network side, sorted.
    pub(super) restarts_ms: &'a [UnixMs],
    pub(super) idle_gap_ms: Millis,
    pub(super) lost_after_ms: Millis,
    /// Facts of one contact that are kept apart.
    pub(super) facts_max: usize,
}

/// See the module.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Machine {
    pub(super) class: Class,
    pub(super) segments: Vec<Segment>,
    pub(super) phase: Phase,
    /// We began it.
    pub(super) outbound: bool,
    /// The customer waits for us since then, in that queue.
    pub(super) pending: Option<(UnixMs, QueueId)>,
    /// When the customer opened the contact: where first response is measured from.
    pub(super) opening_ms: UnixMs,
    /// The customer asked where strangers can read it: only a public reply answers.
    pub(super) asked_in_public: bool,
    pub(super) once: Once,
    pub(super) last_activity_ms: UnixMs,
    pub(super) handed_on_ms: Option<UnixMs>,
    /// Who works on it, and since when.
    pub(super) work: Vec<(AgentId, Work, UnixMs)>,
    /// Work that is done.
    pub(super) spans: Vec<Span>,
    /// Talk and hold of the leg under way.
    pub(super) leg_ms: (Millis, Millis),
    pub(super) marks: Vec<Mark>,
    pub(super) clocks: Vec<Clock>,
    pub(super) traits: Traits,
    /// Restarts of the network's side that ended, or would have ended, something of it.
    pub(super) restarts_ms: Vec<UnixMs>,
}

impl Machine {
    pub(super) fn new() -> Self {
        Machine {
            class: Class::Voice,
            segments: Vec::new(),
            phase: Phase::Idle,
            outbound: false,
            pending: None,
            opening_ms: 0,
            asked_in_public: false,
            once: Once::default(),
            last_activity_ms: 0,
            handed_on_ms: None,
            work: Vec::new(),
            spans: Vec::new(),
            leg_ms: (0, 0),
            marks: Vec::new(),
            clocks: Vec::new(),
            traits: Traits::default(),
            restarts_ms: Vec::new(),
        }
    }

    /// Back to the start, or to a point known earlier; keeps the memory.
    pub(super) fn reset(&mut self, to: Option<&Machine>) {
        self.segments.clear();
        self.work.clear();
        self.spans.clear();
        self.marks.clear();
        self.clocks.clear();
        self.restarts_ms.clear();
        self.stand_like(&Machine::new());
        if let Some(to) = to {
            self.become_like(to);
        }
    }

    /// Stands where another stands.
    pub(super) fn become_like(&mut self, other: &Machine) {
        self.segments.clone_from(&other.segments);
        self.work.clone_from(&other.work);
        self.spans.clone_from(&other.spans);
        self.marks.clone_from(&other.marks);
        self.clocks.clone_from(&other.clocks);
        self.restarts_ms.clone_from(&other.restarts_ms);
        self.stand_like(other);
    }

    /// Likewise but for the lists.
    fn stand_like(&mut self, other: &Machine) {
        (self.class, self.phase, self.outbound) = (other.class, other.phase, other.outbound);
        (self.pending, self.opening_ms) = (other.pending, other.opening_ms);
        (self.asked_in_public, self.once) = (other.asked_in_public, other.once);
        (self.last_activity_ms, self.handed_on_ms) = (other.last_activity_ms, other.handed_on_ms);
        (self.leg_ms, self.traits) = (other.leg_ms, other.traits);
    }

    pub(super) fn step(&mut self, fact: &Fact, around: Surroundings<'_>) {
        if fact.queue != NO_QUEUE
            && let Some(segment) = self.segments.last_mut()
            && segment.queue == NO_QUEUE
            && self.phase != Phase::Over
            && (self.phase, fact.what) != (Phase::Open, What::Queued)
        {
            // The first event that names the queue names it for the whole stay.
            segment.queue = fact.queue;
            let began_ms = segment.offered_at_ms;
            let unnamed = |mark: &&mut Mark| mark.queue == NO_QUEUE && mark.at_ms >= began_ms;
            for mark in self.marks.iter_mut().rev().take_while(unnamed) {
                mark.queue = fact.queue;
            }
            if let Some((_, queue)) = &mut self.pending {
                *queue = fact.queue;
            }
        }
        if self.side_step(fact) {
            return;
        }
        match self.class {
            Class::Voice => self.call_step(fact),
            Class::Written => self.conversation_step(fact, around.idle_gap_ms),
        }
        self.move_clocks();
    }

    /// What follows from the passing of time and from restarts rather than from a fact. Says
    /// when to look again.
    pub(super) fn finish(&mut self, around: Surroundings<'_>) -> UnixMs {
        let due_ms = match self.class {
            Class::Voice => self.call_finish(around),
            Class::Written => self.conversation_finish(around),
        };
        self.own_complaint();
        // Few networks say of a call that it is one.
        let is_call = self.class == Class::Voice && !self.segments.is_empty();
        if is_call && self.traits.medium == Medium::Unknown {
            self.traits.medium = Medium::Call;
        }
        due_ms
    }

    /// A new stay in a queue.
    pub(super) fn enter(&mut self, queue: QueueId, at_ms: UnixMs, phase: Phase, first: bool) {
        self.segments.push(Segment {
            queue,
            offered: !self.outbound,
            first,
            offered_at_ms: at_ms,
            outcome: Outcome::Waiting,
            outcome_at_ms: at_ms,
            wait_ms: 0,
            agent: NO_AGENT,
            response: None,
            bot_response: None,
        });
        self.phase = phase;
        self.handed_on_ms = None;
        if !self.outbound {
            self.start_clock(PolicyClock::Answer, queue, at_ms);
        }
    }

    /// The stay ends; `wait_ms` by the network's measure where it has one.
    pub(super) fn leave(&mut self, outcome: Outcome, at_ms: UnixMs, wait_ms: Option<Millis>) {
        if let Some(segment) = self.segments.last_mut() {
            segment.outcome = outcome;
            segment.outcome_at_ms = at_ms;
            let own = at_ms.saturating_sub(segment.offered_at_ms).max(0);
            segment.wait_ms = wait_ms.unwrap_or(own);
            if outcome == Outcome::Answered {
                segment.agent = self.once.agent;
            }
        }
        self.stop_answer_clock(outcome, at_ms);
        self.phase = if outcome == Outcome::Answered { Phase::Open } else { Phase::Over };
    }

    /// Work that fits ends.
    pub(super) fn stop_work(&mut self, at_ms: UnixMs, ends: impl Fn(AgentId, Work) -> bool) {
        let spans = &mut self.spans;
        self.work.retain(|(agent, work, since_ms)| {
            let ends = ends(*agent, *work);
            if ends && at_ms > *since_ms {
                let (agent, work) = (*agent, *work);
                spans.push(Span { from_ms: *since_ms, to_ms: at_ms, agent, work });
            }
            !ends
        });
    }

    pub(super) fn queue(&self) -> QueueId {
        self.segments.last().map_or(NO_QUEUE, |segment| segment.queue)
    }

    /// The fact is about the present stay, as far as it names a queue.
    pub(super) fn is_here(&self, fact: &Fact) -> bool {
        fact.queue == NO_QUEUE || self.queue() == NO_QUEUE || fact.queue == self.queue()
    }

    pub(super) fn is_waiting(&self) -> bool {
        matches!(self.phase, Phase::Tentative | Phase::Waiting)
    }
}
