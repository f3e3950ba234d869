//! Contacts that are counted anew, because something happened to them or time has passed.

use crate::engine::cells::{Axes, Only, WatchOutcome};
use crate::engine::contact::{Contact, Fact, News, Surroundings, Targets, Workspace};
use crate::engine::ids::{Class, NO_QUEUE};
use crate::engine::intern::Map;
use crate::engine::rules::{Limits, Tells};
use crate::engine::timers::{NEVER, Timers};
use crate::engine::{CONTACTS_EVICTED, Engine};
use crate::event::UnixMs;

type Contacts = Map<u64, Box<Contact>>;

impl Engine {
    /// The contacts, and what they are looked at with.
    fn at_work(&mut self) -> (&mut Contacts, &mut Timers, Workspace<'_>) {
        let workspace = Workspace {
            before: &mut self.before,
            now: &mut self.now,
            feeds: &self.state.feeds,
            around: Surroundings {
                now_ms: self.state.cells.moment.now_ms,
                restarts_ms: &[],
                tells: Tells::default(),
                limits: &self.limits,
                thresholds: &self.thresholds,
                queues: &self.channel_queues,
                queue: NO_QUEUE,
            },
            targets: Targets {
                cells: &mut self.state.cells,
                agents: &mut self.state.agents,
                regulars: &mut self.state.regulars,
                policies: &self.policies,
                observations: &mut self.observations,
            },
        };
        (&mut self.state.contacts, &mut self.timers, workspace)
    }

    /// Something happened to a contact.
    pub(in crate::engine) fn update_contact(
        &mut self,
        key: u64,
        channel: u16,
        at_ms: UnixMs,
        news: &News<'_>,
    ) {
        let now_ms = self.now_ms();
        let is_too_late = match self.state.contacts.get(&key) {
            Some(contact) => !news.facts.is_empty() && contact.is_too_late(at_ms),
            None => now_ms.saturating_sub(at_ms) > self.limits.memory_ms(),
        };
        if is_too_late {
            self.feed(channel).faults.late += 1;
            return;
        }
        let known = self.state.contacts.get(&key);
        let is_late = |it: &Fact| known.is_some_and(|contact| contact.has_let_go_of(it));
        if news.facts.iter().any(is_late) {
            self.feed(channel).faults.late += 1;
        }
        if self.state.contacts.len() >= self.limits.contacts_max
            && !self.state.contacts.contains_key(&key)
        {
            self.evict();
        }
        let (contacts, timers, mut workspace) = self.at_work();
        let contact = contacts.entry(key).or_insert_with(|| Box::new(Contact::new(channel)));
        contact.touched_ms = now_ms;
        update(contact, key, news, timers, &mut workspace);
    }

    /// Counts by these axes from now on, and what is known of the past. False when too many
    /// combinations are counted already.
    pub(in crate::engine) fn watch_axes(&mut self, axes: Axes) -> bool {
        let axes = axes | Axes::BASE;
        let only = match self.state.cells.watch(axes) {
            WatchOutcome::Granted => return true,
            WatchOutcome::Refused => return false,
            WatchOutcome::New => Only { axes, recent: false },
            WatchOutcome::LastHour => Only { axes, recent: true },
        };
        let (contacts, _, mut workspace) = self.at_work();
        let mut keys: Vec<u64> = contacts.keys().copied().collect();
        keys.sort_unstable();
        for key in keys {
            if let Some(contact) = contacts.get(&key) {
                contact.put_anew(key, only, &mut workspace);
            }
        }
        self.state.version += 1;
        true
    }

    /// Looks at a contact again because time has passed, or its network's side restarted.
    fn revisit(&mut self, key: u64) {
        let (contacts, timers, mut workspace) = self.at_work();
        let Some(contact) = contacts.get_mut(&key) else { return };
        update(contact, key, &News::default(), timers, &mut workspace);
        self.state.version += 1;
    }

    /// A timer has come up.
    pub(in crate::engine) fn wake(&mut self, key: u64, due_ms: UnixMs) {
        let now_ms = self.now_ms();
        let (contacts, timers, mut workspace) = self.at_work();
        let Some(contact) = contacts.get_mut(&key) else { return };
        if contact.timer_ms != due_ms {
            return;
        }
        contact.timer_ms = NEVER;
        if contact.due_ms <= now_ms {
            update(contact, key, &News::default(), timers, &mut workspace);
            self.state.version += 1;
        } else if contact.is_done && contact.forgotten_ms(workspace.around.limits) <= now_ms {
            contacts.remove(&key);
        } else {
            // What it was set for has been overtaken by events.
            set_timer(timers, contact, key, workspace.around.limits);
        }
    }

    /// After a restart of the network's side: all calls of the channel that are under way. It ends
    /// them, so that the next restart does not find them again; what waits in writing is as it was.
    pub(in crate::engine) fn settle_channel(&mut self, channel: u16) {
        let cells =
            self.state.cells.cells().iter().filter(|cell| cell.slice.channel() == Some(channel));
        let mut open: Vec<u64> =
            cells.flat_map(|cell| cell.waiters.of(Class::Voice)).map(|(_, key)| *key).collect();
        open.extend(self.state.agents.contacts_of(channel));
        open.sort_unstable();
        open.dedup();
        for key in open {
            self.revisit(key);
        }
    }

    /// More is known of what a channel's network tells: its contacts count by that from now on.
    pub(in crate::engine) fn settle_outdated(&mut self, channel: u16) {
        let feeds = &self.state.feeds;
        let contacts = self.state.contacts.iter();
        let outdated = contacts.filter(|(_, it)| it.channel == channel && it.is_outdated(feeds));
        let mut keys: Vec<u64> = outdated.map(|(key, _)| *key).collect();
        keys.sort_unstable();
        for key in keys {
            self.revisit(key);
        }
    }

    /// Makes room: the finished go first, the longest untouched first.
    fn evict(&mut self) {
        let contacts = self.state.contacts.iter();
        let mut by_age: Vec<_> =
            contacts.map(|(key, contact)| (!contact.is_done, contact.touched_ms, *key)).collect();
        let count = (self.limits.contacts_max / CONTACTS_EVICTED).clamp(1, by_age.len().max(1));
        by_age.select_nth_unstable(count.saturating_sub(1));
        by_age.truncate(count);
        by_age.sort_unstable();
        for (is_open, _, key) in by_age {
            let (contacts, _, mut workspace) = self.at_work();
            let Some(contact) = contacts.remove(&key) else { continue };
            contact.give_up(key, &mut workspace);
            let hit = &mut self.state.limits_hit;
            *if is_open { &mut hit.contacts_lost } else { &mut hit.contacts_evicted } += 1;
        }
    }
}

/// Counts what a contact's course is now, and sets its timer.
fn update(
    contact: &mut Contact,
    key: u64,
    news: &News<'_>,
    timers: &mut Timers,
    workspace: &mut Workspace<'_>,
) {
    let due_ms = contact.update(key, news, workspace);
    // Whatever is due has been done: time goes on.
    contact.due_ms = due_ms.max(workspace.around.now_ms + 1);
    set_timer(timers, contact, key, workspace.around.limits);
}

/// Sets the contact's timer, if one is needed that is earlier than the one that is set.
fn set_timer(timers: &mut Timers, contact: &mut Contact, key: u64, limits: &Limits) {
    let forgotten_ms = contact.forgotten_ms(limits);
    let next_ms = if contact.is_done { contact.due_ms.min(forgotten_ms) } else { contact.due_ms };
    if next_ms < contact.timer_ms {
        contact.timer_ms = next_ms;
        timers.set(next_ms, key);
    }
}
