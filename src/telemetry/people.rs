//! What Prometheus sees of agents, where the operator says so. Agents are people: by default there
//! is nothing of them in any label.

use super::names;

/// What an agent has done since the journal began.
#[derive(Clone, Debug)]
pub struct AgentReading {
    /// What the agent is called.
    pub agent: String,
    /// `calls` or `written`.
    pub work: &'static str,
    /// Contacts that the agent has done with.
    pub handled: u64,
}

impl AgentReading {
    pub(super) fn publish(&self) {
        names::AGENT_HANDLED.counter(&[&self.agent, self.work]).absolute(self.handled);
    }
}
