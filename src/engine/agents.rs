//! What each agent is doing.
//!
//! Two sources: the network's own word on the agent ([`AgentStatus`], the latest by its own time
//! counts), and the calls they work on. A call under way wins over "paused" and "offline", which
//! then come true when it ends; over any other word the later one wins. Conversations in writing
//! don't occupy an agent: they have several at once.

use serde::{Deserialize, Serialize, Serializer};

use super::fact::{AgentId, NO_AGENT};
use super::intern::Map;
use super::machine::Work;
use crate::event::{AgentStatus, Millis, UnixMs};

/// Agents that are followed.
const AGENTS_MAX: usize = 20_000;
/// Queues that one agent is remembered to serve.
const QUEUES_OF_AGENT_MAX: usize = 32;
/// After-work that is not ended by the network within this time is over.
const AFTER_WORK_MS_MAX: Millis = 30 * 60_000;

/// One agent of one channel. Their name is not kept: nothing shows it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Agent {
    key: u64,
    pub(super) channel: u16,
    queues: Vec<u16>,
    /// The network's word: when, what, and the event's hash between equals.
    word: Option<(UnixMs, AgentStatus, u64)>,
    /// When they last took a contact: whoever does is logged in.
    took_ms: Option<UnixMs>,
    /// By contact.
    work: Vec<(u64, Work, UnixMs)>,
}

impl Agent {
    pub(super) fn serves(&self, queue: u16) -> bool {
        self.queues.binary_search(&queue).is_ok()
    }

    /// What they are doing; nothing is known of who was only ever mentioned.
    pub(super) fn status(&self, wraps_up: bool, now_ms: UnixMs) -> Option<AgentStatus> {
        let at_work = self
            .work
            .iter()
            .filter(|(_, work, since_ms)| {
                let fresh = now_ms.saturating_sub(*since_ms) <= AFTER_WORK_MS_MAX;
                *work != Work::WrappingUp || (wraps_up && fresh)
            })
            .map(|(_, work, since_ms)| (*work, *since_ms))
            .max();
        let word = self.word.map(|(at_ms, status, _)| (at_ms, status));
        let Some((said_ms, said)) = word else {
            return match at_work {
                Some((work, _)) => Some(work.status()),
                None => self.took_ms.map(|_| AgentStatus::Available),
            };
        };
        let off_duty = match said {
            AgentStatus::Paused => true,
            AgentStatus::Offline => self.took_ms < Some(said_ms),
            _ => false,
        };
        match at_work {
            Some((work @ (Work::Talking | Work::Hold), _)) if off_duty => Some(work.status()),
            _ if off_duty => Some(said),
            Some((work, since_ms)) if since_ms >= said_ms => Some(work.status()),
            _ if said == AgentStatus::Offline => Some(AgentStatus::Available),
            _ => Some(said),
        }
    }
}

impl Work {
    fn status(self) -> AgentStatus {
        match self {
            Work::Ringing => AgentStatus::Ringing,
            Work::WrappingUp => AgentStatus::AfterWork,
            Work::Hold => AgentStatus::Hold,
            Work::Talking => AgentStatus::Talking,
        }
    }
}

/// All agents, by number.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "Vec<Agent>")]
pub(super) struct Agents {
    agents: Vec<Agent>,
    numbers: Map<u64, AgentId>,
}

impl From<Vec<Agent>> for Agents {
    fn from(agents: Vec<Agent>) -> Self {
        let numbers = agents.iter().zip(NO_AGENT + 1..).map(|(agent, id)| (agent.key, id));
        Agents { numbers: numbers.collect(), agents }
    }
}

impl Serialize for Agents {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.agents.serialize(serializer)
    }
}

impl Agents {
    /// The agent's number; [`NO_AGENT`] when there is no room for another.
    pub(super) fn intern(&mut self, key: u64, channel: u16) -> Option<AgentId> {
        if let Some(id) = self.numbers.get(&key) {
            return Some(*id);
        }
        if self.agents.len() >= AGENTS_MAX {
            return None;
        }
        self.agents.push(Agent { key, channel, ..Agent::default() });
        let id = NO_AGENT + self.agents.len() as AgentId;
        self.numbers.insert(key, id);
        Some(id)
    }

    fn get_mut(&mut self, id: AgentId) -> Option<&mut Agent> {
        self.agents.get_mut((id as usize).checked_sub(1)?)
    }

    pub(super) fn seen_in(&mut self, id: AgentId, queue: u16) {
        if let Some(agent) = self.get_mut(id)
            && agent.queues.len() < QUEUES_OF_AGENT_MAX
            && let Err(place) = agent.queues.binary_search(&queue)
        {
            agent.queues.insert(place, queue);
        }
    }

    pub(super) fn word(&mut self, id: AgentId, at_ms: UnixMs, status: AgentStatus, event: u64) {
        if let Some(agent) = self.get_mut(id) {
            agent.word = agent.word.max(Some((at_ms, status, event)));
        }
    }

    /// They took a contact then.
    pub(super) fn took(&mut self, id: AgentId, at_ms: UnixMs) {
        if let Some(agent) = self.get_mut(id) {
            agent.took_ms = agent.took_ms.max(Some(at_ms));
        }
    }

    /// Replaces what these agents did for a contact by what they do now.
    pub(super) fn change_work(
        &mut self,
        contact: u64,
        before: &[(AgentId, Work, UnixMs)],
        now: &[(AgentId, Work, UnixMs)],
    ) {
        for (id, _, _) in before {
            if let Some(agent) = self.get_mut(*id) {
                agent.work.retain(|(of, _, _)| *of != contact);
            }
        }
        for (id, work, since_ms) in now {
            if let Some(agent) = self.get_mut(*id) {
                let place = agent.work.partition_point(|(of, _, _)| *of < contact);
                agent.work.insert(place, (contact, *work, *since_ms));
            }
        }
    }

    /// The contacts that agents of that channel work on.
    pub(super) fn contacts_of(&self, channel: u16) -> impl Iterator<Item = u64> {
        let there = self.agents.iter().filter(move |agent| agent.channel == channel);
        there.flat_map(|agent| agent.work.iter().map(|(contact, _, _)| *contact))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Agent> {
        self.agents.iter()
    }
}
