//! What differs between two courses of a contact, corrected in the books.
//!
//! Both are gone through side by side; what is in both is not touched.

use super::at::{At, Only};
use super::books::Books;
use super::course::{Course, Ledgers};
use super::entry::Entry;
use super::fact::Flow;
use super::field::Field;
use super::machine::Outcome;
use super::posting::Posting;
use super::promise::Promise;
use crate::event::UnixMs;

impl Course {
    /// Takes out of the books what it was before, and puts in what it is.
    pub(super) fn replace(
        &self,
        before: &Course,
        (key, channel): (u64, u16),
        ledgers: &mut Ledgers<'_>,
    ) {
        let is_like = self.like == before.like;
        self.replace_postings(before, channel, is_like, ledgers);
        self.replace_marks(before, channel, is_like, ledgers);
        self.replace_promises(before, channel, is_like, ledgers.books);
        if !is_like || self.pending() != before.pending() {
            before.stop_pending(key, channel, ledgers.books);
            self.start_pending(key, channel, None, ledgers.books);
        }
        if self.machine.work != before.machine.work {
            ledgers.agents.change_work(key, &before.machine.work, &self.machine.work);
        }
        if self.machine.spans != before.machine.spans {
            ledgers.agents.change_spans(&before.machine.spans, &self.machine.spans);
        }
        self.replace_visits(before, key, channel, ledgers);
    }

    fn replace_postings(
        &self,
        before: &Course,
        channel: u16,
        is_like: bool,
        ledgers: &mut Ledgers<'_>,
    ) {
        let books = &mut *ledgers.books;
        for index in 0..self.postings.len().max(before.postings.len()) {
            let (old, new) = (before.postings.get(index), self.postings.get(index));
            if is_like && old == new {
                continue;
            }
            if let Some(new) = new {
                ledgers.observations.note(channel, old, new);
            }
            let old_at = old.map(|it| before.at(channel, it.queue, it.agent));
            let new_at = new.map(|it| self.at(channel, it.queue, it.agent));
            let old_cells = old_at.map(|at| books.cells_at(&at)).unwrap_or_default();
            let new_cells = new_at.map(|at| books.cells_at(&at)).unwrap_or_default();
            for part in 0..Posting::PARTS {
                let old = old.and_then(|posting| posting.entry(part));
                let new = new.and_then(|posting| posting.entry(part));
                books.replace((&old_cells, old.as_ref()), (&new_cells, new.as_ref()));
            }
        }
    }

    fn replace_marks(
        &self,
        before: &Course,
        channel: u16,
        is_like: bool,
        ledgers: &mut Ledgers<'_>,
    ) {
        let (mut old, mut new) = (&before.machine.marks[..], &self.machine.marks[..]);
        if is_like {
            let same = old.iter().zip(new).take_while(|(a, b)| a == b).count();
            (old, new) = (&old[same..], &new[same..]);
            let same = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
            (old, new) = (&old[..old.len() - same], &new[..new.len() - same]);
        }
        for gone in old {
            let at = before.marked_at(channel, gone, ledgers.agents);
            ledgers.books.take_out(&at, &gone.entry());
        }
        for come in new {
            ledgers.books.put(&self.marked_at(channel, come, ledgers.agents), &come.entry());
        }
    }

    /// Both lists are in the order of clocks, and of policies for each.
    fn replace_promises(&self, before: &Course, channel: u16, is_like: bool, books: &mut Books) {
        let (mut gone, mut come) = (&before.promises[..], &self.promises[..]);
        loop {
            let number = |promise: &Promise| (promise.clock, promise.policy);
            let next =
                |list: &[(Promise, UnixMs)]| list.first().map(|(promise, _)| number(promise));
            let first = match (next(gone), next(come)) {
                (Some(old), Some(new)) => old.min(new),
                (old, new) => match old.or(new) {
                    Some(either) => either,
                    None => return,
                },
            };
            let old = take_first(&mut gone, |promise| number(promise) == first);
            let new = take_first(&mut come, |promise| number(promise) == first);
            if is_like && old == new {
                continue;
            }
            let Some(either) = old.or(new) else { return };
            for among_complaints in either.counted_as() {
                let old_at = old.map(|it| before.promised_at(channel, it, among_complaints));
                let new_at = new.map(|it| self.promised_at(channel, it, among_complaints));
                let old_cells = old_at.map(|at| books.cells_at(&at)).unwrap_or_default();
                let new_cells = new_at.map(|at| books.cells_at(&at)).unwrap_or_default();
                for part in [Promise::verdict, Promise::standing] {
                    let old = old.and_then(|promise| part(promise, among_complaints));
                    let new = new.and_then(|promise| part(promise, among_complaints));
                    books.replace((&old_cells, old.as_ref()), (&new_cells, new.as_ref()));
                }
            }
        }
    }

    /// Each time that the customer came in.
    fn replace_visits(&self, before: &Course, key: u64, channel: u16, ledgers: &mut Ledgers<'_>) {
        let Ledgers { books, agents, regulars, .. } = ledgers;
        if self.visits(key, channel, agents).eq(before.visits(key, channel, agents)) {
            return;
        }
        let Some(customer) = self.customer else { return };
        let both = before.visits(key, channel, agents).zip(self.visits(key, channel, agents));
        let same = both.take_while(|(old, new)| old == new).count();
        for gone in before.visits(key, channel, agents).skip(same) {
            regulars.remove(customer, gone, books);
        }
        for new in self.visits(key, channel, agents).skip(same) {
            regulars.add(customer, new, books);
        }
    }

    /// Takes it out of everything live; who still waited counts as lost.
    pub(super) fn give_up(&self, key: u64, channel: u16, ledgers: &mut Ledgers<'_>) {
        let Ledgers { books, agents, .. } = ledgers;
        books.open();
        self.stop_pending(key, channel, books);
        agents.change_work(key, &self.machine.work, &[]);
        for (promise, _) in &self.promises {
            for among_complaints in promise.counted_as() {
                let at = self.promised_at(channel, promise, among_complaints);
                if let Some(entry) = promise.standing(among_complaints) {
                    books.take_out(&at, &entry);
                }
            }
        }
        let now_ms = books.moment.now_ms;
        for before in self.postings.iter().filter(|posting| posting.is_waiting()) {
            let lost = Posting {
                outcome: Outcome::FlowedOut(Flow::Lost),
                outcome_at_ms: now_ms,
                wait_ms: now_ms.saturating_sub(before.offered_at_ms),
                decided_at_ms: before.decided_at_ms.or(Some(now_ms)),
                ..*before
            };
            let cells = books.cells_at(&self.at(channel, before.queue, before.agent));
            for part in 0..Posting::PARTS {
                let (old, new) = (before.entry(part), lost.entry(part));
                books.replace((&cells, old.as_ref()), (&cells, new.as_ref()));
            }
        }
    }

    /// Puts all of it into cells that are counted, or keep the last hour, from now on.
    pub(super) fn put_anew(&self, key: u64, channel: u16, only: Only, ledgers: &mut Ledgers<'_>) {
        let Ledgers { books, agents, .. } = ledgers;
        books.open();
        let only = Some(only);
        let mut put = |at: At<'_>, entry: Option<Entry>| {
            entry.iter().for_each(|entry| books.put(&At { only, ..at }, entry));
        };
        for posting in &self.postings {
            for part in 0..Posting::PARTS {
                put(self.at(channel, posting.queue, posting.agent), posting.entry(part));
            }
        }
        for mark in &self.machine.marks {
            put(self.marked_at(channel, mark, agents), Some(mark.entry()));
        }
        for (promise, _) in &self.promises {
            for among_complaints in promise.counted_as() {
                let at = self.promised_at(channel, promise, among_complaints);
                put(at, promise.verdict(among_complaints));
                put(at, promise.standing(among_complaints));
            }
        }
        for visit in self.visits(key, channel, agents) {
            put(visit.at(), Some(visit.entry(Field::Visits)));
        }
        self.start_pending(key, channel, only, books);
    }
}

/// Takes the first promise of a list, if it is that one.
fn take_first<'a>(
    list: &mut &'a [(Promise, UnixMs)],
    is_it: impl Fn(&Promise) -> bool,
) -> Option<&'a Promise> {
    let ((first, _), rest) = list.split_first()?;
    is_it(first).then(|| {
        *list = rest;
        first
    })
}
