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

use super::fact::{AgentId, Fact, Flow, NO_QUEUE, QueueId, What};
use crate::event::{Millis, UnixMs};

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

/// What holds beyond the facts of the contact itself.
#[derive(Clone, Copy)]
pub(super) struct Surroundings<'a> {
    pub(super) now_ms: UnixMs,
    /// Restarts of the channel's network side, sorted.
    pub(super) restarts_ms: &'a [UnixMs],
    pub(super) idle_gap_ms: Millis,
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
    /// A human, or a bot, of ours has replied in this contact already.
    pub(super) responded: bool,
    pub(super) bot_responded: bool,
    pub(super) last_activity_ms: UnixMs,
    pub(super) handed_on_ms: Option<UnixMs>,
    /// Who works on it, and since when.
    pub(super) work: Vec<(AgentId, Work, UnixMs)>,
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
            responded: false,
            bot_responded: false,
            last_activity_ms: 0,
            handed_on_ms: None,
            work: Vec::new(),
        }
    }

    /// Back to the start, or to a point known earlier; keeps the memory.
    pub(super) fn reset(&mut self, base: Option<&Machine>) {
        let (mut segments, mut work) =
            (std::mem::take(&mut self.segments), std::mem::take(&mut self.work));
        segments.clear();
        work.clear();
        *self = match base {
            None => Machine { segments, work, ..Machine::new() },
            Some(base) => {
                segments.extend_from_slice(&base.segments);
                work.extend_from_slice(&base.work);
                Machine { segments, work, ..base.without_lists() }
            }
        };
    }

    fn without_lists(&self) -> Machine {
        Machine { segments: Vec::new(), work: Vec::new(), ..*self }
    }

    /// Takes all facts, which are sorted by time.
    pub(super) fn run(&mut self, facts: &[Fact], around: Surroundings<'_>) {
        if self.phase == Phase::Idle {
            self.class = class_of_all(facts);
        }
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
            (Phase::Open, What::Answered) if !self.is_here(fact) => 4,
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
            if let Some((_, queue)) = &mut self.pending {
                *queue = fact.queue;
            }
        }
        match self.class {
            Class::Voice => self.call_step(fact),
            Class::Written => self.conversation_step(fact, around.idle_gap_ms),
        }
    }

    /// What follows from the passing of time and from restarts rather than from a fact.
    pub(super) fn finish(&mut self, around: Surroundings<'_>) {
        if self.class == Class::Voice {
            self.call_finish(around);
        }
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
            response: None,
            bot_response: None,
        });
        self.phase = phase;
        self.handed_on_ms = None;
    }

    /// The stay ends; `wait_ms` by the network's measure where it has one.
    pub(super) fn leave(&mut self, outcome: Outcome, at_ms: UnixMs, wait_ms: Option<Millis>) {
        if let Some(segment) = self.segments.last_mut() {
            segment.outcome = outcome;
            segment.outcome_at_ms = at_ms;
            let own = at_ms.saturating_sub(segment.offered_at_ms).max(0);
            segment.wait_ms = wait_ms.unwrap_or(own);
        }
        self.phase = if outcome == Outcome::Answered { Phase::Open } else { Phase::Over };
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

/// Voice or written: what the facts say together, whatever came first.
fn class_of_all(facts: &[Fact]) -> Class {
    let says = |class| facts.iter().any(|fact| fact.class == Some(class));
    let is_message =
        |fact: &Fact| matches!(fact.what, What::Customer { .. } | What::Agent { .. } | What::Bot);
    if says(Class::Voice) {
        Class::Voice
    } else if says(Class::Written) || facts.iter().any(is_message) {
        Class::Written
    } else {
        Class::Voice
    }
}
