//! The promises that break next, and those that are broken and still open.

use super::first::first_of_all;
use super::read::CellView;
use crate::engine::{Deadline, Engine, PolicyRules, Standing};
use crate::event::{Millis, UnixMs};
use crate::scope::Selector;

/// Promises of one policy, channel and queue that break in the same second.
#[derive(Clone, Copy, Debug)]
pub struct Breaking<'a> {
    /// Whose promises.
    pub policy: &'a PolicyRules,
    /// The channel's name.
    pub channel: &'a str,
    /// The queue's name; empty where the network names none.
    pub queue: &'a str,
    /// When, and how long that is from now in the policy's open time.
    pub deadline: Deadline,
    /// How many.
    pub count: u32,
}

/// Promises of one policy, channel and queue that were not kept, and somebody still waits.
#[derive(Clone, Copy, Debug)]
pub struct Missed<'a> {
    /// Whose promises.
    pub policy: &'a PolicyRules,
    /// The channel's name.
    pub channel: &'a str,
    /// The queue's name; empty where the network names none.
    pub queue: &'a str,
    /// How many.
    pub count: u32,
}

impl Engine {
    /// The next `max` deadlines of the policies that the selector covers, the nearest first. Each
    /// second counts once, however many promises break in it.
    pub fn next_to_break(&self, selector: &Selector, max: usize) -> Vec<Breaking<'_>> {
        let views = self.promise_cells(selector);
        let lists = views.iter().map(|view| view.cell.deadlines()).collect();
        let now_ms = self.now_ms();
        let first = first_of_all(lists, max).into_iter();
        let breaking = first.filter_map(|((due_ms, count), of)| {
            let view = &views[of];
            let policy = view.policy()?;
            let warned_ms = warned_ms(policy, due_ms, now_ms);
            let deadline = Deadline::at(due_ms, warned_ms, &policy.calendar, now_ms);
            let (channel, queue) = (view.channel(), view.queue());
            Some(Breaking { policy, channel, queue, deadline, count })
        });
        breaking.collect()
    }

    /// The promises that were broken and are still open.
    pub fn missed_promises(&self, selector: &Selector) -> Vec<Missed<'_>> {
        let views = self.promise_cells(selector).into_iter();
        let missed = views.filter_map(|view| {
            let count = view.standing(Standing::Breached);
            let (channel, queue, policy) = (view.channel(), view.queue(), view.policy()?);
            (count > 0).then_some(Missed { policy, channel, queue, count })
        });
        missed.collect()
    }

    /// The cells of the policies that a selector covers.
    fn promise_cells(&self, selector: &Selector) -> Vec<CellView<'_>> {
        let policies = self.policy_selectors(selector);
        policies.iter().flat_map(|selector| self.select(selector)).collect()
    }
}

/// Now, if so much of the promise's time is over that its policy warns.
fn warned_ms(policy: &PolicyRules, due_ms: UnixMs, now_ms: UnixMs) -> Option<UnixMs> {
    let left_ms: Millis = policy.calendar.open_ms_between(now_ms, due_ms);
    (left_ms <= policy.target_ms - policy.warn_ms).then_some(now_ms)
}
