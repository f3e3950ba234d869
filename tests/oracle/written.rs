//! Written threads: which contacts they are made of, who answered, when they were settled.

mod closing;
mod removal;

use tablica::event::{Author, Direction, Event, Kind, LeftReason, Message, UnixMs};

use super::contact::{Contact, Moment, Outcome, Reply, Said, Wait, WaitEnd};
use super::reading::{Point, Reading};
use super::reply::reply;
use super::world::{IDLE_GAP, ONE_REOPENING, WORK_MAX, tells};

/// A thread in the reading.
struct Thread<'a> {
    facts: &'a [&'a Event],
    reading: Reading,
    contacts: Vec<Contact>,
    /// The last contact is not over.
    is_open: bool,
    /// When the last message was written, and when anything happened last.
    last_message_ms: UnixMs,
    last_fact_ms: UnixMs,
    /// Since when a first reply is due.
    first_due_ms: Option<UnixMs>,
    /// Messages of the customer's that nobody has replied to or taken away, by their ids.
    asked: Vec<String>,
}

/// The thread's contacts, as far as they are known at that moment.
pub(super) fn recount(facts: &[&Event], now_ms: UnixMs, reading: Reading) -> Vec<Contact> {
    let mut thread = Thread {
        facts,
        reading,
        contacts: Vec::new(),
        is_open: false,
        last_message_ms: facts[0].at_ms,
        last_fact_ms: facts[0].at_ms,
        first_due_ms: None,
        asked: Vec::new(),
    };
    for (index, event) in facts.iter().enumerate() {
        thread.fall_silent(event.at_ms);
        thread.fact(index, event);
        thread.last_fact_ms = event.at_ms;
    }
    thread.fall_silent(now_ms);
    thread.contacts
}

impl Thread<'_> {
    fn contact(&mut self) -> Option<&mut Contact> {
        self.contacts.last_mut()
    }

    /// Where the network does not tell of settlements, an answered conversation ends by silence.
    fn fall_silent(&mut self, at_ms: UnixMs) {
        let last_ms = if self.reading.has(Point::AnyFactBreaksSilence) {
            self.last_fact_ms
        } else {
            self.last_message_ms
        };
        let is_open = self.is_open;
        let Some(contact) = self.contact().filter(|_| is_open) else { return };
        let is_answered = contact.is_answered && contact.unanswered_since_ms().is_none();
        if tells(&contact.channel).resolved || !is_answered || at_ms < last_ms + IDLE_GAP {
            return;
        }
        let end_ms = last_ms + IDLE_GAP;
        contact.over = Some((end_ms, last_ms));
        self.is_open = false;
    }

    fn fact(&mut self, index: usize, event: &Event) {
        // An event says where the contact is by then, a hand-over where it came from.
        if let Some(queue) = &event.queue
            && self.is_open
        {
            self.move_to(event.at_ms, queue);
        }
        match &event.kind {
            Kind::Message(message) => self.message(index, event, message),
            Kind::Opened(_) | Kind::Queued if !self.is_open => self.begin(event),
            Kind::Resolved(resolved) => {
                if resolved.by != Author::Customer {
                    self.closing_reply(index, event.at_ms);
                }
                self.settle(event, resolved.by);
            }
            Kind::Reopened => self.reopen(event),
            Kind::Transferred(transferred) if self.is_open => {
                let to = transferred.to_queue.clone();
                if let Some(contact) = self.contact() {
                    contact.hand_overs.push(contact.moment(event));
                }
                if let Some(queue) = to {
                    self.move_to(event.at_ms, &queue);
                }
            }
            Kind::Abandoned(abandoned) if self.is_open => {
                if let Some(contact) = self.contacts.last_mut() {
                    if let Some(stay) = contact.waiting() {
                        stay.outcome = Outcome::Abandoned(event.at_ms);
                        stay.told_wait_ms = abandoned.wait_ms;
                    }
                    contact.end_wait(event.at_ms, WaitEnd::GaveUp);
                    contact.over = Some((event.at_ms, event.at_ms));
                }
                self.is_open = false;
            }
            Kind::Left(left) if self.is_open => {
                if let Some(contact) = self.contacts.last_mut() {
                    if left.reason == LeftReason::Callback {
                        contact.callback_ms = Some(event.at_ms);
                    }
                    if let Some(stay) = contact.waiting() {
                        stay.outcome = Outcome::FlowedOut(event.at_ms);
                    }
                    contact.end_wait(event.at_ms, WaitEnd::TookAway);
                    contact.over = Some((event.at_ms, event.at_ms));
                }
                self.is_open = false;
            }
            Kind::Answered(_) if self.is_open => {
                if let Some(contact) = self.contacts.last_mut() {
                    contact.had_by(event);
                    let (place, from_ms) = (contact.place(event), contact.came_ms);
                    let assigned = Reply { place, from_ms, at_ms: event.at_ms };
                    contact.assigned.get_or_insert(assigned);
                }
            }
            Kind::Removed(removed) => self.remove(event, removed.by),
            _ => {
                if let Some(contact) = self.contact() {
                    contact.customer.extend(event.customer.iter().cloned());
                    contact.note_aside(event);
                }
            }
        }
    }

    /// A contact begins: opened by the network, or by a message that finds none open.
    fn begin(&mut self, event: &Event) {
        let mut contact = Contact::begun_by(event, false);
        let queue = event.queue.clone().unwrap_or_default();
        contact.customer.extend(event.customer.iter().cloned());
        contact.enter(event.at_ms, &queue);
        match &event.kind {
            Kind::Opened(opened) => {
                contact.kind = opened.medium;
                contact.public = opened.public;
                contact.is_outbound = opened.direction == Direction::Outbound;
                if let Some(priority) = opened.priority {
                    contact.rank(event.at_ms, priority);
                }
            }
            Kind::Message(message) => {
                contact.kind = message.medium;
                contact.public = message.public;
                contact.is_spam = message.spam;
            }
            _ => {}
        }
        if contact.counts() {
            contact.offer(event.at_ms, &queue);
            self.first_due_ms = Some(event.at_ms);
        }
        (self.is_open, self.asked) = (true, Vec::new());
        self.last_message_ms = event.at_ms;
        self.contacts.push(contact);
    }

    fn message(&mut self, index: usize, event: &Event, message: &Message) {
        let at_ms = event.at_ms;
        if message.author == Author::Customer && !self.is_open {
            if !message.spam && self.is_meant_by_reopened(index) {
                self.reopen_at(event, self.reopening_ms(index));
            } else {
                self.begin(event);
            }
        }
        let (reading, since_fact_ms, since_message_ms) =
            (self.reading, self.last_fact_ms, self.last_message_ms);
        let (is_open, first_due_ms) = (self.is_open, self.first_due_ms);
        let Some(contact) = self.contact().filter(|_| is_open) else { return };
        contact.customer.extend(event.customer.iter().cloned());
        let by_peer = message.author == Author::Peer;
        if message.author == Author::Customer || by_peer {
            let Moment { place, .. } = contact.moment(event);
            contact.said.push(Said {
                at_ms,
                place,
                public: message.public,
                sentiment: message.sentiment,
                topics: message.topics.clone(),
                is_spam: message.spam || contact.is_spam,
                by_peer,
            });
        }
        match message.author {
            Author::Customer => {
                if !message.spam {
                    contact.topics.extend(message.topics.iter().cloned());
                }
                if message.complaint && !message.spam && contact.complaint.is_none() {
                    contact.complaint = Some(contact.moment(event));
                    contact.settled_before = contact.settled.len();
                }
                // In a contact that goes on, somebody has to look at spam, too.
                if contact.is_spam {
                    return;
                }
                if contact.unanswered_since_ms().is_none() {
                    contact.waits.push(Wait { since_ms: at_ms, end: None, is_asked: true });
                }
            }
            Author::Agent => {
                if !message.note {
                    contact.had_by(event);
                }
                let is_whisper = message.note || contact.public && !message.public;
                let is_reply = !is_whisper;
                if is_reply || !reading.has(Point::WhispersAreNoWork) {
                    let waits = contact.unanswered_since_ms().is_some();
                    let from_ms = if reading.has(Point::WorkSinceAnyFact) {
                        since_fact_ms
                    } else {
                        since_message_ms
                    };
                    contact.has_work = true;
                    if waits || !reading.has(Point::WorkOnRepliesOnly) {
                        contact.work_ms += (at_ms - from_ms).min(WORK_MAX);
                    }
                }
                if is_reply {
                    reply(contact, event, first_due_ms, reading);
                    (self.first_due_ms, self.asked) = (None, Vec::new());
                }
            }
            Author::Bot => {
                let (place, from_ms) = (contact.place(event), contact.came_ms);
                contact.bot.get_or_insert(Reply { place, from_ms, at_ms });
            }
            Author::Peer => {
                if contact.first_help.is_none() {
                    contact.first_help = Some((contact.moment(event), true));
                }
            }
            Author::System => {}
        }
        self.last_message_ms = at_ms;
        if message.author == Author::Customer {
            self.asked.push(event.id.clone());
        }
    }

    /// The network tells of the reopening that this message is, within the minute.
    fn is_meant_by_reopened(&self, index: usize) -> bool {
        let was_settled = self.contacts.last().is_some_and(|it| !it.settled.is_empty());
        was_settled && self.word_after(index).is_some()
    }

    fn word_after(&self, index: usize) -> Option<UnixMs> {
        let until_ms = self.facts[index].at_ms + ONE_REOPENING;
        let after = self.facts[index + 1..].iter().take_while(|event| event.at_ms <= until_ms);
        let word = after.filter(|event| matches!(event.kind, Kind::Reopened));
        word.map(|event| event.at_ms).next()
    }

    /// When a reopening that is told by a message and a word is: at the first of the two.
    fn reopening_ms(&self, index: usize) -> UnixMs {
        let word_ms =
            self.word_after(index).filter(|_| self.reading.has(Point::ReopenedAtTheLater));
        word_ms.unwrap_or(self.facts[index].at_ms)
    }

    fn settle(&mut self, event: &Event, by: Author) {
        if !self.is_open {
            return;
        }
        let Some(contact) = self.contacts.last_mut() else { return };
        contact.had_by(event);
        if let Some(stay) = contact.waiting() {
            stay.outcome = Outcome::FlowedOut(event.at_ms);
        }
        contact.end_wait(event.at_ms, WaitEnd::Settled(by));
        let place = contact.moment(event).place;
        contact.settled.push((event.at_ms, by, place));
        contact.over = Some((event.at_ms, event.at_ms));
        self.is_open = false;
    }

    fn reopen(&mut self, event: &Event) {
        let was_settled = self.contacts.last().is_some_and(|it| !it.settled.is_empty());
        if self.is_open || !was_settled {
            return;
        }
        let asked_ms = self.facts.iter().find_map(|other| match &other.kind {
            Kind::Message(message) if message.author == Author::Customer && !message.spam => {
                let apart_ms = other.at_ms - event.at_ms;
                (0..=ONE_REOPENING).contains(&apart_ms).then_some(other.at_ms)
            }
            _ => None,
        });
        let later_ms = asked_ms.filter(|_| self.reading.has(Point::ReopenedAtTheLater));
        self.reopen_at(event, later_ms.unwrap_or(event.at_ms));
        let waits = !self.reading.has(Point::ReopenedInSilence) || self.first_due_ms.is_some();
        if let Some(contact) = self.contacts.last_mut()
            && waits
            && (asked_ms.is_none() || !contact.is_answered)
        {
            // Who was never answered waits again, whether or not they say so a little later.
            let is_asked = asked_ms.is_some();
            contact.waits.push(Wait { since_ms: event.at_ms, end: None, is_asked });
        }
    }

    /// The contact is open again. Whom no human has replied to waits for a first reply again.
    fn reopen_at(&mut self, event: &Event, at_ms: UnixMs) {
        let reading = self.reading;
        let Some(contact) = self.contacts.last_mut() else { return };
        let mut reopened = contact.moment(event);
        reopened.at_ms = at_ms;
        contact.reopened.push(reopened);
        contact.over = None;
        self.is_open = true;
        self.last_message_ms = event.at_ms;
        if contact.is_answered {
            return;
        }
        contact.came_again.push((at_ms, contact.queue().to_owned()));
        self.first_due_ms = Some(at_ms);
        if reading.has(Point::ReopenedWaitsOn) {
            if let Some(stay) = contact.stays.last_mut() {
                stay.outcome = Outcome::Waiting;
            }
        } else {
            let queue = contact.queue().to_owned();
            contact.offer(at_ms, &queue);
        }
    }

    /// Into another queue. Who waits there for the first answer leaves the former unanswered.
    fn move_to(&mut self, at_ms: UnixMs, queue: &str) {
        let reading = self.reading;
        let Some(contact) = self.contacts.last_mut() else { return };
        if contact.queue() == queue {
            return;
        }
        contact.enter(at_ms, queue);
        if !contact.counts() {
            return;
        }
        if let Some(stay) = contact.waiting() {
            if reading.has(Point::MovedStaysOffered) {
                return;
            }
            if reading.has(Point::MovedIsOfferedOnlyThere) {
                queue.clone_into(&mut stay.place.queue);
                return;
            }
            stay.outcome = Outcome::FlowedOut(at_ms);
            contact.offer(at_ms, queue);
        } else if reading.has(Point::MovedIsOfferedAgain) {
            contact.offer(at_ms, queue);
        } else if reading.has(Point::MovedIsAnsweredThere) {
            contact.offer(at_ms, queue);
            if let Some(stay) = contact.waiting() {
                stay.outcome = Outcome::Answered(at_ms);
            }
        }
    }
}
