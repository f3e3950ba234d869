//! What lines about members, logins and pauses mean.

use tablica_plugin::{AgentState, Kind};

use crate::decode::Decoder;

impl Decoder<'_> {
    pub(crate) fn pause(&mut self, queue: Option<&str>, paused: bool) {
        let entry = self.entry;
        let Some(agent) = self.agent.clone() else { return };
        let agents = &mut self.state.agents;
        let said = agents.paused(&agent, queue, paused, entry.reason(), entry.at_ms);
        self.agent_state(said);
    }

    pub(crate) fn pause_reason(&mut self) {
        let entry = self.entry;
        let (Some(agent), Some(reason)) = (self.agent.clone(), entry.reason()) else { return };
        let said = self.state.agents.pause_reason(&agent, reason, entry.at_ms);
        self.agent_state(said);
    }

    pub(crate) fn member(&mut self) {
        let entry = self.entry;
        let (Some(agent), Some(queue)) = (self.agent.clone(), entry.queue) else { return };
        let agents = &mut self.state.agents;
        let said = match entry.verb {
            "ADDMEMBER" => agents.added(&agent, queue, entry.text(0) == Some("PAUSED")),
            _ => agents.removed(&agent, queue, entry.at_ms),
        };
        self.agent_state(said);
    }

    pub(crate) fn log_on(&mut self) {
        let Some(agent) = self.agent.clone() else { return };
        let said = self.state.agents.logged_on(&agent);
        self.agent_state(said);
    }

    pub(crate) fn log_off(&mut self) {
        let Some(agent) = self.agent.clone() else { return };
        let said = self.state.agents.logged_off(&agent, self.entry.at_ms);
        self.agent_state(said);
    }

    /// A call shows who is in the queue.
    pub(crate) fn seen(&mut self) {
        if let (Some(agent), Some(queue)) = (self.agent.as_deref(), self.entry.queue) {
            self.state.agents.seen(agent, queue);
        }
    }

    fn agent_state(&mut self, said: Option<AgentState>) {
        let Some(said) = said else { return };
        let mut event = self.event(Kind::AgentState(said));
        event.agent.clone_from(&self.agent);
        self.events.push(event);
    }
}
