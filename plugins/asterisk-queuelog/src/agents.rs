//! Who is in which queue, and paused where.
//!
//! Asterisk logs each pair of agent and queue; a wall shows people. An agent is paused when
//! paused in every queue that we know them in, and offline when removed from the last one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tablica_plugin::{AgentState, AgentStatus};

/// Agents remembered; over it the first by name is forgotten, and learnt again from the next line.
const AGENTS_MAX: usize = 10_000;

/// By agent.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Agents(BTreeMap<String, Agent>);

#[derive(Debug, Default, Serialize, Deserialize)]
struct Agent {
    /// By queue: paused there.
    queues: BTreeMap<String, bool>,
    /// What was last said of them.
    said: Option<(Presence, Option<String>)>,
}

/// What a queue_log can tell of an agent without a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Presence {
    Available,
    Paused,
    Offline,
}

impl Agents {
    /// A call shows that the agent is in the queue; static members are never announced.
    pub(crate) fn seen(&mut self, agent: &str, queue: &str) {
        if let Some(known) = self.0.get_mut(agent) {
            if !known.queues.contains_key(queue) {
                known.queues.insert(queue.into(), false);
            }
        } else {
            self.agent(agent).queues.insert(queue.into(), false);
        }
    }

    pub(crate) fn added(&mut self, agent: &str, queue: &str, paused: bool) -> Option<AgentState> {
        let known = self.agent(agent);
        known.queues.insert(queue.into(), paused);
        known.say_presence(None)
    }

    pub(crate) fn removed(&mut self, agent: &str, queue: &str) -> Option<AgentState> {
        let known = self.agent(agent);
        known.queues.remove(queue);
        if known.queues.is_empty() {
            return self.logged_off(agent);
        }
        let reason = known.said_reason();
        known.say_presence(reason)
    }

    /// In one queue, or with none in all of them.
    pub(crate) fn paused(
        &mut self,
        agent: &str,
        queue: Option<&str>,
        paused: bool,
        reason: Option<&str>,
    ) -> Option<AgentState> {
        let known = self.agent(agent);
        let reason = reason.filter(|_| paused).map(str::to_owned);
        match queue {
            Some(queue) => {
                known.queues.insert(queue.into(), paused);
                let reason = reason.or_else(|| known.said_reason());
                known.say_presence(reason)
            }
            None => {
                known.queues.values_mut().for_each(|in_queue| *in_queue = paused);
                known.say(if paused { Presence::Paused } else { Presence::Available }, reason)
            }
        }
    }

    pub(crate) fn logged_on(&mut self, agent: &str) -> Option<AgentState> {
        self.agent(agent).say(Presence::Available, None)
    }

    pub(crate) fn logged_off(&mut self, agent: &str) -> Option<AgentState> {
        let said = self.agent(agent).say(Presence::Offline, None);
        self.0.remove(agent);
        said
    }

    fn agent(&mut self, agent: &str) -> &mut Agent {
        if self.0.len() >= AGENTS_MAX && !self.0.contains_key(agent) {
            self.0.pop_first();
        }
        self.0.entry(agent.to_owned()).or_default()
    }
}

impl Agent {
    fn say_presence(&mut self, reason: Option<String>) -> Option<AgentState> {
        match self.queues.values().all(|paused| *paused) {
            true => self.say(Presence::Paused, reason),
            false => self.say(Presence::Available, None),
        }
    }

    fn said_reason(&self) -> Option<String> {
        self.said.as_ref().and_then(|(_, reason)| reason.clone())
    }

    /// Only what is new: a pause in all queues is logged once for each of them.
    fn say(&mut self, presence: Presence, reason: Option<String>) -> Option<AgentState> {
        let new = Some((presence, reason.clone()));
        if self.said == new {
            return None;
        }
        self.said = new;
        let status = match presence {
            Presence::Available => AgentStatus::Available,
            Presence::Paused => AgentStatus::Paused,
            Presence::Offline => AgentStatus::Offline,
        };
        Some(AgentState { status, reason })
    }
}
