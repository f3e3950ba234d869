//! What differs between what a contact counted as and what it counts as, corrected in the cells.
//!
//! Both are gone through side by side; what is in both is not touched.

use super::counted::{Counted, Targets};
use crate::engine::cells::{Only, Visitor};
use crate::engine::counting::Field;
use crate::engine::observations::Observations;
use crate::engine::people::Agents;
use crate::engine::promise::Promise;
use crate::event::UnixMs;

/// The contact whose counts are corrected.
#[derive(Clone, Copy)]
pub(super) struct Whose {
    pub(super) key: u64,
    pub(super) channel: u16,
}

impl Counted {
    /// Counts what it is instead of what it was before.
    pub(super) fn replace(&self, before: &Counted, whose: Whose, targets: &mut Targets<'_>) {
        let Whose { key, channel } = whose;
        let Targets { cells, agents, regulars, observations, .. } = targets;
        let mut visitor = cells.visitor();
        let mut change = Change {
            before,
            now: self,
            channel,
            is_same_place: self.is_same_place(before),
            visitor: &mut visitor,
        };
        change.stays(observations);
        change.marks(agents);
        change.legs(agents);
        change.promises();
        change.pending(key);
        change.awaited();
        if self.state.work != before.state.work {
            agents.change_work(key, &before.state.work, &self.state.work);
        }
        if self.state.spans != before.state.spans {
            agents.change_spans(&before.state.spans, &self.state.spans);
        }
        // Each time that the customer came in.
        if self.visits(key, channel, agents).eq(before.visits(key, channel, agents)) {
            return;
        }
        let Some(customer) = self.customer else { return };
        let both = before.visits(key, channel, agents).zip(self.visits(key, channel, agents));
        let same = both.take_while(|(old, new)| old == new).count();
        for gone in before.visits(key, channel, agents).skip(same) {
            regulars.remove(customer, gone, &mut visitor);
        }
        for new in self.visits(key, channel, agents).skip(same) {
            regulars.add(customer, new, &mut visitor);
        }
    }

    /// Takes it out of everything live; who still waited counts as lost.
    pub(super) fn give_up(&self, whose: Whose, targets: &mut Targets<'_>) {
        let Whose { key, channel } = whose;
        let Targets { cells, agents, .. } = targets;
        let mut visitor = cells.visitor();
        self.stop_pending(key, channel, &mut visitor);
        self.count_awaited(channel, -1, &mut visitor);
        agents.change_work(key, &self.state.work, &[]);
        for (promise, _) in &self.promises {
            for among_complaints in promise.counted_as() {
                let at = self.promised_at(channel, promise, among_complaints);
                if let Some(entry) = promise.standing(among_complaints) {
                    visitor.take_out(at, &entry);
                }
            }
        }
        let now_ms = visitor.moment().now_ms;
        for before in self.stays.iter().filter(|it| it.stay.is_waiting()) {
            let at = self.stay_at(channel, before);
            let lost = (at, before.lost(now_ms).entries());
            visitor.replace(Some(&(at, before.entries())), Some(&lost));
        }
    }

    /// Counts all of it in cells that are counted, or keep the last hour, from now on.
    pub(super) fn put_anew(&self, whose: Whose, only: Only, targets: &mut Targets<'_>) {
        let Whose { key, channel } = whose;
        let Targets { cells, agents, .. } = targets;
        let mut visitor = cells.visitor_of(only);
        for stay in &self.stays {
            let at = self.stay_at(channel, stay);
            stay.entries().iter().flatten().for_each(|entry| visitor.put(at, entry));
        }
        for mark in &self.state.marks {
            visitor.put(self.marked_at(channel, mark, agents), &mark.entry());
        }
        for leg in &self.state.legs {
            let at = self.leg_at(channel, leg, agents);
            leg.entry().iter().for_each(|entry| visitor.put(at, entry));
        }
        for (promise, _) in &self.promises {
            for among_complaints in promise.counted_as() {
                let at = self.promised_at(channel, promise, among_complaints);
                let entries = promise.entries(among_complaints);
                entries.iter().flatten().for_each(|entry| visitor.put(at, entry));
            }
        }
        for visit in self.visits(key, channel, agents) {
            visitor.put(visit.at(), &visit.entry(Field::Visits));
        }
        self.start_pending(key, channel, &mut visitor);
        self.count_awaited(channel, 1, &mut visitor);
    }
}

/// A correction under way.
struct Change<'a, 'v, 'c> {
    before: &'a Counted,
    now: &'a Counted,
    channel: u16,
    is_same_place: bool,
    visitor: &'v mut Visitor<'c>,
}

impl Change<'_, '_, '_> {
    fn stays(&mut self, observations: &mut Observations) {
        let (before, now, channel) = (self.before, self.now, self.channel);
        for index in 0..now.stays.len().max(before.stays.len()) {
            let (old, new) = (before.stays.get(index), now.stays.get(index));
            if self.is_same_place && old == new {
                continue;
            }
            if let Some(new) = new {
                new.observe(channel, old, observations);
            }
            let gone = old.map(|it| (before.stay_at(channel, it), it.entries()));
            let come = new.map(|it| (now.stay_at(channel, it), it.entries()));
            self.visitor.replace(gone.as_ref(), come.as_ref());
        }
    }

    fn marks(&mut self, agents: &Agents) {
        let (mut old, mut new) = (&self.before.state.marks[..], &self.now.state.marks[..]);
        if self.is_same_place {
            let same = old.iter().zip(new).take_while(|(a, b)| a == b).count();
            (old, new) = (&old[same..], &new[same..]);
            let same = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
            (old, new) = (&old[..old.len() - same], &new[..new.len() - same]);
        }
        for gone in old {
            let at = self.before.marked_at(self.channel, gone, agents);
            self.visitor.take_out(at, &gone.entry());
        }
        for come in new {
            self.visitor.put(self.now.marked_at(self.channel, come, agents), &come.entry());
        }
    }

    /// What agents have done with calls: legs that are handled.
    fn legs(&mut self, agents: &Agents) {
        let (before, now, channel) = (self.before, self.now, self.channel);
        for index in 0..now.state.legs.len().max(before.state.legs.len()) {
            let (old, new) = (before.state.legs.get(index), now.state.legs.get(index));
            if self.is_same_place && old == new {
                continue;
            }
            let gone = old.map(|leg| (before.leg_at(channel, leg, agents), [leg.entry()]));
            let come = new.map(|leg| (now.leg_at(channel, leg, agents), [leg.entry()]));
            self.visitor.replace(gone.as_ref(), come.as_ref());
        }
    }

    /// Both lists are in the order of clocks, and of policies for each.
    fn promises(&mut self) {
        let (before, now, channel) = (self.before, self.now, self.channel);
        let (mut gone, mut come) = (&before.promises[..], &now.promises[..]);
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
            if self.is_same_place && old == new {
                continue;
            }
            let Some(either) = old.or(new) else { return };
            for among_complaints in either.counted_as() {
                let entries = |it: &Promise| it.entries(among_complaints);
                let gone_as =
                    old.map(|it| (before.promised_at(channel, it, among_complaints), entries(it)));
                let come_as =
                    new.map(|it| (now.promised_at(channel, it, among_complaints), entries(it)));
                self.visitor.replace(gone_as.as_ref(), come_as.as_ref());
            }
        }
    }

    fn pending(&mut self, key: u64) {
        if !self.is_same_place || self.now.pending() != self.before.pending() {
            self.before.stop_pending(key, self.channel, self.visitor);
            self.now.start_pending(key, self.channel, self.visitor);
        }
    }

    fn awaited(&mut self) {
        if !self.is_same_place || self.now.awaits() != self.before.awaits() {
            self.before.count_awaited(self.channel, -1, self.visitor);
            self.now.count_awaited(self.channel, 1, self.visitor);
        }
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
