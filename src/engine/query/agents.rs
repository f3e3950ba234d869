//! What may be asked about agents. Agents are people: whom the operator names for several agents is
//! counted once, and does what the busiest of them does.

use std::collections::BTreeMap;

use crate::engine::ids::PersonId;
use crate::engine::people::{Agent, StateTime};
use crate::engine::{AgentProfile, Engine};
use crate::event::{AgentStatus, Millis, UnixMs};
use crate::scope::Selector;

/// How long people were in each state.
type Times = BTreeMap<AgentStatus, Millis>;

/// One person's agents.
pub(super) type Person<'a> = Vec<&'a Agent>;

impl Engine {
    /// People whom a selector covers. Of a queue: its members, where the network tells who they are,
    /// else those who were seen serving it.
    pub(super) fn people_of(&self, selector: &Selector) -> impl Iterator<Item = Person<'_>> {
        let state = &self.state;
        let channel = selector.channel.as_deref().map(|name| state.channels.find(name));
        let queue = selector.queue.as_deref().map(|name| state.queues.find(name));
        let asked = selector.agent.as_deref().map(|name| state.people.find(name));
        let covered = move |agent: &&Agent| {
            channel.is_none_or(|channel| channel == Some(agent.channel))
                && queue.is_none_or(|queue| queue.is_some_and(|queue| agent.serves(queue)))
                && asked.is_none_or(|person| person == Some(agent.person))
        };
        let (mut single, mut several) = (Vec::new(), BTreeMap::<PersonId, Person<'_>>::new());
        for agent in state.agents.iter() {
            match agent.is_of_several {
                true => several.entry(agent.person).or_default().push(agent),
                false => single.push(vec![agent]),
            }
        }
        // Who is busy on one channel is not free on another: all of a person's agents count.
        let people = single.into_iter().chain(several.into_values());
        people.filter(move |person| person.iter().any(&covered))
    }

    /// How many people are in each state. Of a queue: those who were seen serving it.
    pub fn agents(&self, selector: &Selector) -> BTreeMap<AgentStatus, u32> {
        let mut counts = BTreeMap::new();
        for status in self.people_of(selector).filter_map(|person| status_of(&person)) {
            *counts.entry(status).or_default() += 1;
        }
        counts
    }

    /// What networks' directories say of that person: the first title among their agents', and all
    /// their teams.
    pub fn agent_profile(&self, person: &str) -> AgentProfile {
        let mut both = AgentProfile::default();
        let Some(person) = self.state.people.find(person) else { return both };
        let theirs = self.state.agents.iter().filter(|agent| agent.person == person);
        for profile in theirs.filter_map(Agent::profile) {
            both.title = both.title.or_else(|| profile.title.clone());
            both.teams.extend_from_slice(&profile.teams);
        }
        both.teams.sort_unstable();
        both.teams.dedup();
        both
    }

    /// How many people there are of whom no state was ever told and who are in no call.
    pub fn agents_unknown(&self, selector: &Selector) -> u32 {
        let unknown = self.people_of(selector).filter(|person| status_of(person).is_none());
        u32::try_from(unknown.count()).unwrap_or(u32::MAX)
    }

    /// How many people pause for each reason that the network gives; "" where it gives none.
    pub fn pauses(&self, selector: &Selector) -> BTreeMap<&str, u32> {
        let mut counts = BTreeMap::new();
        for person in self.people_of(selector) {
            if status_of(&person) == Some(AgentStatus::Paused) {
                let reason = person.iter().find_map(|agent| agent.pause_reason());
                let reason = reason.map_or("", |it| self.state.labels.name(it));
                *counts.entry(reason).or_default() += 1;
            }
        }
        counts
    }

    /// How long people were in each state, all together, from one moment to another, as far as
    /// that is known; [`crate::engine::STATES_REMEMBERED_MS`] back at most.
    pub fn state_times(&self, selector: &Selector, span_ms: (UnixMs, UnixMs)) -> Times {
        self.times_of(selector, span_ms, |_| true)
    }

    /// The same, only of those of whom the network tells when they are available: for what one
    /// state is among the others.
    pub fn told_state_times(&self, selector: &Selector, span_ms: (UnixMs, UnixMs)) -> Times {
        self.times_of(selector, span_ms, |person| person.iter().any(|agent| agent.is_told_of()))
    }

    fn times_of(
        &self,
        selector: &Selector,
        (from_ms, to_ms): (UnixMs, UnixMs),
        counts: fn(&Person<'_>) -> bool,
    ) -> Times {
        let mut times = Times::new();
        for person in self.people_of(selector).filter(counts) {
            let each = person.iter().flat_map(|agent| agent.times(from_ms, to_ms)).collect();
            for time in busiest(each, person.len()) {
                *times.entry(time.status).or_default() += time.to_ms - time.from_ms;
            }
        }
        times
    }
}

/// What a person does: the busiest of what their agents do.
pub(super) fn status_of(person: &Person<'_>) -> Option<AgentStatus> {
    let each = person.iter().filter_map(|agent| agent.status());
    each.max_by_key(|status| busyness(*status))
}

/// Who is busy in one place is not free in another; who pauses in one place is there in another.
fn busyness(status: AgentStatus) -> u8 {
    match status {
        AgentStatus::Offline => 0,
        AgentStatus::Paused => 1,
        AgentStatus::Available => 2,
        AgentStatus::Ringing => 3,
        AgentStatus::AfterWork => 4,
        AgentStatus::Hold => 5,
        AgentStatus::Talking => 6,
    }
}

/// At each moment the busiest of several states.
pub(super) fn busiest(times: Vec<StateTime>, agents: usize) -> Vec<StateTime> {
    if agents <= 1 {
        return times;
    }
    let mut turns: Vec<UnixMs> = times.iter().flat_map(|it| [it.from_ms, it.to_ms]).collect();
    turns.sort_unstable();
    turns.dedup();
    let between = turns.windows(2).filter_map(|pair| {
        let (from_ms, to_ms) = (pair[0], pair[1]);
        let during = times.iter().filter(|it| it.from_ms <= from_ms && to_ms <= it.to_ms);
        let status = during.map(|it| it.status).max_by_key(|status| busyness(*status))?;
        Some(StateTime { from_ms, to_ms, status })
    });
    between.collect()
}
