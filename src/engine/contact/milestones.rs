//! What happens to a contact beside its course through queues: ranks, ratings, removed posts,
//! moods, complaints; the same for calls and conversations.

use serde::{Deserialize, Serialize};

use super::fact::{Fact, What};
use super::mark::Mark;
use super::state::ContactState;
use crate::engine::counting::Field;
use crate::engine::ids::{AgentId, NO_AGENT, NO_QUEUE, QueueId};
use crate::event::{Author, Millis, Sentiment, UnixMs};

/// What is counted once for a contact, between its opening and its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Once {
    /// A human, a bot, another customer has replied already.
    pub(in crate::engine) responded: bool,
    pub(in crate::engine) bot_responded: bool,
    pub(in crate::engine) peer_responded: bool,
    /// A customer's message was seen.
    pub(in crate::engine) heard: bool,
    /// When it complained first, and whether it was settled since.
    pub(in crate::engine) complained_ms: Option<UnixMs>,
    pub(in crate::engine) complaint_settled: bool,
    /// It began with spam: it does not count.
    pub(in crate::engine) spam: bool,
    /// When it was settled last, if it was.
    pub(in crate::engine) resolved_ms: Option<UnixMs>,
    /// How long agents worked on it in writing.
    pub(in crate::engine) active_ms: Millis,
    /// Who worked on it last.
    pub(in crate::engine) agent: AgentId,
    /// When and in which queue it came in, once the stay itself is no longer kept.
    pub(in crate::engine) came_in: Option<(UnixMs, QueueId)>,
}

impl Once {
    /// Nothing of it has happened yet.
    pub(super) const NONE: Once = Once {
        responded: false,
        bot_responded: false,
        peer_responded: false,
        heard: false,
        complained_ms: None,
        complaint_settled: false,
        spam: false,
        resolved_ms: None,
        active_ms: 0,
        agent: NO_AGENT,
        came_in: None,
    };
}

impl ContactState {
    /// Takes a fact that says nothing of who waits. True when that was all there is to it.
    pub(in crate::engine) fn side_step(&mut self, fact: &Fact) -> bool {
        match fact.what {
            What::Prioritized(priority) => self.progress.traits.priority = priority,
            What::Removed { by } => {
                if matches!(by, Author::Agent | Author::Bot) {
                    self.mark(Field::RemovedPosts, fact);
                }
            }
            What::RatingRequested => self.mark(Field::RatingRequests, fact),
            What::Rated(rating) => self.rated(fact, rating),
            What::Opened { public, priority, .. } => {
                self.progress.traits.public |= public;
                self.progress.traits.priority = priority.unwrap_or(self.progress.traits.priority);
                return false;
            }
            _ => return false,
        }
        true
    }

    /// Counts one, where the contact is and by whom it is worked on.
    pub(in crate::engine) fn mark(&mut self, field: Field, fact: &Fact) {
        let mark = self.marked(field, fact);
        self.marks.push(mark);
    }

    pub(in crate::engine) fn marked(&self, field: Field, fact: &Fact) -> Mark {
        let queue = if fact.queue == NO_QUEUE { self.queue() } else { fact.queue };
        let agent = if fact.agent == NO_AGENT { self.progress.once.agent } else { fact.agent };
        Mark::new(field, fact.at_ms, queue).by(agent)
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
        if complaint && self.progress.once.complained_ms.is_none() {
            self.progress.once.complained_ms = Some(fact.at_ms);
            self.mark(Field::Complaints, fact);
            // What was promised to complaints holds for whatever the customer still waits for.
            for clock in self.clocks.iter_mut().filter(|clock| clock.end.is_none()) {
                clock.complains = true;
            }
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
        if self.progress.once.resolved_ms.is_none() {
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
                self.marks.push(Mark::new(Field::FirstAnswers, at_ms, self.queue()).by(agent));
            }
        }
        self.progress.once.responded = true;
    }

    /// Counts where and when the contact was counted itself, whichever queues it went to since.
    fn marked_as_it_came_in(&self, field: Field) -> Mark {
        let first = self.stays.iter().rev().find(|segment| segment.first);
        let came_in =
            first.map(|first| (first.offered_at_ms, first.queue)).or(self.progress.once.came_in);
        let (at_ms, queue) = came_in.unwrap_or((self.progress.opening_ms, self.queue()));
        Mark::new(field, at_ms, queue)
    }

    /// What is known of a contact only when it is over.
    pub(in crate::engine) fn conclude(&mut self) {
        self.own_complaint();
        let Once { responded, resolved_ms, agent, .. } = self.progress.once;
        let counts = self.stays.last().is_some_and(|last| last.offered);
        if counts && !responded {
            let mark = self.marked_as_it_came_in(Field::NeverAnswered);
            self.marks.push(mark);
        }
        if let Some(at_ms) = resolved_ms {
            let took_ms = at_ms.saturating_sub(self.progress.opening_ms);
            let mark = Mark::new(Field::ResolvedFinally, at_ms, self.queue());
            self.marks.push(mark.by(agent).took(took_ms));
        }
    }
}
