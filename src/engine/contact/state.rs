//! Where a contact stands, derived from its facts.
//!
//! The facts are kept sorted by their own time and the state is derived from all of them
//! (`walk`), so the order in which they arrived, and how often, cannot matter.
//!
//! What a network calls one interaction, a thread, can be several contacts one after the other:
//! [`Episode`]s. Each is a row of [`Stay`]s in queues. Two readings share the state:
//! `call` and `conversation`.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::elsewhere::Uncalled;
use super::fact::{Fact, What};
use super::leg::Leg;
use super::mark::Mark;
use super::parts::Part;
use super::progress::{Phase, Progress};
use super::stay::{Outcome, Stay};
use crate::config::model::Clock as PolicyClock;
use crate::engine::cells::Traits;
use crate::engine::ids::{Class, NO_AGENT, NO_QUEUE, QueueId, WordId};
use crate::engine::people::{AtWork, Span};
use crate::engine::promise::Clock;
use crate::engine::rules::{Limits, QueueThresholds, Tells};
use crate::event::{Medium, Millis, Priority, UnixMs};

/// One contact among those that follow each other in a thread: what it is like, and about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Episode {
    pub(in crate::engine) priority: Priority,
    pub(in crate::engine) public: bool,
    /// Sorted.
    pub(in crate::engine) topics: SmallVec<[WordId; 4]>,
}

/// Topics of one contact; it counts under no further one.
const TOPICS_MAX: usize = 32;

impl Episode {
    fn add_topic(&mut self, topic: WordId) {
        if self.topics.len() < TOPICS_MAX
            && let Err(place) = self.topics.binary_search(&topic)
        {
            self.topics.insert(place, topic);
        }
    }
}

/// What holds beyond the facts of the contact itself.
#[derive(Clone, Copy)]
pub(in crate::engine) struct Surroundings<'a> {
    pub(in crate::engine) now_ms: UnixMs,
    /// Restarts of the channel's network side, sorted.
    pub(in crate::engine) restarts_ms: &'a [UnixMs],
    /// What the channel's network tells of its contacts.
    pub(in crate::engine) tells: Tells,
    pub(in crate::engine) limits: &'a Limits,
    /// By number of the queue.
    pub(in crate::engine) thresholds: &'a [QueueThresholds],
    /// By number of the channel: the queue of its contacts for which the network names none.
    pub(in crate::engine) queues: &'a [QueueId],
    /// That of the contact's channel.
    pub(in crate::engine) queue: QueueId,
}

impl<'a> Surroundings<'a> {
    pub(in crate::engine) fn thresholds(&self, queue: QueueId) -> &'a QueueThresholds {
        &self.thresholds[usize::from(queue)]
    }

    /// Around a contact of that channel.
    pub(super) fn on(self, channel: u16) -> Self {
        let queue = self.queues.get(usize::from(channel)).copied().unwrap_or(NO_QUEUE);
        Surroundings { queue, ..self }
    }
}

/// Where a contact stands: what its facts lead to.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::engine) struct ContactState {
    pub(in crate::engine) progress: Progress,
    /// The contacts of the thread, one after the other. None before anything is said of one.
    pub(in crate::engine) episodes: Vec<Episode>,
    pub(in crate::engine) stays: Vec<Stay>,
    /// What agents do for it.
    pub(in crate::engine) work: Vec<AtWork>,
    /// Work that is done.
    pub(in crate::engine) spans: Vec<Span>,
    /// Talks of agents that have ended, in order.
    pub(in crate::engine) legs: Vec<Leg>,
    pub(in crate::engine) marks: Vec<Mark>,
    pub(in crate::engine) clocks: Vec<Clock>,
    /// Restarts of the network's side that ended, or would have ended, something of it.
    pub(in crate::engine) restarts_ms: Vec<UnixMs>,
    /// In the order in which they were over.
    pub(super) uncalled: Vec<Uncalled>,
    /// Messages of ours that failed, and whether each was counted.
    pub(super) undelivered: Vec<(u32, bool)>,
    /// The customer's last messages, with their times, in order: those that wait for a reply are at
    /// the end.
    pub(super) asked: Vec<(u32, UnixMs)>,
}

impl Clone for ContactState {
    fn clone(&self) -> Self {
        let mut clone = ContactState::new();
        clone.clone_from(self);
        clone
    }

    /// Keeps the memory of its lists: one state after the other is derived in the same one.
    fn clone_from(&mut self, other: &Self) {
        let ContactState {
            progress,
            episodes,
            stays,
            work,
            spans,
            legs,
            marks,
            clocks,
            restarts_ms,
            uncalled,
            undelivered,
            asked,
        } = self;
        *progress = other.progress;
        episodes.clone_from(&other.episodes);
        stays.clone_from(&other.stays);
        work.clone_from(&other.work);
        spans.clone_from(&other.spans);
        legs.clone_from(&other.legs);
        marks.clone_from(&other.marks);
        clocks.clone_from(&other.clocks);
        restarts_ms.clone_from(&other.restarts_ms);
        uncalled.clone_from(&other.uncalled);
        undelivered.clone_from(&other.undelivered);
        asked.clone_from(&other.asked);
    }
}

impl ContactState {
    pub(in crate::engine) const fn new() -> Self {
        ContactState {
            progress: Progress::NONE,
            episodes: Vec::new(),
            stays: Vec::new(),
            work: Vec::new(),
            spans: Vec::new(),
            legs: Vec::new(),
            marks: Vec::new(),
            clocks: Vec::new(),
            restarts_ms: Vec::new(),
            uncalled: Vec::new(),
            undelivered: Vec::new(),
            asked: Vec::new(),
        }
    }

    /// Back to the start, or to a point known earlier; keeps the memory of its lists.
    pub(in crate::engine) fn reset(&mut self, to: Option<&ContactState>) {
        match to {
            Some(to) => self.clone_from(to),
            None => self.clear(),
        }
    }

    fn clear(&mut self) {
        let ContactState {
            progress,
            episodes,
            stays,
            work,
            spans,
            legs,
            marks,
            clocks,
            restarts_ms,
            uncalled,
            undelivered,
            asked,
        } = self;
        *progress = Progress::NONE;
        episodes.clear();
        stays.clear();
        work.clear();
        spans.clear();
        legs.clear();
        marks.clear();
        clocks.clear();
        restarts_ms.clear();
        uncalled.clear();
        undelivered.clear();
        asked.clear();
    }

    /// Number of the contact that is under way, or was the last.
    pub(super) fn episode_number(&self) -> u16 {
        u16::try_from(self.episodes.len().saturating_sub(1)).unwrap_or(u16::MAX)
    }

    pub(super) fn episode(&mut self) -> &mut Episode {
        if self.episodes.is_empty() {
            self.episodes.push(Episode::default());
        }
        let last = self.episodes.len() - 1;
        &mut self.episodes[last]
    }

    /// Another contact of the thread begins: it knows nothing of the one before.
    pub(super) fn next_episode(&mut self) {
        if self.progress.phase != Phase::Idle && self.episodes.len() < usize::from(u16::MAX) {
            self.episode();
            self.episodes.push(Episode::default());
        }
    }

    /// What a contact of the thread is like.
    pub(super) fn traits(&self, episode: u16) -> Traits {
        let medium = self.progress.medium;
        match self.episodes.get(usize::from(episode)) {
            Some(it) => Traits { medium, priority: it.priority, public: it.public },
            None => Traits { medium, ..Traits::default() },
        }
    }

    /// What a contact of the thread is about.
    pub(super) fn topics(&self, episode: u16) -> &[WordId] {
        self.episodes.get(usize::from(episode)).map_or(&[], |it| &it.topics)
    }

    /// Takes one fact; `later` are those of the same time and after it.
    pub(super) fn step(&mut self, fact: &Fact, later: &[Fact], around: Surroundings<'_>) {
        if matches!(fact.what, What::Agent { id, .. } if self.is_undelivered(id)) {
            return; // As if it had not been written.
        }
        let begins = self.progress.phase == Phase::Idle && fact.queue == NO_QUEUE;
        let of_channel;
        let fact = if begins {
            of_channel = Fact { queue: around.queue, ..*fact };
            &of_channel
        } else {
            fact
        };
        if fact.queue != NO_QUEUE
            && let Some(stay) = self.stays.last_mut()
            && stay.queue == NO_QUEUE
            && self.progress.phase != Phase::Over
            && self.progress.moved_to.is_none()
            && (self.progress.phase, fact.what) != (Phase::Open, What::Queued)
        {
            // The first event that names the queue names it for the whole stay.
            stay.queue = fact.queue;
            let began_ms = stay.offered_at_ms;
            let unnamed = |mark: &&mut Mark| mark.queue == NO_QUEUE && mark.at_ms >= began_ms;
            for mark in self.marks.iter_mut().rev().take_while(unnamed) {
                mark.queue = fact.queue;
            }
            if let Some(pending) = &mut self.progress.pending {
                pending.queue = fact.queue;
            }
            self.name_queue_of_clocks(fact.queue);
        }
        if self.side_step(fact) {
            return;
        }
        match self.progress.class {
            Class::Voice => self.call_step(fact, around),
            Class::Written => self.conversation_step(fact, later, around),
        }
        if let What::Opened { public, priority, .. } = fact.what {
            let episode = self.episode();
            episode.public |= public;
            episode.priority = priority.unwrap_or(episode.priority);
        }
        self.move_clocks(fact.at_ms);
    }

    pub(super) fn add_topic(&mut self, topic: WordId) {
        self.episode().add_topic(topic);
    }

    /// What follows from the passing of time and from restarts rather than from a fact. Says
    /// when to look again.
    pub(super) fn finish(&mut self, around: Surroundings<'_>) -> UnixMs {
        let due_ms = match self.progress.class {
            Class::Voice => self.call_finish(around),
            Class::Written => self.conversation_finish(around),
        };
        self.own_complaint();
        // Few networks say of a call that it is one.
        let is_call = self.progress.class == Class::Voice && !self.stays.is_empty();
        if is_call && self.progress.medium == Medium::Unknown {
            self.progress.medium = Medium::Call;
        }
        due_ms.min(self.count_uncalled(around.now_ms))
    }

    /// A new stay in a queue.
    pub(super) fn enter(&mut self, queue: QueueId, at_ms: UnixMs, phase: Phase, first: bool) {
        self.episode();
        let outbound = self.progress.outbound;
        self.stays.push(Stay {
            episode: self.episode_number(),
            queue,
            offered: !outbound,
            first,
            asks: first,
            offered_at_ms: at_ms,
            outcome: Outcome::Waiting,
            outcome_at_ms: at_ms,
            wait_ms: 0,
            agent: NO_AGENT,
            again: false,
            response: None,
            bot_response: None,
        });
        self.progress.phase = phase;
        (self.progress.handed_on_ms, self.progress.moved_to) = (None, None);
        let waits_on = self.running_clocks(PolicyClock::Answer).next().is_some();
        self.progress.waits_on = waits_on;
        if !outbound && !waits_on {
            self.start_clock(PolicyClock::Answer, queue, at_ms);
        }
    }

    /// The contact comes to a further queue. Who had waited in the one before waits on: they were
    /// promised one answer, when they came in.
    pub(super) fn enter_next(&mut self, queue: QueueId, at_ms: UnixMs, phase: Phase) {
        self.answer_clocks_go_on(queue);
        self.enter(queue, at_ms, phase, false);
    }

    /// The stay ends; `wait_ms` by the network's measure where it has one.
    pub(super) fn leave(&mut self, outcome: Outcome, at_ms: UnixMs, wait_ms: Option<Millis>) {
        if let Some(stay) = self.stays.last_mut() {
            stay.outcome = outcome;
            stay.outcome_at_ms = at_ms;
            let own_ms = at_ms.saturating_sub(stay.offered_at_ms).max(0);
            stay.wait_ms = wait_ms.unwrap_or(own_ms);
            if outcome == Outcome::Answered {
                stay.agent = self.progress.once.agent;
                stay.again = self.progress.once.parts.take(stay.agent, Part::ANSWER);
            }
        }
        self.stop_answer_clock(outcome, at_ms);
        match outcome {
            Outcome::Answered => self.progress.phase = Phase::Open,
            _ => self.come_to_an_end(at_ms),
        }
    }

    /// The contact is over, or handed on, since then.
    pub(super) fn come_to_an_end(&mut self, at_ms: UnixMs) {
        self.progress.phase = Phase::Over;
        self.progress.over_ms = at_ms;
    }

    /// Work that fits ends.
    pub(super) fn stop_work(&mut self, at_ms: UnixMs, ends: impl Fn(&AtWork) -> bool) {
        self.stop_work_at(|it| ends(it).then_some(at_ms));
    }

    /// Work ends when the answer says so; where there is none, it goes on.
    pub(super) fn stop_work_at(&mut self, mut ends_ms: impl FnMut(&AtWork) -> Option<UnixMs>) {
        let spans = &mut self.spans;
        self.work.retain(|it| {
            let Some(to_ms) = ends_ms(it) else { return true };
            if to_ms > it.since_ms {
                let AtWork { agent, work, since_ms } = *it;
                spans.push(Span { from_ms: since_ms, to_ms, agent, work });
            }
            false
        });
    }

    /// The queue where it is now.
    pub(super) fn queue(&self) -> QueueId {
        let stay = self.stays.last().map_or(NO_QUEUE, |stay| stay.queue);
        self.progress.moved_to.unwrap_or(stay)
    }

    /// The fact is about the present stay, as far as it names a queue.
    pub(super) fn is_here(&self, fact: &Fact) -> bool {
        fact.queue == NO_QUEUE || self.queue() == NO_QUEUE || fact.queue == self.queue()
    }

    /// The contact ends its wait by that: in the queue where it is, or in one of which nobody said that
    /// it went there. What is told of an earlier queue comes late.
    pub(super) fn ends_here(&self, fact: &Fact) -> bool {
        self.is_here(fact) || self.stays.iter().all(|stay| stay.queue != fact.queue)
    }

    pub(super) fn is_waiting(&self) -> bool {
        matches!(self.progress.phase, Phase::Tentative | Phase::Waiting)
    }
}
