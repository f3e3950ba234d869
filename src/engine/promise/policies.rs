//! The site's policies, and which of them cover a contact.

use std::sync::Arc;

use super::calendar::Calendar;
use super::clock::Clock;
use crate::config::model::{
    self, CLOCKS, Clock as PolicyClock, Config, POLICIES_MAX, Policy, PolicyFrom,
};
use crate::engine::cells::Traits;
use crate::engine::ids::{QueueId, WordId};
use crate::event::{Medium, Millis, Priority, UnixMs};

/// One policy. An empty list covers everything.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyRules {
    /// As in `[policy.NAME]`.
    pub name: String,
    /// Shown on walls instead of the name.
    pub title: Option<String>,
    /// Channels that it covers.
    pub channels: Vec<String>,
    /// Queues that it covers.
    pub queues: Vec<String>,
    /// What contacts are made of.
    pub kinds: Vec<Medium>,
    /// How urgent they are.
    pub priorities: Vec<Priority>,
    /// Public contacts only, or private ones only.
    pub public: Option<bool>,
    /// Only contacts that complain.
    pub complaints: bool,
    /// What is promised.
    pub clock: PolicyClock,
    /// From where its clock runs.
    pub from: PolicyFrom,
    /// How soon.
    pub target_ms: Millis,
    /// At risk after so much of it.
    pub warn_ms: Millis,
    /// Share that must be in time, 0..1.
    pub goal: f64,
    /// When the clock runs.
    pub calendar: Arc<Calendar>,
    /// The calendar's hours in words, for receipts.
    pub hours: String,
}

impl PolicyRules {
    pub(in crate::engine) fn of(name: &str, policy: &Policy, config: &Config) -> Self {
        let calendar = policy.calendar.as_ref().and_then(|name| config.calendars.get(name));
        let target_ms = crate::engine::rules::millis(policy.target);
        let always = "around the clock".to_owned();
        PolicyRules {
            name: name.to_owned(),
            title: policy.title.clone(),
            channels: policy.channels.clone(),
            queues: policy.queues.clone(),
            kinds: policy.kinds.clone(),
            priorities: policy.priorities.clone(),
            public: policy.public,
            complaints: policy.complaints,
            clock: policy.clock,
            from: policy.from,
            target_ms,
            warn_ms: (target_ms as f64 * policy.warn).round() as Millis,
            goal: policy.goal,
            calendar: Arc::new(calendar.map(Calendar::from).unwrap_or_default()),
            hours: calendar.map_or(always, model::Calendar::in_words),
        }
    }

    /// What it is called on walls.
    pub fn shown(&self) -> &str {
        self.title.as_deref().unwrap_or(&self.name)
    }
}

/// The policies with what names mean in this engine. A policy's number is its label's.
#[derive(Clone, Debug, Default)]
pub(in crate::engine) struct Policies {
    rules: Vec<PolicyRules>,
    /// By number of a channel, of a queue: the policies that cover it, one bit each.
    channels: Vec<u64>,
    queues: Vec<u64>,
    /// By clock: the policies that promise it.
    clocks: [u64; CLOCKS.len()],
}

impl Policies {
    pub(in crate::engine) fn new(rules: &[PolicyRules]) -> Self {
        let mut policies = Policies { rules: rules.to_vec(), ..Policies::default() };
        for (number, policy) in rules.iter().take(POLICIES_MAX).enumerate() {
            policies.clocks[policy.clock as usize] |= 1 << number;
        }
        policies
    }

    pub(in crate::engine) fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The next channel's name.
    pub(in crate::engine) fn add_channel(&mut self, name: &str) {
        let bits = bits(&self.rules, |policy| &policy.channels, name);
        self.channels.push(bits);
    }

    /// The next queue's name.
    pub(in crate::engine) fn add_queue(&mut self, name: &str) {
        let bits = bits(&self.rules, |policy| &policy.queues, name);
        self.queues.push(bits);
    }

    /// Since when a contact's clock has been in a policy's queues.
    pub(in crate::engine) fn arrived_ms(&self, policy: WordId, clock: &Clock) -> UnixMs {
        let covers = |queue: QueueId| {
            let bits = self.queues.get(usize::from(queue)).copied().unwrap_or_default();
            bits >> policy & 1 == 1
        };
        clock.arrived_ms(covers)
    }

    /// The policies that make a promise of a contact's clock.
    pub(in crate::engine) fn covering<'a>(
        &'a self,
        channel: u16,
        clock: &Clock,
        traits: &Traits,
    ) -> impl Iterator<Item = (WordId, &'a PolicyRules)> + use<'a> {
        let known = |bits: &[u64], number: u16| bits.get(usize::from(number)).copied();
        let mut left = known(&self.channels, channel).unwrap_or_default()
            & known(&self.queues, clock.queue).unwrap_or_default()
            & self.clocks[clock.kind as usize];
        let numbers = std::iter::from_fn(move || {
            let number = (left != 0).then(|| left.trailing_zeros() as WordId)?;
            left &= left - 1;
            Some(number)
        });
        let (is_of_complaint, traits) = (clock.is_of_complaint, *traits);
        numbers.filter_map(move |number| {
            let policy = self.rules.get(usize::from(number))?;
            let covers = (policy.kinds.is_empty() || policy.kinds.contains(&traits.medium))
                && (policy.priorities.is_empty() || policy.priorities.contains(&traits.priority))
                && policy.public.is_none_or(|public| public == traits.public)
                && is_of_complaint == policy.complaints;
            covers.then_some((number, policy))
        })
    }
}

fn bits(rules: &[PolicyRules], names: impl Fn(&PolicyRules) -> &Vec<String>, name: &str) -> u64 {
    (0u32..).zip(rules.iter().take(POLICIES_MAX)).fold(0, |bits, (number, policy)| {
        let names = names(policy);
        let covers = names.is_empty() || names.iter().any(|covered| covered == name);
        bits | u64::from(covers) << number
    })
}
