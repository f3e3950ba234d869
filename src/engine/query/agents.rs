//! What may be asked about agents.

use std::collections::BTreeMap;

use crate::engine::Engine;
use crate::engine::people::Agent;
use crate::event::{AgentStatus, Millis, UnixMs};
use crate::scope::Selector;

impl Engine {
    /// Agents that a selector covers. Of a queue: those who were seen serving it.
    fn agents_of(&self, selector: &Selector) -> impl Iterator<Item = (&Agent, bool)> {
        let state = &self.state;
        let channel = selector.channel.as_deref().map(|name| state.channels.find(name));
        let queue = selector.queue.as_deref().map(|name| state.queues.find(name));
        let person = selector.agent.as_deref().map(|name| state.people.find(name));
        let covered = move |agent: &&Agent| {
            channel.is_none_or(|channel| channel == Some(agent.channel))
                && queue.is_none_or(|queue| queue.is_some_and(|queue| agent.serves(queue)))
                && person.is_none_or(|person| person == Some(agent.person))
        };
        let wraps_up = |agent: &Agent| state.feeds[usize::from(agent.channel)].wraps_up;
        state.agents.iter().filter(covered).map(move |agent| (agent, wraps_up(agent)))
    }

    /// How many agents are in each state. Of a queue: those who were seen serving it.
    pub fn agents(&self, selector: &Selector) -> BTreeMap<AgentStatus, u32> {
        let mut counts = BTreeMap::new();
        for (agent, wraps_up) in self.agents_of(selector) {
            if let Some(status) = agent.status(wraps_up, self.now_ms()) {
                *counts.entry(status).or_default() += 1;
            }
        }
        counts
    }

    /// How many agents pause for each reason that the network gives; "" where it gives none.
    pub fn pauses(&self, selector: &Selector) -> BTreeMap<&str, u32> {
        let mut counts = BTreeMap::new();
        for (agent, wraps_up) in self.agents_of(selector) {
            if agent.status(wraps_up, self.now_ms()) == Some(AgentStatus::Paused) {
                let reason = agent.pause_reason().map_or("", |it| self.state.labels.name(it));
                *counts.entry(reason).or_default() += 1;
            }
        }
        counts
    }

    /// How long agents were in each state, all together, from one moment to another, as far as
    /// that is known; [`STATES_REMEMBERED_MS`] back at most.
    pub fn state_times(
        &self,
        selector: &Selector,
        span_ms: (UnixMs, UnixMs),
    ) -> BTreeMap<AgentStatus, Millis> {
        self.times_of(selector, span_ms, |_| true)
    }

    /// Likewise, only of agents of whom the network tells when they are available: for what one
    /// state is among the others.
    pub fn told_state_times(
        &self,
        selector: &Selector,
        span_ms: (UnixMs, UnixMs),
    ) -> BTreeMap<AgentStatus, Millis> {
        self.times_of(selector, span_ms, Agent::is_told_of)
    }

    fn times_of(
        &self,
        selector: &Selector,
        span_ms: (UnixMs, UnixMs),
        counts: fn(&Agent) -> bool,
    ) -> BTreeMap<AgentStatus, Millis> {
        let mut times = BTreeMap::new();
        for (agent, wraps_up) in self.agents_of(selector).filter(|(agent, _)| counts(agent)) {
            agent.add_times(span_ms, wraps_up, &mut times);
        }
        times
    }
}
