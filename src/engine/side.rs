//! What happens to a contact beside its course through queues: ranks, ratings, removed posts,
//! moods, complaints; the same for calls and conversations.

use serde::{Deserialize, Serialize};

use super::fact::{AgentId, Fact, NO_AGENT, NO_QUEUE, QueueId, Rating, What};
use super::field::Field;
use super::machine::{Machine, Outcome};
use super::mark::Mark;
use super::promise::{Clock, End};
use crate::config::model::Clock as PolicyClock;
use crate::event::{Author, Millis, Sentiment, UnixMs};

/// A rating of four of five, in thousandths: positive, by the definition of CSAT.
const POSITIVE: u16 = 800;
/// 9 and 10 of 10 promote; up to 6 of 10 detract (NPS).
const PROMOTES: u16 = 900;
const DETRACTS: u16 = 600;
/// 8 to 10 of 10 are good, 1 to 3 bad (CSI).
const CSI_GOOD: u16 = 800;
const CSI_BAD: u16 = 300;

/// What is counted once for a contact, between its opening and its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Once {
    /// A human, a bot, another customer has replied already.
    pub(super) responded: bool,
    pub(super) bot_responded: bool,
    pub(super) peer_responded: bool,
    /// A customer's message was seen.
    pub(super) heard: bool,
    /// When it complained first, and whether it was settled since.
    pub(super) complained_ms: Option<UnixMs>,
    pub(super) complaint_settled: bool,
    /// It began with spam: it does not count.
    pub(super) spam: bool,
    /// When it was settled last, if it was.
    pub(super) resolved_ms: Option<UnixMs>,
    /// How long agents worked on it in writing.
    pub(super) active_ms: Millis,
    /// Who worked on it last.
    pub(super) agent: AgentId,
    /// When and in which queue it came in, once the stay itself is no longer kept.
    pub(super) came_in: Option<(UnixMs, QueueId)>,
}

impl Machine {
    /// Takes a fact that says nothing of who waits. True when that was all there is to it.
    pub(super) fn side_step(&mut self, fact: &Fact) -> bool {
        match fact.what {
            What::Prioritized(priority) => self.traits.priority = priority,
            What::Removed { by } => {
                if matches!(by, Author::Agent | Author::Bot) {
                    self.mark(Field::RemovedPosts, fact);
                }
            }
            What::RatingRequested => self.mark(Field::RatingRequests, fact),
            What::Rated(rating) => self.rated(fact, rating),
            What::Opened { public, priority, .. } => {
                self.traits.public |= public;
                self.traits.priority = priority.unwrap_or(self.traits.priority);
                return false;
            }
            _ => return false,
        }
        true
    }

    /// Counts one, where the contact is and by whom it is worked on.
    pub(super) fn mark(&mut self, field: Field, fact: &Fact) {
        let mark = self.marked(field, fact);
        self.marks.push(mark);
    }

    pub(super) fn marked(&self, field: Field, fact: &Fact) -> Mark {
        let queue = if fact.queue == NO_QUEUE { self.queue() } else { fact.queue };
        let agent = if fact.agent == NO_AGENT { self.once.agent } else { fact.agent };
        Mark::new(field, fact.at_ms, queue).by(agent)
    }

    fn rated(&mut self, fact: &Fact, rating: Rating) {
        let given = rating.thousandths;
        let all = self.marked(Field::Ratings, fact).took(i64::from(given));
        let positive = (given >= POSITIVE).then(|| self.marked(Field::RatingsPositive, fact));
        self.marks.push(all.labelled(rating.label));
        self.marks.extend(positive.map(|mark| mark.labelled(rating.label)));
        if !rating.overall {
            return;
        }
        self.marks.push(all);
        self.marks.extend(positive);
        if given >= CSI_GOOD {
            self.mark(Field::CsiGood, fact);
        } else if given <= CSI_BAD {
            self.mark(Field::CsiBad, fact);
        }
        if rating.of_ten {
            self.mark(Field::NpsRatings, fact);
            if given >= PROMOTES {
                self.mark(Field::NpsPromoters, fact);
            } else if given <= DETRACTS {
                self.mark(Field::NpsDetractors, fact);
            }
        }
    }

    /// How a customer's message sounds, who can read it, and whether it complains.
    pub(super) fn heard(&mut self, fact: &Fact, public: bool, mood: Sentiment, complaint: bool) {
        match mood {
            Sentiment::Positive => self.mark(Field::Positive, fact),
            Sentiment::Neutral => self.mark(Field::Neutral, fact),
            Sentiment::Negative => self.mark(Field::Negative, fact),
            Sentiment::Unknown => {}
        }
        if public {
            self.mark(Field::PublicPosts, fact);
            if mood == Sentiment::Negative {
                self.mark(Field::PublicNegative, fact);
            }
        }
        if complaint && self.once.complained_ms.is_none() {
            self.once.complained_ms = Some(fact.at_ms);
            self.mark(Field::Complaints, fact);
            // What was promised to complaints holds for whatever the customer still waits for.
            for clock in self.clocks.iter_mut().filter(|clock| clock.end.is_none()) {
                clock.complains = true;
            }
        }
    }

    /// A complaint that came to no agent belongs to the one who took it up.
    pub(super) fn own_complaint(&mut self) {
        let Some(at_ms) = self.once.complained_ms else { return };
        let marks = self.marks.iter_mut().rev();
        let mut complaints =
            marks.filter(|mark| (mark.field, mark.at_ms) == (Field::Complaints, at_ms));
        if let Some(mark) = complaints.next().filter(|mark| mark.agent == NO_AGENT) {
            mark.agent = self.once.agent;
        }
    }

    /// The matter is settled: for the first time, or again.
    pub(super) fn settled(&mut self, fact: &Fact, by: Author) {
        if self.once.resolved_ms.is_none() {
            let took_ms = fact.at_ms.saturating_sub(self.opening_ms);
            let mark = self.marked(Field::Resolved, fact).took(took_ms);
            self.marks.push(mark);
            match by {
                Author::Bot => self.mark(Field::ResolvedByBot, fact),
                Author::Customer => self.mark(Field::ResolvedByCustomer, fact),
                Author::Agent | Author::Peer | Author::System => {}
            }
        }
        if let Some(since_ms) = self.once.complained_ms
            && !self.once.complaint_settled
        {
            self.once.complaint_settled = true;
            let took_ms = fact.at_ms.saturating_sub(since_ms);
            let mark = self.marked(Field::ComplaintsResolved, fact).took(took_ms);
            self.marks.push(mark);
        }
        self.once.resolved_ms = Some(fact.at_ms);
    }

    /// The contact came to a human.
    pub(super) fn reached(&mut self, at_ms: UnixMs) {
        if !self.once.responded && !self.outbound {
            let agent = self.once.agent;
            let mark = self.marked_as_it_came_in(Field::Reached);
            self.marks.push(mark.by(agent));
            if !self.once.peer_responded {
                self.marks.push(Mark::new(Field::FirstAnswers, at_ms, self.queue()).by(agent));
            }
        }
        self.once.responded = true;
    }

    /// Counts where and when the contact was counted itself, whichever queues it went to since.
    fn marked_as_it_came_in(&self, field: Field) -> Mark {
        let first = self.segments.iter().rev().find(|segment| segment.first);
        let came_in = first.map(|first| (first.offered_at_ms, first.queue)).or(self.once.came_in);
        let (at_ms, queue) = came_in.unwrap_or((self.opening_ms, self.queue()));
        Mark::new(field, at_ms, queue)
    }

    /// What is known of a contact only when it is over.
    pub(super) fn conclude(&mut self) {
        self.own_complaint();
        let Once { responded, resolved_ms, agent, .. } = self.once;
        let counts = self.segments.last().is_some_and(|last| last.offered);
        if counts && !responded {
            let mark = self.marked_as_it_came_in(Field::NeverAnswered);
            self.marks.push(mark);
        }
        if let Some(at_ms) = resolved_ms {
            let took_ms = at_ms.saturating_sub(self.opening_ms);
            let mark = Mark::new(Field::ResolvedFinally, at_ms, self.queue());
            self.marks.push(mark.by(agent).took(took_ms));
        }
    }

    /// The customer waits for that from now on.
    pub(super) fn start_clock(&mut self, kind: PolicyClock, queue: QueueId, at_ms: UnixMs) {
        let complains = self.once.complained_ms.is_some();
        self.clocks.push(Clock { complains, ..Clock::new(kind, queue, at_ms) });
    }

    /// Changes the clocks of a kind that still run.
    pub(super) fn running_clocks(&mut self, kind: PolicyClock) -> impl Iterator<Item = &mut Clock> {
        self.clocks.iter_mut().filter(move |clock| clock.kind == kind && clock.end.is_none())
    }

    /// Those of a kind that still run end so.
    pub(super) fn end_clocks(&mut self, kind: PolicyClock, end: End) {
        let agent = self.once.agent;
        for clock in self.running_clocks(kind) {
            clock.end = Some(end);
            clock.agent = agent;
        }
    }

    /// Whatever still runs need not come any more.
    pub(super) fn drop_clocks(&mut self, at_ms: UnixMs) {
        for clock in self.clocks.iter_mut().filter(|clock| clock.end.is_none()) {
            clock.end = Some(End::Dropped(at_ms));
        }
    }

    /// Lets go of clocks that have stopped for good, except the one that a reopened matter goes on
    /// with. Says of each whether it stays.
    pub(super) fn drop_stopped_clocks(&mut self) -> Vec<bool> {
        let is_resolution = |clock: &Clock| clock.kind == PolicyClock::Resolution;
        let last = self.clocks.iter().rposition(is_resolution);
        let clocks = self.clocks.iter().enumerate();
        let stays: Vec<bool> =
            clocks.map(|(place, clock)| clock.end.is_none() || Some(place) == last).collect();
        let mut each = stays.iter();
        self.clocks.retain(|_| each.next().copied().unwrap_or(true));
        stays
    }

    /// A settled matter is open again: its clock runs on from where it had stopped.
    pub(super) fn restart_resolution_clock(&mut self, resolved_ms: UnixMs, at_ms: UnixMs) {
        let is_resolution = |clock: &&Clock| clock.kind == PolicyClock::Resolution;
        let before = self.clocks.iter().rev().find(is_resolution);
        let mut clock = Clock::new(PolicyClock::Resolution, self.queue(), self.opening_ms);
        if let Some(before) = before {
            clock.pauses.clone_from(&before.pauses);
            clock.paused_ms = before.paused_ms;
        }
        clock.complains = self.once.complained_ms.is_some();
        clock.paused_ms = clock.paused_ms.or(Some(resolved_ms));
        clock.resume(at_ms);
        self.clocks.push(clock);
    }

    /// How the stay in the queue ended, for the clock that began with it.
    pub(super) fn stop_answer_clock(&mut self, outcome: Outcome, at_ms: UnixMs) {
        let end = match outcome {
            Outcome::Answered => End::Done(at_ms),
            _ => End::Dropped(at_ms),
        };
        self.end_clocks(PolicyClock::Answer, end);
    }

    /// Clocks run in the queue where the contact is, for the agent who works on it.
    pub(super) fn move_clocks(&mut self) {
        let Some(segment) = self.segments.last() else { return };
        let (queue, offered_at_ms) = (segment.queue, segment.offered_at_ms);
        let (agent, opening_ms) = (self.once.agent, self.opening_ms);
        for clock in self.clocks.iter_mut().filter(|clock| clock.start_ms >= opening_ms) {
            let is_theirs = match clock.end {
                None => true,
                Some(End::Done(_)) => clock.agent == NO_AGENT,
                Some(End::Dropped(_)) => false,
            };
            if is_theirs {
                clock.agent = agent;
            }
        }
        for clock in self.clocks.iter_mut().filter(|clock| clock.end.is_none()) {
            clock.queue = queue;
            if clock.kind == PolicyClock::Answer {
                clock.start_ms = offered_at_ms;
            }
        }
    }
}
