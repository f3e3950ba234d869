//! A clock: something that a customer waits for, since when, and when it was not ours to act.

use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use crate::config::model::Clock as PolicyClock;
use crate::engine::ids::{AgentId, NO_AGENT, QueueId};
use crate::engine::timers::NEVER;
use crate::event::{Millis, UnixMs};

/// Something that a customer waits for.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Clock {
    pub(in crate::engine) kind: PolicyClock,
    /// Which contact of the thread waits.
    pub(in crate::engine) episode: u16,
    /// Where it is now.
    pub(in crate::engine) queue: QueueId,
    pub(in crate::engine) agent: AgentId,
    /// A clock of the same kind and contact was theirs before.
    pub(in crate::engine) again: bool,
    pub(in crate::engine) start_ms: UnixMs,
    /// It measures how long a complaint waits: only policies for complaints look at it, and only
    /// they.
    pub(in crate::engine) is_of_complaint: bool,
    /// Where it was before, and when it stood. Few clocks have any of that.
    past: Option<Box<Past>>,
    /// It is not ours to act since then.
    pub(in crate::engine) paused_ms: Option<UnixMs>,
    pub(in crate::engine) end: Option<End>,
}

/// What lies behind a clock.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Past {
    /// From queue to queue, oldest first.
    moves: Vec<Move>,
    /// Times in which it was not ours to act, oldest first.
    pauses: Vec<(UnixMs, UnixMs)>,
}

/// Moves of one clock from queue to queue that are remembered.
const MOVES_MAX: usize = 64;
/// Pauses of one clock; it runs through further ones.
const PAUSES_MAX: usize = 256;

/// A clock left a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Move {
    from: QueueId,
    /// Who worked on it there last, and whether they had had another one of the same kind.
    agent: AgentId,
    again: bool,
    at_ms: UnixMs,
}

/// How a clock stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) enum End {
    /// What was waited for came.
    Done(UnixMs),
    /// It need not come any more.
    Dropped(UnixMs),
}

impl Clone for Clock {
    fn clone(&self) -> Self {
        Clock { past: self.past.clone(), ..*self }
    }

    /// Keeps the memory of what lies behind it.
    fn clone_from(&mut self, other: &Self) {
        let mut past = self.past.take();
        match (&mut past, &other.past) {
            (Some(held), Some(new)) => {
                held.moves.clone_from(&new.moves);
                held.pauses.clone_from(&new.pauses);
            }
            (_, new) => past.clone_from(new),
        }
        *self = Clock { past, ..*other };
    }
}

impl Clock {
    pub(in crate::engine) fn new(kind: PolicyClock, queue: QueueId, start_ms: UnixMs) -> Self {
        Clock {
            kind,
            episode: 0,
            queue,
            agent: NO_AGENT,
            again: false,
            start_ms,
            is_of_complaint: false,
            past: None,
            paused_ms: None,
            end: None,
        }
    }

    pub(in crate::engine) fn of(self, episode: u16) -> Self {
        Clock { episode, ..self }
    }

    pub(in crate::engine) fn of_complaint(self) -> Self {
        Clock { is_of_complaint: true, ..self }
    }

    /// What was waited for came before any agent was named: whoever works on the contact next has
    /// done it.
    pub(in crate::engine) fn is_nobodys(&self) -> bool {
        matches!(self.end, Some(End::Done(_))) && self.agent == NO_AGENT
    }

    /// The contact is in that queue now.
    pub(in crate::engine) fn move_to(&mut self, queue: QueueId, at_ms: UnixMs) {
        if self.queue == queue {
            return;
        }
        let Clock { queue: from, agent, again, .. } = *self;
        let past = self.past.get_or_insert_default();
        if past.moves.len() < MOVES_MAX {
            past.moves.push(Move { from, agent, again, at_ms });
        }
        self.queue = queue;
    }

    /// It was with its agent in a queue that it has left since.
    pub(in crate::engine) fn has_left_with_agent(&self) -> bool {
        self.moves().iter().any(|it| it.agent == self.agent)
    }

    /// Since when it has been, without a break, in queues of which that holds. It is in one now.
    pub(super) fn arrived_ms(&self, is_covered: impl Fn(QueueId) -> bool) -> UnixMs {
        let elsewhere = self.moves().iter().rev().find(|it| !is_covered(it.from));
        elsewhere.map_or(self.start_ms, |it| it.at_ms).max(self.start_ms)
    }

    /// As it stood each time that it left a queue, and when that was, oldest first: there it need not
    /// come any more.
    pub(in crate::engine) fn when_it_left(&self) -> impl Iterator<Item = (Clock, UnixMs)> {
        let moves = self.moves();
        moves.iter().enumerate().map(move |(place, it)| {
            let past = Past { moves: moves[..place].to_vec(), pauses: self.pauses().to_vec() };
            let then = Clock {
                queue: it.from,
                agent: it.agent,
                again: it.again,
                past: Some(Box::new(past)),
                end: Some(End::Dropped(it.at_ms)),
                ..*self
            };
            (then, it.at_ms)
        })
    }

    fn moves(&self) -> &[Move] {
        self.past.as_ref().map_or(&[], |past| &past.moves)
    }

    fn pauses(&self) -> &[(UnixMs, UnixMs)] {
        self.past.as_ref().map_or(&[], |past| &past.pauses)
    }

    /// It has been in other queues.
    pub(in crate::engine) fn has_moved(&self) -> bool {
        !self.moves().is_empty()
    }

    /// It is ours to act again: the pause, if there is one, is over.
    pub(in crate::engine) fn resume(&mut self, at_ms: UnixMs) {
        let Some(paused_ms) = self.paused_ms.take() else { return };
        let past = self.past.get_or_insert_default();
        if past.pauses.len() < PAUSES_MAX {
            past.pauses.push((paused_ms, at_ms));
        }
    }

    /// When it will have run for `length_ms` of business time since `start_ms`; none while it is
    /// paused.
    pub(super) fn runs_out_ms(
        &self,
        start_ms: UnixMs,
        calendar: &Calendar,
        length_ms: Millis,
    ) -> Option<UnixMs> {
        if self.pauses().is_empty() && self.paused_ms.is_none() {
            return calendar.add_open_ms(start_ms, length_ms);
        }
        let (mut from_ms, mut left_ms) = (start_ms, length_ms);
        let open_end = self.paused_ms.map(|paused_ms| (paused_ms, NEVER));
        for (pause_ms, resume_ms) in self.pauses().iter().copied().chain(open_end) {
            if resume_ms <= from_ms {
                continue;
            }
            let ran_ms = calendar.open_ms_between(from_ms, pause_ms);
            if ran_ms >= left_ms {
                break;
            }
            if resume_ms == NEVER {
                return None;
            }
            (from_ms, left_ms) = (resume_ms, left_ms - ran_ms);
        }
        calendar.add_open_ms(from_ms, left_ms)
    }
}
