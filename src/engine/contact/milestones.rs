//! What happens to a contact beside its way through queues, the same for calls and conversations:
//! first answers, settlements, complaints, removed posts, the mood of messages.

use super::fact::{Fact, What};
use super::mark::Mark;
use super::once::Once;
use super::state::{ContactState, Surroundings};
use super::stay::{Outcome, Stay};
use crate::engine::counting::Field;
use crate::engine::ids::{Flow, NO_AGENT, NO_QUEUE, QueueId};
use crate::event::{Author, Sentiment, UnixMs};

impl ContactState {
    /// Takes a fact that says nothing of who waits. True when that was all there is to it.
    pub(super) fn side_step(&mut self, fact: &Fact) -> bool {
        match fact.what {
            What::Prioritized(priority) => self.episode().priority = priority,
            What::About(topic) => self.add_topic(topic),
            What::RatingRequested => self.rating_requested(fact),
            What::Rated(rating) => self.rated(fact, rating),
            What::Undelivered { of } => self.delivery_failed(fact, of),
            What::Removed { by, .. } => {
                let is_public = self.traits(self.episode_number()).public;
                if matches!(by, Author::Agent | Author::Bot) && is_public {
                    self.mark(Field::RemovedPosts, fact);
                }
                return by != Author::Customer;
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
        let agent = if fact.agent == NO_AGENT { self.progress.once.agent } else { fact.agent };
        self.new_mark(field, fact.at_ms, queue).by(agent)
    }

    /// A mark of the contact that is under way.
    pub(super) fn new_mark(&self, field: Field, at_ms: UnixMs, queue: QueueId) -> Mark {
        Mark::new(field, at_ms, (queue, self.episode_number()))
    }

    /// How a customer's message sounds, who can read it, and whether it complains.
    pub(in crate::engine) fn heard(
        &mut self,
        fact: &Fact,
        public: bool,
        mood: Sentiment,
        complaint: bool,
    ) {
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
        if complaint {
            self.complained(fact);
        }
    }

    /// It complains, if it had not before.
    pub(super) fn complained(&mut self, fact: &Fact) {
        if self.progress.once.complained_ms.is_none() {
            self.progress.once.complained_ms = Some(fact.at_ms);
            self.mark(Field::Complaints, fact);
            self.start_complaint_clocks(fact.at_ms);
        }
    }

    /// A complaint that came to no agent belongs to the one who took it up.
    pub(in crate::engine) fn own_complaint(&mut self) {
        let Some(at_ms) = self.progress.once.complained_ms else { return };
        let marks = self.marks.iter_mut().rev();
        let mut complaints =
            marks.filter(|mark| (mark.field, mark.at_ms) == (Field::Complaints, at_ms));
        if let Some(mark) = complaints.next().filter(|mark| mark.agent == NO_AGENT) {
            mark.agent = self.progress.once.agent;
        }
    }

    /// The matter is settled: for the first time, or again.
    pub(in crate::engine) fn settled(&mut self, fact: &Fact, by: Author) {
        if fact.agent != NO_AGENT {
            self.progress.once.agent = fact.agent;
        }
        if !self.progress.once.was_resolved {
            self.progress.once.was_resolved = true;
            let took_ms = fact.at_ms.saturating_sub(self.progress.opening_ms);
            let mark = self.marked(Field::Resolved, fact).took(took_ms);
            self.marks.push(mark);
            match by {
                Author::Bot => self.mark(Field::ResolvedByBot, fact),
                Author::Customer => self.mark(Field::ResolvedByCustomer, fact),
                Author::Agent | Author::Peer | Author::System => {}
            }
        }
        if let Some(since_ms) = self.progress.once.complained_ms
            && !self.progress.once.complaint_settled
        {
            self.progress.once.complaint_settled = true;
            let took_ms = fact.at_ms.saturating_sub(since_ms);
            let mark = self.marked(Field::ComplaintsResolved, fact).took(took_ms);
            self.marks.push(mark);
        }
        self.progress.once.resolved_ms = Some(fact.at_ms);
    }

    /// The contact came to a human.
    pub(in crate::engine) fn reached(&mut self, at_ms: UnixMs) {
        if !self.progress.once.responded && !self.progress.outbound {
            let agent = self.progress.once.agent;
            let mark = self.marked_as_it_came_in(Field::Reached);
            self.marks.push(mark.by(agent));
            if !self.progress.once.peer_responded {
                let mark = self.new_mark(Field::FirstAnswers, at_ms, self.queue());
                self.marks.push(mark.by(agent));
            }
        }
        self.progress.once.responded = true;
    }

    /// Counts where and when the customer asked for a first answer, whichever queues it went to
    /// since.
    pub(super) fn marked_as_it_came_in(&self, field: Field) -> Mark {
        let asking = self.stays.iter().rev().find(|stay| stay.asks);
        let came_in = asking.map(|stay| (stay.offered_at_ms, stay.queue));
        let (at_ms, queue) = came_in.unwrap_or((self.progress.opening_ms, self.queue()));
        self.new_mark(field, at_ms, queue)
    }

    /// What is known of a contact only when it is over.
    pub(super) fn conclude(&mut self, around: Surroundings<'_>) {
        self.own_complaint();
        let Once { responded, resolved_ms, agent, callback_due_ms, .. } = self.progress.once;
        let goes_on = |it: &&Stay| it.outcome == Outcome::FlowedOut(Flow::Merged);
        let unanswered = self.stays.last().filter(|last| last.offered && !responded);
        if let Some(last) = unanswered.filter(|it| !goes_on(it)) {
            let mark = self.marked_as_it_came_in(Field::NeverAnswered);
            if last.outcome == Outcome::FlowedOut(Flow::Callback) {
                let due_ms = last.outcome_at_ms.max(callback_due_ms.unwrap_or_default());
                let by_ms = due_ms.saturating_add(around.limits.callback_within_ms);
                self.wait_for_call(by_ms, mark);
            } else {
                self.marks.push(mark);
            }
        }
        if let Some(at_ms) = resolved_ms {
            let took_ms = at_ms.saturating_sub(self.progress.opening_ms);
            let mark = self.new_mark(Field::ResolvedFinally, at_ms, self.queue());
            self.marks.push(mark.by(agent).took(took_ms));
        }
    }
}
