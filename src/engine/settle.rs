//! Contacts that are looked at again, because something happened to them or time has passed.

use super::books::{Books, Wish};
use super::contact::{Contact, Desk};
use super::fact::Fact;
use super::intern::scoped_hash;
use super::machine::Surroundings;
use super::slice::{Axes, WordId};
use super::timers::{NEVER, Timers};
use super::{CONTACTS_EVICTED, CONTACTS_MAX, Engine};
use crate::event::{CustomerKey, UnixMs};

impl Engine {
    pub(super) fn remember(
        &mut self,
        key: u64,
        channel: u16,
        at_ms: UnixMs,
        fact: Option<Fact>,
        topics: &[WordId],
        customer: &[CustomerKey],
    ) {
        let now_ms = self.state.books.moment.now_ms;
        if !self.state.contacts.contains_key(&key) {
            if now_ms.saturating_sub(at_ms) > self.limits.memory_ms() {
                self.feed(channel).faults.late += 1;
                return;
            }
            if self.state.contacts.len() >= CONTACTS_MAX {
                self.evict();
            }
        }
        let contact =
            self.state.contacts.entry(key).or_insert_with(|| Box::new(Contact::new(channel)));
        contact.touched_ms = now_ms;
        if let Some(fact) = fact {
            contact.insert(fact);
        }
        for topic in topics {
            contact.add_topic(*topic);
        }
        let mut is_news = false;
        for identifier in customer {
            is_news |= contact.add_identifier(scoped_hash(u16::MAX, &identifier.0));
        }
        if is_news {
            self.state.regulars.link(contact.identifiers(), &mut self.state.books);
        }
        self.settle(key);
    }

    /// Counts by these axes from now on, and what is known of the past. False when too many
    /// combinations are counted already.
    pub(super) fn watch_axes(&mut self, axes: Axes) -> bool {
        let axes = axes | Axes::BASE;
        let close = match self.state.books.watch(axes) {
            Wish::Granted => return true,
            Wish::Refused => return false,
            Wish::New => Books::close,
            Wish::Recent => Books::close_recent,
        };
        let mut keys: Vec<u64> = self.state.contacts.keys().copied().collect();
        keys.sort_unstable();
        for key in keys {
            if let Some(contact) = self.state.contacts.get(&key) {
                contact.post_anew(key, axes, &mut self.state.books, &self.state.agents);
                close(&mut self.state.books);
            }
        }
        self.state.version += 1;
        true
    }

    /// Looks at a contact again because time has passed, or its network's side restarted.
    fn look_again(&mut self, key: u64) {
        self.settle(key);
        self.state.version += 1;
    }

    /// Counts what a contact's course is now, and sets its timer.
    fn settle(&mut self, key: u64) {
        let Some(contact) = self.state.contacts.get_mut(&key) else { return };
        let around = Surroundings {
            now_ms: self.state.books.moment.now_ms,
            restarts_ms: &self.state.feeds[usize::from(contact.channel)].restarts_ms,
            idle_gap_ms: self.limits.idle_gap_ms,
            lost_after_ms: self.limits.lost_after_ms,
            facts_max: self.limits.facts_max,
        };
        let mut desk = Desk {
            machine: &mut self.machine,
            books: &mut self.state.books,
            agents: &mut self.state.agents,
            regulars: &mut self.state.regulars,
            policies: &self.policies,
            observations: &mut self.observations,
            around,
        };
        let due_ms = contact.settle(key, &mut desk);
        self.state.books.close();
        // Whatever is due has been done: time goes on.
        contact.due_ms = due_ms.max(self.state.books.moment.now_ms + 1);
        set_timer(&mut self.timers, contact, key, self.limits.memory_ms());
    }

    pub(super) fn wake(&mut self, key: u64, due_ms: UnixMs) {
        let Some(contact) = self.state.contacts.get_mut(&key) else { return };
        if contact.timer_ms != due_ms {
            return;
        }
        contact.timer_ms = NEVER;
        let (now_ms, memory_ms) = (self.state.books.moment.now_ms, self.limits.memory_ms());
        if contact.due_ms <= now_ms {
            self.look_again(key);
        } else if contact.is_done() && contact.forgotten_ms(memory_ms) <= now_ms {
            self.state.contacts.remove(&key);
        } else {
            // What it was set for has been overtaken by events.
            set_timer(&mut self.timers, contact, key, memory_ms);
        }
    }

    /// After a restart of the network's side: all calls of the channel that are under way.
    pub(super) fn settle_channel(&mut self, channel: u16) {
        let cells =
            self.state.books.cells().iter().filter(|cell| cell.slice.channel() == Some(channel));
        let mut open: Vec<u64> =
            cells.flat_map(|cell| cell.pending().map(|(_, contact)| contact)).collect();
        open.extend(self.state.agents.contacts_of(channel));
        open.sort_unstable();
        open.dedup();
        for key in open {
            self.look_again(key);
        }
    }

    /// Makes room: the finished go first, the longest untouched first.
    fn evict(&mut self) {
        let contacts = self.state.contacts.iter();
        let mut by_age: Vec<_> =
            contacts.map(|(key, contact)| (!contact.is_done(), contact.touched_ms, *key)).collect();
        let count = CONTACTS_EVICTED.min(by_age.len());
        by_age.select_nth_unstable(count.saturating_sub(1));
        by_age.truncate(count);
        by_age.sort_unstable();
        for (is_open, _, key) in by_age {
            let Some(contact) = self.state.contacts.remove(&key) else { continue };
            contact.give_up(key, &mut self.state.books, &mut self.state.agents);
            self.state.books.close();
            let hit = &mut self.state.limits_hit;
            *if is_open { &mut hit.contacts_lost } else { &mut hit.contacts_evicted } += 1;
        }
    }
}

/// Sets the contact's timer, if one is needed that is earlier than the one that is set.
fn set_timer(timers: &mut Timers, contact: &mut Contact, key: u64, memory_ms: i64) {
    let forgotten_ms = contact.forgotten_ms(memory_ms);
    let next_ms = if contact.is_done() { contact.due_ms.min(forgotten_ms) } else { contact.due_ms };
    if next_ms < contact.timer_ms {
        contact.timer_ms = next_ms;
        timers.set(next_ms, key);
    }
}
