//! What of a contact stands in the books, so that it can be taken out again.

use serde::{Deserialize, Serialize};

use super::agents::Agents;
use super::books::{At, Books};
use super::fact::QueueId;
use super::few::Few;
use super::field::Field;
use super::machine::Class;
use super::mark::Mark;
use super::posting::Posting;
use super::promise::Promise;
use super::slice::{Axes, NOBODY, PersonId, Place, Traits, WordId};
use super::visits::Visit;
use crate::event::UnixMs;

/// See the module.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Counted {
    pub(super) traits: Traits,
    /// Sorted.
    pub(super) topics: Few<WordId, 4>,
    pub(super) postings: Few<Posting, 1>,
    pub(super) marks: Vec<Mark>,
    pub(super) promises: Few<Promise, 2>,
    pub(super) pending: Option<Pending>,
    pub(super) visits: Few<Visit, 1>,
    /// Times that the customer came in, of stays that are no longer kept: they become visits
    /// when the customer is recognised later.
    pub(super) earlier: Vec<(UnixMs, QueueId, PersonId)>,
}

/// The customer waits since then, in that queue.
type Pending = (UnixMs, QueueId, Class);

impl Counted {
    pub(super) fn at(&self, channel: u16, queue: QueueId, agent: PersonId) -> At<'_> {
        let place = Place { channel, queue, agent, traits: Some(self.traits), label: None };
        At { place, topics: &self.topics, only: None }
    }

    fn marked_at(&self, channel: u16, mark: &Mark, agent: PersonId) -> At<'_> {
        let at = self.at(channel, mark.queue, agent);
        At { place: Place { label: mark.label, ..at.place }, ..at }
    }

    /// Under its policy, and among the complaints if it was made to one.
    pub(super) fn promised_at(
        &self,
        channel: u16,
        promise: &Promise,
    ) -> impl Iterator<Item = At<'_>> + use<'_> {
        let at = self.at(channel, promise.queue, promise.agent);
        let labelled = At { place: Place { label: Some(promise.policy), ..at.place }, ..at };
        [labelled].into_iter().chain(promise.to_complaint.then_some(at))
    }

    pub(super) fn mark(
        &self,
        channel: u16,
        mark: &Mark,
        agents: &Agents,
        books: &mut Books,
        delta: i32,
    ) {
        let at = self.marked_at(channel, mark, agents.person(mark.agent));
        mark.entry(|entry| books.count(&at, entry, delta));
    }

    pub(super) fn promise(&self, channel: u16, promise: &Promise, books: &mut Books, delta: i32) {
        for at in self.promised_at(channel, promise) {
            promise.count(&at, books, delta);
        }
    }

    pub(super) fn stop_pending(&mut self, key: u64, channel: u16, books: &mut Books) {
        if let Some((since_ms, queue, class)) = self.pending.take() {
            let at = self.at(channel, queue, NOBODY);
            books.each(&at, |cell| cell.stop_pending(since_ms, key, class));
        }
    }

    /// Takes everything out that depends on what the contact is like. Gives the postings back.
    pub(super) fn clear(
        &mut self,
        key: u64,
        channel: u16,
        books: &mut Books,
        agents: &Agents,
    ) -> Few<Posting, 1> {
        let postings = std::mem::take(&mut self.postings);
        for posting in postings.iter() {
            books.post(&self.at(channel, posting.queue, posting.agent), posting, -1);
        }
        for mark in std::mem::take(&mut self.marks) {
            self.mark(channel, &mark, agents, books, -1);
        }
        for promise in std::mem::take(&mut self.promises).iter() {
            self.promise(channel, promise, books, -1);
        }
        self.stop_pending(key, channel, books);
        postings
    }

    /// Counts all of it in cells that are counted from now on.
    pub(super) fn post_anew(
        &self,
        key: u64,
        channel: u16,
        only: Axes,
        books: &mut Books,
        agents: &Agents,
    ) {
        let only = |at| At { only: Some(only), ..at };
        for posting in self.postings.iter() {
            books.post(&only(self.at(channel, posting.queue, posting.agent)), posting, 1);
        }
        for mark in &self.marks {
            let at = only(self.marked_at(channel, mark, agents.person(mark.agent)));
            mark.entry(|entry| books.count(&at, entry, 1));
        }
        if let Some((since_ms, queue, class)) = self.pending {
            let at = only(self.at(channel, queue, NOBODY));
            books.each(&at, |cell| cell.start_pending(since_ms, key, class));
        }
        for promise in self.promises.iter() {
            for at in self.promised_at(channel, promise) {
                promise.count(&only(at), books, 1);
            }
        }
        for visit in self.visits.iter() {
            books.count(&only(visit.at()), &visit.entry(&[Field::Visits]), 1);
        }
    }
}
