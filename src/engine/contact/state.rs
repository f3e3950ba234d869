//! A contact's course, derived from its facts.
//!
//! The facts are kept sorted by their own time and the course is derived from all of them
//! (`walk`), so the order in which they arrived, and how often, cannot matter.
//!
//! A contact is a row of [`Stay`]s, one for each stay in a queue. Two readings share the
//! machine: [`super::call`] and [`super::conversation`].

use crate::engine::ids::Class;
use crate::engine::people::Span;
use crate::engine::people::Work;
use serde::{Deserialize, Serialize};

use super::fact::{Fact, What};
use super::mark::Mark;
use super::milestones::Once;
use crate::config::model::Clock as PolicyClock;
use crate::engine::cells::Traits;
use crate::engine::ids::{AgentId, Flow, NO_AGENT, NO_QUEUE, QueueId};
use crate::engine::promise::Clock;
use crate::event::{Medium, Millis, UnixMs};

/// What became of a stay in a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) enum Outcome {
    Waiting,
    Answered,
    Abandoned,
    FlowedOut(Flow),
}

/// One stay of a contact in a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Stay {
    pub(in crate::engine) queue: QueueId,
    /// False for contacts that we began: nobody was offered anything.
    pub(in crate::engine) offered: bool,
    /// The contact came in with this stay; the others are later stations of the same contact.
    pub(in crate::engine) first: bool,
    pub(in crate::engine) offered_at_ms: UnixMs,
    pub(in crate::engine) outcome: Outcome,
    pub(in crate::engine) outcome_at_ms: UnixMs,
    pub(in crate::engine) wait_ms: Millis,
    /// Who answered.
    pub(in crate::engine) agent: AgentId,
    /// The first public human reply: when, and how long after the customer's opening.
    pub(in crate::engine) response: Option<(UnixMs, Millis)>,
    /// The first answer of a bot, likewise.
    pub(in crate::engine) bot_response: Option<(UnixMs, Millis)>,
}

impl Stay {
    pub(in crate::engine) fn is_waiting(&self) -> bool {
        self.offered && self.outcome == Outcome::Waiting
    }

    /// It had ended by then, with everything that belongs to it.
    pub(in crate::engine) fn is_over_by(&self, at_ms: UnixMs) -> bool {
        let replies = [self.response, self.bot_response].into_iter().flatten();
        let latest = replies.map(|(replied_ms, _)| replied_ms).fold(self.outcome_at_ms, i64::max);
        self.outcome != Outcome::Waiting && latest.max(self.offered_at_ms) <= at_ms
    }
}

/// Where the last segment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) enum Phase {
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

/// What holds beyond the facts of the contact itself.
#[derive(Clone, Copy)]
pub(in crate::engine) struct Surroundings<'a> {
    pub(in crate::engine) now_ms: UnixMs,
    /// Restarts of the channel's network side, sorted.
    pub(in crate::engine) restarts_ms: &'a [UnixMs],
    pub(in crate::engine) idle_gap_ms: Millis,
    pub(in crate::engine) lost_after_ms: Millis,
    /// Facts of one contact that are kept apart.
    pub(in crate::engine) facts_max: usize,
}

/// Where a contact stands, but for its lists. Copied whole.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::engine) struct Progress {
    pub(in crate::engine) class: Class,
    pub(in crate::engine) phase: Phase,
    /// We began it.
    pub(in crate::engine) outbound: bool,
    /// The customer waits for us since then, in that queue.
    pub(in crate::engine) pending: Option<(UnixMs, QueueId)>,
    /// When the customer opened the contact: where first response is measured from.
    pub(in crate::engine) opening_ms: UnixMs,
    /// The customer asked where strangers can read it: only a public reply answers.
    pub(in crate::engine) asked_in_public: bool,
    pub(in crate::engine) once: Once,
    pub(in crate::engine) last_activity_ms: UnixMs,
    pub(in crate::engine) handed_on_ms: Option<UnixMs>,
    /// Talk and hold of the leg under way.
    pub(in crate::engine) leg_ms: (Millis, Millis),
    pub(in crate::engine) traits: Traits,
}

impl Progress {
    /// Nothing has happened yet.
    const NONE: Progress = Progress {
        class: Class::Voice,
        phase: Phase::Idle,
        outbound: false,
        pending: None,
        opening_ms: 0,
        asked_in_public: false,
        once: Once::NONE,
        last_activity_ms: 0,
        handed_on_ms: None,
        leg_ms: (0, 0),
        traits: Traits::UNKNOWN,
    };
}

/// See the module.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::engine) struct ContactState {
    pub(in crate::engine) progress: Progress,
    pub(in crate::engine) stays: Vec<Stay>,
    /// Who works on it, and since when.
    pub(in crate::engine) work: Vec<(AgentId, Work, UnixMs)>,
    /// Work that is done.
    pub(in crate::engine) spans: Vec<Span>,
    pub(in crate::engine) marks: Vec<Mark>,
    pub(in crate::engine) clocks: Vec<Clock>,
    /// Restarts of the network's side that ended, or would have ended, something of it.
    pub(in crate::engine) restarts_ms: Vec<UnixMs>,
}

impl Clone for ContactState {
    fn clone(&self) -> Self {
        let mut clone = ContactState::new();
        clone.clone_from(self);
        clone
    }

    /// Keeps the memory of its lists: one state after the other is derived in the same one.
    fn clone_from(&mut self, other: &Self) {
        let ContactState { progress, stays, work, spans, marks, clocks, restarts_ms } = self;
        *progress = other.progress;
        stays.clone_from(&other.stays);
        work.clone_from(&other.work);
        spans.clone_from(&other.spans);
        marks.clone_from(&other.marks);
        clocks.clone_from(&other.clocks);
        restarts_ms.clone_from(&other.restarts_ms);
    }
}

impl ContactState {
    pub(in crate::engine) const fn new() -> Self {
        ContactState {
            progress: Progress::NONE,
            stays: Vec::new(),
            work: Vec::new(),
            spans: Vec::new(),
            marks: Vec::new(),
            clocks: Vec::new(),
            restarts_ms: Vec::new(),
        }
    }

    /// Back to the start, or to a point known earlier; keeps the memory of its lists.
    pub(in crate::engine) fn reset(&mut self, to: Option<&ContactState>) {
        static START: ContactState = ContactState::new();
        self.clone_from(to.unwrap_or(&START));
    }

    pub(in crate::engine) fn step(&mut self, fact: &Fact, around: Surroundings<'_>) {
        if fact.queue != NO_QUEUE
            && let Some(segment) = self.stays.last_mut()
            && segment.queue == NO_QUEUE
            && self.progress.phase != Phase::Over
            && (self.progress.phase, fact.what) != (Phase::Open, What::Queued)
        {
            // The first event that names the queue names it for the whole stay.
            segment.queue = fact.queue;
            let began_ms = segment.offered_at_ms;
            let unnamed = |mark: &&mut Mark| mark.queue == NO_QUEUE && mark.at_ms >= began_ms;
            for mark in self.marks.iter_mut().rev().take_while(unnamed) {
                mark.queue = fact.queue;
            }
            if let Some((_, queue)) = &mut self.progress.pending {
                *queue = fact.queue;
            }
        }
        if self.side_step(fact) {
            return;
        }
        match self.progress.class {
            Class::Voice => self.call_step(fact),
            Class::Written => self.conversation_step(fact, around.idle_gap_ms),
        }
        self.move_clocks();
    }

    /// What follows from the passing of time and from restarts rather than from a fact. Says
    /// when to look again.
    pub(in crate::engine) fn finish(&mut self, around: Surroundings<'_>) -> UnixMs {
        let due_ms = match self.progress.class {
            Class::Voice => self.call_finish(around),
            Class::Written => self.conversation_finish(around),
        };
        self.own_complaint();
        // Few networks say of a call that it is one.
        let is_call = self.progress.class == Class::Voice && !self.stays.is_empty();
        if is_call && self.progress.traits.medium == Medium::Unknown {
            self.progress.traits.medium = Medium::Call;
        }
        due_ms
    }

    /// A new stay in a queue.
    pub(in crate::engine) fn enter(
        &mut self,
        queue: QueueId,
        at_ms: UnixMs,
        phase: Phase,
        first: bool,
    ) {
        self.stays.push(Stay {
            queue,
            offered: !self.progress.outbound,
            first,
            offered_at_ms: at_ms,
            outcome: Outcome::Waiting,
            outcome_at_ms: at_ms,
            wait_ms: 0,
            agent: NO_AGENT,
            response: None,
            bot_response: None,
        });
        self.progress.phase = phase;
        self.progress.handed_on_ms = None;
        if !self.progress.outbound {
            self.start_clock(PolicyClock::Answer, queue, at_ms);
        }
    }

    /// The stay ends; `wait_ms` by the network's measure where it has one.
    pub(in crate::engine) fn leave(
        &mut self,
        outcome: Outcome,
        at_ms: UnixMs,
        wait_ms: Option<Millis>,
    ) {
        if let Some(segment) = self.stays.last_mut() {
            segment.outcome = outcome;
            segment.outcome_at_ms = at_ms;
            let own = at_ms.saturating_sub(segment.offered_at_ms).max(0);
            segment.wait_ms = wait_ms.unwrap_or(own);
            if outcome == Outcome::Answered {
                segment.agent = self.progress.once.agent;
            }
        }
        self.stop_answer_clock(outcome, at_ms);
        self.progress.phase = if outcome == Outcome::Answered { Phase::Open } else { Phase::Over };
    }

    /// Work that fits ends.
    pub(in crate::engine) fn stop_work(
        &mut self,
        at_ms: UnixMs,
        ends: impl Fn(AgentId, Work) -> bool,
    ) {
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

    pub(in crate::engine) fn queue(&self) -> QueueId {
        self.stays.last().map_or(NO_QUEUE, |segment| segment.queue)
    }

    /// The fact is about the present stay, as far as it names a queue.
    pub(in crate::engine) fn is_here(&self, fact: &Fact) -> bool {
        fact.queue == NO_QUEUE || self.queue() == NO_QUEUE || fact.queue == self.queue()
    }

    pub(in crate::engine) fn is_waiting(&self) -> bool {
        matches!(self.progress.phase, Phase::Tentative | Phase::Waiting)
    }
}
