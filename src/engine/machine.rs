//! A contact's course, derived from its facts.
//!
//! The facts are kept sorted by their own time and the course is derived from all of them anew,
//! so the order in which they arrived, and how often, cannot matter. Networks that count in
//! whole seconds give several facts the same time: of those, the one that makes sense in the
//! present state goes first ([`Machine::turn`]).
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
        }
    }

    /// Back to the start, or to a point known earlier; keeps the memory.
    pub(super) fn reset(&mut self, base: Option<&Machine>) {
        let mut fresh = Machine::new();
        std::mem::swap(&mut fresh, self);
        let Machine { mut segments, mut work, mut spans, mut marks, mut clocks, .. } = fresh;
        segments.clear();
        work.clear();
        spans.clear();
        marks.clear();
        clocks.clear();
        if let Some(base) = base {
            segments.extend_from_slice(&base.segments);
            work.extend_from_slice(&base.work);
            spans.extend_from_slice(&base.spans);
            marks.extend_from_slice(&base.marks);
            clocks.extend_from_slice(&base.clocks);
            *self = base.without_lists();
        }
        (self.segments, self.work, self.spans) = (segments, work, spans);
        (self.marks, self.clocks) = (marks, clocks);
    }

    fn without_lists(&self) -> Machine {
        Machine {
            segments: Vec::new(),
            work: Vec::new(),
            spans: Vec::new(),
            marks: Vec::new(),
            clocks: Vec::new(),
            ..*self
        }
    }

    /// Takes all facts, which are sorted by time.
    pub(super) fn run(&mut self, facts: &[Fact], around: Surroundings<'_>) {
        if self.phase == Phase::Idle {
            self.class = Class::of_all(facts);
        }
        if self.traits.medium == Medium::Unknown {
            let known = facts.iter().map(|fact| fact.medium);
            self.traits.medium =
                known.into_iter().find(|one| *one != Medium::Unknown).unwrap_or_default();
        }
        self.walk(facts, around);
        // Few networks say of a call that it is one.
        let is_call = self.class == Class::Voice && !self.segments.is_empty();
        if is_call && self.traits.medium == Medium::Unknown {
            self.traits.medium = Medium::Call;
        }
    }

    /// Takes the first of all facts, of which the others are known already: `all` is where they
    /// lead together.
    pub(super) fn run_first(&mut self, facts: &[Fact], all: &Machine, around: Surroundings<'_>) {
        self.class = all.class;
        self.traits.medium = all.traits.medium;
        self.walk(facts, around);
    }

    fn walk(&mut self, facts: &[Fact], around: Surroundings<'_>) {
        let mut rest = facts;
        while let [first, ..] = rest {
            let together = rest.iter().take_while(|fact| fact.at_ms == first.at_ms).count();
            let (group, later) = rest.split_at(together);
            match group {
                [only] => self.step(only, around),
                _ => self.step_together(group, around),
            }
            rest = later;
        }
    }

    /// Facts of the same time: again and again the one whose turn it is.
    fn step_together(&mut self, group: &[Fact], around: Surroundings<'_>) {
        let mut left: Vec<&Fact> = group.iter().collect();
        while let Some((index, _)) =
            left.iter().enumerate().min_by_key(|(_, fact)| (self.turn(fact, &left), **fact))
        {
            let fact = left.remove(index);
            self.step(fact, around);
        }
    }

    /// When, among facts of the same time, it is this one's turn: the lower the sooner.
    fn turn(&self, fact: &Fact, group: &[&Fact]) -> u8 {
        let ends_here = |other: &Fact| {
            use What::{Abandoned, Answered, Left, TalkEnded, Transferred};
            let ends = matches!(other.what, Abandoned | Answered | Left(_) | Transferred { .. });
            (ends || other.what == TalkEnded) && other.queue == fact.queue
        };
        match (self.phase, fact.what) {
            // An end that belongs to another stay waits for that stay to begin.
            (Phase::Waiting, What::Abandoned | What::Left(_) | What::Transferred { .. })
                if !self.is_here(fact) =>
            {
                3
            }
            // One who waits, or talks, leaves before entering anew.
            (Phase::Waiting | Phase::Open, What::Queued) => 4,
            (Phase::Open, What::Answered)
                if !self.is_here(fact) || self.others_talk(fact.agent) =>
            {
                4
            }
            // Of several queues, the one that is left again at once comes first.
            (_, What::Queued) if group.iter().any(|other| ends_here(other)) => 0,
            (Phase::Over, What::Reopened) => 0,
            (Phase::Open, What::Resumed) if self.work.iter().any(|(_, w, _)| *w == Work::Hold) => 0,
            _ => 1,
        }
    }

    fn step(&mut self, fact: &Fact, around: Surroundings<'_>) {
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
