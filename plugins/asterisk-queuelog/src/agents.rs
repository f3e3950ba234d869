//! Who is in which queue, on how many telephones, and paused where.
//!
//! Asterisk logs each pair of member and queue; a wall shows people. An agent is paused when
//! paused in every queue that we know them in, and offline when the last telephone is removed
//! from the last one.

mod names;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tablica_plugin::{AgentState, AgentStatus};

pub(crate) use names::Said;

/// Agents remembered; over it one who is offline is forgotten, or else the first by name, and
/// learnt again from the next line.
const AGENTS_MAX: usize = 10_000;
/// Queues of one agent; they are not followed in further ones.
const QUEUES_MAX: usize = 500;
/// Telephones of one agent in one queue; further ones are not counted.
const TELEPHONES_MAX: u8 = 100;
/// Lines of one happening carry the same second, or one and the next.
const SAME_TIME_MS: u64 = 1_000;

/// The people of all queues, their telephones and pauses.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Agents {
    /// By name.
    agents: BTreeMap<String, Agent>,
    pairs: names::Pairs,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Agent {
    queues: BTreeMap<String, Membership>,
    /// Logged in by AGENTLOGIN, whatever queues they are in.
    session: bool,
    /// The word stands in other lines than logins.
    works: bool,
    /// What was last said of them.
    said: Option<(Presence, Option<String>)>,
    /// When they logged off.
    off_ms: u64,
    /// The reason of a pause that is to be logged yet.
    reason: Option<(u64, String)>,
}

/// Somebody's place in a queue.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Membership {
    paused: bool,
    /// How many were added by that name; none of members who are in the configuration.
    telephones: u8,
    /// From before Asterisk's restart, after which it remembers its members or not.
    old: bool,
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
        let known = self.agent(agent);
        // A telephone that rang when they logged off does not bring them back.
        if !known.is_offline() {
            known.membership(queue);
        }
    }

    pub(crate) fn added(&mut self, agent: &str, queue: &str, paused: bool) -> Option<AgentState> {
        let known = self.agent(agent);
        if let Some(membership) = known.membership(queue) {
            if std::mem::take(&mut membership.old) {
                // Asterisk would not have added again what it remembered.
                membership.telephones = 0;
            }
            // Available on one of two telephones is available.
            membership.paused = paused && (membership.telephones == 0 || membership.paused);
            membership.telephones = membership.telephones.saturating_add(1).min(TELEPHONES_MAX);
        }
        known.say_presence(None)
    }

    pub(crate) fn removed(&mut self, agent: &str, queue: &str, at_ms: u64) -> Option<AgentState> {
        let known = self.agent(agent);
        if let Some(membership) = known.queues.get_mut(queue) {
            membership.telephones = membership.telephones.saturating_sub(1);
            if membership.telephones > 0 {
                return None;
            }
        }
        known.queues.remove(queue);
        if known.queues.is_empty() && !known.session {
            return known.log_off(at_ms);
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
        at_ms: u64,
    ) -> Option<AgentState> {
        let known = self.agent(agent);
        // Some systems unpause whoever has logged off; that logs nobody in.
        let just_now = at_ms <= known.off_ms.saturating_add(SAME_TIME_MS);
        if known.is_offline() && (queue.is_none() || just_now) {
            return None;
        }
        let ahead = known.reason.take_if(|(said_ms, _)| at_ms.abs_diff(*said_ms) <= SAME_TIME_MS);
        let reason = reason.map(str::to_owned).or(ahead.map(|(_, reason)| reason));
        let reason = reason.filter(|_| paused);
        match queue {
            Some(queue) => {
                if let Some(membership) = known.membership(queue) {
                    membership.paused = paused;
                }
                let reason = reason.or_else(|| known.said_reason());
                known.say_presence(reason)
            }
            None => {
                known.queues.values_mut().for_each(|membership| membership.paused = paused);
                known.say(if paused { Presence::Paused } else { Presence::Available }, reason)
            }
        }
    }

    /// Why the agent paused, in a line of its own.
    pub(crate) fn pause_reason(
        &mut self,
        agent: &str,
        reason: &str,
        at_ms: u64,
    ) -> Option<AgentState> {
        let known = self.agent(agent);
        if matches!(known.said, Some((Presence::Paused, _))) {
            return known.say(Presence::Paused, Some(reason.to_owned()));
        }
        known.reason = Some((at_ms, reason.to_owned()));
        None
    }

    pub(crate) fn logged_on(&mut self, agent: &str) -> Option<AgentState> {
        let known = self.agent(agent);
        known.session = true;
        known.say(Presence::Available, None)
    }

    pub(crate) fn logged_off(&mut self, agent: &str, at_ms: u64) -> Option<AgentState> {
        self.agent(agent).log_off(at_ms)
    }

    /// Asterisk started: who logged in by AGENTLOGIN is out, and static members are not paused
    /// any more. Members who were added it may remember, with their pauses: they stay.
    pub(crate) fn restarted(&mut self, at_ms: u64) -> Vec<(String, AgentState)> {
        let mut said = Vec::new();
        for (name, agent) in &mut self.agents {
            for membership in agent.queues.values_mut() {
                membership.old = membership.telephones > 0;
                membership.paused &= membership.old;
            }
            let news = if agent.session {
                agent.log_off(at_ms)
            } else if matches!(agent.said, Some((Presence::Paused, _))) {
                let reason = agent.said_reason();
                agent.say_presence(reason)
            } else {
                None
            };
            said.extend(news.map(|news| (name.clone(), news)));
        }
        said
    }

    fn agent(&mut self, agent: &str) -> &mut Agent {
        if self.agents.len() >= AGENTS_MAX && !self.agents.contains_key(agent) {
            let offline = self.agents.iter().find(|(_, known)| known.is_offline());
            let forgotten = offline.or(self.agents.first_key_value()).map(|(name, _)| name.clone());
            forgotten.and_then(|name| self.agents.remove(&name));
        }
        self.agents.entry(agent.to_owned()).or_default()
    }
}

impl Agent {
    fn is_offline(&self) -> bool {
        matches!(self.said, Some((Presence::Offline, _)))
    }

    /// Their place in the queue, made when it is new and there is room.
    fn membership(&mut self, queue: &str) -> Option<&mut Membership> {
        if self.queues.len() >= QUEUES_MAX && !self.queues.contains_key(queue) {
            return None;
        }
        Some(self.queues.entry(queue.to_owned()).or_default())
    }

    fn log_off(&mut self, at_ms: u64) -> Option<AgentState> {
        self.queues.clear();
        self.session = false;
        self.off_ms = at_ms;
        self.say(Presence::Offline, None)
    }

    fn say_presence(&mut self, reason: Option<String>) -> Option<AgentState> {
        let is_paused = |membership: &Membership| membership.paused;
        match self.queues.values().all(is_paused) && !self.queues.is_empty() {
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
