//! Agents: what mod_callcenter says of them, as one word.
//!
//! It has two words for an agent. The status is what the agent chose (logged out, available, on break); the
//! state is what calls make of them. The contacts tell what calls do, so of states only `Idle` counts
//! here: the agent gets no calls though they are available.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tablica_plugin::{AgentState, AgentStatus};

/// Further agents are told of, but not remembered: a repeated word is told again.
const AGENTS_MAX: usize = 2_000;

/// All of them, by name.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Agents(BTreeMap<String, Agent>);

/// What is known of one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Agent {
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<Status>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    is_idle: bool,
    #[serde(skip_serializing_if = "is_zero")]
    wrap_up_ms: u64,
}

fn is_zero(ms: &u64) -> bool {
    *ms == 0
}

/// What an agent chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Status {
    LoggedOut,
    Available,
    /// Takes one call, and then none until they say so.
    OnDemand,
    OnBreak,
}

impl Status {
    fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "Logged Out" => Self::LoggedOut,
            "Available" => Self::Available,
            "Available (On Demand)" => Self::OnDemand,
            "On Break" => Self::OnBreak,
            _ => return None,
        })
    }
}

impl Agent {
    fn said(&self) -> Option<AgentState> {
        let (status, reason) = match (self.status?, self.is_idle) {
            (Status::LoggedOut, _) => (AgentStatus::Offline, None),
            (Status::OnBreak, _) => (AgentStatus::Paused, Some("On Break")),
            (Status::OnDemand, true) => (AgentStatus::AfterWork, None),
            (Status::Available, true) => (AgentStatus::Paused, Some("Idle")),
            (Status::Available | Status::OnDemand, false) => (AgentStatus::Available, None),
        };
        Some(AgentState { status, reason: reason.map(str::to_owned) })
    }
}

impl Agents {
    /// The agent chose a status; what that makes of them, if it is something else than before.
    pub(crate) fn status(&mut self, name: &str, word: &str) -> Option<AgentState> {
        let status = Status::parse(word)?;
        self.change(name, |agent| agent.status = Some(status))
    }

    /// The agent's state changed.
    pub(crate) fn state(&mut self, name: &str, word: &str) -> Option<AgentState> {
        self.change(name, |agent| agent.is_idle = word == "Idle")
    }

    /// What the list of agents says.
    pub(crate) fn listed(
        &mut self,
        name: &str,
        (status, state): (&str, &str),
        wrap_up_ms: u64,
    ) -> Option<AgentState> {
        let status = Status::parse(status);
        self.change(name, |agent| {
            agent.status = status.or(agent.status);
            agent.is_idle = state == "Idle";
            agent.wrap_up_ms = wrap_up_ms;
        })
    }

    /// How long the agent gets no call after a call.
    pub(crate) fn wrap_up_ms(&self, name: &str) -> u64 {
        self.0.get(name).map_or(0, |agent| agent.wrap_up_ms)
    }

    fn change(&mut self, name: &str, change: impl FnOnce(&mut Agent)) -> Option<AgentState> {
        let known = self.0.get(name).cloned().unwrap_or_default();
        let mut agent = known.clone();
        change(&mut agent);
        let said = agent.said().filter(|said| known.said().as_ref() != Some(said));
        if self.0.contains_key(name) || self.0.len() < AGENTS_MAX {
            self.0.insert(name.to_owned(), agent);
        }
        said
    }
}
