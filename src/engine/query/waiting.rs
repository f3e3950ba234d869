//! Who waits, the longest waiting first.

use super::CellView;
use super::first::first_of_all;
use crate::config::model::WARN_DEFAULT;
use crate::engine::cells::{Axes, Cell};
use crate::engine::contact::Surroundings;
use crate::engine::ids::{Class, NO_QUEUE};
use crate::engine::rules::Tells;
use crate::engine::{Calendar, Deadline, Engine};
use crate::event::{Millis, UnixMs, millis};
use crate::scope::Selector;

/// How many of a channel's queue are looked at, the longest waiting first, for those who asked in
/// public: whoever has more waiting knows it.
const PUBLIC_MAX: usize = 1000;

/// A contact whose customer waits for us: a caller in line, or somebody without a reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingContact<'a> {
    /// Tells it from others and says nothing else: a hash of the network's id, which is a keyed hash
    /// itself.
    pub mark: u64,
    /// The channel's name.
    pub channel: &'a str,
    /// The queue's name; empty where the network names none.
    pub queue: &'a str,
    /// Since when the customer waits.
    pub since_ms: UnixMs,
    /// In writing.
    pub is_written: bool,
    /// By when a policy promises an answer, else by when the queue's threshold wants one.
    pub deadline: Deadline,
    /// The policy that promises it.
    pub policy: Option<&'a str>,
}

impl Engine {
    /// The `max` contacts that have waited longest, and how many wait at all, of the channel and the
    /// queue that the selector names; only those `in_writing`, or only the others, if that is said.
    /// Each queue keeps its own in order, so their number does not matter.
    pub fn longest_waiting(
        &self,
        selector: &Selector,
        in_writing: Option<bool>,
        max: usize,
    ) -> (Vec<WaitingContact<'_>>, usize) {
        let of = Selector {
            channel: selector.channel.clone(),
            queue: selector.queue.clone(),
            ..Selector::default()
        };
        let views = self.select(&of);
        debug_assert!(views.iter().all(|view| view.cell.slice.axes() == Axes::BASE));
        let classes: &[Class] = match in_writing {
            Some(true) => &[Class::Written],
            Some(false) => &[Class::Voice],
            None => &[Class::Voice, Class::Written],
        };
        let lines = views.iter().flat_map(|view| classes.iter().map(move |class| (view, *class)));
        let lines: Vec<_> = lines.collect();
        let all = lines.iter().map(|(view, class)| view.cell.waiters.of(*class).len()).sum();
        let waiters = lines.iter().map(|(view, class)| view.cell.waiters.of(*class).iter());
        let first = first_of_all(waiters.collect(), max);
        let contacts = first.into_iter().map(|(&(since_ms, mark), of)| {
            let (view, class) = lines[of];
            let (policy, deadline) = self.reply_due(view.cell, (since_ms, mark), class);
            let (channel, queue) = (view.channel(), view.queue());
            let is_written = class == Class::Written;
            WaitingContact { mark, channel, queue, since_ms, is_written, deadline, policy }
        });
        (contacts.collect(), all)
    }

    /// Customers who asked in public, have no reply, and have waited for longer than promised: by a
    /// policy, else by the queue's threshold, in hours in which it is open. Of each channel and queue
    /// that had written contacts.
    pub fn overdue_in_public(&self) -> Vec<(&str, &str, usize)> {
        let views = self.select(&Selector::default());
        let overdue = views.iter().filter(|view| view.has_written()).map(|view| {
            let waiters = view.cell.waiters.of(Class::Written).iter().take(PUBLIC_MAX);
            let late = waiters.filter(|it| self.is_overdue(view, **it) && self.is_public(it.1));
            (view.channel(), view.queue(), late.count())
        });
        overdue.collect()
    }

    fn is_public(&self, key: u64) -> bool {
        let contact = self.state.contacts.get(&key);
        contact.is_some_and(|it| it.is_asked_in_public(self.surroundings()))
    }

    fn is_overdue(&self, view: &CellView<'_>, waiter: (UnixMs, u64)) -> bool {
        if let (Some(_), deadline) = self.reply_due(view.cell, waiter, Class::Written) {
            return deadline.is_late_at(self.now_ms());
        }
        let rules = view.rules();
        let hours = rules.calendar.as_ref().and_then(|name| self.rules.calendars.get(name));
        let always = Calendar::always_open();
        let hours = hours.map_or(&always, |hours| hours.as_ref());
        let waited_ms = hours.open_ms_between(waiter.0, self.now_ms());
        waited_ms > millis(rules.reply_threshold)
    }

    fn surroundings(&self) -> Surroundings<'_> {
        Surroundings {
            now_ms: self.now_ms(),
            restarts_ms: &[],
            tells: Tells::default(),
            limits: &self.limits,
            thresholds: &self.thresholds,
            queues: &self.channel_queues,
            queue: NO_QUEUE,
        }
    }

    /// By when a contact that waits should have its answer, and who promises that.
    fn reply_due(
        &self,
        cell: &Cell,
        (since_ms, key): (UnixMs, u64),
        class: Class,
    ) -> (Option<&str>, Deadline) {
        let around = self.surroundings();
        let contact = self.state.contacts.get(&key);
        let promised = contact.and_then(|it| it.next_reply_due(&self.policies, around));
        if let Some((policy, deadline)) = promised {
            let rules = self.rules.policies.get(usize::from(policy));
            return (rules.map(|rules| rules.name.as_str()), deadline);
        }
        // A queue's threshold is time by the clock: the service level counts it so, too.
        let queue = cell.slice.queue().unwrap_or_default();
        let threshold_ms = around.thresholds(queue).threshold_ms(class);
        let due_ms = since_ms.saturating_add(threshold_ms);
        let warned_ms = since_ms.saturating_add((threshold_ms as f64 * WARN_DEFAULT) as Millis);
        let always = Calendar::always_open();
        (None, Deadline::at(due_ms, Some(warned_ms), &always, around.now_ms))
    }
}
